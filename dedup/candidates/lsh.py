"""Locality-sensitive hashing (LSH): signatures are cut into bands, and texts that share a band are candidates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from .. import kernels
from ..arrays.buckets import Enough, Mapper, halves, pair_codes
from ..arrays.hashing import mix64
from ..arrays.ragged import Array, Ragged
from ..config import Config

LSH_JACCARD = 0.5
"""A pair with this Jaccard becomes a candidate by its signature with a probability of ``recall``; others are found by fingerprints."""
SHORT_JACCARD = 0.6
"""Two short texts with a smaller Jaccard of words are not compared."""
_BLOCK = 1 << 11  # rows whose bands are hashed at a time, so that they stay in the caches


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
    """Return the bands with the fewest candidates that reach ``recall`` at ``threshold``: those with the most rows in a band.

    If no split of ``num_perm`` reaches the recall, every value is a band of its own.

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


def bands_of(config: Config) -> Bands:
    """Return the bands of these settings.

    >>> bands_of(Config())
    Bands(bands=42, rows=3)
    """
    return choose_bands(config.num_perm, LSH_JACCARD, config.recall)


def pack_members(keys: Ragged, rows: Array, mapper: Mapper = map) -> Array:
    """Return the members of buckets, uint64, sorted: a key of these rows, below 2**32, in the upper half, its row in the lower half.

    The rows ascend.
    """
    return kernels.engine().pack_members(keys, rows, mapper)


def shared_pairs(packed: Array, limit: int, enough: Enough, mapper: Mapper = map) -> tuple[Array, Array]:
    """Return the pairs of rows that share enough keys, sorted, as `pair_codes` makes them, and the overfull rows, as a mask.

    ``packed`` as made by `pack_members`. A bucket of more than ``limit`` rows is overfull: each row in it is paired with its nearest eight
    on either side. A row is overfull if it is in an overfull bucket, or shares enough keys with more than ``enough.most`` rows.

    >>> packed = pack_members(Ragged(np.array([7, 5, 7], np.uint32), np.array([0, 1, 2, 3])), np.arange(3))
    >>> codes, overfull = shared_pairs(packed, 10, Enough(np.ones(3, np.int64), 2, 0.0, 10))
    >>> [side.tolist() for side in halves(codes)], overfull.any()
    ([[0], [2]], np.False_)
    """
    return kernels.engine().shared_pairs(packed, limit, enough, mapper)


def band_keys(signatures: Array, bands: Bands, *, wide: bool = False) -> Array:
    """Return the keys of the bands of signatures, shape ``(rows, bands)``: uint32, or uint64 if ``wide``.

    The lower bits of a wide key are not part of it, see `row_bits`.
    """
    block = signatures[:, : bands.bands * bands.rows].reshape(-1, bands.bands, bands.rows)
    keys = np.broadcast_to(mix64(np.arange(1, bands.bands + 1, dtype=np.uint64)), block.shape[:2])
    for place in range(bands.rows):
        keys = mix64(keys ^ block[:, :, place])
    return keys if wide else (keys >> np.uint64(32)).astype(np.uint32)


def row_bits(rows: int) -> int:
    """Return how many of the lower bits of a wide key the number of a row replaces, for this number of rows.

    >>> row_bits(1), row_bits(1 << 20), row_bits((1 << 20) + 1)
    (0, 20, 21)
    """
    return max(0, rows - 1).bit_length()


def lsh_candidates(signatures: Array, rows: Array, bands: Bands, limit: int, mapper: Mapper = map) -> tuple[Array, Array]:
    """Return the pairs of ``rows`` that share a band, sorted, as `pair_codes` makes them, and the overfull rows, as `shared_pairs`
    defines them.

    ``signatures`` has shape ``(rows, num_perm)``, uint32.
    """
    packed = np.empty((len(rows), bands.bands), np.uint64)
    own = np.uint64((1 << row_bits(len(rows))) - 1)

    def fill(start: int) -> Array:
        part = slice(start, start + _BLOCK)
        keys = band_keys(signatures.take(rows[part], axis=0), bands, wide=True)
        packed[part] = (keys & ~own) | np.arange(start, start + len(keys), dtype=np.uint64)[:, None]
        return packed[part]

    for _ in mapper(fill, range(0, len(rows), _BLOCK)):
        pass
    codes, overfull = shared_pairs(_numbered(packed.reshape(-1), own), limit, Enough(np.zeros(len(rows), np.int64), 1, 0.0, limit), mapper)
    left, right = halves(codes)
    return pair_codes(rows[left], rows[right]), rows[overfull]


def _numbered(packed: Array, own: np.uint64) -> Array:
    """Return members of buckets as `pack_members` does, without buckets of one member; the key is the number of the bucket.

    In ``packed`` the row is in the bits of ``own``, and the key is above them.
    """
    kernels.engine().sort_above(packed, int(own).bit_length())
    same = (packed[1:] ^ packed[:-1]) <= own
    edge = np.zeros(min(1, len(packed)), bool)
    shared = np.concatenate((edge, same)) | np.concatenate((same, edge))
    packed = packed.compress(shared)
    numbers = np.cumsum(~np.concatenate((edge, same)).compress(shared), dtype=np.uint64)
    return pair_codes(numbers, packed & own)
