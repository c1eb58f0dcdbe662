"""Ragged arrays: rows of different lengths in one flat array. The stages pass words and shingles in this form."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row ``i`` is ``values[offsets[i]:offsets[i + 1]]``; ``offsets`` is int64 and one longer than the rows.

    >>> rows = Ragged(np.array([5, 6, 7]), np.array([0, 2, 2, 3]))
    >>> rows.lengths.tolist(), rows.row(2).tolist(), rows.take(np.array([2, 0])).values.tolist()
    ([2, 0, 1], [7], [7, 5, 6])
    """

    values: Array
    offsets: Array

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Array:
        """Number of values in each row, int64."""
        return self.offsets[1:] - self.offsets[:-1]  # np.diff takes four times as long for few rows

    def row(self, index: int) -> Array:
        """Return one row, a view."""
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def owners(self) -> Array:
        """Return the row number of each value, int64."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def take(self, rows: Array) -> Ragged:
        """Return a copy of these rows, in this order. A row may be named twice."""
        lengths = self.lengths[rows]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[:-1][rows] - offsets[:-1], lengths)
        return Ragged(self.values.take(places), offsets)

    def with_rows(self, places: Array, rows: Ragged) -> Ragged:
        """Return these rows, with others in the place of some; the places are sorted.

        >>> rows, other = Ragged(np.array([5, 6, 7]), np.array([0, 2, 2, 3])), Ragged(np.array([8]), np.array([0, 1]))
        >>> rows.with_rows(np.array([1]), other).values.tolist()
        [5, 6, 8, 7]
        """
        lengths = self.lengths
        lengths[places] = rows.lengths
        parts, end = list[Array](), 0
        for number, place in enumerate(places.tolist()):
            parts += [self.values[end : self.offsets[place]], rows.row(number)]
            end = self.offsets[place + 1]
        return Ragged(np.concatenate([*parts, self.values[end:]]), np.concatenate(([0], np.cumsum(lengths))))

    def heads(self, rows: Array, size: int) -> Ragged:
        """Return the first ``size`` values of each of these rows.

        >>> Ragged(np.array([5, 6, 7]), np.array([0, 2, 3])).heads(np.array([0, 1]), 1).values.tolist()
        [5, 7]
        """
        kept = np.minimum(self.lengths[rows], size)
        offsets = np.concatenate(([0], np.cumsum(kept)))
        return Ragged(self.values[np.arange(offsets[-1]) + np.repeat(self.offsets[:-1][rows] - offsets[:-1], kept)], offsets)

    def window_starts(self, size: int) -> tuple[Array, Array, Array]:
        """Return where runs of ``size`` values begin: a mask over ``values``, the offsets of the runs, and the short rows.

        A row with fewer than ``size`` values, but not empty, is short. It has one run, at its first value.

        >>> mask, offsets, short = Ragged(np.arange(5), np.array([0, 4, 4, 5])).window_starts(3)
        >>> mask.tolist(), offsets.tolist(), short.tolist()
        ([True, True, False, False, True], [0, 2, 2, 3], [2])
        """
        lengths = self.lengths
        mask = np.ones(len(self.values), bool)
        for back in range(1, size):
            places = self.offsets[1:] - back
            mask[places[places >= 0]] = False
        short = np.flatnonzero((lengths > 0) & (lengths < size))
        mask[self.offsets[short]] = True
        counts = np.where(lengths >= size, lengths - size + 1, np.minimum(lengths, 1))
        return mask, np.concatenate(([0], np.cumsum(counts))), short

    @staticmethod
    def joined(parts: Iterable[Ragged], dtype: Any) -> Ragged:
        """Return the rows of all parts, one part after the other."""
        parts = list(parts)
        lengths = np.concatenate([part.lengths for part in parts] or [np.zeros(0, np.int64)])
        values = np.concatenate([part.values for part in parts] or [np.zeros(0, dtype)])
        return Ragged(values.astype(dtype, copy=False), np.concatenate(([0], np.cumsum(lengths))))


class Growing:
    """An array that grows in place when parts are appended, without a second copy of the whole.

    >>> grown = Growing(np.uint32, 2)
    >>> grown.extend(np.ones((3, 2), np.uint32))
    >>> grown.taken().shape
    (3, 2)
    """

    def __init__(self, dtype: Any, *shape: int):
        self._values, self._length = np.zeros((0, *shape), dtype), 0

    def reserve(self, length: int) -> None:
        """Ask for room for a length that is expected, while nothing is there: that is cheaper than growing, and most systems give memory
        only to what is written. Where there is no such room it grows as it would have."""
        with suppress(MemoryError, ValueError):
            self._values = np.empty((length, *self._values.shape[1:]), self._values.dtype)

    def extend(self, part: Array) -> None:
        """Append a part."""
        length = self._length + len(part)
        if length > len(self._values):
            self._resize(length + length // 8)
        self._values[self._length : length] = part
        self._length = length

    @property
    def values(self) -> Array:
        """The array so far, and maybe room behind it; to be looked at before it grows again."""
        return self._values

    def _resize(self, length: int) -> None:
        self._values.resize((length, *self._values.shape[1:]), refcheck=False)

    def taken(self) -> Array:
        """Return the array. It must not grow after this."""
        self._resize(self._length)
        return self._values


class GrowingRagged:
    """Rows that grow in place when parts are appended."""

    def __init__(self, dtype: Any):
        self._values, self._lengths = Growing(dtype), Growing(np.int64)

    def reserve(self, part: Ragged, times: float) -> None:
        """Ask for room for some times as much as a part, as `Growing.reserve` does."""
        self._values.reserve(int(times * len(part.values)))
        self._lengths.reserve(int(times * len(part)))

    def extend(self, part: Ragged) -> None:
        """Append the rows of a part."""
        self._values.extend(part.values)
        self._lengths.extend(part.lengths)

    def taken(self) -> Ragged:
        """Return the rows. They must not grow after this."""
        return Ragged(self._values.taken(), np.concatenate(([0], np.cumsum(self._lengths.taken()))))


def sorted_unique(values: Array) -> Array:
    """Return the values sorted, each once. ``numpy.unique`` does the same, but slowly for many 64-bit values, and loads masked arrays.

    >>> sorted_unique(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    values = np.sort(values)
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


def numbered(values: Array) -> tuple[Array, Array]:
    """Return the values sorted, each once, and the place of each value among these, int64.

    >>> [each.tolist() for each in numbered(np.array([9, 7, 9]))]
    [[7, 9], [1, 0, 1]]
    """
    distinct = sorted_unique(values)
    return distinct, np.searchsorted(distinct, values)


def first_places(values: Array) -> Array:
    """Return for each value the first place that has it, int64.

    >>> first_places(np.array([9, 7, 9])).tolist()
    [0, 1, 0]
    """
    distinct, places = numbered(values)
    first = np.empty(len(distinct), np.int64)
    first[places[::-1]] = np.arange(len(values))[::-1]  # of equal values the first one is written last
    return first[places]


def equal_runs(values: Array) -> tuple[Array, Array]:
    """Return where runs of equal values start, and their lengths, int64 each.

    >>> [each.tolist() for each in equal_runs(np.array([7, 7, 9]))]
    [[0, 2], [2, 1]]
    """
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1]))) if len(values) else np.zeros(0, np.int64)
    return starts, np.diff(np.append(starts, len(values)))


