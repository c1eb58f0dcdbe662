"""Blocks of JSON Lines: the fields of many records as spans of bytes. Lines with anything unusual become documents one by one."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import cast

import numpy as np

from ..arrays.ragged import Array
from ..errors import InputError
from ..kernels import compiled
from ..model import Document
from .fields import USUAL, Extractor, extractor, time_in
from .jsonl import parse_json, read
from .lines import BOM, SPARE, STEP, Stream
from .options import Reading
from .records import Record

COLUMNS = "id", "text", "title", "source", "time", "url"
"""The fields that a block has as columns."""
_IGNORED = frozenset(("language", "version", "embargo", "byline"))  # of a document, but of nothing that a search of whole documents tells
_MOST_FIELDS = 64
_ABOUT = [COLUMNS.index(name) for name in ("title", "source", "time", "url")]
_TIME = COLUMNS.index("time")


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a file, with the numbers of those before and of their own; or records, where they are not read as lines."""

    path: str
    data: bytes
    before: int
    count: int = 0
    rest: Sequence[Record] = ()


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """The records of some lines: ``data``, uint8, where the values of each record stand in it, -1 for none, int64 of shape ``(records,
    columns, 2)``, and the number of its line, int64. A record that is unusual has no values; its line is in ``unusual``, by its place."""

    path: str
    data: Array
    spans: Array
    lines: Array
    unusual: dict[int, bytes]
    text_ranks: Array
    """From which of several fields each text is."""

    def value(self, row: int, column: int) -> str | None:
        """Return a value of a usual record, None where it has none."""
        begin, end = self.spans[row, column].tolist()
        return None if begin < 0 else self.data[begin:end].tobytes().decode()


@dataclass(frozen=True, slots=True)
class _Fields:
    names: Array
    offsets: Array
    columns: Array
    ranks: Array
    required: int


def cut_lines(stream: Stream, path: str, reading: Reading) -> Iterator[Lines]:
    """Yield the lines of a file, as many together as come; none are cut. Raises `InputError` for a line without end."""
    most = 6 * reading.max_chars + SPARE  # of a line, as `jsonl.numbered_lines` has it
    rest, before, is_first = b"", 0, True
    while data := stream.read(max(STEP, len(rest))):
        data = rest + data
        if is_first and len(data) >= len(BOM):
            data, is_first = data.removeprefix(BOM), False
        end = data.rfind(b"\n") + 1
        if end:
            count = data.count(b"\n", 0, end)
            yield Lines(path, data[:end], before, count)
            before += count
        rest = data[end:]
        if len(rest) > most:
            behind = cast(Stream, io.BufferedReader(cast(io.RawIOBase, _Chained(rest, stream))))
            yield from (Lines(path, b"", before, rest=(record,)) for record in read(behind, path, reading, before))
            return
    if rest.removeprefix(BOM if is_first else b""):
        yield Lines(path, rest.removeprefix(BOM if is_first else b"") + b"\n", before, 1)


class _Chained(io.RawIOBase):
    """Some bytes, and a stream behind them."""

    def __init__(self, data: bytes, stream: Stream):
        self._data, self._stream = data, stream

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        if not self._data:
            self._data = self._stream.read(len(into))
        part, self._data = self._data[: len(into)], self._data[len(into) :]
        into[: len(part)] = part
        return len(part)


def plain_fields(reading: Reading) -> bool:
    """Tell whether these options let the fields of records be found as spans: each is a field at the top of a record."""
    return reading.text_format != "html" and _fields(extractor(reading, USUAL)) is not None


