"""Sources to documents and records: text files and files of records, plain or compressed.

A text file is one document to be segmented; a line of JSONL or a row of CSV or Parquet is one document with an id and a text.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import cast

from ..errors import InputError
from ..model import Document
from .files import find_files, inflated, open_source, unreadable
from .formats import detect_format, records
from .lines import Stream
from .options import Reading
from .records import Record, documents
from .text import read_text


def read(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Document]:
    """Read every document of these paths, folders and globs, one at a time.

    Raises `InputError` with path and line for what cannot be read: nothing is skipped.
    """
    reading = reading or Reading()
    for path in find_files(paths, reading):
        with open_source(path) as stream:
            yield from _read_stream(stream, path, reading)


def read_bytes(data: bytes, path: str, reading: Reading) -> Iterator[Document]:
    """Read every document of a file that is in memory, as `read` does."""
    stream = inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))), data[:4], ahead=False)
    try:
        yield from _read_stream(stream, path, reading)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def read_records(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Record]:
    """Read every record of these paths, one at a time; one that is wrong says so.

    Raises `InputError` for a source that cannot be read further, and for a text file, which has no records.
    """
    reading = reading or Reading()
    for path in find_files(paths, reading):
        with open_source(path) as stream:
            kind = detect_format(stream, path, reading)
            if kind == "text" and not stream.peek(64).strip():
                kind = "jsonl"  # a feed of none, so far
            if kind == "text":
                raise InputError("a text file has no records", path=path, hint="give JSONL, CSV or Parquet, or --input-format")
            yield from records(stream, kind, path, reading)


def _read_stream(stream: Stream, path: str, reading: Reading) -> Iterator[Document]:
    kind = detect_format(stream, path, reading)
    found = read_text(stream, path, reading) if kind == "text" else documents(records(stream, kind, path, reading))
    for first in found:
        yield first
        yield from found
        return
    raise InputError("nothing to read: the file is empty or blank", path=path, hint="leave it out")
