"""Exact search: all pairs of rows that share enough shingles, without sketches. The recall of the other channels is measured by it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..arrays.hashing import shingle
from ..arrays.ragged import Array, Ragged, distinct, equal_runs, sorted_unique

_MATCHES = 4  # shingles of a prefix that a pair must share
_BLOCK = 1 << 22  # pairs of entries that are sorted together


def exact_pairs(words: Ragged, shingle_words: int, share: float) -> tuple[Array, Array]:
    """Return the pairs of rows in which the larger row has at least ``share`` of the smaller row's distinct shingles.

    Pairs with a Jaccard of ``share`` are among them. Rows of fewer than eight distinct shingles are left out. The method is prefix
    filtering: a pair that shares enough also shares some of the rarest shingles of a row (Chaudhuri, Ganti, Kaushik, "A Primitive Operator
    for Similarity Joins", ICDE 2006; with several matches, Bayardo, Ma, Srikant, "Scaling Up All Pairs Similarity Search", WWW 2007).

    >>> from dedup.sketch.shingle import hash_words
    >>> texts = ["one two three four five six seven eight nine ten", "zero one two three four five six seven eight nine", "none"]
    >>> [side.tolist() for side in exact_pairs(hash_words(texts), 3, 0.5)]
    [[0], [1]]
    """
    shingles = shingle(words, shingle_words)
    sets = distinct(Ragged(shingles.values >> np.uint64(14), shingles.offsets), 50)
    sizes, owners = sets.lengths, sets.owners()
    order = np.argsort(sets.values, kind="stable")
    values, holders = sets.values[order], owners[order]
    starts, counts = equal_runs(values)
    bucket = np.empty(len(values), np.int64)
    bucket[order] = np.repeat(np.arange(len(starts)), counts)
    ranked = np.lexsort((sets.values, counts[bucket], owners))  # the entries of each row, rarest first
    place = np.arange(len(ranked)) - np.repeat(sets.offsets[:-1], sizes)
    kept = np.where(sizes >= 2 * _MATCHES, np.minimum(sizes, ((1.0 - share) * sizes).astype(np.int64) + _MATCHES), 0)
    entries = ranked[place < np.repeat(kept, sizes)]
    return _verified(sets, _joined(entries, owners, bucket, starts, counts, holders, sizes), share)


def _joined(entries: Array, owners: Array, bucket: Array, starts: Array, counts: Array, holders: Array, sizes: Array) -> Array:
    """Return the pairs that share enough entries, coded ``row * rows + other``; the row is not larger than the other."""
    rows = np.uint64(max(1, len(sizes)))
    found: list[Array] = []
    ends = np.cumsum(counts[bucket[entries]])
    cuts = np.searchsorted(ends, np.arange(0, ends[-1] if len(ends) else 0, _BLOCK))
    # A block ends at the end of a row, so that the matches of one row are counted together.
    row_starts = np.searchsorted(owners[entries], owners[entries[cuts]]).tolist() if len(entries) else []
    for first, last in pairwise(sorted({*row_starts, 0, len(entries)})):
        chosen = entries[first:last]
        lengths = counts[bucket[chosen]]
        at = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(starts[bucket[chosen]], lengths)
        one, other = np.repeat(owners[chosen], lengths), holders[at]
        smaller = (sizes[one] < sizes[other]) | ((sizes[one] == sizes[other]) & (one < other))
        codes = np.sort(one[smaller].astype(np.uint64) * rows + other[smaller].astype(np.uint64))
        enough = codes[_MATCHES - 1 :] == codes[: len(codes) - _MATCHES + 1]
        found.append(sorted_unique(codes[_MATCHES - 1 :][enough]))
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def _verified(sets: Ragged, codes: Array, share: float) -> tuple[Array, Array]:
    rows = np.uint64(max(1, len(sets)))
    one, other = (codes // rows).astype(np.int64), (codes % rows).astype(np.int64)
    held = [len(np.intersect1d(sets.row(i), sets.row(j), assume_unique=True)) for i, j in zip(one.tolist(), other.tolist(), strict=True)]
    good = np.array(held, np.float64) >= share * sets.lengths[one]
    return np.minimum(one, other)[good], np.maximum(one, other)[good]
