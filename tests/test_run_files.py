"""The files beside an index: made before they are named, merged beside the transactions, removed later, and missed in one line."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from command_support import run_command
from conftest import ROOT

from dedup import Document, Index
from dedup.errors import StoreError
from dedup.index.rebuild import rebuild
from dedup.index.storage import postings, run_files, runs
from dedup.index.storage.merging import BesideMerge, due, shortened
from dedup.index.storage.postings import key_of, pack_postings, value_of

WORDS = [f"word{number}" for number in range(500)]


def documents(count: int, seed: int = 1) -> list[Document]:
    rng = random.Random(seed)
    return [Document(f"{seed}-{number}", " ".join(rng.choices(WORDS, k=60))) for number in range(count)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all but the smallest runs be files."""
    for module in (runs, postings):
        monkeypatch.setattr(module, "INLINE", 400)


def fed(path: Path, parts: int = 14, each: int = 8) -> list[Document]:
    found = documents(parts * each)
    with Index.open(str(path), {"seed": 3}) as index:
        for start in range(0, len(found), each):
            index.add(found[start : start + each])
            wait(index)
    return found


def wait(index: Index) -> None:
    """Wait for what is merged beside the transactions."""
    beside = index._postings._beside
    while beside is not None and not beside.is_done:
        time.sleep(0.001)


def files(path: Path, ending: str = ".run") -> list[Path]:
    return sorted(Path(f"{path}-runs").glob(f"*{ending}"))


def named(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("select count(*) from runs where length(data) = 0").fetchone()[0])


def test_runs_are_merged_beside_the_transactions(tmp_path: Path) -> None:
    found = fed(tmp_path / "seen.db", parts=30)
    assert 0 < named(tmp_path / "seen.db") < 14
    assert len(files(tmp_path / "seen.db")) > named(tmp_path / "seen.db")  # what was merged stays for readers that began before
    assert files(tmp_path / "seen.db", ".tmp") == []
    with Index.open(str(tmp_path / "seen.db")) as index:
        assert index.verify() == []
        assert {decision.action for decision in index.add([Document(f"again-{each.id}", each.text) for each in found])} == {"skip"}


