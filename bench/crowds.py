"""Time crowds, feeds in which all texts are like each other: python bench/crowds.py [SIZE ...] [--kind KIND ...] [--command NAME ...]

For each kind of crowd it prints how many records a second ``dedup filter --index`` and ``dedup find`` take at each size, the start of the
process included, the peak memory, and as which power of the size the time grew since the one before. Feeds and indexes are made in a
temporary folder.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Record = dict[str, str]

_LETTERS = "abdefghiklmnoprstuvz"


def _vocabulary(rng: random.Random, count: int) -> list[str]:
    return ["".join(rng.choice(_LETTERS) for _ in range(rng.randint(3, 9))) for _ in range(count)]


WORDS = _vocabulary(random.Random(1), 20_000)


def _text(rng: random.Random, length: int) -> list[str]:
    return [rng.choice(WORDS) for _ in range(length)]


def _edited(rng: random.Random, words: list[str], most: int) -> list[str]:
    edited = [*words]
    for place in rng.sample(range(len(words)), rng.randint(1, most)):
        edited[place] = rng.choice(WORDS)
    return edited


def near(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield near-copies of one text, each with one to six other words."""
    text = _text(rng, 150)
    for _ in range(count):
        yield {"text": " ".join(_edited(rng, text, 6))}


def titled(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield copies of one text under titles of their own."""
    text = _text(rng, 150)
    for _ in range(count):
        yield {"text": " ".join([*_text(rng, 3), *text])}


def interleaved(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield near-copies of seven texts in turn, and others between them."""
    texts = [_text(rng, rng.randint(80, 250)) for _ in range(7)]
    for number in range(count):
        chosen = number % 8
        yield {"text": " ".join(_text(rng, 150) if chosen == 7 else _edited(rng, texts[chosen], 6))}


def roundups(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield texts of their own that all contain one other text."""
    text = _text(rng, 80)
    for number in range(count):
        yield {"text": " ".join(text if number == 0 else [*_text(rng, rng.randint(10, 150)), *text, *_text(rng, rng.randint(10, 100))])}


def same(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield one text, again and again."""
    text = " ".join(_text(rng, 150))
    for _ in range(count):
        yield {"text": text}


def headlines(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield headlines of one formula, in which two or three words differ."""
    formula = _text(rng, 12)
    for _ in range(count):
        words = [*formula]
        for place in rng.sample((2, 6, 9), rng.randint(2, 3)):
            words[place] = rng.choice(WORDS)
        yield {"text": " ".join(words)}


def ordinary(rng: random.Random, count: int) -> Iterator[Record]:
    """Yield texts of their own, and now and then one that repeats another: no crowd, to compare with."""
    kept: list[list[str]] = []
    for _ in range(count):
        words = _edited(rng, rng.choice(kept), 12) if kept and rng.random() < 0.2 else _text(rng, rng.randint(60, 260))
        kept.append(words)
        yield {"text": " ".join(words)}


WINDOW = ["--within", "1d", "--time-field", "date"]
CROSS = ["--sources", "cross", "--source-field", "source"]
LATEST = ["--keep", "latest", "--time-field", "date"]
KINDS: dict[str, tuple[Callable[[random.Random, int], Iterator[Record]], list[str]]] = {
    "ordinary": (ordinary, []),
    "near": (near, []),
    "titled": (titled, []),
    "interleaved": (interleaved, []),
    "roundups": (roundups, []),
    "same": (same, []),
    "headlines": (headlines, []),
    "near-latest": (near, LATEST),
    "same-latest": (same, LATEST),
    "headlines-latest": (headlines, LATEST),
    "near-within": (near, WINDOW),
    "same-within": (same, WINDOW),
    "headlines-within": (headlines, WINDOW),
    "near-cross": (near, CROSS),
    "same-cross": (same, CROSS),
    "headlines-cross": (headlines, CROSS),
}


def write_feed(kind: str, count: int, path: Path) -> None:
    """Write a feed of a kind: ids and sources in turn, times seconds apart."""
    rng = random.Random(7)
    with path.open("w") as file:
        for number, record in enumerate(KINDS[kind][0](rng, count)):
            moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1_700_000_000 + 2 * number))
            file.write(json.dumps({"id": f"d{number:07}", **record, "date": moment, "source": "xyz"[number % 3]}) + "\n")


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command, and return the seconds that it took and its peak memory, MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}")
    return took, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[12_500, 25_000, 50_000])
    parser.add_argument("--kind", nargs="*", choices=KINDS, default=[*KINDS])
    parser.add_argument("--command", nargs="*", choices=["filter", "find"], default=["filter", "find"])
    args = parser.parse_args()
    print("| crowd | command | records | records a second | peak memory, MB | grows as the power |\n|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in args.kind:
            for name in args.command:
                before: tuple[int, float] | None = None
                for size in args.sizes:
                    feed, index = Path(folder, "feed.jsonl"), Path(folder, "crowd.db")
                    write_feed(kind, size, feed)
                    for old in Path(folder).glob("crowd.db*"):
                        shutil.rmtree(old) if old.is_dir() else old.unlink()
                    own = ["filter", "--index", str(index), "--set", "seed=7"] if name == "filter" else ["find", "--format", "clusters"]
                    took, peak = timed([sys.executable, "-P", "-m", "dedup", *own, *KINDS[kind][1], str(feed)])
                    power = f"{math.log(took / before[1]) / math.log(size / before[0]):.2f}" if before else ""
                    print(f"| {kind} | {name} | {size:,} | {size / took:,.0f} | {peak:,.0f} | {power} |", flush=True)
                    before = size, took


if __name__ == "__main__":
    main()
