"""Winnowed fingerprints: candidates that share a passage, a guarantee and not a probability.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003: of every ``window``
consecutive hashes the smallest is kept, so that two texts with a common run of ``window + words - 1`` words keep a common one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import kernels
from .buckets import Enough, Run
from .hashing import shingle, winnow
from .lsh import pack, shared_pairs
from .ragged import Array, Ragged

FEW = 8  # fingerprints of a row below which one in common is enough
_BLOCK = 1 << 20  # fingerprints that are looked through at a time
_UPPER = 18  # bits of a fingerprint by which those that recur are found


@dataclass(frozen=True, slots=True)
class Distinctive:
    """The fingerprints of each row that do not recur, how many it has with those that do, int64, and in how many rows they were counted."""

    fingerprints: Ragged
    sizes: Array
    texts: int


def fingerprints(words: Ragged, size: int, window: int) -> Ragged:
    """Return the winnowed fingerprints of each row of words, uint32, sorted: of runs of ``size`` words, one of every ``window``."""
    hashes = shingle(words, size)
    return winnow(Ragged((hashes.values >> np.uint64(32)).astype(np.uint32), hashes.offsets), window)


def frequent_fingerprints(fingerprints: Ragged, rows: Array, recurrence: int) -> Array:
    """Return the fingerprints that more than ``recurrence`` of these rows have, sorted.

    >>> frequent_fingerprints(Ragged(np.array([3, 7, 7, 7], np.uint32), np.array([0, 2, 3, 4])), np.arange(3), 2).tolist()
    [7]
    """
    chosen = np.zeros(len(fingerprints), bool)
    chosen[rows] = True
    values = fingerprints.values[np.repeat(chosen, fingerprints.lengths)]  # a copy, even of all
    values.sort()
    return np.unique(values[recurrence:].compress(values[recurrence:] == values[:-recurrence]))


def distinctive_fingerprints(fingerprints: Ragged, rows: Array, recurrence: int, run: Run = map) -> Distinctive:
    """Return the fingerprints of each row but for those that recur among some rows, as `frequent_fingerprints` has them."""
    often = frequent_fingerprints(fingerprints, rows, recurrence)
    starts = np.searchsorted(often, np.arange(1 << _UPPER, dtype=np.uint64) << np.uint64(32 - _UPPER))
    starts = np.append(starts, len(often))
    engine = kernels.engine()

    def is_kept(start: int) -> Array:
        return engine.are_none_of(fingerprints.values[start : start + _BLOCK], often, starts, 32 - _UPPER)

    sizes = fingerprints.lengths
    kept = np.concatenate([np.zeros(0, bool), *run(is_kept, range(0, len(fingerprints.values), _BLOCK))])
    left = np.zeros(len(sizes), np.int64)
    filled = np.flatnonzero(sizes)
    left[filled] = np.add.reduceat(kept.view(np.uint8), fingerprints.offsets[filled], dtype=np.int64) if len(filled) else 0
    return Distinctive(Ragged(fingerprints.values[kept], np.concatenate(([0], np.cumsum(left)))), sizes, len(rows))


def fingerprint_candidates(fresh: Distinctive, rows: Array, limit: int, share: float, run: Run = map) -> tuple[Array, Array]:
    """Return the pairs of ``rows`` that share enough fingerprints that do not recur, sorted, the smaller row in the upper half of each;
    and those rows that are crowded, as `dedup.lsh.shared_pairs` has it.

    Enough are two, and ``share`` of the row that has fewer; a row of few needs to share one.
    """
    enough = Enough(fresh.sizes, FEW, share, limit)
    codes, crowded = shared_pairs(pack(fresh.fingerprints, rows), limit, enough, run)
    return codes, np.flatnonzero(crowded)
