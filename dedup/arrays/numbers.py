"""Numbers for strings, and rows of such numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from .ragged import Ragged


class Numbers(dict[str, int]):
    """Numbers of strings, from 0, in the order in which they are first asked for.

    >>> numbers = Numbers()
    >>> numbers["port"], numbers["opens"], numbers["port"]
    (0, 1, 0)
    """

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def ragged(lists: Sequence[Sequence[int]]) -> Ragged:
    """Return lists of numbers as rows, int64.

    >>> ragged([[3, 1], [], [2]]).lengths.tolist()
    [2, 0, 1]
    """
    offsets = np.cumsum([0, *map(len, lists)])
    return Ragged(np.fromiter(chain.from_iterable(lists), np.int64, int(offsets[-1])), offsets)
