"""Show how an index grows: python bench/index_growth.py take INDEX FEED.jsonl > ROWS.jsonl, then ... draw ROWS.jsonl PICTURE.svg,
and what workers add: ... workers FEED.jsonl STORE [STORE ...]

``take`` runs ``dedup filter --index`` over the feed (``-`` for standard input, which may be a program that makes it) in parts of 50,000
records, a process each, and after each part asks about some hundred records more, one at a time. It prints a line of JSON for each part.
A new index keeps no texts. Broken off, it goes on in the same index where it is given the rest of the feed and what it has printed with
``--after ROWS.jsonl``. ``draw`` makes the picture, in which one value of twenty may be above the scale, and prints a table of some of the
rows. ``workers`` filters the first records of a feed into empty indexes by one process, and by two with half of them each, which share
one index; stores take turns, and medians are printed. A STORE is a path, or the address of a PostgreSQL database: a number is appended, or
names a schema of it, and what is made there is left. POSIX only (``os.wait4``).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import IO, Any

from index_size import bytes_of

from dedup import Document, Index

_PART, _SINGLE = 50_000, 300
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP_X, _GAP_Y = 720, 220, 62, 34, 30, 80, 26
_STYLE = """
text{font:13px system-ui,sans-serif;fill:#333}.axis{stroke:#999;fill:none}.step{stroke:#ddd}
.line{fill:none;stroke:#0b6e4f;stroke-width:2}.other{fill:none;stroke:#b45f06;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#ddd}.step{stroke:#444}.line{stroke:#5fd0a8}.other{stroke:#f0a860}}
"""
Row = dict[str, Any]


def through(index: str, *parts: Sequence[bytes], options: Sequence[str] = ("--no-text",)) -> Row:
    """Filter parts of a feed, each by a process of its own, all at once, and return what they took."""
    command = [sys.executable, "-P", "-m", "dedup", "filter", "--index", index, *options, "--input-format", "jsonl"]
    processes, usages = [], []
    with ExitStack() as files:
        feeds = [files.enter_context(tempfile.NamedTemporaryFile(suffix=".jsonl")) for _ in parts]
        for feed, lines in zip(feeds, parts, strict=True):
            feed.writelines(lines)
            feed.flush()
        started = time.perf_counter()
        for feed in feeds:
            processes.append(subprocess.Popen([*command, feed.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for process in processes:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            usages.append(usage)
        seconds = time.perf_counter() - started
    for process in processes:
        if process.returncode:
            sys.exit(f"{' '.join(command)}: exit status {process.returncode}")
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return {"seconds": seconds, "cpu": cpu, "memory": max(usage.ru_maxrss for usage in usages) / 1024}


def waits(path: str, lines: Sequence[bytes]) -> Row:
    """Decide about records one at a time, and return how long half of them took, and 99 of 100."""
    found = []
    with Index.open(path) as index:
        for line in lines:
            fields = json.loads(line)
            document = Document(fields["id"], fields["text"])
            started = time.perf_counter()
            index.add([document])
            found.append(time.perf_counter() - started)
    found = sorted(found[1:])  # the first one opens what is there
    return {f"p{share}": 1000 * found[len(found) * share // 100] for share in (50, 99)}


def take(path: str, feed: IO[bytes], stored: int) -> None:
    """Print a row for each part of a feed."""
    while len(part := [*islice(feed, _PART - _SINGLE)]) == _PART - _SINGLE:
        singles = [*islice(feed, _SINGLE)]
        taken = through(path, part)
        stored += len(part) + len(singles)
        row = {"records": stored, "rate": len(part) / taken["seconds"], "cpu_each": 1e6 * taken["cpu"] / len(part)}
        row |= {"memory": taken["memory"], **waits(path, singles)}
        print(json.dumps(row | {"bytes": bytes_of(path)}), flush=True)


def place(store: str, number: int) -> str:
    """Return where the index of a measurement is."""
    if "://" not in store:
        return f"{store}-{number}"
    return f"{store}{'&' if '?' in store else '?'}schema=growth_{number}"


def compare(feed: IO[bytes], stores: Sequence[str], records: int, rounds: int) -> None:
    """Print what one worker and two take for some records in stores."""
    lines = [*islice(feed, records)]
    halves = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    found: dict[tuple[str, int], list[Row]] = {(store, workers): [] for store in stores for workers in (1, 2)}
    numbers = count()
    for _ in range(rounds):
        for (store, workers), rows in found.items():
            rows.append(through(place(store, next(numbers)), *(halves if workers == 2 else [lines]), options=()))
    print("| store | workers | seconds | records a second | CPU of the workers, s | times one worker |\n|---|---:|---:|---:|---:|---:|")
    for (store, workers), rows in found.items():
        seconds, cpu = (median(row[name] for row in rows) for name in ("seconds", "cpu"))
        times = median(row["seconds"] for row in found[store, 1]) / seconds
        print(f"| {store.partition('://')[0]} | {workers} | {seconds:.2f} | {len(lines) / seconds:,.0f} | {cpu:.2f} | {times:.2f} |")


def _step(most: float) -> float:
    """Return the distance of the lines of a scale that goes up to a number, a round one of which three to six are enough."""
    power = 10 ** math.floor(math.log10(most / 3))
    return next(power * each for each in (1, 2, 2.5, 5, 10) if most / (power * each) <= 6)


def _axes(left: float, top: float, width: float, title: str, most: tuple[float, float]) -> Iterator[str]:
    """Yield the elements around one plot."""
    bottom = top + _HEIGHT - _TOP - _BOTTOM
    yield f'<text x="{left:.0f}" y="{top - 14:.0f}">{title}</text>'
    step = _step(most[1])
    for number in range(int(most[1] / step) + 1):
        y = bottom - number * step / most[1] * (bottom - top)
        yield f'<path class="step" d="M{left:.1f} {y:.1f}h{width:.1f}"/>'
        yield f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{number * step:,g}</text>'
    step = _step(most[0])
    for number in range(1, int(most[0] / step) + 1):
        x = left + number * step / most[0] * width
        yield f'<text x="{x:.1f}" y="{bottom + 20:.1f}" text-anchor="middle">{number * step:g}m</text>'
    yield f'<path class="axis" d="M{left:.1f} {top:.1f}V{bottom:.1f}h{width:.1f}"/>'


def picture(rows: Sequence[Row]) -> str:
    """Return the picture of all plots as SVG."""
    width = (_WIDTH - _LEFT - _GAP_X) / 2 - 8
    last = max(row["records"] for row in rows) / 1e6
    parts: list[str] = []
    plots = (
        ("records a second", {"line": lambda row: row["rate"]}),
        ("bytes of the files a record", {"line": lambda row: row["bytes"] / row["records"]}),
        ("MB of memory of a run", {"line": lambda row: row["memory"]}),
        ("ms of a record: half, 99 of 100", {"line": lambda row: row["p50"], "other": lambda row: row["p99"]}),
    )
    for place, (title, lines) in enumerate(plots):
        left = _LEFT + place % 2 * (width + _GAP_X)
        top = _TOP + place // 2 * (_HEIGHT + _GAP_Y)
        values = sorted(value(row) for row in rows for value in lines.values())
        most = last, 1.08 * values[len(values) * 95 // 100]
        note = f" (at most {values[-1]:,.0f})" if values[-1] > most[1] else ""
        parts += _axes(left, top, width, title + note, most)
        bottom = top + _HEIGHT - _TOP - _BOTTOM
        for name, value in lines.items():
            heights = (min(1.0, value(row) / most[1]) * (bottom - top) for row in rows)
            points = (f"{left + row['records'] / 1e6 / last * width:.1f} {bottom - up:.1f}" for row, up in zip(rows, heights, strict=True))
            parts.append(f'<path class="{name}" d="M{"L".join(points)}"/>')
    height = 2 * _HEIGHT + _GAP_Y
    label = "records a second, bytes, memory and waits by millions of records in an index"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{label}">'
    return f"{head}<style>{_STYLE}</style>{''.join(parts)}</svg>\n"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table of the first row, the last one, and those where what is stored is a round number."""
    yield "| records | a second | CPU a record, us | memory, MB | bytes a record | p50, ms | p99, ms |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for row in rows:
        power = 10 ** int(math.log10(row["records"]))
        if row is rows[0] or row is rows[-1] or row["records"] in (power, 2 * power, 5 * power):
            cells = f"{row['records']:,} | {row['rate']:,.0f} | {row['cpu_each']:,.0f} | {row['memory']:,.0f}"
            yield f"| {cells} | {row['bytes'] / row['records']:,.0f} | {row['p50']:.1f} | {row['p99']:.1f} |"


def rows_of(path: str) -> list[Row]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="what", required=True)
    taking = kinds.add_parser("take")
    taking.add_argument("index")
    taking.add_argument("feed")
    taking.add_argument("--after", metavar="ROWS.jsonl")
    drawing = kinds.add_parser("draw")
    drawing.add_argument("rows")
    drawing.add_argument("picture")
    comparing = kinds.add_parser("workers")
    comparing.add_argument("feed")
    comparing.add_argument("stores", nargs="+", metavar="store")
    comparing.add_argument("--records", type=int, default=10_000)
    comparing.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.what == "workers":
        with sys.stdin.buffer if options.feed == "-" else open(options.feed, "rb") as feed:
            compare(feed, options.stores, options.records, options.rounds)
        return
    if options.what == "draw":
        rows = rows_of(options.rows)
        print("\n".join(table(rows)))
        Path(options.picture).write_text(picture(rows), "utf-8")
        return
    stored = rows_of(options.after)[-1]["records"] if options.after else 0
    with sys.stdin.buffer if options.feed == "-" else open(options.feed, "rb") as feed:
        take(options.index, feed, stored)


if __name__ == "__main__":
    main()
