"""Winnowed fingerprints: candidates that share a passage, a guarantee and not a probability.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003: of every ``window``
consecutive hashes the smallest is kept, so that two texts with a common run of ``window + words - 1`` words keep a common one.
"""

from __future__ import annotations

import numpy as np

from .lsh import Run, halves, list_pairs, pack, plan
from .ragged import Array, Ragged

_FEW = 8  # fingerprints of a row below which one in common is enough


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


def candidates(fingerprints: Ragged, rows: Array, limit: int, share: float, run: Run = map) -> tuple[Array, int]:
    """Return the pairs of ``rows`` that share enough fingerprints, sorted, the smaller row in the upper half of each, and how many
    fingerprints were too common.

    Enough are two, and ``share`` of the row that has fewer; a row of few needs to share one. Where more than ``limit`` rows
    hold a fingerprint, a formula as a rule, each is paired with its nearest holders only.
    """
    lengths = fingerprints.lengths
    kept = fingerprints if len(rows) == len(fingerprints) else fingerprints.take(rows)
    packed = pack(kept.values, np.repeat(rows, lengths.take(rows)))
    parts, common = plan(packed, limit, len(fingerprints))

    def found(part: tuple[int, int, int]) -> Array:
        codes, shared = list_pairs(packed, limit, part)
        left, right = halves(codes)
        least = np.minimum(lengths.take(left), lengths.take(right))
        enough: Array = codes.compress((least < _FEW) | (shared >= np.maximum(2, share * least)))
        return enough

    return np.concatenate([np.zeros(0, np.uint64), *run(found, parts)]), common
