"""An answer that is sent while its request is still read: Starlette's own would take parts of the request for the end of the connection."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class StreamedResponse(Response):
    """An answer in parts, which are sent as they are made. Where the one who asked is gone, sending raises and ends the making."""

    def __init__(self, parts: AsyncIterator[bytes], media_type: str, headers: dict[str, str] | None = None):
        super().__init__(media_type=media_type, headers=headers)
        del self.headers["content-length"]
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for part in self._parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
