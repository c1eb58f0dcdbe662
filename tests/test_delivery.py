"""What is let through, and when it is told again: runs that end well or are broken off, versions of a record, threads, processes."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command_support import COMMAND, PATIENCE, has_open, start_command, wait_until
from conftest import ROOT
from test_filter import dedup

from dedup import Config, Document, Gate, Index, Policy
from dedup.errors import ConfigError, InputError, StoreError
from dedup.index.rebuild import rebuild
from dedup.index.restore import Restoring
from dedup.index.storage.connect import open_store

STORIES = [
    "Voting has opened in the Lodren council election and long lines formed outside schools in the harbour district early today.",
    "A storm tore the roof from the covered market in Bosk and eleven traders were taken to hospital with light wounds.",
    "أعلنت بلدية المدينة إغلاق الجسر القديم أمام الشاحنات ابتداء من صباح الأحد بعد ظهور تشققات في دعامته الشرقية.",
    "Teachers in Tarsk ended their strike after the ministry promised to pay the arrears from last winter by the end of May.",
]


def like(text: str) -> str:
    """Return a near-duplicate of a text."""
    return f"{text} More soon."


def line(name: str, text: str) -> bytes:
    return json.dumps({"id": name, "text": text}, ensure_ascii=False).encode() + b"\n"


FEED = b"".join(line(f"https://x/{number}", text) for number, text in enumerate(STORIES[:3]))


# Runs


def test_a_feed_that_is_fetched_twice_lets_its_items_through_once(place: str, tmp_path: Path) -> None:
    assert dedup("filter", "--index", place, given=FEED, cwd=tmp_path)[0] == FEED
    more = line("https://x/9", STORIES[3])
    assert dedup("filter", "--index", place, given=FEED + more, cwd=tmp_path)[0] == more
    held, _ = dedup("filter", "--index", place, "--actions", given=FEED, cwd=tmp_path)
    assert [(row["decision"], row["of"], row["why"]) for row in map(json.loads, held.splitlines())] == [
        ("skip", f"https://x/{number}", "seen") for number in range(3)
    ]
    assert dedup("filter", "--index", place, "--redeliver", given=FEED, cwd=tmp_path)[0] == FEED


@pytest.mark.parametrize(
    "options",
    [["--stats", "no/such/folder/stats.json"], ["--max-chars", "20000"]],
    ids=["its counts cannot be written", "a record is bad"],
)
def test_what_a_run_that_fails_let_through_is_let_through_again(options: list[str], tmp_path: Path) -> None:
    bad = b"{\n" if "--max-chars" in options else b""
    out, _ = dedup("filter", "--index", "seen.db", *options, given=FEED + bad, cwd=tmp_path, status=2)
    assert out == FEED
    assert dedup("filter", "--index", "seen.db", given=FEED, cwd=tmp_path)[0] == FEED
    assert dedup("filter", "--index", "seen.db", given=FEED, cwd=tmp_path)[0] == b""


def test_what_a_reader_did_not_take_is_let_through_again(tmp_path: Path) -> None:
    lines = [line(str(number), f"{number} {' '.join(f'w{number}x{k}' for k in range(400))}") for number in range(600)]
    with start_command("filter", "--index", "seen.db", pipes=("stdin", "stdout"), cwd=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        try:
            process.stdin.write(b"".join(lines))
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.wait()
    assert dedup("filter", "--index", "seen.db", given=b"".join(lines), cwd=tmp_path)[0] == b"".join(lines)


@pytest.mark.parametrize(("how", "again"), [("end", FEED[: FEED.index(b"\n") + 1]), ("flush", b"")])
def test_a_run_that_is_killed_delivered_what_was_flushed_if_it_was_told_so(how: str, again: bytes, place: str, tmp_path: Path) -> None:
    first = FEED[: FEED.index(b"\n") + 1]
    options = "--index", place, "--deliver", how, "--actions"
    with start_command("filter", *options, pipes=("stdin", "stdout"), cwd=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        for one in (first, FEED[len(first) :].partition(b"\n")[0] + b"\n"):  # when the second is answered the first is delivered
            process.stdin.write(one)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["decision"] == "index"
        process.kill()
    assert dedup("filter", "--index", place, given=first, cwd=tmp_path)[0] == again
    with Index.open(place) as index:
        assert index.verify() == []


def raise_inside(place: str, documents: list[Document]) -> None:
    with Index.open(place) as index:
        index.add(documents)
        raise RuntimeError("the search index is full")


def test_the_api_delivers_at_a_good_end_or_when_it_is_told(place: str) -> None:
    documents = [Document(str(number), text) for number, text in enumerate(STORIES)]

    def decided(policy: Policy | None = None) -> list[tuple[str, str | None]]:
        with closing(Index.open(place)) as index:  # which delivers nothing
            return [(each.action, each.why) for each in index.decide(index.prepare(documents), policy)]

    with pytest.raises(RuntimeError, match="full"):
        raise_inside(place, documents)
    assert decided() == decided() == [("index", None)] * 4
    with Index.open(place) as index:
        gate = Gate(index)
        stream = gate.stream(documents)
        assert next(stream)[1].action == "index"  # and three more are answered, which nobody has taken
    assert decided() == [("index", None)] * 4
    with Index.open(place) as index:
        assert [each.action for each in index.add(documents[:2])] == ["index", "index"]
        index.deliver()
        assert [each.why for each in index.add(documents[:2])] == ["seen", "seen"]
        assert [each.action for each in index.add(documents[2:])] == ["index", "index"]
        index.deliver()
    assert decided() == [("skip", "seen")] * 4
    assert decided(Policy(redeliver=True)) == [("index", None)] * 4


def test_one_of_several_that_ask_at_a_time_is_let_through(place: str) -> None:
    document = Document("1", STORIES[0])
    with closing(Index.open(place)) as one, closing(Index.open(place)) as other:
        assert one.add([document])[0].action == "index"
        assert other.add([document])[0].why == "seen"
        assert one.add([document, document])[0].action == "skip"  # as in one feed
    with closing(Index.open(place)) as later:  # one never said that it has arrived
        assert later.add([document])[0].action == "index"


def test_locks_of_runs_leave_no_files(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    index = Index.open(str(path))
    index.add([Document("1", STORIES[0])])
    (lock,) = tmp_path.glob("seen.db-run-*")
    stale = lock.with_name(lock.name[:-1] + ("0" if lock.name[-1] != "0" else "2"))
    index.close()
    assert [*tmp_path.glob("seen.db-run-*")] == []
    stale.touch()  # as of a process that was killed
    with closing(Index.open(str(path))) as index:
        assert not index._store.is_held(int(stale.name.rpartition("-")[2], 16))
    assert not stale.exists()


# Versions


def clusters(index: Index) -> list[tuple[str, ...]]:
    return [cluster.members for cluster in index.clusters()]


SAME_ID = [
    ("version", ["index", "skip", "index", "skip"], [("live-1", "other-1"), ("live-1@2", "other-2")]),
    ("replace", ["index", "skip", "index", "skip"], [("live-1", "other-2")]),
    ("refuse", ["index", "skip", "refuse", "index"], [("live-1", "other-1")]),
]


@pytest.mark.parametrize(("same_id", "actions", "members"), SAME_ID, ids=[row[0] for row in SAME_ID])
@pytest.mark.parametrize("together", [True, False])
def test_a_second_text_under_an_id(same_id: Any, actions: list[str], members: list[tuple[str, ...]], together: bool, place: str) -> None:
    one, other = STORIES[:2]
    texts = [("live-1", one), ("other-1", like(one)), ("live-1", other), ("other-2", like(other))]
    documents = [Document(*each) for each in texts]
    with Index.open(place, {"seed": 7}) as index:
        gate = Gate(index, same_id=same_id)
        decisions = gate.decide_all(documents) if together else [gate.decide(document) for document in documents]
        assert [each.action for each in decisions] == actions
        assert sorted(clusters(index)) == members
        assert len({cluster.id for cluster in index.clusters()}) == len(members)
        assert index.verify() == []
        if same_id == "refuse":
            assert "'live-1'" in (decisions[2].why or "")
        if same_id == "replace":  # nothing stands for the first story any more
            assert gate.decide(Document("later", one)).action == "index"


def test_what_is_refused_is_a_bad_record(tmp_path: Path) -> None:
    feed = line("1", STORIES[0]) + line("1", STORIES[1]) + line("2", STORIES[2])
    (tmp_path / "a.jsonl").write_bytes(feed)
    out, said = dedup("filter", "--same-id", "refuse", "--on-error", "skip", "--rejects", "bad", "a.jsonl", cwd=tmp_path)
    assert out == line("1", STORIES[0]) + line("2", STORIES[2])
    assert "1 rejected" in said
    assert json.loads((tmp_path / "bad").read_bytes())["error"].startswith("a.jsonl:2: its id '1' has come before, with another text; ")
    assert dedup("filter", "--same-id", "refuse", "a.jsonl", cwd=tmp_path, status=2)[1].startswith("dedup: a.jsonl:2: its id '1'")


@pytest.mark.parametrize("deliver", ["end", "flush"])
@pytest.mark.parametrize(
    "wrong", [b'{"id": "1", "text": "Another text under the id of the first record."}\n', b'{"id": "x", "text": ""}\n', b"{\n"]
)
def test_nothing_behind_a_bad_record_is_written_and_nothing_is_lost(tmp_path: Path, wrong: bytes, deliver: str) -> None:
    lines = [
        b'{"id": "%d", "text": "Report %d of the harbour master about %d ships in port %d."}\n' % (n, n, n * n, n % 7) for n in range(1, 41)
    ]
    command = "filter", "--index", "a.db", "--same-id", "refuse", "--deliver", deliver
    before = [*lines[:20], wrong, *lines[20:]]
    out, said = dedup(*command, given=b"".join(before), cwd=tmp_path, status=2)
    assert (out, "21" in said) == (b"".join(lines[:20]), True)
    again = dedup(*command, given=b"".join(lines), cwd=tmp_path)[0]
    assert again.endswith(b"".join(lines[20:]))


def test_names_of_versions_and_segments_are_those_of_nothing_else(place: str) -> None:
    texts = [f"{text} {' '.join(f'w{number}x{k}' for k in range(20))}" for number, text in enumerate(STORIES * 2)]
    segmented = "\n\n".join(texts[4:6])
    documents = [
        Document("a@2", texts[0]), Document("a", texts[1]), Document("a", texts[2]), Document("b#1", texts[3]),
        Document("b", segmented, segmented=True),
    ]  # fmt: skip
    documents += [
        Document(f"like {number}", like(document.text), segmented=document.segmented) for number, document in enumerate(documents)
    ]
    for parts in (documents, *([document] for document in documents)):
        with Index.open(":memory:", {"seed": 7}) as index:
            index.add(parts)
    with Index.open(place, {"seed": 7}) as index:
        index.add(documents)
        members = [name for cluster in clusters(index) for name in cluster]
        assert len(members) == len({*members}) == 12
        assert index.verify() == []


def test_a_cluster_is_never_called_as_one_before_it(place: str) -> None:
    one, other, third = STORIES[:3]
    with Index.open(place, {"seed": 7}) as index:
        index.add([Document("a", one), Document("b", like(one)), Document("c", like(like(one)))])
        (first,) = index.clusters()
        index.remove(["a"])
        index.add([Document("a", other), Document("d", like(other))])
        names = [cluster.id for cluster in index.clusters()]
        assert names[0] == first.id  # it goes on without its oldest member
        assert len({*names}) == 2
        index.remove(["a", "d"])
        assert index.resolve(names[1]) is None
        index.add([Document("a", third), Document("d", like(third))])
        assert not {cluster.id for cluster in index.clusters() if "d" in cluster.members} & {*names}
        assert index.verify() == []


def test_two_clusters_with_one_name_are_found(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    with Restoring.open(str(path), {"seed": 7}) as index:
        index.add(
            [Document(f"{side}{number}", like(text) if side == "b" else text) for side in "ab" for number, text in enumerate(STORIES)]
        )
        names = [cluster.id for cluster in index.clusters()]
        index.adopt_names([(names[0], number, None, True) for number in (0, 1)])
        assert index.verify() == [f"two clusters are called {names[0]}"]


# Settings


def test_a_setting_that_is_given_is_given_though_it_is_the_usual_one(tmp_path: Path) -> None:
    dedup("filter", "--index", "seen.db", "--threshold", "0.7", given=FEED, cwd=tmp_path)
    for options in (["--threshold", "0"], ["--level", "auto"], ["--keep", "longest"], ["--sources", "any"], ["--set", "recall=0.99"]):
        differs = options[0] == "--threshold"
        _, said = dedup("filter", "--index", "seen.db", *options, given=FEED, cwd=tmp_path, status=2 if differs else 0)
        assert ("was made with threshold 0.7, not 0.0" in said) == differs
    assert "made to keep texts" in dedup("filter", "--index", "seen.db", "--no-text", given=FEED, cwd=tmp_path, status=2)[1]
    assert "made to keep texts" in dedup("index", "add", "seen.db", "--no-text", str(ROOT / "seeds"), cwd=tmp_path, status=2)[1]
    with pytest.raises(ConfigError, match=r"threshold 0\.7, not 0\.0"):
        Index.open(str(tmp_path / "seen.db"), Config())
    with pytest.raises(ConfigError, match="sources any, not cross"):
        Index.open(str(tmp_path / "seen.db"), {"sources": "cross"})
    with pytest.raises(ConfigError, match="same_id is 'both'"):
        Policy(same_id="both")  # type: ignore[arg-type]


def test_an_index_is_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seen.db"

    def stop(*arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dedup.index.opening.write_metadata", stop)
    with pytest.raises(KeyboardInterrupt):
        Index.open(str(path))
    monkeypatch.undo()
    for _ in range(2):
        with pytest.raises(StoreError, match="there is no index"):
            Index.open(str(path), create=False)
    with Index.open(str(path), {"seed": 7}) as index:
        assert index.config.seed == 7


# A server that goes away


@pytest.mark.parametrize("moment", [1, 3, 8, 14, "commit"])
def test_answers_are_those_of_an_undisturbed_run_though_the_server_goes_away(
    moment: Any, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    psycopg = pytest.importorskip("psycopg")
    monkeypatch.setattr("dedup.index.index._WAITS", (0.01,) * 6)
    texts = [" ".join(f"w{number % 7}x{k}" for k in range(30)) for number in range(10)]
    documents = [Document(str(number % 8), text) for number, text in enumerate(texts)] * 2
    parts = [documents[start : start + 5] for start in range(0, 20, 5)]
    with Index.open(":memory:", {"seed": 7}) as index:
        undisturbed = [index.add(part) for part in parts]
    url = f"{server.url}&schema=gone_{moment}"
    with Index.open(url, {"seed": 7}) as index:
        store: Any = index._store
        run_many, copy, transaction, calls = store.run_many, store._copy, store._transaction, [0]

        def cut_off() -> None:
            with psycopg.connect(server.url, autocommit=True) as other:
                other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")

        def counting(write: Any, *given: Any) -> None:
            calls[0] += 1
            if calls[0] in (moment, moment + 30):
                cut_off()
            write(*given)

        @contextmanager
        def committing() -> Iterator[Any]:
            with transaction() as found:
                yield found
            calls[0] += 1
            if calls[0] in (2, 5):  # it is committed, and nobody is told so
                cut_off()
                store._connected().execute("select 1")

        def explained() -> Any:
            return store._explained()

        if moment == "commit":
            monkeypatch.setattr(store, "_transaction", lambda: _entered(explained, committing))
        else:
            monkeypatch.setattr(store, "run_many", partial(counting, run_many))
            monkeypatch.setattr(store, "_copy", partial(counting, copy))
        assert [index.add(part) for part in parts] == undisturbed
        monkeypatch.undo()
        assert index.verify() == []


def test_a_delivery_is_noted_once_though_the_server_goes_away(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    psycopg = pytest.importorskip("psycopg")
    monkeypatch.setattr("dedup.index.index._WAITS", (0.01,) * 6)
    url = f"{server.url}&schema=gone_delivered"
    with Index.open(url) as index:
        index.add([Document("1", STORIES[0])])
        store: Any = index._store
        transaction, commits = store._transaction, [0]

        @contextmanager
        def committing() -> Iterator[Any]:
            with transaction() as found:
                yield found
            commits[0] += 1
            if commits[0] == 1:  # it is committed, and nobody is told so
                with psycopg.connect(server.url, autocommit=True) as other:
                    other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
                store._connected().execute("select 1")

        def explained() -> Any:
            return store._explained()

        monkeypatch.setattr(store, "_transaction", lambda: _entered(explained, committing))
        index.deliver()
        assert commits[0] == 2
        monkeypatch.undo()
        assert [decision.why for decision in index.add([Document("1", STORIES[0])])] == ["seen"]


@contextmanager
def _entered(outer: Any, inner: Any) -> Iterator[Any]:
    with outer(), inner() as found:
        yield found


def test_a_database_that_is_not_utf_8_is_refused_in_one_line(server: Any, tmp_path: Path) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("create database latin encoding 'LATIN1' locale 'C' template template0")
    url = server.url.replace("/postgres?", "/latin?")
    _, said = dedup("filter", "--index", url, given=FEED, cwd=tmp_path, status=2)
    assert "the encoding of its database is LATIN1; " in said
    assert said.count("\n") == 1
    place = f"{server.url}&schema=latin&client_encoding=latin1"
    assert dedup("filter", "--index", place, given=FEED, cwd=tmp_path)[0] == FEED


# Threads and coroutines


def test_threads_share_an_index(place: str) -> None:
    documents = [Document(str(number), " ".join(f"w{number % 50}x{k}" for k in range(30))) for number in range(200)]
    with Index.open(place, {"seed": 7}) as index, ThreadPoolExecutor(4) as pool:
        decisions = [*pool.map(lambda document: Gate(index).decide(document), documents)]
        assert sum(each.action == "index" for each in decisions) == 50
        assert len([*index.documents()]) == 200
        assert index.verify() == []


def run(work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
    """Run a coroutine in a thread of its own: tests of pages leave a loop in this one."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()


