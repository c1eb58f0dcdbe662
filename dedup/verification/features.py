"""Features of pairs of texts, measured exactly: shared shingles, new words, substituted words, leads, formulas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged, numbered
from ..config import Config
from ..sketch.shingle import hash_rows
from ..text.words import WEIGHT_BITS
from .background import recurring_shares
from .formulas import formula_weights

_WEIGHT = (1 << WEIGHT_BITS) - 1
_LEAD = 25  # words in the lead of a text, which says what it is about
_OPENING = 12  # words in its opening
_SPARSE = 8  # times the number of pairs: rows with larger numbers are sorted, others marked in an array
_LEAST = 0.05  # containment: a pair that shares less is not measured any further

PAIR = np.dtype(
    [("left", "i8"), ("right", "i8"), ("relation", "i1"), ("shared", "f8"), ("words", "f8"), ("jaccard", "f8"), ("swapped", "f8")]
    + [("lead", "f8"), ("opening", "f8"), ("formula", "f8"), ("kind", "f8"), ("similarity", "f8"), ("probability", "f8")]
    + [(f"{name}_{side}", "f8") for name in ("containment", "novelty") for side in "ab"]
    + [("recurring", "f8")]
)
"""A measured pair of rows.

``relation`` is a place in `RELATIONS`, -1 for none, and ``probability`` that of being duplicates. ``shared`` is the number of distinct
common shingles, ``words`` the number of words of the shorter text. All others are shares, 0..1: ``novelty_a``: the share of a's distinct
words, by weight, that b lacks. ``swapped``: the share of substituted words, see `align`. ``lead``: the share of a text's first words
that the other text has, the smaller one of the two texts; ``opening``: that of the very first ones. ``formula``: the share of the common
words, by weight, that are words of formulas, and ``kind``: of one kind of notice, see `formula_weights`. ``similarity``: see `align`.
``recurring``: the share of the common shingles that recur in the background, 0 without one.
"""


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def measure(
    words: Ragged, left: Array, right: Array, config: Config, least: float = _LEAST, keep: Callable[[Array, Config], Array] | None = None
) -> Array:
    """Measure pairs of rows of ``words`` exactly. Return those that share enough for a relation or are short, as `PAIR`, without relations.

    Enough is a containment of ``least`` on one side. ``keep`` tells of pairs, with the largest share of substituted words that they may
    have, which are aligned, beside those of short texts; the others are left out.
    """
    used, *at = _used(left, right)
    engine = kernels.engine()
    sets = engine.shingle_sets(words, used, config.shingle_words)
    sizes = sets.lengths.astype(np.float64)
    pairs = np.zeros(len(left), PAIR)
    pairs["left"], pairs["right"], pairs["relation"] = left, right, -1
    shared, _ = engine.share(sets, at[0], at[1], 0)
    pairs["shared"] = shared
    pairs["words"] = np.minimum(words.lengths[left], words.lengths[right])
    pairs["jaccard"] = _share(shared, sizes[at[0]] + sizes[at[1]] - shared)
    for side, in_rows in zip("ab", at, strict=True):
        pairs[f"containment_{side}"] = _share(shared, sizes[in_rows])
    enough = np.maximum(pairs["containment_a"], pairs["containment_b"]) >= least
    enough |= are_short(words, pairs, config)
    pairs = np.asarray(pairs[enough])
    pairs["recurring"] = recurring_shares(sets, at[0][enough], at[1][enough], config)
    _compare_words(pairs, words)
    if keep is not None:
        chosen = are_short(words, pairs, config)
        chosen[~chosen] = keep(pairs[~chosen], config)
        pairs = np.asarray(pairs[chosen])
    pairs["swapped"], pairs["similarity"] = align(words, pairs["left"], pairs["right"])
    return pairs


def _used(left: Array, right: Array) -> tuple[Array, Array, Array]:
    """Return the rows that are in pairs, each once, and the pairs as places among these."""
    last = int(max(left.max(initial=-1), right.max(initial=-1)))
    if last > _SPARSE * len(left):
        used, places = numbered(np.concatenate((left, right)))
        return used, places[: len(left)], places[len(left) :]
    marks = np.zeros(last + 1, bool)
    marks[left] = marks[right] = True
    numbers = np.cumsum(marks) - 1
    return np.flatnonzero(marks), numbers[left], numbers[right]


def _compare_words(pairs: Array, words: Ragged) -> None:
    """Measure what pairs share of their words, of their leads and of formulas, in place."""
    used, left, right = _used(pairs["left"], pairs["right"])
    engine = kernels.engine()
    vocabulary = engine.word_sets(words, used)
    totals, common = engine.weigh_rows(vocabulary, _WEIGHT), engine.share(vocabulary, left, right, _WEIGHT)[1]
    own = [totals[side] - common for side in (left, right)]
    for name, side, part in zip("ab", (left, right), own, strict=True):
        pairs[f"novelty_{name}"] = _share(part, totals[side])
    pairs["swapped"] = _share(np.minimum(*own), np.minimum(totals[left], totals[right]))
    for name, weights in zip(("formula", "kind"), formula_weights(vocabulary, left, right), strict=True):
        pairs[name] = _share(weights, common)
    every = np.arange(len(used))
    leads = words.heads(used, _LEAD)
    heads = [engine.word_sets(each, every) for each in (leads, leads.heads(every, _OPENING))]
    sets = Ragged.joined((vocabulary, *heads), np.uint64)
    weights = engine.weigh_rows(sets, _WEIGHT)
    for place, name in enumerate(("lead", "opening"), 1):
        own = [side + place * len(used) for side in (left, right)]
        shares = [_share(engine.share(sets, head, text, _WEIGHT)[1], weights[head]) for head, text in zip(own, (right, left), strict=True)]
        pairs[name] = np.minimum(*shares)


def align(words: Ragged, left: Array, right: Array) -> tuple[Array, Array]:
    """Return for pairs of rows the share of substituted words, by weight, of the lighter text, and their similarity.

    Words are substituted if they stand in the place of others in an alignment, and the other text lacks them. In each place the lighter
    side counts. The similarity is rapidfuzz's normalized Indel similarity over words, 0..1: twice the length of the longest common
    subsequence, divided by the sum of the lengths. Neither depends on the order of a pair.
    """
    left, right = shorter_first(words, left, right)
    return kernels.engine().align(words, left, right)


def shorter_first(words: Ragged, left: Array, right: Array) -> tuple[Array, Array]:
    """Return the pairs with the shorter text first, of equally long ones that with the smaller hash: an alignment depends on the order."""
    lengths = words.lengths
    turned = lengths[left] > lengths[right]
    equal = np.flatnonzero(lengths[left] == lengths[right])
    used, *at = _used(left[equal], right[equal])
    hashes = hash_rows(words.take(used))
    turned[equal] = hashes[at[0]] > hashes[at[1]]
    return np.where(turned, right, left), np.where(turned, left, right)


def are_short(words: Ragged, pairs: Array, config: Config) -> Array:
    """Return which of these pairs are of two short texts, as a mask."""
    short = words.lengths < config.short_words
    both: Array = short[pairs["left"]] & short[pairs["right"]]
    return both
