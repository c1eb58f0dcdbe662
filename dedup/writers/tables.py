"""A result, or the origins of stories, as tables in a file, by the ending of its name: CSV, Parquet, or a database of SQLite."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from ..errors import EngineError
from ..frames import ORIGIN_COLUMNS, Kind, TableOf, arrow_table, result_columns
from ..model import Result
from .files import draft_of, output_errors, storable, write_file

if TYPE_CHECKING:
    from ..origins.model import Origins

TableFile = Literal["csv", "parquet", "database"]
SUFFIXES: Mapping[str, TableFile] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".db": "database",
    ".sqlite": "database",
    ".sqlite3": "database",
}
"""The kinds of files of tables, by the ending of their names."""
_ROWS = 1 << 16  # of Parquet that are made at a time


def table_file(path: str) -> TableFile | None:
    """Return what kind of file of tables a path names, None for another file.

    >>> table_file("result.csv"), table_file("pairs.jsonl")
    ('csv', None)
    """
    return SUFFIXES.get(os.path.splitext(path)[1].lower())


def check_tables(path: str) -> None:
    """Raise what `write_tables` would raise before it writes: `EngineError` where pyarrow is missing, `OutputError` for the file."""
    kind = table_file(path)
    if kind == "parquet":
        _parquet()
    elif kind == "database":
        from .database import check_database  # SQLite takes a while to load, and so does what makes rows

        check_database(path)


def write_tables(path: str, result: Result, of: TableOf = "matches") -> None:
    """Write the matches of a result, or its clusters, to a file, with the columns of `Result.to_pandas`; a database has both.

    The file takes its name when it is complete. Raises `EngineError` where pyarrow is missing, and `OutputError` where the file cannot be
    written, or is a database that no result was written to.
    """
    if table_file(path) == "database":
        from .database import write_database

        write_database(path, result)
    else:
        _write(path, result.rows(of), result_columns(of, origins=result.origins is not None))


def write_origin_tables(path: str, origins: Origins) -> None:
    """Write the texts of stories to a file, with the columns of `Origins.to_pandas`, as `write_tables` writes a result."""
    if table_file(path) == "database":
        from .database import write_origins_database

        write_origins_database(path, origins)
    else:
        _write(path, origins.rows(), ORIGIN_COLUMNS)


def _write(path: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Kind]) -> None:
    if table_file(path) == "parquet":
        _write_parquet(path, rows, columns)
    else:
        from .spreadsheet import csv_lines

        lines = csv_lines(rows, columns, "\t" if path.lower().endswith(".tsv") else ",")
        write_file(path, (line.encode("utf-8", "replace") for line in lines))


def _write_parquet(path: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Kind]) -> None:
    parquet = _parquet()
    with draft_of(path) as draft, output_errors(path), parquet.ParquetWriter(draft, arrow_table([], columns).schema) as writer:
        for batch in _batches(rows):
            writer.write_table(arrow_table(batch, columns))


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while batch := [*islice(left, _ROWS)]:
        yield [{name: storable(value) for name, value in row.items()} for row in batch]


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise EngineError("a Parquet file needs pyarrow: pip install 'bulletin-dedup[parquet]'") from error
    return parquet
