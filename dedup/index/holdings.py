"""What an index holds: clusters with their names for ever, documents, counts."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from ..cluster import cluster_name
from ..config import Config
from ..model import Cluster, Document
from ..rules import restricts
from .graph import segment_name
from .header import read_header
from .store import Store

_CLUSTERS = """
select count(*) from (
    select star from segments where star is not null group by star having count(*) > 1 or max(best) is not null
) as clusters
"""
_PAGE = 10_000  # rows that are read at a time
_STARS = "select distinct star from segments where star > ? order by star limit ?"
_NODES = "select row, star from segments where star {among}"
_COPIES = "select row, same from segments where same {among}"
_NAMED = "select s.row, d.id, s.place, s.best, s.called from segments s join documents d on d.number = s.document where s.row {among}"
_WEAK = "select row, other, containment, containment_other from links where {} {{among}}"


def clusters(store: Store, config: Config) -> Iterator[Cluster]:
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
    names, called, best = {}, {}, {}
    for row, document, place, copy, name in store.rows_among(_NAMED, rows):
        names[row] = segment_name(document, place)
        called[row] = name or cluster_name(names[row])
        best[row] = row if copy is None else copy
    weakest = dict.fromkeys(stars, 1.0)
    for column in ("row", "other"):
        for row, other, *shares in store.rows_among(_WEAK.format(column), stars):
            star, member = (row, other) if column == "row" else (other, row)
            if star_of.get(member) == star:
                weakest[star] = min(weakest[star], max(shares))
    for star in stars:
        found = members[star]
        if len(found) > 1:
            ids = sorted({names[row] for row in found})
            yield Cluster(called[min(found)], names[best[star]], tuple(ids), weakest[star])


def resolve(store: Store, name: str) -> str | None:
    """Return the name that a cluster has now which once had this name; None where there was none."""
    found = store.rows("select row from names where name = ?", (name,))
    if not found:
        return None
    star, same = store.rows("select star, same from segments where row = ?", (found[0][0],))[0]
    if star is None and same is not None:
        star = store.rows("select coalesce(star, row) from segments where row = ?", (same,))[0][0]
    star = found[0][0] if star is None else star
    founder = min([row for (row,) in store.rows("select row from segments where star = ?", (star,))], default=star)
    _, document, place, _, called = store.rows_among(_NAMED, [founder])[0]
    return called or cluster_name(segment_name(document, place))


def unpacked(text: bytes) -> str:
    """Return a text as it is kept."""
    return zlib.decompress(text).decode("utf-8", "surrogatepass")


def documents(store: Store) -> Iterator[tuple[Document, str]]:
    """Yield the documents in the order of their arrival, without a text where none is kept, each with what was decided."""
    last = -1
    query = "select number, id, source, text, answer from documents where number > ? order by number limit ?"
    while found := store.rows(query, (last, 500)):
        for number, name, source, text, answer in found:
            yield Document(name, unpacked(text) if text is not None else "", source=source), answer
            last = number


def stats(store: Store) -> dict[str, Any]:
    """Return the counts and settings of an index, as an object for JSON."""
    header = read_header(store)

    def count(statement: str) -> int:
        return int(store.rows(statement)[0][0])

    decisions = count("select count(*) from documents where kept >= 0")
    total = count("select count(*) from documents")
    return {
        "schema": "dedup/index/1",
        "documents": total,
        "let_through": decisions,
        "segments": count("select count(*) from segments"),
        "texts": int(header["posted"]),
        "duplicate_pairs": count("select count(*) from links"),
        "clusters": count(_CLUSTERS),
        "postings": count("select coalesce(sum(postings), 0) from runs"),
        "runs": count("select count(*) from runs"),
        "keeps_texts": header["texts"] == "1",
        "fold_version": int(header["fold_version"]),
        "scheme": header["scheme"],
        "schema_version": int(header["schema"]),
        "config": json.loads(header["config"]),
    }
