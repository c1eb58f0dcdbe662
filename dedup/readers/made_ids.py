"""Ids of documents that have none of their own."""

from __future__ import annotations

from ..text.ids import text_digest
from .options import Reading


def made_id(text: str, path: str, line: int | None, reading: Reading) -> str:
    """Return an id for a document that has none: its file and line, or a digest of its text where the options say so or no line is known.

    >>> made_id("Rain.", "feed.jsonl", 7, Reading()), made_id("Rain.", "-", 7, Reading())
    ('feed.jsonl:7', 'stdin:7')
    """
    if reading.unnamed == "digest" or line is None:
        return text_digest(text).hex()[:20]
    return f"{'stdin' if path == '-' else path}:{line}"
