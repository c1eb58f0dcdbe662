"""Arrow: a record for each row of an Arrow file, an Arrow stream or a Feather file. Needs pyarrow, the extra ``[parquet]``."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from ..errors import InputError
from .lines import Stream
from .options import Reading
from .records import Record
from .rows import ROWS, records_of_batch
from .whole import read_whole

_RENEW = """
import io, sys, warnings
warnings.simplefilter("ignore")
from pyarrow import feather, ipc
table = feather.read_table(io.BytesIO(sys.stdin.buffer.read()), memory_map=False)
with ipc.new_stream(sys.stdout.buffer, table.schema) as out:
    out.write_table(table)
"""
_PATIENCE = 600  # seconds
_FILE, _OLD, _STREAM = b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"


def _batches(source: Any, start: bytes) -> Iterator[Any]:
    """Yield the batches of a file or a stream, each checked, because a wrong offset in one would be read without a question."""
    import pyarrow

    found: Any
    if start.startswith(_FILE):
        reader = pyarrow.ipc.open_file(source)
        found = (reader.get_batch(place) for place in range(reader.num_record_batches))
    else:
        found = pyarrow.ipc.open_stream(source)
    for batch in found:
        batch.validate(full=True)
        yield batch


def _renewed(data: bytes, path: str) -> bytes:
    """Return a file of the first version of Feather as an Arrow stream.

    Another process does it, because pyarrow ends the process that reads such a file if it is damaged. Raises `InputError`.
    """
    done = subprocess.run([sys.executable, "-c", _RENEW], input=data, capture_output=True, check=False, timeout=_PATIENCE)
    if done.returncode:
        raise InputError("a file of Feather version 1 that cannot be read", path=path, hint="write it again, with version 2")
    return done.stdout


def batches(stream: Stream, path: str) -> Iterator[Any]:
    """Yield the rows of Arrow or Feather, many together, as batches of pyarrow.

    Raises `InputError` if pyarrow is missing, or if the rest cannot be read.
    """
    try:
        from pyarrow import ArrowException
    except ImportError as error:
        raise InputError("an Arrow file needs pyarrow", path=path, hint="pip install 'bulletin-dedup[parquet]'") from error
    start = stream.peek(8)[:8]
    if not start.startswith((_FILE, _OLD, _STREAM)):
        raise InputError("not Arrow: it begins with neither ARROW1, FEA1 nor a message", path=path, hint="give Arrow, or the right --as")
    number = 0
    try:
        source: Any = stream
        if start.startswith(_OLD):
            source, start = io.BytesIO(_renewed(read_whole(stream, path, "Feather"), path)), _STREAM
        elif start.startswith(_FILE) and not stream.seekable():  # a file is read from its end
            source = io.BytesIO(read_whole(stream, path, "packed or piped Arrow"))
        for batch in _batches(source, start):
            for first in range(0, batch.num_rows, ROWS):
                yield (part := batch.slice(first, ROWS))
                number += part.num_rows
    except (ArrowException, OSError, ValueError, MemoryError, OverflowError, KeyError, TypeError, subprocess.SubprocessError) as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(f"Arrow that cannot be read ({why})", path=path, line=number + 1, hint="write it again") from error


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of Arrow or Feather. Raises as `batches` does."""
    number = 0
    for batch in batches(stream, path):
        yield from records_of_batch(batch, path, number, reading)
        number += batch.num_rows
