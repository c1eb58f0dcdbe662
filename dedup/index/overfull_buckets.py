"""Rows that are like too many others: compared with the canonical rows of some of these, at a cost that does not grow with the crowd.

What a new row is proposed with is bounded already. Of those that are duplicates of it the canonical rows are looked up when it arrives, and
it is linked to them and to a few more. Since an arrival can change what is canonical these pairs are not known before; but they can be
guessed, and many related together are far cheaper than one by one. A guess that was wrong costs time and changes nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from heapq import nsmallest

import numpy as np

from ..arrays.buckets import NEAREST, pair_codes
from .compare import Compared
from .rows import Link
from .verification import identical
from .working_set import WorkingSet

_AHEAD, _SOON = 256, 16  # rows whose pairs are related together, and after a guess that was wrong
_GUESSES = 4  # canonical rows that one is expected to be compared with
_Pair = tuple[int, int]


class OverfullBuckets:
    """The rows in overfull buckets of one comparison."""

    def __init__(self, known: WorkingSet, compared: Compared):
        self._graph, self._verifier = known.graph, known.verifier
        self._may_match, self._original = known.may_match, known.original
        self._duplicates = compared.related
        self._links: dict[_Pair, Link | None] = {}
        self._tried: set[int] = set()  # stars in which nothing could take the place of the canonical row
        # Rows to come, the next one last.
        self._waiting = sorted((row for row in compared.overfull if row in compared.related), reverse=True)
        self._looked_at: list[int] = []  # those before these
        self._guesses: dict[int, set[int]] = {}  # what canonical rows these will ask for

    def met(self, row: int, duplicates: Sequence[Link]) -> list[Link]:
        """Return the duplicates of a row among the canonical rows of those that it is a duplicate of, without these themselves."""
        if self._waiting and self._waiting[-1] <= row:
            self._look_ahead()
        graph = self._graph
        known = {link.row for link in duplicates}
        stars = {star for link in duplicates if (star := graph.rows[link.row].star) is not None} - known - {row}
        graph.load(stars)
        wanted = sorted((star for star in stars if self._may_match(star, row)), key=lambda star: graph.rows[star].place)[:NEAREST]
        missing = [(star, row) for star in wanted if (star, row) not in self._links]
        if missing:
            # What was not foreseen will be asked for by others as well.
            alike = [other for other in self._ahead(row) if not self._guesses[other].isdisjoint(self._guesses.get(row, ()))]
            more = [(star, other) for star, _ in missing[:_GUESSES] for other in alike if (star, other) not in self._links]
            self._relate(missing + [pair for pair in more if self._may_match(*pair)])
        return [link for star in wanted if (link := self._links.pop((star, row))) is not None]

    def kept(self, links: Sequence[Link]) -> list[Link]:
        """Return which links of a row to older ones are stored: to the best canonical row, and to the latest others."""
        graph = self._graph
        canonical = [link for link in links if graph.is_canonical(link.row)]
        best = [min(canonical, key=lambda link: graph.rows[link.row].place)] if canonical else []
        others = [link for link in links if not graph.is_canonical(link.row)]
        return best + sorted(others, key=lambda link: link.row)[-NEAREST:]

    def succeed(self, row: int) -> None:
        """Let the best member of a star take the place of its canonical row, where a row that has joined it is preferred to that one
        and the star has doubled since it came: compared with all members, as seldom as that allows."""
        graph = self._graph
        star = graph.rows[row].star
        if star is None or graph.rows[star].place <= graph.rows[row].place or star in self._tried or not graph.has_doubled(star):
            return
        members = graph.members(star)
        graph.load(members)
        best = self._successor(star, members)
        if best is None:
            self._tried.add(star)
            return
        others = sorted(each for each in members - graph.links[best].keys() - {best} if self._may_match(each, best))
        pairs = [(min(best, other), max(best, other)) for other in others]
        self._relate(pairs)
        for pair in pairs:
            if (link := self._links.pop(pair)) is not None:
                graph.add(link)
        graph.settle({best}, holding=True, yielding={star})

    def _successor(self, star: int, members: set[int]) -> int | None:
        """Return the best of the members that are linked to no other canonical row, None where none of the first ones is better."""
        graph = self._graph
        ranked = nsmallest(NEAREST, members, key=lambda each: graph.rows[each].place)
        graph.load(graph.around(ranked))
        better = (each for each in ranked if graph.rows[each].place < graph.rows[star].place)
        return next((each for each in better if not any(graph.is_canonical(other) for other in graph.bound(each) if other != star)), None)

    def _ahead(self, row: int) -> list[int]:
        """Return the next rows after one of those that were looked at."""
        start = bisect_right(self._looked_at, row)
        return self._looked_at[start : start + _SOON]

    def _look_ahead(self) -> None:
        """Relate the pairs that the next overfull rows will probably ask for."""
        self._looked_at, self._waiting = self._waiting[: -_AHEAD - 1 : -1], self._waiting[:-_AHEAD]
        graph = self._graph
        self._guesses = {}
        self._links = {}
        pairs = []
        for row in self._looked_at:
            known = {link.row for link in self._duplicates[row]}
            stars: Counter[int] = Counter()
            for other in known:
                star = graph.rows[other].star
                stars.update(self._guesses.get(other) or ([other] if star is None else [star]))
            self._guesses[row] = {*sorted(stars, key=lambda star: (-stars[star], star))[:_GUESSES]}
            pairs += [(star, row) for star in sorted(self._guesses[row] - known)]
        graph.load(star for star, _ in pairs)
        self._relate([pair for pair in pairs if self._may_match(*pair)])

    def _relate(self, pairs: Sequence[_Pair]) -> None:
        """Relate pairs of an older row and another, for `_links`: they are sure, whatever recurs."""
        self._links.update(dict.fromkeys(pairs))
        same = [(one, other) for one, other in pairs if self._original(one) == self._original(other)]
        self._links.update((pair, identical(*pair)) for pair in same)
        rest = sorted({*pairs} - {*same})
        if rest:
            codes = pair_codes(*np.array(rest, np.int64).T)
            found = self._verifier.links(codes, np.zeros(len(codes), np.int64), np.ones(len(codes), bool))
            self._links.update(((link.row, link.other), link) for link in found)
