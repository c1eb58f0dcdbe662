"""Signals at any moment end a command in one line; what is wrong is said in one line as well, whatever it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from command_support import COMMAND, PATIENCE, run_command, run_python, start_command, wait_until, waits_in_a_write

TEXT = "Four people were killed when a bridge fell in Marsa on Monday, the police said, and the road to the port is closed."
NUMBERS = [signal.SIGINT, signal.SIGTERM]
# Runs the command; a signal comes when a module is about to be imported.
AT_IMPORT = """
import os, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), int(sys.argv[2]))
sys.meta_path.insert(0, finder := Finder())
from dedup.__main__ import main
words, sys.argv = sys.argv, ["dedup", *sys.argv[3:]]
finder.find_spec = lambda name, path=None, target=None: os.kill(os.getpid(), int(words[2])) if name == words[1] else None
main()
"""
# Runs the command with something of the system replaced.
WITH = """
import os, signal, sys, atexit
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGTERM)
class Odd:
    def __del__(self):
        kill()
{}
from dedup.__main__ import main
main()
"""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    rows = [{"id": str(number), "text": f"{TEXT} " + " ".join(f"n{number}w{k}" for k in range(60))} for number in range(600)]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("module", ["click", "dedup.cli", "dedup.cli.index", "numpy", "dedup.index", "sqlite3", "dedup.writers.objects"])
def test_a_signal_during_imports_is_one_line(module: str, number: signal.Signals, tmp_path: Path) -> None:
    with_index = ("index", "export", "seen.db")
    run_command("index", "add", "seen.db", "-", cwd=tmp_path, stdin=json.dumps({"id": "1", "text": TEXT}).encode())
    done = run_python(AT_IMPORT, module, str(int(number)), *with_index, cwd=tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (b"", b"dedup: stopped\n", 128 + number)


def test_a_signal_at_the_end_or_that_something_swallows_is_no_traceback(feed: Path) -> None:
    for code in (
        "atexit.register(kill)",
        "import dedup.readers.sources as s; real = s.detect_format; s.detect_format = lambda *a: (Odd(), real(*a))[1]",
    ):
        done = run_python(WITH.format(code), "find", "feed.jsonl", "--format", "clusters", cwd=feed)
        assert done.returncode in (0, 128 + signal.SIGTERM)
        assert done.stderr in (b"", b"dedup: stopped\n")
        assert (done.returncode == 0) == (done.stderr == b"")


@pytest.mark.parametrize(
    "words", ["find feed.jsonl --format json", "diff --pairs pairs.jsonl --format json", "filter feed.jsonl --index seen.db"]
)
def test_what_nobody_reads_does_not_keep_a_signal_waiting(words: str, feed: Path) -> None:
    (feed / "pairs.jsonl").write_text("".join(json.dumps({"id": n, "a": TEXT, "b": TEXT}) + "\n" for n in range(300)))
    with start_command(*words.split(), pipes=("stdout", "stderr"), cwd=feed) as process:
        assert process.stdout
        assert process.stderr
        wait_until(lambda: waits_in_a_write(process))
        process.terminate()
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        assert process.stderr.read().startswith(b"dedup: stopped")
    if "filter" in words:
        again = run_command(*words.split(), cwd=feed)
        assert again.stdout == (feed / "feed.jsonl").read_bytes()


def test_what_was_begun_is_put_away_when_a_signal_comes(feed: Path) -> None:
    (feed / "a.txt").write_text(TEXT)
    before = sorted(os.listdir(feed))
    for words in ("diff a.txt feed.txt --html page.html", "filter feed.jsonl --stats counts.json", "find feed.jsonl --html page.html"):
        (feed / "feed.txt").write_text(TEXT + " More.")
        done = run_python(WITH.format("os.replace = kill"), *words.split(), cwd=feed)
        assert (done.returncode, done.stderr.count(b"\n")) == (143, 1)
        (feed / "feed.txt").unlink()
        assert [name for name in sorted(os.listdir(feed)) if name not in before and name.startswith(".")] == []


def test_a_second_signal_ends_what_does_not_stop(feed: Path) -> None:
    stuck = (
        "import dedup.readers.sources as s, time\n"
        "def read(*_):\n    try:\n        kill()\n    finally:\n        kill()\n        time.sleep(1000)\n"
        "s.detect_format = read"
    )
    done = run_python(WITH.format(stuck), "find", "feed.jsonl", cwd=feed)
    assert (done.returncode, done.stdout) == (143, b"")


def test_a_signal_that_is_ignored_stays_ignored(feed: Path) -> None:
    code = "signal.signal(signal.SIGTERM, signal.SIG_IGN); import dedup.readers.sources as s; real = s.detect_format\n"
    code += "s.detect_format = lambda *a: (kill(), real(*a))[1]"
    done = run_python(WITH.format(code), "find", "feed.jsonl", "--format", "clusters", cwd=feed)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_one_line_wherever_it_is_met(feed: Path) -> None:
    for words in ("--stats /dev/full", "--duplicates /dev/full"):
        twice = (feed / "feed.jsonl").read_bytes() * 2
        done = run_command("filter", "-", *words.split(), cwd=feed, stdin=twice)
        assert (done.returncode, done.stderr.count(b"\n")) == (2, 1), done.stderr
        assert b"/dev/full" in done.stderr
    with open("/dev/full", "wb") as full:
        for words in ("filter feed.jsonl", "find feed.jsonl --format json", "index stats seen.db", "--help"):
            run_command("index", "add", "seen.db", "feed.jsonl", cwd=feed)
            done = subprocess.run([*COMMAND, *words.split()], stdout=full, stderr=subprocess.PIPE, cwd=feed, check=False)
            assert done.returncode == 2
            assert done.stderr == b"dedup: standard output cannot be written (No space left on device)\n"
            done = subprocess.run([*COMMAND, *words.split()], stdout=subprocess.DEVNULL, stderr=full, cwd=feed, check=False)
            assert done.returncode in (0, 2)


def test_an_error_of_the_system_is_not_laid_on_standard_output(feed: Path) -> None:
    code = 'import dedup.readers.sources as s\ndef read(*_):\n    raise PermissionError(1, "Operation not permitted", "some/file")\n'
    code += "s.find_sources = read"
    done = run_python(WITH.format(code), "find", "feed.jsonl", cwd=feed)
    assert (done.returncode, done.stderr) == (2, b"dedup: some/file: Operation not permitted\n")


def test_what_nobody_expected_is_one_line_and_a_traceback_where_it_is_asked_for(feed: Path) -> None:
    code = 'import dedup.readers.sources as s\ndef read(*_):\n    raise TypeError("a\\n\\x1b[31m")\ns.detect_format = read'
    done = run_python(WITH.format(code), "find", "feed.jsonl", cwd=feed)
    assert done.returncode == 2
    assert done.stderr.startswith(b"dedup: internal error (TypeError: a <U+001B>[31m); please report it")
    assert done.stderr.count(b"\n") == 1
    done = run_python(WITH.format(code), "find", "feed.jsonl", cwd=feed, BULLETIN_DEDUP_TRACEBACK="1")
    assert done.stderr.startswith(b"Traceback")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_the_caller_has_closed_are_no_traceback(closed: str, feed: Path) -> None:
    for words in ("find feed.jsonl", "filter", "find no-such-file"):
        done = subprocess.run(["bash", "-c", f'"$@" {closed}', "-", *COMMAND, *words.split()], cwd=feed, capture_output=True, check=False)
        assert done.returncode in (0, 2)
        assert done.stderr.count(b"\n") <= 1
