"""Fingerprints to candidates: pairs of texts that share a passage. They are found for certain, not with a probability."""

from __future__ import annotations

import numpy as np

from ..arrays.buckets import Enough, Mapper
from ..arrays.ragged import Array
from .document_frequency import Distinctive
from .lsh import shared_pairs

FEW = 8  # with fewer fingerprints than this in a row, one shared fingerprint is enough


def fingerprint_candidates(distinctive: Distinctive, limit: int, share: float, mapper: Mapper = map) -> tuple[Array, Array]:
    """Return the candidates among the rows of ``distinctive``, sorted, as `pair_codes` makes them, and the overfull rows, as `shared_pairs`
    defines them.

    A candidate shares two distinctive fingerprints, and at least ``share`` of all fingerprints of the row that has fewer. If that row has
    fewer than `FEW`, one is enough.
    """
    enough = Enough(distinctive.fingerprints.lengths, FEW, share, limit)
    codes, overfull = shared_pairs(distinctive.members, limit, enough, mapper)
    return codes, np.flatnonzero(overfull)
