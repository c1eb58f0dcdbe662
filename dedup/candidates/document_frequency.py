"""Document frequency: a fingerprint that too many texts have recurs. It is no evidence and proposes no pair. All others are distinctive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import kernels
from ..arrays.buckets import Mapper
from ..arrays.ragged import Array, Ragged, part_starts
from .lsh import pack_members

_BLOCK = 1 << 20  # fingerprints that are looked through at a time
_UPPER = 18  # upper bits of a fingerprint, by which recurring ones are looked up


@dataclass(frozen=True, slots=True)
class Distinctive:
    """The distinctive fingerprints of each row."""

    fingerprints: Ragged
    sizes: Array  # the number of all fingerprints of each row, int64
    counted: Array  # the rows in which document frequencies were counted
    members: Array  # the members of buckets of these rows, as `pack_members` has them

    def members_of(self, rows: Array, mapper: Mapper = map) -> Array:
        """Return the members of buckets of some rows."""
        return self.members if np.array_equal(rows, self.counted) else pack_members(self.fingerprints, rows, mapper)


def distinctive_fingerprints(fingerprints: Ragged, rows: Array, recurrence: int, mapper: Mapper = map) -> Distinctive:
    """Return the distinctive fingerprints of all rows: those with a document frequency of at most ``recurrence`` in ``rows``.

    >>> prints = Ragged(np.array([3, 7, 7, 7], np.uint32), np.array([0, 2, 3, 4]))
    >>> distinctive_fingerprints(prints, np.arange(3), 2).fingerprints.values.tolist()
    [3]
    """
    engine = kernels.engine()
    members, often = engine.drop_frequent(pack_members(fingerprints, rows, mapper), recurrence)
    starts = part_starts(often, 32 - _UPPER)

    def is_kept(start: int) -> Array:
        return engine.are_none_of(fingerprints.values[start : start + _BLOCK], often, starts, 32 - _UPPER)

    sizes = fingerprints.lengths
    kept = np.concatenate([np.zeros(0, bool), *mapper(is_kept, range(0, len(fingerprints.values), _BLOCK))])
    left = np.zeros(len(sizes), np.int64)
    filled = np.flatnonzero(sizes)
    left[filled] = np.add.reduceat(kept.view(np.uint8), fingerprints.offsets[filled], dtype=np.int64) if len(filled) else 0
    return Distinctive(Ragged(fingerprints.values[kept], np.concatenate(([0], np.cumsum(left)))), sizes, rows, members)