@lru_cache(16)
def _fields(made_by: Extractor) -> _Fields | None:
    found: dict[str, tuple[int, int]] = {}
    required = (1 << COLUMNS.index("id")) | (1 << COLUMNS.index("text"))
    for name, paths in made_by.named.items():
        if name not in COLUMNS or len(paths) > 1 or len(paths[0]) > 1 or str(paths[0][0]) in found or not isinstance(paths[0][0], str):
            return None
        found[paths[0][0]] = COLUMNS.index(name), 0
        required |= 1 << COLUMNS.index(name)
    for field, uses in made_by.usual.items():
        plain = [(name, rank) for name, rank, steps, _ in uses if not steps]
        kept = [(name, rank) for name, rank in plain if name in COLUMNS]
        if {name for name, *_ in uses} <= _IGNORED:
            continue
        if field in found or len(kept) > 1:
            return None
        found[field] = (COLUMNS.index(kept[0][0]), kept[0][1]) if kept else (-1, 0)
    if len(found) > _MOST_FIELDS:
        return None
    names = [field.encode() for field in found]
    columns, ranks = (np.array(values, np.int64) for values in zip(*found.values(), strict=True))
    offsets = np.array([0, *accumulate(map(len, names))], np.int64)
    return _Fields(np.frombuffer(b"".join(names), np.uint8), offsets, columns, ranks, required)


def split_block(lines: Lines, reading: Reading) -> RecordBlock:
    """Find the fields of the records of some lines."""
    if lines.rest:
        count = len(lines.rest)
        empty = np.zeros(0, np.uint8), np.full((count, len(COLUMNS), 2), -1, np.int64), np.zeros(count, np.int64)
        return RecordBlock(lines.path, *empty, {}, np.zeros(count, np.uint8))
    fields = _fields(extractor(reading, USUAL))
    assert fields is not None
    assert compiled is not None
    data = np.frombuffer(bytearray(lines.data), np.uint8)  # the loop takes escapes out of strings in place
    room = lines.count
    places, numbers, spans = np.empty((room, 2), np.int64), np.empty(room, np.int64), np.empty((room, len(COLUMNS), 2), np.int64)
    unusual, ranks = np.empty(room, np.uint8), np.empty(room, np.uint8)
    known = fields.names, fields.offsets, fields.columns, fields.ranks, fields.required, reading.max_chars
    count = compiled.split_records(data, *known, places, numbers, spans, unusual, ranks)
    odd = np.flatnonzero(unusual[:count])
    raw = {row: lines.data[begin:end] for row, (begin, end) in zip(odd.tolist(), places[odd].tolist(), strict=True)}
    return RecordBlock(lines.path, data, spans[:count], numbers[:count] + (lines.before + 1), raw, ranks[:count])


def unusual_documents(lines: Lines, block: RecordBlock, reading: Reading) -> dict[int, Document | InputError]:
    """Return the documents of what is unusual in a block, by their places; what comes first of the wrong ones is an error."""
    if lines.rest:
        return {row: record.error or record.document for row, record in enumerate(lines.rest)}  # type: ignore[misc]  # one of them is there
    found: dict[int, Document | InputError] = {}
    for row, raw in block.unusual.items():
        line = int(block.lines[row])
        try:
            found[row] = extractor(reading, USUAL).document(parse_json(raw, block.path, line), block.path, line)
        except InputError as error:
            found[row] = error
            break
    return found


def about_of(block: RecordBlock, reading: Reading) -> dict[int, tuple[str | None, ...]]:
    """Return the title, source, time and url of usual records that have any of them, by their places."""
    said = np.flatnonzero((block.spans[:, _ABOUT, 0] >= 0).any(axis=1)).tolist()
    found = {row: [block.value(row, column) for column in _ABOUT] for row in said}
    if "time" not in extractor(reading, USUAL).named:
        for values in found.values():
            values[_ABOUT.index(_TIME)] = time_in(values[_ABOUT.index(_TIME)])
    return {row: tuple(values) for row, values in found.items()}


def say_text_fields(block: RecordBlock, reading: Reading) -> None:
    """Tell once which field the texts of a block are from, where that is not the first one of the format."""
    for rank in np.unique(block.text_ranks).tolist():
        extractor(reading, USUAL).say_text_field(rank)
