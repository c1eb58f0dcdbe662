"""Documents as an index keeps them: their texts, and what their sources say about them."""

from __future__ import annotations

import json
import zlib
from typing import Any

from ..model import Document

_KEPT = "title", "time", "url", "byline"
"""The fields of a document that are kept with its text; its id and its source are kept in any case."""


def packed(document: Document) -> tuple[bytes, bytes | None]:
    """Return the text of a document and what is said about it, as they are kept; None where nothing is said."""
    about = {name: value for name in _KEPT if (value := getattr(document, name)) is not None}
    text = zlib.compress(document.text.encode("utf-8", "surrogatepass"), 1)
    return text, json.dumps(about, ensure_ascii=False).encode("utf-8", "surrogatepass") if about else None


def unpacked(text: bytes) -> str:
    """Return a text as it was kept."""
    return zlib.decompress(text).decode("utf-8", "surrogatepass")


def kept_document(name: str, source: str | None, segmented: int, text: bytes | None, about: bytes | None) -> Document:
    """Return a document as it was kept, with an empty text where none is.

    >>> text, about = packed(Document("1", "Rain.", title="Weather"))
    >>> kept_document("1", "wire", 0, text, about).title
    'Weather'
    """
    known: dict[str, Any] = {}
    if about is not None:
        known = {key: value for key, value in json.loads(about.decode("utf-8", "surrogatepass")).items() if key in _KEPT}
    return Document(name, "" if text is None else unpacked(text), source=source, segmented=bool(segmented), **known)
