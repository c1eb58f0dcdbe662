"""Winnowing: the fingerprints of texts.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003: of every ``window``
consecutive hashes the smallest is kept, so that two texts with a common run of ``window + size - 1`` words have a common fingerprint.
"""

from __future__ import annotations

import numpy as np

from ..arrays.hashing import shingle, winnow
from ..arrays.ragged import Ragged


def fingerprints(words: Ragged, size: int, window: int) -> Ragged:
    """Return the fingerprints of each row of words, uint32, sorted: of every ``window`` runs of ``size`` words the smallest hash."""
    hashes = shingle(words, size)
    return winnow(Ragged((hashes.values >> np.uint64(32)).astype(np.uint32), hashes.offsets), window)
