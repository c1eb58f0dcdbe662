"""Winnowed fingerprints: candidates that share a passage, a guarantee and not a probability.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003: of every ``window``
consecutive hashes the smallest is kept, so that two texts with a common run of ``window + words - 1`` words keep a common one.
"""

from __future__ import annotations

import numpy as np

from .lsh import Enough, Run, pack, shared_pairs
from .ragged import Array, Ragged
from .shingle import shingle

_FEW = 8  # fingerprints of a row below which one in common is enough


def fingerprints(words: Ragged, size: int, window: int) -> Ragged:
    """Return the winnowed fingerprints of each row of words, uint32: of runs of ``size`` words, one at least of every ``window``."""
    hashes = shingle(words, size)
    return winnow(Ragged((hashes.values >> np.uint64(32)).astype(np.uint32), hashes.offsets), window)


def winnow(hashes: Ragged, window: int) -> Ragged:
    """Return the fingerprints of each row: the smallest of every ``window`` consecutive hashes, repeated ones once.

    A row shorter than the window keeps its smallest.

    >>> winnow(Ragged(np.array([5, 2, 9, 8, 7], np.uint64), np.array([0, 5])), 3).values.tolist()
    [2, 7]
    """
    lowest, span = hashes.values.copy(), 1
    while span < window:
        step = min(span, window - span)
        lowest[:-step] = np.minimum(lowest[:-step], lowest[step:])
        span += step
    mask, offsets, short = hashes.window_starts(window)
    filled = np.flatnonzero(hashes.lengths)
    if len(short):
        smallest = np.minimum.reduceat(hashes.values, hashes.offsets[filled])
        lowest[hashes.offsets[short]] = smallest[np.searchsorted(filled, short)]
    return _without_repeats(Ragged(lowest.compress(mask), offsets))


def _without_repeats(rows: Ragged) -> Ragged:
    owners = rows.owners()
    new = np.ones(len(rows.values), bool)
    new[1:] = (rows.values[1:] != rows.values[:-1]) | (owners[1:] != owners[:-1])
    counts = np.bincount(owners.compress(new), minlength=len(rows))
    return Ragged(rows.values.compress(new), np.concatenate(([0], np.cumsum(counts))))


def candidates(fingerprints: Ragged, rows: Array, limit: int, share: float, most: int, run: Run = map) -> tuple[Array, int, int]:
    """Return the pairs of ``rows`` that share enough fingerprints, sorted, the smaller row in the upper half of each; how many
    fingerprints were too common; and how many rows share enough with more than ``most`` others.

    Enough are two, and ``share`` of the row that has fewer; a row of few needs to share one. Where more than ``limit`` rows
    hold a fingerprint, a formula as a rule, each is paired with its nearest holders only.
    """
    return shared_pairs(pack(fingerprints, rows), limit, Enough(fingerprints.lengths, _FEW, share, most), run)
