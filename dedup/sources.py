"""Paths, globs and standard input to documents: text files and records, plain or compressed.

A text file is one document to be segmented; a line of JSONL or a row of CSV or Parquet is one document with an id and a text.
"""

from __future__ import annotations

import glob
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from .errors import InputError
from .inflate import GZIP, ZSTANDARD, inflating, is_gzip, is_zstandard, pieces
from .lines import BOM, SPARE, Stream, decode, line_beyond, one_newline, too_long
from .model import Document
from .records import Format, Reading, Record, documents, json_lines, parse_json, records

_SUFFIXES: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet"
}  # fmt: skip
STDIN = "-"
_BUFFER = 1 << 18  # bytes


def kind_of(name: str) -> Format | None:
    """Return what a file of this name is, None where the name does not say."""
    return _SUFFIXES.get(Path(name.removesuffix(".gz").removesuffix(".zst")).suffix.lower())


def _in_folder(folder: str, reading: Reading) -> list[str]:
    found = []
    try:
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith(".")) if reading.recursive else []
            found += [os.path.join(parent, name) for name in sorted(names) if kind_of(name) and not name.startswith(".")]
    except OSError as error:
        raise InputError(f"the folder cannot be read ({error.strerror})", path=folder) from error
    if not found:
        deeper = "" if reading.recursive else ", and subfolders need --recursive"
        raise InputError(f"no texts in this folder; they end in {' '.join(_SUFFIXES)} or one of these and .gz or .zst{deeper}", path=folder)
    return found


def _raise(error: OSError) -> None:
    raise error


def find_files(paths: Iterable[str], reading: Reading | None = None) -> tuple[str, ...]:
    """Return the files that these paths, folders and globs name, each once, in order. ``-`` stays. Raises `InputError`."""
    reading = reading or Reading()
    found: dict[str, str] = {}
    for path in paths:
        if path == STDIN:
            names = [path]
        elif os.path.isdir(path):
            names = _in_folder(path, reading)
        elif os.path.exists(path):
            names = [path]
        else:
            names = [name for name in sorted(glob.glob(path, recursive=True)) if not os.path.isdir(name)]
            if not names:
                raise InputError("no such file or folder", path=path, hint="check the spelling")
        for name in names:  # one file may be named in several ways
            found.setdefault(STDIN if name == STDIN else os.path.realpath(name), name if name == STDIN else Path(name).as_posix())
    for name in found.values():
        _refuse_unprintable(name)
    return tuple(found.values())


def _refuse_unprintable(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InputError("the name of this file is not UTF-8", path=ascii(name), hint="rename it") from error


def read(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Document]:
    """Read every document of these paths, folders and globs, one at a time.

    Raises `InputError` with path and line for what cannot be read: nothing is skipped.
    """
    reading = reading or Reading()
    for path in find_files(paths, reading):
        with open_source(path) as stream:
            yield from _read_stream(stream, path, reading)


def inflated(raw: IO[bytes], start: bytes, ahead: bool) -> Stream:
    """Return what a stream that begins so holds, inflated where it is packed."""
    if is_gzip(start) or is_zstandard(start):
        return cast(Stream, inflating(pieces(raw), zst=is_zstandard(start), ahead=ahead))
    return cast(Stream, raw)


@contextmanager
def open_source(path: str) -> Iterator[Stream]:
    try:
        if path == STDIN and sys.stdin is None:
            raise InputError("standard input is closed", path=path, hint="give a file, or something to read")
        if path == STDIN:
            # Not what Python has buffered for itself, which waits until its buffer is full.
            stdin = io.BufferedReader(cast(io.RawIOBase, getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)))
            try:
                yield inflated(cast(IO[bytes], stdin), stdin.peek(4), ahead=False)
            finally:
                stdin.detach()
        else:
            with open(path, "rb", _BUFFER) as raw:
                # The name says that a file is packed, and a thread must not wait for a pipe that nobody fills.
                start = {".gz": GZIP, ".zst": ZSTANDARD}.get(Path(path).suffix, b"")
                stream = inflated(raw, start, ahead=os.path.isfile(path))
                try:
                    yield stream
                finally:
                    stream.close()
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def unreadable(error: Exception, path: str) -> InputError:
    """Return the error of a file that cannot be read, or a packed one that was cut off or damaged."""
    return InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path=path)


