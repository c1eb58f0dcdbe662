"""WARC and WET: each page of a capture of the web is one document, by the id of its record.

A response or resource with HTML gives its main text, a conversion (WET) and plain text their text. Source: WARC 1.1, ISO 28500.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..errors import InputError
from ..model import Document
from ..text.dates import iso_time
from .html import MOST_PAGE, page_document, say_main_text
from .html_encoding import decode_page
from .http import body_of, kind_and_charset, parse_response
from .lines import Stream
from .options import Reading
from .records import Record, record_of_document
from .said import say
from .whole import tidy, with_noun, within_limits, without_id

_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
_MOST_RECORD = MOST_PAGE + (1 << 18)  # bytes of a record that is read; of a longer one only the end is looked for
_LONGEST_LINE, _MOST_HEADERS = 1 << 16, 1000
_STEP = 1 << 20  # bytes that are skipped together
_VERSION = re.compile(rb"WARC/[0-9.]{1,5}\s*$")
_LENGTH = re.compile(r"[0-9]{1,15}$")
_GOOD = 200
_LANGUAGES = """
ara:ar eng:en fra:fr fas:fa tur:tr urd:ur spa:es deu:de rus:ru zho:zh ita:it por:pt nld:nl jpn:ja kor:ko heb:he hin:hi ind:id pol:pl ukr:uk
"""
_ISO3 = {each[:3]: each[4:] for each in _LANGUAGES.split()}  # ISO 639-3, as WET has it, to 639-1

Capture = tuple[dict[str, str], bytes | None]
"""A record of WARC: its headers, with names in lower case, and its block, None for one that is too long."""


def captures(stream: Stream, path: str) -> Iterator[tuple[int, Capture]]:
    """Yield the records with their numbers, from 1. Raises `InputError` where the file is damaged or ends within a record."""
    number = 0
    while True:
        line = _line(stream, path, number)
        while line and not line.strip():
            line = _line(stream, path, number)
        if not line:
            return
        number += 1
        if not _VERSION.match(line):
            what = f"record {number:,} does not begin with WARC/" if number > 1 else "not WARC: it does not begin with WARC/"
            raise InputError(what, path=path, hint="the file is damaged, or give the right --as")
        headers = _headers(stream, path, number)
        length = headers.get("content-length", "")
        if not _LENGTH.match(length):
            raise InputError(f"record {number:,} has no length", path=path, hint="the file is damaged")
        yield number, (headers, _block(stream, path, number, int(length)))


def _line(stream: Stream, path: str, number: int) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
        raise InputError(f"a line without end behind record {number:,}", path=path, hint="the file is damaged")
    return line


def _headers(stream: Stream, path: str, number: int) -> dict[str, str]:
    headers: dict[str, str] = {}
    last = ""
    for _ in range(_MOST_HEADERS):
        line = _line(stream, path, number).decode("utf-8", "replace")
        if not line.strip():
            return headers
        if line[0] in " \t" and last:
            headers[last] += f" {line.strip()}"
            continue
        name, _, value = line.partition(":")
        last = name.strip().lower()
        headers.setdefault(last, value.strip())
    raise InputError(f"record {number:,} has more than {_MOST_HEADERS:,} headers", path=path, hint="the file is damaged")


def _block(stream: Stream, path: str, number: int, length: int) -> bytes | None:
    parts: list[bytes] = []
    left = length
    while left:
        data = stream.read(min(left, _STEP))
        if not data:
            raise InputError(f"the file ends within record {number:,}", path=path, hint="it was cut off: get it again")
        left -= len(data)
        if length <= _MOST_RECORD:
            parts.append(data)
    return b"".join(parts) if length <= _MOST_RECORD else None


class _Pages:
    """Makes documents of captures, and counts what gives none."""

    def __init__(self, path: str, reading: Reading):
        self._path, self._reading = path, reading
        self.left_out: Counter[str] = Counter()
        self.trimmed = False
        self.reasons: dict[str, None] = {}

    def document(self, number: int, capture: Capture) -> Document | None:
        """Return the document of a record; None, which is counted, if it holds no page."""
        headers, block = capture
        kind = headers.get("warc-type", "").lower()
        if kind == "revisit":
            self.left_out["repeated page"] += 1
            return None
        if kind not in ("response", "resource", "conversion"):
            return None
        if block is None:
            self.left_out["oversized record"] += 1
            return None
        media, charset = kind_and_charset(headers.get("content-type", ""))
        if kind == "response" and (media == "application/http" or block.startswith(b"HTTP/")):
            response = parse_response(block)
            if response is None:
                self.left_out["damaged response"] += 1
                return None
            media, charset = response.kind, response.charset
            if response.status != _GOOD:
                self.left_out["failed response"] += 1
                return None
            if media not in (*_HTML, _PLAIN):
                self.left_out["other file"] += 1
                return None
            try:
                block = body_of(response, MOST_PAGE)
            except ValueError as error:
                self.reasons.setdefault(str(error))
                self.left_out["packed page"] += 1
                return None
        if media not in (*_HTML, _PLAIN):
            self.left_out["other file"] += 1
            return None
        return self._page(number, headers, block, media, charset)

    def _page(self, number: int, headers: dict[str, str], block: bytes, media: str, charset: str | None) -> Document | None:
        url = headers.get("warc-target-uri", "").strip("<>") or None
        time = iso_time(headers.get("warc-date", ""))
        name = headers.get("warc-record-id", "").strip("<> ")
        text, _ = decode_page(
            block, "utf-8" if media == _PLAIN and headers.get("warc-type") == "conversion" else self._reading.encoding, charset
        )
        if media == _PLAIN:
            language = headers.get("warc-identified-content-language", "").split(",")[0].strip().lower()
            text = tidy(text)
            document = Document(name, text, self._path, number, time=time, url=url, language=_ISO3.get(language, language) or None)
        else:
            found, left_out = page_document(text, name, self._path, number, url, time)
            self.trimmed = self.trimmed or bool(left_out)
            if found is None:
                self.left_out["page without main text"] += 1
                return None
            document = found
        if not document.text:
            self.left_out["page without text"] += 1
            return None
        if name:
            return document
        return Document(
            without_id(document.text, self._path, number, self._reading), document.text, self._path, number, time=document.time,
            source=document.source, title=document.title, url=document.url, language=document.language, byline=document.byline,
        )  # fmt: skip


def pages(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of the pages of a WARC file. What gives none is counted, and said at the end."""
    found = _Pages(path, reading)
    for number, capture in captures(stream, path):
        document = found.document(number, capture)
        if document is None:
            continue
        try:
            yield record_of_document(within_limits(document, reading))
        except InputError as error:
            yield Record(b"", {}, None, error)
    if found.left_out:
        say(path, f"left out: {', '.join(with_noun(count, what) for what, count in found.left_out.items())}")
    if found.reasons:
        say(path, f"pages cannot be unpacked because of {', '.join(found.reasons)}")
    if found.trimmed:
        say_main_text()


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of the pages of a WARC file; none if it is empty.

    Raises `InputError` if the rest cannot be read, and if there is no page in it.
    """
    empty = bool(stream.peek(1))
    for record in pages(stream, path, reading):
        empty = False
        yield record
    if empty:
        raise InputError("no page with a text in this file", path=path, hint="leave it out")
