"""WACZ: a ZIP archive with captures of the web as WARC files. Each page is one document. Source: the WACZ specification 1.1.1."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from ..errors import InputError
from .compression import GZIP, inflating, pieces
from .lines import Stream
from .options import Reading
from .records import Record
from .warc import pages
from .whole import read_whole

_MOST_FILES = 100_000
_TIMES, _SURELY = 900, 1 << 26  # an archive that grows more than this, beyond so many bytes, is refused as a bomb


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of the pages of an archive. Raises `InputError` if it is damaged, and if there is no page in it."""
    source = cast(IO[bytes], stream) if stream.seekable() else io.BytesIO(read_whole(stream, path, "WACZ"))
    empty = True
    try:
        with zipfile.ZipFile(source) as archive:
            for entry in _warc_files(archive, path):
                for record in _pages(archive, entry, path, reading):
                    empty = False
                    yield record
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"not WACZ, or damaged ({error})", path=path, hint="get it again, or give the right --as") from error
    if empty:
        raise InputError("no page with a text in this archive", path=path, hint="leave it out")


def _warc_files(archive: zipfile.ZipFile, path: str) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > _MOST_FILES:
        raise InputError(f"an archive of more than {_MOST_FILES:,} files", path=path, hint="split it")
    found = [each for each in entries if each.filename.startswith("archive/") and each.filename.endswith((".warc", ".warc.gz"))]
    for entry in found:
        if entry.file_size > _SURELY and entry.file_size > _TIMES * entry.compress_size:
            raise InputError(f"{entry.filename} inflates to more than {_TIMES:,} times its size", path=path, hint="leave it out")
    return found


def _pages(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, reading: Reading) -> Iterator[Record]:
    with archive.open(entry) as raw:
        data = io.BufferedReader(cast(io.RawIOBase, raw))
        packed = data.peek(2).startswith(GZIP)
        inside = inflating(pieces(cast(IO[bytes], data)), zst=False, ahead=False) if packed else data
        yield from pages(cast(Stream, inside), path, reading)
