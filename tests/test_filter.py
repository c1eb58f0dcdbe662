"""``dedup filter`` and ``dedup index`` as a pipeline uses them: bytes, order, promptness, and what goes wrong."""

from __future__ import annotations

import gzip
import json
import os
import random
import shlex
import signal
import sqlite3
import string
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_support import COMMAND, PATIENCE, PYTHON, load_bench, run_command, start, start_command, state_of, wait_until, waits_in_a_write

from dedup import Config, Document, Gate, Index
from dedup.errors import ConfigError, InputError, StoreError
from dedup.index.rebuild import rebuild
from dedup.readers.options import Reading
from dedup.readers.sources import read_records

MORNING = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
RAIN = "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said in its bulletin."
LINES = [
    b'{"id": "1", "text": "%s"}\n' % MORNING.encode(),
    b'{"id":2,  "text":"%s", "more": [1, {"a": null}]}\r\n' % RAIN.encode(),
    b' {"text": "%s", "id": "3"}\n' % MORNING.upper().encode(),
    b'{"id": "4", "text": "%s"}' % MORNING.replace("Four", "Seven").encode(),
]


def dedup(*arguments: str, given: bytes = b"", cwd: Path | None = None, status: int = 0) -> tuple[bytes, str]:
    """Run the command, and return what it wrote to stdout and to stderr."""
    done = run_command(*arguments, cwd=cwd, stdin=given)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout, done.stderr.decode()


def test_kept_records_leave_with_their_bytes_in_order(tmp_path: Path) -> None:
    out, said = dedup("filter", given=b"".join(LINES), cwd=tmp_path)
    assert out == LINES[0] + LINES[1]
    assert said == "4 records: 2 new, 2 held back as duplicates\n"
    packed = {"a.jsonl.gz": gzip.compress(b"".join(LINES))}
    zstandard = pytest.importorskip("zstandard")
    packed["a.jsonl.zst"] = zstandard.ZstdCompressor().compress(b"".join(LINES))
    for name, data in packed.items():
        (tmp_path / name).write_bytes(data)
        assert dedup("filter", name, cwd=tmp_path)[0] == out
        assert dedup("filter", given=data, cwd=tmp_path)[0] == out


def test_csv_and_parquet_are_records_too(tmp_path: Path) -> None:
    rows = [["1", MORNING], ["2", 'He said "no"\nand went'], ["3", MORNING.lower()]]
    text = b'\xef\xbb\xbfid,text\r\n1,"%s"\r\n2,"He said ""no""\nand went"\r\n3,"%s"\r\n' % (MORNING.encode(), MORNING.lower().encode())
    (tmp_path / "a.csv").write_bytes(text)
    assert dedup("filter", "a.csv", cwd=tmp_path)[0] == text[: text.index(b"3,")]
    annotated = [json.loads(line) for line in dedup("filter", "--annotate", "a.csv", cwd=tmp_path)[0].splitlines()]
    assert [(row["id"], row["text"], row["dedup"]["decision"]) for row in annotated] == [
        (*row, decision) for row, decision in zip(rows, ("index", "index", "skip"), strict=True)
    ]
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"id": [row[0] for row in rows], "text": [row[1] for row in rows]}), tmp_path / "a.parquet")
    kept = [json.loads(line)["id"] for line in dedup("filter", "a.parquet", cwd=tmp_path)[0].splitlines()]
    assert kept == ["1", "2"]


def test_duplicates_carry_their_evidence_and_stats_count_them(tmp_path: Path) -> None:
    dedup("filter", "--duplicates", "held", "--stats", "stats.json", "--check", given=b"".join(LINES), cwd=tmp_path, status=1)
    held = [json.loads(line) for line in (tmp_path / "held").read_bytes().splitlines()]
    assert [(row["id"], row["dedup"]["of"], row["dedup"]["relation"]) for row in held] == [("3", "1", "identical"), ("4", "1", "revision")]
    assert held[1]["dedup"]["similarity"] > 0.9
    assert held[0]["dedup"]["cluster"] == held[1]["dedup"]["cluster"]
    stats = json.loads((tmp_path / "stats.json").read_text())
    assert stats == {
        "schema": "dedup/filter/1", "records": 4, "index": 2, "update": 0, "withdraw": 0, "skip": 2, "rejected": 0,
        "relations": {"identical": 1, "revision": 1},
    }  # fmt: skip


