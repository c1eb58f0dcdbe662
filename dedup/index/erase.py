"""Documents erased: out of the index, and their texts out of every place that its database keeps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..config import Config
from ..text.ids import segment_name, version_name
from .decision import restored_with_edition
from .metadata import CLEAN
from .news import forget_blocks
from .remove import remove_numbers
from .storage.interface import Row, Store
from .storage.tables import DOCUMENTS, META, NEWS, SEGMENTS, TEXTS
from .told import forget_told

_PIECE = 24  # bytes of a value that are looked for
_PIECES = 6  # places of a value from which they are taken
_SHORTEST = 8  # bytes of a value that is looked for: shorter ones are anywhere


def erase(store: Store, config: Config, name: str) -> tuple[int, list[bytes]]:
    """Take out the documents with an id and what quotes them, and return how many there were, and pieces of them to look for. Until it is
    noted that it is so, the database is not clean any more."""
    numbers = [number for (number,) in store.rows("select number from documents where id = ?", (name,))]
    segments = SEGMENTS.read_among(store, "where document {among}", numbers)
    rows = [row for row, *_ in segments]
    quoting = _quoting(store, name)
    values: list[Any] = [value for each in TEXTS.read_among(store, "where number {among}", numbers) for value in each[1:]]
    values += [segment[SEGMENTS.columns.index("heading")] for segment in segments]
    values += [each[4] for column in ("row", "older") for each in NEWS.read_among(store, f"where {column} {{among}}", rows)]
    values += [line for _, _, lines in quoting for line in lines]
    forget_blocks(store, rows, erase=True)
    DOCUMENTS.change(store, {number: {"answer": answer} for number, answer, _ in quoting})
    versions: dict[int, int] = dict(store.rows("select number, version from documents where id = ?", (name,)))
    names = [segment_name(version_name(name, versions[number]), place) for _, number, place, *_ in segments]
    remove_numbers(store, config, numbers)
    values += forget_told(store, name)
    for side in ("one", "other"):  # answers have digests of the texts
        found = store.rows_among(f"select number from verdicts where {side} {{among}}", names)
        store.run_many("delete from verdicts where number = ?", found)
    return len(numbers), [piece for value in values for piece in _pieces(value)]


def _quoting(store: Store, name: str) -> list[tuple[int, str, Sequence[str]]]:
    """Return the documents whose decisions quote one with an id, each with the decision without that, and the lines that it has."""
    found = []
    for key in ("of", "replaces"):
        part = json.dumps({key: name}, ensure_ascii=False)[1:-1]
        pattern = "".join(f"!{letter}" if letter in "!%_" else letter for letter in part)
        which = "where answer like ? escape '!' and answer like ?"
        for row in DOCUMENTS.read(store, which, (f"%{pattern}%", '%"digest": [%')):
            found += _without_quotes(row, name)
    return found


def _without_quotes(row: Row, name: str) -> list[tuple[int, str, Sequence[str]]]:
    decision, edition = restored_with_edition(row[1], row[DOCUMENTS.columns.index("answer")])
    if decision.of != name or not decision.digest:
        return []
    return [(row[0], replace(decision, digest=()).stored(edition), decision.digest)]


def _pieces(value: str | bytes | None) -> list[bytes]:
    """Return pieces of a value as it stands in a database.

    >>> _pieces("A line of eighty letters, more or less, of which the beginning and the end are looked for")[0]
    b'A line of eighty letters'
    """
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value or b""
    if len(data) < _SHORTEST or data == b"{}":
        return []
    last = max(0, len(data) - _PIECE)
    starts = {last * place // (_PIECES - 1) for place in range(_PIECES)}
    return [data[start : start + _PIECE] for start in sorted(starts)]


def is_clean(store: Store) -> bool:
    """Tell whether nothing was deleted from the database that may still stand in it."""
    return META.read(store, "where name = ?", (CLEAN,)) == [(CLEAN, "1")]


def note_clean(store: Store, *, clean: bool) -> None:
    """Note whether it is so."""
    META.insert(store, [(CLEAN, "1")], anew=False)
    META.change(store, {CLEAN: {"value": str(int(clean))}})
