"""The content of a file that is watched: its documents, and what is wrong with the records that are none."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol, cast

from ...errors import InputError
from ...model import Document
from ...readers.compression import inflating, is_gzip, is_zstandard
from ...readers.detection import detect_format
from ...readers.files import unreadable
from ...readers.lines import Stream
from ...readers.options import Reading
from .model import what_is_wrong

_PART = 1 << 20  # bytes that are unpacked together
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class FileContent:
    """The documents of a file, how many of its records are wrong, and what is wrong with the first of them."""

    documents: tuple[Document, ...]
    wrong: int = 0
    first_wrong: str | None = None


class Read(Protocol):
    """What reads the bytes of a file under a name, unpacked to at most so many bytes: `read_content`, best in a process of its own.

    Raises `InputError` where nothing can be read.
    """

    def __call__(self, data: bytes, name: str, reading: Reading, most: int, /) -> FileContent: ...


def read_content(data: bytes, name: str, reading: Reading, most: int) -> FileContent:
    """Return what a file with these bytes holds, unpacked if it is packed. Right records beside wrong ones are taken.

    Raises `InputError` where nothing can be read, and for more than ``most`` bytes.
    """
    plain = _unpacked(data, name, most)
    if plain.startswith(_SQLITE):  # whose reader opens files by their names
        raise InputError("an SQLite database is not taken from a folder", path=name, hint="read it with dedup filter")
    stream = cast(Stream, io.BufferedReader(cast(io.RawIOBase, io.BytesIO(plain))))
    documents: list[Document] = []
    errors: list[InputError] = []
    seen = False
    try:
        for record in detect_format(stream, name, reading).read(stream, name, reading):
            seen = seen or not record.raw  # without bytes: an item that is left out, which was said
            if record.error is not None:
                errors.append(record.error)
            elif record.document is not None:
                documents.append(record.document)
    except InputError as error:
        errors.append(error)
    except (OSError, EOFError, zlib.error) as error:
        errors.append(unreadable(error, name))
    if not documents and errors:
        raise errors[0]
    if not documents and not seen:
        raise InputError("nothing to read: the file is empty or blank", path=name, hint="leave it out")
    return FileContent(tuple(documents), len(errors), what_is_wrong(errors[0]) if errors else None)


def _unpacked(data: bytes, name: str, most: int) -> bytes:
    if not (is_gzip(data) or is_zstandard(data)):
        return data
    plain = bytearray()
    try:
        with inflating(iter([data]), zst=is_zstandard(data), ahead=False) as stream:
            while part := stream.read(_PART):
                plain += part
                if len(plain) > most:
                    raise InputError(f"more than {most:,} bytes when it is unpacked", path=name, hint="split it")
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, name) from error
    if is_gzip(bytes(plain[:2])) or is_zstandard(bytes(plain[:4])):
        raise InputError("it is packed twice", path=name, hint="unpack it")
    return bytes(plain)


def content_job(data: bytes, name: str, reading: Reading, most: int) -> dict[str, bytes]:
    """Do what `read_content` does in another process, and return it as bytes under a name, for `content_of`."""
    found = asdict(read_content(data, name, reading, most))
    return {"content": json.dumps(found).encode()}


def content_of(found: Mapping[str, bytes]) -> FileContent:
    """Return the content that `content_job` found.

    >>> content_of(content_job(b"Rain.", "news.txt", Reading(), 1000)).documents[0].text
    'Rain.'
    """
    values = json.loads(found["content"])
    return FileContent(tuple(Document(**each) for each in values["documents"]), int(values["wrong"]), values["first_wrong"])