def test_actions_say_what_to_do_with_each_record(tmp_path: Path) -> None:
    out, _ = dedup("filter", "--actions", "--lang", "en", given=b"".join(LINES), cwd=tmp_path)
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["id"], row["decision"], row.get("of"), row.get("replaces")) for row in rows] == [
        ("1", "index", None, None), ("2", "index", None, None), ("3", "skip", "1", None), ("4", "update", None, "1")
    ]  # fmt: skip
    assert any("4 → 7 (+3)" in line for line in rows[3]["digest"])


def test_keep_lets_through_what_is_preferred(tmp_path: Path) -> None:
    short, long = (b'{"id": "%s", "text": "%s"}\n' % row for row in ((b"a", MORNING.encode()), (b"b", (MORNING + " It rained.").encode())))
    assert dedup("filter", given=short + long, cwd=tmp_path)[0] == short
    assert dedup("filter", "--keep", "longest", given=short + long, cwd=tmp_path)[0] == short + long
    assert dedup("filter", "--keep", "longest", given=long + short, cwd=tmp_path)[0] == long


def test_what_was_answered_is_answered_again(tmp_path: Path) -> None:
    feed = b"".join(LINES[:3]) + LINES[3] + b"\n" + LINES[0]
    first = dedup("filter", "--index", "seen.db", given=feed, cwd=tmp_path)
    assert first[0] == LINES[0] + LINES[1]  # the same record again in one run is a duplicate of itself
    assert dedup("filter", "--index", "seen.db", "--redeliver", given=feed, cwd=tmp_path) == first
    later = b'{"id": "9", "text": "%s"}\n' % RAIN.lower().encode()
    assert dedup("filter", "--index", "seen.db", given=later, cwd=tmp_path)[0] == b""


@pytest.mark.parametrize("style", ["--annotate", "--actions"])
def test_a_record_is_answered_without_waiting_for_another(style: str, tmp_path: Path) -> None:
    with start_command("filter", style, "--index", "seen.db", pipes=("stdin", "stdout"), cwd=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        for line in LINES[:2]:
            process.stdin.write(line)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] in ("1", 2, "2")
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_between_records_and_says_so(number: signal.Signals, tmp_path: Path) -> None:
    with start_command("filter", "--index", "seen.db", pipes=("stdin", "stdout", "stderr"), cwd=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(LINES[0])
        process.stdin.flush()
        assert process.stdout.readline() == LINES[0]
        process.send_signal(number)
        said = process.stderr.read().decode()
        assert process.wait(PATIENCE) == 128 + number
    assert said == "dedup: stopped: 1 record: 1 new, 0 held back as duplicates; with an index, the same input goes on from there\n"


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"id": number, "text": f"{number} {RAIN * 40} {number}"}) + "\n" for number in range(3000)))
    script = f"{shlex.join(COMMAND)} filter {feed} --set min_words=1000 | head -1 | wc -l; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, cwd=tmp_path, check=True)
    assert (done.stdout, done.stderr) == (b"1\n0\n", b"")


@pytest.mark.parametrize(
    ("options", "needed"),
    [
        (["--redeliver"], "--index"),
        (["--deliver", "end"], "--index"),
        (["--keep-for", "30d"], "--index"),
        (["--no-text", "--actions"], "--index"),
        (["--lang", "auto", "--index", "seen.db"], "--actions or --annotate"),
    ],
)
def test_an_option_that_does_nothing_without_another_one_is_refused(options: list[str], needed: str, tmp_path: Path) -> None:
    out, said = dedup("filter", *options, given=LINES[0], cwd=tmp_path, status=2)
    assert (out, said) == (b"", f"dedup: {options[0]} goes with {needed} (try dedup filter --help)\n")
    assert [*tmp_path.iterdir()] == []


BAD = [
    (b"{", "a.jsonl:2: broken JSON"),
    (b'{"id": "x"}', "a.jsonl:2: no field 'text'"),
    (b"\xff\xfe{}", "a.jsonl:2: not utf-8"),
    (b'{"id": "x", "text": "\\ud800"}', "a.jsonl:2: half of a surrogate pair"),
    (b"[" * 60_000, "a.jsonl:2: broken JSON"),
    (b'{"id": "x\\u0000", "text": "y"}', "a.jsonl:2: a NUL character in an id"),
    (b'{"id": "x", "text": "' + b"y" * 1_000_000 + b'"}', "a.jsonl:2: a line of more than 1,000 characters"),
]