def test_each_coroutine_gets_its_own_answer() -> None:
    async def ask(index: Index) -> list[Any]:
        gate = Gate(index)
        bad = Document("x\0", STORIES[0])
        asked = [Document("1", STORIES[0]), bad, Document("2", like(STORIES[0])), bad, Document("3", STORIES[1])]
        return await asyncio.gather(*map(gate.decide_soon, asked), return_exceptions=True)

    with Index.open(":memory:") as index:
        one, bad, two, bad_too, three = run(ask(index))
    assert [one.action, two.of, three.action] == ["index", "1", "index"]
    assert isinstance(bad, InputError)
    assert isinstance(bad_too, InputError)


def test_coroutines_of_several_loops_share_a_gate() -> None:
    async def ask(gate: Gate, names: range) -> list[Any]:
        return await asyncio.gather(*(gate.decide_soon(Document(str(name), " ".join(f"w{name}x{k}" for k in range(30)))) for name in names))

    with Index.open(":memory:", {"seed": 7}) as index, ThreadPoolExecutor(3) as pool:
        gate = Gate(index)
        found = [job.result() for job in [pool.submit(asyncio.run, ask(gate, range(start, start + 20))) for start in (0, 20, 40)]]
        assert [decision.action for answers in found for decision in answers] == ["index"] * 60


