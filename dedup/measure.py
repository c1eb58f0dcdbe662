"""Pairs of texts measured exactly: shared shingles, shared fingerprints that do not recur, words of their own, words swapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import kernels
from .config import Config
from .fingerprint import Fresh
from .ragged import Array, Ragged, distinct
from .shingle import WEIGHT_BITS, factors, hash_rows, shingle

_BITS = 50  # of a shingle's hash; the 14 above number the rows or pairs of a block
_BLOCK_PAIRS = 1 << 12
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
"""A measured pair of rows. ``relation`` is a place in `dedup.verify.RELATIONS`, -1 for none; ``shared`` counts common distinct
shingles. All others are shares, 0..1: ``fresh`` of the smaller text's fingerprints, those that both have and that do not recur;
``novelty_a`` of a's distinct words by weight, those that b lacks; ``swapped`` of the lighter text's, those that stand in the place of
others (of each place the lighter side counts); ``lead`` of each text's first words, those that the other one has, the smaller of the two;
``similarity`` as `similarities` has it."""


def _shingle_sets(words: Ragged, rows: Array, config: Config) -> Ragged:
    """Return each row as a set of shingles, 50 bits each."""
    if kernels.compiled is not None:
        return _filled(kernels.compiled.shingle_sets, words, rows, factors(config.shingle_words))
    shingles = shingle(words.take(rows), config.shingle_words)
    return distinct(Ragged(shingles.values >> np.uint64(64 - _BITS), shingles.offsets), _BITS)


def _word_sets(words: Ragged, rows: Array) -> Ragged:
    """Return each row as a set of words."""
    if kernels.compiled is not None:
        return _filled(kernels.compiled.word_sets, words, rows)
    return distinct(words.take(rows), 32)


def _filled(loop: Callable[..., int], words: Ragged, rows: Array, *others: Array) -> Ragged:
    """Return the sets that a compiled loop makes of rows of words."""
    values, offsets = np.empty(int(words.lengths[rows].sum()), np.uint64), np.zeros(len(rows) + 1, np.int64)
    loop(words.values, words.offsets, rows, *others, values, offsets)
    return Ragged(values[: offsets[-1]], offsets)


def _common(sets: Ragged, left: Array, right: Array) -> Iterator[tuple[slice, Array, Array]]:
    """Yield for a block of pairs which it is, the number in it of each common value's pair, and the common values."""
    for start in range(0, len(left), _BLOCK_PAIRS):
        block = slice(start, min(start + _BLOCK_PAIRS, len(left)))
        sides = [sets.take(rows[block]) for rows in (left, right)]
        keys = np.concatenate([(side.owners().astype(np.uint64) << np.uint64(_BITS)) | side.values for side in sides])
        keys.sort()
        common = keys[:-1].compress(keys[1:] == keys[:-1])
        yield block, (common >> np.uint64(_BITS)).astype(np.int64), common & np.uint64((1 << _BITS) - 1)


def _shared(sets: Ragged, left: Array, right: Array, mask: int = 0) -> tuple[Array, Array]:
    """Return for each pair of rows how many values both have, and the sum of ``value & mask`` over these, float64."""
    counts, sums = np.zeros(len(left)), np.zeros(len(left))
    if kernels.compiled is not None:
        kernels.compiled.share(sets.values, sets.offsets, left, right, counts, sums, mask)
        return counts, sums
    for block, numbers, values in _common(sets, left, right):
        length = block.stop - block.start
        counts[block] = np.bincount(numbers, minlength=length)
        sums[block] = np.bincount(numbers, weights=values & np.uint64(mask), minlength=length)
    return counts, sums


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def fresh_shares(fresh: Fresh, left: Array, right: Array) -> Array:
    """Return for pairs of rows how many of the fingerprints of the one that has fewer are common and do not recur, as a share."""
    used, one, other = _used(left, right)
    prints, sizes = fresh.fingerprints.take(used), fresh.sizes[used]
    common, _ = _shared(Ragged(prints.values.astype(np.uint64), prints.offsets), one, other)
    return _share(common, np.minimum(sizes[one], sizes[other]))


