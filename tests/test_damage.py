"""Damage of an index is found by `verify`, told in one line where it is met, and never believed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_support import load_bench, run_command

from dedup import Document, Index
from dedup.errors import StoreError
from dedup.index.storage.tables import TABLES

STORY = "The mayor of Lodren opened the new quay on Friday after years of delay and thanked the crews who had worked."


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the program that damages, a folder with a whole index, its documents, and what it answers."""
    damage, folder = load_bench("damage"), tmp_path_factory.mktemp("whole")
    documents = damage.make(folder / "whole.db")
    return damage, folder, documents, damage.right_answers(folder, documents)


@pytest.mark.parametrize("kind", ["bit", "cell", "pages", "zeros", "cut", "garbage", "log", "run"])
def test_a_fault_is_found_or_does_not_matter(kind: str, whole: Any, tmp_path: Path) -> None:
    damage, folder, documents, right = whole
    for number in (1, 2, 3) if kind == "run" else (1, 2):
        damage.trial(number, folder / "whole.db", documents, right, tmp_path, kind)


CHANGES = [
    ("update documents set id = 'other' where number = 1", "1 of documents"),
    ("update documents set run = run + 1 where number = 1", "1 of documents"),
    ("update documents set kept = 2 where number = 1", "1 of documents"),
    ("update documents set answer = '{' where number = 1", "1 of documents"),
    ("update segments set length = length + 1 where row = 1", "1 of segments"),
    ("update segments set star = 2 where row = 0", "0 of segments"),
    ("update texts set text = cast(substr(text, 1, 10) || x'00' || substr(text, 12) as blob) where number = 1", "1 of texts"),
    ("update words set words = cast(substr(words, 5) || substr(words, 1, 4) as blob) where row = 0", "0 of words"),
    ("update links set relation = 'identical'", "0, 1 of links"),
    ("update links set similarity = 0.5", "0, 1 of links"),
    ("update names set row = 2", "of names"),
    ("update runs set data = substr(data, 9)", "of runs"),
    ("update runs set postings = postings - 1", "of runs"),
    ("update meta set value = '9' where name = 'posted'", "'posted' of meta"),
]


@pytest.mark.parametrize(("change", "says"), CHANGES, ids=[change[:40] for change, _ in CHANGES])
def test_a_changed_value_is_found_by_its_row(change: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    documents = [
        Document("1", STORY),
        Document("2", STORY + " It rained."),
        Document("3", "Rain is expected in the north from Tuesday on."),
    ]
    with Index.open(str(path), {"seed": 7}, keep_texts="words" not in change) as index:
        index.add(documents)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(change).rowcount > 0
    done = run_command("index", "verify", "seen.db", cwd=tmp_path)
    assert done.returncode in (1, 2)
    said = (done.stdout + done.stderr).decode()
    assert says in said
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_what_is_read_is_checked() -> None:
    with Index.open(":memory:", {"seed": 7}, keep_texts=False) as index:
        index.add([Document("1", STORY)])
        index._store.run("update words set words = x'00000000' where row = 0")
        with pytest.raises(StoreError, match=r"damaged: 0 of words is not as it was written; check it with dedup index verify; dedup"):
            index.add([Document("2", STORY + " It rained.")])
    with Index.open(":memory:", {"seed": 7}) as index:
        index.add([Document("1", STORY)])
        index._store.run("update texts set text = x'00' where number = 0")
        with pytest.raises(StoreError, match="damaged: 0 of texts"):
            [*index.documents()]
        with pytest.raises(StoreError, match="damaged: 0 of texts"):
            index.add([Document("2", STORY + " It rained.")])  # words are made of it again


def test_every_table_has_a_checksum_of_every_column() -> None:
    with Index.open(":memory:") as index:
        for table in TABLES:
            columns = [row[1] for row in index._store.rows(f"pragma table_info({table.name})")]
            assert columns == [*table.columns, "seal"]
        assert len(index._store.rows("select name from sqlite_master where type = 'table'")) == len(TABLES)
