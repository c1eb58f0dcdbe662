"""What the tests of the desk share: records, what a page shows, and a page that follows what is new."""

from __future__ import annotations

import queue
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import anyio
from command_support import PATIENCE
from serve_api_support import BASE, FERRY, HIGHER, KEY, OTHER
from starlette.testclient import TestClient

LONGER = (
    "A ferry with 43 people on board sank off Marsa on Sunday night, the coast guard said. Eleven of them are missing. Two boats and a "
    "helicopter went on with the search until noon, and the harbour is open again. Relatives waited in a school beside the port."
)
MINISTER = (
    "A boat with 43 people sank off the coast of Marsa on Sunday night, said the coast guard. Nine are missing, and a search with two "
    "boats and a helicopter went on until Monday morning. The harbour was closed. The minister of transport promised a report within a "
    "week, and the owners of the ferry said nothing."
)
LOWER = FERRY.replace("Nine", "Seven")
RECORDS = [
    {"id": "1", "text": FERRY, "title": "Ferry sinks off Marsa", "source": "Marsa Post", "time": "2026-03-01T08:00:00Z"},
    {"id": "2", "text": OTHER, "title": "Nahr closes two schools", "source": "Coast Daily", "time": "2026-03-02T08:00:00Z"},
    {"id": "3", "text": HIGHER, "title": "Eleven missing off Marsa", "source": "Coast Daily", "time": "2026-03-03T08:00:00Z"},
    {"id": "4", "text": LOWER, "title": "Seven missing off Marsa", "source": "Nahr Radio", "time": "2026-03-04T08:00:00Z"},
]
"""Two stories; the last text of the first one has a number that fell."""
DOUBTFUL = [{"id": "x1", "text": FERRY}, {"id": "x2", "text": LONGER}, {"id": "x3", "text": MINISTER}]
"""Texts of which the second and the third are a pair near the limit."""


def feed(client: TestClient, records: list[dict[str, Any]]) -> None:
    """Let the server decide about records, and wait until the desk has looked at them."""
    answer = client.post("/v1/decide", json=records)
    assert answer.status_code == 200, answer.text
    settle(client)


def settle(client: TestClient) -> None:
    """Wait until the desk has looked at all that has come."""
    services: Any = client.app.state.services  # type: ignore[attr-defined]
    end = time.monotonic() + PATIENCE
    while any(card.news is None for card in client.portal.call(services.readers.ask, lambda index: index.stories(most=500)).cards):  # type: ignore[union-attr]
        assert time.monotonic() < end, "the desk has not looked at what has come"
        time.sleep(0.01)


class _Shown(HTMLParser):
    """What a page shows, and what it may not have."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self._quiet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._quiet = tag in ("script", "style")
        if tag == "script" and not (values.get("src") or "").startswith("/assets/"):
            self.wrong.append("a script of its own")
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.wrong.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src", "action") and not re.match(r"[/?#]|https?://", value or ""):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "a":
            self.links.append(values.get("href") or "")
        if values.get("id"):
            self.ids.append(str(values["id"]))

    def handle_endtag(self, tag: str) -> None:
        self._quiet = False

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text.append(data)


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page as it is shown: its text in one line, its links, its markup."""

    text: str
    links: tuple[str, ...]
    markup: str


def page(client: TestClient, address: str, status: int = 200, **more: Any) -> ShownPage:
    """Return a page, after a look at what no page may have."""
    answer = client.get(address, headers={"accept": "text/html", "accept-language": "en", **more.pop("headers", {})}, **more)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    shown = _Shown()
    shown.feed(answer.text)
    assert not shown.wrong
    assert len(shown.ids) == len(set(shown.ids)), sorted({each for each in shown.ids if shown.ids.count(each) > 1})
    return ShownPage(" ".join("".join(shown.text).split()), tuple(shown.links), answer.text)


def listed(client: TestClient, address: str = "/stories") -> list[str]:
    """Return the titles of the stories of a list, in their order."""
    return titles(page(client, address).markup)


def titles(markup: str) -> list[str]:
    """Return the titles of the cards in markup."""
    return [unescape(re.sub("<[^>]*>", "", found)) for found in re.findall(r"<h2[^>]*><a[^>]*>(.*?)</a></h2>", markup, re.DOTALL)]


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """A server-sent event, or a comment, whose name is empty."""

    name: str
    id: str
    data: str


class LivePage:
    """A page that follows what is new."""

    def __init__(self) -> None:
        self.status: queue.Queue[int] = queue.Queue()
        self._events: queue.Queue[LiveEvent | None] = queue.Queue()
        self.closed = anyio.Event()
        self._left = ""

    def next(self) -> LiveEvent:
        """Return the next story that is told."""
        while True:
            found = self.any()
            assert found is not None, "it has ended"
            if found.name == "story":
                return found

    def any(self) -> LiveEvent | None:
        """Return what comes next, None for the end."""
        return self._events.get(timeout=PATIENCE)

    async def receive(self) -> dict[str, Any]:
        """Tell the server nothing until the page is closed."""
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take what the server sends."""
        if message["type"] == "http.response.start":
            self.status.put(message["status"])
            return
        *whole, self._left = (self._left + message.get("body", b"").decode()).split("\n\n")
        for event in whole:
            fields = [line.partition(": ")[::2] for line in event.split("\n")]
            named = {name: value for name, value in fields if name != "data"}
            data = "\n".join(value for name, value in fields if name == "data")
            if "retry" not in named:
                self._events.put(LiveEvent(named.get("event", ""), named.get("id", ""), data))
        if not message.get("more_body"):
            self._events.put(None)


@contextmanager
def following(client: TestClient, query: str = "", last: str | None = None) -> Iterator[LivePage]:
    """Yield a page that follows what is new, from a row on where it was there before."""
    live = LivePage()
    headers = [(b"host", BASE.removeprefix("http://").encode()), (b"authorization", f"Bearer {KEY}".encode())]
    if last is not None:
        headers.append((b"last-event-id", last.encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/live",
        "raw_path": b"/live",
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "server": ("127.0.0.1", 8765),
        "client": ("127.0.0.1", 5000),
        "state": {},
    }
    portal = client.portal
    assert portal is not None
    app: Any = client.app
    running = portal.start_task_soon(app, scope, live.receive, live.send)
    try:
        yield live
    finally:
        portal.call(live.closed.set)
        running.result(PATIENCE)
