"""What links lose when fingerprints of theirs begin to recur, told for all rows of a transaction before they arrive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ..arrays.buckets import pair_codes
from ..verification import relations
from .compare import Compared
from .rows import Link
from .verification import enough_shared
from .working_set import WorkingSet

_Pair = tuple[int, int]


class FrequencyChanges:
    """What each arrival takes from links, and what becomes of these; pairs whose relation may hang on it are related together."""

    def __init__(self, known: WorkingSet, compared: Compared, new: Iterable[Link]):
        """See what becomes of the links that are stored, and of ``new`` ones when they will have been added."""
        self._graph, self._verifier, self._config = known.graph, known.verifier, known.config
        self._recurrence_known = compared.recurrence_known
        # Which rows have a fingerprint that begins to recur, each with the one that it is a copy of, or itself.
        self._newly_recurring: list[Mapping[int, int]] = []
        self._held: dict[int, list[tuple[int, Mapping[int, int]]]] = {}  # which of these each row is in, and who makes them
        self._lost: dict[int, Counter[_Pair]] = {}
        self._relations: dict[tuple[_Pair, int], int | None] = {}
        for newly in compared.newly_recurring:
            holders = {row: holder for holder in newly.holders for row in known.copies.beside(holder)}
            self._newly_recurring.append(holders)
            for row in holders:
                self._held.setdefault(row, []).append((newly.row, holders))
        self._follow_stored(new)

    def _follow_stored(self, new: Iterable[Link]) -> None:
        later = self._graph.later(self._held)
        pairs = {(row, other) for holders in self._newly_recurring for row in holders for other in later.get(row, ()) if other in holders}
        ends = {row for pair in pairs for row in pair}
        self._graph.load(ends)
        self._graph.load_links(ends)
        self.follow([*(self._graph.links[row][other] for row, other in sorted(pairs)), *new])

    def follow(self, links: Iterable[Link]) -> None:
        """See what becomes of some links."""
        if not self._newly_recurring:
            return
        lost: dict[int, Counter[_Pair]] = {}
        left: dict[_Pair, int] = {}
        told: dict[_Pair, float] = {}
        for link in links:
            pair = link.row, link.other
            left[pair], told[pair] = link.fresh, link.told
            for row, holders in self._held.get(link.row, ()):
                if link.other < row and holders.get(link.other, holders[link.row]) != holders[link.row]:
                    lost.setdefault(row, Counter())[pair] += 1
        unsure: list[tuple[_Pair, int]] = []
        for row in sorted(lost):
            for pair, times in lost[row].items():
                least = self._least(pair)
                before, left[pair] = left[pair], left[pair] - times
                if relations.relation_may_change(before / least, left[pair] / least, told[pair], self._config):
                    unsure.append((pair, left[pair]))
            self._lost.setdefault(row, Counter()).update(lost[row])
        while unsure:
            once = dict(reversed(unsure))  # of each pair what comes first
            self._relate([*once], [*once.values()])
            unsure = [(pair, fresh) for pair, fresh in unsure if once[pair] != fresh]

    def _least(self, pair: _Pair) -> int:
        return min(self._graph.rows[row].prints for row in pair)

    def _relate(self, pairs: Sequence[_Pair], fresh: Sequence[int]) -> None:
        codes = pair_codes(*np.array(pairs).T)
        found = self._verifier.links(codes, np.array(fresh, np.int64), np.zeros(len(codes), bool), recurrence_known=self._recurrence_known)
        kept = {(link.row, link.other): link.relation for link in found}
        self._relations.update(((pair, count), kept.get(pair)) for pair, count in zip(pairs, fresh, strict=True))

    def take(self, row: int) -> set[int]:
        """Take from the links what they lose by the arrival of a row, and return the rows that have lost one."""
        dropped = []
        for pair, times in self._lost.get(row, {}).items():
            link = self._graph.links.get(pair[0], {}).get(pair[1])
            if link is None:  # dropped before, or not kept
                continue
            link.fresh -= times
            self._graph.note(link)
            relation = self._relations.get((pair, link.fresh), link.relation)
            if relation is None or not (link.sure or enough_shared(link.fresh, self._least(pair), self._config)):
                dropped.append(link)
            else:
                link.relation = relation
        for link in dropped:
            self._graph.drop(link)
        return {row for link in dropped for row in (link.row, link.other)}
