"""The time of a feed, told by the times of its records, and what an index with a window remembers between its transactions."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor, inf
from typing import Any

from .storage.interface import Store
from .storage.tables import META

_KEY = "window"  # in the metadata
_TIMES, _REACHED = 15, 8  # times of the last records, and how many of them tell the time of the feed
_LATEST = 1e14  # seconds: what is beyond is no time
_STEPS = 64  # of a window: what is last seen in one of them falls out together


class FeedClock:
    """The time of a feed: the newest that 8 of 15 records in a row have reached, so that one with a wrong time moves nothing. It never goes
    back, but while fewer than 8 have come, of which the earliest counts.

    Of a feed whose records have no times it is the time of arrival.

    >>> clock = FeedClock()
    >>> [clock.reach(float(day), 0.0) for day in (*range(1, 10), 9999, 10)]
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0]
    """

    def __init__(self, moment: float | None = None, times: tuple[float, ...] = (), *, is_sure: bool = False):
        self.moment, self.times, self.is_sure = moment, deque(times, _TIMES), is_sure

    def reach(self, time: float | None, arrival: float) -> float:
        """Take in the time of the next record, None for one without, which has come at ``arrival``; return the time of the feed, in
        seconds."""
        if time is not None and abs(time) < _LATEST:
            self.times.append(time)
        if not self.times:
            self.moment, self.is_sure = max(arrival, -inf if self.moment is None else self.moment), True
        else:
            self._tell()
        assert self.moment is not None
        return self.moment

    def _tell(self) -> None:
        if len(self.times) < _REACHED:
            if not self.is_sure:
                self.moment = min(self.times)
            return
        reached = sorted(self.times)[-_REACHED]
        self.moment = reached if self.moment is None or not self.is_sure else max(self.moment, reached)
        self.is_sure = True


@dataclass(slots=True)
class WindowState:
    """What an index with a window remembers. Moments are seconds, each the beginning of a 64th of the window."""

    keep_for: float
    """Seconds after which what was last seen is forgotten."""
    clock: FeedClock = field(default_factory=FeedClock)
    swept: float | None = None
    """The moment when it was last looked for what has fallen out."""
    since: int = 0
    """Documents that have come since."""
    left: bool = False
    """Whether more has fallen out than could be forgotten then."""
    after: int = 0
    """Up to before which number all documents that were seen once have been looked at."""
    forgotten: int = 0
    dead: int = -1
    """The highest row that was forgotten: postings of rows up to it may be of rows that are gone."""
    texts: int = 0
    """Texts that postings are of."""
    loose: int = 0
    """Texts that are gone, and that postings may still be of."""

    def quantum(self, moment: float) -> float:
        """Return the beginning of the 64th of a window that a moment is in."""
        step = self.keep_for / _STEPS
        return floor(moment / step) * step

    def figures(self) -> dict[str, Any]:
        """Return what is told of it: how long what was seen is kept, the time of the feed, and how many documents were forgotten."""
        reached = self.clock.moment if self.clock.is_sure else None
        return {"keep_for": self.keep_for, "feed_time": reached, "forgotten": self.forgotten}

    def cut(self, moment: float) -> float:
        """Return the moment before which what was last seen has fallen out, whatever the rounding of both.

        >>> state = WindowState(64.0)
        >>> state.cut(100.5), state.quantum(36.9) < state.cut(100.5), state.quantum(35.9) < state.cut(100.5)
        (36.0, False, True)
        """
        step = self.keep_for / _STEPS
        return (floor(moment / step) - _STEPS) * step


def read_window(metadata: Mapping[str, str]) -> WindowState | None:
    """Return the window of an index from what it says about itself, None where it has none."""
    if _KEY not in metadata:
        return None
    known = json.loads(metadata[_KEY])
    clock = FeedClock(known.pop("clock"), tuple(known.pop("times")), is_sure=known.pop("is_sure"))
    return WindowState(**known, clock=clock)


def write_window(store: Store, state: WindowState | None) -> None:
    """Keep the window of an index; None for no window any more. To be called inside of a transaction."""
    if state is None:
        store.run("delete from meta where name = ?", (_KEY,))
        return
    known = {name: getattr(state, name) for name in WindowState.__dataclass_fields__ if name != "clock"}
    known |= {"clock": state.clock.moment, "times": [*state.clock.times], "is_sure": state.clock.is_sure}
    value = json.dumps(known, sort_keys=True)
    META.insert(store, [(_KEY, value)], anew=False)
    META.change(store, {_KEY: {"value": value}})
