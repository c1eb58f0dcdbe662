"""Whole files: what is not read line by line is kept in memory, within limits, and what a reader leaves out is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..errors import InputError
from ..model import Document
from .lines import Stream, line_beyond, too_long, unify_newlines
from .made_ids import made_id
from .options import Reading
from .records import Record, record_of_document

MOST_WHOLE = 1 << 28  # bytes of a file that is packed or comes from a pipe, and so is kept in memory; as much as one worker of Spark reads
# Control characters that no text has, and what a file holds in place of a character. A vertical tab and a form feed end a line.
_CONTROLS = dict.fromkeys((*range(9), *range(14, 32), *range(127, 133), *range(134, 160), 65534, 65535)) | {11: "\n", 12: "\n"}
_BLANKS = re.compile("\n[ \t\N{NO-BREAK SPACE}]*(?=\n)")
_MANY = re.compile("\n{3,}")
_SURROGATES = re.compile("[\ud800-\udfff]")


def read_whole(stream: Stream, path: str, what: str, limit: int = MOST_WHOLE) -> bytes:
    """Return all bytes of a stream. ``what`` names the format in the error. Raises `InputError` for more than ``limit`` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"{what} of more than {limit:,} bytes", path=path, hint="split it")
    return data


def with_noun(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> with_noun(1, "comment"), with_noun(2, "comment")
    ('1 comment', '2 comments')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def file_id(path: str) -> str:
    """Return the id of the only document of a file: its path."""
    return "stdin" if path == "-" else path


def without_id(text: str, path: str, number: int, reading: Reading) -> str:
    """Return the id of a document that has none of its own: its file and its place there, or a digest of its text. Raises `InputError`."""
    if reading.unnamed == "refuse":
        raise InputError("a document without an id", path=path, line=number, hint="leave it out, or give it an id")
    return made_id(text, path, number, reading)


def tidy(text: str) -> str:
    """Return a text without control characters, with ``\\n`` for every line end and at most one blank line between two others.

    >>> tidy("a\\x00b \\r\\n \\n\\n\\nc\\x0b")
    'ab \\n\\nc'
    """
    text = unify_newlines(text).translate(_CONTROLS)
    if _SURROGATES.search(text):  # pairs are joined, halves become a replacement character
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _MANY.sub("\n\n", _BLANKS.sub("\n", text)).strip()


def within_limits(document: Document, reading: Reading) -> Document:
    """Return a document with its text tidied and within the limits. Raises `InputError`."""
    text = tidy(document.text)
    most = 4 * reading.max_chars if document.segmented else reading.max_chars
    if len(text) > most:
        raise InputError(f"a text of more than {most:,} characters", path=document.path, line=document.line, hint="raise --max-chars")
    if document.segmented and (line := line_beyond(text, reading.max_chars)):
        raise too_long(document.path or "", line, reading.max_chars)
    return replace(document, text=text, id=document.id.replace("\0", ""))


def records_of_documents(documents: Iterable[Document | InputError], reading: Reading) -> Iterator[Record]:
    """Yield the records of documents, and of errors that stand for one. One whose text is too long has its error instead."""
    for document in documents:
        try:
            if isinstance(document, InputError):
                raise document
            yield record_of_document(within_limits(document, reading))
        except InputError as error:
            yield Record(b"", {}, None, error)
