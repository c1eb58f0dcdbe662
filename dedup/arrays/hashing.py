"""Hashing: hashes of runs of words, and the smallest of every window of them, for whole arrays at a time."""

from __future__ import annotations

import numpy as np

from .ragged import Array, Ragged, distinct

SET_BITS = 50
"""Bits of a shingle's hash that a set of shingles keeps. The 14 bits above them number the rows or pairs of a block."""
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)


def mix64(values: Array) -> Array:
    """Mix the bits of uint64 values (the 64-bit finalizer of MurmurHash3, a bijection)."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


def mix32(values: Array) -> Array:
    """Mix the bits of uint32 values (the 32-bit finalizer of MurmurHash3, a bijection)."""
    values = values ^ (values >> np.uint32(16))
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


class _Powers:
    """Powers of an odd number modulo 2**64, computed when they are first needed."""

    def __init__(self, base: int):
        self._base, self._known = base, np.ones(1, np.uint64)

    def first(self, count: int) -> Array:
        known = self._known
        while len(known) < count:
            known = np.concatenate((known, known * np.uint64(pow(self._base, len(known), 1 << 64))))
        if len(known) <= 1 << 22:
            self._known = known
        return known[:count]


_powers, _inverse_powers = _Powers(_BASE), _Powers(_INVERSE)


def factors(size: int) -> Array:
    """Return the factors of the words of a shingle of ``size`` words, uint64."""
    return _powers.first(size + 1)[1:]


class Runs:
    """Hash runs of values, each in a time that does not grow with its length: polynomials modulo 2**64, not mixed.

    >>> runs = Runs(np.array([7, 8, 7, 8], np.uint32))
    >>> hashes = runs.hashes(np.array([0, 1, 2]), np.array([2, 3, 4])).tolist()
    >>> hashes[0] == hashes[2], hashes[0] == hashes[1]
    (True, False)
    """

    def __init__(self, values: Array):
        terms = (values.astype(np.uint64) + np.uint64(1)) * _powers.first(len(values))
        self._sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)))

    def hashes(self, starts: Array, ends: Array) -> Array:
        """Return the hash of each run ``values[start:end]``, uint64."""
        hashes: Array = (self._sums[ends] - self._sums[starts]) * _inverse_powers.first(len(self._sums))[starts]
        return hashes


def shingle(words: Ragged, size: int) -> Ragged:
    """Return the hashes of all runs of ``size`` words of each row, in order, uint64.

    A row of fewer words has one shingle, of all its words. An empty row has none. Repeated shingles stay.

    >>> shingle(Ragged(np.arange(6, dtype=np.uint32), np.array([0, 4, 6, 6])), 3).lengths.tolist()
    [2, 1, 0]
    """
    total = len(words.values)
    padded = np.concatenate((words.values.astype(np.uint64), np.zeros(size, np.uint64)))
    hashes = np.zeros(total, np.uint64)
    for place, factor in enumerate(factors(size)):
        hashes += padded[place : place + total] * factor
    mask, offsets, short = words.window_starts(size)
    if len(short):
        first = words.offsets[short]
        inside = np.arange(size) < words.lengths[short][:, None]
        hashes[first] = (padded[first[:, None] + np.arange(size)] * factors(size) * inside).sum(axis=1, dtype=np.uint64)
    return Ragged(mix64(hashes.compress(mask)), offsets)


def winnow(hashes: Ragged, window: int) -> Ragged:
    """Return the fingerprints of each row: the smallest of every ``window`` consecutive hashes, each once, sorted.

    A row shorter than the window keeps its smallest hash.

    >>> winnow(Ragged(np.array([5, 2, 9, 8, 7], np.uint32), np.array([0, 5])), 3).values.tolist()
    [2, 7]
    """
    lowest, span = hashes.values.copy(), 1
    while span < window:
        step = min(span, window - span)
        lowest[:-step] = np.minimum(lowest[:-step], lowest[step:])
        span += step
    mask, offsets, short = hashes.window_starts(window)
    filled = np.flatnonzero(hashes.lengths)
    if len(short):
        smallest = np.minimum.reduceat(hashes.values, hashes.offsets[filled])
        lowest[hashes.offsets[short]] = smallest[np.searchsorted(filled, short)]
    kept = distinct(Ragged(lowest.compress(mask), offsets), 8 * lowest.itemsize)
    return Ragged(kept.values.astype(lowest.dtype), kept.offsets)
