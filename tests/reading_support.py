"""What tests of readers share: the records of bytes in a format, and what readers say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from logging import Handler, LogRecord, getLogger

from dedup.model import Document
from dedup.readers.formats import find_input_format
from dedup.readers.options import Reading
from dedup.readers.records import Record


def records_of(name: str, data: bytes | str, reading: Reading | None = None, path: str = "a.xml") -> list[Record]:
    """Return the records of a file in a format."""
    raw = data.encode() if isinstance(data, str) else data
    stream = io.BufferedReader(io.BytesIO(raw))  # type: ignore[arg-type]
    return list(find_input_format(name).read(stream, path, reading or Reading()))


def documents_of(name: str, data: bytes | str, reading: Reading | None = None, path: str = "a.xml") -> list[Document]:
    """Return the documents of a file in a format; a record that is wrong raises its error."""
    found = []
    for record in records_of(name, data, reading, path):
        if record.error is not None:
            raise record.error
        if record.document is not None:
            found.append(record.document)
    return found


class _Said(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def said() -> Iterator[list[str]]:
    """Collect the lines that readers say."""
    handler, logger = _Said(), getLogger("dedup.readers")
    logger.addHandler(handler)
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)
