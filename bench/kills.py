"""Kill ``dedup filter`` at random moments, give it the same input again, and compare: python bench/kills.py [TRIALS]

It runs the package that is installed for that Python. The input comes through a pipe, a few records at a time, so that there are many
commits to be killed in. After a kill all that had been written must be in the index, and the second run must write what a run without a
kill writes: nothing lost, nothing twice.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

_RECORDS, _AT_A_TIME, _PAUSE = 240, 6, 0.01
_HANGS = 300  # seconds


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


def _feed(pipe: IO[bytes], lines: list[bytes], pause: float) -> None:
    try:
        for start in range(0, len(lines), _AT_A_TIME):
            part = memoryview(b"".join(lines[start : start + _AT_A_TIME]))
            while part:
                part = part[pipe.write(part) :]
            time.sleep(pause)
        pipe.close()
    except OSError:
        pass  # it was killed


@dataclass(frozen=True, slots=True)
class Kill:
    """When a run is killed: after so many answers, or with 0 from its start on, and then so many seconds."""

    answers: int
    seconds: float

    @classmethod
    def draw(cls, rng: random.Random, start: float = 1.0) -> Kill:
        """Return a moment: one in four while the process starts and makes its index, the others between two answers."""
        if rng.random() < 0.25:
            return cls(0, rng.uniform(0, start))
        return cls(rng.randint(1, _RECORDS - 2 * _AT_A_TIME), rng.uniform(0, 0.02))


def _await_answers(process: subprocess.Popen[bytes], files: list[Path], count: int) -> None:
    given_up = time.monotonic() + _HANGS
    while process.poll() is None and sum(path.read_bytes().count(b"\n") for path in files if path.exists()) < count:
        if time.monotonic() > given_up:
            raise AssertionError(f"fewer than {count} answers after {_HANGS} seconds")
        time.sleep(0.001)


def run(index: str, lines: list[bytes], folder: Path, name: str, kill: Kill | None = None) -> tuple[bytes, bytes]:
    """Run the filter over the lines, to its end or until it is killed, and return what it wrote: kept records, and held back ones."""
    out, held = folder / f"{name}.out", folder / f"{name}.held"
    command = [sys.executable, "-P", "-m", "dedup", "filter", "-", "--index", index, "--duplicates", str(held), "--set", "seed=3"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    command += ["--input-format", "jsonl"]
    with out.open("wb") as stdout, subprocess.Popen(command, stdout=stdout, bufsize=0, **pipes) as process:
        feeder = Thread(target=_feed, args=(process.stdin, lines, _PAUSE if kill else 0), daemon=True)
        feeder.start()
        if kill:
            _await_answers(process, [out, held], kill.answers)
            time.sleep(kill.seconds)
            process.kill()
        said = process.stderr.read().decode()
        status = process.wait()
        feeder.join()  # nobody reads any more, so it ends
    if not kill and status:
        raise AssertionError(f"exit status {status}: {said}")
    return out.read_bytes(), held.read_bytes() if held.exists() else b""


def trial(number: int, kill: Kill, lines: list[bytes], wanted: tuple[bytes, bytes], folder: Path, url: str | None = None) -> bool:
    """Kill one run, run it again, and compare; return whether it had written something. Raises `AssertionError`."""
    from dedup.index import Index

    index = url or str(folder / f"{number}.db")
    written, held = run(index, lines, folder, str(number), kill)
    assert wanted[0].startswith(written), "what was written before the kill is not what comes first without one"
    answered = {json.loads(line)["id"] for part in (written, held) for line in part.splitlines(keepends=True) if line.endswith(b"\n")}
    if answered:
        with Index.open(index, create=False) as opened:
            stored = {document.id for document, _ in opened.documents()}
        assert answered <= stored, f"answered and lost: {sorted(answered - stored)}"
    assert run(index, lines, folder, f"{number}-again") == wanted, "the second run wrote something else"
    with Index.open(index, create=False) as opened:
        kept = [(document.id, document.text) for document, _ in opened.documents()]
        assert len(kept) == len(set(kept)), "stored twice"
        assert set(kept) == {(record["id"], record["text"]) for record in map(json.loads, lines)}, "lost"
        assert opened.verify() == []
    for path in folder.glob(f"{number}.db*"):
        path.unlink()
    return bool(answered)


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    lines = records(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = run(str(folder / "whole.db"), lines, folder, "whole")
        midway = sum(trial(number, Kill.draw(random.Random(number)), lines, wanted, folder) for number in range(trials))
    print(f"{trials} kills, {midway} of them after something was written: nothing lost, nothing twice")


if __name__ == "__main__":
    main()
