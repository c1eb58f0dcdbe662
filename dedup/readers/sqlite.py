"""SQLite: a record for each row of a table, or of a query that the user gives (``Reading.query``).

The database is only read, and it is not trusted: no function of its schema runs, a query may do nothing but select, and the work for each
row is limited. Source: "Defense Against The Dark Arts" of the SQLite documentation (sqlite.org/security.html).
"""

from __future__ import annotations

import io
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, cast
from urllib.parse import quote

from ..errors import InputError
from .fields import USUAL
from .lines import SPARE, Stream
from .options import Reading
from .records import Record
from .rows import record_of_row

_MAGIC = b"SQLite format 3\0"
_MOST_COPIED = 1 << 31  # bytes of a database that is packed or comes from a pipe
_STEP = 1 << 20  # bytes
_BEAT, _MOST_BEATS = 1_000_000, 2000  # instructions of the virtual machine between two looks, and looks before the next row: about a minute
_MOST_COLUMNS, _MOST_TABLES = 2000, 1000
_HARMFUL = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "zeroblob", "randomblob"}
_SELECT = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:select|with|values)\b", re.IGNORECASE | re.DOTALL)
_SHADOW = re.compile(r".*_(?:content|docsize|segments|segdir|stat|data|idx|config|node|parent|rowid)")
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}


def _is_file(stream: Stream, path: str) -> bool:
    """Tell whether a stream is the file that its path names, and not unpacked, or bytes from elsewhere under the same name."""
    try:
        return os.path.samestat(os.fstat(cast(io.BufferedReader, stream).fileno()), os.stat(path)) and os.path.isfile(path)
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def _file_of(stream: Stream, path: str) -> Iterator[tuple[str, bool]]:
    """Give the path of the database, and True if that is a copy, because it is packed or comes from a pipe."""
    start = stream.peek(16)[:16]
    if not start.startswith(_MAGIC):
        raise InputError("not an SQLite database", path=path, hint="give an SQLite database, or the right --as")
    if _is_file(stream, path):
        yield path, False
        return
    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        name = os.path.join(folder, "copy.db")
        size = 0
        with open(name, "wb") as file:
            while data := stream.read(_STEP):
                size += len(data)
                if size > _MOST_COPIED:
                    raise InputError(
                        f"a packed or piped database of more than {_MOST_COPIED:,} bytes", path=path, hint="unpack it to a file"
                    )
                file.write(data)
        yield name, True


def _connect(name: str, is_copy: bool) -> sqlite3.Connection:
    where = quote(os.path.abspath(name))
    try:
        found = sqlite3.connect(f"file:{where}?mode=ro{'&immutable=1' if is_copy else ''}", uri=True, isolation_level=None)
        found.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.OperationalError:
        if is_copy:
            raise
        # In write-ahead mode even reading writes to a file beside the database, which a folder may not allow.
        found = sqlite3.connect(f"file:{where}?mode=ro&immutable=1", uri=True, isolation_level=None)
    return found


def _guard(connection: sqlite3.Connection, reading: Reading) -> list[int]:
    """Take from a connection what could do harm. Returns a counter of looks, which is set to 0 with each row."""
    for statement in ("trusted_schema = off", "query_only = on", "cell_size_check = on", "mmap_size = 0"):
        connection.execute(f"pragma {statement}")
    longest = min(4 * reading.max_chars + SPARE, 2**31 - 1)
    for limit, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, longest), (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1_000_000), (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_COLUMN, _MOST_COLUMNS), (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200), (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
    ):  # fmt: skip
        connection.setlimit(limit, most)
    beats = [0]

    def beat() -> int:
        beats[0] += 1
        return int(beats[0] > _MOST_BEATS)

    connection.set_progress_handler(beat, _BEAT)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return beats


def _forbid(connection: sqlite3.Connection) -> None:
    """Forbid all but selecting."""

    def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_DENY if (second or "").lower() in _HARMFUL else sqlite3.SQLITE_OK
        return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY

    connection.set_authorizer(authorize)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_TABLES = r"""
select name, sql like 'create virtual%' from sqlite_master
where type in ('table', 'view') and name not like 'sqlite\_%' escape '\' order by type, name limit ?
"""


def _tables(connection: sqlite3.Connection) -> tuple[dict[str, list[str]], set[str]]:
    """Return the columns of each table and view, tables first, and the names of those that are an index or a view of others."""
    found = connection.execute(_TABLES, (_MOST_TABLES,)).fetchall()
    virtual = {str(name) for name, is_virtual in found if is_virtual}
    out = {}
    for name in (str(name) for name, _ in found):
        if _SHADOW.fullmatch(name) and name.rpartition("_")[0] in virtual:
            continue  # a part of a full-text index
        try:
            rows = connection.execute("select name from pragma_table_info(?) limit ?", (name, _MOST_COLUMNS)).fetchall()
        except sqlite3.OperationalError:  # a view with a function that is not trusted
            rows = []
        out[name] = [str(column) for (column,) in rows]
    views = {str(name) for (name,) in connection.execute("select name from sqlite_master where type = 'view' limit ?", (_MOST_TABLES,))}
    return out, virtual | views


def _statement(connection: sqlite3.Connection, path: str, reading: Reading) -> str:
    """Return the query that is run. Raises `InputError` if none is given and no table, or more than one, has the field of the text."""
    if reading.query is not None:
        if not _SELECT.match(reading.query):
            raise InputError("the query does not begin with SELECT", path=path, hint="give --query 'select id, text from ...'")
        return reading.query
    tables, derived = _tables(connection)
    if reading.records is not None:
        if reading.records not in tables:
            raise InputError(f"no table {reading.records!r}", path=path, hint=f"there are {', '.join(tables) or 'none'}")
        return f"select * from {_quoted(reading.records)}"
    wanted = [re.split(r"[.\[]", name.strip())[0] for name in reading.text_field.split(",")] if reading.text_field else []
    usual = [name for name in USUAL.text if name.isidentifier()]
    fits = [name for name, columns in tables.items() if (all(w in columns for w in wanted) if wanted else any(u in columns for u in usual))]
    fits = [name for name in fits if name not in derived] or fits
    if len(fits) != 1:
        listed = "; ".join(f"{name} ({', '.join(columns[:12])})" for name, columns in list(tables.items())[:20])
        what = f"{'several tables have' if fits else 'no table has'} a column {reading.text_field or usual[0]!r}"
        raise InputError(f"{what}: {listed or 'there are no tables'}", path=path, hint="give --records TABLE or --query 'select ...'")
    return f"select * from {_quoted(fits[0])}"


def _value(value: Any) -> Any:
    """Return a value of a row; bytes are text if they are UTF-8, else nothing."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    return value


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a table or of a query. Raises `InputError`."""
    number = 0
    try:
        with _file_of(stream, path) as (name, is_copy), closing(_connect(name, is_copy)) as connection:
            beats = _guard(connection, reading)
            statement = _statement(connection, path, reading)
            _forbid(connection)
            cursor = connection.execute(statement)
            columns = [column[0] for column in cursor.description or ()]
            for row in cursor:
                number += 1
                beats[0] = 0
                yield record_of_row(dict(zip(columns, map(_value, row), strict=True)), path, number, reading)
                beats[0] = 0
    except (sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError, ValueError) as error:
        what = "the work for one row is too much" if "interrupted" in str(error) else f"the database cannot be read ({error})"
        raise InputError(
            what, path=path, line=number + 1 if number else None, hint="check the query, and that the file is whole"
        ) from error
