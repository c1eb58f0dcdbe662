"""Blank texts among many: a record with one may have its text in another field."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array

_FIRST = np.isin(np.arange(256), [b for c in range(0x3001) if chr(c).isspace() for b in chr(c).encode()[:1]])
"""Of each byte, whether a white space of Unicode may begin with it."""


def blank_texts(data: Array, begins: Array, ends: Array) -> Array:
    """Return which texts have nothing but white space. They are UTF-8: in ``data``, uint8, from ``begins`` to ``ends``, int64.

    >>> data = np.frombuffer("a \\N{NO-BREAK SPACE}\\n".encode(), np.uint8)
    >>> blank_texts(data, np.array([0, 1, 5]), np.array([5, 5, 5])).tolist()
    [False, True, True]
    """
    blank: Array = np.equal(begins, ends)
    rows = np.flatnonzero(~blank)
    for row in rows[_FIRST[data[begins[rows]]]].tolist():
        blank[row] = data[begins[row] : ends[row]].tobytes().decode().isspace()
    return blank
