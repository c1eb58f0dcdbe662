"""Records: each is turned into a document, and keeps the bytes that it was read from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..model import Document
from .fields import USUAL, Extractor, FieldNames, extractor
from .options import Reading

_FIELDS = (
    "id",
    "text",
    "title",
    "source",
    "byline",
    "time",
    "language",
    "version",
    "status",
    "embargo",
    "url",
)  # of a document, as JSON names them


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read: its bytes, its fields, and its document, or the error if it is wrong.

    A row of Parquet has no bytes of its own; ``raw`` is a line of JSON then. Of a row of CSV in UTF-16 or UTF-32, ``raw`` is UTF-8.
    """

    raw: bytes
    fields: Mapping[str, Any]
    document: Document | None
    error: InputError | None = None


def document_of(record: Any, path: str, line: int | None, reading: Reading, names: FieldNames = USUAL) -> Document:
    """Return the document of a record with fields; ``names`` are those that its format has. Raises `InputError`."""
    return extractor(reading, names).document(record, path, line)


def record_of(raw: bytes, fields: Any, path: str, line: int, reading: Reading, names: FieldNames = USUAL) -> Record:
    """Return the record of these fields, with its document or its error."""
    return make_record(extractor(reading, names), raw, fields, path, line)


def make_record(made_by: Extractor, raw: bytes, fields: Any, path: str, line: int) -> Record:
    """Return the record of these fields, with the document that an extractor makes of them, or its error."""
    try:
        return Record(raw, fields, made_by.document(fields, path, line))
    except InputError as error:
        return Record(raw, {}, None, error)


def record_of_document(document: Document) -> Record:
    """Return the record of a document that was not read from a line: its bytes are a line of JSON with the fields of the document.

    >>> record_of_document(Document("1", "Rain.", "feed.xml", title="Weather")).raw
    b'{"id": "1", "text": "Rain.", "title": "Weather"}\\n'
    """
    values = {name: getattr(document, name) for name in _FIELDS}
    fields = {name: value for name, value in values.items() if value is not None}
    return Record(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n", fields, document)
