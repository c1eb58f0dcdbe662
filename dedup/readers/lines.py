"""Lines: bytes are read as lines and decoded, in limited memory, because the content of a packed file may have any size."""

from __future__ import annotations

import codecs
from typing import Protocol

from ..errors import InputError

BOM = b"\xef\xbb\xbf"
SPARE = 1 << 16  # bytes or characters that a line may have besides the longest text
STEP = 1 << 20  # bytes of a line that are read together
WITHOUT_END = 1 << 28  # bytes: a line of which this much was skipped has no end
_ENCODING_HINT = "try utf-8, windows-1256 or iso-8859-6"
# Encodings of Python for host names or source code, and those that can encode half of a surrogate pair.
_UNFIT = {"undefined", "idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "utf-7"}


class Stream(Protocol):
    """A stream of the bytes of a file, plain or inflated."""

    def read(self, size: int = ..., /) -> bytes: ...

    def read1(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...

    def peek(self, size: int = ..., /) -> bytes: ...

    def seekable(self) -> bool: ...

    def close(self) -> None: ...


def unify_newlines(text: str) -> str:
    """Return the text with ``\\n`` for every line end, also for those of Windows and old Macintosh."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def check_encoding(encoding: str) -> codecs.CodecInfo:
    """Return the codec of an encoding. Raises `InputError` if Python does not know it, or if it is not an encoding of texts."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:  # ValueError: with a NUL
        raise InputError(f"unknown encoding {encoding}", hint=_ENCODING_HINT) from error
    if found.name in _UNFIT or not found._is_text_encoding or found.incrementaldecoder is None:
        raise InputError(f"{encoding} is not an encoding of texts", hint=_ENCODING_HINT)
    return found


def decode(data: bytes, path: str, encoding: str) -> str:
    """Decode bytes. Raises `InputError` with the line of a byte that is wrong."""
    check_encoding(encoding)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise wrong_encoding(encoding, start, path, data.count(b"\n", 0, start) + 1) from error
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def wrong_encoding(encoding: str, byte: int, path: str, line: int, of: str = "") -> InputError:
    """Return the error of a byte that is wrong in an encoding."""
    hint = "name the right one with --encoding, for example windows-1256"
    return InputError(f"not {encoding} at byte {byte}{of}", path=path, line=line, hint=hint)


def too_long(path: str, line: int | None, limit: int) -> InputError:
    """Return the error of a line of more than ``limit`` characters."""
    return InputError(f"a line of more than {limit:,} characters", path=path, line=line, hint="split it, or raise --max-chars")


def read_line(stream: Stream, limit: int) -> tuple[bytes, bool]:
    """Return a line of up to ``limit`` bytes and True, or the beginning of a longer line and False. At the end the line is empty."""
    first = stream.readline(min(STEP, limit))
    if first.endswith(b"\n"):  # as most lines do
        return first, True
    parts = [first]
    size = len(first)
    if size < min(STEP, limit):
        return first, True
    while size < limit:
        wanted = min(STEP, limit - size)
        parts.append(stream.readline(wanted))
        size += len(parts[-1])
        if len(parts[-1]) < wanted or parts[-1].endswith(b"\n"):
            return b"".join(parts) if len(parts) > 1 else parts[0], True
    return parts[0], False


def skip_line(stream: Stream, path: str, line: int) -> None:
    """Skip the rest of a line, in constant memory. Raises `InputError` for a line without end."""
    for _ in range(WITHOUT_END // STEP):
        data = stream.readline(STEP)
        if len(data) < STEP or data.endswith(b"\n"):
            return
    raise InputError("a line without end", path=path, line=line, hint="check that this is a file of records, and that it is not damaged")


def line_beyond(text: str, limit: int) -> int | None:
    """Return the number of the first line of more than ``limit`` characters, from 1; None if there is none.

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
