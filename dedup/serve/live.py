"""Who follows what is new: pages wait until texts have come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from .problems import Problem
from .telemetry import Metrics


class Live:
    """Pages that wait for what is new, at most so many."""

    def __init__(self, most: int, metrics: Metrics):
        self._most, self._metrics, self._lock = most, metrics, Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    @contextmanager
    def following(self) -> Iterator[asyncio.Event]:
        """Return what is set whenever something has come; who follows clears it. Raises `Problem` where too many do."""
        event, loop = asyncio.Event(), asyncio.get_running_loop()
        with self._lock:
            if len(self._waiting) >= self._most:
                raise Problem(503, "too many pages follow what is new", hint="close some", headers={"Retry-After": "30"})
            self._waiting[event] = loop
            self._metrics.followers.set(len(self._waiting))
        try:
            yield event
        finally:
            with self._lock:
                self._waiting.pop(event, None)
                self._metrics.followers.set(len(self._waiting))

    def note(self) -> None:
        """Tell all that something has come; may be called in any thread."""
        with self._lock:
            for event, loop in self._waiting.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)
