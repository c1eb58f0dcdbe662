"""Blocks of JSON Lines: the fields of many records as spans of bytes. Lines with anything unusual become documents one by one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..errors import InputError
from ..kernels import compiled
from ..model import Document
from .blank_texts import blank_texts
from .fields import USUAL, Extractor, extractor, time_in
from .jsonl import parse_json
from .lines import BOM, SPARE, STEP, Stream, too_long
from .options import Reading
from .records import Record
from .said import Once

COLUMNS = "id", "text", "title", "source", "time", "url"
"""The fields that a block has as columns."""
_IGNORED = frozenset(("language", "version", "embargo", "byline"))  # of a document, but of nothing that a search of whole documents tells
_MOST_FIELDS, _NEWLINE = 64, 10
ABOUT = "title", "source", "time", "url"
"""What a record says about its text."""
_ABOUT = [COLUMNS.index(name) for name in ABOUT]
_TIME, _TEXT = COLUMNS.index("time"), COLUMNS.index("text")


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a file, with the numbers of those before and of their own; or records, where they are not read as lines."""

    path: str
    data: bytes
    before: int
    count: int = 0
    rest: Sequence[Record] = ()

    @property
    def is_blank(self) -> bool:
        """True where there is nothing but white space."""
        return not self.rest and self.data.isspace()


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
    """Yield the lines of a file, as many together as come; none are cut. A line that is wrong as a whole is a record with its error, and
    the last one. What cannot be read is an error behind the lines before it."""
    limit = 6 * reading.max_chars + SPARE  # of a line, as `jsonl.numbered_lines` has it
    rest, before = b"", 0
    while True:
        more, error = _some(stream, max(STEP, len(rest)))
        data = rest + more
        end = data.rfind(b"\n") + 1 if more or error else len(data)
        long = _line_beyond(data, limit)
        whole = data[: end if long is None else long]
        if whole and not before and whole.startswith(BOM):
            whole = whole.removeprefix(BOM)
            if (wrong := _error_of_blank(whole, path)) is not None:
                yield Lines(path, b"", 0, rest=(Record(whole, {}, None, wrong),))
                return
        if whole:
            whole = whole if whole.endswith(b"\n") else whole + b"\n"
            count = int(np.count_nonzero(np.frombuffer(whole, np.uint8) == _NEWLINE))  # twice as fast as bytes.count
            yield Lines(path, whole, before, count)
            before += count
        if long is not None:
            yield Lines(path, b"", before, rest=(Record(data[long:], {}, None, too_long(path, before + 1, reading.max_chars)),))
            return
        if error is not None:
            raise error
        if not more:
            return
        rest = data[end:]


def _error_of_blank(data: bytes, path: str) -> InputError | None:
    """Return the error of a first line that has nothing behind its byte order mark; None for any other."""
    first = data[: data.find(b"\n") + 1] or data
    if first.strip():
        return None
    try:
        parse_json(first, path, 1)
    except InputError as error:
        return error
    return None


def _some(stream: Stream, size: int) -> tuple[bytes, Exception | None]:
    """Read some bytes, none only at the end, and the error that comes behind them."""
    parts, wanted = list[bytes](), size
    try:
        while wanted > 0 and (part := stream.read1(wanted)):
            parts.append(part)
            wanted -= len(part)
    except (OSError, EOFError, zlib.error) as error:
        return b"".join(parts), error
    return b"".join(parts) if len(parts) != 1 else parts[0], None


def _line_beyond(data: bytes, limit: int) -> int | None:
    """Return where the first line begins that has ``limit`` bytes or more before its end, None if there is none.

    >>> _line_beyond(b"a\\nbcd\\ne", 3), _line_beyond(b"a\\nbcd\\ne", 4)
    (2, None)
    """
    start = 0
    while len(data) - start >= limit:
        end = data.rfind(b"\n", start, start + limit)
        if end < 0:
            return start
        start = end + 1
    return None


def plain_fields(reading: Reading) -> bool:
    """Tell whether these options let the fields of records be found as spans: each is a field at the top of a record."""
    return reading.text_format != "html" and _fields(extractor(reading, USUAL)) is not None


def plain_columns(made_by: Extractor) -> dict[str, tuple[int, int]] | None:
    """Return for each field at the top of a record that may be needed its place in `COLUMNS`, and from which of several fields that is; -1
    for a field that makes a record unusual. None where a document takes more than such fields."""
    found: dict[str, tuple[int, int]] = {}
    for name, paths in made_by.named.items():
        if name not in COLUMNS or len(paths) > 1 or len(paths[0]) > 1 or str(paths[0][0]) in found or not isinstance(paths[0][0], str):
            return None
        found[paths[0][0]] = COLUMNS.index(name), 0
    for field, uses in made_by.usual.items():
        plain = [(name, rank) for name, rank, steps, _ in uses if not steps]
        kept = [(name, rank) for name, rank in plain if name in COLUMNS]
        if {name for name, *_ in uses} <= _IGNORED:
            continue
        if field in found or len(kept) > 1:
            return None
        found[field] = (COLUMNS.index(kept[0][0]), kept[0][1]) if kept else (-1, 0)
    return found


