"""Posting lists: which rows have a key, in sorted runs that are merged as they grow.

O'Neil, Cheng, Gawlick, O'Neil, "The log-structured merge-tree", 1996. A posting is one number of 64 bits: two for the kind of key, 32 for
the key, 30 for its value (a row, and a flag). Runs never change, so that what was read of one holds as long as it is there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from ... import kernels
from ...arrays.ragged import Array
from .interface import Store
from .tables import CHUNKS, RUNS

PRINT, BAND, SHORT, ALIKE = range(4)
"""Kinds of keys: fingerprints, bands, bands over the words of short texts, whole texts."""
VALUE_BITS = 30
MOST_ROWS = 1 << (VALUE_BITS - 1)  # a value is a row and a flag
_VALUE = np.uint64(VALUE_BITS)
_CHUNK = 888  # postings, up to 128 more where one key goes on: a chunk fits a page of the file
_NUMBERS = 1 << 24  # chunks of a run
_READ = 1024  # chunks read at a time
_FAN = 6  # runs of about one size that are merged
_LARGEST = 1 << 26  # postings of a run that is merged no further
_CACHED = 1 << 16  # postings of a run that is kept in memory
_LISTED = 128, 72  # values of one key beyond which the last ones are kept, and how many


def pack_postings(kind: int, keys: Array, values: Array) -> Array:
    """Return postings: keys below 2**32, values below 2**30."""
    return (np.uint64(kind) << np.uint64(62)) | (keys.astype(np.uint64) << _VALUE) | values.astype(np.uint64)


def key_of(postings: Array) -> Array:
    """Return the kind and key of postings as one number."""
    return postings >> _VALUE


def value_of(postings: Array) -> Array:
    """Return the values of postings, int64."""
    return (postings & np.uint64((1 << VALUE_BITS) - 1)).astype(np.int64)


class _Run:
    def __init__(self, number: int, postings: int, fences: bytes):
        self.number, self.postings = number, postings
        self.tier = int(math.log(max(1, postings), _FAN))
        self.fences = np.frombuffer(fences, np.uint64)  # the first posting of each chunk


class Postings:
    """The posting lists of a store. To be read and changed inside of a transaction of it."""

    def __init__(self, store: Store):
        self._store = store
        self._runs: list[_Run] = []
        self._small: dict[int, Array] = {}
        self._is_kept: Callable[[Array], Array] | None = None

    def refresh(self, is_kept: Callable[[Array], Array] | None = None) -> None:
        """See what the store has now: to be called first in each transaction. Where some values do not count any more, ``is_kept`` marks
        those that do: others are not found, and are dropped where runs are merged."""
        self._is_kept = is_kept
        known = {run.number: run for run in self._runs}
        found = list(self._store.rows("select run, postings from runs order by run"))
        fresh = [number for number, _ in found if number not in known]
        for number, postings, fences in RUNS.read_among(self._store, "where run {among}", fresh):
            known[number] = _Run(number, postings, fences)
        self._runs = [known[number] for number, _ in found]
        self._small = {number: small for number, small in self._small.items() if number in known}

    def lookup(self, keys: Array) -> Array:
        """Return the postings of keys, as `key_of` has them, sorted and each once: sorted."""
        found = [part for run in self._runs for part in self._in_run(run, keys)]
        postings = self._counting(np.concatenate([np.zeros(0, np.uint64), *found]))
        postings.sort()
        return postings

    def _counting(self, postings: Array) -> Array:
        return postings if self._is_kept is None else postings[self._is_kept(value_of(postings))]

    def _in_run(self, run: _Run, keys: Array) -> Iterator[Array]:
        if not run.postings:
            return
        if run.postings <= _CACHED:
            if run.number not in self._small:
                self._small[run.number] = np.concatenate([*self._read(run, range(len(run.fences)))])
            yield hits(self._small[run.number], keys)
            return
        # The postings of a key are all in the last chunk that does not begin with a larger one.
        places = np.searchsorted(key_of(run.fences), keys, side="right") - 1
        is_wanted = np.zeros(len(run.fences), bool)
        is_wanted[places[places >= 0]] = True
        wanted = np.flatnonzero(is_wanted)
        for start in range(0, len(wanted), _READ):
            part = wanted[start : start + _READ]
            low, high = run.fences[part[0]], run.fences[part[-1] + 1] if part[-1] + 1 < len(run.fences) else None
            first = np.searchsorted(keys, key_of(low))
            last = len(keys) if high is None else np.searchsorted(keys, key_of(high), side="right")
            yield hits(np.concatenate([*self._read(run, part.tolist())]), keys[first:last])

    def _read(self, run: _Run, numbers: Sequence[int]) -> Iterator[Array]:
        first = run.number * _NUMBERS
        if len(numbers) == numbers[-1] - numbers[0] + 1:
            ends = first + numbers[0], first + numbers[-1]
            found = CHUNKS.read(self._store, "where chunk between ? and ? order by chunk", ends)
        else:
            chosen = [first + number for number in numbers]
            found = CHUNKS.read_among(self._store, "where chunk {among} order by chunk", chosen)
        return (np.frombuffer(data, np.uint64) for _, data in found)

    def add(self, postings: Array) -> None:
        """Add postings, sorted, as a run; merge runs where there are many of a size."""
        if not len(postings):
            return
        made = self._write([postings])
        while len(chosen := [run for run in self._runs if run.tier == made.tier]) >= _FAN:
            if sum(run.postings for run in chosen) > _LARGEST:
                break
            made = self._write(filter(len, map(self._counting, self._merged(chosen))))
            self._drop(chosen)

    def compact(self, is_kept: Callable[[Array], Array]) -> None:
        """Make one run of all, with those values alone that ``is_kept`` marks."""
        runs = [*self._runs]
        parts = (part[is_kept(value_of(part))] for part in self._merged(runs))
        self._write(part for part in parts if len(part))  # maybe of none: numbers of runs must not come again
        self._drop(runs)

    def check(self) -> Iterator[str]:
        """Yield what is wrong with the runs."""
        for run in self._runs:
            last, total = -1, 0
            for number, fence in enumerate(run.fences.tolist()):
                chunk = next(iter(self._read(run, [number])), np.zeros(0, np.uint64))
                total += len(chunk)
                if not len(chunk) or int(chunk[0]) != fence or int(chunk[0]) <= last or (chunk[1:] <= chunk[:-1]).any():
                    yield f"postings: chunk {number} of run {run.number} is damaged"
                    break
                last = int(chunk[-1])
            if total != run.postings:
                yield f"postings: run {run.number} has {total:,} of {run.postings:,}"

    def _merged(self, runs: Sequence[_Run]) -> Iterator[Array]:
        """Yield the postings of runs in order, and drop their chunks as they are read."""
        readers = [self._blocks(run) for run in runs if run.postings]
        waiting = [next(reader) for reader in readers]
        while waiting:
            # What is not above the smallest of the last postings is complete.
            bound = min(block[-1] for block in waiting)
            cuts = [int(np.searchsorted(block, bound, side="right")) for block in waiting]
            part = np.concatenate([block[:cut] for block, cut in zip(waiting, cuts, strict=True)])
            part.sort()
            yield part
            waiting = [block[cut:] for block, cut in zip(waiting, cuts, strict=True)]
            for place in reversed(range(len(waiting))):
                if not len(waiting[place]):
                    block = next(readers[place], None)
                    if block is None:
                        del waiting[place], readers[place]
                    else:
                        waiting[place] = block

    def _blocks(self, run: _Run) -> Iterator[Array]:
        for start in range(0, len(run.fences), _READ):
            end = min(start + _READ, len(run.fences))
            block = np.concatenate([*self._read(run, range(start, end))])
            first = run.number * _NUMBERS  # the room is used again for what is merged
            self._store.run("delete from chunks where chunk between ? and ?", (first + start, first + end - 1))
            yield block

    def _write(self, parts: Iterable[Array]) -> _Run:
        number = max((run.number for run in self._runs), default=0) + 1
        fences: list[int] = []
        total = 0
        for chunk in filter(len, _chunks(parts, self._shortened)):
            CHUNKS.insert(self._store, [(number * _NUMBERS + len(fences), chunk.tobytes())])
            fences.append(int(chunk[0]))
            total += len(chunk)
        packed = np.array(fences, np.uint64).tobytes()
        RUNS.insert(self._store, [(number, total, packed)])
        self._runs.append(_Run(number, total, packed))
        return self._runs[-1]

    def _shortened(self, postings: Array) -> Array:
        """Return postings, sorted, with the last values of each key that has very many: of those whose rows are still there.

        Of fingerprints all rows count: what is known to recur stays known.
        """
        listed = _listed(postings)
        if listed is postings:
            return postings
        keys, times = np.unique(key_of(postings), return_counts=True)
        long = np.isin(key_of(postings), keys[times > _LISTED[0]]) & (postings >> np.uint64(62) != np.uint64(PRINT))
        rows = np.unique(value_of(postings[long]) >> 1).tolist()
        living = [row for (row,) in self._store.rows_among("select row from segments where row {among}", rows)]
        return _listed(postings[~long | np.isin(value_of(postings) >> 1, living)])

    def _drop(self, runs: Sequence[_Run]) -> None:
        for run in runs:
            first = run.number * _NUMBERS
            self._store.run("delete from chunks where chunk between ? and ?", (first, first + len(run.fences) - 1))
            self._store.run("delete from runs where run = ?", (run.number,))
            self._runs.remove(run)


def hits(postings: Array, keys: Array) -> Array:
    """Return those of the postings that have one of these keys; both are sorted, each key is there once."""
    return kernels.engine().hits(postings, keys, VALUE_BITS)


def _chunks(parts: Iterable[Array], shortened: Callable[[Array], Array]) -> Iterator[Array]:
    """Cut postings into chunks at keys, so that no key is in two; of a key with very many values few are kept."""
    rest = np.zeros(0, np.uint64)
    for part in parts:
        rest = np.concatenate((rest, part))
        while len(rest) > 2 * _CHUNK:
            cut = int(np.searchsorted(rest, (key_of(rest[_CHUNK]) + np.uint64(1)) << _VALUE))
            if cut == len(rest):
                break  # the key may go on
            yield shortened(rest[:cut])
            rest = rest[cut:]
    if len(rest):
        yield shortened(rest)


def _listed(postings: Array) -> Array:
    """Return the postings themselves, or, where a key has too many values, the last ones of each such key."""
    keys = key_of(postings)
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    lengths = np.diff(np.append(starts, len(keys)))
    if lengths.max() <= _LISTED[0]:
        return postings
    left = np.repeat(starts + lengths, lengths) - np.arange(len(keys))  # values from this one on
    return postings[(left <= _LISTED[1]) | np.repeat(lengths <= _LISTED[0], lengths)]