@pytest.mark.parametrize(("bad", "says"), BAD, ids=[says[10:30] for _, says in BAD])
def test_a_bad_record_stops_or_is_set_aside(bad: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES[0] + bad + b"\n" + LINES[1])
    options = "filter", "a.jsonl", "--max-chars", "1000"
    out, said = dedup(*options, cwd=tmp_path, status=2)
    assert out == LINES[0]
    assert said.startswith(f"dedup: {says}")
    assert said.count("\n") == 1
    out, said = dedup(*options, "--on-error", "skip", "--rejects", "bad.jsonl", cwd=tmp_path)
    assert out == LINES[0] + LINES[1]
    assert said == "3 records: 2 new, 0 held back as duplicates, 1 rejected\n"
    (rejected,) = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_bytes().splitlines()]
    assert rejected["error"].startswith(says)
    assert rejected["record"].encode()[:1] == bad[:1] or bad.startswith(b"\xff")


def test_a_bad_row_of_csv_is_set_aside_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'id,text\n1,%s\n"2"x,y\n3,%s\n' % (f'"{MORNING}"'.encode(), f'"{RAIN}"'.encode()))
    out, said = dedup("filter", "a.csv", "--on-error", "skip", "--rejects", "bad", cwd=tmp_path)
    assert out.splitlines()[0] == b"id,text"
    assert [line[:1] for line in out.splitlines()[1:]] == [b"1", b"3"]
    assert "1 rejected" in said
    assert json.loads((tmp_path / "bad").read_bytes())["record"] == '"2"x,y\n'


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_rows_of_csv_end_in_any_way(tmp_path: Path, ending: bytes) -> None:
    texts = [MORNING, MORNING, RAIN]
    rows = [b"id,text", *(f'{number},"{text}"'.encode() for number, text in enumerate(texts)), b""]
    (tmp_path / "a.csv").write_bytes(ending.join(rows))
    out, said = dedup("filter", "a.csv", cwd=tmp_path)
    assert [line[:2] for line in out.splitlines()] == [b"id", b"0,", b"2,"]
    assert "3 records: 2 new, 1 held back" in said


def test_csv_of_wide_characters_leaves_as_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f'id,text\n1,"{MORNING}"\n2,"{MORNING}"\n3,"{RAIN}"\n'.encode("utf-16"))
    out, _ = dedup("filter", "a.csv", "--encoding", "utf-16", cwd=tmp_path)
    assert out.decode() == f'id,text\n1,"{MORNING}"\n3,"{RAIN}"\n'


def test_files_of_csv_have_their_columns_named_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,text")
    (tmp_path / "b.csv").write_bytes(f'id,text\n1,"{MORNING}"'.encode())
    (tmp_path / "c.csv").write_bytes(f'id,text\n2,"{RAIN}"\n'.encode())
    out, _ = dedup("filter", "a.csv", "b.csv", "c.csv", cwd=tmp_path)
    assert out.decode() == f'id,text\n1,"{MORNING}"\n2,"{RAIN}"\n'


def test_nothing_is_lost_where_output_has_no_buffer(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": str(number), "text": f"{MORNING} " + " ".join(f"n{number}w{k}" for k in range(60))}) for number in range(4000)
    ]
    (tmp_path / "a.jsonl").write_text("".join(f"{line}\n" for line in lines))
    with start_command("filter", "a.jsonl", pipes=("stdout", "stderr"), cwd=tmp_path, PYTHONUNBUFFERED="1") as process:
        assert process.stdout
        found = os.read(process.stdout.fileno(), 1000)
        wait_until(lambda: waits_in_a_write(process))
        for number in (signal.SIGSTOP, signal.SIGCONT):  # the write ends early
            process.send_signal(number)
            wait_until(lambda stopped=number == signal.SIGSTOP: (state_of(process) == "T") == stopped)
        found += process.stdout.read()
    assert found == (tmp_path / "a.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (Document("a\0b", RAIN), "a NUL character in the id"),
        (Document("a\ud800", RAIN), "half of a surrogate pair in the id"),
        (Document("a" * 2001, RAIN), "more than 2,000 bytes in the id"),
        (Document("a", RAIN, source="x\0"), "a NUL character in the source"),
        (Document("a", RAIN, source="x\udfff"), "half of a surrogate pair in the source"),
    ],
)
def test_names_that_no_store_takes_are_refused_and_nothing_else(document: Document, says: str, place: str) -> None:
    with Index.open(place, Config(seed=3)) as index:
        with pytest.raises(InputError, match=says):
            index.add([Document("1", MORNING), document])
        assert index.add([Document("1", MORNING), Document("a" * 2000, RAIN, source="x")])[1].action == "index"