def measure(words: Ragged, left: Array, right: Array, fresh: Array, config: Config) -> Array:
    """Measure pairs of rows of ``words`` exactly: an array of `PAIR`, without relations, of those that share enough for one or are short.

    ``fresh`` is that of each pair, as `fresh_shares` has it. ``swapped`` is the most that it can be; `dedup.verify.align` finds what it is.
    """
    used, *at = _used(left, right)
    sets = _shingle_sets(words, used, config)
    sizes = sets.lengths.astype(np.float64)
    pairs = np.zeros(len(left), PAIR)
    pairs["left"], pairs["right"], pairs["relation"] = left, right, -1
    shared, _ = _shared(sets, at[0], at[1])
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
    vocabulary = _word_sets(words, used)
    totals, common = _row_weights(vocabulary), _shared(vocabulary, left, right, _WEIGHT)[1]
    own = [totals[side] - common for side in (left, right)]
    for name, side, part in zip("ab", (left, right), own, strict=True):
        pairs[f"novelty_{name}"] = _share(part, totals[side])
    pairs["swapped"] = _share(np.minimum(*own), np.minimum(totals[left], totals[right]))


def _leads(words: Ragged, left: Array, right: Array) -> Array:
    """Return how much of each lead the other text tells, the smaller share of the two."""
    used, one, other = _used(left, right)
    heads = words.take(used).heads(_LEAD)
    vocabulary, leads = _word_sets(words, used), _word_sets(heads, np.arange(len(used)))
    both, totals = Ragged.joined((vocabulary, leads), np.uint64), _row_weights(leads)
    told = [_share(_shared(both, side + len(used), text, _WEIGHT)[1], totals[side]) for side, text in ((one, other), (other, one))]
    least: Array = np.minimum(*told)
    return least


def swapped(words: Ragged, left: Array, right: Array) -> Array:
    """Return for pairs of rows the weight of words that stand in the place of words which the other text lacks, by the lighter side of
    each place, as a share of the lighter text's. It is the same for either order of a pair."""
    left, right = _shorter_first(words, left, right)
    shares = np.full(len(left), -1.0)
    if kernels.compiled is not None:
        kernels.compiled.swapped(words.values, words.offsets, np.ascontiguousarray(left), np.ascontiguousarray(right), shares)
    for place in np.flatnonzero(shares < 0).tolist():  # all without the compiled loop, very long texts with it
        shares[place] = _swapped(words.row(left[place]).tolist(), words.row(right[place]).tolist())
    return shares


def _shorter_first(words: Ragged, left: Array, right: Array) -> tuple[Array, Array]:
    """Return the pairs with the shorter text first, of equally long ones that with the smaller hash: alignments hang on the order."""
    lengths = words.lengths
    turned = lengths[left] > lengths[right]
    equal = np.flatnonzero(lengths[left] == lengths[right])
    turned[equal] = np.greater(*(hash_rows(words.take(side[equal])) for side in (left, right)))
    return np.where(turned, right, left), np.where(turned, left, right)


def _swapped(a: list[int], b: list[int]) -> float:
    from rapidfuzz.distance import Levenshtein

    in_a, in_b = set(a), set(b)
    found = 0
    for step in Levenshtein.opcodes(a, b):
        if step.tag == "replace":
            one = sum(word & _WEIGHT for word in a[step.src_start : step.src_end] if word not in in_b)
            found += min(one, sum(word & _WEIGHT for word in b[step.dest_start : step.dest_end] if word not in in_a))
    lighter = min(sum(word & _WEIGHT for word in each) for each in (in_a, in_b))
    return found / lighter if lighter else 0.0


def are_short(words: Ragged, pairs: Array, config: Config) -> Array:
    """Return of which of these pairs both texts are short: a mask."""
    short = words.lengths < config.short_words
    both: Array = short[pairs["left"]] & short[pairs["right"]]
    return both


def similarities(words: Ragged, left: Array, right: Array) -> Array:
    """Return rapidfuzz's normalized Indel similarity over the words of each pair, 0..1: twice the longest common subsequence by
    the sum of lengths."""
    shares = np.full(len(left), -1.0)
    if kernels.compiled is not None:
        kernels.compiled.similar(words.values, words.offsets, np.ascontiguousarray(left), np.ascontiguousarray(right), shares)
    rest = np.flatnonzero(shares < 0)  # all without the compiled loop, very long texts with it
    if len(rest):
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cpdist

        used, *places = _used(left[rest], right[rest])
        texts = [words.row(row) for row in used.tolist()]
        sides: list[list[Any]] = [[texts[place] for place in side.tolist()] for side in places]
        shares[rest] = cpdist(sides[0], sides[1], scorer=Indel.normalized_similarity, dtype=np.float64)
    return shares
