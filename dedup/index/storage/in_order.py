"""Values of 64 bits in order: postings, and codes of pairs."""

from __future__ import annotations

import numpy as np

from ... import kernels
from ...arrays.ragged import Array


def in_order(*parts: Array) -> Array:
    """Return the values of arrays together, uint64, sorted.

    >>> in_order(np.array([3, 9], np.uint64), np.array([4], np.uint64)).tolist()
    [3, 4, 9]
    """
    values = np.concatenate(parts)
    kernels.engine().sort_above(values, 0)
    return values


def distinct_in_order(*parts: Array) -> Array:
    """Return the values of arrays together, uint64, sorted, each once.

    >>> distinct_in_order(np.array([3, 9], np.uint64), np.array([3], np.uint64)).tolist()
    [3, 9]
    """
    values = in_order(*parts)
    kept = np.ones(len(values), bool)
    kept[1:] = values[1:] != values[:-1]
    return values[kept]
