"""Checkpoints: what SQLite has in its log is moved to the file by a thread of its own, while the next transaction is under way."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from threading import Thread

_CHANGES = 1000  # rows that are written, about a page of the log each, until it is emptied; so does SQLite by itself
_TIMES = 4  # that it is moved beside a writer before that waits for the rest, which lets the log begin anew


class Checkpoints:
    """Moves the log of one file beside its writer: a commit waits for the log alone, which holds all that is not moved yet.

    What is committed meanwhile stays in the log, so that it would grow for ever; a writer moves that itself, as seldom as it has to.
    """

    def __init__(self, path: str):
        self._path = path
        self._changes, self._times = 0, 0
        self._thread: Thread | None = None

    def committed(self, changes: int) -> bool:
        """Note how many rows a connection has written by now. Tell whether it is to move what is left in the log."""
        if changes - self._changes < _CHANGES or (self._thread is not None and self._thread.is_alive()):
            return False
        self._changes = changes
        if self._times == _TIMES:
            self._times = 0
            return True
        self._times += 1
        self._thread = Thread(target=self._run, name="dedup-checkpoint", daemon=True)
        self._thread.start()
        return False

    def wait(self) -> None:
        """Wait until none is under way."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._path, timeout=0, isolation_level=None)) as connection:
            connection.execute("pragma synchronous=full")
            connection.execute("pragma wal_checkpoint(passive)").fetchall()  # what is left in the log is moved another time
