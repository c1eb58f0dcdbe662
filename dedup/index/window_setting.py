"""The window that an index is given, or another one, or none any more."""

from __future__ import annotations

from math import inf
from typing import Any

from ..errors import ConfigError
from .feed_clock import FeedClock, WindowState, read_window, write_window
from .metadata import read_metadata
from .storage.interface import Store
from .storage.tables import ARRIVALS

_PAGE = 10_000  # documents read at a time


def check_window(keep_for: float | None) -> None:
    """Raise `ConfigError` for what is no window."""
    given: Any = keep_for  # a caller may give any type
    if given is not None and (isinstance(given, bool) or not isinstance(given, int | float) or not given >= 1):
        raise ConfigError(f"keep_for is {keep_for!r}; it must be at least 1 second, or infinity for no window")


def set_window(store: Store, keep_for: float) -> None:
    """Let an index have a window of so many seconds from now on, none where they are infinite. The first time all documents count as seen
    when they came, by their times."""
    with store.reading():
        state = read_window(read_metadata(store))
    if keep_for == (inf if state is None else state.keep_for):
        return
    with store.writing():
        state = read_window(read_metadata(store))  # another process may have been faster
        if keep_for == inf:
            write_window(store, None)
            for table in ("arrivals", "sightings"):
                store.run(f"delete from {table}")
            return
        if state is None:
            state = _state_of(store, float(keep_for))
        else:
            state.keep_for, state.swept = float(keep_for), None
        write_window(store, state)


def _state_of(store: Store, keep_for: float) -> WindowState:
    """Return the state of an index whose window was not known before, and write when its documents have come."""
    state = WindowState(keep_for, FeedClock())
    ((state.texts,),) = store.rows("select count(*) from segments where same is null")
    arrival, last = store.now(), -1
    came: float | None = None
    while found := store.rows("select number, moment from documents where number > ? order by number limit ?", (last, _PAGE)):
        for number, moment in found:
            reached = state.quantum(state.clock.reach(moment, arrival))
            if state.clock.is_sure and (came is None or reached > came):
                ARRIVALS.insert(store, [(0 if came is None else number, reached)])
                came = reached
        last = found[-1][0]
    return state