def test_no_coroutine_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: Iterator[Exception] = iter([InputError("bad"), StoreError("locked")])

    async def ask(gate: Gate) -> list[Any]:
        tasks = [asyncio.create_task(gate.decide_soon(Document(str(number), STORIES[number]))) for number in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    with Index.open(":memory:") as index:
        gate = Gate(index)
        decide_all = gate.decide_all

        def failing(documents: Any) -> Any:
            if len(documents) > 1:
                raise next(failed)
            return decide_all(documents)

        monkeypatch.setattr(gate, "decide_all", failing)
        first, cancelled, last = run(ask(gate))
        assert (first.action, type(cancelled), last.action) == ("index", asyncio.CancelledError, "index")
        first, cancelled, last = run(ask(gate))
        assert (str(first), type(cancelled), str(last)) == ("locked", asyncio.CancelledError, "locked")


# Locks and files


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_waits_for_a_lock_heeds_signals(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    with Index.open(str(path)) as index:
        index.add([Document("1", STORIES[0])])
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("begin immediate")
        with start_command("index", "remove", "seen.db", "1", pipes=("stdout", "stderr"), cwd=tmp_path) as process:
            wait_until(lambda: has_open(process, path))
            process.send_signal(number)
            out, said = process.communicate(timeout=PATIENCE)
        assert (out, said, process.returncode) == (b"", b"dedup: stopped\n", 128 + number)
        holder.execute("rollback")


def test_who_waits_for_a_lock_of_a_server_heeds_signals(server: Any, tmp_path: Path) -> None:
    psycopg = pytest.importorskip("psycopg")
    url = f"{server.url}&schema=waits"
    with Index.open(url) as index:
        index.add([Document("1", STORIES[0])])
    with psycopg.connect(server.url) as holder, psycopg.connect(server.url, autocommit=True) as looking:
        holder.execute("lock table waits.meta in exclusive mode")
        with start_command("index", "remove", url, "1", pipes=("stdout", "stderr"), cwd=tmp_path) as process:
            wait_until(lambda: looking.execute("select 1 from pg_locks where not granted").fetchone() is not None)
            process.terminate()
            out, said = process.communicate(timeout=PATIENCE)
        assert (out, said, process.returncode) == (b"", b"dedup: stopped\n", 143)


def test_one_of_several_makes_the_tables_of_a_server(server: Any) -> None:
    psycopg = pytest.importorskip("psycopg")
    one, other = (open_store(f"{server.url}&schema=made", create=True) for _ in range(2))
    assert not one.is_made()

    def wait_and_look() -> bool:
        with one.making():
            return one.is_made()

    with ThreadPoolExecutor(1) as pool, psycopg.connect(server.url, autocommit=True) as looking:
        with other.making():
            waiting = pool.submit(wait_and_look)
            wait_until(lambda: looking.execute("select 1 from pg_locks where not granted").fetchone() is not None)
            other.make()
        assert waiting.result(PATIENCE)
    one.close()
    other.close()


def test_who_waits_for_a_lock_gets_it_when_it_is_free(place: str) -> None:
    with Index.open(place, {"seed": 7}) as one, Index.open(place) as other, ThreadPoolExecutor(1) as pool:
        with one._writing():
            waiting = pool.submit(other.add, [Document("1", STORIES[0])])
            assert not wait([waiting], timeout=0.5).done
        assert waiting.result(PATIENCE)[0].action == "index"


def test_making_an_index_again_leaves_nothing_behind_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seen.db"
    with Index.open(str(path)) as index:
        index.add([Document("1", STORIES[0])])

    def refuse(one: str, other: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(StoreError, match="cannot be rebuilt \\(Permission denied\\); give a path in a folder that can be written"):
        rebuild(str(path), {})
    monkeypatch.undo()
    assert not [*tmp_path.glob("seen.db.new*")]
    monkeypatch.setattr(os, "link", refuse)  # as on a file system without links
    assert rebuild(str(path), {})[0] == 1
    assert not [*tmp_path.glob("seen.db.new*")]
    with Index.open(str(path)) as index:
        assert index.verify() == []


# Old files


def test_an_index_of_the_first_schema_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROOT / "tests" / "old" / "index-schema-1.sql").read_text(encoding="utf-8"))
    with pytest.raises(StoreError, match="made with schema 1, this version has 7; rebuild it with dedup index rebuild"):
        Index.open(str(path))
    assert rebuild(str(path), {})[:2] == (4, 0)
    with Index.open(str(path)) as index:
        assert [(cluster.id, cluster.members) for cluster in index.clusters()] == [("c6b86b273ff34", ("1", "3", "4"))]
        told = [document for document, _ in index.documents()]
        assert [each.action for each in index.add(told)] == ["index", "index", "skip", "skip"]  # what was delivered is not known
        assert index.verify() == []


def test_what_was_not_delivered_is_not_delivered_by_making_an_index_again(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with Index.open(path) as index:
        index.add([Document("1", STORIES[0])])
    with closing(Index.open(path)) as index:
        index.add([Document("2", STORIES[1])])
    rebuild(path, {})
    with Index.open(path) as index:
        assert [each.why for each in index.add([Document("1", STORIES[0]), Document("2", STORIES[1])])] == ["seen", None]


# What nothing stands for any more


@pytest.mark.parametrize("together", [True, False])
def test_what_was_held_back_for_a_text_that_is_gone_is_decided_about_anew(together: bool, place: str, tmp_path: Path) -> None:
    one, other = STORIES[:2]
    feed = [Document("a", one), Document("x", like(one)), Document("y", like(one)), Document("a", other), Document("x", like(one))]
    feed += [Document("y", like(one)), Document("x", like(one))]
    with Index.open(place, {"seed": 7}) as index:
        gate = Gate(index, same_id="replace")
        decisions = gate.decide_all(feed) if together else [gate.decide(document) for document in feed]
        told = [(each.id, each.action, each.of) for each in decisions]
        assert told == [
            ("a", "index", None), ("x", "skip", "a"), ("y", "skip", "a"), ("a", "index", None), ("x", "index", None), ("y", "skip", "x"),
            ("x", "skip", "x"),
        ]  # fmt: skip
        index.deliver()
        index.remove(["x"])
        assert gate.decide(Document("y", like(one))).action == "index"
        assert index.verify() == []


def test_what_was_held_back_is_decided_about_anew_also_in_an_index_that_was_made_again(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with Index.open(path) as index:
        index.add([Document("a", STORIES[0]), Document("b", STORIES[1]), Document("x", like(STORIES[0])), Document("y", like(STORIES[1]))])
        index.remove(["a"])
    rebuild(path, {})
    with Index.open(path) as index:
        assert [each.action for each in index.add([Document("y", like(STORIES[1])), Document("x", like(STORIES[0]))])] == ["skip", "index"]
        assert index.verify() == []


def test_a_forked_process_leaves_an_index_to_its_parent(place: str) -> None:
    document = Document("1", STORIES[0])
    with Index.open(place, {"seed": 7}) as index:
        assert index.add([document])[0].action == "index"
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            said = b"used it"
            try:
                with suppress(StoreError), index:
                    index.add([document])
            except BaseException as error:
                said = str(error).encode()
            else:
                said = b"refused"
            os.write(writing, said)
            os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        assert os.read(reading, 1000) == b"refused"
        os.close(reading)
        with closing(Index.open(place)) as other:
            assert other.add([document])[0].why == "seen"
        assert index.add([Document("2", STORIES[1])])[0].action == "index"


def test_an_index_without_a_name_is_refused(tmp_path: Path) -> None:
    assert "--index names no index" in dedup("filter", "--index", "", given=FEED, cwd=tmp_path, status=2)[1]


def test_copies_of_a_text_that_was_held_back_are_held_back_for_the_one_that_was_let_through() -> None:
    text = f"{STORIES[0]} of trade"
    with Index.open(":memory:", {"seed": 7}) as index:

        def ask(name: str, text: str) -> tuple[str, str | None]:
            (decision,) = index.add([Document(name, text)])
            return decision.action, decision.of

        assert [ask("r", STORIES[0]), ask("p", text)] == [("index", None), ("skip", "r")]
        index.remove(["r"])
        assert [ask("l", text), ask("m", text), ask("n", like(text))] == [("index", None), ("skip", "l"), ("skip", "l")]
        assert index.stats()["let_through"] == 1
        index.remove(["l"])  # nothing stands for the copies any more
        assert [ask("o", text), ask("q", text)] == [("index", None), ("skip", "o")]
        assert index.verify() == []


def test_a_run_whose_connection_was_lost_does_not_go_on_when_others_took_it_for_broken_off(server: Any) -> None:
    psycopg = pytest.importorskip("psycopg")
    url = f"{server.url}&schema=taken"
    first, second = Document("1", STORIES[0]), Document("2", STORIES[1])
    index = Index.open(url, {"seed": 7})
    assert index.add([first])[0].action == "index"
    with psycopg.connect(server.url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
    with Index.open(url) as later:
        assert later.add([first])[0].action == "index"
    for go_on in (index.deliver, lambda: index.add([second])):
        with pytest.raises(StoreError, match="others were told what this run had let through; start it again"):
            go_on()
    index.close()


def test_who_has_a_file_open_is_told_that_another_one_took_its_place(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    with Index.open(str(tmp_path / "other.db")) as other:
        other.add([Document("2", STORIES[1])])
    index = Index.open(str(path))
    index.add([Document("1", STORIES[0])])
    os.replace(tmp_path / "other.db", path)
    with pytest.raises(StoreError, match="another file has taken its place meanwhile; open it again"):
        index.add([Document("3", STORIES[2])])
    index.close()


def test_a_closed_output_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(FEED)
    closed = [*COMMAND, "filter", "--index", "seen.db", "a.jsonl"]
    subprocess.run(["bash", "-c", '"$@" >&-', "bash", *closed], cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE)
    assert dedup("filter", "--index", "seen.db", "a.jsonl", cwd=tmp_path)[0] == FEED


def test_a_closed_index_says_so() -> None:
    index = Index.open(":memory:")
    index.close()
    for use in (index.verify, index.clusters, lambda: index.add([Document("1", STORIES[0])])):
        with pytest.raises(StoreError, match="it is closed; open it again"):
            use()


def test_what_was_removed_hides_nothing_that_is_there(place: str) -> None:
    rng = random.Random(3)
    text = [f"w{rng.randrange(900)}" for _ in range(80)]

    def edited() -> str:
        return " ".join([*text, f"n{rng.randrange(10**9)}"])

    with Index.open(place, {"seed": 7}) as index:
        gate = Gate(index, same_id="replace")
        assert gate.decide(Document("kept", " ".join(text))).action == "index"
        assert {decision.action for decision in gate.decide_all([Document("page", edited()) for _ in range(300)])} == {"skip"}
        assert index.verify() == []


def test_an_index_of_the_fourth_schema_gets_the_tables_that_it_lacks(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROOT / "tests" / "old" / "index-schema-4.sql").read_text(encoding="utf-8"))
    with Index.open(path) as index:
        assert index.stats()["schema_version"] == 7
        decided = [(document.id, decision.action) for document, decision in index.documents()]
        assert decided == [("1", "index"), ("2", "skip"), ("3", "index")]
        assert [decision.of for decision in index.query("Rain fell in the north on Monday!")] == ["3"]
        assert index.verify() == []
