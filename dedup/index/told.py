"""What was decided about documents that are forgotten, as long as a run that has not delivered yet may ask for them again."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from .storage.interface import Row, Store
from .storage.tables import DOCUMENTS, TOLD

_MOST = 2048  # of them that are dropped at a time
_COLUMNS = [DOCUMENTS.columns.index(name) for name in TOLD.columns]


def undelivered(store: Store, own: int | None) -> set[int]:
    """Return the runs that have not delivered, but for one that delivers with its transaction; drop what was told in others."""
    waiting = {run for (run,) in store.rows("select run from deliveries")} - {own}
    run = -1
    while (found := store.rows("select min(run) from told where run > ?", (run,))[0][0]) is not None:
        run = int(found)
        if run not in waiting:
            oldest = "select number from told where run = ? order by number limit ?"
            store.run(f"delete from told where number in ({oldest})", (run, _MOST))
    return waiting


def keep_told(store: Store, numbers: Collection[int]) -> None:
    """Keep what was decided about documents that are to be forgotten."""
    documents = DOCUMENTS.read_among(store, "where number {among}", sorted(numbers))
    TOLD.insert(store, [tuple(row[place] for place in _COLUMNS) for row in documents])


def read_told(store: Store, ids: Collection[str]) -> Sequence[Row]:
    """Return what is kept of documents with some ids, rows of `TOLD`."""
    if not store.rows("select 1 from told limit 1"):
        return []
    return TOLD.read_among(store, "where id {among}", sorted(ids))


def forget_told(store: Store, name: str) -> list[str]:
    """Drop what is kept of documents with an id, and of those that may quote one, and return it."""
    found = TOLD.read_among(store, "where id {among}", [name])
    found += [row for row in TOLD.read(store, "where answer like ?", ('%"digest": [%',)) if json.dumps(name, ensure_ascii=False) in row[-1]]
    store.run_many("delete from told where number = ?", [(number,) for number, *_ in found])
    return [answer for *_, answer in found]
