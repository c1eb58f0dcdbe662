"""Records to documents, one at a time, each with the bytes that it was read from: JSONL, CSV and Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, Protocol

from .config import Config
from .errors import InputError
from .model import Document

Format = Literal["text", "jsonl", "csv", "parquet"]
BOM = b"\xef\xbb\xbf"
_ROWS = 256  # of a Parquet file that are read at a time


class Stream(Protocol):
    """What is read from a file, plain or inflated."""

    def read(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...

    def peek(self, size: int = ..., /) -> bytes: ...

    def seekable(self) -> bool: ...

    def close(self) -> None: ...


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


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read: its bytes, its fields, and the document that it is, or else what is wrong with it.

    The bytes of a row of Parquet, which has none of its own, are a line of JSON, those of a row of CSV in UTF-16 or UTF-32 are UTF-8.
    """

    raw: bytes
    fields: Mapping[str, Any]
    document: Document | None
    error: InputError | None = None


def one_newline(text: str) -> str:
    """Return the text with the line ends of Windows and old machines made one."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def decode(data: bytes, path: str, encoding: str) -> str:
    """Return the text of bytes. Raises `InputError` with the line."""
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise InputError(f"unknown encoding {encoding}", hint="try utf-8, windows-1256 or iso-8859-6") from error
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        hint = "name the right one with --encoding, for example windows-1256"
        raise InputError(f"not {encoding} at byte {start}", path=path, line=data.count(b"\n", 0, start) + 1, hint=hint) from error
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def too_long(path: str, line: int | None, limit: int) -> InputError:
    """Return the error of a line beyond the limit."""
    return InputError(f"a line of more than {limit:,} characters", path=path, line=line, hint="split it, or raise --max-chars")


def _field(record: Mapping[str, Any], name: str, option: str, path: str, line: int | None) -> str:
    """Return the text of a field that must be there; only that of the document itself may be empty, and no number."""
    value = record.get(name)
    if isinstance(value, str) and (value or option == "--text-field"):
        return value
    if option != "--text-field" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    what = "no field" if value is None else "no text in field"
    raise InputError(f"{what} {name!r}", path=path, line=line, hint=f"name the field with {option}")


def document_of(record: Any, path: str, line: int | None, reading: Reading) -> Document:
    """Return the document of a record of fields. Raises `InputError`."""
    if not isinstance(record, dict):
        raise InputError("not a record of fields", path=path, line=line, hint='each line is an object like {"id": "1", "text": "..."}')
    name = _field(record, reading.id_field, "--id-field", path, line)
    if "\0" in name:
        raise InputError("a NUL character in an id", path=path, line=line, hint="mend the record")
    text = _field(record, reading.text_field, "--text-field", path, line)
    if len(text) > reading.max_chars:
        raise too_long(path, line, reading.max_chars)
    time = reading.time_field and _field(record, reading.time_field, "--time-field", path, line)
    cluster = reading.cluster_field and _field(record, reading.cluster_field, "--cluster-field", path, line)
    source = reading.source_field and _field(record, reading.source_field, "--source-field", path, line)
    return Document(name, one_newline(text), path, line, time=time or None, cluster=cluster or None, source=source or None)


def _made(raw: bytes, fields: Any, path: str, line: int, reading: Reading) -> Record:
    try:
        return Record(raw, fields, document_of(fields, path, line, reading))
    except InputError as error:
        return Record(raw, {}, None, error)


def parse_json(data: bytes, path: str, number: int | None) -> Any:
    """Return the value of a line of JSON. Raises `InputError`."""
    try:
        text = data.decode()
        record = json.loads(text)
        if "\\" in text and ("\\ud" in text or "\\uD" in text):  # the first is faster
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        what = f"not utf-8 at byte {error.start} of the line"
        raise InputError(what, path=path, line=number, hint="convert the file to UTF-8") from error
    except UnicodeEncodeError as error:
        raise InputError("half of a surrogate pair: not Unicode text", path=path, line=number, hint="mend the record") from error
    except (ValueError, RecursionError) as error:
        what = getattr(error, "msg", None) or ("nested too deeply" if isinstance(error, RecursionError) else str(error))
        raise InputError(f"broken JSON ({what})", path=path, line=number, hint="each line is one JSON object") from error
    return record


def json_lines(stream: Stream, path: str, reading: Reading) -> Iterator[tuple[int, bytes, InputError | None]]:
    """Yield the number and the bytes of each line that is not blank; of a line that is too long its beginning, with an error."""
    limit = 6 * reading.max_chars + 65536  # a character takes six bytes at most, as \\uXXXX; the rest is for other fields
    for number in count(1):
        data = stream.readline(limit)
        if not data:
            return
        if len(data) == limit and not data.endswith(b"\n"):
            rest = data
            while len(rest) == limit and not rest.endswith(b"\n"):
                rest = stream.readline(limit)
            yield number, data, too_long(path, number, reading.max_chars)
        elif not data.isspace():
            yield number, data, None


def _json_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    for number, data, error in json_lines(stream, path, reading):
        plain = data.removeprefix(BOM) if number == 1 else data
        try:
            if error is not None:
                raise error
            fields = parse_json(plain, path, number)
        except InputError as error:
            yield Record(data, {}, None, error)
            continue
        yield _made(data, fields, path, number, reading)


class _Lines:
    """The lines of a CSV file for `csv.reader`, and the bytes of those that it has taken."""

    def __init__(self, stream: Stream, path: str, reading: Reading):
        self._stream, self._path, self._encoding = stream, path, reading.encoding
        self._limit = 4 * reading.max_chars + 65536
        self._number, self._taken = 0, bytearray()

    def __iter__(self) -> Iterator[str]:
        if not _is_ascii_like(self._encoding):
            for line in io.StringIO(decode(self._stream.read(), self._path, self._encoding), newline=""):
                self._taken += line.encode()
                yield line
            return
        for data in self._ended():
            self._number += 1
            self._taken += data
            try:
                line = data.decode(self._encoding)
            except UnicodeError as error:
                what = f"not {self._encoding} at byte {getattr(error, 'start', 0)} of the line"
                hint = "name the right one with --encoding, for example windows-1256"
                raise InputError(what, path=self._path, line=self._number, hint=hint) from error
            yield line.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}") if self._number == 1 else line

    def _ended(self) -> Iterator[bytes]:
        """Yield lines, which may end as those of old machines do."""
        rest = b""
        while data := self._stream.readline(self._limit):
            *lines, rest = (rest + data).splitlines(keepends=True)
            if rest.endswith(b"\n") or not lines:
                lines, rest = [*lines, rest], b""
            yield from lines
        if rest:
            yield rest

    def take(self) -> bytes:
        """Return the bytes that were taken since the last time."""
        taken, self._taken = bytes(self._taken), bytearray()
        return taken


def _is_ascii_like(encoding: str) -> bool:
    try:
        return '\n"'.encode(encoding) == b'\n"'
    except LookupError as error:
        raise InputError(f"unknown encoding {encoding}", hint="try utf-8, windows-1256 or iso-8859-6") from error


def _broken_row(error: csv.Error, path: str, line: int, reading: Reading) -> InputError:
    if "field limit" in str(error):
        return too_long(path, line, reading.max_chars)
    return InputError(f"broken CSV ({error})", path=path, line=line, hint="check the quotes of that row")


def _csv_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    tab = path.lower().removesuffix(".gz").removesuffix(".zst").endswith(".tsv")
    lines = _Lines(stream, path, reading)
    rows = csv.reader(lines, strict=True, delimiter="\t" if tab else ",")
    usual = csv.field_size_limit(reading.max_chars + 1)
    try:
        try:
            names = next(rows, None)
        except csv.Error as error:
            raise _broken_row(error, path, 1, reading) from error
        if names is None:
            return
        yield Record(lines.take(), {}, None)
        line = rows.line_num
        while True:
            try:
                row = next(rows, None)
                if row is None:
                    return
            except csv.Error as error:
                yield Record(lines.take(), {}, None, _broken_row(error, path, line + 1, reading))
            else:
                if row:
                    fields = dict(zip(names, row, strict=False))
                    yield _made(lines.take(), fields, path, line + 1, reading)
            line = rows.line_num
    finally:
        csv.field_size_limit(usual)


def _parquet_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError("a Parquet file needs pyarrow", path=path, hint="pip install 'bulletin-dedup[parquet]'") from error
    try:
        file = ParquetFile(stream if stream.seekable() else io.BytesIO(stream.read()))
        number = 0
        for batch in file.iter_batches(batch_size=_ROWS):
            for place in range(batch.num_rows):
                number += 1
                try:
                    (fields,) = batch.slice(place, 1).to_pylist()
                except (ValueError, OverflowError) as error:
                    yield Record(b"", {}, None, InputError(f"a value that is none of its type ({error})", path=path, line=number))
                    continue
                raw = json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
                yield _made(raw, fields, path, number, reading)
    except ArrowException as error:
        raise InputError(f"no Parquet that can be read ({' '.join(str(error).split())})", path=path, hint="write it again") from error


_READERS = {"jsonl": _json_records, "csv": _csv_records, "parquet": _parquet_records}


def records(stream: Stream, kind: Format, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a stream. One that is wrong says so; what ends the reading of a whole stream is raised as `InputError`.

    Of CSV the line with names comes first, a record without a document.
    """
    return _READERS[kind](stream, path, reading)


def documents(found: Iterable[Record]) -> Iterator[Document]:
    """Yield the documents of records. Raises the `InputError` of one that is wrong."""
    for record in found:
        if record.error is not None:
            raise record.error
        if record.document is not None:
            yield record.document
