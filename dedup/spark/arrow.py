"""Arrow: record batches are turned into arrays and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from ..arrays.ragged import Array, Ragged

Batches = Iterator[Any]
"""The record batches of a partition, which a worker reads and returns."""


def numbers(batch: Any, name: str, dtype: Any = np.int64) -> Array:
    """Return a column of numbers as an array; null becomes 0."""
    column = batch.column(name)
    return np.asarray((column.fill_null(0) if column.null_count else column).to_numpy(zero_copy_only=False), dtype)


def rows_of(batch: Any, name: str, dtype: Any) -> Ragged:
    """Return a column of binary values as rows of numbers; null becomes an empty row."""
    column = batch.column(name).cast(pa.large_binary())
    _, offsets, values = column.buffers()
    ends = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(values, np.uint8)[ends[0] : ends[-1]] if values is not None else np.zeros(0, np.uint8)
    return Ragged(np.frombuffer(data.tobytes(), dtype), (ends - ends[0]) // np.dtype(dtype).itemsize)


def binary(rows: Ragged) -> Any:
    """Return rows of numbers as a column of binary values."""
    size = rows.values.itemsize
    buffers = [None, pa.py_buffer((rows.offsets * size).astype(np.int64)), pa.py_buffer(np.ascontiguousarray(rows.values))]
    return pa.Array.from_buffers(pa.large_binary(), len(rows), buffers).cast(pa.binary())


def batch_of(**columns: Any) -> Any:
    """Return a record batch of these columns, arrays of numpy or Arrow."""
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns.values()], [*columns])
