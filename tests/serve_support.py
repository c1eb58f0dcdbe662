"""A server for tests: the application in this process, or `dedup serve` in one of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"(http://127\.0\.0\.1:(\d+))/(?:\?token=(\S+))?")


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server in a process of its own: its base address, its token if it made one, the first address that it printed, and its log."""

    process: subprocess.Popen[str]
    base: str
    port: int
    token: str
    first: str
    log: Path

    @property
    def headers(self) -> dict[str, str]:
        """What a program sends to be let in."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def running_server(folder: Path, *options: str, program: str | None = None) -> Iterator[RunningServer]:
    """Start a server, or a program of Python that is one, and end it. Its log is in ``folder``."""
    log = folder / "serve.log"
    command = [sys.executable, *(("-m", "dedup", "serve", "--port", "0", *options) if program is None else ("-c", program))]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = ADDRESS.match(line)
        assert found is not None, log.read_text()
        yield RunningServer(process, found[1], int(found[2]), found[3] or "", line.strip(), log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            finally:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()
