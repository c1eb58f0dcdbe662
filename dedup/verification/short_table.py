"""Short texts that are compared with each other: read once for all pairs, and only where a pair shares most of its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .. import kernels
from ..arrays.buckets import Mapper
from ..arrays.numbers import Numbers, ragged
from ..arrays.ragged import Array, Ragged, distinct, sorted_unique
from ..candidates.lsh import SHORT_JACCARD

if TYPE_CHECKING:
    from .headline_table import HeadlineTable

_PART = 1 << 16  # pairs that are looked at together
_BITS = 32  # of the number of a word


@dataclass(frozen=True, slots=True)
class ShortTable:
    """The short texts of some pairs: ``words`` has their words as numbers, a row each, sorted, each once, uint64. ``headlines`` has those
    that are in a pair that shares most of its words. ``word_places`` and ``headline_places`` tell for each row of a pair, int64, where its
    text is in these two, -1 for one that is not."""

    words: Ragged
    headlines: HeadlineTable | None
    word_places: Array
    headline_places: Array

    @staticmethod
    def of(short: Mapping[int, Sequence[str]], left: Array, right: Array, mapper: Mapper = map) -> ShortTable:
        """Return the short texts of pairs of rows. ``short`` has the folded words of those rows that are short."""
        used = sorted_unique(np.concatenate((left, right))) if short else np.zeros(0, np.int64)
        rows = np.array([row for row in used.tolist() if row in short], np.int64)
        texts = [short[row] for row in rows.tolist()]
        numbers = Numbers()
        words = distinct(ragged([[*map(numbers.__getitem__, text)] for text in texts]), _BITS)
        places = np.full(int(used.max(initial=-1)) + 1, -1)
        places[rows] = np.arange(len(rows))
        table = ShortTable(words, None, places, np.full(len(places), -1))
        shared = np.zeros(len(rows), bool)
        starts = range(0, len(left) if len(rows) else 0, _PART)
        for ends in mapper(table._sharing, [(left[start : start + _PART], right[start : start + _PART]) for start in starts]):
            shared[ends] = True
        if not shared.any():
            return table
        from .headline import Headline  # these take time to load, and only short texts need them
        from .headline_table import HeadlineTable

        chosen = np.flatnonzero(shared)
        table.headline_places[rows[chosen]] = np.arange(len(chosen))
        return replace(table, headlines=HeadlineTable.of([Headline.of(texts[place]) for place in chosen.tolist()]))

    def _sharing(self, pairs: tuple[Array, Array]) -> Array:
        """Return the texts that share most of their words with another one, as places."""
        both = self.are_short(*pairs)
        one, other = (side[both] for side in pairs)
        shares = self.share_most(one, other)
        return sorted_unique(self.word_places[np.concatenate((one[shares], other[shares]))])

    def are_short(self, left: Array, right: Array) -> Array:
        """Return which pairs are of two short texts, as a mask."""
        if not len(self.words):
            return np.zeros(len(left), bool)
        mask: Array = (self.word_places[left] >= 0) & (self.word_places[right] >= 0)
        return mask

    def share_most(self, left: Array, right: Array) -> Array:
        """Return which pairs of short texts share most of their words, as a mask: their sets of words have a Jaccard of `SHORT_JACCARD` or
        more."""
        one, other = self.word_places[left], self.word_places[right]
        common, lengths = kernels.engine().share(self.words, one, other, 0)[0], self.words.lengths
        mask: Array = common >= SHORT_JACCARD * (lengths[one] + lengths[other] - common)
        return mask

    def may_be_related(self, left: Array, right: Array) -> Array:
        """Return which pairs may have a relation, as a mask: not those of two short texts that do not share most of their words."""
        mask = ~self.are_short(left, right)
        both = np.flatnonzero(~mask)
        mask[both] = self.share_most(left[both], right[both])
        return mask

    def compare(self, left: Array, right: Array) -> tuple[Array, Array]:
        """Return which pairs of short texts share most of their words, as a mask, and the probability that they say the same, float64: that
        of `check_story`, 0..1, and 0 for the pairs that do not share most words."""
        shared, probability = self.share_most(left, right), np.zeros(len(left))
        if shared.any():
            from .same_story import story_probabilities

            assert self.headlines is not None
            one, other = (self.headline_places[side[shared]] for side in (left, right))
            probability[shared] = story_probabilities(self.headlines, one, other)
        return shared, probability
