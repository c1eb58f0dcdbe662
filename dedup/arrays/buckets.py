"""Buckets: rows that have a key in common, how pairs of them are coded, and which of these pairs are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .ragged import Array, equal_runs, sorted_unique

NEAREST = 8  # members on either side that a member of an overfull bucket is paired with
STRONGEST = 16  # pairs that a row keeps if it has too many
LOWER = np.uint64(0xFFFFFFFF)

Mapper = Callable[[Callable[[Any], Array], Iterable[Any]], Iterator[Array]]
"""What calls a function for each of some values: ``map``, or the ``map`` of a pool of threads."""


@dataclass(frozen=True, slots=True)
class Enough:
    """How many keys two rows must share to be a pair, and how many pairs a row may have.

    Two rows must share two keys, and at least ``share`` of the keys of the row that has fewer. If that row has fewer than ``few`` keys, one
    shared key is enough. A row is paired with up to ``most`` later rows. If there are more, it is overfull: it is paired with the sixteen
    that share most keys with it; of equals the nearest come first.
    """

    lengths: Array  # keys of each row, int64
    few: int
    share: float
    most: int


def pair_codes(upper: Array, lower: Array) -> Array:
    """Return each pair as one number, uint64: the first row in the upper 32 bits, the second in the lower ones."""
    return (upper.astype(np.uint64) << np.uint64(32)) | lower.astype(np.uint64)


def halves(codes: Array) -> tuple[Array, Array]:
    """Return the two rows of each coded pair, int64: the upper and the lower 32 bits."""
    return (codes >> np.uint64(32)).astype(np.int64), (codes & LOWER).astype(np.int64)


def keep_strongest(left: Array, right: Array, shared: Array, least: Array, enough: Enough) -> tuple[Array, Array]:
    """Return which of these sorted pairs are kept, as a mask, and the overfull rows, those with too many pairs, as row numbers.

    A pair is kept if its rows share enough keys and stronger pairs do not replace it (see `Enough`). ``shared`` is the number of keys in
    common, ``least`` the number of keys of the row that has fewer.
    """
    kept = (least < enough.few) | (shared >= np.maximum(2, enough.share * least))
    places = np.flatnonzero(kept)
    left, right, shared = left[places], right[places], shared[places]
    ranked = np.lexsort((right, -shared, left))
    firsts = np.searchsorted(left, left)  # sorted, in either order
    ranks = np.empty(len(left), np.int64)
    ranks[ranked] = np.arange(len(left)) - firsts
    others = np.searchsorted(left, left, "right") - firsts
    kept[places] = ranks < np.where(others > enough.most, min(enough.most, STRONGEST), enough.most)
    return kept, sorted_unique(left[others > enough.most])


def bucket_sizes(keys: Array) -> Array:
    """Return for each of these sorted keys how many of them are equal to it."""
    _, sizes = equal_runs(keys)
    return np.repeat(sizes, sizes)


def neighbours(keys: Array, sizes: Array, limit: int) -> Iterator[tuple[Array, Array]]:
    """Yield the places of pairs of members of one bucket. In an overfull bucket, of more than ``limit`` members, only near ones are paired.

    ``keys`` are the sorted keys of the members. ``sizes`` is the number of members of each member's bucket; some may not be in ``keys``.
    """
    shared = np.flatnonzero(sizes > 1)
    keys, overfull = keys.take(shared), sizes.take(shared) > limit
    for distance in range(1, min(limit, len(keys))):
        equal = np.flatnonzero((keys[distance:] == keys[:-distance]) & (~overfull[:-distance] | (distance <= NEAREST)))
        if not len(equal):
            return
        yield shared[equal], shared[equal + distance]
