"""What the endpoints of a server share: its index, its writer, its jobs, its metrics."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from .idempotency import Answers
from .jobs import Jobs
from .kept import Comparisons
from .live import Live
from .settings import ServeSettings
from .stores import IndexReaders
from .telemetry import Metrics
from .watch import Watcher
from .writer import Writer

if TYPE_CHECKING:
    from ..index import Index


@dataclass(slots=True)
class Services:
    """What the endpoints of a server share."""

    settings: ServeSettings
    metrics: Metrics
    index: Index
    """The connection of the writer: its settings may be read, all else goes through `writer` and `readers`."""
    writer: Writer
    readers: IndexReaders
    trials: IndexReaders
    """One that writes and takes back what it has written, for what would be decided; others need not wait for it."""
    jobs: Jobs
    answers: Answers
    live: Live
    watcher: Watcher
    kept: Comparisons
    ending: asyncio.Event
    """Set when the server ends, so that answers without an end do."""

    @property
    def most_chars(self) -> int:
        """Characters of a text that is decided about or looked for, at most."""
        return min(self.settings.limits.chars, self.index.config.max_chars)


def services_of(request: Request) -> Services:
    """Return what the server of a request has."""
    return cast(Services, request.app.state.services)
