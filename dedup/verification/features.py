"""Pairs of texts measured exactly: shared shingles, shared fingerprints that do not recur, words of their own, words swapped."""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged
from ..candidates.document_frequency import Distinctive
from ..config import Config
from ..sketch.shingle import hash_rows
from ..text.words import WEIGHT_BITS

_WEIGHT = (1 << WEIGHT_BITS) - 1
_LEAD = 25  # words of a text that say what it is about

PAIR = np.dtype(
    [
        ("left", "i8"),
        ("right", "i8"),
        ("relation", "i1"),
        ("shared", "f8"),
        ("fresh", "f8"),
        ("jaccard", "f8"),
        ("swapped", "f8"),
        ("lead", "f8"),
        ("similarity", "f8"),
    ]
    + [(f"{name}_{side}", "f8") for name in ("containment", "novelty") for side in "ab"]
)
"""A measured pair of rows. ``relation`` is a place in `RELATIONS`, -1 for none; ``shared`` counts common distinct
shingles. All others are shares, 0..1: ``fresh`` of the smaller text's fingerprints, those that both have and that do not recur;
``novelty_a`` of a's distinct words by weight, those that b lacks; ``swapped`` of the lighter text's, those that stand in the place of
others (of each place the lighter side counts); ``lead`` of each text's first words, those that the other one has, the smaller of the two;
``similarity`` as `similarities` has it."""


def in_common(sets: Ragged, left: Array, right: Array) -> Array:
    """Return for each pair of rows how many values both have, int64; values below 2**50, uint64, each once in a row and sorted."""
    counts: Array = kernels.engine().share(sets, left, right, 0)[0].astype(np.int64)
    return counts


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def fresh_shares(fresh: Distinctive, left: Array, right: Array) -> Array:
    """Return for pairs of rows how many of the fingerprints of the one that has fewer are common and do not recur, as a share."""
    used, one, other = _used(left, right)
    prints, sizes = fresh.fingerprints.take(used), fresh.sizes[used]
    common, _ = kernels.engine().share(Ragged(prints.values.astype(np.uint64), prints.offsets), one, other, 0)
    return _share(common, np.minimum(sizes[one], sizes[other]))


def measure(words: Ragged, left: Array, right: Array, fresh: Array, config: Config) -> Array:
    """Measure pairs of rows of ``words`` exactly: an array of `PAIR`, without relations, of those that share enough for one or are short.

    ``fresh`` is that of each pair, as `fresh_shares` has it. ``swapped`` is the most that it can be; `align` finds what it is.
    """
    used, *at = _used(left, right)
    engine = kernels.engine()
    sets = engine.shingle_sets(words, used, config.shingle_words)
    sizes = sets.lengths.astype(np.float64)
    pairs = np.zeros(len(left), PAIR)
    pairs["left"], pairs["right"], pairs["relation"] = left, right, -1
    shared, _ = engine.share(sets, at[0], at[1], 0)
    pairs["shared"], pairs["fresh"] = shared, fresh
    pairs["jaccard"] = _share(shared, sizes[at[0]] + sizes[at[1]] - shared)
    for side, in_rows in zip("ab", at, strict=True):
        pairs[f"containment_{side}"] = _share(shared, sizes[in_rows])
    enough = np.maximum(pairs["containment_a"], pairs["containment_b"]) >= min(config.reuse, config.rewrite, config.containment)
    enough |= are_short(words, pairs, config)
    pairs = np.asarray(pairs[enough])
    _add_novelty(pairs, words)
    told = np.flatnonzero((pairs["fresh"] >= config.rewrite) & (pairs["jaccard"] < config.threshold))
    pairs["lead"][told] = _leads(words, pairs["left"][told], pairs["right"][told])
    return pairs


def _row_weights(sets: Ragged) -> Array:
    weights: Array = np.bincount(sets.owners(), weights=sets.values & np.uint64(_WEIGHT), minlength=len(sets))
    return weights


def _used(left: Array, right: Array) -> tuple[Array, Array, Array]:
    """Return the rows of which pairs are, each once, and the pairs as places among these."""
    used, places = np.unique(np.concatenate((left, right)), return_inverse=True)
    return used, places[: len(left)], places[len(left) :]


def _add_novelty(pairs: Array, words: Ragged) -> None:
    used, left, right = _used(pairs["left"], pairs["right"])
    engine = kernels.engine()
    vocabulary = engine.word_sets(words, used)
    totals, common = _row_weights(vocabulary), engine.share(vocabulary, left, right, _WEIGHT)[1]
    own = [totals[side] - common for side in (left, right)]
    for name, side, part in zip("ab", (left, right), own, strict=True):
        pairs[f"novelty_{name}"] = _share(part, totals[side])
    pairs["swapped"] = _share(np.minimum(*own), np.minimum(totals[left], totals[right]))


def _leads(words: Ragged, left: Array, right: Array) -> Array:
    """Return how much of each lead the other text tells, the smaller share of the two."""
    engine = kernels.engine()
    used, one, other = _used(left, right)
    heads = words.take(used).heads(_LEAD)
    vocabulary, leads = engine.word_sets(words, used), engine.word_sets(heads, np.arange(len(used)))
    both, totals = Ragged.joined((vocabulary, leads), np.uint64), _row_weights(leads)
    told = [_share(engine.share(both, side + len(used), text, _WEIGHT)[1], totals[side]) for side, text in ((one, other), (other, one))]
    least: Array = np.minimum(*told)
    return least


def swapped(words: Ragged, left: Array, right: Array) -> Array:
    """Return for pairs of rows the weight of words that stand in the place of words which the other text lacks, by the lighter side of
    each place, as a share of the lighter text's. It is the same for either order of a pair."""
    left, right = _shorter_first(words, left, right)
    return kernels.engine().swapped(words, left, right)


def _shorter_first(words: Ragged, left: Array, right: Array) -> tuple[Array, Array]:
    """Return the pairs with the shorter text first, of equally long ones that with the smaller hash: alignments hang on the order."""
    lengths = words.lengths
    turned = lengths[left] > lengths[right]
    equal = np.flatnonzero(lengths[left] == lengths[right])
    used, *at = _used(left[equal], right[equal])
    hashes = hash_rows(words.take(used))
    turned[equal] = hashes[at[0]] > hashes[at[1]]
    return np.where(turned, right, left), np.where(turned, left, right)


def are_short(words: Ragged, pairs: Array, config: Config) -> Array:
    """Return of which of these pairs both texts are short: a mask."""
    short = words.lengths < config.short_words
    both: Array = short[pairs["left"]] & short[pairs["right"]]
    return both


def similarities(words: Ragged, left: Array, right: Array) -> Array:
    """Return rapidfuzz's normalized Indel similarity over the words of each pair, 0..1: twice the longest common subsequence by
    the sum of lengths."""
    return kernels.engine().similar(words, left, right)
