"""Text files: each is one document, which is cut into segments later."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import InputError
from ..model import Document
from .files import STDIN
from .lines import SPARE, Stream, decode, line_beyond, too_long, unify_newlines
from .options import Reading


def read_text(stream: Stream, path: str, reading: Reading) -> Iterator[Document]:
    """Yield the document of a text file; none if it is blank. Raises `InputError`."""
    limit = 4 * reading.max_chars + SPARE  # a character has at most four bytes
    data = stream.read(limit + 1)  # no more, because the content of a packed file may have any size
    if len(data) > limit and b"\n" in data:
        raise InputError(f"a text of more than {limit:,} bytes", path=path, hint="split it, or raise --max-chars")
    if len(data) > limit:
        raise too_long(path, 1, reading.max_chars)
    text = unify_newlines(decode(data, path, reading.encoding))
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise InputError("a NUL character: this is not a text", path=path, line=line, hint="give a text file, or the right --encoding")
    if number := line_beyond(text, reading.max_chars):
        raise too_long(path, number, reading.max_chars)
    if text.strip():
        yield Document("stdin" if path == STDIN else path, text, path, 1, segmented=True)
