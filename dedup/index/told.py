"""What was decided about documents that are forgotten, as long as a run that has not delivered yet may ask for them again."""

from __future__ import annotations

import json
from collections.abc import Collection
from math import inf

from .deliveries import RunState, state_of
from .storage.interface import Store
from .storage.tables import DOCUMENTS, TOLD

_MOST = 2048  # of them that are dropped at a time
_COLUMNS = [DOCUMENTS.columns.index(name) for name in TOLD.columns[:-1]]
_OLDEST = "select number from told where run = ? and moment < ? order by number limit ?"


def undelivered(store: Store, own: int | None, cut: float) -> set[int]:
    """Return the runs that have not delivered, but for one that delivers with its transaction.

    What was told in others is dropped, and what was forgotten before a moment, ``cut``, of a run that nobody has asked for again since.
    """
    waiting = {run for (run,) in store.rows("select run from deliveries")} - {own}
    run = -1
    while (found := store.rows("select min(run) from told where run > ?", (run,))[0][0]) is not None:
        run = int(found)
        before = cut if run in waiting else inf
        if before == inf or (store.rows(_OLDEST, (run, cut, 1)) and state_of(store, run) is RunState.BROKEN_OFF):
            store.run(f"delete from told where number in ({_OLDEST})", (run, before, _MOST))
    return waiting


def keep_told(store: Store, numbers: Collection[int], moment: float) -> None:
    """Keep what was decided about documents that are to be forgotten at a moment."""
    documents = DOCUMENTS.read_among(store, "where number {among}", sorted(numbers))
    TOLD.insert(store, [(*(row[place] for place in _COLUMNS), moment) for row in documents])


def read_told(store: Store, ids: Collection[str]) -> dict[tuple[str, bytes], tuple[int, int, str]]:
    """Return what is kept of documents with some ids: by the id and the digest of each its number, its run, and what was decided."""
    if not store.rows("select 1 from told limit 1"):
        return {}
    found = TOLD.read_among(store, "where id {among}", sorted(ids))
    return {(name, bytes(digest)): (number, run, answer) for number, name, digest, run, answer, _ in found}


def forget_told(store: Store, name: str) -> list[str]:
    """Drop what is kept of documents with an id, and of those that may quote one, and return it."""
    found = TOLD.read_among(store, "where id {among}", [name])
    found += [row for row in TOLD.read(store, "where answer like ?", ('%"digest": [%',)) if json.dumps(name, ensure_ascii=False) in row[-2]]
    store.run_many("delete from told where number = ?", [(number,) for number, *_ in found])
    return [answer for *_, answer, _ in found]
