"""Signatures to candidates: banding, and the probability curve that the bands follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .ragged import Array, sorted_unique
from .shingle import mix64

_UNMERGED = 1 << 24  # pairs of several bands that are kept before repeated ones are dropped
_NEAREST = 8  # in a bucket beyond the limit


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


def _crowds(keys: Array) -> tuple[Array, Array]:
    """Return which of these sorted keys stand beside an equal one, and for each of these how many are equal to it."""
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(keys)))
    shared = sizes > 1
    return np.repeat(shared, sizes), np.repeat(sizes[shared], sizes[shared])


def _neighbours(keys: Array, owners: Array, crowded: Array, limit: int) -> Iterator[tuple[Array, Array]]:
    """Yield owners whose keys are equal, in a crowded bucket only those near each other. ``keys`` are sorted."""
    for distance in range(1, min(limit, len(keys))):
        equal = np.flatnonzero((keys[distance:] == keys[:-distance]) & (~crowded[:-distance] | (distance <= _NEAREST)))
        if not len(equal):
            return
        yield owners[equal], owners[equal + distance]


def bucket_pairs(keys: Array, owners: Array, limit: int, total: int) -> tuple[Array, Array, int]:
    """Return the pairs of owners that share a key, coded ``smaller * total + larger``, uint64, sorted, each once; how many each shares;
    and how many keys had more than ``limit`` members.

    Keys and owners are below 2**32, owners below ``total``. In a bucket of more than ``limit`` members each is paired with its nearest
    eight on either side, in the order of owners.

    >>> codes, shared, crowded = bucket_pairs(np.array([7, 5, 7]), np.array([0, 1, 2]), 10, 3)
    >>> codes.tolist(), shared.tolist(), crowded
    ([2], [1], 0)
    """
    packed = keys.astype(np.uint64) << np.uint64(32)
    packed |= owners.astype(np.uint64)
    packed.sort()  # far faster than a sort by two keys
    kept, sizes = _crowds((packed >> np.uint64(32)).astype(np.uint32))
    packed = packed.compress(kept)
    keys, owners = packed >> np.uint64(32), packed & np.uint64(0xFFFFFFFF)
    parts = [left * np.uint64(total) + right for left, right in _neighbours(keys, owners, sizes > limit, limit) if len(left)]
    codes: Array = np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)
    codes = codes[codes // np.uint64(total) != codes % np.uint64(total)]
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))) if len(codes) else np.zeros(0, np.int64)
    crowded = len(np.unique(keys[sizes > limit]))
    return codes[starts], np.diff(np.append(starts, len(codes))), crowded


def candidates(signatures: Array, bands: Bands, limit: int) -> Array:
    """Return the pairs of columns that share a band, coded as in `bucket_pairs`.

    ``signatures`` has shape ``(num_perm, rows)``, uint32.
    """
    total = signatures.shape[1]
    owners = np.arange(total)
    found: list[Array] = []
    for band in range(bands.bands):
        keys = np.full(total, band, np.uint64)
        for row in signatures[band * bands.rows : (band + 1) * bands.rows]:
            keys = mix64(keys ^ row)
        found.append(bucket_pairs(keys >> np.uint64(32), owners, limit, total)[0])
        if sum(map(len, found)) > _UNMERGED:
            found = [sorted_unique(np.concatenate(found))]
    return sorted_unique(np.concatenate(found))
