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


def wide_fingerprints(words: Ragged, size: int, window: int) -> Ragged:
    """Return fingerprints of 64 bits, uint64, sorted. Their upper halves are the `fingerprints` of the row.

    >>> import numpy as np
    >>> words = Ragged(np.arange(40, dtype=np.uint32), np.array([0, 30, 40]))
    >>> wide, narrow = wide_fingerprints(words, 4, 3), fingerprints(words, 4, 3)
    >>> (wide.values >> np.uint64(32)).tolist() == narrow.values.tolist()
    True
    """
    return winnow(shingle(words, size), window)
