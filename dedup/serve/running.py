"""A server run: its socket, its first address, and its end."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..errors import ConfigError
from .application import application, open_services
from .services import Services
from .settings import ServeSettings
from .telemetry import Metrics

_HEAD_SECONDS = 10.0  # seconds after which a connection on which nothing is asked is looked at again, and closed
_GRACE = 20  # seconds that requests have to end when the server does


class _Impatient(H11Protocol):
    """HTTP/1.1 that does not wait for ever for the head of a request: uvicorn has no limit for that."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(_HEAD_SECONDS, self._look, False)

    def _look(self, was_idle: bool) -> None:
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle
        is_idle = cycle is None or cycle.response_complete
        if is_idle and was_idle:  # nothing was asked in all this time
            self.transport.close()
        else:
            self.loop.call_later(_HEAD_SECONDS, self._look, is_idle)


def serve(settings: ServeSettings, told: Callable[[str], None]) -> None:
    """Serve until a signal ends the process; ``told`` gets the one address to open, when it can be opened.

    Raises `ConfigError` where it cannot listen there, and what `application` raises.
    """
    key = secrets.token_urlsafe(32) if settings.token_file is None and settings.proxy is None else None
    with _listening(settings) as listening, open_services(settings, Metrics()) as services:
        app = application(settings, key=key, services=services)
        config = uvicorn.Config(
            app,
            http=_Impatient,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=settings.limits.connections,
            backlog=512,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=32 << 10,
        )
        _Server(config, services, lambda: told(address_of(settings, listening, key))).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that says when it is there, and lets answers without an end know when it ends."""

    def __init__(self, config: uvicorn.Config, services: Services, told: Callable[[], None]):
        super().__init__(config)
        self._services, self._told = services, told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._told()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._services.ending.set()
        self._services.live.note()
        await super().shutdown(sockets)


def address_of(settings: ServeSettings, listening: socket.socket, key: str | None) -> str:
    """Return the address to open, with its token where it has one."""
    host = settings.host if settings.host not in ("0.0.0.0", "::") else "127.0.0.1"
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{listening.getsockname()[1]}/" + (f"?token={key}" if key else "")


def _listening(settings: ServeSettings) -> socket.socket:
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError as error:
        what = f"it cannot listen at {settings.host}:{settings.port} ({error.strerror or error})"
        raise ConfigError(f"{what}; give another --port, 0 for any that is free") from error
    return listening
