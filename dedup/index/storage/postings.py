"""Posting lists: which rows have a key, in sorted runs that are merged as they grow.

O'Neil, Cheng, Gawlick, O'Neil, "The log-structured merge-tree", 1996. A posting is one number of 64 bits: two for the kind of key, 32 for
the key, 30 for its value (a row, and a flag). Runs never change, so that what was read of one holds as long as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import kernels
from ...arrays.ragged import Array
from ...errors import StoreError
from .chunk_runs import ChunkStorage
from .connect import open_store
from .in_order import in_order
from .interface import Store
from .merging import BesideMerge, Counting, due, living_in, merged, shortened
from .recent import Recent
from .run_files import RunFiles
from .run_image import VALUE_BITS
from .runs import FAN, INLINE, Extent, ImageStorage, RunStorage, StoredRun
from .tables import DAMAGED, META

PRINT, BAND, SHORT, ALIKE = range(4)
"""Kinds of keys: fingerprints, bands, bands over the words of short texts, whole texts."""
MOST_ROWS = 1 << (VALUE_BITS - 1)  # a value is a row and a flag
_VALUE = np.uint64(VALUE_BITS)
_LARGEST = 1 << 28  # postings of a run that is merged no further
_LARGEST_INSIDE = 1 << 26  # where all is in the database
_RECENT = 1 << 26  # bytes of what is kept in memory of rows
_LATE = 2 * FAN  # runs of one size that are merged in the transaction, because nobody has merged them beside it


def pack_postings(kind: int, keys: Array, values: Array) -> Array:
    """Return postings: keys below 2**32, values below 2**30."""
    return (np.uint64(kind) << np.uint64(62)) | (keys.astype(np.uint64) << _VALUE) | values.astype(np.uint64)


def key_of(postings: Array) -> Array:
    """Return the kind and key of postings as one number."""
    return postings >> _VALUE


def value_of(postings: Array) -> Array:
    """Return the values of postings, int64."""
    return (postings & np.uint64((1 << VALUE_BITS) - 1)).astype(np.int64)


def hits(postings: Array, keys: Array) -> Array:
    """Return those of the postings that have one of these keys; both are sorted, each key is there once."""
    return kernels.engine().hits(postings, keys, VALUE_BITS)


@dataclass(frozen=True, slots=True)
class FoundAhead:
    """The postings of some keys, sorted and each once, in each of some runs; as runs never change, it holds as long as these are there."""

    keys: Array
    by_run: Mapping[StoredRun, Array]


class Postings:
    """The posting lists of a store. To be read and changed inside of a transaction of it, but for `look_ahead`."""

    def __init__(self, store: Store):
        self._store = store
        self._files = None if store.files_beside is None else RunFiles(store.files_beside)
        self._runs: list[StoredRun] = []
        self._seen: set[int] = set()  # the runs that were there when the transaction began, so that others see them
        self._identity = b""
        self._storage: RunStorage | None = None
        self._beside: BesideMerge | None = None
        self._is_swept = False
        self._counting: Counting | None = None
        self.recent: Recent[Any] = Recent(_RECENT)
        """What was read last of rows, by their numbers: it holds as long as these are there."""

    @property
    def _kept(self) -> RunStorage:
        if self._storage is None:
            self._identity = _identity_of(self._store)
            if self._store.keeps_images:
                self._storage = ImageStorage(self._store, self._files, self._identity)
            else:
                self._storage = ChunkStorage(self._store, self._identity)
        return self._storage

    def refresh(self, counting: Counting | None = None) -> None:
        """See what the store has now: to be called first in each transaction. Where some values do not count any more, ``counting`` returns
        for a store what marks those that do: others are not found, and are dropped where runs are merged."""
        self._counting = counting
        known = {run.number: run for run in self._runs}
        found = [number for (number,) in self._store.rows("select run from runs order by run")]
        if fresh := [number for number in found if number not in known]:
            known.update((run.number, run) for run in self._kept.opened(fresh))
        self._runs = [known[number] for number in found]
        self._seen = {*found}

    @property
    def can_look_ahead(self) -> bool:
        """True where runs are in memory or in files, and are not read through the connection of the store."""
        return self._store.keeps_images

    def look_ahead(self, keys: Array) -> FoundAhead:
        """Return what `lookup` needs of the runs that there were in the last transaction. Any thread may call it, at any time."""
        found: dict[StoredRun, Array] = {}
        for run in self._runs:
            with suppress(StoreError):  # it is met again, and told, by who looks them up
                found[run] = run.find(keys)
        return FoundAhead(keys, found)

    def lookup(self, keys: Array, ahead: FoundAhead | None = None) -> Array:
        """Return the postings of keys, as `key_of` has them, sorted and each once: sorted. ``ahead`` is what was found before of all these
        keys, and maybe of others."""
        postings = np.concatenate([np.zeros(0, np.uint64), *(self._found(run, keys, ahead) for run in self._runs)])
        if (counts := self._counts()) is not None:
            postings = postings[counts(value_of(postings))]
        return in_order(postings)

    def _found(self, run: StoredRun, keys: Array, ahead: FoundAhead | None) -> Array:
        if ahead is None or run not in ahead.by_run:
            return run.find(keys)
        found = ahead.by_run[run]
        return found if len(keys) == len(ahead.keys) else kernels.engine().hits(found, keys, VALUE_BITS)

    def add(self, postings: Array) -> None:
        """Add postings, sorted, as a run; merge runs where there are many of a size."""
        if not len(postings):
            return
        self._take_merged()
        living = living_in(self._store)
        self._write([shortened(postings, living)], Extent.of(postings))
        while chosen := due(self._runs, *self._limits()):
            self._write(merged(chosen, living, self._counts()), Extent.joined(run.extent for run in chosen))
            self._drop(chosen)
        if self._files is not None and self._beside is None:
            chosen = due([run for run in self._runs if run.number in self._seen], FAN, _LARGEST)
            if chosen:
                self._beside = BesideMerge(chosen, self._files, self._identity, self._again, self._counting)

    def _limits(self) -> tuple[int, int]:
        """Return how many runs of a size are merged at once, and the most postings that they have."""
        if self._files is None:
            return FAN, _LARGEST_INSIDE
        if due(self._runs, FAN, INLINE):
            return FAN, INLINE
        return _LATE, _LARGEST

    def _counts(self) -> Callable[[Array], Array] | None:
        return None if self._counting is None else self._counting(self._store)

    def _again(self) -> Store:
        return open_store(self._store.name, create=False)

    def _take_merged(self) -> None:
        """Put what was merged beside the transactions in the place of what it was made of."""
        beside = self._beside
        if beside is None or not beside.is_done:
            return
        self._beside = None
        if isinstance(beside.error, StoreError):
            raise beside.error
        there = {run.number for run in self._runs}
        assert self._files is not None
        assert isinstance(self._kept, ImageStorage)
        is_right = beside.made is not None and there.issuperset(run.number for run in beside.runs)
        if beside.made is None or not is_right or not self._files.has(beside.made[0]):
            beside.stop()
            return
        self._runs.append(self._kept.adopt(self._next(), *beside.made))
        self._drop(beside.runs)

    def compact(self, is_kept: Callable[[Array], Array]) -> None:
        """Make one run of all, with those values alone that ``is_kept`` marks."""
        runs = [*self._runs]
        parts = (part[is_kept(value_of(part))] for part in merged(runs, living_in(self._store)))
        # Maybe of none: numbers of runs must not come again.
        self._write((part for part in parts if len(part)), Extent.joined(run.extent for run in runs))
        self._drop(runs)

    def adopt(self, parts: Iterable[Array], counts: Sequence[int], rows: int) -> None:
        """Add the postings of an index that another version has made, which come sorted: at most so many of each kind, and of so many
        rows."""
        self._write(parts, Extent(counts, 0, 2 * rows))

    def check(self) -> Iterator[str]:
        """Yield what is wrong with the runs."""
        for run in self._runs:
            yield from run.faults()

    def anew(self) -> Postings:
        """Return the posting lists after a transaction that was taken back. What is merged beside the transactions goes on: its runs were
        there before."""
        found = Postings(self._store)
        found._beside, self._beside = self._beside, None
        return found

    def close(self) -> None:
        """Give up what is merged beside the transactions."""
        if self._beside is not None:
            self._beside.stop()
            self._beside = None

    def _next(self) -> int:
        return max((run.number for run in self._runs), default=0) + 1

    def _write(self, parts: Iterable[Array], extent: Extent) -> None:
        self._runs.append(self._kept.write(self._next(), parts, extent))
        if self._files is not None and not self._is_swept:
            self._files.sweep(self._identity, {run.number for run in self._runs})
            self._is_swept = True

    def _drop(self, runs: Iterable[StoredRun]) -> None:
        gone = [*runs]
        for run in gone:
            self._kept.drop(run)
        numbers = {run.number for run in gone}
        self._runs = [run for run in self._runs if run.number not in numbers]
        self._is_swept = False


def _identity_of(store: Store) -> bytes:
    """Return what tells an index from others."""
    found = META.read(store, "where name = 'identity'")
    try:
        identity = bytes.fromhex(found[0][1])
    except (IndexError, ValueError):
        identity = b""
    if len(identity) != 16:
        raise StoreError("damaged: its header does not tell which runs are its own", path=store.name, hint=DAMAGED)
    return identity
