"""Pages that follow what is new: stories as server-sent events, each with the row of its newest text, from which a page goes on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ...index.browse.model import StoryCard, StoryQuery
from ..live import Live
from ..services import Services, services_of
from .asked import read_asked, read_number
from .frame import language_of
from .stories import card_markup

_HEARTBEAT = 15.0  # seconds in which a page hears of its server
_PAUSE = 1.0  # seconds between two looks
_AT_ONCE = 50  # stories that a page is told of at once: of more, the newest
_SENT = 500  # rows that are remembered as sent
_LINE = re.compile(r"\r\n|\r|\n")
_ROW = re.compile(r"\d{1,18}", re.ASCII)


class _Following(StreamingResponse):
    """An answer without an end, while one of the places for those is taken."""

    def __init__(self, live: Live, events: Callable[[asyncio.Event], AsyncIterator[bytes]]):
        super().__init__((), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self._live, self._events = live, events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer. Raises `Problem` where too many pages follow, before anything is sent."""
        with self._live.following() as come:
            self.body_iterator = self._events(come)
            await super().__call__(scope, receive, send)


class _Looks:
    """What pages with the same filters look at together, as all of them hear at once that something has come."""

    def __init__(self, services: Services):
        self._services = services
        self._under_way: dict[StoryQuery, asyncio.Task[tuple[StoryCard, ...]]] = {}
        self._next: dict[StoryQuery, asyncio.Task[tuple[StoryCard, ...]]] = {}

    async def newest(self, query: StoryQuery) -> tuple[StoryCard, ...]:
        """Return the newest stories, as they are now or later: a look that has begun already may not see what has come since."""
        if query not in self._under_way:
            task = self._under_way[query] = asyncio.create_task(self._look(query))
            task.add_done_callback(lambda _: self._under_way.pop(query, None))
        elif query in self._next:
            task = self._next[query]
        else:
            task = self._next[query] = asyncio.create_task(self._look_after(query, self._under_way[query]))
        return await asyncio.shield(task)

    async def _look(self, query: StoryQuery) -> tuple[StoryCard, ...]:
        page = await self._services.readers.ask(lambda index: index.stories(query, most=_AT_ONCE))
        return page.cards

    async def _look_after(self, query: StoryQuery, before: asyncio.Task[tuple[StoryCard, ...]]) -> tuple[StoryCard, ...]:
        await asyncio.wait((before,))
        del self._next[query]
        return await self.newest(query)


async def live(request: Request) -> Response:
    """Send what is new, as it comes, until the page is closed or the server ends."""
    asked, services = read_asked(request.query_params), services_of(request)
    last = request.headers.get("last-event-id", "")
    after = int(last) if _ROW.fullmatch(last) else read_number(request.query_params, "after")
    if after is None:
        after = await services.readers.ask(lambda index: index.newest_row())
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    query, language, start = asked.query(), language_of(request), after
    looks = _looks(request)
    return _Following(services.live, lambda come: _events(services, looks, come, query, language, start))


def _looks(request: Request) -> _Looks:
    state = request.app.state
    if not hasattr(state, "looks"):
        state.looks = _Looks(services_of(request))
    return cast(_Looks, state.looks)


async def _events(
    services: Services, looks: _Looks, come: asyncio.Event, query: StoryQuery, language: str, after: int
) -> AsyncIterator[bytes]:
    yield b"retry: 3000\n\n"
    told: set[int] = set()
    while not services.ending.is_set():
        come.clear()
        for card in reversed(await looks.newest(query)):
            # One whose text was not looked at yet comes when it was.
            is_known = card.news is not None or not services.index.keeps_texts
            if card.newest > after and is_known and card.newest not in told:
                told.add(card.newest)
                yield _event(card.newest, card_markup(language, card))
        if len(told) > _SENT:
            after = sorted(told)[-_AT_ONCE]
            told = {row for row in told if row > after}
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAUSE):
                await services.ending.wait()
        while not services.ending.is_set() and not come.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_HEARTBEAT):
                    await come.wait()
            if not come.is_set():
                yield b":\n\n"


def _event(row: int, markup: str) -> bytes:
    return "\n".join(_fields(row, markup)).encode("utf-8", "replace") + b"\n\n"


def _fields(row: int, markup: str) -> Iterator[str]:
    yield "event: story"
    yield f"id: {row}"
    yield from (f"data: {line}" for line in _LINE.split(markup) if line.strip())
