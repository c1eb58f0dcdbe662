"""Sources: the documents and records of all files that paths name, plain or packed, in any format that can be read."""

from __future__ import annotations

import io
import logging
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from ..errors import InputError
from ..model import Document
from .detection import UnknownKind, detect_format
from .files import Sources, find_sources, inflated, open_source, unreadable
from .formats import Format, ending, find_format
from .lines import Stream
from .options import Reading
from .records import Record, documents_of_records

_LOG = logging.getLogger("dedup.readers")


def read(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Document]:
    """Read every document of these paths, folders and globs, one at a time.

    Raises `InputError`, with path and line, for what cannot be read. Files of a folder whose kind is not known are left out, and that is
    said; where ``reading.strict`` they are errors too.
    """
    reading = reading or Reading()
    for stream, found, path in _opened(find_sources(paths, reading), reading):
        yield from _documents(stream, found, path, reading)


def read_bytes(data: bytes, path: str, reading: Reading) -> Iterator[Document]:
    """Read every document of a file whose bytes are given, as `read` does."""
    stream = inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)), len(data) or 1), data[:4], ahead=False)
    try:
        yield from _documents(stream, detect_format(stream, path, reading), path, reading)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def read_records(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Record]:
    """Read every record of these paths, one at a time. A wrong record has its error in it.

    Raises `InputError` if the rest of a source cannot be read, and for a text file, which has no records.
    """
    reading = reading or Reading()
    for stream, found, path in _opened(find_sources(paths, reading), reading):
        if found.name == "text" and stream.peek(64).strip():
            hint = "give JSONL, CSV or a format of news, or say with --as what it is"
            raise InputError("a text file has no records", path=path, hint=hint)
        records = find_format("jsonl") if found.name == "text" else found  # an empty feed
        yield from records.read(stream, path, reading)


def _opened(sources: Sources, reading: Reading) -> Iterator[tuple[Stream, Format, str]]:
    """Yield the streams of files with their formats. Those of folders whose kind is not known are left out, and in the end that is said."""
    skipped = Counter(f"{ending(path) or 'without an ending'}" for path in sources.unknown)
    if reading.strict and sources.unknown:
        raise InputError("a file of a kind that is not read", path=sources.unknown[0], hint="leave it out, or drop --strict")
    for path in sources.files:
        with open_source(path) as stream:
            try:
                found = detect_format(stream, path, reading)
            except UnknownKind as error:
                if path not in sources.in_folders or reading.strict:
                    raise
                _LOG.warning("%s is left out: %s", path, error.what)
                skipped[f"{ending(path)} that is another kind"] += 1
                continue
            yield stream, found, path
    if skipped:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(skipped.items()))
        _LOG.warning("left out %s that are not read: %s", f"{sum(skipped.values()):,} files", kinds)


def _documents(stream: Stream, found: Format, path: str, reading: Reading) -> Iterator[Document]:
    documents = documents_of_records(found.read(stream, path, reading))
    for first in documents:
        yield first
        yield from documents
        return
    raise InputError("nothing to read: the file is empty or blank", path=path, hint="leave it out")
