"""Documents of Elasticsearch and OpenSearch: bodies of ``_bulk``, answers of ``_search`` and ``_mget``, and dumps of elasticdump."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..errors import InputError
from .field_paths import parse_path
from .fields import USUAL
from .json import on_one_line, scanner
from .jsonl import numbered_lines, parse_json
from .lines import BOM, Stream
from .options import Reading
from .records import Record, record_of
from .sniffing import SNIFFED, Head

_ACTIONS = ("index", "create", "update", "delete")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of documents, each with the id that the index has for it. Fields are those of a document, as in ``_source``."""
    keys = Head(stream.peek(SNIFFED)[:SNIFFED]).keys[0]
    if len(keys) == 1 and keys & {*_ACTIONS}:
        yield from _bulk(stream, path, reading)
        return
    where = "hits.hits[]" if "hits" in keys else "docs[]" if "docs" in keys else ""
    for line, raw in scanner(stream, path, reading, parse_path(where) if where else ()).records():
        try:
            hit = parse_json(raw, path, line)
        except InputError as error:
            yield Record(raw, {}, None, error)
            continue
        fields = document(hit)
        yield replace(record_of(on_one_line(raw), fields, path, line, reading), source=None if fields is hit else fields["_source"])


def document(hit: Any) -> Any:
    """Return the fields of a document that was found, with its id.

    >>> document({"_index": "news", "_id": "7", "_source": {"title": "Rain"}})
    {'title': 'Rain', 'id': '7', '_source': {'title': 'Rain'}}
    """
    source = hit.get("_source") if isinstance(hit, Mapping) else None
    if not isinstance(source, Mapping):
        return hit
    return {**source, "id": hit.get("_id", source.get("id")), "_source": source}


def _bulk(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a ``_bulk`` body: after each line with an action comes one with the document, after that of ``delete`` none.

    The bytes of a record are those of both lines. What is deleted is a record without a text whose status is ``deleted``.
    """
    action: dict[str, Any] | None = None
    before = b""
    for line, found, error in numbered_lines(stream, path, reading):
        data = found.removeprefix(BOM) if line == 1 else found
        if error is not None:
            yield Record(data, {}, None, error)
            action = None
            continue
        value = parse_json(data, path, line)
        if action is None:
            name = next(iter(value), "") if isinstance(value, dict) and len(value) == 1 else ""
            if name not in _ACTIONS or not isinstance(value[name], dict):
                hint = 'before each document stands a line like {"index": {"_id": "1"}}'
                raise InputError("not an action of _bulk", path=path, line=line, hint=hint)
            action = {"name": name, "id": value[name].get("_id")}
            if name == "delete":
                fields = {"id": action["id"], USUAL.text[0]: "", "status": "deleted"}
                yield replace(record_of(data, fields, path, line, reading), form="_bulk")
                action = None
            before = data
            continue
        fields = value.get("doc", value) if action["name"] == "update" and isinstance(value, dict) else value
        source = fields if isinstance(fields, dict) else None
        if source is not None:
            fields = {**source, "id": action["id"] if action["id"] is not None else source.get("id")}
        yield replace(record_of(before + data, fields, path, line, reading), form="_bulk", source=source)
        action = None
    if action is not None:
        raise InputError("a _bulk body that ends with an action", path=path, hint="the file was cut off: get it again")
