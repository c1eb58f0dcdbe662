"""Copies of one text, each of which matches what the first of them matches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product


def pairs_between(left: Sequence[int], right: Sequence[int], limit: int) -> Iterable[tuple[int, int]]:
    """Return the pairs of copies of two texts; where there are more than ``limit`` the first ones stand for all.

    >>> [*pairs_between([1, 4], [2], 64)], [*pairs_between([1, 4], [2], 1)]
    ([(1, 2), (4, 2)], [(1, 2)])
    """
    return product(left, right) if len(left) * len(right) <= limit else ((left[0], right[0]),)


def pairs_among(rows: Sequence[int], limit: int) -> Iterable[tuple[int, int]]:
    """Return the pairs of copies of one text; of more than ``limit`` copies each is paired with the first.

    >>> [*pairs_among([1, 4, 6], 64)], [*pairs_among([1, 4, 6], 2)]
    ([(1, 4), (1, 6), (4, 6)], [(1, 4), (1, 6)])
    """
    return combinations(rows, 2) if len(rows) <= limit else product(rows[:1], rows[1:])
