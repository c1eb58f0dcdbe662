"""Time whole runs, and how time and memory grow. Run from the root: python bench/speed.py ARTICLES.jsonl [MORE.jsonl ...]

Every run is a process from the files to pairs on standard output, which is thrown away but for its lines. With several files, the smallest
first, the growth exponent says how time grows from the first to the last: 1 is in proportion. Programs to compare with are given as
``--beside 'NAME=COMMAND {file}'``; they take turns with ours, and the ratio is that of the medians. POSIX only (``os.wait4``).
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

OURS = f"{shlex.quote(str(Path(sys.executable).with_name('dedup')))} find --level document --format pairs {{file}}"


def run(command: str, file: str) -> tuple[float, float, int]:
    """Return the seconds of a process, its peak memory in MB, and the lines that it printed."""
    start = time.perf_counter()
    with subprocess.Popen(shlex.split(command.format(file=shlex.quote(file))), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = sum(block.count(b"\n") for block in iter(lambda: process.stdout.read(1 << 20), b""))  # type: ignore[union-attr]
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit status {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, lines


def count(file: str) -> int:
    """Return how many records a file of JSON lines has."""
    with gzip.open(file) if file.endswith(".gz") else open(file, "rb") as stream:
        return sum(not line.isspace() for line in stream)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=COMMAND")
    options = parser.parse_args()
    programs = {"bulletin-dedup": OURS} | dict(each.split("=", 1) for each in options.beside)
    times: dict[tuple[str, str], float] = {}
    sizes = {file: count(file) for file in options.files}
    print("| | documents | seconds | documents a second | times slower than ours | peak MB | KB a document | lines |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for file in options.files:
        runs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in programs}
        for _ in range(options.rounds):
            for name, command in programs.items():
                runs[name].append(run(command, file))
        for name, found in runs.items():
            seconds, memory = (median(each[place] for each in found) for place in (0, 1))
            times[name, file] = seconds
            rate, ratio, each = sizes[file] / seconds, seconds / times["bulletin-dedup", file], memory * 1024 / sizes[file]
            print(
                f"| {name} | {sizes[file]:,} | {seconds:.2f} | {rate:,.0f} | {ratio:.2f} | {memory:,.0f} | {each:.1f} | {found[0][2]:,} |"
            )
    if len(options.files) > 1:
        first, last = options.files[0], options.files[-1]
        for name in programs:
            exponent = math.log(times[name, last] / times[name, first]) / math.log(sizes[last] / sizes[first])
            print(f"\n{name}: growth exponent {exponent:.2f} from {sizes[first]:,} to {sizes[last]:,} documents")


if __name__ == "__main__":
    main()
