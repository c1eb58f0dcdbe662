"""Matches as columns: every pair of texts that are related, in order, from pairs of rows of which one may stand for exact copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .arrays.ragged import Array, sorted_unique
from .candidates.exact_copies import pairs_among, pairs_between
from .config import Config
from .model import Match, Relation, Segment
from .verification.relations import RELATIONS, counts_as_duplicate

SHARES = "jaccard", "containment_a", "containment_b", "similarity", "probability"
_AT_A_TIME = 1 << 16  # matches
_IDENTICAL = RELATIONS.index(Relation.IDENTICAL)
_MIRRORED = np.array([RELATIONS.index(relation.mirrored) for relation in RELATIONS], np.int8)


@dataclass(frozen=True, slots=True)
class MatchedPairs:
    """Matches in their order: the rows of their two segments, the places of their relations in `RELATIONS`, and by name their shares, each
    an array with a value for each match. ``stats`` is as `Result.stats` has it."""

    segments: Sequence[Segment]
    a: Array
    b: Array
    relation: Array
    shares: Mapping[str, Array]
    config: Config
    stats: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.a)

    @property
    def duplicates(self) -> bool:
        """True where any of them are duplicates."""
        found = sorted_unique(self.relation).tolist()
        return any(counts_as_duplicate(RELATIONS[place], self.config) for place in found)

    def relations(self) -> dict[str, int]:
        """Return how many matches have each relation."""
        counts = np.bincount(self.relation, minlength=len(RELATIONS)).tolist()
        return {relation.value: count for relation, count in zip(RELATIONS, counts, strict=True)}

    def matches(self) -> tuple[Match, ...]:
        """Return them as matches."""
        return tuple(self._matches())

    def _matches(self) -> Iterator[Match]:
        included = [relation.value == self.config.duplicates_include for relation in RELATIONS]
        for start in range(0, len(self), _AT_A_TIME):
            part = slice(start, start + _AT_A_TIME)
            columns = [column[part].tolist() for column in (self.a, self.b, self.relation, *(self.shares[name] for name in SHARES))]
            for a, b, relation, jaccard, in_a, in_b, similarity, probability in zip(*columns, strict=True):
                sides, shares = (self.segments[a], self.segments[b]), (jaccard, in_a, in_b, similarity, probability)
                yield Match(*sides, RELATIONS[relation], *shares, included[relation])


def matched_pairs(segments: Sequence[Segment], pairs: Array, copies: Mapping[int, Sequence[int]], config: Config) -> MatchedPairs:
    """Return the matches of pairs of rows that are related, and of all copies of these rows: two copies of one text are identical."""
    one, other, places = _spread(pairs, copies, config.bucket_limit)
    turned = one > other
    a, b = np.where(turned, other, one), np.where(turned, one, other)
    order = np.lexsort((b, a))
    a, b, places, turned = a[order], b[order], places[order], turned[order]
    measured = pairs.take(places, mode="clip") if len(pairs) else np.zeros(len(places), pairs.dtype)
    relation = np.where(places < 0, _IDENTICAL, measured["relation"])
    shares = {name: np.where(places < 0, 1.0, measured[name]) for name in SHARES}
    in_a, in_b = shares["containment_a"], shares["containment_b"]
    shares |= {"containment_a": np.where(turned, in_b, in_a), "containment_b": np.where(turned, in_a, in_b)}
    return MatchedPairs(segments, a, b, np.where(turned, _MIRRORED[relation], relation), shares, config)


def _spread(pairs: Array, copies: Mapping[int, Sequence[int]], limit: int) -> tuple[Array, Array, Array]:
    """Return the two rows and the place of the pair for every pair of copies of the two texts of a pair, -1 for two copies of one text."""
    copied = np.isin(pairs["left"], [*copies]) | np.isin(pairs["right"], [*copies])
    alone, several = np.flatnonzero(~copied), np.flatnonzero(copied)
    sides = zip(several.tolist(), pairs["left"][several].tolist(), pairs["right"][several].tolist(), strict=True)
    more = [
        (*pair, place)
        for place, left, right in sides
        for pair in pairs_between(copies.get(left, [left]), copies.get(right, [right]), limit)
    ]
    more += [(*pair, -1) for rows in copies.values() for pair in pairs_among(rows, limit)]
    spread = np.array(more, np.int64).reshape(-1, 3)
    one, other = (np.concatenate((pairs[side][alone], spread[:, column])) for column, side in enumerate(("left", "right")))
    return one, other, np.concatenate((alone, spread[:, 2]))
