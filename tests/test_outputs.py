"""No command writes over what it reads, or writes two things to one file; it says so before anything is opened for writing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_support import COMMAND, PATIENCE

from dedup.cli import cli
from dedup.errors import OutputError

TEXT = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
FEED = "".join(json.dumps({"id": str(number), "text": f"{TEXT} {number}", "a": TEXT, "b": TEXT}) + "\n" for number in range(3))
LABELS = '{"a": "0", "b": "1", "duplicate": true}\n{"a": "0", "b": "2", "duplicate": true}\n'

# Each command with its documents in d, and every option that names a file to write as the last word.
WRITERS = [
    "find {read} --html",
    "diff {read} other.txt --html",
    "diff other.txt {read} --format json -o",
    "report other.txt {read} --format html -o",
    "tune d --truth {read} --html",
    "evaluate d --truth {read} --html",
    "evaluate {read} --truth labels.jsonl --html",
    "evaluate d --truth labels.jsonl --against {read} --html",
    "tune {read} --truth labels.jsonl --html",
    "tune {read} --truth labels.jsonl --config",
    "filter d --config {read} --stats",
    "evaluate d --truth labels.jsonl --config {read} --html",
    "filter {read} --stats",
    "filter {read} --duplicates",
    "filter {read} --on-error skip --rejects",
    "filter {read} --index",
    "filter d --stats s --duplicates t --on-error skip --rejects",
    "filter d --on-error skip --rejects s --duplicates t --stats",
    "filter other.txt {read} --stats s --on-error skip --rejects t --duplicates",
    "index add {written} d/../{read}",
]
# Ways to name the file d/feed.jsonl, which is read, and the same file where it is written.
WAYS = [
    ("d/feed.jsonl", "d/feed.jsonl"),
    ("d", "d/feed.jsonl"),
    ("d/*.jsonl", "./d/../d/feed.jsonl"),
    ("d/feed.jsonl", "link"),
    ("link", "d/feed.jsonl"),
    ("d/feed.jsonl", "hard"),
    ("d/feed.jsonl", "linked-folder/feed.jsonl"),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    (tmp_path / "d/feed.jsonl").write_text(FEED)
    (tmp_path / "other.txt").write_text(TEXT)
    (tmp_path / "labels.jsonl").write_text(LABELS)
    (tmp_path / "link").symlink_to("d/feed.jsonl")
    (tmp_path / "linked-folder").symlink_to("d")
    os.link(tmp_path / "d/feed.jsonl", tmp_path / "hard")
    before = _contents(tmp_path)
    yield tmp_path
    assert _contents(tmp_path) == before


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _run(*arguments: str) -> None:
    cli.main([*arguments], standalone_mode=False)


@pytest.mark.parametrize(("read", "written"), WAYS)
@pytest.mark.parametrize("command", WRITERS)
def test_no_output_is_an_input(command: str, read: str, written: str, files: Path) -> None:
    words = command.format(read=read, written=written).split()
    with pytest.raises(OutputError, match=r"is read as well|are one file"):
        _run(*words, *([written] if "{written}" not in command else []))


@pytest.mark.parametrize(("one", "other"), [("x", "./x"), ("x", "linked/x"), ("new/x", "new/../new/x"), ("dangling", "nowhere")])
@pytest.mark.parametrize(
    "options", ["--stats {} --duplicates {}", "--duplicates {} --on-error skip --rejects {}", "--duplicates {} --index {}"]
)
def test_no_output_is_another_output(options: str, one: str, other: str, files: Path) -> None:
    (files / "linked").symlink_to(".")
    (files / "dangling").symlink_to("nowhere")
    with pytest.raises(OutputError, match="are one file; write to two"):
        _run("filter", "d", *options.format(one, other).split())
    (files / "linked").unlink()
    (files / "dangling").unlink()


@pytest.mark.parametrize(
    "words",
    [
        "filter d --duplicates d/held.jsonl",
        "filter d/*.jsonl --stats d/counts.jsonl",
        "filter d --index d/seen.csv",
        "find d --html d",
        "find . --recursive --html d",
        "find d/feed.jsonl --html d/",
        "find d/feed.jsonl --html .",
        "report d/feed.jsonl -o d",
        "report d/feed.jsonl -o linked-folder",
        "report d --clusters labels.jsonl -o labels.jsonl --format json",
        "report d --clusters labels.jsonl -o .",
        "diff --pairs d/feed.jsonl --format json -o hard",
        "filter d --stats seen.db --index seen.db",
        "filter d --duplicates seen.db-wal --index seen.db",
        "filter d --duplicates seen.db-runs --index seen.db",
        "find d --engine spark --format pairs --output d/new.parquet",
        "find d --engine spark --format pairs --output new --stages new",
        "find d -r --engine spark --format pairs --stages d/new",
    ],
)
def test_what_the_next_run_would_read_and_folders_of_inputs_are_no_outputs(words: str, files: Path) -> None:
    with pytest.raises(OutputError):
        _run(*words.split())


COMMANDS = [
    "find {}",
    "filter {}",
    "diff {} other.txt",
    "diff other.txt {}",
    "diff --pairs {} --format json",
    "report {}",
    "report d --clusters {}",
    "explain {} other.txt",
    "explain 0 1 --in {}",
    "show {} other.txt",
    "show 0 1 --in {}",
    "diff 0 1 --in {}",
    "evaluate {} --truth labels.jsonl",
    "evaluate d --truth {}",
    "evaluate d --truth labels.jsonl --against {}",
    "tune {} --truth labels.jsonl",
    "tune d --truth {}",
    "index query seen.db {}",
    "index query {} other.txt",
    "index export {}",
    "index stats {}",
    "index verify {}",
    "index remove seen.db --from {}",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_standard_output_is_no_input(command: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open("d/feed.jsonl", "a") as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(OutputError, match="standard output is read as well"):
            _run(*command.format("link").split())


def test_standard_input_and_output_are_not_one_file(files: Path) -> None:
    for words, out in ((["filter"], "hard"), (["filter", "-", "--duplicates", "link"], "kept"), (["find", "/dev/stdin"], "link")):
        with open("d/feed.jsonl") as feed, open(out, "a") as kept:
            done = subprocess.run([*COMMAND, *words], stdin=feed, stdout=kept, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 2
        assert done.stderr.decode().startswith("dedup: ")
        assert done.stderr.count(b"\n") == 1
        Path("kept").unlink(missing_ok=True)


@pytest.mark.parametrize(
    "words",
    [
        "filter d --duplicates /dev/null --on-error skip --rejects /dev/null --stats /dev/null",
        "filter d --stats /dev/stderr --duplicates /dev/stderr",
        "find d --html d/page.html",
        "find . --html page.html",
        "find d --html d/pages",
        "filter d --index d/seen.db",
        "filter d --stats d/.counts.jsonl",
        "filter d/*.jsonl --duplicates held.jsonl",
        "report d/feed.jsonl -o new/pages",
        "diff other.txt other.txt --html page.html",
    ],
)
def test_other_files_beside_the_inputs_may_be_written(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    Path("d/feed.jsonl").write_text(FEED)
    Path("other.txt").write_text(TEXT)
    _run(*words.split())
    assert Path("d/feed.jsonl").read_text() == FEED


@pytest.mark.parametrize("name", ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"])
@pytest.mark.parametrize("command", [["filter", "x.jsonl", "--duplicates"], ["diff", "a.txt", "b.txt", "--format", "json", "-o"]])
def test_an_open_file_is_written_to_as_it_is(name: str, command: list[str], tmp_path: Path) -> None:
    text = "Four people were killed when a bridge fell in Marsa on Monday, the police said."
    (tmp_path / "x.jsonl").write_text("".join(json.dumps({"id": number, "text": text}) + "\n" for number in "12"))
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "b.txt").write_text(text + " It rained.")
    log = tmp_path / "log"
    log.write_text("important\n")
    with (
        log.open("ab") as appended,
        subprocess.Popen([*COMMAND, *command, name], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=appended) as process,
    ):
        process.wait(PATIENCE)
    lines = log.read_text().splitlines()
    assert lines[0] == "important"
    assert any(line.startswith("{") for line in lines[1:])
