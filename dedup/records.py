"""Records to documents, one at a time, each with the bytes that it was read from: JSONL, CSV and Parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .config import Config
from .errors import InputError
from .lines import BOM, SPARE, Stream, one_newline, pass_over, read_line, too_long
from .model import Document
from .rows import rows

Format = Literal["text", "jsonl", "csv", "parquet"]
_ROWS = 256  # of a Parquet file that are read at a time
_PARQUET = (
    1 << 28
)  # bytes of a Parquet file that is packed or comes from a pipe, and is held in memory; as many as one worker of Spark reads


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


def record_of(raw: bytes, fields: Any, path: str, line: int, reading: Reading) -> Record:
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
    """Yield the number and the bytes of each line that is not blank; of a line that is too long its beginning, with an error.

    What comes after a line that is too long is read when it is asked for. Raises `InputError` for a line without end.
    """
    limit = 6 * reading.max_chars + SPARE  # a character takes six bytes at most, as \\uXXXX; the rest is for other fields
    number = 0
    while True:
        data, whole = read_line(stream, limit)
        if not data:
            return
        number += 1
        if not whole:
            yield number, data, too_long(path, number, reading.max_chars)
            pass_over(stream, path, number)
        elif data == b"\n":  # a file may have millions of them
            ahead = stream.peek()
            number += len(stream.read(len(ahead) - len(ahead.lstrip(b"\n"))))
        elif not data.isspace():
            yield number, data, None


def json_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    for number, data, error in json_lines(stream, path, reading):
        plain = data.removeprefix(BOM) if number == 1 else data
        try:
            if error is not None:
                raise error
            fields = parse_json(plain, path, number)
        except InputError as error:
            yield Record(data, {}, None, error)
            continue
        yield record_of(data, fields, path, number, reading)


def csv_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    tab = path.lower().removesuffix(".gz").removesuffix(".zst").endswith(".tsv")
    names: list[str] | None = None
    for line, raw, row in rows(stream, path, reading.encoding, reading.max_chars, "\t" if tab else ","):
        if isinstance(row, InputError):
            if names is None:
                raise row
            yield Record(raw, {}, None, row)
        elif names is None:
            names = row
            yield Record(raw, {}, None)
        else:
            yield record_of(raw, dict(zip(names, row, strict=False)), path, line, reading)


def _whole_parquet(stream: Stream, path: str) -> bytes:
    start = stream.peek(4)
    if len(start) > 3 and not start.startswith(b"PAR1"):
        raise InputError("no Parquet that can be read (it does not begin with PAR1)", path=path, hint="write it again")
    data = stream.read(_PARQUET + 1)
    if len(data) > _PARQUET:
        raise InputError(f"packed or piped Parquet of more than {_PARQUET:,} bytes", path=path, hint="unpack it to a file")
    return data


def parquet_records(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError("a Parquet file needs pyarrow", path=path, hint="pip install 'bulletin-dedup[parquet]'") from error
    try:
        file = ParquetFile(stream if stream.seekable() else io.BytesIO(_whole_parquet(stream, path)))
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
                yield record_of(raw, fields, path, number, reading)
    except ArrowException as error:
        raise InputError(f"no Parquet that can be read ({' '.join(str(error).split())})", path=path, hint="write it again") from error


_READERS = {"jsonl": json_records, "csv": csv_records, "parquet": parquet_records}


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
