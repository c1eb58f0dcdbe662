"""Winnowed fingerprints of texts.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003: of every ``window``
consecutive hashes the smallest is kept, so that two texts with a common run of ``window + words - 1`` words keep a common one.
"""

from __future__ import annotations

import numpy as np

from ..arrays.hashing import shingle, winnow
from ..arrays.ragged import Ragged


def fingerprints(words: Ragged, size: int, window: int) -> Ragged:
    """Return the winnowed fingerprints of each row of words, uint32, sorted: of runs of ``size`` words, one of every ``window``."""
    hashes = shingle(words, size)
    return winnow(Ragged((hashes.values >> np.uint64(32)).astype(np.uint32), hashes.offsets), window)
