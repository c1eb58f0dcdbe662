"""An index in one SQLite file: WAL, one writer at a time, readers beside it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any

from ...errors import StoreError
from .checkpoints import Checkpoints
from .interface import Row
from .locks import Locks
from .statements import delete_statement, insert_statement, update_statement
from .tables import DAMAGED, definitions, upgrades

_PATIENCE = 60.0  # seconds to wait for another writer
_STEP = 0.25  # seconds of that which SQLite waits by itself, where no signal reaches Python
_CACHE = 64 << 10  # KiB of pages
_PART = 16 << 20  # bytes of the file that are searched at a time
_KINDS = {"integer": "integer", "blob": "blob", "real": "real", "text": "text", "without_rowid": " without rowid"}


class SqliteStore:
    """A file, made where there is none and ``create`` says so. Every commit is on disk when it returns (``synchronous=full``)."""

    keeps_images = True

    def __init__(self, path: str, *, create: bool = True, patience: float = _PATIENCE):
        self.name, self.patience = path, patience
        self._locks = Locks(None if path == ":memory:" else os.path.realpath(path))
        self.files_beside = None if path == ":memory:" else path
        if not create and not (os.path.exists(path) and os.path.getsize(path)):
            raise StoreError("there is no index", path=path, hint="make one with dedup index add")
        with self._explained():
            name = _name(path)
            self._connection = sqlite3.connect(name, timeout=_STEP, isolation_level=None, check_same_thread=False, uri=name != path)
            try:
                self._begin("begin")  # not before another process has brought the file in order
                self._connection.execute("rollback")
                self._connection.execute("pragma synchronous=full")
                self._connection.execute("pragma secure_delete=on")  # for `scrub`
                self._connection.execute(f"pragma cache_size=-{_CACHE}")
                self._connection.execute("pragma wal_autocheckpoint=0")
                self._checkpoints = Checkpoints(path)
                self._file = _identity(path)
            except BaseException:
                self._connection.close()
                raise

    def is_made(self) -> bool:
        tables = {name for (name,) in self.rows("select name from sqlite_master where type = 'table'")}
        if tables and "meta" not in tables:
            raise StoreError("a database, but no index", path=self.name, hint="give the path of an index, or of no file")
        return bool(tables)

    @contextmanager
    def making(self) -> Iterator[None]:
        with self._explained():
            self._connection.execute("pragma page_size=8192")
            self._patiently("pragma journal_mode=wal")
        self._file = _identity(self.name)
        with self._transaction("begin immediate"):
            yield

    def make(self) -> None:
        for statement in definitions(_KINDS):
            self.run(statement)

    def upgrade(self, schema: int) -> None:
        for statement in upgrades(_KINDS, schema):
            self.run(statement)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{error}", path=self.name, hint=_hint(str(error))) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._transaction("begin immediate"):
            if self._file != _identity(self.name):
                raise StoreError("another file has taken its place meanwhile", path=self.name, hint="open it again")
            yield
        if self.name != ":memory:" and self._checkpoints.committed(self._connection.total_changes):
            with suppress(sqlite3.Error):  # what was written is in the log, and on disk
                self._connection.execute("pragma wal_checkpoint(passive)").fetchall()

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._transaction("begin"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._explained():
            self._begin(begin)
            try:
                yield
                self._patiently("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def _begin(self, begin: str) -> None:
        """Begin a transaction that sees the file as it is now."""
        self._patiently(begin)
        try:
            self._patiently("select 1 from sqlite_master limit 1")
        except BaseException:
            self._connection.execute("rollback")
            raise

    def _patiently(self, statement: str) -> None:
        """Run a statement that may have to wait for another process, in steps, so that signals are heeded between them."""
        tries = max(1, round(self.patience / _STEP))
        while True:
            tries -= 1
            try:
                self._connection.execute(statement).fetchall()
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or not tries:
                    raise
                Event().wait(0.01)

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

    def insert(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]], *, anew: bool = True) -> None:
        self.run_many(insert_statement(table, columns, anew=anew), rows)

    def update(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        self.run_many(update_statement(table, columns), rows)

    def delete(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        self.run_many(delete_statement(table, columns), rows)

    def now(self) -> float:
        return float(self.rows("select (julianday('now') - 2440587.5) * 86400.0")[0][0])

    def hold(self, holder: int) -> None:
        self._locks.hold(holder)

    def is_held(self, holder: int) -> bool:
        return self._locks.is_held(holder)

    def release(self, holder: int) -> None:
        self._locks.release(holder)

    def faults(self) -> Iterator[str]:
        lines = [line for (found,) in self.rows("pragma integrity_check(10)") for line in str(found).split("\n")]
        yield from (f"the file is damaged: {line}" for line in lines if line != "ok" and not line.startswith("***"))

    def tidy(self) -> None:
        self._checkpoints.wait()
        with self._explained():
            self._patiently("vacuum")
            self._patiently("pragma wal_checkpoint(truncate)")

    def scrub(self, pieces: Sequence[bytes], *, anew: bool) -> None:
        if self.name == ":memory:":
            return
        self._checkpoints.wait()
        with self._explained():
            if anew:
                self._patiently("vacuum")
            self._empty_log()
            # Deleted content is overwritten, but SQLite may have moved it before and left a copy in the room between cells.
            if not anew and _has_any(self.name, pieces):
                self._patiently("vacuum")
                self._empty_log()

    def _empty_log(self) -> None:
        for _ in range(max(1, round(self.patience / _STEP))):
            ((is_busy, _, _),) = self._connection.execute("pragma wal_checkpoint(truncate)").fetchall()
            if not is_busy:
                return
            Event().wait(0.01)
        hint = "wait for it, or end it, and erase again: then the log is emptied"
        raise StoreError("another process reads it, so that what was erased still stands in its log", path=self.name, hint=hint)

    def close(self) -> None:
        self._checkpoints.wait()
        self._locks.close()
        self._connection.close()


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells the file at a path from others, None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _has_any(path: str, pieces: Sequence[bytes]) -> bool:
    """Tell whether a file has one of some short pieces."""
    most = max(map(len, pieces), default=0)
    rest = b""
    with open(path, "rb") as file:
        while part := file.read(_PART):
            data = rest + part
            if any(piece in data for piece in pieces):
                return True
            rest = data[-most:]
    return False


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _name(path: str) -> str:
    """Return the name to open a file by: one that may not be written, and has no writer with a log beside it, is read without a trace."""
    writable = os.access(path, os.W_OK) and os.access(os.path.dirname(os.path.realpath(path)), os.W_OK)
    if not os.path.exists(path) or writable or os.path.exists(f"{path}-wal"):
        return path
    return f"{Path(path).absolute().as_uri()}?immutable=1"


def _hint(what: str) -> str:
    if "locked" in what or "busy" in what:
        return "another process writes to it: wait for it, or use fewer processes"
    if "readonly" in what or "unable to open" in what:
        return "give a path in a folder that can be written"
    if "full" in what:
        return "make room on the disk and start again: everything answered so far is in the index"
    if "not a database" in what:
        return "give the path of an index; if it is one, dedup index rebuild saves what can be read"
    return DAMAGED
