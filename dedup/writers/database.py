"""Databases of SQLite: a result, with the tables ``matches``, ``clusters`` and ``texts``; the origins of stories, with ``origins``."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..about import ABOUT
from ..errors import OutputError
from ..frames import ORIGIN_COLUMNS, Kind, result_columns
from ..model import Result
from .files import draft_of, output_errors, storable
from .objects import text_objects

if TYPE_CHECKING:
    from ..origins.model import Origins

APPLICATION_ID = 0x64656475  # "dedu": SQLite's mark of whose file it is, four bytes at `_MARK`
_MARK = 68
_BESIDE = ("-wal", "-journal")  # a program that has the database open, or stopped while it wrote, leaves these beside it
_TYPES: Mapping[Kind, str] = {"string": "TEXT", "number": "REAL", "count": "INTEGER", "flag": "INTEGER"}
_INDEXES = {"matches": ("a", "b"), "clusters": ("id", "cluster"), "texts": ("id",), "origins": ("id", "story")}
_Tables = Mapping[str, tuple[Mapping[str, Kind], Iterable[Mapping[str, Any]]]]
"""The columns and the rows of tables, by their names."""


def check_database(path: str) -> None:
    """Raise `OutputError` where there is something at a path that is no database of results, or one that is in use."""
    with output_errors(path):
        if not os.path.isfile(path):
            return
        with open(path, "rb") as file:
            start = file.read(_MARK + 4)
    if start and start[_MARK:] != APPLICATION_ID.to_bytes(4, "big"):
        raise OutputError(f"{path}: there already, and no database of results that dedup wrote; give another path")
    if used := next((path + ending for ending in _BESIDE if os.path.exists(path + ending)), None):
        raise OutputError(f"{path}: in use by another program, as {used} says; close that, or give another path")


def write_database(path: str, result: Result) -> None:
    """Write the tables of a result to a new database, which takes the place of one that was written before. Raises `OutputError`.

    ``matches`` and ``clusters`` have the columns of `Result.to_pandas`. ``texts`` has a row for each text in them.
    """
    texts: Mapping[str, Kind] = dict.fromkeys(("id", *ABOUT), "string")
    clusters = result_columns("clusters", origins=result.origins is not None)
    matches = result_columns("matches"), result.rows("matches")
    _write_new(path, {"matches": matches, "clusters": (clusters, result.rows("clusters")), "texts": (texts, text_objects(result))})


def write_origins_database(path: str, origins: Origins) -> None:
    """Write the table ``origins``, with the columns of `Origins.to_pandas`, to a new database, as `write_database` does."""
    _write_new(path, {"origins": (ORIGIN_COLUMNS, origins.rows())})


def _write_new(path: str, tables: _Tables) -> None:
    check_database(path)
    with draft_of(path) as draft:
        try:
            _write(draft, tables)
        except sqlite3.Error as error:
            raise OutputError(f"{path}: cannot be written ({error})") from error


def _write(draft: Path, tables: _Tables) -> None:
    with closing(sqlite3.connect(draft, isolation_level=None)) as database:
        # The file is new, and whoever does not finish it deletes it: nothing is to be undone or to survive a crash.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for table, (kinds, rows) in tables.items():
            database.execute(f"CREATE TABLE {table} ({', '.join(f'{_named(name)} {_TYPES[kind]}' for name, kind in kinds.items())})")
            places = ", ".join("?" * len(kinds))
            database.executemany(f"INSERT INTO {table} VALUES ({places})", _values(rows, kinds))
            for column in _INDEXES[table]:
                database.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")
        database.execute("COMMIT")


def _named(column: str) -> str:
    return f'"{column}"' if column == "group" else column  # a word of SQL


def _values(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Iterable[list[Any]]:
    return ([storable(row.get(name)) for name in names] for row in rows)
