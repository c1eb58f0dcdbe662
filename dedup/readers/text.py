"""Text files: each is one document, which is cut into segments later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import InputError
from ..model import Document
from ..text.html_tokens import decode_references
from .files import STDIN
from .lines import SPARE, Stream, decode, line_beyond, too_long, unify_newlines
from .options import Reading
from .records import Record
from .said import say

_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ELEMENTS = (
    "a|abbr|article|b|blockquote|body|br|code|div|em|figure|font|h[1-6]|head|html|i|iframe|img|input|li|link|meta|ol|p|pre|script|section|"
    "span|strong|style|table|td|tr|u|ul"
)
_TAG = re.compile(rf"</?(?:{_ELEMENTS})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_TAGS_PER_CHARACTER = 1 / 400  # of texts with markup; a text about HTML may name some
_BASE64 = re.compile(r"(?:^[A-Za-z0-9+/]{60,}={0,2}$\n?){4}|[A-Za-z0-9+/]{500}", re.MULTILINE)


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the document of a text file; none if it is blank. Raises `InputError`, also for what is no text, or has markup in it."""
    limit = 4 * reading.max_chars + SPARE  # a character has at most four bytes
    data = stream.read(limit + 1)  # no more, because the content of a packed file may have any size
    if len(data) > limit and b"\n" in data:
        raise InputError(f"a text of more than {limit:,} bytes", path=path, hint="split it, or raise --max-chars")
    if len(data) > limit:
        raise too_long(path, 1, reading.max_chars)
    text = unify_newlines(decode(data, path, reading.encoding))
    if (place := text.find("\0")) >= 0:
        raise _no_text("a NUL character: this is not a text", text, place, path)
    if reading.input_format is None:
        _refuse_strange(text, path, reading)
    if number := line_beyond(text, reading.max_chars):
        raise too_long(path, number, reading.max_chars)
    if text.strip():
        plain = text
        if reading.text_format == "html":
            from ..text.markup import plain_text

            plain = plain_text(text)
        if reading.text_format == "auto" and (plain := decode_references(text)) != text:
            say(path, "character references, such as &nbsp;, are read as characters; --text-format plain keeps them")
        yield Record(b"", {}, Document("stdin" if path == STDIN else path, plain, path, 1, segmented=True))


def _refuse_strange(text: str, path: str, reading: Reading) -> None:
    """Raise `InputError` for control characters, markup and base64, unless the options say what to do with them."""
    if match := _CONTROL.search(text):
        raise _no_text(f"a control character, U+{ord(match[0]):04X}: this is not a text", text, match.start(), path)
    if match := _BASE64.search(text):
        raise _no_text("base64: this is not a text", text, match.start(), path)
    if reading.text_format == "auto" and "<" in text:
        tags = sum(1 for _ in _TAG.finditer(text))
        if tags > 2 and tags > len(text) * _TAGS_PER_CHARACTER and (match := _TAG.search(text)):
            line = text.count("\n", 0, match.start()) + 1
            hint = "read it as HTML with --text-format html, or as it is with --text-format plain"
            raise InputError(f"{tags:,} tags: this is a text with markup", path=path, line=line, hint=hint)


def _no_text(what: str, text: str, place: int, path: str) -> InputError:
    hint = "give a text file, or the right --encoding; --as text reads it as it is"
    return InputError(what, path=path, line=text.count("\n", 0, place) + 1, hint=hint)
