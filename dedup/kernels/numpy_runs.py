"""The loops of the engine ``numpy`` over runs of posting lists, see `Kernels`."""

from __future__ import annotations

import zlib

import numpy as np

from ..arrays.ragged import Array, numbered
from .protocol import RUN_GROUP, Buffer, RunImage, RunPacking

_KEYS = 1 << 14  # keys or postings of a run that are looked at together
_RUN_VALUE, _OF_KIND = 30, 4  # bits of a posting's value, and numbers in a layout for each kind


def block_checks(data: Buffer, block: int, /) -> Array:
    """Return the checksums of blocks."""
    view = memoryview(data)
    return np.array([zlib.crc32(view[start : start + block]) for start in range(0, len(view), block)], np.uint32)


def _see(image: RunImage, starts: Array, ends: Array) -> None:
    """Check the blocks of some spans that were not seen to be right before."""
    start, end, bits = image.layout[:3].tolist()
    block = 1 << bits
    filled = np.flatnonzero(ends > starts)
    marks = np.zeros(len(image.seen) + 1, np.int64)
    np.add.at(marks, (starts[filled] - start) // block, 1)
    np.add.at(marks, (ends[filled] - 1 - start) // block + 1, -1)
    for number in np.flatnonzero((np.cumsum(marks[:-1]) > 0) & (image.seen == 0)).tolist():
        at = start + number * block
        if zlib.crc32(memoryview(image.data)[at : min(at + block, end)]) != image.checks[number]:
            raise ValueError("a run is damaged")
        image.seen[number] = 1


def _refuse_outside(image: RunImage) -> None:
    """Raise `ValueError` for a layout that leads out of its run."""
    start, end, bits, base, value_bits, *kinds = image.layout.tolist()
    fits = len(kinds) == 4 * _OF_KIND and 0 < start <= end <= len(image.data) and 3 <= bits < 32
    fits = fits and value_bits <= _RUN_VALUE and base < 1 << _RUN_VALUE
    fits = fits and min(len(image.checks), len(image.seen)) >= -(-(end - start) // (1 << bits))
    for count, low, postings, marks in (kinds[place : place + _OF_KIND] for place in range(0, len(kinds) if fits else 0, _OF_KIND)):
        fits = fits and count < 1 << 32 and low <= 32 and min(postings, marks) >= start and max(postings, marks) <= end
        if fits and count:
            groups = _groups_at(count, low, marks) + 4 * -(-(1 << (32 - low)) // RUN_GROUP)
            fits = postings + (count * (low + value_bits) + 7) // 8 + 8 <= end and groups <= end
    if not fits:
        raise ValueError("an argument does not fit the others: a layout leads out of its run")


def _bits_at(image: RunImage, start: int, places: Array, width: int) -> Array:
    """Return numbers of some bits each, by their places."""
    data = np.frombuffer(image.data, np.uint8)
    bits = places.astype(np.int64) * width
    at, shift = start + (bits >> 3), (bits & 7).astype(np.uint64)
    found = np.zeros(len(places), np.uint64)
    for byte in range(8):
        found |= data[at + byte].astype(np.uint64) << np.uint64(8 * byte)
    found >>= shift
    over = np.flatnonzero(shift.astype(np.int64) + width > 64)
    found[over] |= data[at[over] + 8].astype(np.uint64) << (np.uint64(64) - shift[over])
    kept: Array = found & np.uint64((1 << width) - 1)
    return kept


def _groups_at(count: int, low: int, marks: int) -> int:
    """Return where the places of groups begin."""
    return marks + -(-(count + (1 << (32 - low))) // 32) * 4 + 8


def _bucket_places(image: RunImage, kind: int, wanted: Array) -> tuple[Array, Array]:
    """Return for groups of buckets, which are sorted, the place of the first posting of each bucket, a row for each group, and the place
    after its last one."""
    count, low, _, marks = image.layout[5 + kind * _OF_KIND :][:_OF_KIND].tolist()
    buckets = 1 << (32 - low)
    at, last, size = _groups_at(count, low, marks), -(-buckets // RUN_GROUP) - 1, min(buckets, RUN_GROUP)
    _see(image, at + 4 * wanted, at + 4 * np.minimum(wanted + 1, last) + 4)
    begin = np.frombuffer(image.data, np.uint8)[at : at + 4 * (last + 1)].view("<u4").astype(np.int64)
    starts = begin[wanted]
    ends = np.where(wanted < last, begin[np.minimum(wanted + 1, last)], count + buckets)
    if (starts > ends).any() or (ends > count + buckets).any():
        raise ValueError("a run is damaged")
    _see(image, marks + (starts >> 3), marks + (ends + 7 >> 3))
    lengths = ends - starts
    bits = np.arange(lengths.sum()) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
    zeros = bits[np.frombuffer(image.data, np.uint8)[marks + (bits >> 3)] >> (bits & 7) & 1 == 0]
    if len(zeros) != len(wanted) * size or (np.searchsorted(zeros, ends) != np.arange(1, len(wanted) + 1) * size).any():
        raise ValueError("a run is damaged")
    numbers = wanted[:, np.newaxis] * RUN_GROUP + np.arange(size)
    after = zeros.reshape(-1, size) - numbers
    before = np.concatenate((starts[:, np.newaxis] - numbers[:, :1], after[:, :-1]), axis=1)
    if (before < 0).any() or (after > count).any() or (before > after).any():
        raise ValueError("a run is damaged")
    return before, after


def find_postings(image: RunImage, keys: Array, /) -> Array:
    """Find the postings of keys in a run."""
    _refuse_outside(image)
    parts = [np.zeros(0, np.uint64)]
    for kind in range(4):
        first, last = np.searchsorted(keys, np.array([kind << 32, (kind + 1) << 32], np.uint64)).tolist()
        parts += [_find_of_kind(image, kind, keys[at : min(at + _KEYS, last)]) for at in range(first, last, _KEYS)]
    return np.concatenate(parts)


def _find_of_kind(image: RunImage, kind: int, keys: Array) -> Array:
    base, value_bits = image.layout[3:5].tolist()
    count, low, postings, _ = image.layout[5 + kind * _OF_KIND :][:_OF_KIND].tolist()
    if not count or not len(keys):
        return np.zeros(0, np.uint64)
    buckets = ((keys & np.uint64((1 << 32) - 1)) >> np.uint64(low)).astype(np.int64)
    groups, owners = numbered(buckets // RUN_GROUP)
    before, after = _bucket_places(image, kind, groups)
    starts, ends = before[owners, buckets % RUN_GROUP], after[owners, buckets % RUN_GROUP]
    width = low + value_bits
    _see(image, postings + (starts * width >> 3), postings + (ends * width + 7 >> 3))
    lengths = ends - starts
    owners = np.repeat(np.arange(len(keys)), lengths)
    places = np.arange(len(owners)) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
    found = _bits_at(image, postings, places, width)
    own = keys[owners]
    hit = found >> np.uint64(value_bits) == own & np.uint64((1 << low) - 1)
    values = (found[hit] & np.uint64((1 << value_bits) - 1)) + np.uint64(base)
    chosen: Array = own[hit] << np.uint64(_RUN_VALUE) | values
    return chosen


def read_postings(image: RunImage, first: int, count: int, /) -> Array:
    """Read postings of a run."""
    _refuse_outside(image)
    base, value_bits = image.layout[3:5].tolist()
    parts = [np.zeros(0, np.uint64)]
    for kind in range(4):
        total, low, postings, _ = image.layout[5 + kind * _OF_KIND :][:_OF_KIND].tolist()
        last = min(total, first + count)
        if first < last:
            width = low + value_bits
            _see(image, np.array([postings + (first * width >> 3)]), np.array([postings + (last * width + 7 >> 3)]))
            before, _ = _bucket_places(image, kind, np.arange(-(-(1 << (32 - low)) // RUN_GROUP)))
            places = np.arange(first, last)
            found = _bits_at(image, postings, places, width)
            buckets = (np.searchsorted(before.reshape(-1), places, side="right") - 1).astype(np.uint64)
            keys = np.uint64(kind << 32) | buckets << np.uint64(low) | found >> np.uint64(value_bits)
            parts.append(keys << np.uint64(_RUN_VALUE) | (found & np.uint64((1 << value_bits) - 1)) + np.uint64(base))
            count -= last - first
        first = max(0, first - total)
    if count:
        raise ValueError("a run is damaged")
    return np.concatenate(parts)


def pack_postings(postings: Array, packing: RunPacking, marks: Array, counts: Array, /) -> tuple[Array, int]:
    """Write postings of a run with few bits each."""
    low, value_bits = packing.low, packing.value_bits
    width = low + value_bits
    keys = postings >> np.uint64(_RUN_VALUE) & np.uint64((1 << 32) - 1)
    values = (postings & np.uint64((1 << _RUN_VALUE) - 1)) - np.uint64(packing.base)
    if (values >> np.uint64(value_bits)).any():
        raise ValueError("a value does not fit the run")
    buckets = (keys >> np.uint64(low)).astype(np.int64)
    np.add.at(counts, buckets // RUN_GROUP + 1, np.uint32(1))
    bits = packing.first + np.arange(len(postings)) + buckets
    if len(bits) and int(bits[-1]) >> 3 >= len(marks):
        raise ValueError("a value does not fit the run")
    np.bitwise_or.at(marks, bits >> 3, (1 << (bits & 7)).astype(np.uint8))
    packed = (keys & np.uint64((1 << low) - 1)) << np.uint64(value_bits) | values
    end = packing.bit + len(postings) * width
    bits = np.zeros((end + 7) // 8 * 8 + 64, np.uint8)
    bits[: packing.bit] = packing.carried >> np.arange(packing.bit) & 1
    steps = np.arange(width, dtype=np.uint64)
    for at in range(0, len(packed), _KEYS):
        part = packed[at : at + _KEYS]
        own = (part[:, np.newaxis] >> steps & np.uint64(1)).astype(np.uint8).reshape(-1)
        bits[packing.bit + at * width :][: len(own)] = own
    return np.packbits(bits, bitorder="little"), end
