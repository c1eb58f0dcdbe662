"""Runs of posting lists merged: in a transaction, or, where runs are files, beside it, so that no record waits for a large one.

Runs never change. What is made of some of them in a thread is right whenever it is done, and takes their place in the next transaction
that adds postings, if they are all still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from threading import Event, Thread
from typing import IO

import numpy as np

from ...arrays.ragged import Array
from .in_order import in_order
from .interface import Store
from .run_files import RunFiles, sync
from .run_image import VALUE_BITS, RunWriter
from .runs import Extent, StoredRun, tier_of, write_all

Kept = Callable[[Array], Array]
"""Tells which rows are still there, a mask."""
Counting = Callable[[Store], Callable[[Array], Array]]
"""Tells by a store which values of postings count, a mask."""
_LISTED = 128, 72  # values of one key beyond which the last ones are kept, and how many
_ALL_COUNT = 0  # the kind of keys of which all rows count, also those that are gone
_SYNC = 1 << 23  # bytes that are made durable together, so that what others write does not wait for more


def due(runs: Sequence[StoredRun], fan: int, most: int) -> list[StoredRun]:
    """Return which runs are to be merged next: those of the smallest size of which there are too many; none where there are none, or they
    would have more postings than ``most``."""
    tiers: dict[int, list[StoredRun]] = {}
    for run in runs:
        tiers.setdefault(tier_of(run), []).append(run)
    for _, chosen in sorted(tiers.items()):
        if len(chosen) >= fan and sum(run.extent.total for run in chosen) <= most:
            return chosen
    return []


def merged(runs: Sequence[StoredRun], living: Kept, counting: Kept | None = None) -> Iterator[Array]:
    """Yield the postings of runs together, in their order, all of one key at a time; of a key with very many only the last ones, and where
    ``counting`` tells which values count, of these alone."""
    rest = np.zeros(0, np.uint64)
    for part in _together(runs):
        kept = part if counting is None else part[counting((part & np.uint64((1 << VALUE_BITS) - 1)).astype(np.int64))]
        rest = np.concatenate((rest, kept))
        if not len(rest):
            continue
        cut = int(np.searchsorted(rest, rest[-1] >> np.uint64(VALUE_BITS) << np.uint64(VALUE_BITS)))
        if cut:
            yield shortened(rest[:cut], living)
            rest = rest[cut:]
    if len(rest):
        yield shortened(rest, living)


def _together(runs: Sequence[StoredRun]) -> Iterator[Array]:
    readers = [run.parts() for run in runs if run.extent.total]
    waiting = [next(reader) for reader in readers]
    while waiting:
        # What is not above the smallest of the last postings is complete.
        bound = min(part[-1] for part in waiting)
        cuts = [int(np.searchsorted(part, bound, side="right")) for part in waiting]
        yield in_order(*(part[:cut] for part, cut in zip(waiting, cuts, strict=True)))
        waiting = [part[cut:] for part, cut in zip(waiting, cuts, strict=True)]
        for place in reversed(range(len(waiting))):
            if not len(waiting[place]):
                more = next(readers[place], None)
                if more is None:
                    del waiting[place], readers[place]
                else:
                    waiting[place] = more


def shortened(postings: Array, living: Kept) -> Array:
    """Return postings, sorted, with the last values of each key that has very many: of those whose rows are still there.

    Of fingerprints all rows count: what is known to recur stays known.
    """
    listed = _listed(postings)
    if listed is postings:
        return postings
    keys, times = np.unique(postings >> np.uint64(VALUE_BITS), return_counts=True)
    long = np.isin(postings >> np.uint64(VALUE_BITS), keys[times > _LISTED[0]]) & (postings >> np.uint64(62) != np.uint64(_ALL_COUNT))
    kept = np.ones(len(postings), bool)
    kept[long] = living((postings[long] & np.uint64((1 << VALUE_BITS) - 1)).astype(np.int64) >> 1)
    return _listed(postings[kept])


def _listed(postings: Array) -> Array:
    """Return the postings themselves, or, where a key has too many values, the last ones of each such key."""
    if len(postings) <= _LISTED[0]:
        return postings
    span = postings[_LISTED[0] :] >> np.uint64(VALUE_BITS) == postings[: -_LISTED[0]] >> np.uint64(VALUE_BITS)
    if not span.any():
        return postings
    keys = postings >> np.uint64(VALUE_BITS)
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    lengths = np.diff(np.append(starts, len(keys)))
    left = np.repeat(starts + lengths, lengths) - np.arange(len(keys))  # values from this one on
    return postings[(left <= _LISTED[1]) | np.repeat(lengths <= _LISTED[0], lengths)]


def living_in(store: Store) -> Kept:
    """Return what tells which rows a store has."""

    def living(rows: Array) -> Array:
        wanted = np.unique(rows).tolist()
        found = [row for (row,) in store.rows_among("select row from segments where row {among}", wanted)]
        mask: Array = np.isin(rows, found)
        return mask

    return living


class BesideMerge:
    """Runs that are merged in a thread, into a file that has no last name yet. ``again`` opens the store of the runs anew: the thread needs
    one of its own. The runs must be there for all to see. ``counting`` as `Postings.refresh` has it."""

    def __init__(
        self, runs: Sequence[StoredRun], files: RunFiles, identity: bytes, again: Callable[[], Store], counting: Counting | None = None
    ):
        self.runs, self._files, self._identity, self._again, self._counting = runs, files, identity, again, counting
        self.made: tuple[str, int, int, int] | None = None
        """The file, its postings, its bytes, and the checksum of its header."""
        self.error: Exception | None = None
        self._stopped = Event()
        self._thread = Thread(target=self._run, daemon=True, name="dedup-merge")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Give it up, and leave nothing of it."""
        self._stopped.set()
        self._thread.join()
        if self.made is not None:
            self._files.discard(self.made[0])

    def _run(self) -> None:
        try:
            extent = Extent.joined(run.extent for run in self.runs)
            with closing(self._again()) as store, self._files.making(self._identity) as (path, file):
                counts = None if self._counting is None else self._counting(store)
                parts = merged(self.runs, living_in(store), counts)
                writer = RunWriter(file, self._identity, extent.counts, extent.low, extent.high)
                found = write_all(writer, self._watched(parts, file))
            self.made = path, *found
        except _Stopped:
            return
        except Exception as error:  # told where the merge is looked at
            self.error = error

    def _watched(self, parts: Iterable[Array], file: IO[bytes]) -> Iterator[Array]:
        synced = 0
        for part in parts:
            if self._stopped.is_set():
                raise _Stopped
            yield part
            if file.tell() - synced > _SYNC:
                sync(file)
                synced = file.tell()


class _Stopped(Exception):
    """Ends a merge that is given up."""
