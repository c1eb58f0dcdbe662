"""Runs of posting lists in chunks, rows of a table, of which those are read that may have what is looked for: for a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice

import numpy as np

from ... import kernels
from ...arrays.ragged import Array
from .interface import Store
from .recent import Recent
from .run_image import KINDS, VALUE_BITS, PackedRun, RunWriter
from .runs import Extent, StoredRun, damaged, write_all
from .tables import CHUNKS, RUNS

_CHUNK = 4096  # postings, and more where one key goes on
_NUMBERS = 1 << 24  # chunks of a run
_READ = 256  # chunks read or written at a time
_MANY = 32  # keys from which on all of a chunk is read
_CACHED = 1 << 16  # postings of a run that is kept in memory
_RECENT = 1 << 25  # bytes of chunks that are kept in memory
_VALUE = np.uint64(VALUE_BITS)


class _ChunkRun:
    """A run in chunks, each an image of its own, and their first postings, its fences."""

    def __init__(self, store: Store, number: int, identity: bytes, extent: Extent, fences: Array, recent: Recent[PackedRun]):
        self._store, self.number, self._identity, self.extent, self.fences = store, number, identity, extent, fences
        self._recent = recent
        self._all: Array | None = None

    def find(self, keys: Array) -> Array:
        if self.extent.total <= _CACHED:
            if self._all is None:
                self._all = np.concatenate([np.zeros(0, np.uint64), *self.parts()])
            return kernels.engine().hits(self._all, keys, VALUE_BITS)
        # The postings of a key are all in the last chunk that does not begin with a larger one.
        places = np.searchsorted(self.fences >> _VALUE, keys, side="right") - 1
        starts = np.searchsorted(places, np.arange(len(self.fences) + 1))
        wanted = np.flatnonzero(starts[1:] > starts[:-1])
        found = [np.zeros(0, np.uint64)]
        for at in range(0, len(wanted), _READ):
            numbers = wanted[at : at + _READ].tolist()
            for number, run in zip(numbers, self._read(numbers), strict=True):
                found.append(_find(run, keys[starts[number] : starts[number + 1]]))
        return np.concatenate(found)

    def _read(self, numbers: Sequence[int]) -> Iterator[PackedRun]:
        chunks = [self.number * _NUMBERS + number for number in numbers]
        known = {chunk: run for chunk in chunks if (run := self._recent.get(chunk)) is not None}
        read: dict[int, bytes] = dict(CHUNKS.read_among(self._store, "where chunk {among}", sorted({*chunks} - known.keys())))
        if len(known) + len(read) != len(chunks):
            raise damaged(self._store.name, self.number, "a chunk is missing")
        for chunk, data in read.items():
            try:
                known[chunk] = PackedRun(data, self._identity)
            except ValueError as error:
                raise damaged(self._store.name, self.number, error) from error
            self._recent.put(chunk, known[chunk], len(data))
        yield from map(known.__getitem__, chunks)

    def parts(self) -> Iterator[Array]:
        for at in range(0, len(self.fences), _READ):
            runs = self._read(range(at, min(at + _READ, len(self.fences))))
            yield np.concatenate([part for run in runs for part in run.parts()])

    def faults(self) -> Iterator[str]:
        last, total = -1, 0
        for number, fence in enumerate(self.fences.tolist()):
            chunk = np.concatenate([part for run in self._read([number]) for part in run.parts()])
            total += len(chunk)
            if not len(chunk) or int(chunk[0]) != fence or int(chunk[0]) <= last or (chunk[1:] <= chunk[:-1]).any():
                yield f"postings: chunk {number} of run {self.number} is damaged"
                return
            last = int(chunk[-1])
        if total != self.extent.total:
            yield f"postings: run {self.number} has {total:,} of {self.extent.total:,}"


class ChunkStorage:
    """Runs in chunks."""

    def __init__(self, store: Store, identity: bytes):
        self._store, self._identity = store, identity
        self._recent: Recent[PackedRun] = Recent(_RECENT)

    def opened(self, numbers: Sequence[int]) -> Iterator[StoredRun]:
        for number, postings, _, _, data in RUNS.read_among(self._store, "where run {among}", numbers):
            yield self._run(number, postings, np.frombuffer(data, np.uint64))

    def write(self, number: int, parts: Iterable[Array], extent: Extent) -> StoredRun:
        fences: list[int] = []
        total = 0
        left = _chunks(parts)
        while chunks := [*islice(left, _READ)]:
            rows = [*enumerate(map(self._image, chunks), number * _NUMBERS + len(fences))]
            CHUNKS.insert(self._store, rows)
            for chunk, image in rows:
                self._recent.put(chunk, PackedRun(image, self._identity), len(image))
            fences += [int(chunk[0]) for chunk in chunks]
            total += sum(map(len, chunks))
        packed = np.array(fences, np.uint64)
        RUNS.insert(self._store, [(number, total, 0, 0, packed.tobytes())])
        return self._run(number, total, packed)

    def _run(self, number: int, total: int, fences: Array) -> StoredRun:
        return _ChunkRun(self._store, number, self._identity, _extent(total), fences, self._recent)

    def _image(self, postings: Array) -> bytes:
        extent, file = Extent.of(postings), BytesIO()
        write_all(RunWriter(file, self._identity, extent.counts, extent.low, extent.high), [postings])
        return file.getvalue()

    def drop(self, run: StoredRun) -> None:
        first = run.number * _NUMBERS
        self._store.run("delete from chunks where chunk >= ? and chunk < ?", (first, first + _NUMBERS))
        self._store.run("delete from runs where run = ?", (run.number,))


def _find(run: PackedRun, keys: Array) -> Array:
    """Return the postings of keys in a chunk, whose keys are near each other, so that each lookup goes through many of them."""
    if len(keys) < _MANY:
        return run.find(keys)
    return kernels.engine().hits(np.concatenate([*run.parts()]), keys, VALUE_BITS)


def _extent(total: int) -> Extent:
    """Return the extent of a run of which no more is known, and no more is asked."""
    return Extent([total, *[0] * (KINDS - 1)], 0, (1 << VALUE_BITS) - 1)


def _chunks(parts: Iterable[Array]) -> Iterator[Array]:
    """Cut postings into chunks at keys, so that no key is in two."""
    rest = np.zeros(0, np.uint64)
    for part in parts:
        rest = np.concatenate((rest, part))
        while len(rest) > 2 * _CHUNK:
            cut = int(np.searchsorted(rest, ((rest[_CHUNK] >> _VALUE) + np.uint64(1)) << _VALUE))
            if cut == len(rest):
                break  # the key may go on
            yield rest[:cut]
            rest = rest[cut:]
    if len(rest):
        yield rest
