"""Relations: the model that gives each measured pair a relation, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays.ragged import Array, Ragged, sorted_unique
from ..config import Config
from ..model import Relation
from .features import substituted
from .headlines import compare_short

_SUBSTITUTED_WEIGHT = 2.0
"""Weight of a substituted word, where a new word has 1: a revision adds words, a formula about other facts substitutes them."""
# A distinctive share and a number of shared shingles that no formula reaches, and the share of new words that is allowed then.
_SURE, _LONG, _NEW_IF_SURE = 0.6, 42, 0.65
_DOUBT = 0.05  # the limit is raised by this as long as too few texts are known to tell what recurs
_COPY = 0.1  # share of new words up to which a text is a copy of another, even if its fingerprints recur
_CONTAINED = 8  # words that a text must share with one that contains it
_KNOWN = 20  # texts needed to tell what recurs, for each 1 of `recurrence`

# A rewritten report: few common shingles, but distinctive ones, and most of the words.
_REWRITTEN = 0.35  # Jaccard: from this on a text is not rewritten but edited
_RUNS = 6  # common shingles
_LEAD = 0.4  # weighted share of each lead that the other text has as well
_NEW, _NEW_BOTH = 0.5, 0.78  # weighted share of new words; the same when half of the other text's and of the distinctive share are added
_EXCERPT, _NEW_IN_EXCERPT = 0.3, 0.4  # distinctive share of an excerpt, which may lack the lead, and its new words
_SUBSTITUTED = 0.5  # weighted share of substituted words

RELATIONS: tuple[Relation, ...] = tuple(Relation)


def align(pairs: Array, words: Ragged, known: bool, config: Config) -> None:
    """Find the substituted share, in place, of those pairs of rows of ``words`` whose relation depends on it; ``known`` as in `relate`."""
    least = np.minimum(pairs["novelty_a"], pairs["novelty_b"])
    limit = own_limit(pairs, known, config)
    own = own_share(pairs)
    copied = (pairs["fresh"] < config.fresh) & (least <= _COPY) & (own > _COPY)
    unsure = _is_near(pairs, config) & (((least <= limit) & (own > limit)) | copied)
    unsure |= _may_be_rewritten(pairs, config) & (pairs["swapped"] > _SUBSTITUTED)
    pairs["swapped"][unsure] = substituted(words, pairs["left"][unsure], pairs["right"][unsure])


def own_share(pairs: Array) -> Array:
    """Return for each pair the new words of the text that has fewer, plus twice the substituted words, as a weighted share."""
    own: Array = np.minimum(pairs["novelty_a"], pairs["novelty_b"]) + _SUBSTITUTED_WEIGHT * pairs["swapped"]
    return own


def recurrence_is_known(texts: int, config: Config) -> bool:
    """Tell whether this number of texts, without copies and short ones, is enough to know what recurs."""
    return texts >= texts_needed(config)


def texts_needed(config: Config) -> int:
    """Return the number of texts that is enough to know what recurs."""
    return _KNOWN * config.recurrence


def own_limit(pairs: Array, known: bool, config: Config) -> Array:
    """Return the largest `own_share` of a duplicate, for each pair: more for pairs that share a long distinctive passage."""
    limit = config.novelty if known else config.novelty + _DOUBT
    sure = (pairs["jaccard"] >= config.threshold) & (pairs["fresh"] >= _SURE) & (pairs["shared"] >= _LONG)
    limits: Array = np.where(sure, max(limit, _NEW_IF_SURE), limit)
    return limits


def is_revised(pairs: Array, config: Config) -> Array:
    """Return which pairs share most of both texts, as a mask."""
    least = np.minimum(pairs["containment_a"], pairs["containment_b"])
    revised: Array = (pairs["jaccard"] >= config.threshold) | (least >= config.containment)
    return revised


def is_held(pairs: Array, config: Config) -> Array:
    """Return in which pairs one text contains most of the other, with enough words, as a mask."""
    most = np.maximum(pairs["containment_a"], pairs["containment_b"])
    held: Array = (most >= config.containment) & (pairs["shared"] >= max(config.min_words, _CONTAINED) - config.shingle_words + 1)
    return held


def _is_near(pairs: Array, config: Config) -> Array:
    return is_revised(pairs, config) | is_held(pairs, config)


def _may_be_rewritten(pairs: Array, config: Config) -> Array:
    """Return which pairs share few shingles, but distinctive ones, as a mask."""
    few = (pairs["jaccard"] < _REWRITTEN) & (pairs["shared"] >= _RUNS)
    distinctive: Array = few & (pairs["fresh"] >= config.rewrite)
    return distinctive


def rewrite_limit(pairs: Array) -> Array:
    """Return the smallest distinctive share of a rewritten report, for each pair: it grows with the new words of both texts."""
    novelty = pairs["novelty_a"], pairs["novelty_b"]
    least: Array = np.maximum(*novelty) - 2 * (_NEW_BOTH - np.minimum(*novelty))
    return least


def is_rewritten(pairs: Array, known: bool, config: Config) -> Array:
    """Return which pairs are one report in other words, as a mask."""
    new = np.minimum(pairs["novelty_a"], pairs["novelty_b"])
    same_lead = (pairs["lead"] >= _LEAD) & (new <= _NEW) & (pairs["fresh"] >= rewrite_limit(pairs))
    excerpt = (pairs["fresh"] >= _EXCERPT) & (new <= _NEW_IN_EXCERPT)
    rewritten: Array = _may_be_rewritten(pairs, config) & (same_lead | excerpt) & (pairs["swapped"] <= _SUBSTITUTED)
    return rewritten & known


def relate(pairs: Array, known: bool, config: Config) -> Array:
    """Return for each pair the place of its relation in `RELATIONS`, -1 for none.

    ``pairs`` as made by `measure` and `align`. The texts are not identical, and not below the evidence limit. ``known`` says whether it is
    known what recurs, as `recurrence_is_known` tells it. A pair that shares most of one text is a duplicate, but a template if *each* text
    has new words or if all that they share recurs. A pair that shares a passage is a reuse.
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


def relation_may_change(before: float, after: float, limit_of_rewrite: float, config: Config) -> bool:
    """Tell whether the relation of a pair may change when its distinctive share falls from ``before`` to ``after``.

    ``limit_of_rewrite`` as made by `rewrite_limit`.
    """
    limits = (_SURE, _EXCERPT, config.rewrite, config.fresh, limit_of_rewrite)
    return any(after < limit <= before for limit in limits)


def relate_short(pairs: Array, short: Mapping[int, Sequence[str]]) -> None:
    """Relate the pairs of two short texts, in place. ``short`` has their folded words by row."""
    left, right = pairs["left"], pairs["right"]
    rows = np.array([row for row in sorted_unique(np.concatenate((left, right))).tolist() if row in short], np.int64)
    both = np.flatnonzero(np.isin(left, rows) & np.isin(right, rows))
    if not len(both):
        return
    shared, says_same = compare_short(short, left[both], right[both])
    relations = pairs["relation"][both]
    otherwise = np.where(relations >= 0, RELATIONS.index(Relation.TEMPLATE), relations)
    pairs["relation"][both] = np.where(shared, np.where(says_same, RELATIONS.index(Relation.REVISION), otherwise), -1)


def is_duplicate(pairs: Array) -> Array:
    """Return which of these related pairs are duplicates, as a mask."""
    return np.isin(pairs["relation"], [place for place, relation in enumerate(RELATIONS) if relation.duplicate])
