"""MHTML: a page that a browser saved with its pictures as one message; its first HTML part is the document. Source: RFC 2557."""

from __future__ import annotations

import email
import email.errors
import email.message
import email.policy
from collections.abc import Iterator
from dataclasses import replace

from ..errors import InputError
from ..text.dates import iso_time
from .html import page_document, say_main_text
from .html_encoding import decode_page
from .lines import BOM, Stream
from .options import Reading
from .records import Record, record_of_document
from .said import say
from .whole import file_id, read_whole, within_limits

_MOST = 1 << 27  # bytes, with the pictures
_MOST_PARTS = 10_000
_HTML = ("text/html", "application/xhtml+xml")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the record of the page; none if the file is empty. Raises `InputError`, also for a page without a main text."""
    data = read_whole(stream, path, "MHTML", _MOST).removeprefix(BOM)
    if not data.strip():
        return
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
        part = _page(message)
        payload = part.get_payload(decode=True) if part is not None else None
        charset = part.get_content_charset() if part is not None else None
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError, email.errors.MessageError) as error:
        raise InputError(f"MHTML that cannot be read ({type(error).__name__})", path=path, hint="save the page again") from error
    if part is None or not isinstance(payload, bytes):
        raise InputError("no part with HTML", path=path, hint="give a page that a browser saved, or the right --as")
    html, said = decode_page(payload, reading.encoding, charset)
    if said:
        say(path, said)
    url = _header(part, "content-location") or _header(message, "snapshot-content-location") or _header(message, "content-location")
    document, left_out = page_document(html, file_id(path), path, 1, url, iso_time(_header(message, "date") or ""))
    if document is None:
        what = "a page without a main text: a list of links, or a page that a program fills"
        raise InputError(what, path=path, hint="save an article, as your browser shows it")
    if left_out:
        say_main_text()
    yield record_of_document(within_limits(replace(document, title=document.title or _header(message, "subject")), reading))


def _page(message: email.message.Message) -> email.message.Message | None:
    """Return the first part with HTML: the page; frames and pictures come behind it."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop()
        seen += 1
        payload = part.get_payload()
        if isinstance(payload, list):
            waiting += [each for each in reversed(payload) if isinstance(each, email.message.Message)]
        elif part.get_content_type() in _HTML:
            return part
    return None


def _header(part: email.message.Message, name: str) -> str | None:
    value = next((str(each) for key, each in part.raw_items() if key.lower() == name), "")
    return " ".join(value[:4000].split()) or None
