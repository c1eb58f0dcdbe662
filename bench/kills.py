"""Kill ``dedup filter`` at random moments, give it the same input again until it ends well, and look at all that was written.

Run from anywhere with the package installed: python bench/kills.py [TRIALS] [--workers N] [--index URL]. Input comes through pipes, a few
records at a time, so that there are many commits to be killed in; each worker has a feed of its own, most of which others have as well.
In each trial one run or more is killed, and all are repeated until they end well. Then

- each record that was let through was written by exactly one of the runs that ended well, or by one that was killed when it had written
  all: nothing is lost, nothing comes twice;
- what a killed run has written is in the index;
- each feed once more writes nothing, and `dedup index verify` finds nothing wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

_RECORDS, _AT_A_TIME, _PAUSE = 240, 6, 0.01
_AHEAD = 40  # lines that a run is given beyond those after whose answers it is killed
_HANGS = 300.0  # seconds without the answers that are waited for
Lines = Sequence[bytes]


def records(seed: int) -> list[bytes]:
    """Return lines of JSONL of which about a third repeat others, some with the same id."""
    rng = random.Random(seed)
    words = [f"word{number}" for number in range(500)]
    made: list[tuple[str, list[str]]] = []
    for number in range(_RECORDS):
        text = [rng.choice(words) for _ in range(rng.randrange(20, 120))]
        name = f"r{number}"
        if made and rng.random() < 0.35:
            other, text = rng.choice(made)
            text = list(text)
            if rng.random() < 0.7:
                text[rng.randrange(len(text))] = rng.choice(words)
            elif rng.random() < 0.3:
                name = other
        made.append((name, text))
    return [json.dumps({"id": name, "text": " ".join(text)}).encode() + b"\n" for name, text in made]


def feeds(seed: int, workers: int) -> list[Lines]:
    """Return a feed for each worker: all records, or most of them in an order of its own, some of them twice."""
    lines = records(1)
    if workers == 1:
        return [lines]
    rng = random.Random(seed)
    return [rng.sample(lines, len(lines) * 4 // 5) + rng.sample(lines, len(lines) // 10) for _ in range(workers)]


@dataclass(frozen=True, slots=True)
class Kill:
    """When a run is killed: after so many answers, or with 0 from its start on, and then so many seconds."""

    answers: int
    seconds: float

    @classmethod
    def draw(cls, rng: random.Random, start: float = 1.0) -> Kill:
        """Return a moment: one in four while the process starts and makes its index, the others between two answers or at the end."""
        if rng.random() < 0.25:
            return cls(0, rng.uniform(0, start))
        return cls(rng.randint(1, _RECORDS * 4 // 5), rng.uniform(0, 0.02))


def _feed(pipe: IO[bytes], lines: Lines, kill: Kill | None) -> None:
    """Give lines to a pipe; where the run is to be killed after some answers, only some more than that, however late the kill comes."""
    given = lines[: kill.answers + _AHEAD] if kill and kill.answers else lines
    try:
        for start in range(0, len(given), _AT_A_TIME):
            part = memoryview(b"".join(given[start : start + _AT_A_TIME]))
            while part:
                part = part[pipe.write(part) :]
            time.sleep(_PAUSE if kill else 0)
        if len(given) == len(lines):
            pipe.close()
    except OSError:
        pass  # it was killed


@dataclass(frozen=True, slots=True)
class Run:
    """What a run wrote, and whether it ended well."""

    kept: bytes
    held: bytes
    ended: bool

    def is_complete(self, feeds: Sequence[Lines]) -> bool:
        """Tell whether it answered all records of a feed."""
        return len(self.answered()) in map(len, feeds)

    def answered(self) -> list[tuple[str, str]]:
        """Return the id and text of each record that it wrote."""
        return [_key(line) for part in (self.kept, self.held) for line in part.splitlines(keepends=True) if line.endswith(b"\n")]


def _key(line: bytes) -> tuple[str, str]:
    record = json.loads(line)
    return record["id"], record["text"]


def _await_answers(process: subprocess.Popen[bytes], files: Sequence[Path], count: int) -> None:
    given_up = time.monotonic() + _HANGS
    while process.poll() is None and sum(path.read_bytes().count(b"\n") for path in files if path.exists()) < count:
        if time.monotonic() > given_up:
            raise AssertionError(f"fewer than {count} answers after {_HANGS} seconds")
        time.sleep(0.001)


def run(index: str, lines: Lines, folder: Path, name: str, kill: Kill | None = None) -> Run:
    """Run the filter over the lines, to its end or until it is killed."""
    out, held = folder / f"{name}.out", folder / f"{name}.held"
    command = [sys.executable, "-P", "-m", "dedup", "filter", "-", "--index", index, "--duplicates", str(held), "--set", "seed=3"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    command += ["--input-format", "jsonl"]
    with out.open("wb") as stdout, subprocess.Popen(command, stdout=stdout, bufsize=0, **pipes) as process:
        feeder = Thread(target=_feed, args=(process.stdin, lines, kill), daemon=True)
        feeder.start()
        if kill:
            _await_answers(process, [out, held], kill.answers)
            time.sleep(kill.seconds)
            process.kill()
        said = process.stderr.read().decode()
        status = process.wait()
        feeder.join()  # nobody reads any more, so it ends
    if status and not (kill and status < 0):
        raise AssertionError(f"exit status {status}: {said}")
    return Run(out.read_bytes(), held.read_bytes() if held.exists() else b"", status == 0)


def _until_it_ends(index: str, lines: Lines, folder: Path, name: str, kills: Sequence[Kill]) -> list[Run]:
    """Run the filter, killed each time if that is not too late, and once more to its end."""
    return [run(index, lines, folder, f"{name}-{number}", kill) for number, kill in enumerate([*kills, None])]


def draw_kills(seed: int, workers: int) -> list[list[Kill]]:
    """Return when the runs of each worker are killed: one at least, and not more than there are workers."""
    rng = random.Random(seed)
    kills: list[list[Kill]] = [[] for _ in range(workers)]
    for _ in range(rng.randint(1, workers)):
        rng.choice(kills).append(Kill.draw(rng))
    return kills


def trial(number: int, lines: Sequence[Lines], kills: Sequence[Sequence[Kill]], folder: Path, url: str | None = None) -> int:
    """Run all feeds at one time, kill runs of them, and look at the end; return how many were killed after they had written something.

    Raises `AssertionError`.
    """
    from dedup.index import Index

    index = url or str(folder / f"{number}.db")
    with ThreadPoolExecutor(len(lines)) as pool:
        jobs = [pool.submit(_until_it_ends, index, feed, folder, f"{number}-{worker}", kills[worker]) for worker, feed in enumerate(lines)]
        runs = [each for job in jobs for each in job.result()]
    with Index.open(index, create=False) as opened:
        stored = [((document.id, document.text), decision.action) for document, decision in opened.documents()]
        assert opened.verify() == []
    assert len(stored) == len({key for key, _ in stored}), "stored twice"
    assert {key for key, _ in stored} == {_key(line) for feed in lines for line in feed}, "lost"
    written = {key for each in runs for key in each.answered()}
    assert written <= {key for key, _ in stored}, "answered and lost"
    let = Counter(_key(line) for each in runs if each.ended for line in each.kept.splitlines())
    # A run that is killed while it ends, with all of its output written, may have delivered that or not.
    ending = {_key(line) for each in runs if not each.ended and each.is_complete(lines) for line in each.kept.splitlines()}
    through = {key for key, action in stored if action != "skip"}
    assert let.keys() <= through, "let through and held back"
    assert through - let.keys() <= ending, "never let through by a run that ended well"
    assert not [key for key, times in let.items() if times > 1], "let through twice by runs that ended well"
    for worker, feed in enumerate(lines):
        assert run(index, feed, folder, f"{number}-{worker}-once-more").kept == b"", "let through again after a good end"
    for path in folder.glob(f"{number}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return sum(bool(each.answered()) for each in runs if not each.ended)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trials", nargs="?", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--index", metavar="URL", help="an empty database; each trial has a schema of its own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        midway = 0
        for number in range(options.trials):
            url = options.index and f"{options.index}{'&' if '?' in options.index else '?'}schema=kills_{options.workers}_{number}"
            midway += trial(number, feeds(number, options.workers), draw_kills(number, options.workers), folder, url)
    print(f"{options.trials} trials, {midway} kills after something was written: nothing lost, nothing twice")


if __name__ == "__main__":
    main()
