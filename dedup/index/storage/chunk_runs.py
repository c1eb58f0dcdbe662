"""Runs of posting lists in chunks, rows of a table, of which those are read that may have what is looked for: for a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

import numpy as np

from ... import kernels
from ...arrays.ragged import Array
from .interface import Store
from .run_image import KINDS, VALUE_BITS, PackedRun, RunWriter
from .runs import Extent, StoredRun, damaged, write_all
from .tables import CHUNKS, RUNS

_CHUNK = 4096  # postings, and more where one key goes on
_NUMBERS = 1 << 24  # chunks of a run
_READ = 256  # chunks read at a time
_CACHED = 1 << 16  # postings of a run that is kept in memory
_VALUE = np.uint64(VALUE_BITS)


class _ChunkRun:
    """A run in chunks, each an image of its own, and their first postings, its fences."""

    def __init__(self, store: Store, number: int, identity: bytes, extent: Extent, fences: Array):
        self._store, self.number, self._identity, self.extent, self.fences = store, number, identity, extent, fences
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
                found.append(run.find(keys[starts[number] : starts[number + 1]]))
        return np.concatenate(found)

    def _read(self, numbers: Sequence[int]) -> Iterator[PackedRun]:
        first = self.number * _NUMBERS
        rows = CHUNKS.read_among(self._store, "where chunk {among} order by chunk", [first + number for number in numbers])
        if len(rows) != len(numbers):
            raise damaged(self._store.name, self.number, "a chunk is missing")
        for _, data in rows:
            try:
                yield PackedRun(data, self._identity)
            except ValueError as error:
                raise damaged(self._store.name, self.number, error) from error

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

    def opened(self, numbers: Sequence[int]) -> Iterator[StoredRun]:
        for number, postings, _, _, data in RUNS.read_among(self._store, "where run {among}", numbers):
            yield _ChunkRun(self._store, number, self._identity, _extent(postings), np.frombuffer(data, np.uint64))

    def write(self, number: int, parts: Iterable[Array], extent: Extent) -> StoredRun:
        fences: list[int] = []
        total = 0
        for chunk in _chunks(parts):
            own, file = Extent.of(chunk), BytesIO()
            write_all(RunWriter(file, self._identity, own.counts, own.low, own.high), [chunk])
            CHUNKS.insert(self._store, [(number * _NUMBERS + len(fences), file.getvalue())])
            fences.append(int(chunk[0]))
            total += len(chunk)
        packed = np.array(fences, np.uint64)
        RUNS.insert(self._store, [(number, total, 0, 0, packed.tobytes())])
        return _ChunkRun(self._store, number, self._identity, _extent(total), packed)

    def drop(self, run: StoredRun) -> None:
        first = run.number * _NUMBERS
        self._store.run("delete from chunks where chunk >= ? and chunk < ?", (first, first + _NUMBERS))
        self._store.run("delete from runs where run = ?", (run.number,))


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
