"""Servers that speak the protocols of Kafka and of Elasticsearch, for the tests: one process in a folder of its own, gone afterwards.

It is noida-db, a program of 12 MB that comes as a package of Python: another implementation, with transactions and their fencing.
"""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from command_support import wait_until


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def _answers(port: int) -> bool:
    with closing(socket.socket()) as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def service(name: str) -> Iterator[str]:
    """Yield the address of a running server, ``kafka`` or ``elasticsearch``, or skip."""
    found = importlib.util.find_spec("noida_db")
    if found is None or found.origin is None:
        pytest.skip("there is no server to test with (pip install noida-db)")
    program, port = Path(found.origin).with_name("noida-db"), _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [str(program), "start", "--only", name, f"--{name}-port", str(port), "--data-dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _answers(port) or process.poll() is not None)
            if process.poll() is not None:
                pytest.skip(f"noida-db does not run here: it ended with status {process.returncode}")
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()
