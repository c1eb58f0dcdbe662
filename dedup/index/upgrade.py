"""An index of an older version changed to what this one has: its posting lists and links are written anew, all else stays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays.ragged import Array
from ..model import Relation
from .metadata import new_identity
from .rows import CODES
from .storage.interface import Row, Store
from .storage.postings import Postings
from .storage.run_image import counts_of
from .storage.tables import LINKS, META, OLD_CHUNKS, OLD_RUNS, SCHEMA_VERSION, UPGRADED, WITH_RUNS

_NUMBERS = 1 << 24  # chunks of a run
_CHUNK = 1024  # postings of one, at most, but for keys with very many
_READ = 1024  # chunks, or links, read at a time


def upgrade(store: Store) -> None:
    """Change an index that an older version has made, in one transaction, where that is possible."""
    if _schema_of(store) not in UPGRADED:
        return
    with store.making():
        schema = _schema_of(store)
        if schema not in UPGRADED or schema is None:  # another process may have been faster
            return
        store.upgrade(schema)
        if schema < WITH_RUNS:
            _change_postings(store)
        _change_links(store)
        META.change(store, {"schema": {"value": str(SCHEMA_VERSION)}})


def _change_postings(store: Store) -> None:
    META.insert(store, [("identity", new_identity())])
    postings = Postings(store)
    postings.refresh()
    rows = int(META.read(store, "where name = 'row'")[0][1])
    for number, _, packed in OLD_RUNS.read(store, "order by run"):
        fences = np.frombuffer(packed, np.uint64)
        counts = [(count + 1) * _CHUNK for count in counts_of(fences)]  # of a kind some are in the last chunk of the one before
        postings.adopt(_parts(store, number, len(fences)), counts, rows)
    if META.read(store, "where name = 'texts'")[0][1] == "1":
        store.run("delete from words")  # which are made again from the texts
    for table in (OLD_RUNS, OLD_CHUNKS):
        store.run(f"drop table {table.name}")


def _change_links(store: Store) -> None:
    """Write codes in the place of the names of relations. Damaged links stay as they are: who reads them is told."""
    keys, place = LINKS.columns[: LINKS.keys], LINKS.columns.index("relation")
    after = "where (row, other) > (?, ?)"
    last: Row = (-1, -1)
    while found := store.rows(f"select row, other from links {after} order by row, other limit {_READ}", last):
        links = LINKS.undamaged(store, f"{after} and (row, other) <= (?, ?)", (*last, *found[-1]))
        LINKS.delete(store, keys, [link[: LINKS.keys] for link in links])
        LINKS.insert(store, [(*link[:place], CODES[Relation(link[place])], *link[place + 1 :]) for link in links])
        last = found[-1]


def _parts(store: Store, run: int, chunks: int) -> Iterator[Array]:
    first = run * _NUMBERS
    for start in range(first, first + chunks, _READ):
        found = OLD_CHUNKS.read(store, "where chunk >= ? and chunk < ? order by chunk", (start, min(start + _READ, first + chunks)))
        yield np.concatenate([np.zeros(0, np.uint64), *(np.frombuffer(data, np.uint64) for _, data in found)])


def _schema_of(store: Store) -> int | None:
    found = store.rows("select value from meta where name = 'schema'")
    return int(found[0][0]) if found and found[0][0].isdigit() else None
