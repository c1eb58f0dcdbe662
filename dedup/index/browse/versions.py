"""Texts read back from an index, with their names and what was decided about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ...clusters.stars import cluster_name
from ...text.ids import record_and_version, segment_name, version_name
from ..decision import restored
from ..queries import STORED, StoredText, stored_texts
from ..storage.interface import Row, Store
from ..storage.tables import DOCUMENTS, NAMES, SEGMENTS
from .members import Members
from .model import StoredVersion

_SEGMENT = re.compile(r"(.*)#(\d{1,18})", re.DOTALL)
_TITLE = 120  # characters of a text that has no title
_ROW, _DOCUMENT, _PLACE, _START, _END, _LINE, _HEADING = range(7)  # of the columns of segments
_CALLED = SEGMENTS.columns.index("called")


def versions_of(store: Store, rows: Collection[int]) -> dict[int, StoredVersion]:
    """Return the texts of rows, of those that are there; a document is read once."""
    segments = SEGMENTS.read_among(store, "where row {among}", sorted(rows))
    documents = _documents(store, {segment[_DOCUMENT] for segment in segments})
    parts: dict[int, list[Row]] = {}
    for segment in segments:
        parts.setdefault(segment[_DOCUMENT], []).append(segment)
    found = {}
    for number, stored in documents.items():
        document, decision = stored.document(), restored(stored.id, stored.answer)
        for row, _, place, start, end, line, heading, *_ in parts[number]:
            part = replace(document, text=document.text[start:end], segmented=False)
            found[row] = StoredVersion(segment_name(stored.name, place), part, row, line, heading, stored.moment, decision)
    return found


def _documents(store: Store, numbers: Collection[int]) -> dict[int, StoredText]:
    found = DOCUMENTS.read_among(store, "where number {among}", sorted(numbers))
    return {each.number: each for each in stored_texts(store, found)}


def title_of(version: StoredVersion) -> str:
    """Return what a text is shown by: its title, its heading, or how it begins."""
    title = version.heading or version.document.title
    if title and title.strip():
        return " ".join(title.split())
    first = next((line for line in version.document.text.split("\n") if line.strip()), "")
    line = " ".join(first.split())
    return line if len(line) <= _TITLE else f"{line[:_TITLE].rsplit(' ', 1)[0]}\N{HORIZONTAL ELLIPSIS}"


def is_name(name: str) -> bool:
    """Tell whether a database may have a name: not one with half of a surrogate pair, or a NUL character."""
    return "\0" not in name and not any("\ud800" <= letter <= "\udfff" for letter in name)


def find_row(store: Store, name: str) -> int | None:
    """Return the row of a text by its name, as the members of clusters have it; None where there is none."""
    if not is_name(name):
        return None
    for document, place in _readings(name):
        for record, version in dict.fromkeys([(document, 1), record_and_version(document)]):
            which = f"select number from documents where id = ? and version = ? and {STORED}"
            for (number,) in store.rows(which, (record, version)):
                rows = "select row from segments where document = ? and coalesce(place, -1) = ?"
                found = store.rows(rows, (number, -1 if place is None else place))
                if found:
                    return int(found[0][0])
    return None


def _readings(name: str) -> Iterator[tuple[str, int | None]]:
    """Yield what a name may say: a document, or one of its segments."""
    yield name, None
    if found := _SEGMENT.fullmatch(name):
        yield found[1], int(found[2])


def row_named(store: Store, name: str) -> int | None:
    """Return a row of the story with this name: that of a cluster, or that it had once, or of a text."""
    named = NAMES.read(store, "where name = ?", (name,)) if is_name(name) else []
    if named and named[0][1] is not None:
        return int(named[0][1])
    return find_row(store, name)


def story_names(store: Store, members: Members, keys: Sequence[int]) -> dict[int, str]:
    """Return the names of stories: of the cluster, where `row_named` knows it, else of the oldest text."""
    founders = {key: members.oldest(key, 2) for key in keys}
    segments = {
        each[_ROW]: each for each in SEGMENTS.read_among(store, "where row {among}", sorted({rows[0] for rows in founders.values()}))
    }
    documents = _document_names(store, [segment[_DOCUMENT] for segment in segments.values()])
    own = {row: segment_name(documents[segment[_DOCUMENT]], segment[_PLACE]) for row, segment in segments.items()}
    called = {row: segment[_CALLED] or cluster_name(own[row]) for row, segment in segments.items()}
    known = {name for (name,) in store.rows_among("select name from names where row is not null and name {among}", [*called.values()])}
    return {key: called[rows[0]] if len(rows) > 1 and called[rows[0]] in known else own[rows[0]] for key, rows in founders.items()}


def _document_names(store: Store, numbers: Sequence[int]) -> dict[int, str]:
    found: list[Row] = DOCUMENTS.read_among(store, "where number {among}", sorted({*numbers}))
    return {number: version_name(name, version) for number, name, version, *_ in found}
