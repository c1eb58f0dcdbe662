"""JSON Lines: a record for each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..errors import InputError
from .fields import USUAL, extractor
from .lines import BOM, SPARE, Stream, read_line, skip_line, too_long
from .options import Reading
from .records import Record, make_record

_DECODE = json.JSONDecoder().raw_decode
_SPACE = " \t\r\n"  # of JSON


def parse_json(data: bytes, path: str, number: int | None) -> Any:
    """Return the value of a line of JSON. Raises `InputError` for broken JSON and for text that is not Unicode."""
    try:
        text = data.decode().strip(_SPACE)
        record, end = _DECODE(text)  # which json.loads does with more steps
        if end < len(text):
            raise json.JSONDecodeError("Extra data", text, end)
        if "\\" in text and ("\\ud" in text or "\\uD" in text):  # the first test is fast
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        what = f"not utf-8 at byte {error.start} of the line"
        raise InputError(what, path=path, line=number, hint="convert the file to UTF-8") from error
    except UnicodeEncodeError as error:
        raise InputError("half of a surrogate pair: not Unicode text", path=path, line=number, hint="correct the record") from error
    except (ValueError, RecursionError) as error:
        what = getattr(error, "msg", None) or ("nested too deeply" if isinstance(error, RecursionError) else str(error))
        raise InputError(f"broken JSON ({what})", path=path, line=number, hint="each line is one JSON object") from error
    return record


def numbered_lines(stream: Stream, path: str, reading: Reading, before: int = 0) -> Iterator[tuple[int, bytes, InputError | None]]:
    """Yield the number and the bytes of each line that is not blank, behind so many lines ``before``. Of a line that is too long, yield its
    beginning and an error.

    The rest of a line that is too long is read when the next line is needed. Raises `InputError` for a line without end.
    """
    limit = 6 * reading.max_chars + SPARE  # a character has at most six bytes, as \\uXXXX; the rest is for other fields
    number = before
    while True:
        data, whole = read_line(stream, limit)
        if not data:
            return
        number += 1
        if not whole:
            yield number, data, too_long(path, number, reading.max_chars)
            skip_line(stream, path, number)
        elif data == b"\n":  # a file may have millions of them
            ahead = stream.peek()
            number += len(stream.read(len(ahead) - len(ahead.lstrip(b"\n"))))
        elif not data.isspace():
            yield number, data, None


def read(stream: Stream, path: str, reading: Reading, before: int = 0) -> Iterator[Record]:
    """Yield the records of JSON Lines, behind so many lines ``before``."""
    made_by = extractor(reading, USUAL)
    for number, data, error in numbered_lines(stream, path, reading, before):
        plain = data.removeprefix(BOM) if number == 1 else data
        try:
            if error is not None:
                raise error
            fields = parse_json(plain, path, number)
        except InputError as error:
            yield Record(plain, {}, None, error)
            continue
        yield make_record(made_by, plain, fields, path, number)
