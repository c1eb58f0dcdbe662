"""Pages that follow what is new: stories as server-sent events, each with the row of its newest text, from which a page goes on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ...index import Index
from ...index.browse.model import StoryCard, StoryQuery
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


async def live(request: Request) -> Response:
    """Send what is new, as it comes, until the page is closed or the server ends."""
    asked = read_asked(request.query_params)
    services = services_of(request)
    last = request.headers.get("last-event-id", "")
    after = int(last) if _ROW.fullmatch(last) else read_number(request.query_params, "after")
    if after is None:
        after = await services.readers.ask(lambda index: index.newest_row())
    following = services.live.following()
    come = following.__enter__()  # before anything is sent, so that too many are told so
    parts = _events(services, come, asked.query(), language_of(request), after)

    async def sent() -> AsyncIterator[bytes]:
        try:
            async for part in parts:
                yield part
        finally:
            following.__exit__(None, None, None)

    return StreamingResponse(sent(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(services: Services, come: asyncio.Event, query: StoryQuery, language: str, after: int) -> AsyncIterator[bytes]:
    yield b"retry: 3000\n\n"
    told: set[int] = set()
    while not services.ending.is_set():
        come.clear()
        for card in await _newer(services, query, after):
            if card.newest not in told:
                told.add(card.newest)
                yield _event(card.newest, card_markup(language, card))
        if len(told) > _SENT:
            after = max(after, *sorted(told)[:-_AT_ONCE])
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


async def _newer(services: Services, query: StoryQuery, after: int) -> list[StoryCard]:
    """Return the stories with a text after a row, the oldest first; one whose text was not looked at yet comes later."""

    def read(index: Index) -> list[StoryCard]:
        if index.newest_row() <= after:
            return []
        page = index.stories(query, most=_AT_ONCE)
        return [card for card in page.cards if card.newest > after and (card.news is not None or not index.keeps_texts)]

    return (await services.readers.ask(read))[::-1]


def _event(row: int, markup: str) -> bytes:
    return "\n".join(_fields(row, markup)).encode("utf-8", "replace") + b"\n\n"


def _fields(row: int, markup: str) -> Iterator[str]:
    yield "event: story"
    yield f"id: {row}"
    yield from (f"data: {line}" for line in _LINE.split(markup) if line.strip())
