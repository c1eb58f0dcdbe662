"""An index in one SQLite file: WAL, one writer at a time, readers beside it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import StoreError
from .store import TABLES, Row

_PATIENCE = 60.0  # seconds to wait for another writer
_CACHE = 64 << 10  # KiB of pages
_TYPES = {"integer": "integer", "blob": "blob", "real": "real", "without_rowid": " without rowid"}


class SqliteStore:
    """A file, made where there is none and ``create`` says so. Every commit is on disk when it returns (``synchronous=full``)."""

    def __init__(self, path: str, *, create: bool = True, patience: float = _PATIENCE):
        self.name = path
        if not create and not (os.path.exists(path) and os.path.getsize(path)):
            raise StoreError("there is no index", path=path, hint="make one with dedup index add")
        with self._explained():
            name = _name(path)
            self._connection = sqlite3.connect(name, timeout=patience, isolation_level=None, check_same_thread=False, uri=name != path)
            if not self._connection.execute("select 1 from sqlite_master limit 1").fetchone():
                self._make()
            self._connection.execute("pragma synchronous=full")
            self._connection.execute(f"pragma cache_size=-{_CACHE}")

    def _make(self) -> None:
        self._connection.execute("pragma page_size=8192")
        self._connection.execute("pragma journal_mode=wal")
        with self.writing():
            if not self._connection.execute("select 1 from sqlite_master limit 1").fetchone():
                for statement in TABLES.format(**_TYPES).strip().split(";\n"):
                    self._connection.execute(statement.rstrip(";"))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{error}", path=self.name, hint=_hint(str(error))) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._transaction("begin immediate"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._transaction("begin"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._explained():
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._explained():
            return self._connection.execute(statement, values).fetchall()

    def rows_among(self, statement: str, among: Sequence[Any], values: Sequence[Any] = ()) -> list[Row]:
        if not among:
            return []
        listed = statement.replace("{among}", "in (select value from json_each(?))")
        return self.rows(listed, [*values, json.dumps(among)])

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        with self._explained():
            self._connection.execute(statement, values)

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        with self._explained():
            self._connection.executemany(statement, values)

    def faults(self) -> Iterator[str]:
        for (found,) in self.rows("pragma integrity_check(10)"):
            if found != "ok":
                yield f"the file is damaged: {found}"

    def tidy(self) -> None:
        with self._explained():
            self._connection.execute("vacuum")
            self._connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        self._connection.close()


def _name(path: str) -> str:
    """Return the name to open a file by: one that may not be written, and has no writer with a log beside it, is read without a trace."""
    if not os.path.exists(path) or os.access(path, os.W_OK) or os.path.exists(f"{path}-wal"):
        return path
    return f"{Path(path).absolute().as_uri()}?immutable=1"


def _hint(what: str) -> str:
    if "locked" in what or "busy" in what:
        return "another process writes to it: wait for it, or give the same index to fewer"
    if "readonly" in what or "unable to open" in what:
        return "give a path in a folder that can be written"
    if "full" in what:
        return "make room on the disk and start again: everything answered so far is in the index"
    return "check it with dedup index verify; dedup index rebuild makes it again from its texts"
