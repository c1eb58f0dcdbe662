"""Runs of posting lists as a store keeps them: small ones in rows of its database, large ones in files beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

import numpy as np

from ... import kernels
from ...arrays.ragged import Array
from ...errors import StoreError
from .interface import Store
from .run_files import RunFiles
from .run_image import KINDS, VALUE_BITS, PackedRun, RunWriter, counts_of, span_of
from .tables import DAMAGED, RUNS

FAN = 4
"""Runs of about one size that are merged."""
INLINE = 1 << 15
"""Postings of a run that is kept in a row."""
_SPARSE = 4  # keys for each posting of a run beyond which its postings are looked up in the keys


@dataclass(frozen=True, slots=True)
class Extent:
    """How many postings of each kind there are, and the smallest and the largest of their values."""

    counts: Sequence[int]
    low: int
    high: int

    @property
    def total(self) -> int:
        return sum(self.counts)

    @classmethod
    def of(cls, postings: Array) -> Extent:
        """Return that of some postings, which are sorted."""
        return cls(counts_of(postings), *span_of(postings))

    @classmethod
    def joined(cls, extents: Iterable[Extent]) -> Extent:
        """Return that of all postings of some."""
        found = [each for each in extents if each.total]
        if not found:
            return cls([0] * KINDS, 0, 0)
        counts = [sum(each.counts[kind] for each in found) for kind in range(KINDS)]
        return cls(counts, min(each.low for each in found), max(each.high for each in found))


class StoredRun(Protocol):
    """A run that is stored, and never changes."""

    number: int
    extent: Extent

    def find(self, keys: Array) -> Array:
        """Return the postings of keys, which are sorted, each once: sorted. Raises `StoreError` where what is read is damaged."""
        ...

    def parts(self) -> Iterator[Array]:
        """Yield all postings in their order, some at a time. Raises `StoreError` as `find` does."""
        ...

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with it."""
        ...


def tier_of(run: StoredRun) -> int:
    """Return the number of a run's size: those of one are merged."""
    return int(math.log(max(1, run.extent.total), FAN))


class RunStorage(Protocol):
    """How a store keeps runs. To be called inside of a transaction of it."""

    def opened(self, numbers: Sequence[int]) -> Iterator[StoredRun]:
        """Open runs that are stored."""
        ...

    def write(self, number: int, parts: Iterable[Array], extent: Extent) -> StoredRun:
        """Store a run of sorted postings, which has no more than an extent tells."""
        ...

    def drop(self, run: StoredRun) -> None:
        """Remove a run."""
        ...


class _ImageRun:
    """A run in memory, or in a file that is mapped into it."""

    def __init__(self, store: str, number: int, run: PackedRun):
        self._store, self.number, self._run = store, number, run
        self.extent = Extent(run.counts, run.low, run.high)
        self._all: Array | None = None

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise damaged(self._store, self.number, error) from error

    def find(self, keys: Array) -> Array:
        with self._explained():
            if self._run.postings * _SPARSE < len(keys):
                if self._all is None:
                    self._all = np.concatenate([np.zeros(0, np.uint64), *self._run.parts()])
                return kernels.engine().hits(self._all, keys, VALUE_BITS)
            return self._run.find(keys)

    def parts(self) -> Iterator[Array]:
        with self._explained():
            yield from self._run.parts()

    def faults(self) -> Iterator[str]:
        last, total = -1, 0
        try:
            self._run.check_all()
            for part in self._run.parts():
                if int(part[0]) <= last or (part[1:] <= part[:-1]).any():
                    raise ValueError("its postings are not in order")
                last, total = int(part[-1]), total + len(part)
        except ValueError as error:
            yield f"postings: run {self.number} is damaged: {error}"
        else:
            if total != self.extent.total:
                yield f"postings: run {self.number} has {total:,} of {self.extent.total:,}"


def damaged(name: str, number: int, why: object) -> StoreError:
    """Return the error for a run that is damaged."""
    return StoreError(f"damaged: run {number} of the postings is not as it was written ({why})", path=name, hint=DAMAGED)


class ImageStorage:
    """Runs as images: in rows, and, where there are files beside the store, large ones in these."""

    def __init__(self, store: Store, files: RunFiles | None, identity: bytes):
        self._store, self._files, self.identity = store, files, identity

    def opened(self, numbers: Sequence[int]) -> Iterator[StoredRun]:
        for row in RUNS.read_among(self._store, "where run {among}", numbers):
            yield self._opened(*row)

    def _opened(self, number: int, postings: int, size: int, check: int, data: bytes) -> StoredRun:
        image = data if data or self._files is None else self._files.mapped(self.identity, number, size)
        try:
            run = PackedRun(image, self.identity, check)
            if run.postings != postings:
                raise ValueError("it has another number of postings")
        except ValueError as error:
            raise damaged(self._store.name, number, error) from error
        return _ImageRun(self._store.name, number, run)

    def write(self, number: int, parts: Iterable[Array], extent: Extent) -> StoredRun:
        if self._files is None or extent.total <= INLINE:
            file = BytesIO()
            total, size, check = write_all(RunWriter(file, self.identity, extent.counts, extent.low, extent.high), parts)
            return self.named(number, total, size, check, file.getvalue())
        with self._files.making(self.identity) as (temporary, new):
            total, size, check = write_all(RunWriter(new, self.identity, extent.counts, extent.low, extent.high), parts)
        return self.adopt(number, temporary, total, size, check)

    def adopt(self, number: int, temporary: str, total: int, size: int, check: int) -> StoredRun:
        """Store a run whose file was made before."""
        assert self._files is not None
        self._files.name_finally(temporary, self.identity, number)
        return self.named(number, total, size, check, b"")

    def named(self, number: int, total: int, size: int, check: int, data: bytes) -> StoredRun:
        """Write the row of a run, and open it."""
        row = number, total, size, check, data
        RUNS.insert(self._store, [row])
        return self._opened(*row)

    def drop(self, run: StoredRun) -> None:
        self._store.run("delete from runs where run = ?", (run.number,))
        if self._files is not None:
            self._files.leave(self.identity, run.number)


def write_all(writer: RunWriter, parts: Iterable[Array]) -> tuple[int, int, int]:
    """Write postings, and return how many there were, the bytes of all, and the checksum of the header."""
    total = 0
    for part in parts:
        writer.add(part)
        total += len(part)
    return total, *writer.finish()
