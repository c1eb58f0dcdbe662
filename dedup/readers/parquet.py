"""Parquet: a record for each row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import InputError
from .lines import Stream
from .options import Reading
from .records import Record
from .rows import ROWS, records_of_batch

_MOST_WHOLE = 1 << 28  # bytes of Parquet that is packed or comes from a pipe and so is kept in memory; as much as one worker of Spark reads


@contextmanager
def parquet_file(source: str | Stream, path: str) -> Iterator[Any]:
    """Open Parquet with pyarrow, from a path or a stream. Raises `InputError` if pyarrow is missing, or if the file cannot be read."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError("a Parquet file needs pyarrow", path=path, hint="pip install 'bulletin-dedup[parquet]'") from error
    try:
        whole = None if isinstance(source, str) or source.seekable() else io.BytesIO(_read_whole(source, path))
        with ParquetFile(whole or source) as file:
            yield file
    except ArrowException as error:
        raise InputError(f"Parquet that cannot be read ({' '.join(str(error).split())})", path=path, hint="write it again") from error


def _read_whole(stream: Stream, path: str) -> bytes:
    start = stream.peek(4)
    if len(start) > 3 and not start.startswith(b"PAR1"):
        raise InputError("Parquet that cannot be read (it does not begin with PAR1)", path=path, hint="write it again")
    data = stream.read(_MOST_WHOLE + 1)
    if len(data) > _MOST_WHOLE:
        raise InputError(f"packed or piped Parquet of more than {_MOST_WHOLE:,} bytes", path=path, hint="unpack it to a file")
    return data


def batches(stream: Stream, path: str) -> Iterator[Any]:
    """Yield the rows of Parquet, many together, as batches of pyarrow."""
    with parquet_file(stream, path) as file:
        yield from file.iter_batches(batch_size=ROWS)


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of Parquet. Needs pyarrow."""
    number = 0
    for batch in batches(stream, path):
        yield from records_of_batch(batch, path, number, reading)
        number += batch.num_rows
