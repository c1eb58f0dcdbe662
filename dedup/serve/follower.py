"""The follower: a thread that looks at what has come into the index, whoever has put it there, and notes what is new in it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from ..errors import DedupError
from ..index import Index
from ..index.browse.model import Tell
from .telemetry import LOG, Metrics

_EVERY = 1.0  # seconds between two looks, where nobody says that something has come
_AFTER_ERROR = 10.0
_MUCH, _LITTLE = 256, 16  # texts that are looked at together: the second while records wait to be decided


class Follower:
    """Takes in what has come until it is closed: ``come`` is set when something has. ``tell`` says what a text brings, ``told`` is called
    whenever something was taken in. While ``is_busy`` says that records wait to be decided it takes little, now and then."""

    def __init__(self, url: str, tell: Tell, told: Callable[[], None], metrics: Metrics, come: Event, is_busy: Callable[[], bool]):
        self._index = Index.open(url, create=False)
        self._tell, self._told, self._metrics = tell, told, metrics
        self._is_busy = is_busy
        self._come, self._ended = come, Event()
        self._thread = Thread(target=self._run, name="dedup-follower", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End after the part that is under way."""
        self._ended.set()
        self._come.set()
        self._thread.join()
        self._index.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._come.clear()
            try:
                taken = self._index.catch_up(self._tell, most=_LITTLE if self._is_busy() else _MUCH)
            except Exception as error:  # the desk stands still, and all else works
                LOG.error("what is new cannot be noted: %s", error if isinstance(error, DedupError) else type(error).__name__)
                self._ended.wait(_AFTER_ERROR)
                continue
            if taken:
                self._told()
                if self._is_busy():  # who asks for decisions waits for an answer; who reads the desk does not
                    self._ended.wait(_EVERY)
            else:
                self._come.wait(_EVERY)
