"""Bodies of all requests at once, bounded: how many bytes are held, and how long one may stand still."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import Problem
from .settings import RequestLimits

LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/ndjson"})
_TIMES = 4  # as long as a part may take a whole body may: one that comes a byte at a time comes to an end, too


def media_type(headers: Headers) -> str:
    """Return the media type of a body, lower case, without parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


class BoundedBodies:
    """ASGI middleware: raises `Problem` inside of a request whose body stands still, or has no room beside those of others."""

    def __init__(self, app: ASGIApp, limits: RequestLimits):
        self._app, self._limits, self._held = app, limits, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passes_by = scope["path"] == "/v1/decide" and media_type(Headers(scope=scope)) in LINES  # what is read is not kept
        own, ended = 0, False
        end = None if passes_by else asyncio.get_running_loop().time() + _TIMES * self._limits.body_seconds

        async def bounded() -> Message:
            nonlocal own, ended
            if ended:  # nothing is awaited any more but the end of the connection
                return await receive()
            try:
                async with asyncio.timeout_at(end), asyncio.timeout(self._limits.body_seconds):
                    message = await receive()
            except TimeoutError:
                hint = "send it again"
                raise Problem(408, "the body did not arrive in time", hint=hint, headers={"Connection": "close"}) from None
            ended = not message.get("more_body", False)
            if not passes_by:
                size = len(message.get("body", b""))
                own, self._held = own + size, self._held + size
                if self._held > self._limits.held:
                    hint = "try again later"
                    raise Problem(503, "too much is being received", hint=hint, headers={"Retry-After": "2", "Connection": "close"})
            return message

        try:
            await self._app(scope, bounded, send)
        finally:
            self._held -= own
