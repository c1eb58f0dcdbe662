"""The service under load: `POST /v1/decide` of single records by many clients at once, beside `dedup filter` on the same records.

    python bench/serve.py load [--clients 100] [--seconds 60]
    python bench/serve.py kill [--times 100]

``load`` prints records a second, p50 and p99 of an answer, the memory of the server, and whether the index is what an oracle makes of the
same records in the order in which they were stored. ``kill`` ends the server with SIGKILL in mid-load again and again, and looks whether
every record that was answered is there, once. All texts are invented.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count, product
from pathlib import Path
from typing import Any

from dedup import Index, Policy

_SYLLABLES = ("ka", "mo", "ri", "te", "su", "la"), ("ba", "no", "li", "ge", "du"), ("ra", "n", "s", "ti", "m", "k")
_WORDS = ["".join(parts) for parts in product(*_SYLLABLES)]


def records(seed: int) -> Iterator[dict[str, str]]:
    """Yield records without end: three in ten repeat an older one with a few words changed."""
    draw = random.Random(seed)
    kept: list[list[str]] = []
    for number in count():
        if kept and draw.random() < 0.3:
            words = [*draw.choice(kept[-2000:])]
            for _ in range(2):
                words[draw.randrange(len(words))] = draw.choice(_WORDS)
        else:
            words = draw.choices(_WORDS, k=60)
            kept.append(words)
        yield {"id": f"r{seed}-{number}", "text": " ".join(words) + ".", "source": f"paper {number % 7}"}


@dataclass(slots=True)
class Server:
    """A running `dedup serve`."""

    process: subprocess.Popen[str]
    port: int
    token: str

    @classmethod
    def start(cls, index: str) -> Server:
        command = [sys.executable, "-m", "dedup", "serve", "--index", index, "--port", "0", "--quiet"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        found = re.match(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", process.stdout.readline())
        assert found is not None, "no address"
        return cls(process, int(found[1]), found[2])

    def memory(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(60)


@dataclass(slots=True)
class Sent:
    """What clients were told."""

    answers: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


async def client(server: Server, feed: Iterator[dict[str, str]], sent: Sent, until: float) -> None:
    """Send records one after another over one connection, until a moment or until it breaks."""
    head = f"POST /v1/decide HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {server.token}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: "
    with suppress(OSError, asyncio.IncompleteReadError, ValueError):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        with closing(writer):
            while time.perf_counter() < until:
                record = next(feed)
                body = json.dumps(record).encode()
                start = time.perf_counter()
                writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                length = int(re.findall(rb"content-length: (\d+)", answer)[0])
                told: dict[str, Any] = json.loads(await reader.readexactly(length))
                if b" 200 " not in answer[:20]:
                    sent.refused += 1
                    continue
                sent.seconds.append(time.perf_counter() - start)
                sent.answers[record["id"]] = told["decision"]


async def clients(server: Server, number: int, seconds: float, sent: Sent, seed: int) -> None:
    until = time.perf_counter() + seconds
    feed = records(seed)
    await asyncio.gather(*(client(server, feed, sent, until) for _ in range(number)))


def oracle(path: str, sent: Sent) -> list[str]:
    """Return what differs between an index and one that decides about the same records, in the same order, by itself."""
    with Index.open(path) as index, Index.open(":memory:", index.config) as alone:
        stored = [*index.documents()]
        documents = [document for document, _ in stored]
        faults = [f"verify: {line}" for line in index.verify()]
        ids = [document.id for document in documents]
        if len(ids) != len({*ids}):
            faults.append(f"{len(ids) - len({*ids})} records are there twice")
        if lost := sent.answers.keys() - {*ids}:
            faults.append(f"{len(lost)} answered records are not there: {sorted(lost)[:3]}")
        decisions = alone.decide(alone.prepare(documents), Policy(repeat=True), delivered=True)
        wrong = [one.id for (_, one), other in zip(stored, decisions, strict=True) if (one.action, one.of) != (other.action, other.of)]
        if wrong:
            faults.append(f"{len(wrong)} decisions are others: {wrong[:3]}")
        told = [decision.id for _, decision in stored if sent.answers.get(decision.id, decision.action) != decision.action]
        if told:
            faults.append(f"{len(told)} answers are not what is stored: {told[:3]}")
    return faults


def load(number: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "seen.db")
        server = Server.start(path)
        sent = Sent()
        asyncio.run(clients(server, number, seconds, sent, 1))
        memory = server.memory()
        server.stop()
        found = sorted(sent.seconds)
        print(f"{number} clients, {seconds:g} s: {len(found):,} answered, {len(found) / seconds:,.0f} a second, {sent.refused} refused")
        print(f"p50 {found[len(found) // 2] * 1000:.1f} ms, p99 {found[int(len(found) * 0.99)] * 1000:.1f} ms, server {memory:.0f} MB")
        print("oracle:", oracle(path, sent) or "nothing lost, nothing twice, every decision the same")
        feed = Path(folder, "feed.jsonl")
        made = records(2)
        feed.write_text("".join(json.dumps(next(made)) + "\n" for _ in range(len(found))))
        start = time.perf_counter()
        command = [sys.executable, "-m", "dedup", "filter", "--index", path, "--actions", str(feed)]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        taken = time.perf_counter() - start
        print(f"dedup filter, as many records into the same index: {len(found) / taken:,.0f} a second")


async def broken(server: Server, sent: Sent, seed: int, after: float) -> None:
    """Send records to a server, and kill it after some seconds."""
    under_way = asyncio.create_task(clients(server, 20, 60, sent, seed))
    await asyncio.sleep(after)
    server.stop(signal.SIGKILL)
    await under_way


def kill(times: int) -> None:
    draw = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "seen.db")
        sent = Sent()
        for seed in range(times):
            asyncio.run(broken(Server.start(path), sent, 100 + seed, 0.2 + draw.random()))
        print(f"killed {times} times, {len(sent.answers):,} records answered")
        print("oracle:", oracle(path, sent) or "nothing lost, nothing twice, every decision the same")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "kill"])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    if given.what == "load":
        load(given.clients, given.seconds)
    else:
        kill(given.times)


if __name__ == "__main__":
    main()
