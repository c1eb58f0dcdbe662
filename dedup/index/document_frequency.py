"""What links lose when fingerprints of theirs begin to recur: one that is left with too few was not proposed, as in a batch. What bands
propose is proposed all the same, and loses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from .compare import Compared
from .rows import Link
from .verification import enough_shared
from .working_set import WorkingSet

_Pair = tuple[int, int]


class FrequencyChanges:
    """What each arrival takes from links, and which are dropped by that."""

    def __init__(self, known: WorkingSet, compared: Compared, new: Iterable[Link]):
        """See what becomes of the links that are stored, and of ``new`` ones when they will have been added."""
        self._graph, self._config = known.graph, known.config
        # Of each row that has fingerprints that begin to recur: who makes them do so, and all that have them, each with the one that it is
        # a copy of, or itself.
        self._held: dict[int, list[tuple[int, Mapping[int, int]]]] = {}
        self._lost: dict[int, Counter[_Pair]] = {}
        for newly in compared.newly_recurring:
            holders = {row: holder for holder in newly.holders for row in known.copies.beside(holder)}
            for row in holders:
                self._held.setdefault(row, []).append((newly.row, holders))
        self._follow(new)

    def _follow(self, new: Iterable[Link]) -> None:
        """See what the links lose that are not sure."""
        links = [*self._graph.unsure_among(self._held.keys()), *(link for link in new if not link.sure)] if self._held else []
        for link in links:
            for row, holders in self._held.get(link.row, ()):
                if link.other < row and holders.get(link.other, holders[link.row]) != holders[link.row]:
                    self._lost.setdefault(row, Counter())[link.row, link.other] += 1
        self._graph.load({row for lost in self._lost.values() for pair in lost for row in pair})

    def _least(self, pair: _Pair) -> int:
        return min(self._graph.rows[row].prints for row in pair)

    def take(self, row: int) -> set[int]:
        """Take from the links what they lose by the arrival of a row, and return the rows that have lost one."""
        if row not in self._lost:
            return set()
        dropped = []
        for pair, times in self._lost[row].items():
            link = self._graph.links.get(pair[0], {}).get(pair[1])
            if link is None or link.sure:  # dropped before, not kept, or found again by bands
                continue
            link.fresh -= times
            self._graph.note(link)
            if not enough_shared(link.fresh, self._least(pair), self._config):
                dropped.append(link)
        for link in dropped:
            self._graph.drop(link)
        return {row for link in dropped for row in (link.row, link.other)}
