"""Mail: a message of a .eml, or each message of an mbox, is one document.

Its text is the plain one, else that of the HTML. Quoted replies, signatures and attachments are left out, and that is said. Sources: RFC
5322, RFC 2045 to 2047, RFC 3676 (flowed text), RFC 4155 (mbox).
"""

from __future__ import annotations

import email
import email.header
import email.message
import email.policy
import email.utils
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from ..text.markup import plain_text
from .lines import BOM, Stream, read_line, skip_line
from .mail_text import decoded, own_words, text_of_message
from .options import Reading
from .records import Record, record_of_document
from .said import say
from .whole import tidy, with_noun, within_limits, without_id

_MOST = 1 << 26  # bytes of a message
_LONGEST_LINE = 1 << 24  # bytes
_LONGEST_HEADER = 10_000  # characters
_FROM = re.compile(rb"From .*\d\d:\d\d.*\d{4}|From (?:- |\S+@)|From \S+ +[A-Z][a-z]{2} ")
_PAGE = re.compile(r"\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_QUOTED_FROM = re.compile(rb">+From ")


def _messages(stream: Stream, path: str) -> Iterator[tuple[int, bytes | None, bool]]:
    """Yield the first line and the bytes of each message, None for one that is too long, and whether it stands in an mbox.

    In an mbox a message begins with a line ``From ...`` after a blank line; ``>From`` stands for a line of text.
    """
    lines: list[bytes] = []
    number, first, size, blank, is_mbox, empty = 0, 1, 0, True, False, True
    while True:
        line, whole = read_line(stream, _LONGEST_LINE)
        if not line:
            break
        number += 1
        if number == 1:
            line = line.removeprefix(BOM)
        if not whole:
            skip_line(stream, path, number)
            size = _MOST + 1
        if blank and line.startswith(b"From ") and _FROM.match(line) and (is_mbox or empty):
            if is_mbox:
                yield first, b"".join(lines) if size <= _MOST else None, True
            lines, first, size, is_mbox, blank = [], number + 1, 0, True, False
            continue
        blank = not line.strip()
        empty &= blank
        size += len(line)
        if size > _MOST:
            lines.clear()
        else:
            lines.append(line[1:] if is_mbox and _QUOTED_FROM.match(line) else line)
    if is_mbox or number:
        yield first, b"".join(lines) if size <= _MOST else None, is_mbox


def _header(message: email.message.Message, name: str, encoding: str) -> str:
    """Return a header as text, with its encoded words decoded; '' if it is not there."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
    if not isinstance(raw, str):
        raw = str(raw)
    text = decoded(raw[:_LONGEST_HEADER].encode("utf-8", "surrogateescape"), "utf-8", encoding)
    if "=?" in text:
        try:
            parts = email.header.decode_header(text)
            text = "".join(part if isinstance(part, str) else decoded(part, charset, encoding) for part, charset in parts)
        except (ValueError, LookupError, email.errors.HeaderParseError):
            pass  # it stays as it is written
    return " ".join(tidy(text).split())


def _time(date: str) -> str | None:
    found = iso_time(date)
    if found is None and date:
        try:
            found = email.utils.parsedate_to_datetime(date).isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return found


def _sender(written: str) -> str | None:
    name, address = email.utils.parseaddr(written)
    return name.strip() or address.strip() or written or None


def _document(data: bytes, path: str, line: int, reading: Reading, left_out: Counter[str], in_mbox: bool) -> Document | None:
    """Return the document of a message; None if it has no text. Raises `InputError`."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        body, html, attachments = text_of_message(message, reading.encoding)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise InputError(f"a message that cannot be read ({type(error).__name__})", path=path, line=line, hint="leave it out") from error
    if not message.keys() and not in_mbox:
        raise InputError("a message without headers", path=path, line=line, hint="give a .eml or an mbox, or the right --as")
    html |= _PAGE.match(body[:1000]) is not None  # some programs say that it is plain
    text = tidy(plain_text(body) if html else body)
    text, quoted = own_words(text)
    left_out["attachment"] += attachments
    left_out["quoted or signature line"] += quoted
    if not text:
        return None
    name = _header(message, "message-id", reading.encoding).strip("<> ")
    return within_limits(
        Document(
            name or without_id(text, path, line, reading), text, path, line,
            time=_time(_header(message, "date", reading.encoding)),
            source=_sender(_header(message, "from", reading.encoding)),
            title=_header(message, "subject", reading.encoding) or None,
            language=_header(message, "content-language", reading.encoding) or None,
        ), reading,
    )  # fmt: skip


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a message or of the messages of an mbox. Messages without a text are left out, and that is said."""
    left_out: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for line, data, in_mbox in _messages(stream, path):
        try:
            if data is None:
                raise InputError(f"a message of more than {_MOST:,} bytes", path=path, line=line, hint="leave it out")
            if not data.strip():
                continue
            document = _document(data, path, line, reading, left_out, in_mbox)
        except InputError as error:
            yield Record(b"", {}, None, error)
            continue
        if document is None:
            left_out["message without a text"] += 1
            continue
        seen[document.id] += 1
        if seen[document.id] > 1:  # a message that was kept twice
            document = replace(document, id=f"{document.id}#{seen[document.id]}")
        yield record_of_document(document)
    if found := [with_noun(number, noun) for noun, number in left_out.items() if number]:
        say(path, f"left out: {', '.join(found)}")
