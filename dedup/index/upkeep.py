"""Documents taken out of an index, and an index looked over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..cluster import cluster_name
from ..config import Config
from ..fingerprint import fingerprints
from ..ragged import Array, Ragged
from ..rules import restricts
from .graph import Graph
from .postings import Postings
from .relating import turned
from .store import Store

_PAGE = 1000  # documents or segments at a time
_LOOSE = {
    "segments without a document": "select row from segments s left join documents d on d.number = s.document where d.number is null",
    "documents replaced by ones that are not there": """
        select d.number from documents d left join documents o on o.number = d.kept where d.kept >= 0 and o.number is null""",
    "copies without their text": "select s.row from segments s left join segments o on o.row = s.same where s.same >= 0 and o.row is null",
    "texts without words": "select row from segments where same is null and words is null",
    "stars of rows that are not linked to them": """
        select s.row from segments s where s.star <> s.row and not exists (
            select 1 from links l where (l.row = s.star and l.other = s.row) or (l.row = s.row and l.other = s.star))""",
    "stars in another star": "select s.row from segments s join segments t on t.row = s.star where t.star <> t.row or t.star is null",
    "links between stars": """
        select l.row from links l join segments a on a.row = l.row join segments b on b.row = l.other
        where coalesce(a.star, a.row) = a.row and coalesce(b.star, b.row) = b.row""",
    "links to segments that are not there": "select l.row from links l left join segments s on s.row = l.other where s.row is null",
    "links from segments that are not there": "select l.row from links l left join segments s on s.row = l.row where s.row is null",
    "stars without their first": "select s.row from segments s left join segments o on o.row = s.star where s.star >= 0 and o.row is null",
}
_TAKEN = "document, place, span_start, span_end, line, heading, bulletin"


def remove(store: Store, config: Config, ids: Iterable[str]) -> int:
    """Take out the documents with these ids, and return how many there were. Their clusters keep their names.

    What is known to recur stays known.
    """
    wanted, total = sorted({*ids}), 0
    for start in range(0, len(wanted), _PAGE):
        found = store.rows_among("select number from documents where id {among}", wanted[start : start + _PAGE])
        total += remove_numbers(store, config, [number for (number,) in found])
    return total


def remove_numbers(store: Store, config: Config, numbers: Sequence[int]) -> int:
    """Take out the documents with these numbers."""
    rows = {row for (row,) in store.rows_among("select row from segments where document {among}", numbers)}
    names: dict[int, str] = {}
    originals = {same for (same,) in store.rows_among("select same from segments where same is not null and row {among}", [*rows])} | rows
    _prefer(store, config, originals, {})
    graph = Graph(store, config)
    graph.load(rows)
    for row in sorted(rows):
        names[row] = graph.facts[row].called or cluster_name(graph.facts[row].name)
    gone = rows - _hand_over(store, config, rows, names)
    graph = Graph(store, config)
    graph.load(rows)
    graph.load_links(rows)
    touched = set(rows - gone)
    for row in sorted(gone):
        star = graph.facts[row].star
        members = {row} if star is None else graph.members(star)
        heirs = members - gone
        if heirs:
            store.run("update names set row = ? where row = ?", (min(heirs), row))
        if heirs and min(members) == row:
            store.run("update segments set called = ? where row = ?", (names[row], min(heirs)))
        touched |= heirs
        for link in [*graph.links[row].values()]:
            graph.drop(link)
    graph.settle(gone)
    graph.settle(touched)
    graph.flush()
    store.run_many("delete from names where row = ?", [(row,) for row in sorted(gone)])
    store.run_many("delete from segments where row = ?", [(row,) for row in sorted(gone)])
    _stand_again(store, numbers)
    store.run_many("delete from documents where number = ?", [(number,) for number in numbers])
    copies: dict[int, list[int]] = {}
    left = originals - gone
    if not restricts(config):
        for copy, original in store.rows_among("select row, same from segments where same {among}", sorted(left)):
            copies.setdefault(original, []).append(copy)
    _prefer(store, config, left, copies)
    return len(numbers)


def _stand_again(store: Store, gone: Sequence[int]) -> None:
    """Let documents stand for themselves again that were replaced by ones that go, or by what has replaced these."""
    kept: dict[int, int] = dict(store.rows_among("select number, kept from documents where number {among}", gone))
    replaced = "select number, kept from documents where kept >= 0 and kept <> number and kept {among}"
    changed = []
    for number, first in store.rows_among(replaced, gone):
        holder = first
        while holder in kept and kept[holder] != holder:
            holder = kept[holder]
        changed.append((number if holder in kept else holder, number))
    store.run_many("update documents set kept = ? where number = ?", changed)


def _prefer(store: Store, config: Config, originals: set[int], copies: Mapping[int, Sequence[int]]) -> None:
    """Put texts in the places of the copies that are preferred, and see what becomes of the stars around them."""
    store.run_many("update segments set best = null where row = ?", [(row,) for row in sorted(originals)])
    graph = Graph(store, config)
    graph.load(originals)
    graph.load(copy for found in copies.values() for copy in found)
    for original, found in copies.items():
        graph.better(original, min((original, *found), key=lambda row: graph.facts[row].own_place))
    graph.settle(graph.around(originals))
    graph.flush()


def _hand_over(store: Store, config: Config, rows: set[int], names: dict[int, str]) -> set[int]:
    """Give the rows of texts of which copies stay to the oldest copy of each, and return them."""
    copies: dict[int, list[int]] = {}
    for copy, original in store.rows_among("select row, same from segments where same {among} order by row", sorted(rows)):
        if copy not in rows:
            copies.setdefault(original, []).append(copy)
    for original, (heir, *_) in copies.items():
        graph = Graph(store, config)
        touched = graph.around((original, heir)) - {heir}
        if restricts(config):
            for link in [*graph.links[original].values()]:
                graph.drop(link)
            for link in [*graph.links[heir].values()]:
                graph.drop(link)
                moved = replace(link, row=original) if link.row == heir else replace(link, other=original)
                graph.load_links((moved.row, moved.other))
                if moved.row != moved.other:
                    graph.add(moved if moved.row < moved.other else turned(moved))
            graph.flush()
        taken = store.rows(f"select {_TAKEN} from segments where row = ?", (heir,))[0]
        store.run(f"update segments set ({_TAKEN}, called) = (?, ?, ?, ?, ?, ?, ?, ?) where row = ?", (*taken, names[original], original))
        store.run("update names set row = ? where row = ?", (original, heir))
        store.run("delete from segments where row = ?", (heir,))
        graph = Graph(store, config)
        graph.settle(touched)
        graph.flush()
    return {*copies}


def prune(store: Store, config: Config, *, before: float | None = None, newest: int | None = None) -> int:
    """Take out documents that appeared before a moment, in seconds, or all but the newest ones by their arrival."""
    if newest is not None:
        found = store.rows("select number from documents order by number desc limit 9000000000000000000 offset ?", (newest,))
    else:
        found = store.rows("select number from documents where moment < ?", (before,))
    numbers = [number for (number,) in found]
    for start in range(0, len(numbers), _PAGE):
        remove_numbers(store, config, numbers[start : start + _PAGE])
    return len(numbers)


def compact(store: Store, postings: Postings) -> None:
    """Drop the postings of rows that are gone."""
    postings.refresh()
    rows = np.array([row for (row,) in store.rows("select row from segments where same is null order by row")], np.int64)
    postings.compact(lambda values: np.isin(values >> 1, rows))


def faults(store: Store, postings: Postings, config: Config) -> Iterator[str]:
    """Yield what is wrong with an index, a line each."""
    yield from store.faults()
    postings.refresh()
    yield from postings.check()
    for what, query in _LOOSE.items():
        if found := store.rows(f"{query} limit 1"):
            yield f"{what}: {found[0][0]} is the first"
    last = -1
    query = "select row, length, prints, words from segments where same is null and row > ? order by row limit ?"
    while found := store.rows(query, (last, _PAGE)):
        last = found[-1][0]
        sizes = [len(words or b"") // 4 for *_, words in found]
        words = Ragged(np.frombuffer(b"".join(words or b"" for *_, words in found), np.uint32), np.cumsum([0, *sizes]))
        prints: Array = fingerprints(words, config.fingerprint_words, config.fingerprint_window).lengths
        for (row, length, stored, _), size, count in zip(found, sizes, prints.tolist(), strict=True):
            if size != length or count != stored:
                yield f"segment {row} has words that are damaged"
                return
