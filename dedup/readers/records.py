"""Records: each is turned into a document, and keeps the bytes that it was read from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..model import Document
from .lines import too_long, unify_newlines
from .options import Reading

_FIELDS = "id", "text", "title", "source", "time", "language", "version", "status", "embargo", "url"  # of a document, as JSON names them


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read: its bytes, its fields, and its document, or the error if it is wrong.

    A row of Parquet has no bytes of its own; ``raw`` is a line of JSON then. Of a row of CSV in UTF-16 or UTF-32, ``raw`` is UTF-8.
    """

    raw: bytes
    fields: Mapping[str, Any]
    document: Document | None
    error: InputError | None = None


def _field(record: Mapping[str, Any], name: str, option: str, path: str, line: int | None) -> str:
    """Return the value of a field that must be there. The text may be empty, but no number; other fields may be numbers, but not empty."""
    value = record.get(name)
    if isinstance(value, str) and (value or option == "--text-field"):
        return value
    if option != "--text-field" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    what = "no field" if value is None else "no text in field"
    raise InputError(f"{what} {name!r}", path=path, line=line, hint=f"name the field with {option}")


def document_of(record: Any, path: str, line: int | None, reading: Reading) -> Document:
    """Return the document of a record with fields. Raises `InputError`."""
    if not isinstance(record, dict):
        raise InputError("not a record with fields", path=path, line=line, hint='each line is an object like {"id": "1", "text": "..."}')
    name = _field(record, reading.id_field, "--id-field", path, line)
    if "\0" in name:
        raise InputError("a NUL character in an id", path=path, line=line, hint="correct the record")
    text = _field(record, reading.text_field, "--text-field", path, line)
    if len(text) > reading.max_chars:
        raise too_long(path, line, reading.max_chars)
    time = reading.time_field and _field(record, reading.time_field, "--time-field", path, line)
    cluster = reading.cluster_field and _field(record, reading.cluster_field, "--cluster-field", path, line)
    source = reading.source_field and _field(record, reading.source_field, "--source-field", path, line)
    return Document(name, unify_newlines(text), path, line, time=time or None, cluster=cluster or None, source=source or None)


def record_of(raw: bytes, fields: Any, path: str, line: int, reading: Reading) -> Record:
    """Return the record of these fields, with its document or its error."""
    try:
        return Record(raw, fields, document_of(fields, path, line, reading))
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


def documents_of_records(found: Iterable[Record]) -> Iterator[Document]:
    """Yield the documents of records. Raises the `InputError` of the first wrong record."""
    for record in found:
        if record.error is not None:
            raise record.error
        if record.document is not None:
            yield record.document
