"""Fields of wire formats: the words for a status, times, ids for items that have none, and the record of an item."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .lines import unify_newlines
from .options import Reading
from .records import Record, record_of_document

_WORDS = {
    "usable": ("usable", "published", "publish", "public"),
    "withheld": ("withheld", "embargoed", "draft", "pending", "future", "private", "auto-draft", "unconfirmed"),
    "canceled": ("canceled", "cancelled", "killed", "kill", "withdrawn", "deleted", "trash", "recalled", "retracted", "expired"),
}
_STATUS = {word: status for status, words in _WORDS.items() for word in words}


def status_of(word: str | None) -> str | None:
    """Return the status that a word of a format means; None if it is unknown. A prefix or an address may stand before it.

    >>> status_of("stat:canceled"), status_of("Embargoed"), status_of("http://cv.iptc.org/newscodes/pubstatusg2/usable")
    ('canceled', 'withheld', 'usable')
    """
    return _STATUS.get((word or "").strip().lower().replace("/", ":").rpartition(":")[2])


def first_time(*texts: str | None) -> str | None:
    """Return the first of these that is a time, as ISO 8601.

    >>> first_time(None, "soon", "20240102T100000Z")
    '2024-01-02T10:00:00+00:00'
    """
    return next((found for text in texts if text and (found := iso_time(text))), None)


def made_id(document: Document, reading: Reading) -> str:
    """Return an id for a document that has none: its file and line, or a digest of its title and text."""
    if reading.unnamed == "line":
        return f"{document.path}:{document.line}"
    return hashlib.sha256(f"{document.title or ''}\n{document.text}".encode("utf-8", "replace")).hexdigest()[:16]


def finished(document: Document, reading: Reading) -> Record:
    """Return the record of a document, with an id made if it has none, or with its error if its text is too long."""
    if len(document.text) > reading.max_chars:
        what = f"a text of more than {reading.max_chars:,} characters"
        error = InputError(what, path=document.path, line=document.line, hint="leave it out, or raise --max-chars")
        return Record(b"", {}, None, error)
    document = replace(document, text=unify_newlines(document.text))
    return record_of_document(document if document.id else replace(document, id=made_id(document, reading)))
