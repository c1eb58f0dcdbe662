"""A server of the desk as a process of its own, for the tests."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from command_support import PATIENCE, start_command

NEEDED = "multipart", "prometheus_client", "starlette", "uvicorn"


@dataclass(frozen=True, slots=True)
class Desk:
    """A server that runs: its address without a path, and its token."""

    base: str
    token: str

    def at(self, path: str = "/") -> str:
        """Return the address that opens a page in a browser that was not here before."""
        return f"{self.base}{path}{'&' if '?' in path else '?'}token={self.token}"

    def send(self, path: str, value: Mapping[str, Any] | list[Mapping[str, Any]]) -> Any:
        """Send an object to the service, and return its answer."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.base}{path}", json.dumps(value).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextmanager
def desk(folder: Path, *options: str) -> Iterator[Desk]:
    """Yield a server on an index in a folder, at a port that was free; skip where what it needs is not installed."""
    for name in NEEDED:
        pytest.importorskip(name.replace("multipart", "python_multipart"), reason=f"dedup serve needs {name}")
    with start_command("serve", "--index", str(folder / "index.db"), "--port", "0", "--quiet", *options) as process:
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        try:
            base, _, token = address.partition("/?token=")
            assert base.startswith("http://127.0.0.1:"), address
            yield Desk(base, token)
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
