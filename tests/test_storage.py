"""The database of an index, a file or a server: few rows are written as many are, and runs in chunks are found in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from dedup import Index
from dedup.errors import StoreError, StoreGone
from dedup.index.storage import postgres
from dedup.index.storage.chunk_runs import ChunkStorage
from dedup.index.storage.connect import open_store
from dedup.index.storage.interface import Store
from dedup.index.storage.postings import key_of, pack_postings
from dedup.index.storage.runs import Extent
from dedup.index.storage.tables import CHUNKS, LINKS, NAMES, TEXTS, TOLD

OWN = b"sixteen bytes it"
COUNTS = pytest.mark.parametrize("count", [1, 3, 40, 300])
STRANGE = [
    (0, "", b"", "", 0.0),
    (-(2**62), "a\tb\nc\\N\"'{},null", bytes(range(256)), "\\.", 1e-300),
    (2**62, "القاهرة \U0001f30d é", b"\\x00", "null", float("inf")),
]


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """Yield a database with the tables of an index, which are empty but for its header."""
    Index.open(place).close()
    with closing(open_store(place, create=False)) as opened:
        yield opened


def told(count: int) -> list[tuple[Any, ...]]:
    """Return rows with strange values, each under a number of its own."""
    rows = []
    for number in range(count):
        run, name, digest, answer, moment = STRANGE[number % len(STRANGE)]
        rows.append((number, f"{name}{number}", digest, run, answer, moment))
    return rows


@COUNTS
def test_rows_are_read_as_they_were_written(store: Store, count: int) -> None:
    rows = told(count)
    with store.writing():
        TOLD.insert(store, rows)
        TEXTS.insert(store, [(number, digest, None if number % 3 else digest) for number, _, digest, *_ in rows])
    with store.reading():
        assert TOLD.read(store, "order by number") == rows
        assert TEXTS.read(store, "order by number") == [(row[0], row[2], None if row[0] % 3 else row[2]) for row in rows]
        assert TOLD.read_among(store, "where number {among} order by number", [count - 1, -7]) == rows[-1:]
        assert TOLD.read_among(store, "where id {among} order by number", [rows[0][1], "'"]) == rows[:1]


@COUNTS
def test_rows_whose_key_is_there_are_left(store: Store, count: int) -> None:
    names = [f"'{number}" for number in range(count)]
    with store.writing():
        NAMES.insert(store, [(name, place) for place, name in enumerate(names)][::2], anew=False)
        NAMES.insert(store, [(name, None if place % 3 else 7) for place, name in enumerate(names)], anew=False)
    expected = [(name, place if place % 2 == 0 else None if place % 3 else 7) for place, name in enumerate(names)]
    with store.reading():
        assert sorted(NAMES.read(store)) == sorted(expected)


@COUNTS
def test_rows_are_changed_and_deleted(store: Store, count: int) -> None:
    rows = told(count)
    with store.writing():
        TOLD.insert(store, rows)
        TOLD.change(store, {row[0]: {"id": f"{row[1]}'\\", "run": -row[3], "moment": row[5] / 2} for row in rows[1:]} | {count: {"run": 1}})
        NAMES.insert(store, [(str(number), number) for number in range(count)])
        NAMES.change(store, {str(number): {"row": None if number % 2 else number + 1} for number in range(count - 1)})
        links = [(row, row + 1, "copy", 3, 1, *[0.5] * 5) for row in range(count + 2)]
        LINKS.insert(store, links)
        LINKS.delete(store, ("row", "other"), [(row, row + 1) for row in range(count)] + [(count, count)])
    with store.reading():
        changed = [(number, f"{name}'\\", digest, -run, answer, moment / 2) for number, name, digest, run, answer, moment in rows[1:]]
        assert TOLD.read(store, "order by number") == rows[:1] + changed
        expected = [(str(number), None if number % 2 else number + 1) for number in range(count - 1)] + [(str(count - 1), count - 1)]
        assert sorted(NAMES.read(store)) == sorted(expected)
        assert LINKS.read(store, "order by row") == links[count:]


@COUNTS
def test_a_row_that_is_there_refuses_all_that_come_with_it(store: Store, count: int) -> None:
    with store.writing():
        TOLD.insert(store, told(1))
    with pytest.raises(StoreError), store.writing():
        TOLD.insert(store, [(count + 1, *told(1)[0][1:]), *told(count)])
    with store.reading():
        assert TOLD.read(store) == told(1)


def test_rows_come_in_lists_of_some_length(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_LISTED", 7)
    with store.writing():
        NAMES.insert(store, [(str(number), None) for number in range(40)], anew=False)
        NAMES.change(store, {str(number): {"row": number} for number in range(40)})
    with store.reading():
        assert sorted(row for _, row in NAMES.read(store)) == [*range(40)]


def test_a_server_that_goes_away_while_it_is_given_rows_can_be_asked_again(server: Any) -> None:
    psycopg = pytest.importorskip("psycopg")
    place = f"{server.url}&schema=gone_copying"
    Index.open(place).close()

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, row in enumerate(told(300)):
            if number == 200:
                with psycopg.connect(server.url, autocommit=True) as other:
                    other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
            yield *row, TOLD.seal(row)

    with closing(open_store(place, create=False)) as store:
        assert isinstance(store, postgres.PostgresStore)
        with pytest.raises(StoreGone), store.writing():
            store._copy("told", TOLD.kinds, rows())
        with store.writing():
            assert TOLD.read(store) == []
            TOLD.insert(store, told(300))
        with store.reading():
            assert TOLD.read(store, "order by number") == told(300)


# Runs in chunks


def postings(count: int) -> Any:
    """Return postings of which some keys have very many, so that no chunk ends where others do."""
    rng = np.random.default_rng(count)
    keys = np.concatenate((rng.integers(0, 1 << 32, count), np.repeat(rng.integers(0, 1 << 32, 3), 6000)))
    return np.unique(pack_postings(1, keys, rng.integers(0, 1 << 20, len(keys))))


def test_what_chunks_have_is_found_by_few_keys_and_by_many(server: Any, engine: str) -> None:
    place = f"{server.url}&schema=chunks_{engine}"
    Index.open(place).close()
    found = postings(90_000)
    with closing(open_store(place, create=False)) as store, store.writing():
        written = ChunkStorage(store, OWN).write(3, iter(np.array_split(found, 5)), Extent.of(found))
        (again,) = ChunkStorage(store, OWN).opened([3])
        for run in (written, again):
            for step in (1, 2, 40, 3000, 50_000):
                keys = np.unique(np.concatenate((key_of(found)[::step], key_of(found)[::step] + np.uint64(1))))
                assert run.find(keys).tolist() == found[np.isin(key_of(found), keys)].tolist()
            assert np.concatenate([*run.parts()]).tolist() == found.tolist()
            assert [*run.faults()] == []


def test_a_chunk_is_read_once(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    place = f"{server.url}&schema=chunks_once"
    Index.open(place).close()
    found = postings(90_000)
    with closing(open_store(place, create=False)) as store, store.writing():
        written = ChunkStorage(store, OWN).write(3, [found], Extent.of(found))
        (again,) = ChunkStorage(store, OWN).opened([3])
        asked: list[int] = []
        rows = store.rows_among
        monkeypatch.setattr(store, "rows_among", lambda statement, among, values: asked.extend(among) or rows(statement, among, values))
        assert len(written.find(np.unique(key_of(found)))) == len(found)
        assert asked == []
        again.find(key_of(found)[:1])
        assert len(asked) == 1
        again.find(np.unique(key_of(found)))
        again.find(np.unique(key_of(found)))
        assert len(asked) == len({*asked}) == len(CHUNKS.read(store)) > 10


@pytest.mark.parametrize("change", ["delete from chunks where chunk % 7 = 3", "update chunks set postings = 'no run'"])
def test_a_chunk_that_is_damaged_is_not_believed(server: Any, change: str) -> None:
    place = f"{server.url}&schema=chunks_damaged"
    Index.open(place).close()
    found = postings(90_000)
    with closing(open_store(place, create=False)) as store:
        with store.writing():
            store.run("delete from chunks")
            store.run("delete from runs")
            ChunkStorage(store, OWN).write(3, [found], Extent.of(found))
            store.run(change.replace("%", "%%"))
        with store.reading():
            (run,) = ChunkStorage(store, OWN).opened([3])
            with pytest.raises(StoreError, match="damaged"):
                run.find(np.unique(key_of(found)))
