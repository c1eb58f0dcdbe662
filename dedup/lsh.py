"""Signatures to candidates: banding, and the probability curve that the bands follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from . import kernels
from .ragged import Array, sorted_unique
from .shingle import mix64

_NEAREST = 8  # in a bucket beyond the limit
_BLOCK = 1 << 21  # pairs that are sorted at a time
_BANDS = 6  # bands of one task
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


def pair_codes(smaller: Array, larger: Array) -> Array:
    """Return pairs of rows coded as one number each, uint64: the smaller in the upper half."""
    return (smaller.astype(np.uint64) << np.uint64(32)) | larger.astype(np.uint64)


def halves(codes: Array) -> tuple[Array, Array]:
    """Return the upper and the lower 32 bits, int64 each: the smaller and the larger row of pairs."""
    return (codes >> np.uint64(32)).astype(np.int64), (codes & _LOWER).astype(np.int64)


def pack(keys: Array, owners: Array) -> Array:
    """Return the members of buckets, uint64 sorted: a key below 2**32 in the upper half, its owner in the lower one."""
    packed = keys.astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= owners.astype(np.uint64)
    packed.sort()  # far faster than a sort by two keys
    return packed


def plan(packed: Array, limit: int, owners: int) -> tuple[list[tuple[int, int, int]], int]:
    """Divide the pairs of owners that share a key, for `list_pairs`; return the parts, and how many keys have more than ``limit``
    members. ``packed`` as made by `pack`, owners below ``owners``."""
    if kernels.compiled is None:
        _, sizes = _crowds(packed >> np.uint64(32))
        return [(0, owners, 0)], len(np.unique(packed[sizes > limit] >> np.uint64(32)))
    counts = np.zeros(owners, np.uint32)
    crowded: int = kernels.compiled.count_pairs(packed, counts, limit, _NEAREST)
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if owners else 0
    cuts = sorted({0, owners, *np.searchsorted(ends, np.arange(_BLOCK, total, _BLOCK)).tolist()})
    return [(low, high, int(ends[high - 1] - (ends[low - 1] if low else 0))) for low, high in pairwise(cuts)], crowded


def list_pairs(packed: Array, limit: int, part: tuple[int, int, int]) -> tuple[Array, Array]:
    """Return the pairs of one part of a `plan`, each once, sorted, the smaller owner in the upper half, and how many keys each pair shares.

    In a bucket of more than ``limit`` members each is paired with its nearest eight on either side, in the order of owners.

    >>> packed = pack(np.array([7, 5, 7]), np.array([0, 1, 2]))
    >>> parts, crowded = plan(packed, 10, 3)
    >>> codes, shared = list_pairs(packed, 10, parts[0])
    >>> [side.tolist() for side in halves(codes)], shared.tolist(), crowded
    ([[0], [2]], [1], 0)
    """
    low, high, room = part
    if kernels.compiled is not None:
        codes = np.empty(room, np.uint64)
        kernels.compiled.list_pairs(packed, codes, limit, _NEAREST, low, high)
    else:
        codes = np.concatenate([np.zeros(0, np.uint64), *_neighbours(packed, limit)])
    codes.sort()
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))) if len(codes) else np.zeros(0, np.int64)
    return codes.take(starts), np.diff(np.append(starts, len(codes)))


def _crowds(keys: Array) -> tuple[Array, Array]:
    """Return which of these sorted keys stand beside an equal one, and for each how many are equal to it."""
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(keys)))
    sizes = np.repeat(sizes, sizes)
    return sizes > 1, sizes


def _neighbours(packed: Array, limit: int) -> Iterator[Array]:
    """Yield the pairs of two owners of one key, in a crowded bucket only those near each other."""
    shared, sizes = _crowds(packed >> np.uint64(32))
    packed, crowded = packed.compress(shared), sizes.compress(shared) > limit
    keys, owners = packed >> np.uint64(32), packed & _LOWER
    for distance in range(1, min(limit, len(keys))):
        equal = np.flatnonzero((keys[distance:] == keys[:-distance]) & (~crowded[:-distance] | (distance <= _NEAREST)))
        if not len(equal):
            return
        left, right = owners[equal], owners[equal + distance]
        yield ((left << np.uint64(32)) | right).compress(left != right)


def candidates(signatures: Array, rows: Array, bands: Bands, limit: int, run: Run = map) -> Array:
    """Return the pairs of ``rows`` that share a band, sorted, the smaller row in the upper half of each.

    ``signatures`` has shape ``(rows, num_perm)``, uint32.
    """

    def found(first: int) -> Array:
        pairs = [np.zeros(0, np.uint64)]
        for band in range(first, min(first + _BANDS, bands.bands)):
            keys = np.full(len(rows), band, np.uint64)
            for column in range(band * bands.rows, (band + 1) * bands.rows):
                keys = mix64(keys ^ signatures[:, column].take(rows))
            packed = pack(keys >> np.uint64(32), rows)
            pairs += [list_pairs(packed, limit, part)[0] for part in plan(packed, limit, len(signatures))[0]]
        return sorted_unique(np.concatenate(pairs))

    return sorted_unique(np.concatenate([*run(found, range(0, bands.bands, _BANDS))]))
