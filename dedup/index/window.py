"""The window of an index: what was last seen longer ago is forgotten by the transaction that takes in.

Where in a feed something is forgotten depends on the feed alone, not on how many records are decided together: before the record whose time
shows that it has fallen out, at most `_MOST` documents at once, and of what is left as many after each `_PART` documents that have come.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from math import inf

import numpy as np

from ..arrays.ragged import Array, sorted_unique
from ..config import Config
from .deliveries import Run
from .feed_clock import WindowState, read_window, write_window
from .forget import forget
from .known_records import KnownRecords
from .prepare import Prepared
from .remove import compact
from .storage.interface import Row, Store
from .storage.merging import Counting
from .storage.postings import MOST_ROWS, Postings
from .storage.tables import ARRIVALS, SIGHTINGS
from .stored_record import StoredRecord
from .told import keep_told, undelivered

_LOG = logging.getLogger("dedup.index.window")
_NEARLY = MOST_ROWS // 8 * 7  # rows from which on it is said that they will come to an end
_PART, _MOST = 256, 512
_FEWEST = 128  # documents that come until it is looked again for what has fallen out, unless it is late
_LATE = 8  # parts of a window, of which one may pass until that
_LOOSE = 4  # postings are written anew where texts that are gone are more than one for so many that are there: a fifth of all
_FEW = 1000  # rows that are looked up one by one
_MORE = 1 << 62
_ONCE = """
select number from documents where number >= ? and number < ?
and not exists (select 1 from sightings where sightings.number = documents.number) order by number limit ?
"""
_AGAIN = "select number from sightings where moment < ? order by moment, number desc limit ?"
_OLDEST = "select moment from arrivals order by number limit 1", "select min(moment) from sightings"


class Window:
    """The window of an index in one transaction. ``state`` is what the index remembers, ``own`` the run that asks where what it lets
    through counts as delivered, None for others."""

    def __init__(self, store: Store, postings: Postings, config: Config, state: WindowState, own: int | None):
        self._store, self._postings, self._config, self._state, self._own = store, postings, config, state, own
        self._moments: list[float] = []  # the time of the feed at each document
        self._touched: dict[int, float] = {}
        self._last = max((moment for _, moment in ARRIVALS.read(store, "order by number desc limit 1")), default=None)
        self._oldest = self._find_oldest()

    def arrive(self, asking: Prepared, records: KnownRecords) -> None:
        """Take in the times of the documents of the transaction, in their order. The feed has been before where input is given again."""
        state, given = self._state, zip(asking.documents, asking.digests, asking.timestamps, strict=True)
        arrival = 0.0 if state.clock.times else self._store.now()
        times = (None if records.is_given_again(document.id, digest) else time for document, digest, time in given)
        self._moments = [state.quantum(state.clock.reach(time, arrival)) for time in times]

    def _is_out(self, place: int, oldest: float) -> bool:
        """Tell whether something has fallen out before the document at a place, where what was last seen first was seen at a moment."""
        moment = self._moments[place]
        return moment != self._state.swept and oldest < self._state.cut(moment)

    def _is_late(self, place: int) -> bool:
        """Tell whether it was not looked for that for so long that few documents do not matter."""
        state = self._state
        return state.swept is None or self._moments[place] - state.swept >= state.keep_for / _LATE

    def _is_due(self, place: int) -> bool:
        """Tell whether something may have to be forgotten before the document at a place."""
        state = self._state
        if state.left and state.since >= _PART:
            return True
        return self._is_out(place, self._oldest) and (state.since >= _FEWEST or self._is_late(place))

    def reach(self, place: int) -> tuple[int, int]:
        """Return up to before which place nothing has to be forgotten, from one on where that is so, and how many documents may come until
        then."""
        state = self._state
        stop, most = place + 1, _PART - state.since if state.left else _MORE
        # What comes meanwhile is seen when the first of it is, or later.
        oldest = min(self._oldest, self._moments[place])
        while stop < len(self._moments):
            if self._is_out(stop, oldest):
                if state.since >= _FEWEST or self._is_late(stop):
                    break
                most = min(most, _FEWEST - state.since)
            stop += 1
        return stop, most

    def touch(self, numbers: Iterable[int | None], place: int) -> None:
        """Note that documents were seen again, by the document at a place."""
        for number in numbers:
            if number is not None:
                self._touched[number] = self._moments[place]

    def untouch(self, numbers: Iterable[int]) -> None:
        """Forget that documents were seen, which are removed."""
        for number in numbers:
            self._touched.pop(number, None)

    def see_again(self, known: StoredRecord, records: KnownRecords, place: int) -> None:
        """Note that a document has come again, unless that is because the run was broken off that has seen it."""
        if not records.is_broken_off(known.run):
            self.touch((known.number, known.holder), place)

    def came(self, numbers: Sequence[int], places: Sequence[int], texts: int, repeated: Mapping[int, Iterable[int]]) -> None:
        """Note that documents have come, which are stored under some numbers, with so many texts that were posted, and which others each of
        them has ``repeated``."""
        state = self._state
        state.texts += texts
        for number, place in zip(numbers, places, strict=True):
            self.touch(repeated.get(number, ()), place)
        state.since += len(numbers)
        if not state.clock.is_sure:
            return
        for number, place in zip(numbers, places, strict=True):
            if self._last is None or self._moments[place] > self._last:
                first = 0 if self._last is None else number
                self._last = self._moments[place]
                ARRIVALS.insert(self._store, [(first, self._last)])
                self._oldest = min(self._oldest, self._last)

    def sweep(self, place: int, number: int) -> list[int]:
        """Forget what has fallen out before the document at a place, and return the numbers of that. ``number`` is that of the next
        document."""
        if not self._is_due(place):
            return []
        state, store = self._state, self._store
        self._write_touched()
        cut = state.cut(self._moments[place])
        found = self._seen_once(cut, number)
        found += [each for (each,) in store.rows(_AGAIN, (cut, _MOST - len(found)))]
        state.swept, state.since, state.left = self._moments[place], 0, len(found) >= _MOST
        rows = store.rows_among("select number, run, version, kept from documents where number {among}", sorted(found))
        gone = self._let_go(rows, place)
        if gone:
            forgotten = forget(store, self._config, gone)
            state.forgotten += len(gone)
            state.dead = max(state.dead, forgotten.highest)
            if state.dead > _NEARLY:
                what = "make it again before: dedup index rebuild, or on a server a new index, fed with what is inside of the window"
                _LOG.warning("%s: it has room for %d more texts; %s", store.name, MOST_ROWS - state.dead, what)
            state.texts -= forgotten.texts
            state.loose += forgotten.texts
            if state.loose * _LOOSE > state.texts:
                compact(store, self._postings)
                state.loose = 0
                ((state.texts,),) = store.rows("select count(*) from segments where same is null")
            self._postings.refresh(living(state))
        self._oldest = self._find_oldest()
        return gone

    def _seen_once(self, cut: float, number: int) -> list[int]:
        """Return the numbers of the first documents that have come before a moment and were never seen again."""
        state, store = self._state, self._store
        ((until,),) = store.rows("select min(number) from arrivals where moment >= ?", (cut,))
        until = number if until is None else until
        found = [each for (each,) in store.rows(_ONCE, (state.after, until, _MOST))]
        state.after = found[-1] + 1 if len(found) == _MOST else max(until, state.after)
        store.run("delete from arrivals where number < (select max(number) from arrivals where number <= ?)", (state.after,))
        return found

    def _let_go(self, rows: Sequence[Row], place: int) -> list[int]:
        """Return the numbers of those documents that can be forgotten. Where a run that has not delivered yet may ask for one again, what
        was decided is kept; withdrawals, and what these took out, stay as they are until then."""
        waiting = undelivered(self._store, self._own, self._state.cut(self._moments[place]))
        held = {number: (version, kept) for number, run, version, kept in rows if run in waiting}
        if not held:
            return [number for number, *_ in rows]
        refused = sorted(number for number, (_, kept) in held.items() if kept < 0)
        texts = {number for (number,) in self._store.rows_among("select distinct document from segments where document {among}", refused)}
        stay = {number for number, (version, kept) in held.items() if version < 0 or (kept < 0 and number not in texts)}
        self.touch(stay, place)
        self._write_touched()
        keep_told(self._store, held.keys() - stay, self._moments[place])
        return [number for number, *_ in rows if number not in stay]

    def _find_oldest(self) -> float:
        """Return when what was last seen first was seen, or a moment before that."""
        found = [moment for query in _OLDEST for (moment,) in self._store.rows(query)]
        return min((moment for moment in found if moment is not None), default=inf)

    def _write_touched(self) -> None:
        """Write which documents were seen again."""
        touched, self._touched = self._touched, {}
        if not touched or not self._state.clock.is_sure:
            return
        known: dict[int, float] = dict(SIGHTINGS.read_among(self._store, "where number {among}", sorted(touched)))
        came = self._coming(touched.keys() - known.keys())
        later = {number: moment for number, moment in touched.items() if moment > known.get(number, came.get(number, -inf))}
        SIGHTINGS.change(self._store, {number: {"moment": moment} for number, moment in later.items() if number in known})
        SIGHTINGS.insert(self._store, [(number, moment) for number, moment in sorted(later.items()) if number not in known])

    def _coming(self, numbers: Collection[int]) -> dict[int, float]:
        """Return when documents have come that were seen once, of those that are not looked at yet."""
        firsts = ARRIVALS.read(self._store, "order by number") if numbers else []
        starts = np.array([number for number, _ in firsts], np.int64)
        asked = sorted(number for number in numbers if number >= self._state.after) if firsts else []
        places = np.searchsorted(starts, np.array(asked, np.int64), side="right") - 1
        return {number: firsts[place][1] for number, place in zip(asked, places.tolist(), strict=True) if place >= 0}

    def write(self) -> None:
        """Write what has changed, at the end of the transaction."""
        self._write_touched()
        write_window(self._store, self._state)


class NoWindow:
    """Stands for the window of an index that has none: nothing is forgotten."""

    def __init__(self) -> None:
        self._count = 0

    def arrive(self, asking: Prepared, records: KnownRecords) -> None:
        self._count = len(asking.documents)

    def reach(self, place: int) -> tuple[int, int]:
        return self._count, _MORE

    def touch(self, numbers: Iterable[int | None], place: int) -> None:
        return

    def untouch(self, numbers: Iterable[int]) -> None:
        return

    def see_again(self, known: StoredRecord, records: KnownRecords, place: int) -> None:
        return

    def came(self, numbers: Sequence[int], places: Sequence[int], texts: int, repeated: Mapping[int, Iterable[int]]) -> None:
        return

    def sweep(self, place: int, number: int) -> list[int]:
        return []

    def write(self) -> None:
        return


def window_of(store: Store, postings: Postings, config: Config, metadata: Mapping[str, str], run: Run) -> Window | NoWindow:
    """Return the window of an index in a transaction, from what the index says about itself, and let postings be found that it has not
    forgotten."""
    state = read_window(metadata)
    postings.refresh(living(state))
    return NoWindow() if state is None else Window(store, postings, config, state, run.number if run.delivers else None)


class _Living:
    """Tells which values of postings are of rows that were not forgotten."""

    def __init__(self, store: Store, dead: int):
        self._store, self._dead = store, dead

    def __call__(self, values: Array) -> Array:
        rows = values >> 1
        old = rows <= self._dead
        if not old.any():
            return np.ones(len(values), bool)
        asked = sorted_unique(rows[old])
        if len(asked) > _FEW:
            found = self._store.rows("select row from segments where row >= ? and row <= ?", (int(asked[0]), int(asked[-1])))
        else:
            found = self._store.rows_among("select row from segments where row {among}", asked.tolist())
        kept: Array = ~old | np.isin(rows, np.array([row for (row,) in found], np.int64))
        return kept


def living(state: WindowState | None) -> Counting | None:
    """Return what tells for a store which values of postings count; None where all do."""
    if state is None or state.dead < 0:
        return None
    return partial(_Living, dead=state.dead)  # as it is now: runs are merged beside the transactions as well


def counting_in(metadata: Mapping[str, str]) -> Counting | None:
    """Return what `living` does, from what an index says about itself."""
    return living(read_window(metadata))
