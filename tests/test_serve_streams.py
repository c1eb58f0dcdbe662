"""Requests that take their time: lines answered while they are still sent, bodies that stand still, and too much at once."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from command_support import PATIENCE, wait_until
from serve_api_support import BASE, KEY, LINES, RECORDS, answers_in, lines_of, problem, served
from serve_support import RunningServer, running_server
from starlette.testclient import TestClient

from dedup.index import Index
from dedup.serve import RequestLimits, ServeSettings, application


class Sender:
    """A client that sends a request part by part, and reads what is answered meanwhile."""

    def __init__(self, server: RunningServer, path: str):
        self._socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        self._file = self._socket.makefile("rb")
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.token}\r\nContent-Type: application/x-ndjson\r\n"
        self._socket.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())

    def send(self, data: bytes) -> None:
        self._socket.sendall(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self) -> None:
        self._socket.sendall(b"0\r\n\r\n")

    def head(self) -> bytes:
        return b"".join(iter(self._file.readline, b"\r\n"))

    def part(self) -> bytes:
        size = int(self._file.readline(), 16)
        data = self._file.read(size)
        assert self._file.read(2) == b"\r\n"
        return data

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("server")
    with running_server(folder, "--index", str(folder / "index.db")) as running:
        yield running


def test_lines_are_answered_while_the_request_is_still_sent(server: RunningServer) -> None:
    sender = Sender(server, "/v1/decide")
    first, second, third = lines_of(RECORDS).split(b"\n")[:3]
    sender.send(first + b"\n" + second[:20])
    assert b" 200 " in sender.head().split(b"\r\n")[0]
    assert [each["decision"] for each in answers_in(sender.part())] == ["index"]
    for place in range(20, len(second)):
        sender.send(second[place : place + 1])
    sender.send(b"\n")
    assert [each["decision"] for each in answers_in(sender.part())] == ["update"]
    sender.send(third)
    sender.end()
    assert [each["id"] for each in answers_in(sender.part())] == ["11"]
    assert sender.part() == b""
    sender.close()


def test_what_was_answered_before_a_sender_went_away_is_stored(server: RunningServer) -> None:
    sender = Sender(server, "/v1/decide")
    sender.send(lines_of([{"id": "gone-1", "text": "A bridge over the Nahr was closed for repairs."}]))
    sender.head()
    assert [each["decision"] for each in answers_in(sender.part())] == ["index"]
    sender.send(b'{"id": "gone-2", "text": "never')
    sender.close()
    after = Sender(server, "/v1/decide?dry_run=1")
    after.send(lines_of([{"id": "again", "text": "A bridge over the Nahr was closed for repairs."}]))
    after.end()
    after.head()
    assert [(each["decision"], each["of"]) for each in answers_in(after.part())] == [("skip", "gone-1")]
    after.close()


# In this process: a body that never ends


async def asked(app: Any, path: str, media: str, parts: list[bytes]) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send a request whose body stands still after these parts, and return its answer."""
    waiting = iter(parts)
    answered: list[Any] = []

    async def receive() -> Any:
        for part in waiting:
            return {"type": "http.request", "body": part, "more_body": True}
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        answered.append(message)

    fields = {"host": BASE.removeprefix("http://"), "authorization": f"Bearer {KEY}", "content-type": media}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8765),
        "state": {},
    }
    await app(scope, receive, send)
    return answered[0]["status"], dict(answered[0]["headers"]), b"".join(each.get("body", b"") for each in answered[1:])


def standing_still(path: str, media: str, parts: list[bytes]) -> tuple[int, dict[bytes, bytes], bytes]:
    async def run() -> tuple[int, dict[bytes, bytes], bytes]:
        app = application(ServeSettings(limits=RequestLimits(body_seconds=0.1)), key=KEY)
        async with app.router.lifespan_context(app):
            return await asked(app, path, media, parts)

    return asyncio.run(run())


@pytest.mark.parametrize("path", ["/v1/decide", "/v1/withdraw", "/v1/query", "/v1/compare", "/v1/explain", "/v1/verdicts"])
@pytest.mark.parametrize("parts", [[], [b'{"id": '], [b""]])
def test_a_body_that_stands_still_is_not_waited_for(path: str, parts: list[bytes]) -> None:
    status, headers, body = standing_still(path, "application/json", parts)
    assert (status, json.loads(body)["status"], headers[b"connection"]) == (408, 408, b"close")


def test_lines_that_stand_still_are_not_waited_for_and_what_came_is_answered() -> None:
    status, _, body = standing_still("/v1/decide", "application/x-ndjson", [lines_of(RECORDS), b'{"id": '])
    *answers, last = answers_in(body)
    assert (status, [each["id"] for each in answers], last["status"]) == (200, ["9", "10", "11"], 408)


# Too much at once


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """Hold up the writer: the first event tells that it decides, the second lets it go on."""
    begun, go_on = Event(), Event()
    decide = Index.decide

    def held_up(self: Index, *values: Any, **more: Any) -> Any:
        begun.set()
        assert go_on.wait(PATIENCE)
        return decide(self, *values, **more)

    monkeypatch.setattr("dedup.index.Index.decide", held_up)
    yield begun, go_on
    go_on.set()


def waiting(client: TestClient) -> int:
    return int(float(client.get("/metrics").text.split("\ndedup_records_waiting ")[1].split("\n")[0]))


def test_where_too_many_records_wait_one_is_told_to_come_back_and_lines_wait(held: tuple[Event, Event]) -> None:
    begun, go_on = held
    with served(ServeSettings(limits=RequestLimits(waiting=2))) as client, ThreadPoolExecutor(4) as threads:
        first = threads.submit(client.post, "/v1/decide", json={"id": "1", "text": "One."})
        assert begun.wait(PATIENCE)
        second = threads.submit(client.post, "/v1/decide", json=[{"id": "2", "text": "Two."}, {"id": "3", "text": "Three."}])
        wait_until(lambda: waiting(client) == 2)
        refused = client.post("/v1/decide", json={"id": "4", "text": "Four."})
        assert (problem(refused, 429)["hint"], refused.headers["retry-after"]) == ("send fewer at once", "1")
        assert client.post("/v1/decide?dry_run=1", json={"id": "4", "text": "Four."}).status_code == 200
        lines = threads.submit(client.post, "/v1/decide", content=lines_of([{"id": "5", "text": "Five."}]), headers=LINES)
        go_on.set()
        assert [first.result().json()["decision"], *(each["decision"] for each in second.result().json())] == ["index"] * 3
        assert answers_in(lines.result().content) == [{"id": "5", "decision": "index"}]
        assert client.post("/v1/decide", json={"id": "4", "text": "Four."}).json()["decision"] == "index"


def test_what_waits_when_a_server_ends_is_stored(tmp_path: Path, held: tuple[Event, Event]) -> None:
    begun, go_on = held
    settings = ServeSettings(str(tmp_path / "index.db"))
    with ThreadPoolExecutor(2) as threads, served(settings) as client:
        first = threads.submit(client.post, "/v1/decide", json={"id": "a", "text": "Report a."})
        assert begun.wait(PATIENCE)  # or both may be decided together, and none waits
        second = threads.submit(client.post, "/v1/decide", json={"id": "b", "text": "Report b."})
        wait_until(lambda: waiting(client) == 1)
        go_on.set()
        assert [answer.result().status_code for answer in (first, second)] == [200, 200]
    with served(settings) as client:
        assert [client.get(f"/v1/documents/{name}").status_code for name in "ab"] == [200, 200]
