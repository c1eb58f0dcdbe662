"""Signatures to candidates: banding, and the probability curve that the bands follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from . import kernels
from .ragged import Array, Ragged
from .shingle import mix64

NEAREST = 8  # on either side, in a bucket beyond the limit
STRONGEST = 16  # of a row with too many others
_PART = 1 << 22  # members of buckets that one task pairs with others
_BLOCK = 1 << 11  # rows whose bands are hashed at a time, so that they stay in the caches
_MOST = (1 << 31) - 1  # members that the compiled loop can tell apart
_ROOM = 1 << 18  # pairs that it may find, or it starts again with more room
_LOWER = np.uint64(0xFFFFFFFF)

Run = Callable[[Callable[[Any], Array], Iterable[Any]], Iterator[Array]]
"""How a function is run for each of some values: ``map``, or that of a pool."""


@dataclass(frozen=True, slots=True)
class Bands:
    """``bands`` bands of ``rows`` signature values each."""

    bands: int
    rows: int

    def probability(self, jaccard: float) -> float:
        """Return the probability that a pair of this Jaccard shares a band: ``1 - (1 - jaccard**rows)**bands``.

        Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4.

        >>> round(Bands(9, 13).probability(0.8), 2), Bands(9, 13).probability(0.0), Bands(9, 13).probability(1.0)
        (0.4, 0.0, 1.0)
        """
        return float(1.0 - (1.0 - jaccard**self.rows) ** self.bands)


@cache
def choose_bands(num_perm: int, threshold: float, recall: float) -> Bands:
    """Return the fewest candidates' bands that reach ``recall`` at ``threshold``: as many rows as the recall allows.

    Where no split of ``num_perm`` reaches it, every value is a band of its own, the most that can be had.

    >>> choose_bands(128, 0.5, 0.99)
    Bands(bands=42, rows=3)
    >>> choose_bands(16, 0.05, 0.99)
    Bands(bands=16, rows=1)
    """
    for rows in range(num_perm, 0, -1):
        chosen = Bands(num_perm // rows, rows)
        if chosen.probability(threshold) >= recall:
            return chosen
    return Bands(num_perm, 1)


def pair_codes(upper: Array, lower: Array) -> Array:
    """Return pairs coded as one number each, uint64: of two rows the smaller is in the upper half."""
    return (upper.astype(np.uint64) << np.uint64(32)) | lower.astype(np.uint64)


def halves(codes: Array) -> tuple[Array, Array]:
    """Return the upper and the lower 32 bits, int64 each: the smaller and the larger row of pairs."""
    return (codes >> np.uint64(32)).astype(np.int64), (codes & _LOWER).astype(np.int64)


def pack(keys: Ragged, rows: Array) -> Array:
    """Return the members of buckets, uint64 sorted: a key of these rows in the upper half, below 2**32, its row in the lower one."""
    if kernels.compiled is not None:
        packed = np.empty(int(keys.lengths[rows].sum()), np.uint64)
        kernels.compiled.pack_rows(keys.values, keys.offsets, rows, packed)
    else:
        taken = keys.take(rows)
        packed = pair_codes(taken.values, rows[taken.owners()])
    packed.sort()  # far faster than a sort by two keys
    return packed


@dataclass(frozen=True, slots=True)
class Enough:
    """How many keys two rows must share: two, and ``share`` of the one that has fewer; where that has fewer than ``few``, any. A row is
    paired with ``most`` of those that come after it; if there are more, with the sixteen that share most keys with it, of equals the
    nearest."""

    lengths: Array  # keys of each row, int64
    few: int
    share: float
    most: int


def shared_pairs(packed: Array, limit: int, enough: Enough, run: Run = map) -> tuple[Array, Array]:
    """Return the pairs of rows that share enough keys, sorted, as `pair_codes` has them, and which rows are crowded, a mask: those that
    share a key with more than ``limit`` rows, or enough with more than ``enough.most``.

    ``packed`` as made by `pack`. In the bucket of a key of more than ``limit`` rows each is paired with its nearest eight on either side.

    >>> packed = pack(Ragged(np.array([7, 5, 7], np.uint32), np.array([0, 1, 2, 3])), np.arange(3))
    >>> codes, crowded = shared_pairs(packed, 10, Enough(np.ones(3, np.int64), 2, 0.0, 10))
    >>> [side.tolist() for side in halves(codes)], crowded.any()
    ([[0], [2]], np.False_)
    """
    if kernels.compiled is None or len(packed) > _MOST:
        return _shared_pairs(packed, limit, enough)
    loop, rows = kernels.compiled.shared_pairs, len(enough.lengths)
    offsets, places, crowded = np.zeros(rows + 1, np.int64), np.empty(len(packed), np.uint32), np.zeros(rows, np.uint8)
    kernels.compiled.index_members(packed, offsets, places, crowded, limit)

    settings = limit, min(NEAREST, limit - 1), enough.most, min(enough.most, STRONGEST), enough.few, enough.share

    def found(part: tuple[int, int]) -> Array:
        room = _ROOM
        while True:
            codes = np.empty(room, np.uint64)
            count = loop(packed, offsets, places, enough.lengths, codes, crowded, *settings, *part)
            if count >= 0:
                return np.sort(codes[:count])
            room *= 4

    cuts = sorted({0, rows, *np.searchsorted(offsets, np.arange(0, offsets[-1], _PART)).tolist()})
    return np.concatenate([np.zeros(0, np.uint64), *run(found, pairwise(cuts))]), crowded.view(bool)


def _shared_pairs(packed: Array, limit: int, enough: Enough) -> tuple[Array, Array]:
    """Do with numpy what `shared_pairs` does."""
    keys, owners = packed >> np.uint64(32), packed & _LOWER
    sizes = _sizes(keys)
    places = neighbours(keys, sizes, limit)
    codes = np.sort(np.concatenate([np.zeros(0, np.uint64), *(pair_codes(owners[one], owners[other]) for one, other in places)]))
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))) if len(codes) else np.zeros(0, np.int64)
    codes, shared = codes[starts], np.diff(np.append(starts, len(codes)))
    left, right = halves(codes)
    kept = left != right  # two keys of one row may be equal
    codes, shared, left, right = codes[kept], shared[kept], left[kept], right[kept]
    few, too_many = strongest(left, right, shared, np.minimum(enough.lengths[left], enough.lengths[right]), enough)
    crowded = np.zeros(len(enough.lengths), bool)
    crowded[too_many] = True
    crowded[owners[sizes > limit].astype(np.int64)] = True
    return codes[few], crowded


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


def _sizes(keys: Array) -> Array:
    """Return for each of these sorted keys how many are equal to it."""
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(keys)))
    return np.repeat(sizes, sizes)


def neighbours(keys: Array, sizes: Array, limit: int) -> Iterator[tuple[Array, Array]]:
    """Yield the places of two members of one bucket, in one of more than ``limit`` members only of those near each other.

    ``keys`` are those of the members, sorted, ``sizes`` counts the members of each one's bucket, of which some may stand elsewhere.
    """
    shared = np.flatnonzero(sizes > 1)
    keys, crowded = keys.take(shared), sizes.take(shared) > limit
    for distance in range(1, min(limit, len(keys))):
        equal = np.flatnonzero((keys[distance:] == keys[:-distance]) & (~crowded[:-distance] | (distance <= NEAREST)))
        if not len(equal):
            return
        yield shared[equal], shared[equal + distance]


def band_keys(signatures: Array, bands: Bands, *, wide: bool = False) -> Array:
    """Return the keys of the bands of signatures, of shape ``(rows, bands)``: uint32, or ``wide`` uint64, of which `row_bits` tells how
    much counts."""
    block = signatures[:, : bands.bands * bands.rows].reshape(-1, bands.bands, bands.rows)
    keys = np.broadcast_to(mix64(np.arange(1, bands.bands + 1, dtype=np.uint64)), block.shape[:2])
    for place in range(bands.rows):
        keys = mix64(keys ^ block[:, :, place])
    return keys if wide else (keys >> np.uint64(32)).astype(np.uint32)


def row_bits(rows: int) -> int:
    """Return how many of the lower bits of a wide key give way to the number of a row, where there are so many rows.

    >>> row_bits(1), row_bits(1 << 20), row_bits((1 << 20) + 1)
    (0, 20, 21)
    """
    return max(0, rows - 1).bit_length()


def candidates(signatures: Array, rows: Array, bands: Bands, limit: int, run: Run = map) -> tuple[Array, Array]:
    """Return the pairs of ``rows`` that share a band, sorted, the smaller row in the upper half of each, and those rows that are
    crowded, as `shared_pairs` has it.

    ``signatures`` has shape ``(rows, num_perm)``, uint32.
    """
    packed = np.empty((len(rows), bands.bands), np.uint64)
    own = np.uint64((1 << row_bits(len(rows))) - 1)

    def fill(start: int) -> Array:
        part = slice(start, start + _BLOCK)
        keys = band_keys(signatures.take(rows[part], axis=0), bands, wide=True)
        packed[part] = (keys & ~own) | np.arange(start, start + len(keys), dtype=np.uint64)[:, None]
        return packed[part]

    for _ in run(fill, range(0, len(rows), _BLOCK)):
        pass
    codes, crowded = shared_pairs(_numbered(packed.reshape(-1), own), limit, Enough(np.zeros(len(rows), np.int64), 1, 0.0, limit), run)
    left, right = halves(codes)
    return pair_codes(rows[left], rows[right]), rows[crowded]


def _numbered(packed: Array, own: np.uint64) -> Array:
    """Return members of buckets, a key above the bits of ``own`` and a row in these, as `pack` has them, buckets of one left out: a key is
    the number of its bucket."""
    packed.sort()
    same = (packed[1:] ^ packed[:-1]) <= own
    edge = np.zeros(min(1, len(packed)), bool)
    shared = np.concatenate((edge, same)) | np.concatenate((same, edge))
    packed = packed.compress(shared)
    numbers = np.cumsum(~np.concatenate((edge, same)).compress(shared), dtype=np.uint64)
    return pair_codes(numbers, packed & own)
