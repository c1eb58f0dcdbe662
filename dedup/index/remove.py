"""Documents taken out of an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..clusters.constraints import restricts
from ..clusters.stars import cluster_name
from ..config import Config
from .doubts import drop_doubts
from .judged_links import forget_texts, link_graph, move_answers
from .news import forget_blocks, forget_news
from .rows import REFUSED
from .storage.interface import Store
from .storage.postings import Postings
from .storage.tables import DOCUMENTS, META, NAMES, SEGMENTS
from .verification import turned

_PAGE = 1000  # documents at a time


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
    _take_out_texts(store, config, numbers)
    _stand_again(store, numbers)
    for table in ("sightings", "documents"):
        store.run_many(f"delete from {table} where number = ?", [(number,) for number in numbers])
    return len(numbers)


def withdraw_numbers(store: Store, config: Config, numbers: Sequence[int], event: int) -> set[int]:
    """Take out the texts of documents that a document, ``event``, withdraws, and of those that they had replaced, and return the numbers
    of all. That they came, and what was decided about them, stays known."""
    gone, held = {*numbers}, set()
    waiting = sorted(gone)
    while waiting:
        found = store.rows_among("select number, holder from documents where kept >= 0 and kept <> number and kept {among}", waiting)
        held |= {number for number, holder in found if holder is not None} - gone
        waiting = sorted({number for number, holder in found if holder is None} - gone)
        gone |= {*waiting}
    _take_out_texts(store, config, sorted(gone))
    changes: dict[int, dict[str, object]] = {number: {"kept": REFUSED} for number in held}
    DOCUMENTS.change(store, changes | {number: {"kept": REFUSED, "holder": event} for number in gone})
    return gone


def _take_out_texts(store: Store, config: Config, numbers: Sequence[int]) -> None:
    """Take out the texts and segments of documents. Their clusters keep their names."""
    forget_texts(store, config, numbers)
    rows = {row for (row,) in store.rows_among("select row from segments where document {among}", numbers)}
    names: dict[int, str] = {}
    originals = {same for (same,) in store.rows_among("select same from segments where same is not null and row {among}", [*rows])} | rows
    _prefer(store, config, originals, {})
    graph = link_graph(store, config)
    graph.load(rows)
    for row in sorted(rows):
        names[row] = graph.rows[row].called or cluster_name(graph.rows[row].name)
    gone = rows - _hand_over(store, config, rows, names)
    forget_news(store, gone, rows - gone)
    forget_blocks(store, rows - gone)
    graph = link_graph(store, config)
    graph.load(rows)
    graph.load_links(rows)
    touched = set(rows - gone)
    for row in sorted(gone):
        star = graph.rows[row].star
        members = {row} if star is None else graph.members(star)
        heirs = members - gone
        heir = min(heirs, default=None)
        _pass_on(store, row, heir)
        if min(members) == row and (len(members) > 1 or graph.rows[row].copied):
            NAMES.insert(store, [(names[row], heir)], anew=False)
            if heir is not None:
                SEGMENTS.change(store, {heir: {"called": names[row]}})
        touched |= heirs
        for link in [*graph.links[row].values()]:
            graph.drop(link)
    graph.settle(gone)
    graph.settle(touched)
    graph.flush()
    for table in ("segments", "words"):
        store.run_many(f"delete from {table} where row = ?", [(row,) for row in sorted(gone)])
    drop_doubts(store, gone)
    store.run_many("delete from texts where number = ?", [(number,) for number in numbers])
    copies: dict[int, list[int]] = {}
    left = originals - gone
    if not restricts(config):
        for copy, original in store.rows_among("select row, same from segments where same {among}", sorted(left)):
            copies.setdefault(original, []).append(copy)
    _prefer(store, config, left, copies)
    counters = META.read(store, "where name = 'removed' or name = 'loose'")
    META.change(store, {name: {"value": str(int(value) + len(numbers))} for name, value in counters})


def _pass_on(store: Store, row: int, heir: int | None) -> None:
    """Let the names of clusters that lead to a row lead to another one, or nowhere: nothing else is ever called so."""
    changes = {name: {"row": heir} for name, _ in NAMES.read(store, "where row = ?", (row,))}
    NAMES.change(store, changes)


def _stand_again(store: Store, gone: Sequence[int]) -> None:
    """Let documents stand for themselves again that were replaced by ones that go, or by what has replaced these."""
    kept = {number: holder for number, _, _, _, _, holder, *_ in DOCUMENTS.read_among(store, "where number {among}", gone)}
    replaced = "select number, kept from documents where kept >= 0 and kept <> number and kept {among}"
    refused = {number for (number,) in store.rows_among("select number from documents where holder is not null and kept {among}", gone)}
    changed = {}
    for number, first in store.rows_among(replaced, gone):
        holder = first
        while holder in kept and kept[holder] != holder:
            holder = kept[holder]
        alone = REFUSED if number in refused else number  # which was let through itself, or was not
        changed[number] = {"kept": alone if holder in kept else holder}
    DOCUMENTS.change(store, changed)


def _prefer(store: Store, config: Config, originals: set[int], copies: Mapping[int, Sequence[int]]) -> None:
    """Put texts in the places of the copies that are preferred, and see what becomes of the stars around them."""
    SEGMENTS.change(store, {row: {"best": None} for row in originals})
    graph = link_graph(store, config)
    graph.load(originals)
    graph.load(copy for found in copies.values() for copy in found)
    for original, found in copies.items():
        graph.better(original, min((original, *found), key=lambda row: graph.rows[row].own_place))
    graph.settle(graph.around(originals))
    graph.flush()


def _hand_over(store: Store, config: Config, rows: set[int], names: dict[int, str]) -> set[int]:
    """Give the rows of texts of which copies stay to the oldest copy of each, and return them."""
    copies: dict[int, list[int]] = {}
    for copy, original in store.rows_among("select row, same from segments where same {among} order by row", sorted(rows)):
        if copy not in rows:
            copies.setdefault(original, []).append(copy)
    for original, (heir, *_) in copies.items():
        graph = link_graph(store, config)
        touched = graph.around((original, heir)) - {heir}
        if restricts(config):
            touched |= move_answers(store, config, heir, original) - {heir}
            drop_doubts(store, (heir,))
            for link in [*graph.links[original].values()]:
                graph.drop(link)
            for link in [*graph.links[heir].values()]:
                graph.drop(link)
                moved = replace(link, row=original) if link.row == heir else replace(link, other=original)
                graph.load_links((moved.row, moved.other))
                if moved.row != moved.other:
                    graph.add(moved if moved.row < moved.other else turned(moved))
            graph.flush()
        (taken,) = SEGMENTS.read(store, "where row = ?", (heir,))
        moved_columns = dict(zip(SEGMENTS.columns[1:8], taken[1:8], strict=True))
        moved_columns["ownership"] = taken[SEGMENTS.columns.index("ownership")]
        SEGMENTS.change(store, {original: {**moved_columns, "called": names[original]}})
        _pass_on(store, heir, original)
        forget_news(store, [heir])
        NAMES.insert(store, [(names[original], original)], anew=False)  # so that nothing else is called so
        store.run("delete from segments where row = ?", (heir,))
        members = store.rows("select row from segments where star = ?", (heir,))
        SEGMENTS.change(store, {row: {"star": original} for (row,) in members})
        graph = link_graph(store, config)
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
    META.change(store, {"loose": {"value": "0"}})
