"""Buckets of rows that have a key in common: how their members are packed, and which pairs of them count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .ragged import Array

NEAREST = 8  # on either side, in a bucket beyond the limit
STRONGEST = 16  # of a row with too many others
LOWER = np.uint64(0xFFFFFFFF)

Run = Callable[[Callable[[Any], Array], Iterable[Any]], Iterator[Array]]
"""How a function is run for each of some values: ``map``, or that of a pool."""


@dataclass(frozen=True, slots=True)
class Enough:
    """How many keys two rows must share: two, and ``share`` of the one that has fewer; where that has fewer than ``few``, any. A row is
    paired with ``most`` of those that come after it; if there are more, with the sixteen that share most keys with it, of equals the
    nearest."""

    lengths: Array  # keys of each row, int64
    few: int
    share: float
    most: int


def pair_codes(upper: Array, lower: Array) -> Array:
    """Return pairs coded as one number each, uint64: of two rows the smaller is in the upper half."""
    return (upper.astype(np.uint64) << np.uint64(32)) | lower.astype(np.uint64)


def halves(codes: Array) -> tuple[Array, Array]:
    """Return the upper and the lower 32 bits, int64 each: the smaller and the larger row of pairs."""
    return (codes >> np.uint64(32)).astype(np.int64), (codes & LOWER).astype(np.int64)


def strongest(left: Array, right: Array, shared: Array, least: Array, enough: Enough) -> tuple[Array, Array]:
    """Return which of these pairs, sorted, share enough keys and are not left out for stronger ones, a mask, and the rows, each a ``left``,
    that have too many others. ``shared`` counts the keys in common, ``least`` those of the row that has fewer."""
    kept = (least < enough.few) | (shared >= np.maximum(2, enough.share * least))
    places = np.flatnonzero(kept)
    left, right, shared = left[places], right[places], shared[places]
    ranked = np.lexsort((right, -shared, left))
    firsts = np.searchsorted(left, left)  # sorted, in either order
    ranks = np.empty(len(left), np.int64)
    ranks[ranked] = np.arange(len(left)) - firsts
    others = np.searchsorted(left, left, "right") - firsts
    kept[places] = ranks < np.where(others > enough.most, min(enough.most, STRONGEST), enough.most)
    return kept, np.unique(left[others > enough.most])


def bucket_sizes(keys: Array) -> Array:
    """Return for each of these sorted keys how many are equal to it."""
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(keys)))
    return np.repeat(sizes, sizes)


def neighbours(keys: Array, sizes: Array, limit: int) -> Iterator[tuple[Array, Array]]:
    """Yield the places of two members of one bucket, in one of more than ``limit`` members only of those near each other.

    ``keys`` are those of the members, sorted, ``sizes`` counts the members of each one's bucket, of which some may stand elsewhere.
    """
    shared = np.flatnonzero(sizes > 1)
    keys, overfull = keys.take(shared), sizes.take(shared) > limit
    for distance in range(1, min(limit, len(keys))):
        equal = np.flatnonzero((keys[distance:] == keys[:-distance]) & (~overfull[:-distance] | (distance <= NEAREST)))
        if not len(equal):
            return
        yield shared[equal], shared[equal + distance]
