"""CSV: a record for each row, with the bytes that it was read from."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import AnyStr

from ..errors import InputError
from .fields import USUAL, extractor
from .formats import ending
from .lines import SPARE, STEP, WITHOUT_END, Stream, check_encoding, too_long, wrong_encoding
from .options import Reading
from .records import Record, make_record
from .said import say
from .sniffing import SNIFFED

_DELIMITERS = ",;\t|"
_CALLED = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_QUOTED = re.compile(r'"[^"]*"')
_TOO_LONG = "row larger than the limit"
# The limit of `csv` is one for the whole process, so two readers would change it for each other. It is raised once, to the largest value
# that a C long has on all systems, and each reader counts for itself.
csv.field_size_limit(max(csv.field_size_limit(), 2**31 - 1))


class _Lines:
    """The lines of a CSV file for `csv.reader`, and the bytes of the lines that it has read."""

    def __init__(self, stream: Stream, path: str, encoding: str, max_chars: int):
        self._stream, self._path, self._encoding = stream, path, encoding
        self._limit = 4 * max_chars + SPARE
        self.number, self._taken = 0, bytearray()
        decoder = check_encoding(encoding).incrementaldecoder
        ascii_like = '\n"'.encode(encoding) == b'\n"'
        self._lines = self._of_bytes() if ascii_like else self._of_characters(decoder("strict"))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        if line is None or len(self._taken) > self._limit:
            raise csv.Error(_TOO_LONG)
        return line.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}") if self.number == 1 else line

    def _of_bytes(self) -> Iterator[str | None]:
        pieces = iter(partial(self._stream.readline, STEP), b"")
        for data in _cut(pieces, lambda text: text.splitlines(keepends=True), self._limit):
            if data is None:
                yield None
                continue
            self._taken += data
            try:
                line = data.decode(self._encoding)
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                raise wrong_encoding(self._encoding, start, self._path, self.number + 1, " of the line") from error
            yield line

    def _of_characters(self, decoder: codecs.IncrementalDecoder) -> Iterator[str | None]:
        """Yield lines of an encoding with other line ends than ASCII, for example UTF-16. Their bytes are kept as UTF-8."""
        for line in _cut(self._decoded(decoder), lambda text: [*io.StringIO(text, newline="")], self._limit // 2):
            self._taken += (line or "").encode()
            yield line

    def _decoded(self, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
        at, data = 0, b"more"
        while data:
            data = self._stream.read(STEP)
            try:
                yield decoder.decode(data, not data)
            except UnicodeError as error:
                raise wrong_encoding(self._encoding, at + getattr(error, "start", 0), self._path, self.number + 1) from error
            at += len(data)

    def take(self) -> bytes:
        """Return the bytes of the lines that were read since the last call."""
        taken, self._taken = bytes(self._taken), bytearray()
        return taken


def _cut(pieces: Iterable[AnyStr], split: Callable[[AnyStr], list[AnyStr]], limit: int) -> Iterator[AnyStr | None]:
    """Yield the lines of pieces of text, each with its line end, also a lone carriage return; None for a line longer than ``limit``."""
    rest: AnyStr | None = None
    passed = 0
    for piece in pieces:
        lines = split(piece if rest is None else rest + piece)
        # The last line may go on, even after \r: with \n.
        rest = lines.pop() if lines and lines[-1][-1:] not in ("\n", b"\n") else None
        for line in lines:
            if not passed:
                yield line
            passed = 0
        if rest is not None and (passed or len(rest) > limit):
            if not passed:
                yield None
            passed, rest = passed + len(rest), None
            if passed > WITHOUT_END:
                yield None  # once more: the line has no end
                return
    if rest is not None and not passed:
        yield rest


def rows(stream: Stream, path: str, encoding: str, max_chars: int, delimiter: str) -> Iterator[tuple[int, bytes, list[str] | InputError]]:
    """Yield for each row that is not blank its first line number, its bytes, and its cells or its error.

    A row may have four bytes for each of ``max_chars``, and `SPARE` more. Raises `InputError` if the rest cannot be read.
    """
    lines = _Lines(stream, path, encoding, max_chars)
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    while True:
        line = lines.number + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            wrong = InputError(f"broken CSV ({error})", path=path, line=line, hint="check the quotes of that row")
            yield line, lines.take(), too_long(path, line, max_chars) if str(error) == _TOO_LONG else wrong
            continue
        if row is None:
            return
        if row:
            yield line, lines.take(), row


def delimiter_of(head: str, path: str) -> str:
    """Return what separates the columns in the first line of a file: a tab where the name ends in ``.tsv``, else what stands there most.

    >>> delimiter_of('id;"text, and more";date', "news.csv"), delimiter_of("id", "news.csv")
    (';', ',')
    """
    if ending(path) == ".tsv":
        return "\t"
    line = _QUOTED.sub("", head).lstrip("\r\n").split("\n")[0]
    return max(_DELIMITERS, key=lambda delimiter: (line.count(delimiter), delimiter == ","))


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of CSV, with commas, semicolons, tabs or bars between columns. The first has the column names and no document."""
    made_by = extractor(reading, USUAL)
    names: list[str] | None = None
    delimiter = delimiter_of(check_encoding(reading.encoding).decode(stream.peek(SNIFFED)[:SNIFFED], "ignore")[0], path)
    if delimiter != "," and ending(path) != ".tsv":
        say(path, f"its columns are separated by {_CALLED[delimiter]}")
    for line, raw, row in rows(stream, path, reading.encoding, reading.max_chars, delimiter):
        if isinstance(row, InputError):
            if names is None:
                raise row
            yield Record(raw, {}, None, row)
        elif names is None:
            names = [name.strip() for name in row]
            yield Record(raw, {}, None, None, "CSV")
        elif any(map(str.strip, row[len(names) :])):
            hint = f"put a text with {_CALLED[delimiter]} in quotes"
            yield Record(raw, {}, None, InputError(f"row has {len(row)} cells, the header {len(names)}", path=path, line=line, hint=hint))
        else:
            yield make_record(made_by, raw, dict(zip(names, row, strict=False)), path, line, "CSV")
