"""Document frequency: a fingerprint that too many texts have recurs. It is no evidence and proposes no pair. All others are distinctive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import kernels
from ..arrays.buckets import Mapper
from ..arrays.ragged import Array, Ragged, part_starts, sorted_unique

_BLOCK = 1 << 20  # fingerprints that are looked through at a time
_UPPER = 18  # upper bits of a fingerprint, by which recurring ones are looked up


@dataclass(frozen=True, slots=True)
class Distinctive:
    """The distinctive fingerprints of each row."""

    fingerprints: Ragged
    sizes: Array  # the number of all fingerprints of each row, int64
    texts: int  # the number of texts in which document frequencies were counted


def frequent_fingerprints(fingerprints: Ragged, rows: Array, recurrence: int) -> Array:
    """Return the fingerprints with a document frequency of more than ``recurrence`` in these rows, sorted.

    >>> frequent_fingerprints(Ragged(np.array([3, 7, 7, 7], np.uint32), np.array([0, 2, 3, 4])), np.arange(3), 2).tolist()
    [7]
    """
    chosen = np.zeros(len(fingerprints), bool)
    chosen[rows] = True
    values = fingerprints.values[np.repeat(chosen, fingerprints.lengths)]  # a copy, even of all
    values.sort()
    return sorted_unique(values[recurrence:].compress(values[recurrence:] == values[:-recurrence]))


def distinctive_fingerprints(fingerprints: Ragged, rows: Array, recurrence: int, mapper: Mapper = map) -> Distinctive:
    """Return the distinctive fingerprints of all rows: those that are not among the `frequent_fingerprints` of ``rows``."""
    often = frequent_fingerprints(fingerprints, rows, recurrence)
    starts = part_starts(often, 32 - _UPPER)
    engine = kernels.engine()

    def is_kept(start: int) -> Array:
        return engine.are_none_of(fingerprints.values[start : start + _BLOCK], often, starts, 32 - _UPPER)

    sizes = fingerprints.lengths
    kept = np.concatenate([np.zeros(0, bool), *mapper(is_kept, range(0, len(fingerprints.values), _BLOCK))])
    left = np.zeros(len(sizes), np.int64)
    filled = np.flatnonzero(sizes)
    left[filled] = np.add.reduceat(kept.view(np.uint8), fingerprints.offsets[filled], dtype=np.int64) if len(filled) else 0
    return Distinctive(Ragged(fingerprints.values[kept], np.concatenate(([0], np.cumsum(left)))), sizes, len(rows))
