"""Fingerprints to candidates: pairs of texts that share a passage, by a guarantee and not by a probability."""

from __future__ import annotations

import numpy as np

from ..arrays.buckets import Enough, Run
from ..arrays.ragged import Array
from .document_frequency import Distinctive
from .lsh import pack, shared_pairs

FEW = 8  # fingerprints of a row below which one in common is enough


def fingerprint_candidates(fresh: Distinctive, rows: Array, limit: int, share: float, run: Run = map) -> tuple[Array, Array]:
    """Return the pairs of ``rows`` that share enough fingerprints that do not recur, sorted, the smaller row in the upper half of each;
    and those rows that are overfull, as `shared_pairs` has it.

    Enough are two, and ``share`` of the row that has fewer; a row of few needs to share one.
    """
    enough = Enough(fresh.sizes, FEW, share, limit)
    codes, overfull = shared_pairs(pack(fresh.fingerprints, rows), limit, enough, run)
    return codes, np.flatnonzero(overfull)