@pytest.mark.parametrize(
    ("name", "value"), [("config", "{"), ("config", '{"seed": 3, "prefer": [], "odd": 1}'), ("run", "x"), ("texts", None), ("row", "-1")]
)
def test_damaged_settings_are_told(name: str, value: str | None, tmp_path: Path) -> None:
    filled(tmp_path / "seen.db", 10)
    with sqlite3.connect(tmp_path / "seen.db") as connection:
        change = "delete from meta where name = ?" if value is None else "update meta set value = ? where name = ?"
        connection.execute(change, (name,) if value is None else (value, name))
    out, said = dedup("index", "stats", "seen.db", cwd=tmp_path, status=2)
    assert out == b""
    assert said.startswith(f"dedup: seen.db: damaged: {name!r} of meta is not" if value else "dedup: seen.db: damaged: its header has no")
    assert "dedup index verify" in said
    assert "dedup index rebuild" in said


def test_a_value_of_parquet_that_is_none_is_set_aside(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    offsets, data = pyarrow.py_buffer(b"\0\0\0\0\3\0\0\0\5\0\0\0"), pyarrow.py_buffer(b"\xff\xfe\xfdok")
    texts = pyarrow.StringArray.from_buffers(2, offsets, data)
    parquet.write_table(pyarrow.table({"id": ["1", "2"], "text": texts}), tmp_path / "a.parquet")
    out, said = dedup("filter", "a.parquet", "--on-error", "skip", cwd=tmp_path)
    assert out == b'{"id": "2", "text": "ok"}\n'
    assert "1 rejected" in said


def test_a_feed_of_nothing_is_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\n\n")
    out, said = dedup("filter", "a", cwd=tmp_path)
    assert (out, said[:10]) == (b"", "0 records:")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    line = b'{"id": "1", "text": "' + b"y" * 30_000 + b'"}\n'
    packed = zstandard.ZstdCompressor(level=19).compress(line * 12_000)
    assert len(packed) * 5000 < len(line) * 12_000
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    with pytest.raises(Exception, match="inflates to more than 5,000 times its size"):
        for _ in read_records([str(tmp_path / "a.jsonl.zst")], Reading()):
            pass


def write(path: Path, change: Callable[[bytearray], None]) -> None:
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)


def filled(path: Path, count: int = 300) -> list[Document]:
    rng = random.Random(4)
    documents = [Document(str(number), " ".join(f"w{rng.randrange(900)}" for _ in range(60))) for number in range(count)]
    documents += [Document(f"again {number}", documents[number].text.upper()) for number in range(min(20, count))]
    with Index.open(str(path), Config(seed=3)) as index:
        index.add(documents)
    return documents


