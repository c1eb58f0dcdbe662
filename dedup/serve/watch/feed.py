"""A feed at an address: asked for politely, and only what is new or changed in it is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from ...model import Document
from ...readers.options import Reading
from .address import parse_address
from .content import Read
from .fetching import Fetched, FetchError, Network, fetch
from .items import item_texts, new_items, object_of
from .model import LOG, Taken, Turn, WatchLimits, printable, short_digest, what_is_wrong

_LEAST = 60.0  # seconds between two requests, however often it is to be looked at
_MOST = 4 * 3600.0  # seconds that a server with errors is left alone at most
_MOST_ASKED = 24 * 3600.0  # seconds that a server may ask to be left alone
_SPREAD = 0.1  # of the time between two requests: so not all who read a feed ask for it at once
_LONGEST = 1000  # characters of a validator


class WatchedFeed:
    """A feed of RSS or Atom; another format where ``reading`` names one. An id that is no address is put behind the host, because other
    feeds may use it too.

    A server that has errors is asked more and more rarely, and one that says when to come back (``Retry-After``) is asked then. One that
    says that the feed is gone (410) is not asked again.
    """

    kind: Literal["feed"] = "feed"
    waiting = 0

    def __init__(
        self, address: str, read: Read, reading: Reading | None = None, limits: WatchLimits | None = None, network: Network | None = None
    ):
        self._address, self._read = parse_address(address), read
        reading = reading or Reading()
        self._reading = replace(reading, unnamed="digest", input_format=reading.input_format or "rss")
        self._limits, self._network = limits or WatchLimits(), network
        self.name = self.called = self._address.shown
        # The whole address, so that two feeds of one page are two; its user is left out, a new password changes nothing.
        self.key = f"watch/feed/{short_digest(self._address.origin, self._address.target)}"
        self.problem: str | None = None
        self.ended = False
        self._state: dict[str, Any] = {}
        self._items: list[str] = []
        self._due: float | None = None  # the moment of the next request
        self._failures = 0

    def restore(self, notes: Mapping[str, str]) -> None:
        """Go on from where the notes say that an earlier run ended."""
        found = object_of(notes.get(self.key))
        self._items = item_texts(found.get("items"))
        self._state = {name: value for name in ("etag", "modified", "body") if isinstance(value := found.get(name), str)}
        self._due = float(found["due"]) if isinstance(found.get("due"), int | float) else None
        self._failures = found["failures"] if isinstance(found.get("failures"), int) else 0

    def delay(self, turn: Turn) -> float:
        """Return the seconds until the next look."""
        # A clock that was wrong when the moment was noted must not make it wait for ever.
        return 0.0 if self._due is None else min(max(self._due - turn.now(), 0.0), max(_MOST_ASKED, self._between(turn)) * (1 + _SPREAD))

    def _between(self, turn: Turn) -> float:
        return max(_LEAST, turn.every)

    def look(self, turn: Turn) -> Iterator[Taken]:
        """Ask for the feed, if it is time to, and yield what is new in it."""
        if self.ended or self.delay(turn) > 0:
            return
        self._due = turn.now() + self._between(turn) * (1 + _SPREAD * turn.chance())
        yield Taken((), self._notes())  # before the request: a server that starts again and again asks no more often
        try:
            found = fetch(self._address, self._conditions(), self._limits, turn, self._network)
        except FetchError as error:
            if not turn.stopped():
                yield self._failed(str(error), turn)
            return
        if found.status == 200:
            yield from self._read_feed(found, turn)
        elif found.status in (204, 304):
            self._succeeded()
        elif found.status == 410:
            self.ended = True
            self._complain("it is gone for ever, its server says (410); it is not asked for any more")
        else:
            yield self._failed(f"its server answers {found.status}", turn, _seconds_asked(found, turn))

    def _conditions(self) -> dict[str, str]:
        sent = {"If-None-Match": self._state.get("etag"), "If-Modified-Since": self._state.get("modified")}
        return {name: value for name, value in sent.items() if value}

    def _read_feed(self, found: Fetched, turn: Turn) -> Iterator[Taken]:
        body = short_digest(found.body)
        sent = {"etag": _validator(found, "etag"), "modified": _validator(found, "last-modified"), "body": body}
        state = {name: value for name, value in sent.items() if value}
        items = self._items
        documents: tuple[Document, ...] = ()
        if body != self._state.get("body"):
            try:
                content = self._read(found.body, self.called, self._reading, self._limits.feed)
            except Exception as error:  # of what the server sent
                yield self._failed(what_is_wrong(error), turn)
                return
            scoped = [self._scoped(each) for each in content.documents[: self._limits.items]]
            documents, items = new_items(scoped, self._items, newest_first=True)
        if documents or state != self._state or self._failures:
            yield Taken(documents, self._notes(state, items, 0))
        self._state, self._items = state, items
        self._succeeded()

    def _scoped(self, document: Document) -> Document:
        return document if ":" in document.id else replace(document, id=f"{self._address.host}/{document.id}")

    def _succeeded(self) -> None:
        self.problem, self._failures = None, 0

    def _failed(self, what: str, turn: Turn, asked: float | None = None) -> Taken:
        self._failures += 1
        wait = min(self._between(turn) * 2.0 ** min(self._failures, 20), max(_MOST, self._between(turn)))
        if asked is not None:
            wait = max(asked, self._between(turn))
        self._due = turn.now() + wait * (1 + _SPREAD * turn.chance())
        self._complain(f"{what}; it is asked for again in {max(1, round(wait / 60)):,} min")
        return Taken((), self._notes())

    def _notes(self, state: Mapping[str, str] | None = None, items: list[str] | None = None, failures: int | None = None) -> dict[str, str]:
        kept = {
            **(self._state if state is None else state),
            "items": self._items if items is None else items,
            "due": self._due,
            "failures": self._failures if failures is None else failures,
        }
        return {self.key: json.dumps(kept)}

    def _complain(self, what: str) -> None:
        what = printable(what)
        if self.problem != what:
            self.problem = what
            LOG.warning("%s: %s", self.name, what)


def _validator(found: Fetched, name: str) -> str | None:
    value = found.headers.get(name, "")
    return value if 0 < len(value) <= _LONGEST and value.isascii() and value.isprintable() else None


def _seconds_asked(found: Fetched, turn: Turn) -> float | None:
    """Return after how many seconds a server says that it may be asked again, at most a day; None where it does not say it."""
    value = found.headers.get("retry-after", "")
    if found.status not in (429, 503) or not value:
        return None
    try:
        seconds = float(value) if value.isascii() and value.isdigit() else parsedate_to_datetime(value).timestamp() - turn.now()
    except (ValueError, OverflowError, TypeError):
        return None
    return min(max(seconds, 0.0), _MOST_ASKED)
