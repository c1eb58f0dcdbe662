"""What links lose when fingerprints of theirs begin to recur, told for all rows of a transaction before they arrive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from .. import verify
from ..config import Config
from ..lsh import pair_codes
from .graph import Graph, Link
from .relating import Relating, enough_shared, is_duplicate

_Pair = tuple[int, int]


class Losses:
    """What each arrival takes from links, and what becomes of these; pairs whose relation may hang on it are related together."""

    def __init__(self, graph: Graph, relating: Relating, config: Config):
        self._graph, self._relating, self._config = graph, relating, config
        self._crossings: dict[int, list[Mapping[int, int]]] = {}
        self._lost: dict[int, Counter[_Pair]] = {}
        self._relations: dict[tuple[_Pair, int], int | None] = {}

    def expect(self, row: int, holders: Mapping[int, int]) -> None:
        """Note that a fingerprint recurs when a row arrives, and which have it, each with the one that it is a copy of, or itself."""
        self._crossings.setdefault(row, []).append(holders)

    def foresee(self, new: Iterable[Link]) -> None:
        """See what becomes of the links that are stored, and of new ones when they will have been added."""
        crossed = [holders for each in self._crossings.values() for holders in each]
        later = self._graph.later({row for holders in crossed for row in holders})
        pairs = {(row, other) for holders in crossed for row in holders for other in later.get(row, ()) if other in holders}
        ends = {row for pair in pairs for row in pair}
        self._graph.load(ends)
        self._graph.load_links(ends)
        self.follow([*(self._graph.links[row][other] for row, other in sorted(pairs)), *new])

    def follow(self, links: Iterable[Link]) -> None:
        """See what becomes of some links."""
        if not self._crossings:
            return
        by_row: dict[int, list[Link]] = {}
        for link in links:
            by_row.setdefault(link.row, []).append(link)
        left = {(link.row, link.other): link.fresh for some in by_row.values() for link in some}
        told = {(link.row, link.other): link.told for some in by_row.values() for link in some}
        unsure: list[tuple[_Pair, int]] = []
        for row in sorted(self._crossings):
            lost = Counter(
                (one, link.other)
                for holders in self._crossings[row]
                for one, holder in holders.items()
                for link in by_row.get(one, ())
                if link.other < row and holders.get(link.other, holder) != holder
            )
            for pair, times in lost.items():
                least = self._least(pair)
                before, left[pair] = left[pair], left[pair] - times
                if verify.hangs_on(before / least, left[pair] / least, told[pair], self._config):
                    unsure.append((pair, left[pair]))
            self._lost.setdefault(row, Counter()).update(lost)
        while unsure:
            once = dict(reversed(unsure))  # of each pair what comes first
            self._relate([*once], [*once.values()])
            unsure = [(pair, fresh) for pair, fresh in unsure if once[pair] != fresh]

    def _least(self, pair: _Pair) -> int:
        return min(self._graph.facts[row].prints for row in pair)

    def _relate(self, pairs: Sequence[_Pair], fresh: Sequence[int]) -> None:
        codes = pair_codes(*np.array(pairs).T)
        found = self._relating.links(codes, np.array(fresh, np.int64), np.zeros(len(codes), bool))
        kept = {(link.row, link.other): link.relation for link in found if is_duplicate(link)}
        self._relations.update(((pair, count), kept.get(pair)) for pair, count in zip(pairs, fresh, strict=True))

    def take(self, row: int) -> set[int]:
        """Take from the links what they lose by the arrival of a row, and return the rows that have lost one."""
        dropped = []
        for pair, times in self._lost.get(row, {}).items():
            link = self._graph.links[pair[0]].get(pair[1])
            if link is None:  # dropped before
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
