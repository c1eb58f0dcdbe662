"""The window of an index that is made again: its documents have other numbers there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from .feed_clock import read_window, write_window
from .storage.interface import Readable, Store
from .storage.tables import ARRIVALS, META, SIGHTINGS, TOLD


def move_window(old: Readable, store: Store, numbers: Mapping[int, int], run: int) -> None:
    """Let an index have the window of another one, and when its documents were seen; ``numbers`` are those that they have now.

    What was told of forgotten ones counts as told by ``run``. To be called inside of a transaction. Raises `StoreError` for damage.
    """
    state = read_window(dict(META.read(old, "where name = 'window'")))
    if state is None:
        return
    known = sorted(numbers)
    arrivals = [(bisect_left(known, number), moment) for number, moment in ARRIVALS.read(old, "order by number")]
    came = {numbers[known[place]]: moment for place, moment in arrivals if place < len(known)}
    ARRIVALS.insert(store, sorted(came.items()))
    SIGHTINGS.insert(store, [(numbers[number], moment) for number, moment in SIGHTINGS.read(old, "order by number") if number in numbers])
    told = TOLD.read(old, "order by number")
    TOLD.insert(store, [(-1 - place, *row[1:3], run, *row[4:]) for place, row in enumerate(told)])
    ((texts,),) = store.rows("select count(*) from segments where same is null")
    after = bisect_left(known, state.after)
    state.after = numbers[known[after]] if after < len(known) else max(numbers.values(), default=-1) + 1
    state.dead, state.loose, state.texts = -1, 0, texts
    write_window(store, state)
