"""Paths, globs and standard input to documents: text files, JSONL and CSV, plain or gzipped.

A text file is one document to be segmented; a line of JSONL or a row of CSV is one document with an id and a text.
"""

from __future__ import annotations

import csv
import glob
import gzip
import io
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal, Protocol, cast

from .config import Config
from .errors import InputError
from .inflate import inflating
from .model import Document

Format = Literal["text", "jsonl", "csv"]
_SUFFIXES: dict[str, Format] = {".txt": "text", ".text": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
STDIN = "-"
_BUFFER = 1 << 18  # bytes


class _Stream(Protocol):
    """What is read from a file, plain or gzipped."""

    def read(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...

    def peek(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read. ``encoding`` is for text and CSV, JSONL is UTF-8; ``input_format`` None goes by the name or first byte.

    A field for time, cluster or source that is named must be there.
    """

    encoding: str = "utf-8"
    input_format: Format | None = None
    id_field: str = "id"
    text_field: str = "text"
    time_field: str | None = None
    cluster_field: str | None = None
    source_field: str | None = None
    recursive: bool = False
    max_chars: int = Config().max_chars


def _kind(name: str) -> Format | None:
    return _SUFFIXES.get(Path(name.removesuffix(".gz")).suffix.lower())


def _in_folder(folder: str, reading: Reading) -> list[str]:
    found = []
    try:
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith(".")) if reading.recursive else []
            found += [os.path.join(parent, name) for name in sorted(names) if _kind(name) and not name.startswith(".")]
    except OSError as error:
        raise InputError(f"the folder cannot be read ({error.strerror})", path=folder) from error
    if not found:
        deeper = "" if reading.recursive else ", and subfolders need --recursive"
        raise InputError(f"no texts in this folder; they end in {' '.join(_SUFFIXES)} or one of these and .gz{deeper}", path=folder)
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
        with _opened(path) as stream:
            yield from _read_stream(stream, path, reading)


def _inflated(raw: IO[bytes], path: str) -> IO[bytes] | gzip.GzipFile:
    if not path.endswith(".gz"):
        return raw
    return inflating(raw) if os.path.isfile(path) else gzip.GzipFile(fileobj=raw)  # a thread must not wait for a pipe that nobody fills


@contextmanager
def _opened(path: str) -> Iterator[_Stream]:
    try:
        if path == STDIN:
            stdin = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer))
            try:
                yield cast(_Stream, gzip.GzipFile(fileobj=stdin) if stdin.peek(2).startswith(b"\x1f\x8b") else stdin)
            finally:
                stdin.detach()
        else:
            with open(path, "rb", _BUFFER) as raw, _inflated(raw, path) as stream:
                yield cast(_Stream, stream)
    except (OSError, EOFError, zlib.error) as error:  # the last two: a gzip file that was cut off or damaged
        raise InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path=path) from error


def _read_stream(stream: _Stream, path: str, reading: Reading) -> Iterator[Document]:
    kind = reading.input_format or _kind(path)
    if kind is None:
        kind = "jsonl" if stream.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "text"
    readers = {"text": _read_text, "jsonl": _read_jsonl, "csv": _read_csv}
    documents = readers[kind](stream, path, reading)
    for first in documents:
        yield first
        yield from documents
        return
    raise InputError("nothing to read: the file is empty or blank", path=path, hint="leave it out")


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decode(data: bytes, path: str, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise InputError(f"unknown encoding {encoding}", hint="try utf-8, windows-1256 or iso-8859-6") from error
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        hint = "name the right one with --encoding, for example windows-1256"
        raise InputError(f"not {encoding} at byte {start}", path=path, line=data.count(b"\n", 0, start) + 1, hint=hint) from error
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _too_long(path: str, line: int, limit: int) -> InputError:
    return InputError(f"a line of more than {limit:,} characters", path=path, line=line, hint="split it, or raise --max-chars")


def _read_text(stream: _Stream, path: str, reading: Reading) -> Iterator[Document]:
    data = stream.read()
    text = _one_newline(_decode(data, path, reading.encoding))
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise InputError("a NUL character: this is no text", path=path, line=line, hint="give a text file, or the right --encoding")
    for number, line_text in enumerate(text.split("\n") if len(text) > reading.max_chars else (), 1):
        if len(line_text) > reading.max_chars:
            raise _too_long(path, number, reading.max_chars)
    if text.strip():
        yield Document("stdin" if path == STDIN else path, text, path, 1, segmented=True)


def _field(record: dict[str, Any], name: str, option: str, path: str, line: int) -> str:
    """Return the text of a field that must be there; only that of the document itself may be empty, and no number."""
    value = record.get(name)
    if isinstance(value, str) and (value or option == "--text-field"):
        return value
    if option != "--text-field" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    what = "no field" if value is None else "no text in field"
    raise InputError(f"{what} {name!r}", path=path, line=line, hint=f"name the field with {option}")


def _record(record: Any, path: str, line: int, reading: Reading) -> Document:
    if not isinstance(record, dict):
        raise InputError("not a record of fields", path=path, line=line, hint='each line is an object like {"id": "1", "text": "..."}')
    name = _field(record, reading.id_field, "--id-field", path, line)
    text = _field(record, reading.text_field, "--text-field", path, line)
    if len(text) > reading.max_chars:
        raise _too_long(path, line, reading.max_chars)
    time = reading.time_field and _field(record, reading.time_field, "--time-field", path, line)
    cluster = reading.cluster_field and _field(record, reading.cluster_field, "--cluster-field", path, line)
    source = reading.source_field and _field(record, reading.source_field, "--source-field", path, line)
    return Document(name, _one_newline(text), path, line, time=time or None, cluster=cluster or None, source=source or None)


def _json_records(stream: _Stream, path: str, reading: Reading) -> Iterator[tuple[int, Any]]:
    """Yield the number and the value of each line that is not blank."""
    limit = 6 * reading.max_chars + 65536  # a character takes six bytes at most, as \uXXXX; the rest is for other fields
    for number, data in enumerate(iter(partial(stream.readline, limit), b""), 1):
        if len(data) == limit:
            raise _too_long(path, number, reading.max_chars)
        plain = data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data
        if plain.isspace() or not plain:
            continue
        try:
            text = plain.decode()
            record = json.loads(text)
            if "\\" in text and ("\\ud" in text or "\\uD" in text):  # the first is faster
                json.dumps(record, ensure_ascii=False).encode()
        except UnicodeDecodeError as error:
            raise InputError(
                f"not utf-8 at byte {error.start} of the line", path=path, line=number, hint="convert the file to UTF-8"
            ) from error
        except UnicodeEncodeError as error:
            raise InputError("half of a surrogate pair: not Unicode text", path=path, line=number, hint="mend the record") from error
        except (ValueError, RecursionError) as error:
            what = getattr(error, "msg", None) or ("nested too deeply" if isinstance(error, RecursionError) else str(error))
            raise InputError(f"broken JSON ({what})", path=path, line=number, hint="each line is one JSON object") from error
        yield number, record


def _read_jsonl(stream: _Stream, path: str, reading: Reading) -> Iterator[Document]:
    return (_record(record, path, line, reading) for line, record in _json_records(stream, path, reading))


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts to be compared, ``a`` the older."""

    id: str | int
    a: str
    b: str


def read_pairs(path: str, reading: Reading | None = None) -> Iterator[TextPair]:
    """Read JSONL of ``{"id", "a", "b"}`` with the texts. Raises `InputError`."""
    reading = reading or Reading()
    with _opened(path) as stream:
        for line, record in _json_records(stream, path, reading):
            values = [record.get(name) if isinstance(record, dict) else None for name in ("id", "a", "b")]
            if not isinstance(values[0], str | int) or not all(isinstance(value, str) for value in values[1:]):
                raise InputError("not a pair of texts", path=path, line=line, hint='each line is {"id": ..., "a": "...", "b": "..."}')
            if max(map(len, values[1:])) > reading.max_chars:  # type: ignore[arg-type]
                raise _too_long(path, line, reading.max_chars)
            yield TextPair(values[0], *map(_one_newline, values[1:]))  # type: ignore[arg-type]


def _read_csv(stream: _Stream, path: str, reading: Reading) -> Iterator[Document]:
    text = _decode(stream.read(), path, reading.encoding)
    tab = path.removesuffix(".gz").lower().endswith(".tsv")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter="\t" if tab else ",")
    usual = csv.field_size_limit(reading.max_chars + 1)
    line = 1
    try:
        for row in rows:
            yield _record(row, path, line + 1, reading)
            line = rows.line_num
    except csv.Error as error:
        if "field limit" in str(error):
            raise _too_long(path, line + 1, reading.max_chars) from error
        raise InputError(f"broken CSV ({error})", path=path, line=line + 1, hint="check the quotes of that row") from error
    finally:
        csv.field_size_limit(usual)
