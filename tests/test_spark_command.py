"""``dedup find --engine spark``: the files that it reads, what it prints, and what it says of what is wrong or missing."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from click import UsageError
from click.testing import CliRunner
from command_support import run_python
from conftest import ROOT, SEED
from spark_support import feed

from dedup import DedupError, InputError, Reading
from dedup.cli import cli
from dedup.errors import EngineError

pytest.importorskip("pyspark")
import pyarrow as pa

from dedup.readers.sources import read
from dedup.spark import pieces, reading
from dedup.spark.arrow import batch_of
from dedup.spark.session import NANOSECONDS, PARTITIONS, divide, session
from dedup.spark.source import error_of


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with records in every format, and a text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "files"
    folder.mkdir()
    documents = feed(8, 80)
    lines = [json.dumps({"id": each.id, "text": each.text}, ensure_ascii=False) for each in documents]
    (folder / "a.jsonl").write_text("\n\n".join(lines[:20]) + "\r\n", "utf-8-sig")
    (folder / "b [1].csv").write_text('id,text\n"c1","one ""two""\nthree four five six seven"\n' + f"c2,{documents[0].text}\n")
    (folder / "c.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[20:40]).encode()))
    ids, seen = pa.array([2**63 + place for place in range(20)], pa.uint64()), pa.array([*range(20)], pa.timestamp("ns"))
    pq.write_table(pa.table({"id": ids, "seen": seen, "text": [each.text for each in documents[40:60]]}), folder / "d é.parquet")
    shutil.copy(ROOT / SEED, folder / "e.txt")
    return folder


def run(*arguments: str) -> tuple[int, str, str]:
    """Return the status of a command that runs in this process, what it prints, and what it says."""
    done = CliRunner().invoke(cli, [*arguments], standalone_mode=False)
    if isinstance(done.exception, DedupError | UsageError):
        return 2, done.stdout, str(done.exception)
    assert done.exception is None
    return done.return_value, done.stdout, done.stderr


def test_the_command_reads_every_format_and_prints_the_same_lines(spark: Any, files: Path, tmp_path: Path) -> None:
    stages = str(tmp_path / "stages")
    on_spark = ["find", str(files), "--engine", "spark", "--stages", stages, "--format"]
    for style in ("pairs", "clusters"):
        found, wanted = run(*on_spark, style, "--check"), run("find", str(files), "--format", style)
        assert found == (1, wanted[1], "")
    status, printed, _ = run(*on_spark[:-1], "--origins")
    told, (one,) = [json.loads(line) for line in printed.splitlines()], run("origins", str(files), "--format", "json")[1:2]
    assert status == 0
    assert [row["id"] for row in told] == [text["id"] for story in json.loads(one)["stories"] for text in story["texts"]]
    assert run(*on_spark[:-1], "--origins", "-o", str(tmp_path / "origins.parquet")) == (0, "", "")
    assert "leave --format out" in run(*on_spark, "clusters", "--origins")[2]
    result = str(tmp_path / "clusters.parquet")
    assert run(*on_spark, "clusters", "-o", result) == (0, "", "")
    (tmp_path / "clusters.jsonl").write_text(found[1])
    for written, pages in ((result, "one"), (str(tmp_path / "clusters.jsonl"), "other")):
        assert "3 pages and their index" in run("report", str(files), "--clusters", written, "--top", "3", "-o", str(tmp_path / pages))[2]
    assert [path.read_bytes() for path in sorted((tmp_path / "one").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "other").iterdir())
    ]
    assert "there already" in run(*on_spark, "clusters", "-o", result)[2]


WRONG = {
    "broken JSON": ("jsonl", '{"id": "a", "text": "x"}\n{"id": "b", "text"\n', ":2: broken JSON"),
    "no text": ("jsonl", '{"id": "a", "text": "x"}\n{"id": "b"}\n', ":2: no field 'text'"),
    "not UTF-8": ("jsonl", b'{"id": "a", "text": "x"}\n{"id": "b", "text": "\xe9"}\n', ":2: not utf-8"),
    "one id twice": ("jsonl", '{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}\n', ":2: a second document with id 'a'"),
    "nothing": ("jsonl", "", "nothing to read"),
    "no time": ("jsonl", '{"id": "a", "text": "x", "time": "5"}\n{"id": "b", "text": "x", "time": "then"}\n', ":2: not a time: 'then'"),
    "broken CSV": ("csv", 'id,text\n1,"x\n', ":2: broken CSV"),
    "no Parquet": ("parquet", "PAR1 nothing", "Parquet"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_line_with_its_place(spark: Any, tmp_path: Path, case: str) -> None:
    ending, content, said = WRONG[case]
    path = tmp_path / f"feed.{ending}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    timed = ["--time-field", "time", "--within", "1d"] if case == "no time" else []
    status, printed, message = run("find", str(path), "--engine", "spark", "--format", "pairs", *timed)
    assert (status, printed) == (2, "")
    assert said in message
    assert "\n" not in message


def test_large_files_that_spark_would_leave_out_are_refused(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST_WHOLE", 8)
    monkeypatch.setattr(reading, "SMALL", 8)
    here, there = str(tmp_path), f"file://{tmp_path}"
    for folder, name, said in ((here, "_a.parquet", "rename it"), (here, "a:b.parquet", "rename it"), (there, "a.json", "as a whole")):
        (tmp_path / name).write_text("PAR1 nothing")
        with pytest.raises(InputError, match=said):
            reading.source(spark, reading.list_files(spark, [f"{folder}/{name}"], Reading()), Reading())


RECORDS = [
    '{"id": "a", "text": "x"}',
    "",
    '{"id": "long", "text": "' + "y" * 90 + '"}',
    " ",
    '{"id": "b", "text": "z"}\r',
    '{"text": "one without a name"}',
    '{"id": "c", "text": "\u2028 \u0085 é"}',
    "",
    '{"id": "d", "text": "w"}',
]


def read_in_pieces(path: Path, size: int, reading: Reading, counted: bool) -> list[tuple[str, str] | str]:
    """Return the ids and texts of a file that is cut into pieces of a size, or the first error."""
    whole = path.stat().st_size
    cuts = [*range(0, whole, size), whole]
    ends = [pieces.count_line_ends(str(path), 0, start) if counted else None for start in cuts]
    found = [pieces.ByteRange(str(path), False, *each) for each in zip(cuts, cuts[1:], [0, *ends[1:]], strict=False)]
    tasks = [batch_of(pieces=pa.array([json.dumps([astuple(piece)])])) for piece in found]
    wrong = [problem for _, problem in pieces.read_pieces(iter(tasks), reading) if problem]
    if wrong:
        return [str(error_of(min(wrong)))]
    return [(document.id, document.text) for document, _ in pieces.read_pieces(iter(tasks), reading)]


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("wrong", [None, 2, 6, 8])
def test_any_cuts_of_a_file_give_its_records_ids_and_errors(tmp_path: Path, wrong: int | None, end: str) -> None:
    lines = [*RECORDS]
    if wrong is not None:
        lines[wrong] = lines[wrong][:-9]
    path = tmp_path / "feed.jsonl"
    path.write_text("\ufeff" + "\n".join(lines) + end, "utf-8")
    for options in (Reading(), Reading(unnamed="digest"), Reading(unnamed="refuse"), Reading(max_chars=10)):
        try:
            wanted: list[Any] = [(document.id, document.text) for document in read([str(path)], options)]
        except InputError as error:
            wanted = [str(error)]
        for size in (1, 7, 30, 64, 1000):
            for counted in (False, True):
                assert read_in_pieces(path, size, options, counted) == wanted


def test_a_feed_in_ranges_and_small_files_give_the_lines_of_one_machine(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "SMALL", 500)
    monkeypatch.setattr(reading, "SMALL", 500)
    monkeypatch.setattr(pieces, "_OPENING", 100)
    folder = tmp_path / "feeds"
    folder.mkdir()
    documents = feed(8, 60)
    unnamed = [json.dumps({"text": each.text}) for each in documents[:30]]
    (folder / "_unnamed:1.jsonl").write_text("\n".join(unnamed))
    (folder / "named.jsonl").write_text("".join(json.dumps({"id": each.id, "text": each.text}) + "\n" for each in documents[30:]))
    for place, each in enumerate(documents[10:20]):
        (folder / f"{place}.txt").write_text(each.text)
    (folder / "strange.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = reading.source(spark, reading.list_files(spark, [str(folder)], Reading()), Reading())
    assert found.table.rdd.getNumPartitions() > 3
    on_spark, here = run("find", str(folder), "--engine", "spark", "--format", "pairs"), run("find", str(folder), "--format", "pairs")
    assert on_spark[:2] == here[:2]
    assert here[1]
    with (folder / "named.jsonl").open("a") as stream:
        stream.write('{"id": "last"}\n')
    assert ":31: no field 'text'" in run("find", str(folder), "--engine", "spark", "--format", "pairs")[2]


def test_a_name_does_not_make_spark_unpack(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "a.bz2").write_text('{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n')
    as_lines = Reading(input_format="jsonl")
    found = reading.source(spark, reading.list_files(spark, [str(tmp_path / "a.bz2")], as_lines), as_lines)
    assert [(row.id, row.text, row.problem) for row in found.texts().collect()] == [("a", "x", None), ("b", "y", None)]


def test_a_spark_that_ends_in_the_middle_is_said(spark: Any) -> None:
    with pytest.raises(EngineError, match="Spark ended early"), session(None, 1, {}):
        raise ConnectionRefusedError


def test_a_master_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(builder: Any) -> None:
        raise RuntimeError("Cannot call methods on a stopped SparkContext.\nThis stopped SparkContext was created at: ...")

    monkeypatch.setattr("pyspark.sql.SparkSession.Builder.getOrCreate", started)
    monkeypatch.setattr("os.environ", {**os.environ})
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    with (
        pytest.raises(EngineError, match="did not start on spark://gone:7077: the master does not answer; check"),
        session("spark://gone:7077", 1, {}),
    ):
        pass


def test_options_that_do_not_go_together_are_refused() -> None:
    for options, said in (
        (["--engine", "spark"], "writes --format pairs or clusters"),
        (["--engine", "spark", "--format", "pairs", "--html", "x.html"], "not for --engine spark"),
        (["--stages", "x"], "are for --engine spark"),
    ):
        status, _, message = run("find", SEED, *options)
        assert status == 2
        assert said in message


@pytest.mark.parametrize(
    ("hide", "said"), [("sys.modules['pyspark'] = None", "pip install 'bulletin-dedup[spark]'"), ("", "Spark needs Java 17")]
)
def test_what_is_missing_is_said(tmp_path: Path, hide: str, said: str) -> None:
    code = f"import sys; {hide}\nfrom dedup.cli import main; sys.exit(main())"
    done = run_python(code, "find", SEED, "--engine", "spark", "--format", "pairs", cwd=ROOT, PATH=str(tmp_path), JAVA_HOME="")
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("value", [None, "false"])
def test_a_session_that_ran_before_has_its_settings_afterwards(spark: Any, value: str | None) -> None:
    if value is not None:
        spark.conf.set(NANOSECONDS, value)
    with session(None, 1, {}) as running:
        running.conf.set(NANOSECONDS, "true")
    assert spark.conf.get(NANOSECONDS, None) == value
    spark.conf.unset(NANOSECONDS)


def test_a_feed_divides_shuffles_by_its_bytes_where_no_setting_does(spark: Any) -> None:
    given = spark.conf.get(PARTITIONS)
    divide(spark, 1 << 40)
    assert spark.conf.get(PARTITIONS) == given
    spark.conf.unset(PARTITIONS)
    try:
        for size, wanted in ((1, "4"), (320 << 20, "10"), (1 << 40, "200")):
            with session(None, 1, {}) as running:
                divide(running, size)
                assert running.conf.get(PARTITIONS) == wanted
            assert spark.conf.get(PARTITIONS, None) is None
    finally:
        spark.conf.set(PARTITIONS, given)
