"""Time an index with a window over ten of them: python bench/window.py [RECORDS_A_WINDOW]

A made feed goes into two indexes that take turns: one keeps what was seen for a window, the other keeps everything. For each window it
prints what the first one holds, the size of its files, how many records a second both take (seconds of the processor), how long single
records wait in the first one, and how long the longest transaction of `PART` records took. The indexes are made in a folder of their own,
which is removed.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator

from index_size import bytes_of

from dedup import Document, Index

WINDOWS, PART, SINGLE = 10, 500, 100
WINDOW = 30 * 86400.0
WORDS = 40_000


def feed(count: int) -> Iterator[Document]:
    """Yield records without end, ``count`` in a window: three of four with a text of their own, others are copies with some words changed
    of one that came in the last quarter of a window, as it came or shortened, and one of a hundred is a formula."""
    rng = random.Random(1)
    vocabulary = ["".join(rng.choices("abdefgiklmnoprstu", k=rng.randint(3, 9))) for _ in range(WORDS)]
    weights = [1 / (rank + 20) for rank in range(WORDS)]
    recent: list[list[str]] = []
    number = 0
    while True:
        roll = rng.random()
        if recent and roll < 0.2:
            words = [rng.choice(vocabulary) if rng.random() < 0.05 else word for word in rng.choice(recent)]
        elif recent and roll < 0.24:
            words = rng.choice(recent)[: rng.randint(40, 80)]
        elif roll < 0.25:
            words = [
                "the",
                "weather",
                "of",
                "tomorrow",
                "in",
                "all",
                "provinces",
                "of",
                "the",
                "coast",
                "is",
                *rng.choices(vocabulary, k=12),
            ]
        else:
            words = rng.choices(vocabulary, weights, k=rng.randint(60, 200))
        recent = [*recent[-max(1, count // 4) :], words]
        yield Document(f"r{number}", " ".join(words), time=repr(1_600_000_000 + number * WINDOW / count))
        number += 1


def taken(index: Index, records: list[Document], part: int) -> list[float]:
    """Decide about records, and return the seconds of the processor that each part took."""
    found = []
    for start in range(0, len(records), part):
        started = time.process_time()
        index.decide(index.prepare(records[start : start + part]), delivered=True)
        found.append(time.process_time() - started)
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    records = feed(count)
    print("| window | documents | postings | files, MB | records a second | without a window | p50, ms | p99, ms | longest part, ms |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        path, kept = os.path.join(folder, "window.db"), os.path.join(folder, "all.db")
        with Index.open(path, {"seed": 1}, keep_for=WINDOW) as index, Index.open(kept, {"seed": 1}) as everything:
            for number in range(1, WINDOWS + 1):
                some = [next(records) for _ in range(count)]
                together, single = some[:-SINGLE], some[-SINGLE:]
                parts, all_parts = taken(index, together, PART), taken(everything, together, PART)
                waits = sorted(taken(index, single, 1))
                taken(everything, single, PART)
                figures = index.stats()
                size = bytes_of(path) / 1e6
                rates = [len(together) / sum(each) for each in (parts, all_parts)]
                p50, p99 = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
                print(
                    f"| {number} | {figures['documents']:,} | {figures['postings']:,} | {size:.1f} | {rates[0]:,.0f} | {rates[1]:,.0f} "
                    f"| {p50:.1f} | {p99:.1f} | {1000 * max(parts):.0f} |",
                    flush=True,
                )
            documents = everything.stats()["documents"]
            print(f"\nThe one that keeps everything has {documents:,} documents and {bytes_of(kept) / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