def read_bytes(data: bytes, path: str, reading: Reading) -> Iterator[Document]:
    """Read every document of a file that is in memory, as `read` does."""
    stream = inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))), data[:4], ahead=False)
    try:
        yield from _read_stream(stream, path, reading)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def read_records(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Record]:
    """Read every record of these paths, one at a time; one that is wrong says so.

    Raises `InputError` for a source that cannot be read further, and for a text file, which has no records.
    """
    reading = reading or Reading()
    for path in find_files(paths, reading):
        with open_source(path) as stream:
            kind = detect_format(stream, path, reading)
            if kind == "text" and not stream.peek(64).strip():
                kind = "jsonl"  # a feed of none, so far
            if kind == "text":
                raise InputError("a text file has no records", path=path, hint="give JSONL, CSV or Parquet, or --input-format")
            yield from records(stream, kind, path, reading)


def detect_format(stream: Stream, path: str, reading: Reading) -> Format:
    kind = reading.input_format or kind_of(path)
    if kind is None:
        start = stream.peek(64)
        kind = "parquet" if start.startswith(b"PAR1") else "text"
        kind = "jsonl" if start.lstrip(BOM + b" \t\r\n").startswith(b"{") else kind
    return kind


def _read_stream(stream: Stream, path: str, reading: Reading) -> Iterator[Document]:
    kind = detect_format(stream, path, reading)
    found = read_text(stream, path, reading) if kind == "text" else documents(records(stream, kind, path, reading))
    for first in found:
        yield first
        yield from found
        return
    raise InputError("nothing to read: the file is empty or blank", path=path, hint="leave it out")


def read_text(stream: Stream, path: str, reading: Reading) -> Iterator[Document]:
    limit = 4 * reading.max_chars + SPARE  # a character takes four bytes at most
    data = stream.read(limit + 1)  # and no more: what a packed file holds may be of any size
    if len(data) > limit and b"\n" in data:
        raise InputError(f"a text of more than {limit:,} bytes", path=path, hint="split it, or raise --max-chars")
    if len(data) > limit:
        raise too_long(path, 1, reading.max_chars)
    text = one_newline(decode(data, path, reading.encoding))
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise InputError("a NUL character: this is no text", path=path, line=line, hint="give a text file, or the right --encoding")
    if number := line_beyond(text, reading.max_chars):
        raise too_long(path, number, reading.max_chars)
    if text.strip():
        yield Document("stdin" if path == STDIN else path, text, path, 1, segmented=True)


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts to be compared, ``a`` the older."""

    id: str | int
    a: str
    b: str


def read_pairs(path: str, reading: Reading | None = None) -> Iterator[TextPair]:
    """Read JSONL of ``{"id", "a", "b"}`` with the texts. Raises `InputError`."""
    reading = reading or Reading()
    with open_source(path) as stream:
        for line, data, error in json_lines(stream, path, reading):
            if error is not None:
                raise error
            record = parse_json(data.removeprefix(BOM), path, line)
            values = [record.get(name) if isinstance(record, dict) else None for name in ("id", "a", "b")]
            if not isinstance(values[0], str | int) or not all(isinstance(value, str) for value in values[1:]):
                raise InputError("not a pair of texts", path=path, line=line, hint='each line is {"id": ..., "a": "...", "b": "..."}')
            if max(map(len, values[1:])) > reading.max_chars:  # type: ignore[arg-type]
                raise too_long(path, line, reading.max_chars)
            yield TextPair(values[0], *map(one_newline, values[1:]))  # type: ignore[arg-type]
