"""A server in this process for tests of its API, the texts that they send, and the form of what is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")  # which Starlette's client needs

from starlette.testclient import TestClient

from dedup.serve import ServeSettings, application

KEY = "the-key-of-these-tests"
BASE = "http://127.0.0.1:8765"
FERRY = (
    "A ferry with 43 people on board sank off the coast of Marsa on Sunday night, the coast guard said. Nine of them are missing, and a "
    "search with two boats and a helicopter went on until the morning. The harbour was closed."
)
HIGHER = FERRY.replace("Nine", "Eleven")
OTHER = "The council of Nahr voted on Tuesday to close two schools in the old town, where fewer children live than ten years ago."
RECORDS = [
    {"id": "9", "text": FERRY, "source": "Marsa Post", "time": "2026-03-01"},
    {"id": "10", "text": HIGHER, "source": "Coast Daily", "time": "2026-03-02"},
    {"id": "11", "text": OTHER},
]
LINES = {"content-type": "application/x-ndjson"}


@contextmanager
def served(
    settings: ServeSettings | None = None, *, key: str | None = KEY, token: str | None = KEY, base: str = BASE
) -> Iterator[TestClient]:
    """Yield a client of a server in this process, with an index that is gone afterwards where the settings name none."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    app = application(settings or ServeSettings(), key=key)
    with TestClient(app, base, headers=headers, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def problem(answer: Any, status: int) -> dict[str, Any]:
    """Return the problem that an answer is, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found.keys() <= {"type", "title", "status", "detail", "where", "hint"}
    assert (found["status"], found["type"]) == (status, "about:blank")
    assert found["title"]
    assert found["detail"]
    return found


def lines_of(records: list[Any]) -> bytes:
    """Return records as lines of NDJSON."""
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def answers_in(data: bytes) -> list[dict[str, Any]]:
    """Return the objects of lines of NDJSON."""
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.split(b"\n") if line]