@pytest.mark.parametrize("damage", ["garbage", "cut", "no database"])
def test_a_damaged_index_is_found_refused_and_made_again(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    filled(path)
    size = path.stat().st_size
    if damage == "garbage":
        write(path, lambda data: data.__setitem__(slice(size // 2, size // 2 + 20_000), b"garbage!" * 2500))
    elif damage == "cut":
        write(path, lambda data: data.__delitem__(slice(size * 3 // 4, size)))
    else:
        path.write_text("no database")
    out, said = dedup("index", "verify", "seen.db", cwd=tmp_path, status=1 if damage == "garbage" else 2)
    assert ("damaged" in out.decode() or "malformed" in out.decode()) if damage == "garbage" else said.startswith("dedup: seen.db: ")
    if damage == "no database":
        assert "its settings cannot be read" in dedup("index", "rebuild", "seen.db", cwd=tmp_path, status=2)[1]
        return
    assert "seen.db.old" in dedup("index", "rebuild", "seen.db", cwd=tmp_path)[1]
    assert "nothing is wrong" in dedup("index", "verify", "seen.db", cwd=tmp_path)[1]
    with Index.open(str(path)) as index:
        assert 100 < len([*index.documents()]) <= 320


def test_an_index_of_another_version_or_with_other_settings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    filled(path, 3)
    assert "was made with threshold 0.0, not 0.7" in dedup("filter", "--index", "seen.db", "--threshold", "0.7", cwd=tmp_path, status=2)[1]
    with sqlite3.connect(path) as connection:
        connection.execute("update meta set value = '2' where name = 'fold_version'")
    connection.close()
    with pytest.raises(StoreError, match="made with fold version 2, this version has 5; rebuild it with dedup index rebuild"):
        Index.open(str(path))
    dedup("index", "rebuild", "seen.db", "--set", "threshold=0.7", cwd=tmp_path)
    with Index.open(str(path)) as index:
        assert index.config.threshold == 0.7
        assert [document.id for document, _ in index.documents()] == ["0", "1", "2", *(f"again {number}" for number in range(3))]
    with pytest.raises(ConfigError, match="needs all texts at once"):
        Index.open(":memory:", Config(keep="most-complete"))
    with pytest.raises(ConfigError, match="is no index"):
        Index.open("mysql://here/there")
    with pytest.raises(StoreError, match="there is no index"):
        Index.open(str(tmp_path / "none.db"), create=False)


def test_rebuilding_keeps_decisions_clusters_and_names(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    documents = filled(path)
    with Index.open(str(path)) as index:
        index.remove(["0", "5", "again 7"])
        before = [(document.id, decision) for document, decision in index.documents()], index.clusters()
    dedup("index", "rebuild", "seen.db", cwd=tmp_path)
    with Index.open(str(path)) as index:
        assert ([(document.id, decision) for document, decision in index.documents()], index.clusters()) == before
        assert [decision.why for decision in index.add(documents[10:12])] == ["seen", "seen"]


def test_who_has_an_index_open_that_is_made_again_is_told(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    documents = filled(path, 10)
    index = Index.open(str(path))
    index.add([Document("late", RAIN)])
    assert rebuild(str(path), {}) == (len(documents) + 1, 0, f"{path}.old")
    with pytest.raises(StoreError, match="meanwhile; open it again"):
        index.add([Document("later", MORNING)])
    index.close()
    assert rebuild(str(path), {})[2] == f"{path}.old2"
    with Index.open(str(path)) as index:
        assert index.verify() == []
        assert len([*index.documents()]) == len(documents) + 1
        assert index.add([Document("later", RAIN)])[0].of == "late"
    with pytest.raises(ConfigError, match="threshold is 7"):
        rebuild(str(path), {"threshold": "7"})


def test_an_index_is_there_at_every_moment_that_it_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seen.db"
    count = len(filled(path, 10))
    links = []

    def linked(one: str, other: str) -> None:
        links.append((one, other))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", linked)
    with pytest.raises(KeyboardInterrupt):
        rebuild(str(path), {})
    monkeypatch.undo()
    assert links
    assert path.exists()
    with Index.open(str(path)) as index:
        assert index.add([Document("late", RAIN)])[0].action == "index"
    assert rebuild(str(path), {})[0] == count + 1


def test_names_of_clusters_stay_and_lead_to_what_they_have_become() -> None:
    one = " ".join(f"a{number}" for number in range(40))
    two = " ".join(f"b{number}" for number in range(40))
    with Index.open(":memory:", Config(seed=3)) as index:
        index.add([Document("1", one), Document("2", one.upper()), Document("3", two), Document("4", two.upper())])
        names = [cluster.id for cluster in index.clusters()]
        assert len(names) == 2
        (both,) = index.add([Document("5", f"{one} {two}")])
        assert both.cluster == names[0]
        assert [cluster.id for cluster in index.clusters()] == names[:1]
        assert [index.resolve(name) for name in (*names, "c0")] == [names[0], names[0], None]
        index.remove(["1", "2"])
        assert [index.resolve(name) for name in names] == [names[0], names[0]]
        assert index.clusters()[0].members == ("3", "4", "5")


def test_an_index_without_texts_is_smaller_and_says_what_it_cannot_do(tmp_path: Path) -> None:
    sizes, draw = [], random.Random(4)
    written = ["".join(draw.choices(string.ascii_lowercase, k=7)) for _ in range(36_000)]  # which hardly packs, as news does
    for options in ([], ["--no-text"]):
        name = f"seen{len(options)}.db"
        texts = (" ".join(written[number * 90 : (number + 1) * 90]) for number in range(400))
        feed = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts))
        dedup("filter", "--index", name, *options, given=feed.encode(), cwd=tmp_path)
        sizes.append(sum(file.stat().st_size for file in tmp_path.rglob("*") if name in str(file) and file.is_file()))
    assert sizes[1] < sizes[0]
    assert "keeps no texts" in dedup("index", "rebuild", "seen1.db", cwd=tmp_path, status=2)[1]


def test_a_lock_and_a_full_disk_are_told_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "seen.db"
    documents = filled(path, 10)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    with Index.open(str(path)) as index:
        index._store.patience = 0.1
        with pytest.raises(StoreError, match="locked; another process writes to it"):
            index.add([Document("new", MORNING)])
        holder.rollback()
        holder.close()
        index._store._connection.execute("pragma max_page_count = 1")  # type: ignore[attr-defined]
        more = [Document(f"m{number}", f"{MORNING} {number * 7919} " * 20) for number in range(60)]
        with pytest.raises(StoreError, match="full; make room on the disk"):
            index.add(more)
    with Index.open(str(path)) as index:
        assert len([*index.documents()]) == len(documents)
        assert index.verify() == []
        assert len(index.add(more)) == 60


def test_an_index_that_cannot_be_written_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seen.db"
    documents = filled(path, 10)
    monkeypatch.setattr(os, "access", lambda *wanted: False)  # root may write what nobody else may
    with Index.open(str(path)) as index:
        assert len([*index.documents()]) == len(documents)
        assert index.query(documents[0])[0].of == documents[0].id
        assert index.verify() == []
        with pytest.raises(StoreError, match="readonly database; give a path in a folder that can be written"):
            index.add([Document("new", MORNING)])
    assert [found.name for found in tmp_path.iterdir()] == ["seen.db"]


def test_a_server_that_goes_away_and_returns_loses_nothing(server: Any) -> None:
    with Index.open(f"{server.url}&schema=gone", Config(seed=3)) as index:
        gate = Gate(index)
        assert gate.decide(Document("1", MORNING)).action == "index"
        server.stop("immediate")
        server.start()
        assert gate.decide(Document("2", MORNING.upper())).of == "1"
        assert [document.id for document, _ in index.documents()] == ["1", "2"]


def test_two_workers_miss_no_pair_of_each_other(place: str, tmp_path: Path) -> None:
    rng = random.Random(6)
    pairs = [[f"w{rng.randrange(5000)}" for _ in range(40)] for _ in range(3000)]
    Index.open(place, Config(seed=3)).close()
    workers = []
    for side in "ab":
        file = tmp_path / f"{side}.jsonl"
        file.write_text("".join(json.dumps({"id": f"{side}{number}", "text": " ".join(pair)}) + "\n" for number, pair in enumerate(pairs)))
        script = (
            "import sys; from dedup.index import Index; from dedup import read\n"
            "index, documents = Index.open(sys.argv[1]), [*read([sys.argv[2]])]\n"
            "for start in range(0, 3000, 75): index.add(documents[start:start + 75])"
        )
        workers.append(start([*PYTHON, "-c", script, place, str(file)]))
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    with Index.open(place) as index:
        found = {cluster.members for cluster in index.clusters()}
        skipped = [document.id[1:] for document, decision in index.documents() if decision.action == "skip"]
    assert found == {(f"a{number}", f"b{number}") for number in range(3000)}
    assert sorted(skipped, key=int) == [str(number) for number in range(3000)]


@pytest.mark.parametrize("moments", [[[0, 1, 40, 90]], [[40], [1, 60], []]], ids=["one process", "three processes"])
def test_killed_at_any_moment_it_loses_nothing_and_lets_nothing_through_twice(moments: list[list[int]], place: str, tmp_path: Path) -> None:
    kills = load_bench("kills")
    feeds = [lines[:120] for lines in kills.feeds(1, len(moments))]
    drawn = [[kills.Kill(answers, 0.01) for answers in each] for each in moments]
    assert kills.trial(1, feeds, drawn, tmp_path, place) > 0
