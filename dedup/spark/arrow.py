"""Arrow: record batches are turned into arrays and back, and sorted partitions are read in parts that do not cut groups."""

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


def lists_of(batch: Any, name: str, dtype: Any) -> Ragged:
    """Return a column of lists of numbers as rows; null becomes an empty row."""
    column = batch.column(name)
    lengths = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    values = column.flatten().to_numpy(zero_copy_only=False).astype(dtype)
    return Ragged(values, np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))))


def binary(rows: Ragged) -> Any:
    """Return rows of numbers as a column of binary values."""
    size = rows.values.itemsize
    buffers = [None, pa.py_buffer((rows.offsets * size).astype(np.int64)), pa.py_buffer(np.ascontiguousarray(rows.values))]
    return pa.Array.from_buffers(pa.large_binary(), len(rows), buffers).cast(pa.binary())


def batch_of(**columns: Any) -> Any:
    """Return a record batch of these columns, arrays of numpy or Arrow."""
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns.values()], [*columns])


def columns_of(batch: Any) -> dict[str, Array]:
    """Return the columns of a batch as arrays of numbers, by name."""
    return {name: numbers(batch, name) for name in batch.schema.names}


def whole_groups(batches: Batches, key: str, most: int, overlap: int = 0) -> Iterator[tuple[dict[str, Array], int]]:
    """Yield the rows of a partition sorted by ``key``, as columns of numbers, in parts of about ``most`` rows that do not cut groups.

    With an ``overlap``, a group of more than ``most`` rows is cut: each later part of it begins with the last ``overlap`` rows of the part
    before. The number of such repeated rows is yielded with each part.
    """
    held: list[dict[str, Array]] = []
    count = again = 0
    for batch in (columns_of(batch) for batch in batches if batch.num_rows):
        held.append(batch)
        count += len(batch[key])
        if count < most:
            continue
        held = [_joined(held)]
        start = int(np.searchsorted(held[0][key], held[0][key][-1]))
        if start:
            yield _cut(held[0], slice(start)), again
            again = 0
        elif overlap and count >= most + again:
            yield held[0], again
            again = overlap
            start = count - overlap
        held = [_cut(held[0], slice(start, None))]
        count -= start
    if count > again:
        yield _joined(held), again


def _joined(parts: list[dict[str, Array]]) -> dict[str, Array]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _cut(part: dict[str, Array], where: slice) -> dict[str, Array]:
    return {name: column[where] for name, column in part.items()}