def part_starts(values: Array, shift: int) -> Array:
    """Return where the sorted values, below 2**32, of each upper part begin, and their number at the end: what `are_none_of` needs.

    >>> part_starts(np.array([1, 2**31], np.uint32), 31).tolist()
    [0, 1, 2]
    """
    edges = np.arange(1 << 32 - shift, dtype=np.uint64) << np.uint64(shift)
    return np.append(np.searchsorted(values, edges), len(values))


def is_among(values: Array, among: Array) -> Array:
    """Return which values are in the sorted array ``among``, as a mask. ``numpy.isin`` does the same, but slowly for many 64-bit values.

    >>> is_among(np.array([3, 1, 4]), np.array([1, 2, 3])).tolist()
    [True, True, False]
    """
    if not len(among):
        return np.zeros(len(values), bool)
    found: Array = among.take(np.searchsorted(among, values), mode="clip") == values
    return found


def distinct(rows: Ragged, bits: int) -> Ragged:
    """Return each row sorted, each of its values once. Values must be below ``2 ** bits``; the result is uint64.

    >>> distinct(Ragged(np.array([9, 3, 9, 1], np.uint64), np.array([0, 3, 4])), 50).values.tolist()
    [3, 9, 1]
    """
    if bits == 64:  # there is no room for the numbers of rows
        owners = rows.owners()
        order = np.lexsort((rows.values, owners))
        values, owners = rows.values[order].astype(np.uint64), owners[order]
        new = np.concatenate(([True], (values[1:] != values[:-1]) | (owners[1:] != owners[:-1])))[: len(values)]
        return Ragged(values[new], np.concatenate(([0], np.cumsum(np.bincount(owners[new], minlength=len(rows))))))
    parts = []
    step = 1 << (64 - bits)
    for start in range(0, len(rows), step):
        stop = min(start + step, len(rows))
        block = rows.take(np.arange(start, stop)) if start or stop < len(rows) else rows
        keys = sorted_unique((block.owners().astype(np.uint64) << np.uint64(bits)) | block.values.astype(np.uint64))
        counts = np.bincount((keys >> np.uint64(bits)).astype(np.int64), minlength=stop - start)
        offsets = np.concatenate(([0], np.cumsum(counts)))
        parts.append(Ragged(keys & np.uint64((1 << bits) - 1), offsets))
    return Ragged.joined(parts, np.uint64)
