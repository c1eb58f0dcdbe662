"""Time ``dedup filter --index`` over a growing index: python bench/gate.py FEED.jsonl SIZE [SIZE ...]

At each size (documents stored before) it prints how many documents a second a run of 20,000 more takes, process start included, the peak
memory of that run, the latency of single records through a pipe, and the size of the index. FEED needs as many records as the largest size
and 21,000 more for each size; the index is made in the current directory, as ``bench-gate.db``, and left there.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import IO

INDEX, PART, SINGLE, TOGETHER = "bench-gate.db", 20_000, 500, 200_000
COMMAND = [sys.executable, "-P", "-m", "dedup", "filter", "--index", INDEX, "--input-format", "jsonl"]


def through(lines: list[bytes]) -> float:
    """Filter lines from a file, and return the seconds that it took."""
    feed = Path("bench-gate.jsonl")
    feed.write_bytes(b"".join(lines))
    started = time.perf_counter()
    subprocess.run([*COMMAND, str(feed)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    took = time.perf_counter() - started
    feed.unlink()
    return took


def latencies(lines: list[bytes]) -> list[float]:
    """Send records one at a time, and return the seconds until each was answered, sorted."""
    found = []
    with subprocess.Popen([*COMMAND, "--actions"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin
        assert process.stdout
        for line in lines:
            started = time.perf_counter()
            process.stdin.write(line)
            process.stdin.flush()
            process.stdout.readline()
            found.append(time.perf_counter() - started)
            time.sleep(0.002)
        process.stdin.close()
    return sorted(found[1:])  # the first one waits for the process to start


def measure(lines: IO[bytes], sizes: list[int]) -> None:
    stored = 0
    print("| stored | documents a second | peak memory, MB | p50, ms | p99, ms | KB a document |\n|---:|---:|---:|---:|---:|---:|")
    for size in sizes:
        while stored < size:
            part = list(islice(lines, min(TOGETHER, size - stored)))
            through(part)
            stored += len(part)
        part = list(islice(lines, PART))
        rate = len(part) / through(part)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        waits = latencies(list(islice(lines, SINGLE)))
        stored += len(part) + SINGLE
        each = sum(path.stat().st_size for path in (Path(INDEX), *Path(f"{INDEX}-runs").glob("*"))) / stored / 1024
        p50, p99 = (1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
        print(f"| {size:,} | {rate:,.0f} | {peak:,.0f} | {p50:.1f} | {p99:.1f} | {each:.2f} |", flush=True)


def main() -> None:
    for path in Path().glob(f"{INDEX}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    with open(sys.argv[1], "rb") as lines:
        measure(lines, [*map(int, sys.argv[2:])])


if __name__ == "__main__":
    main()
