"""Sources: the documents and records of all files that paths name, plain or packed.

A text file is one document, which is cut into segments. A line of JSONL or a row of CSV or Parquet is one document with an id and a text.
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
from .records import Record, documents_of_records
from .text import read_text


def read(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Document]:
    """Read every document of these paths, folders and globs, one at a time.

    Raises `InputError`, with path and line, for anything that cannot be read: nothing is skipped.
    """
    reading = reading or Reading()
    for path in find_files(paths, reading):
        with open_source(path) as stream:
            yield from _read_stream(stream, path, reading)


def read_bytes(data: bytes, path: str, reading: Reading) -> Iterator[Document]:
    """Read every document of a file whose bytes are given, as `read` does."""
    stream = inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))), data[:4], ahead=False)
    try:
        yield from _read_stream(stream, path, reading)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def read_records(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Record]:
    """Read every record of these paths, one at a time. A wrong record has its error in it.

    Raises `InputError` if the rest of a source cannot be read, and for a text file, which has no records.
    """
    reading = reading or Reading()
    for path in find_files(paths, reading):
        with open_source(path) as stream:
            kind = detect_format(stream, path, reading)
            if kind == "text" and not stream.peek(64).strip():
                kind = "jsonl"  # an empty feed
            if kind == "text":
                raise InputError("a text file has no records", path=path, hint="give JSONL, CSV or Parquet, or --input-format")
            yield from records(stream, kind, path, reading)


def _read_stream(stream: Stream, path: str, reading: Reading) -> Iterator[Document]:
    kind = detect_format(stream, path, reading)
    found = read_text(stream, path, reading) if kind == "text" else documents_of_records(records(stream, kind, path, reading))
    for first in found:
        yield first
        yield from found
        return
    raise InputError("nothing to read: the file is empty or blank", path=path, hint="leave it out")
