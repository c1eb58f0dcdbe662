"""An index on a PostgreSQL server, for several workers on several machines: the same tables, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..errors import ConfigError, StoreError, StoreGone
from .store import TABLES, Row

if TYPE_CHECKING:
    import psycopg

SCHEMES = ("postgresql", "postgres")
_TYPES = {"integer": "bigint", "blob": "bytea", "real": "double precision", "without_rowid": ""}
_PATIENCE = "60s"  # that is waited for another writer
_LOCK = 7_263_048_195  # of who makes the tables


class PostgresStore:
    """The tables in a schema of a database, ``postgresql://user@host/database?schema=bulletins``; it is ``dedup`` where none is named."""

    def __init__(self, url: str, *, create: bool = True):
        try:
            import psycopg
        except ImportError as error:
            raise StoreError(
                "an index on a server needs psycopg", path=_shown(url), hint="pip install 'bulletin-dedup[postgres]'"
            ) from error
        self._psycopg = psycopg
        self.name = _shown(url)
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        self._schema = options.pop("schema", "dedup")
        if not self._schema.isidentifier() or not self._schema.isascii():
            raise ConfigError(f"schema={self._schema} in the address of the index: give a name of letters, digits and _")
        self._url = urlunsplit(parts._replace(query=urlencode(options)))
        self._connection: psycopg.Connection[Row] | None = None
        with self._explained():
            connection = self._connected()
            with connection.transaction():
                connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
                there = connection.execute("select to_regclass(%s) is not null", (f"{self._schema}.meta",)).fetchone()
                if not (there and there[0]):
                    if not create:
                        raise StoreError("there is no index", path=self.name, hint="make one with dedup index add")
                    self._make(connection)

    def _make(self, connection: psycopg.Connection[Row]) -> None:
        connection.execute(f"create schema if not exists {self._schema}".encode())
        for statement in TABLES.format(**_TYPES).strip().split(";\n"):
            connection.execute(statement.rstrip(";").encode())

    def _connected(self) -> psycopg.Connection[Row]:
        if self._connection is None or self._connection.closed:
            self._connection = self._psycopg.connect(self._url, autocommit=True, connect_timeout=10)
            self._connection.execute(f"set search_path to {self._schema}".encode())
            self._connection.execute(f"set lock_timeout to '{_PATIENCE}'".encode())
        return self._connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (self._psycopg.OperationalError, self._psycopg.InterfaceError) as error:
            if isinstance(error, self._psycopg.errors.LockNotAvailable):
                hint = "another process writes to it: wait for it, or give the same index to fewer"
                raise StoreError("it is locked", path=self.name, hint=hint) from error
            raise StoreGone(
                _one_line(error), path=self.name, hint="start again when the server is there: what was answered is stored"
            ) from error
        except self._psycopg.Error as error:
            raise StoreError(
                _one_line(error), path=self.name, hint="look at the server; dedup index verify looks over the index"
            ) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._explained(), self._connected().transaction():
            self._connected().execute("lock table meta in exclusive mode")
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._explained(), self._connected().transaction():
            self._connected().execute("set transaction isolation level repeatable read")
            yield

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._explained():
            return self._connected().execute(statement.replace("?", "%s").encode(), values).fetchall()

    def rows_among(self, statement: str, among: Sequence[Any], values: Sequence[Any] = ()) -> list[Row]:
        return self.rows(statement.replace("{among}", "= any(?)"), [*values, [*among]]) if among else []

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        with self._explained():
            self._connected().execute(statement.replace("?", "%s").encode(), values)

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        with self._explained(), self._connected().cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s").encode(), [*values])

    def faults(self) -> Iterator[str]:
        yield from ()

    def tidy(self) -> None:
        with self._explained():
            for table in ("documents", "segments", "links", "chunks"):
                self._connected().execute(f"vacuum analyze {table}".encode())

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _shown(url: str) -> str:
    """Return an address without its password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