@lru_cache(16)
def _fields(made_by: Extractor) -> _Fields | None:
    found = plain_columns(made_by)
    if found is None or len(found) > _MOST_FIELDS:
        return None
    required = sum({1 << COLUMNS.index(name) for name in ("id", "text", *made_by.named)})
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
    fields = _fields(made_by := extractor(reading, USUAL))
    assert fields is not None
    assert compiled is not None
    data = np.frombuffer(bytearray(lines.data), np.uint8)  # the loop takes escapes out of strings in place
    room = lines.count
    places, numbers, spans = np.empty((room, 2), np.int64), np.empty(room, np.int64), np.empty((room, len(COLUMNS), 2), np.int64)
    unusual, ranks = np.empty(room, np.uint8), np.empty(room, np.uint8)
    known = fields.names, fields.offsets, fields.columns, fields.ranks, fields.required, reading.max_chars
    count = compiled.split_records(data, *known, places, numbers, spans, unusual, ranks)
    if "text" not in made_by.named:  # the text of a record may be in a field behind that which is blank
        blank = np.flatnonzero(blank_texts(data, *spans[:count, _TEXT].T))
        unusual[blank], spans[blank], ranks[blank] = 1, -1, 0
    odd = np.flatnonzero(unusual[:count])
    raw = {row: lines.data[begin:end] for row, (begin, end) in zip(odd.tolist(), places[odd].tolist(), strict=True)}
    return RecordBlock(lines.path, data, spans[:count], numbers[:count] + (lines.before + 1), raw, ranks[:count])


Told = list[tuple[int, str]]
"""What is to be told of records, each by its place in a block."""


class _Kept(Once):
    """Keeps what is told."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def say(self, what: str) -> None:
        self.found.append(what)


def unusual_documents(lines: Lines, block: RecordBlock, reading: Reading) -> tuple[dict[int, Document | InputError], Told]:
    """Return the documents of what is unusual in a block, by their places, and what is to be told of them. What comes first of the wrong
    ones is an error."""
    if lines.rest:
        return {row: record.error or record.document for row, record in enumerate(lines.rest)}, []  # type: ignore[misc]  # one is there
    lined = ((row, int(block.lines[row]), raw) for row, raw in block.unusual.items())
    return documents_of_places(((row, line, partial(parse_json, raw, block.path, line)) for row, line, raw in lined), block.path, reading)


def documents_of_places(
    given: Iterable[tuple[int, int, Callable[[], Any]]], path: str, reading: Reading
) -> tuple[dict[int, Document | InputError], Told]:
    """Return the documents of records, by their places, and what is to be told of them. What comes first of the wrong ones is an error, and
    the last one. ``given`` has the place and the line of each record, and what reads its fields."""
    found, told, kept = dict[int, Document | InputError](), Told(), _Kept()
    made_by = None
    for place, line, read in given:
        made_by = made_by or Extractor(reading, USUAL, kept)
        try:
            found[place] = made_by.document(read(), path, line)
        except InputError as error:
            found[place] = error
        told += [(place, what) for what in kept.found]
        kept.found.clear()
        if isinstance(found[place], InputError):
            break
    return found, told


def about_of(block: RecordBlock, reading: Reading) -> dict[int, tuple[str | None, ...]]:
    """Return the title, source, time and url of usual records that have any of them, by their places."""
    said = np.flatnonzero((block.spans[:, _ABOUT, 0] >= 0).any(axis=1)).tolist()
    found = {row: [block.value(row, column) for column in _ABOUT] for row in said}
    if "time" not in extractor(reading, USUAL).named:
        for values in found.values():
            values[_ABOUT.index(_TIME)] = time_in(values[_ABOUT.index(_TIME)])
    return {row: tuple(values) for row, values in found.items()}


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """Records that were read together, a row each. Their texts are UTF-8: in ``data``, uint8, from ``begins`` to ``ends``, int64.

    ``about`` has what `about_of` returns. ``unusual`` has the documents of rows for which the other values do not count, that of the first
    wrong one an error; ``told`` is what is to be told of these, and ``text_ranks`` from which of several fields each text is.
    """

    path: str
    data: Array
    begins: Array
    ends: Array
    ids: list[str]
    lines: Array
    about: dict[int, tuple[str | None, ...]]
    text_ranks: Array
    unusual: dict[int, Document | InputError]
    told: Told


def read_line_block(lines: Lines, reading: Reading, *, has_about: bool = True) -> ReadBlock:
    """Read the records of some lines; ``has_about`` tells whether what they say about themselves is wanted."""
    block = split_block(lines, reading)
    begins, ends = (np.ascontiguousarray(block.spans[:, _TEXT, side]) for side in (0, 1))
    ids = [str(block.data.data[begin:end], "utf-8") for begin, end in block.spans[:, COLUMNS.index("id")].tolist()]
    about, unusual = about_of(block, reading) if has_about else {}, unusual_documents(lines, block, reading)
    return ReadBlock(lines.path, block.data, begins, ends, ids, block.lines, about, block.text_ranks, *unusual)


def tell(block: ReadBlock, count: int, reading: Reading) -> None:
    """Tell, each once, what is to be told of the first records of a block, in their order: also which field their texts are from, where
    that is not the first one of the format."""
    made_by = extractor(reading, USUAL)
    ranks, rows = np.unique(block.text_ranks[:count], return_index=True)
    fields = [(row, made_by.about_text_field(rank)) for rank, row in zip(ranks.tolist(), rows.tolist(), strict=True) if rank]
    for row, what in sorted((*fields, *block.told), key=lambda each: each[0]):
        if row < count:
            made_by.once.say(what)
