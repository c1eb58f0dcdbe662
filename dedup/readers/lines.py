"""Bytes to lines and texts, in memory that is bounded before anything is read: what packed files hold may be of any size."""

from __future__ import annotations

import codecs
from typing import Protocol

from ..errors import InputError

BOM = b"\xef\xbb\xbf"
SPARE = 1 << 16  # bytes or characters of a line beside a text of the longest sort
STEP, WITHOUT_END = 1 << 20, 1 << 28  # bytes of a line that are read together, and of one that is too long, passed over in all
_ENCODING_HINT = "try utf-8, windows-1256 or iso-8859-6"
# Encodings of Python that are for names of hosts or source code, or that can say half of a surrogate pair.
_UNFIT = {"undefined", "idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "utf-7"}


class Stream(Protocol):
    """What is read from a file, plain or inflated."""

    def read(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...

    def peek(self, size: int = ..., /) -> bytes: ...

    def seekable(self) -> bool: ...

    def close(self) -> None: ...


def one_newline(text: str) -> str:
    """Return the text with the line ends of Windows and old machines made one."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def check_encoding(encoding: str) -> codecs.CodecInfo:
    """Return how to read an encoding. Raises `InputError` for what is none, or none of whole texts."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:  # ValueError: with a NUL
        raise InputError(f"unknown encoding {encoding}", hint=_ENCODING_HINT) from error
    if found.name in _UNFIT or not found._is_text_encoding or found.incrementaldecoder is None:
        raise InputError(f"{encoding} is no encoding of texts", hint=_ENCODING_HINT)
    return found


def decode(data: bytes, path: str, encoding: str) -> str:
    """Return the text of bytes. Raises `InputError` with the line."""
    check_encoding(encoding)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise wrong_encoding(encoding, start, path, data.count(b"\n", 0, start) + 1) from error
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def wrong_encoding(encoding: str, byte: int, path: str, line: int, of: str = "") -> InputError:
    """Return the error of bytes that are not in an encoding."""
    hint = "name the right one with --encoding, for example windows-1256"
    return InputError(f"not {encoding} at byte {byte}{of}", path=path, line=line, hint=hint)


def too_long(path: str, line: int | None, limit: int) -> InputError:
    """Return the error of a line beyond the limit, in characters."""
    return InputError(f"a line of more than {limit:,} characters", path=path, line=line, hint="split it, or raise --max-chars")


def read_line(stream: Stream, limit: int) -> tuple[bytes, bool]:
    """Return a line of up to ``limit`` bytes and True, or the beginning of a longer one and False; nothing and True at the end."""
    parts: list[bytes] = []
    size = 0
    while size < limit:
        wanted = min(STEP, limit - size)
        parts.append(stream.readline(wanted))
        size += len(parts[-1])
        if len(parts[-1]) < wanted or parts[-1].endswith(b"\n"):
            return b"".join(parts) if len(parts) > 1 else parts[0], True
    return parts[0], False


def pass_over(stream: Stream, path: str, line: int) -> None:
    """Read the rest of a line, in constant memory. Raises `InputError` for one that does not end."""
    for _ in range(WITHOUT_END // STEP):
        data = stream.readline(STEP)
        if len(data) < STEP or data.endswith(b"\n"):
            return
    raise InputError("a line without end", path=path, line=line, hint="this is no file of records, or it is damaged")


def line_beyond(text: str, limit: int) -> int | None:
    """Return the number of the first line of more than ``limit`` characters, from 1, None where there is none.

    >>> line_beyond("a\\nbcd\\ne", 2), line_beyond("a\\nbcd\\ne", 3)
    (2, None)
    """
    start = 0
    while len(text) - start > limit:
        end = text.rfind("\n", start, start + limit + 1)
        if end < 0:
            return text.count("\n", 0, start) + 1
        start = end + 1
    return None
