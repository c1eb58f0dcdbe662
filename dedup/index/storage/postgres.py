"""An index on a PostgreSQL server, for several workers on several machines: the same tables, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ...errors import ConfigError, StoreError, StoreGone
from .interface import Row
from .statements import delete_statement, insert_statement, unless_there, update_statement
from .tables import definitions, upgrades

if TYPE_CHECKING:
    import psycopg


SCHEMES = ("postgresql", "postgres")
_KINDS = {"integer": "bigint", "blob": "bytea", "real": "double precision", "text": "text", "without_rowid": ""}
_TYPES = {"integer": "int8", "blob": "bytea", "real": "float8", "text": "text"}
_PATIENCE = 60.0  # seconds that are waited for another writer
_STEP = 2.0  # seconds of that which the server waits by itself
_FEW = 16  # rows that are handed over one by one
_LISTED = 10_000  # and of a list
_LOCK = 7_263_048_195  # of who makes the tables
_LEAVE = "look at the server; dedup index verify checks the index"


class PostgresStore:
    """The tables in a schema of a database, ``postgresql://user@host/database?schema=bulletins``; it is ``dedup`` where none is named."""

    files_beside: str | None = None
    keeps_images = False

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
        self.patience = _PATIENCE
        self._holding: list[int] = []
        self._in_transaction = False
        self._connection: psycopg.Connection[Row] | None = None
        with self._explained():
            (encoding,) = self.rows("show server_encoding")[0]
        if encoding != "UTF8":
            what = f"the encoding of its database is {encoding}"
            raise StoreError(what, path=self.name, hint="create one with encoding 'UTF8' template template0")
        if not create and not self.is_made():
            raise StoreError("there is no index", path=self.name, hint="make one with dedup index add")

    def is_made(self) -> bool:
        # Not to_regclass, which in a transaction may remember what it found before another one ended.
        return bool(self.rows("select 1 from pg_catalog.pg_tables where schemaname = ? and tablename = 'meta'", (self._schema,)))

    @contextmanager
    def making(self) -> Iterator[None]:
        with self._transaction():
            self.run("select pg_advisory_xact_lock(?)", (_LOCK,))
            yield

    def make(self) -> None:
        self.run(f"create schema if not exists {self._schema}")
        for statement in definitions(_KINDS):
            self.run(statement)

    def upgrade(self, schema: int) -> None:
        for statement in upgrades(_KINDS, schema):
            self.run(statement)

    def _connected(self) -> psycopg.Connection[Row]:
        if self._connection is None or self._connection.closed:
            if self._in_transaction:  # what it has done so far is gone, and nothing may be written outside of it
                raise self._psycopg.OperationalError("the connection was lost")
            self._connection = self._psycopg.connect(self._url, autocommit=True, connect_timeout=10)
            self._connection.execute("set client_encoding to 'UTF8'")
            self._connection.execute(f"set search_path to {self._schema}".encode())
            self._connection.execute(f"set lock_timeout to '{self.patience}s'".encode())
            for holder in self._holding:  # which the server may not yet have let go
                self._connection.execute("select pg_advisory_lock(%s)", (holder,))
            self._connection.execute(f"set lock_timeout to '{_STEP}s'".encode())
        return self._connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (self._psycopg.OperationalError, self._psycopg.InterfaceError) as error:
            if isinstance(error, self._psycopg.errors.LockNotAvailable):
                hint = "another process writes to it: wait for it, or use fewer processes"
                raise StoreError("it is locked", path=self.name, hint=hint) from error
            if isinstance(error, self._psycopg.errors.DiskFull):
                hint = "make room on the server and start again: everything answered so far is in the index"
                raise StoreError(_one_line(error), path=self.name, hint=hint) from error
            self._forget()  # what is left of the connection may not be told from a good one
            raise StoreGone(
                _one_line(error), path=self.name, hint="start again when the server is there: what was answered is stored"
            ) from error
        except self._psycopg.Error as error:
            raise StoreError(_one_line(error), path=self.name, hint=_LEAVE) from error

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Transaction]:
        with self._explained(), self._connected().transaction() as transaction:
            self._in_transaction = True
            try:
                yield transaction
            finally:
                self._in_transaction = False

    @contextmanager
    def writing(self) -> Iterator[None]:
        tries = max(1, round(self.patience / _STEP))
        while True:
            tries -= 1
            with self._transaction() as transaction:
                try:
                    self._connected().execute("lock table meta in exclusive mode")
                except self._psycopg.errors.LockNotAvailable:
                    if not tries:
                        raise
                    raise self._psycopg.Rollback(transaction) from None
                yield
                return

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._transaction():
            self._connected().execute("set transaction isolation level repeatable read")
            yield

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._explained():
            cursor = self._connected().cursor(binary=True)
            return cursor.execute(statement.replace("?", "%s").encode(), values).fetchall()

    def rows_among(self, statement: str, among: Sequence[Any], values: Sequence[Any] = ()) -> list[Row]:
        if not among:
            return []
        if isinstance(among[0], int):
            return self.rows(statement.replace("{among}", "= any(?::bigint[])"), [*values, _numbers(among)])
        return self.rows(statement.replace("{among}", "= any(?)"), [*values, [*among]])

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        with self._explained():
            self._connected().execute(statement.replace("?", "%s").encode(), values)

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        with self._explained(), self._connected().cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s").encode(), [*values])

    def insert(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]], *, anew: bool = True) -> None:
        given = [*rows]
        if len(given) <= _FEW:
            self.run_many(insert_statement(table, columns, anew=anew), given)
        elif anew:
            self._copy(table, columns, given)
        else:
            names = ", ".join(columns)
            self._run_listed(f"insert into {table} ({names}) select {names} from {{listed}}{unless_there(anew=anew)}", columns, given)

    def update(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        given = [*rows]
        if len(given) <= _FEW:
            self.run_many(update_statement(table, columns), given)
        else:
            *names, key = columns
            set_to = ", ".join(f"{name} = listed.{name}" for name in names)
            self._run_listed(f"update {table} set {set_to} from {{listed}} where {table}.{key} = listed.{key}", columns, given)

    def delete(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        given = [*rows]
        if len(given) <= _FEW:
            self.run_many(delete_statement(table, columns), given)
        else:
            same = " and ".join(f"{table}.{name} = listed.{name}" for name in columns)
            self._run_listed(f"delete from {table} using {{listed}} where {same}", columns, given)

    def _copy(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        statement = f"copy {table} ({', '.join(columns)}) from stdin (format binary)".encode()
        with self._explained(), self._connected().cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types([_TYPES[kind] for kind in columns.values()])
            for row in rows:
                copy.write_row(row)

    def _run_listed(self, statement: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for all rows, in which ``{listed}`` stands for them."""
        lists = ", ".join(f"?::{_KINDS[kind]}[]" for kind in columns.values())
        whole = statement.format(listed=f"unnest({lists}) as listed({', '.join(columns)})")
        for first in range(0, len(rows), _LISTED):
            parts = zip(*rows[first : first + _LISTED], strict=True)
            given = zip(columns.values(), parts, strict=True)
            self.run(whole, [_numbers(part) if kind == "integer" else [*part] for kind, part in given])

    def now(self) -> float:
        return float(self.rows("select extract(epoch from clock_timestamp())")[0][0])

    def hold(self, holder: int) -> None:
        if holder not in self._holding:
            self.run("select pg_advisory_lock(?)", (holder,))
            self._holding.append(holder)

    def is_held(self, holder: int) -> bool:
        if holder in self._holding:
            return True
        if self.rows("select pg_try_advisory_lock_shared(?)", (holder,))[0][0]:
            self.run("select pg_advisory_unlock_shared(?)", (holder,))
            return False
        return True

    def release(self, holder: int) -> None:
        if holder in self._holding:
            self._holding.remove(holder)
            self.run("select pg_advisory_unlock(?)", (holder,))

    def faults(self) -> Iterator[str]:
        yield from ()

    def tidy(self) -> None:
        with self._explained():
            for table in ("documents", "texts", "segments", "words", "links", "chunks", "news", "facets", "search"):
                self._connected().execute(f"vacuum analyze {table}".encode())

    def scrub(self, pieces: Sequence[bytes], *, anew: bool) -> None:
        self.tidy()

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        self._forget()


def _numbers(values: Iterable[int | None]) -> str:
    """Return a list of numbers as the server reads it, which is made sooner than what psycopg hands over.

    >>> _numbers([3, None])
    '{3,null}'
    """
    return f"{{{','.join('null' if value is None else str(value) for value in values)}}}"


def _shown(url: str) -> str:
    """Return an address without its password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
