"""What an index holds: clusters with their names for ever, documents, counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..clusters.constraints import restricts
from ..clusters.stars import cluster_name, in_round_up
from ..config import Config
from ..model import Cluster, Document
from ..text.ids import segment_name, version_name
from .feed_clock import read_window
from .metadata import read_metadata
from .rows import RELATION_OF
from .storage.interface import Row, Store
from .storage.tables import DOCUMENTS, LINKS, NAMES, SEGMENTS, TEXTS
from .texts import kept_document, unpacked

_CLUSTERS = """
select count(*) from (
    select star from segments where star is not null group by star having count(*) > 1 or max(best) is not null
) as clusters
"""
STORED = "version > 0 and (holder is null or not exists (select 1 from documents w where w.number = documents.holder and w.version < 0))"
"""What distinguishes documents from withdrawals, and from what these took out."""
_PAGE = 10_000  # rows that are read at a time
_STARS = "select distinct star from segments where star > ? order by star limit ?"
_NODES = "select row, star from segments where star {among}"
_COPIES = "select row, same from segments where same {among}"


def stored_clusters(store: Store, config: Config) -> Iterator[Cluster]:
    """Yield the clusters as they are now, named by their oldest members, in the order of their canonical members' arrival."""
    last = -1
    while stars := [star for (star,) in store.rows(_STARS, (last, _PAGE))]:
        yield from _clusters(store, stars, not restricts(config))
        last = stars[-1]


def _clusters(store: Store, stars: list[int], with_copies: bool) -> Iterator[Cluster]:
    members: dict[int, list[int]] = {star: [] for star in stars}
    star_of = {}
    for row, star in store.rows_among(_NODES, stars):
        members[star].append(row)
        star_of[row] = star
    for row, original in store.rows_among(_COPIES, sorted(star_of)) if with_copies else ():
        members[star_of[original]].append(row)
    rows = sorted({row for found in members.values() for row in found})
    names, called, best = _named(store, rows)
    weakest = dict.fromkeys(stars, 1.0)
    for column in ("row", "other"):
        for row, other, relation, _, _, _, *shares, _, _ in LINKS.read_among(store, f"where {column} {{among}}", stars):
            star, member = (row, other) if column == "row" else (other, row)
            if star_of.get(member) == star and not in_round_up(RELATION_OF[relation], *shares):
                weakest[star] = min(weakest[star], max(shares))
    for star in stars:
        found = members[star]
        if len(found) > 1:
            ids = sorted({names[row] for row in found})
            yield Cluster(called[min(found)], names[best[star]], tuple(ids), weakest[star])


def named_cluster(store: Store, config: Config, name: str) -> Cluster | None:
    """Return the cluster that has a name now, or once had it; None where there is none."""
    row = _row_called(store, name)
    if row is None:
        return None
    ((star, same),) = store.rows("select star, same from segments where row = ?", (row,))
    if star is None and same is not None:
        star = store.rows("select coalesce(star, row) from segments where row = ?", (same,))[0][0]
    return next(_clusters(store, [row if star is None else star], not restricts(config)), None)


def _row_called(store: Store, name: str) -> int | None:
    found = NAMES.read(store, "where name = ?", (name,))
    return found[0][1] if found else None


def stored_versions(store: Store, document: str) -> list[tuple[Document, str]]:
    """Return the texts that are stored under an id, in the order of their arrival, with what was decided about each."""
    found = DOCUMENTS.read(store, f"where id = ? and {STORED} order by number", (document,))
    return [(stored.document(), stored.answer) for stored in stored_texts(store, found)]


def _named(store: Store, rows: Sequence[int]) -> tuple[dict[int, str], dict[int, str], dict[int, int]]:
    """Return the names of rows, what clusters are called that they are the oldest members of, and the best copy of each."""
    names, called, best = {}, {}, {}
    found = SEGMENTS.read_among(store, "where row {among}", rows)
    documents = {
        number: version_name(name, version)
        for number, name, version, *_ in DOCUMENTS.read_among(store, "where number {among}", sorted({each[1] for each in found}))
    }
    for row, document, place, *_, copy, _, name, _ in found:
        names[row] = segment_name(documents[document], place)
        called[row] = name or cluster_name(names[row])
        best[row] = row if copy is None else copy
    return names, called, best