def test_what_no_row_names_is_removed_a_minute_later(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    fed(path, parts=30)
    folder = Path(f"{path}-runs")
    prefix = files(path)[0].name.split("-")[0]
    (folder / f"{prefix}-7f00ff.tmp").write_bytes(b"of a process that was killed")
    (folder / "0ther-00000001.run").write_bytes(b"of another index")
    with Index.open(str(path)) as index:
        index.add(documents(1, seed=2))
    assert files(path, ".tmp")
    for each in folder.iterdir():
        os.utime(each, (time.time() - 100, time.time() - 100))
    with Index.open(str(path)) as index:
        index.add(documents(1, seed=3))
        assert index.verify() == []
    assert files(path, ".tmp") == []
    assert len(files(path)) == named(path) + 1
    assert (folder / "0ther-00000001.run").exists()


def test_a_reader_that_began_before_a_merge_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    found = fed(path, parts=3)
    with Index.open(str(path)) as reader:
        before = reader.query(found[0].text)
        with Index.open(str(path)) as writer:
            for seed in range(2, 20):
                writer.add(documents(8, seed))
                wait(writer)
        assert reader.query(found[0].text)[0].of == before[0].of
        assert reader.verify() == []


BROKEN = [
    ("gone", "is missing, which is a part of it; put the folder back beside it, or make it anew with dedup index rebuild"),
    ("folder", "is missing, which is a part of it; put the folder back beside it, or make it anew with dedup index rebuild"),
    ("cut", "has not the length that it had; check it with dedup index verify"),
    ("other", "it is one of another index"),
    ("byte", "is not as it was written"),
]


@pytest.mark.parametrize(("fault", "says"), BROKEN, ids=[fault for fault, _ in BROKEN])
def test_a_fault_of_a_file_is_told_in_one_line_and_mended(fault: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    found = fed(path, parts=4)
    each = files(path)[0]
    if fault == "gone":
        each.unlink()
    elif fault == "folder":
        shutil.rmtree(each.parent)
    elif fault == "cut":
        os.truncate(each, each.stat().st_size - 4)
    elif fault == "other":
        data = each.read_bytes()
        each.write_bytes(data[:16] + bytes(16) + data[32:])
    else:
        data = bytearray(each.read_bytes())
        data[len(data) // 2] ^= 4
        each.write_bytes(data)
    done = run_command("index", "verify", "seen.db", cwd=tmp_path)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in (1, 2)
    assert says in said
    assert "Traceback" not in said
    kept, lost, old = rebuild(str(path), {})
    assert (kept, lost) == (len(found), 0)
    assert files(Path(old)) or fault == "folder"
    with Index.open(str(path)) as index:
        assert index.verify() == []
        assert {decision.action for decision in index.add(documents(4))} == {"skip"}
    assert not Path(f"{path}.new-runs").exists()


def test_an_index_moves_with_its_folder(tmp_path: Path) -> None:
    fed(tmp_path / "seen.db", parts=4)
    os.replace(tmp_path / "seen.db", tmp_path / "moved.db")
    done = run_command("index", "verify", "moved.db", cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert b"moved.db-runs" in done.stdout + done.stderr
    os.replace(tmp_path / "seen.db-runs", tmp_path / "moved.db-runs")
    assert run_command("index", "verify", "moved.db", cwd=tmp_path).returncode == 0


def test_pruning_leaves_one_run(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    fed(path, parts=8)
    with Index.open(str(path)) as index:
        assert index.prune(newest=20) == 44
        assert index.verify() == []
        assert len(index._postings._runs) == 1
        assert {decision.action for decision in index.add(documents(64)[50:])} == {"skip"}


def test_a_merge_of_runs_that_another_one_has_merged_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    fed(path, parts=5)
    with Index.open(str(path)) as one, Index.open(str(path)) as other:
        for seed in range(2, 30):
            for index in (one, other):
                index.add(documents(8, seed))
                wait(index)
        assert one.verify() == other.verify() == []
    assert files(path, ".tmp") == []


CRASH = """
import os, sys
from dedup import Document, Index
from dedup.index.storage import postings, run_files, runs
runs.INLINE = postings.INLINE = 400
place = sys.argv[2]
def die(*arguments):
    os._exit(9)
with Index.open(sys.argv[1]) as index:
    if place == "before":
        run_files.RunFiles.name_finally = die
    else:
        runs.ImageStorage.named = die
    texts = [" ".join(f"w{number}x{place}" for place in range(60)) for number in range(20)]
    index.add([Document(f"new-{number}", text) for number, text in enumerate(texts)])
"""


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_process_that_dies_leaves_the_index_as_it_was(place: str, tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    found = fed(path, parts=4)
    before = len(files(path)) + len(files(path, ".tmp"))
    assert subprocess.run([sys.executable, "-c", CRASH, str(path), place], check=False).returncode == 9
    assert len(files(path)) + len(files(path, ".tmp")) == before + 1
    with Index.open(str(path)) as index:
        assert index.verify() == []
        assert len([*index.documents()]) == len(found)
        index.add(documents(20, seed=9))
        assert index.verify() == []


def test_of_a_key_with_very_many_rows_the_last_living_ones_stay() -> None:
    found = np.sort(pack_postings(1, np.array([7] * 300 + [8, 9]), np.arange(302) * 2))
    kept = shortened(found, lambda rows: rows % 3 == 0)
    assert (value_of(kept[key_of(kept) == (1 << 32) + 7]) >> 1).tolist() == [*range(0, 300, 3)]  # not too many live
    assert len(kept) == 100 + 2
    kept = shortened(found, lambda rows: rows % 2 == 0)
    assert (value_of(kept[key_of(kept) == (1 << 32) + 7]) >> 1).tolist() == [*range(0, 300, 2)][-72:]
    prints = found & np.uint64((1 << 62) - 1)
    assert len(shortened(prints, lambda rows: rows < 0)) == 72 + 2


class _Sized:
    def __init__(self, number: int, total: int):
        self.number, self.extent = number, runs.Extent([total, 0, 0, 0], 0, 1)

    def find(self, keys: np.ndarray) -> np.ndarray:
        return keys

    def parts(self) -> Iterator[np.ndarray]:
        yield from ()

    def faults(self) -> Iterator[str]:
        yield from ()


def test_the_smallest_runs_are_merged_first() -> None:
    many = [_Sized(number, 1000) for number in range(6)] + [_Sized(number + 6, 100) for number in range(6)]
    assert {run.extent.total for run in due(many, 6, 10_000)} == {100}
    assert {run.extent.total for run in due(many, 6, 599)} == set()
    assert {run.extent.total for run in due(many[:6], 6, 6000)} == {1000}
    assert due(many, 7, 10_000) == []


@pytest.mark.parametrize("texts", [True, False])
def test_an_index_of_the_fifth_schema_is_changed_where_it_is_opened(texts: bool, tmp_path: Path) -> None:
    path, name = tmp_path / "seen.db", "index-schema-5.sql" if texts else "index-schema-5-no-texts.sql"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROOT / "tests" / "old" / name).read_text(encoding="utf-8"))
    with Index.open(str(path)) as index:
        assert index.stats()["schema_version"] == 7
        assert index.verify() == []
        assert index.stats()["postings"] > 100
        again = "The port of Marsa reopened on Sunday, after a strike of nine days: forty ships had waited outside of it!"
        assert [decision.of for decision in index.query(again)] == ["3"]
        assert [decision.of for decision in index.query("Short news today")] == ["4"]
        assert index.add([Document("5", again)])[0].action == "skip"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select count(*) from words").fetchone()[0] == (0 if texts else 3)
        tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        assert not {"old_runs", "old_chunks"} & tables
    assert run_command("index", "verify", "seen.db", cwd=tmp_path).returncode == 0


def test_what_does_not_count_is_not_found_and_leaves_where_runs_are_merged(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    fed(path, parts=3)
    with Index.open(str(path)) as index:
        store, own = index._store, index._postings
        with store.writing():
            own.refresh()
            keys = np.unique(np.concatenate([key_of(part) for run in own._runs for part in run.parts()]))
            assert (value_of(own.lookup(keys)) < 40).any()
            own.refresh(lambda _: lambda values: values >= 40)
            assert (value_of(own.lookup(keys)) >= 40).all()
        for number in range(6):
            with store.writing():
                own.refresh(lambda _: lambda values: values >= 40)
                own.add(np.sort(pack_postings(0, np.arange(900) + 1000 * number, np.arange(900) + 100)))
            wait(index)
        left = np.concatenate([value_of(part) for run in own._runs for part in run.parts()])
        assert (left >= 40).all()
        assert len(left) > 5400


def test_what_is_merged_goes_on_where_a_transaction_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seen.db"
    with Index.open(str(path), {"seed": 3}) as index:
        for seed in range(2, 6):
            index.add(documents(8, seed))
        index.add(documents(1, 9))  # sees that four runs are there
        beside = index._postings._beside
        assert beside is not None
        with monkeypatch.context() as patch:
            patch.setattr(BesideMerge, "is_done", False)
            assert index.would_decide(index.prepare(documents(3, 7)))[0].action == "index"
        assert index._postings._beside is beside
        wait(index)
        index.add(documents(1, 8))
        assert index._postings._beside is None
        assert max(run.extent.total for run in index._postings._runs) > 1000
        assert index.verify() == []


def test_no_file_is_made_where_the_folder_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    Path(f"{path}{run_files.FOLDER}").write_bytes(b"")
    with Index.open(str(path)) as index, pytest.raises(StoreError, match=r"seen\.db-runs"):
        index.add(documents(20))
