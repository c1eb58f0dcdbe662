"""A run of posting lists as bytes: sorted postings of few bits each, that are found where they lie, without reading the others.

Keys are hashes, so that their first bits are spread evenly: they number buckets of one or two postings. Marks, a bit for each posting and
one for each bucket, tell which postings a bucket has, and a posting has the other bits of its key, and its value above the smallest one of
the run (Elias, "Efficient storage and retrieval by content and address of static files", 1974). docs/reference/index-file.md has the
layout byte by byte. A header, and checksums of blocks of 4,096 bytes, whose own checksum the header has, tell damage wherever it is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import IO

import numpy as np

from ... import kernels
from ...arrays.ragged import Array
from ...kernels.protocol import RUN_GROUP, Buffer, RunImage, RunPacking

KINDS = 4
KEY_BITS, VALUE_BITS = 32, 30
IDENTITY = 16
"""Bytes of what tells an index from others."""
_MAGIC, _VERSION = b"dedupRUN", 1
_HEADER = struct.Struct("<8sII16sQQIIIIQ" + KINDS * "QII")
"""Magic, version, checksum of the header with zeros here, identity of the index, postings, smallest value, bits of a value, bytes of a
block, checksum of the checksums, zeros, bytes of all; then of each kind its postings, bits of a bucket, zeros."""
_CRC_AT = 12
_BLOCK_BITS = 12
_BLOCK = 1 << _BLOCK_BITS
_MOST_BITS = 28  # of a bucket
_PAD = 8  # bytes after the postings of a kind, which may be read with the last one
_READ = _BLOCK << 9  # bytes that are checked together
_PART = 1 << 18  # postings that are read or written together

HEADER_SIZE = _HEADER.size


def _after(size: int, step: int) -> int:
    return -(-size // step) * step


def _groups(bits: int) -> int:
    """Return how many groups there are of so many buckets, a number of some bits."""
    return -(-(1 << bits) // RUN_GROUP)


class _Layout:
    """Where everything is in a run, by how many postings of each kind it has, and their bits."""

    def __init__(self, counts: Sequence[int], bucket_bits: Sequence[int], value_bits: int):
        self.counts, self.lows = counts, [KEY_BITS - bits for bits in bucket_bits]
        self.widths = [low + value_bits for low in self.lows]
        at, self.postings, self.marks = HEADER_SIZE, [], []
        for count, width in zip(counts, self.widths, strict=True):
            self.postings.append(at)
            at += _after((count * width + 7) // 8, 8) + _PAD if count else 0
        for count, bits in zip(counts, bucket_bits, strict=True):
            self.marks.append(at)
            at += _after(count + (1 << bits), 32) // 8 + _PAD + 4 * _groups(bits) if count else 0
        self.end = at
        self.size = at + 4 * self.blocks

    @property
    def blocks(self) -> int:
        return -(-(self.end - HEADER_SIZE) // _BLOCK)

    def numbers(self, base: int, value_bits: int) -> Array:
        """Return what `RunImage.layout` holds."""
        kinds = zip(self.counts, self.lows, self.postings, self.marks, strict=True)
        return np.array([HEADER_SIZE, self.end, _BLOCK_BITS, base, value_bits, *(number for kind in kinds for number in kind)], np.uint64)


class PackedRun:
    """A run that is read. ``data`` are its bytes; raises `ValueError` where they are no run of the index with this identity, or damaged as
    far as its header tells. ``check`` is the checksum that its header must have, 0 for any."""

    def __init__(self, data: Buffer, identity: bytes, check: int = 0):
        if len(data) < HEADER_SIZE:
            raise ValueError("it is too short")
        magic, version, crc, owner, total, base, value_bits, block, checks_crc, _, size, *kinds = _HEADER.unpack(data[:HEADER_SIZE])
        if magic != _MAGIC or version != _VERSION:
            raise ValueError("it is no run that this version reads")
        if owner != identity:
            raise ValueError("it is one of another index")
        if crc != _header_crc(data[:HEADER_SIZE]) or check not in (0, crc):
            raise ValueError("its header is not as it was written")
        counts, bits = kinds[::3], kinds[1::3]
        if size != len(data) or block != _BLOCK or sum(counts) != total or max(bits) > KEY_BITS or value_bits > VALUE_BITS:
            raise ValueError("its header is not as it was written")
        layout = _Layout(counts, bits, value_bits)
        if layout.size != size:
            raise ValueError("it has another length than it should have")
        if zlib.crc32(data[layout.end :]) != checks_crc:
            raise ValueError("its checksums are not as they were written")
        self.check, self.size, self.postings = crc, size, total
        self.low, self.high = base, base + (1 << value_bits) - 1
        self.counts: Sequence[int] = counts
        checks = np.frombuffer(data, "<u4", layout.blocks, layout.end).astype(np.uint32)
        self._image = RunImage(data, layout.numbers(base, value_bits), checks, np.zeros(layout.blocks, np.uint8))

    def find(self, keys: Array) -> Array:
        """Return the postings of keys, which are sorted, each once: sorted. Raises `ValueError` where what is read is damaged."""
        return kernels.engine().find_postings(self._image, keys)

    def parts(self) -> Iterator[Array]:
        """Yield all postings, some at a time. Raises `ValueError` as `find` does."""
        for first in range(0, self.postings, _PART):
            yield kernels.engine().read_postings(self._image, first, min(_PART, self.postings - first))

    def check_all(self) -> None:
        """Read all that has checksums anew. Raises `ValueError` for the first part that is not as it was written."""
        view, start, end = memoryview(self._image.data), HEADER_SIZE, self.size - 4 * len(self._image.checks)
        for at in range(start, end, _READ):
            first = (at - start) // _BLOCK
            found = kernels.engine().block_checks(bytes(view[at : min(at + _READ, end)]), _BLOCK)
            wrong = np.flatnonzero(found != self._image.checks[first : first + len(found)])
            if len(wrong):
                raise ValueError(f"the block at byte {start + (first + int(wrong[0])) * _BLOCK:,} is not as it was written")


class RunWriter:
    """A run that is written to a file, which is at its beginning. ``counts`` tells how many postings of each kind will come, or a few more
    than will; all their values are from ``low`` to ``high``."""

    def __init__(self, file: IO[bytes], identity: bytes, counts: Sequence[int], low: int, high: int):
        self._file, self._identity, self._low = file, identity, low
        self._value_bits = max(1, (high - low).bit_length())
        self._bits = [min(_MOST_BITS, max(0, count.bit_length() - 1)) for count in counts]
        self._marks = [np.zeros(count and (count + (1 << bits)) // 8 + 4, np.uint8) for bits, count in zip(self._bits, counts, strict=True)]
        self._counts = [np.zeros(_groups(bits) + 1, np.uint32) for bits in self._bits]
        self._totals = [0] * KINDS
        self._kind, self._bit, self._carried = 0, 0, 0
        self._rest = b""  # of a block that is not full
        self._checks: list[Array] = []
        file.write(bytes(HEADER_SIZE))

    def add(self, postings: Array) -> None:
        """Write postings, which are sorted and come after those before."""
        cuts = np.searchsorted(postings, np.arange(1, KINDS, dtype=np.uint64) << np.uint64(KEY_BITS + VALUE_BITS)).tolist()
        for kind, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(postings)], strict=True)):
            for first in range(start, end, _PART):
                self._go_to(kind)
                self._pack(postings[first : min(first + _PART, end)])

    def _go_to(self, kind: int) -> None:
        """End the postings of the kinds before one."""
        while self._kind < kind:
            if self._totals[self._kind]:
                size = (self._bit + 7) // 8
                written = (self._totals[self._kind] * (KEY_BITS - self._bits[self._kind] + self._value_bits) + 7) // 8
                self._put(bytes([self._carried])[:size] + bytes(_after(written, 8) - written + _PAD))
            self._kind, self._bit, self._carried = self._kind + 1, 0, 0

    def _pack(self, postings: Array) -> None:
        packing = RunPacking(
            KEY_BITS - self._bits[self._kind], self._value_bits, self._low, self._bit, self._carried, self._totals[self._kind]
        )
        data, end = kernels.engine().pack_postings(postings, packing, self._marks[self._kind], self._counts[self._kind])
        whole, self._bit = divmod(end, 8)
        self._carried = int(data[whole]) if self._bit else 0
        self._totals[self._kind] += len(postings)
        self._put(data[:whole].tobytes())

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        data = self._rest + data
        whole = len(data) // _BLOCK * _BLOCK
        if whole:
            self._checks.append(kernels.engine().block_checks(data[:whole], _BLOCK))
        self._rest = data[whole:]

    def finish(self) -> tuple[int, int]:
        """Write what is left, and return the bytes of all and the checksum of the header."""
        self._go_to(KINDS)
        for marks, counts, bits, total in zip(self._marks, self._counts, self._bits, self._totals, strict=True):
            if total:
                size = _after(total + (1 << bits), 32) // 8
                self._put(marks[:size].tobytes() + bytes(max(0, size - len(marks)) + _PAD))
                groups = np.cumsum(counts[:-1], dtype=np.uint32) + np.arange(len(counts) - 1, dtype=np.uint32) * np.uint32(RUN_GROUP)
                self._put(groups.astype("<u4").tobytes())
        self._checks.append(kernels.engine().block_checks(self._rest, _BLOCK))
        checks = np.concatenate(self._checks).astype("<u4").tobytes()
        self._file.write(checks)
        layout = _Layout(self._totals, self._bits, self._value_bits)
        kinds = [number for total, bits in zip(self._totals, self._bits, strict=True) for number in (total, bits, 0)]
        facts = sum(self._totals), self._low, self._value_bits, _BLOCK, zlib.crc32(checks), 0, layout.size
        header = _HEADER.pack(_MAGIC, _VERSION, 0, self._identity, *facts, *kinds)
        crc = _header_crc(header)
        self._file.seek(0)
        self._file.write(header[:_CRC_AT] + struct.pack("<I", crc) + header[_CRC_AT + 4 :])
        return layout.size, crc


def _header_crc(header: bytes) -> int:
    """Return the checksum of a header; never 0."""
    return zlib.crc32(header[:_CRC_AT] + bytes(4) + header[_CRC_AT + 4 :]) or 1


def counts_of(postings: Array) -> list[int]:
    """Return how many postings of each kind some have, which are sorted."""
    cuts = np.searchsorted(postings, np.arange(1, KINDS, dtype=np.uint64) << np.uint64(KEY_BITS + VALUE_BITS)).tolist()
    return [end - start for start, end in zip([0, *cuts], [*cuts, len(postings)], strict=True)]


def span_of(postings: Array) -> tuple[int, int]:
    """Return the smallest and the largest value of postings."""
    values = postings & np.uint64((1 << VALUE_BITS) - 1)
    return (int(values.min()), int(values.max())) if len(values) else (0, 0)
