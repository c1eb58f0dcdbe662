"""Rows: what Parquet, Arrow and databases hold becomes records; each keeps a line of JSON as its bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InputError
from .options import Reading
from .records import Record, record_of

ROWS = 256
"""Rows that are read at a time."""


def record_of_row(fields: Mapping[str, Any], path: str, number: int, reading: Reading) -> Record:
    """Return the record of a row."""
    raw = json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
    return record_of(raw, fields, path, number, reading)


def fields_of_row(batch: Any, place: int, path: str, number: int) -> Mapping[str, Any]:
    """Return a row of a batch of pyarrow as fields. Raises `InputError` for a value that Python cannot hold."""
    try:
        (fields,) = batch.slice(place, 1).to_pylist()
    except (ValueError, OverflowError, LookupError) as error:
        raise InputError(f"a value that does not fit its type ({error})", path=path, line=number) from error
    return fields  # type: ignore[no-any-return]


def records_of_batch(batch: Any, path: str, before: int, reading: Reading) -> Iterator[Record]:
    """Yield the records of a batch of pyarrow, behind ``before`` rows. A row with a value that Python cannot hold has an error."""
    for place in range(batch.num_rows):
        number = before + place + 1
        try:
            fields = fields_of_row(batch, place, path, number)
        except InputError as error:
            yield Record(b"", {}, None, error)
            continue
        yield record_of_row(fields, path, number, reading)