def row_names(store: Store, rows: Sequence[int]) -> dict[int, str]:
    """Return the names of rows."""
    return _named(store, rows)[0]


def resolve(store: Store, name: str) -> str | None:
    """Return the name that a cluster has now which once had this name; None where there was none."""
    found = NAMES.read(store, "where name = ?", (name,))
    if not found or found[0][1] is None:
        return None
    row = found[0][1]
    star, same = store.rows("select star, same from segments where row = ?", (row,))[0]
    if star is None and same is not None:
        star = store.rows("select coalesce(star, row) from segments where row = ?", (same,))[0][0]
    star = row if star is None else star
    founder = min([row for (row,) in store.rows("select row from segments where star = ?", (star,))], default=star)
    _, called, _ = _named(store, [founder])
    return called[founder]


def text_of(store: Store, number: int) -> str | None:
    """Return the text of a document, None where none is kept."""
    found = TEXTS.read(store, "where number = ?", (number,))
    return unpacked(found[0][1]) if found else None


@dataclass(frozen=True, slots=True)
class StoredText:
    """A document as it is kept: its number, its id and version, its source, and its text and what is said about it, packed."""

    number: int
    id: str
    version: int
    answer: str
    source: str | None
    segmented: int
    moment: float | None
    text: bytes | None
    about: bytes | None

    def document(self, name: str | None = None) -> Document:
        """Return it unpacked, under its id or another one."""
        return kept_document(name or self.id, self.source, self.segmented, self.text, self.about)

    def timed(self) -> Document:
        """Return it unpacked, under its own name, with its time in seconds: an index takes times of several formats, a search does not."""
        found = self.document(self.name)
        return found if self.moment is None else replace(found, time=repr(self.moment))

    @property
    def name(self) -> str:
        """The name of the version that it is."""
        return version_name(self.id, self.version)


def _stored(store: Store, after: int) -> list[StoredText]:
    found = DOCUMENTS.read(store, f"where number > ? and {STORED} order by number limit 500", (after,))
    return stored_texts(store, found)


def stored_texts(store: Store, documents: Sequence[Row]) -> list[StoredText]:
    """Return rows of `DOCUMENTS` with their texts."""
    texts = {number: rest for number, *rest in TEXTS.read_among(store, "where number {among}", [number for number, *_ in documents])}
    return [
        StoredText(number, name, version, answer, source, segmented, moment, *texts.get(number, (None, None)))
        for number, name, version, _, _, _, _, answer, moment, source, segmented in documents
    ]


def stored_documents(store: Store, after: int) -> list[tuple[int, Document, str]]:
    """Return some documents in the order of their arrival, those after a number, each with its number, without a text where none is kept,
    and with what was decided. What was withdrawn is left out."""
    return [(stored.number, stored.document(), stored.answer) for stored in _stored(store, after)]


def all_texts(store: Store) -> list[StoredText]:
    """Return all documents that are stored, with their texts packed, in the order of their arrival."""
    found: list[StoredText] = []
    while some := _stored(store, found[-1].number if found else -1):
        found += some
    return found


def stats(store: Store) -> dict[str, Any]:
    """Return the counts and settings of an index, as an object for JSON."""
    metadata = read_metadata(store)

    def count(statement: str) -> int:
        return int(store.rows(statement)[0][0])

    decisions = count("select count(*) from documents where kept >= 0 and holder is null and version > 0")
    window = read_window(metadata)
    total = count(f"select count(*) from documents where {STORED}")
    withdrawn = count("select count(*) from documents where version > 0") - total
    return {
        "schema": "dedup/index/1",
        "documents": total,
        "let_through": decisions,
        "withdrawn": withdrawn,
        "segments": count("select count(*) from segments"),
        "texts": int(metadata["posted"]),
        "duplicate_pairs": count("select count(*) from links"),
        "clusters": count(_CLUSTERS),
        "postings": count("select coalesce(sum(postings), 0) from runs"),
        "runs": count("select count(*) from runs"),
        "keeps_texts": metadata["texts"] == "1",
        **({} if window is None else {"window": window.figures()}),
        "fold_version": int(metadata["fold_version"]),
        "scheme": metadata["scheme"],
        "schema_version": int(metadata["schema"]),
        "config": json.loads(metadata["config"]),
    }
