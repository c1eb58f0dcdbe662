"""Fields of wire formats: statuses, times, ids for items that have none, and the record of an item."""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .made_ids import made_id
from .options import Reading
from .records import Record, record_of_document
from .statuses import status_of
from .whole import tidy
from .xml_encoding import without_controls

_BEFORE_SOURCE = re.compile(r"\s+[-\N{EN DASH}\N{EM DASH}|]\s+\Z")
LEFT_OUT = Record(b"", {}, None)
"""What stands for the items of a file that are left out, which was said: the file is not empty."""


def news_status(word: str | None) -> str | None:
    """Return the status that a word of a format means; None if it is unknown. A prefix or an address may stand before it.

    >>> news_status("stat:canceled"), news_status("Embargoed"), news_status("http://cv.iptc.org/newscodes/pubstatusg2/usable")
    ('canceled', 'withheld', 'usable')
    """
    return status_of((word or "").strip().replace("/", ":"))


def first_time(*texts: str | None) -> str | None:
    """Return the first of these that is a time, as ISO 8601.

    >>> first_time(None, "soon", "20240102T100000Z")
    '2024-01-02T10:00:00+00:00'
    """
    return next((found for text in texts if text and (found := iso_time(text))), None)


def is_flash(text: str, status: str | None, version: object) -> bool:
    """Tell whether an item without a text is news of its headline alone: the first version of one that is not taken back.

    >>> is_flash("", "usable", "1"), is_flash("", "usable", "3"), is_flash("", "canceled", None)
    (True, False, False)
    """
    return not text.strip() and status in (None, "usable") and str(version) == "1"


def finished(document: Document, reading: Reading) -> Record:
    """Return the record of a document. A flash has its headline as text, and an id that is missing is made as the options say.

    A text that is too long is an error in the record.
    """
    path, line = document.path, document.line
    document = replace(document, text=tidy(without_controls(document.text)), title=document.title and without_controls(document.title))
    if document.title and is_flash(document.text, document.status, document.version):
        document = replace(document, text=document.title)
    if len(document.text) > reading.max_chars:
        what = f"a text of more than {reading.max_chars:,} characters"
        return Record(b"", {}, None, InputError(what, path=path, line=line, hint="leave it out, or raise --max-chars"))
    if document.id:
        return record_of_document(document)
    if reading.unnamed == "refuse":
        return Record(b"", {}, None, InputError("an item without an id", path=path, line=line, hint="correct the file"))
    return record_of_document(replace(document, id=made_id(document.text, path or "", line, reading)))


def without_source(title: str, source: str | None) -> str:
    """Return a title without the name of its own source at the end, behind a dash or a bar: so sites that gather feeds write it.

    >>> without_source("Bridge falls in Marsa - Rain News", "Rain News"), without_source("Talks with Rain News", "Rain News")
    ('Bridge falls in Marsa', 'Talks with Rain News')
    """
    name = " ".join((source or "").split())
    if not name or title[-len(name) :].casefold() != name.casefold():
        return title
    head = _BEFORE_SOURCE.search(title[: -len(name)])
    return title[: head.start()] if head and head.start() else title
