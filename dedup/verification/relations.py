"""Candidates to matches: a relation for each measured pair, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays.ragged import Array, Ragged, sorted_unique
from ..config import Config
from ..model import Relation
from .features import swapped
from .headlines import compare_short

_SWAPS = 2.0
"""What a swapped word weighs against one that only one text has: a revision adds, a formula about other facts exchanges."""
_SURE, _LONG, _OWN_IF_SURE = 0.6, 42, 0.65  # fresh share and shingles of a passage that no formula has, and what it allows
_DOUBT = 0.05  # what the limit is raised by where it is not known what recurs
_COPY = 0.1  # of its own up to which a text is a copy of another, however many there are
_HELD = 8  # words that a text must share with one that holds it
_KNOWN = 20  # texts for each one that may have a fingerprint before it recurs: with fewer, what recurs is not known

# One report rewritten: few runs in common, but such as nobody else has, and most of the words.
_REWRITTEN = 0.35  # Jaccard from which a text is no longer rewritten but edited
_RUNS = 6  # shingles in common
_TOLD = 0.4  # weighted share of each lead that the other text tells as well
_OWN, _OWN_BOTH = 0.5, 0.78  # weighted share of words of its own; the same with half of the other text's and of what is fresh
_EXCERPT, _OWN_OF_EXCERPT = 0.3, 0.4  # fresh share of an excerpt, whose lead may be elsewhere, and its own words
_EXCHANGED = 0.5  # weighted share of words swapped

RELATIONS: tuple[Relation, ...] = tuple(Relation)


def align(pairs: Array, words: Ragged, known: bool, config: Config) -> None:
    """Find what is swapped in those pairs of rows of ``words`` whose relation hangs on it, in place; ``known`` as `relate` has it."""
    least = np.minimum(pairs["novelty_a"], pairs["novelty_b"])
    limit = own_limit(pairs, known, config)
    own = own_share(pairs)
    copied = (pairs["fresh"] < config.fresh) & (least <= _COPY) & (own > _COPY)
    unsure = _is_like(pairs, config) & (((least <= limit) & (own > limit)) | copied)
    unsure |= _may_be_rewritten(pairs, config) & (pairs["swapped"] > _EXCHANGED)
    pairs["swapped"][unsure] = swapped(words, pairs["left"][unsure], pairs["right"][unsure])


def own_share(pairs: Array) -> Array:
    """Return how much of its own the poorer text has: words that the other lacks, and once more what is swapped."""
    own: Array = np.minimum(pairs["novelty_a"], pairs["novelty_b"]) + _SWAPS * pairs["swapped"]
    return own


def is_known(texts: int, config: Config) -> bool:
    """Tell whether so many texts, each once and long enough to match, are enough to know what recurs."""
    return texts >= texts_needed(config)


def texts_needed(config: Config) -> int:
    """Return how many texts are enough to know what recurs."""
    return _KNOWN * config.recurrence


def own_limit(pairs: Array, known: bool, config: Config) -> Array:
    """Return how much of its own each text of a pair may have: more where they share a lot that nobody else has."""
    limit = config.novelty if known else config.novelty + _DOUBT
    sure = (pairs["jaccard"] >= config.threshold) & (pairs["fresh"] >= _SURE) & (pairs["shared"] >= _LONG)
    limits: Array = np.where(sure, max(limit, _OWN_IF_SURE), limit)
    return limits


def is_revised(pairs: Array, config: Config) -> Array:
    """Return which pairs are alike as a whole: a mask."""
    least = np.minimum(pairs["containment_a"], pairs["containment_b"])
    revised: Array = (pairs["jaccard"] >= config.threshold) | (least >= config.containment)
    return revised


def is_held(pairs: Array, config: Config) -> Array:
    """Return of which pairs one text holds most of the other, in enough words: a mask."""
    most = np.maximum(pairs["containment_a"], pairs["containment_b"])
    held: Array = (most >= config.containment) & (pairs["shared"] >= max(config.min_words, _HELD) - config.shingle_words + 1)
    return held


def _is_like(pairs: Array, config: Config) -> Array:
    return is_revised(pairs, config) | is_held(pairs, config)


def _may_be_rewritten(pairs: Array, config: Config) -> Array:
    """Return which pairs share few runs, but such as nobody else has: a mask."""
    few = (pairs["jaccard"] < _REWRITTEN) & (pairs["shared"] >= _RUNS)
    fresh: Array = few & (pairs["fresh"] >= config.rewrite)
    return fresh


def told_from(pairs: Array) -> Array:
    """Return the fresh share from which on each pair may be one report in other words: the more of its own each text has, the more."""
    novelty = pairs["novelty_a"], pairs["novelty_b"]
    least: Array = np.maximum(*novelty) - 2 * (_OWN_BOTH - np.minimum(*novelty))
    return least


def is_rewritten(pairs: Array, known: bool, config: Config) -> Array:
    """Return which pairs are one report in other words: a mask."""
    own = np.minimum(pairs["novelty_a"], pairs["novelty_b"])
    told = (pairs["lead"] >= _TOLD) & (own <= _OWN) & (pairs["fresh"] >= told_from(pairs))
    excerpt = (pairs["fresh"] >= _EXCERPT) & (own <= _OWN_OF_EXCERPT)
    rewritten: Array = _may_be_rewritten(pairs, config) & (told | excerpt) & (pairs["swapped"] <= _EXCHANGED)
    return rewritten & known


def relate(pairs: Array, known: bool, config: Config) -> Array:
    """Return for each pair the place of its relation in `RELATIONS`, -1 for none.

    ``pairs`` as made by `measure` and `align`; the texts are not identical and above the evidence limit; ``known`` tells whether
    it is known what recurs, as `is_known` has it. A pair that shares most of one text is a duplicate unless *each* text has words of its
    own or all that they share recurs, then it is a template; one that shares a passage is a reuse.
    """
    most = np.maximum(pairs["containment_a"], pairs["containment_b"])
    held, revised = is_held(pairs, config), is_revised(pairs, config)
    rewritten = is_rewritten(pairs, known, config)
    own = own_share(pairs)
    formula = own > own_limit(pairs, known, config)
    if known:
        formula |= (pairs["fresh"] < config.fresh) & (own > _COPY)
    passage = (most >= config.reuse) & (pairs["shared"] >= config.passage_words - config.shingle_words + 1)
    larger_a = pairs["containment_b"] > pairs["containment_a"]
    relations = np.full(len(pairs), -1, np.int8)
    for where, relation in (
        (passage, Relation.REUSE),
        (rewritten, Relation.REVISION),
        (held & larger_a, Relation.CONTAINS),
        (held & ~larger_a, Relation.CONTAINED_IN),
        (revised, Relation.REVISION),
        ((held | revised) & formula & ~rewritten, Relation.TEMPLATE),
    ):
        relations[where] = RELATIONS.index(relation)
    return relations


def hangs_on(before: float, after: float, told: float, config: Config) -> bool:
    """Tell whether the relation of a pair may change when the share of what is fresh does, from ``before`` to ``after``, below it; ``told``
    as `told_from` has it."""
    limits = (_SURE, _EXCERPT, config.rewrite, config.fresh, told)
    return any(after < limit <= before for limit in limits)


def relate_short(pairs: Array, short: Mapping[int, Sequence[str]]) -> None:
    """Relate the pairs of two short texts, in place; ``short`` holds their folded words by row."""
    left, right = pairs["left"], pairs["right"]
    rows = np.array([row for row in sorted_unique(np.concatenate((left, right))).tolist() if row in short], np.int64)
    both = np.flatnonzero(np.isin(left, rows) & np.isin(right, rows))
    if not len(both):
        return
    shared, same = compare_short(short, left[both], right[both])
    relations = pairs["relation"][both]
    told = np.where(relations >= 0, RELATIONS.index(Relation.TEMPLATE), relations)
    pairs["relation"][both] = np.where(shared, np.where(same, RELATIONS.index(Relation.REVISION), told), -1)


def is_duplicate(pairs: Array) -> Array:
    """Return which of these related pairs are duplicates: a mask."""
    return np.isin(pairs["relation"], [place for place, relation in enumerate(RELATIONS) if relation.duplicate])
