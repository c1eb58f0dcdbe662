"""SIGINT and SIGTERM: the work stops where it is, what was begun is put away, and the exit status is 128 and the number."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPPING = (signal.SIGINT, signal.SIGTERM)
_GRACE = 0.5  # seconds that a write may still take after a signal; one that takes longer waits for a reader who may never come
_AGAIN = 0.01  # seconds until a signal is said again whose exception was swallowed, by the end of an object for example


class Stopped(BaseException):
    """A signal asks to stop: no `Exception`, which libraries catch, and no `KeyboardInterrupt`, at which click writes a line."""

    def __init__(self, number: int):
        self.number = number
        super().__init__(number)


class Signals:
    """What signals came, and whether the work may be stopped where it is."""

    def __init__(self) -> None:
        self.came = 0
        self._writing = False

    def listen(self) -> None:
        """From now on a signal raises `Stopped`; a second one ends the process at once. What the caller ignores stays ignored."""
        for number in STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, self._stop_at_last)
        sys.unraisablehook = self._swallowed

    def leave(self, status: int) -> None:
        """From now on, as all is done, a signal ends the process at once with ``status``."""
        for number in STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: os._exit(status))

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let what is written now be written whole, unless that takes too long: then raise `Stopped` in the middle of it."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False
            self._alarm(0)
        if self.came:
            raise Stopped(self.came)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            os._exit(128 + number)
        self.came = number
        if not self._writing or not self._alarm(_GRACE):
            raise Stopped(number)

    def _stop_at_last(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            raise Stopped(self.came)

    def _swallowed(self, what: Any) -> None:
        if isinstance(what.exc_value, Stopped):
            self._alarm(_AGAIN)
        else:
            sys.__unraisablehook__(what)

    @staticmethod
    def _alarm(seconds: float) -> bool:
        if not hasattr(signal, "setitimer"):
            return False
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return True


SIGNALS = Signals()
"""Those of the process, of which there is one."""
