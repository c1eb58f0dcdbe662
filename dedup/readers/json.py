"""JSON of any shape: an array of records, on one line or many, objects one after the other, and objects with a list of records inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..errors import InputError
from .field_paths import Path, parse_path, shown
from .fields import USUAL, FieldNames, extractor
from .jsonl import parse_json
from .lines import BOM, SPARE, STEP, Stream, too_long
from .options import Reading
from .records import Record, make_record

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s"{}\[\],:]+|"', re.DOTALL)
_BRACKET = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|"', re.DOTALL)
_BYTES = 6  # of a character, at most: as \\uXXXX
_NESTED = 512  # depth of brackets
_WHOLE: Path = ()


@dataclass(slots=True)
class _Level:
    """An open bracket: whether it is that of an object, and the key or the place of the value that comes."""

    is_object: bool
    step: str | int
    wants_key: bool


@dataclass(slots=True)
class Scanner:
    """Cuts the records out of a stream of JSON, in memory for one of them.

    ``target`` is the path of the records, with None for the places of a list; empty: each value at the top, and of an array each item.
    ``around`` has the texts and numbers that were met beside them: in the objects that hold the list of records.
    """

    stream: Stream
    path: str
    max_chars: int
    target: Path = _WHOLE
    around: dict[str, bytes] = field(default_factory=dict)
    _levels: list[_Level] = field(default_factory=list)
    _data: bytes = b""
    _place: int = 0
    _line: int = 1  # that of the beginning of the data

    def records(self) -> Iterator[tuple[int, bytes]]:
        """Yield the line, from 1, and the bytes of each record. Raises `InputError` for JSON that is broken between records."""
        self._data = self.stream.read(STEP).removeprefix(BOM)
        while (match := self._next(_TOKEN, self._place)) is not None:
            token, first = match[0], match[0][:1]
            if first in (b"{", b"[") and self._is_record(first):
                end = self._end_of_record(match.start())
                yield self._line, self._data[self._place : end]
                self._place = end
                continue
            self._place = match.end()
            if first in (b"{", b"["):
                self._open(first == b"{")
            elif first in (b"}", b"]"):
                self._close(first)
            else:
                self._note(token)
                self._step(token)
        if self._levels or self._place < len(self._data.rstrip()):
            raise InputError("JSON that ends too early", path=self.path, line=self._line, hint="the file was cut off: get it again")

    def _next(self, tokens: re.Pattern[bytes], place: int) -> re.Match[bytes] | None:
        """Return the next whole token from a place on, None at the end. What stands before ``_place`` is forgotten when more is read."""
        while True:
            match = tokens.search(self._data, place)
            if match is not None and match[0] != b'"' and (match.end() < len(self._data) or match[0][-1:] in b'{}[],:"'):
                return match
            place = len(self._data) if match is None else match.start()
            forgotten = min(place, self._place)
            self._line += self._data.count(b"\n", 0, forgotten)
            if len(self._data) - forgotten > _BYTES * self.max_chars + SPARE:
                raise too_long(self.path, self._line, self.max_chars)
            more = self.stream.read(max(STEP, len(self._data) - forgotten))
            if not more and match is not None and match[0] != b'"':
                return match  # a number at the end
            self._data, self._place, place = self._data[forgotten:] + more, self._place - forgotten, place - forgotten
            if not more:
                return None

    def _end_of_record(self, start: int) -> int:
        """Return where the record ends that begins at a place, which becomes ``_place``."""
        self._line += self._data.count(b"\n", 0, start)
        self._data, self._place = self._data[start:], 0
        depth, end = 0, 0
        while True:
            match = self._next(_BRACKET, end)
            if match is None:
                raise InputError("JSON that ends too early", path=self.path, line=self._line, hint="the file was cut off: get it again")
            end = match.end()
            if match[0] in (b"{", b"["):
                depth += 1
            elif match[0] in (b"}", b"]"):
                depth -= 1
                if not depth:
                    return end

    def _is_record(self, first: bytes) -> bool:
        """Tell whether the value that begins is a record."""
        if not self.target:
            return first == b"{" and (not self._levels or (len(self._levels) == 1 and not self._levels[0].is_object))
        if len(self._levels) != len(self.target):
            return False
        return all(
            level.step == step if step is not None else not level.is_object for level, step in zip(self._levels, self.target, strict=True)
        )

    def _note(self, token: bytes) -> None:
        """Keep a text or a number of an object around the records."""
        if self.target and self._levels and (level := self._levels[-1]).is_object and not level.wants_key and token[:1] not in b"{}[],:":
            self.around[str(level.step)] = token

    def _open(self, is_object: bool) -> None:
        if len(self._levels) >= _NESTED:
            raise InputError("broken JSON (nested too deeply)", path=self.path, hint="correct the file")
        self._levels.append(_Level(is_object, "" if is_object else 0, is_object))

    def _close(self, bracket: bytes) -> None:
        if not self._levels or self._levels.pop().is_object != (bracket == b"}"):
            raise InputError(f"broken JSON ({bracket.decode()} without its beginning)", path=self.path, hint="correct the file")

    def _step(self, token: bytes) -> None:
        level = self._levels[-1] if self._levels else None
        if level is None:
            return
        if token == b"," and level.is_object:
            level.wants_key = True
        elif token == b"," and isinstance(level.step, int):
            level.step += 1
        elif level.is_object and level.wants_key and token[:1] == b'"':
            level.step = token[1:-1].decode("utf-8", "replace")
            level.wants_key = False


def records_at(text: str) -> Path:
    """Return the path of the records from that of their list, as ``--records`` has it. Raises `InputError`.

    >>> records_at("hits.hits")
    ('hits', 'hits', None)
    """
    path = parse_path(text)
    return path if path[-1] is None else (*path, None)


def scanner(stream: Stream, path: str, reading: Reading, target: Path = _WHOLE) -> Scanner:
    """Return what cuts the records out of a stream; ``target`` is where they are if the options do not say it."""
    where = target if reading.records is None else records_at(reading.records)
    return Scanner(stream, path, reading.max_chars, where)


def read(
    stream: Stream,
    path: str,
    reading: Reading,
    names: FieldNames = USUAL,
    target: Path = _WHOLE,
    prepare: Callable[[Any], Any] | None = None,
) -> Iterator[Record]:
    """Yield the records of JSON. The bytes of one that stands on several lines are those of one line.

    ``names`` are the fields of the format, ``target`` the path of its records, and ``prepare`` makes of a record the fields
    that are read, or None for one that is left out.
    """
    found, made_by = False, extractor(reading, names)
    cut = scanner(stream, path, reading, target)
    for line, raw in cut.records():
        found = True
        try:
            fields = parse_json(raw, path, line)
            if prepare is not None and (fields := prepare(fields)) is None:
                continue
        except InputError as error:
            yield Record(raw, {}, None, error)
            continue
        yield make_record(made_by, on_one_line(raw), fields, path, line)
    if not found and cut.target:
        raise InputError(f"no records at {shown(cut.target)!r}", path=path, hint="name their list with --records")


def on_one_line(raw: bytes) -> bytes:
    """Return JSON on one line: between its values line ends mean nothing, and inside of them there are none."""
    return raw.replace(b"\r", b" ").replace(b"\n", b" ")
