"""Document frequency: a fingerprint that too many texts have recurs. It is no evidence and proposes no pair. All others are distinctive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import kernels
from ..arrays.buckets import Mapper
from ..arrays.ragged import Array, Ragged, is_among
from .lsh import pack_members


@dataclass(frozen=True, slots=True)
class Distinctive:
    """The distinctive fingerprints of each row, as members of buckets."""

    fingerprints: Ragged  # of all rows, also those that recur
    recurring: Array  # fingerprints, uint32, sorted
    rows: Array  # whose members of buckets these are: at first those in which document frequencies were counted
    members: Array  # without those that recur, as `pack_members` has them

    def among(self, rows: Array, mapper: Mapper = map) -> Distinctive:
        """Return the distinctive fingerprints of some rows."""
        if np.array_equal(rows, self.rows):
            return self
        members = pack_members(self.fingerprints, rows, mapper)
        recurs = is_among((members >> np.uint64(32)).astype(np.uint32), self.recurring)
        return Distinctive(self.fingerprints, self.recurring, rows, members[~recurs])


def distinctive_fingerprints(fingerprints: Ragged, rows: Array, recurrence: int, mapper: Mapper = map) -> Distinctive:
    """Return the distinctive fingerprints: those with a document frequency of at most ``recurrence`` in ``rows``.

    >>> found = distinctive_fingerprints(Ragged(np.array([3, 7, 7, 7], np.uint32), np.array([0, 2, 3, 4])), np.arange(3), 2)
    >>> found.recurring.tolist(), (found.members >> np.uint64(32)).tolist()
    ([7], [3])
    """
    members, recurring = kernels.engine().drop_frequent(pack_members(fingerprints, rows, mapper), recurrence)
    return Distinctive(fingerprints, recurring, rows, members)
