"""Pieces: files of this machine are cut into ranges of bytes, or packed together, and the workers read them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import accumulate
from typing import Any, cast

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from ..errors import InputError
from ..model import Document
from ..readers.detection import UnknownKind
from ..readers.fields import USUAL, Extractor, extractor
from ..readers.files import open_source, unreadable
from ..readers.jsonl import numbered_lines, parse_json
from ..readers.lines import BOM, STEP, Stream, too_long
from ..readers.options import Reading
from ..readers.sources import read
from .arrow import Batches, batch_of
from .blocks import partition_labels
from .source import Found, Source, problem

_LOG = logging.getLogger("dedup.readers")
SMALL = 1 << 20
"""Bytes of a task at least: a file that is not larger is never cut."""
_MOST = 1 << 25  # bytes of a task
_TASKS = 4  # that a small feed is cut into
_OPENING = 1 << 14  # bytes that are read in the time in which a file is opened
_BUFFER = 1 << 18


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine: its bytes, whether it is JSONL, not packed, and whether it is left out if its kind is not known."""

    path: str
    size: int
    lines: bool
    tolerant: bool


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A file, or, with an ``end``, the lines of one that begin in a range of its bytes; and the number of line ends before, if known.

    ``tolerant``: a file of a kind that is not known is left out.
    """

    path: str
    tolerant: bool
    start: int = 0
    end: int | None = None
    before: int | None = 0


def cut_ranges(files: Sequence[LocalFile]) -> list[list[ByteRange]]:
    """Return the pieces of files, task by task: large ones of JSONL in several, small ones together.

    >>> [len(task) for task in cut_ranges([LocalFile(f"{number}.txt", 1 << 10, False, True) for number in range(5000)])]
    [1250, 1250, 1250, 1250]
    """
    room = min(_MOST, max(SMALL, -(-sum(file.size + _OPENING for file in files) // _TASKS)))
    tasks: list[list[ByteRange]] = [[]]
    held = 0
    for file in files:
        ranges: list[tuple[int, int | None]] = [(0, None)]
        if file.lines and file.size > room:
            ranges = [(start, min(start + room, file.size)) for start in range(0, file.size, room)]
        for start, end in ranges:
            size = (end or file.size) - start + _OPENING
            if tasks[-1] and held + size > room + _OPENING:
                tasks.append([])
                held = 0
            tasks[-1].append(ByteRange(file.path, file.tolerant, start, end, None if start else 0))
            held += size
    return tasks


def local_source(spark: SparkSession, files: Sequence[LocalFile], reading: Reading) -> Source:
    """Return the source of the documents of these files."""
    tasks = cut_ranges(files)
    cut = {piece.path for task in tasks for piece in task if piece.end}
    # A match of a record and a segment shows the line of the record, and only other files than those of lines are cut into segments.
    beside_segments = not all(file.lines for file in files)
    counted = {path for path in cut if beside_segments or _is_unnamed(path, reading)}
    if counted:
        tasks = _counted(spark, tasks, counted)
    return Source(_table(spark, tasks), lambda batches: read_pieces(batches, reading), True)


def _table(spark: SparkSession, tasks: list[list[ByteRange]]) -> DataFrame:
    """Return a table of tasks, each in a partition of its own."""
    given = pa.array([json.dumps([*map(astuple, task)]) for task in tasks], pa.string())
    rows = pa.table({"task": partition_labels(len(tasks)), "pieces": given})  # of Arrow, because rows of Python go through workers
    return spark.createDataFrame(rows).repartition(len(tasks), "task")


def _pieces(batches: Batches) -> Iterator[ByteRange]:
    for batch in batches:
        for task in batch.column("pieces").to_pylist():
            yield from (ByteRange(*each) for each in json.loads(task))


def _is_unnamed(path: str, reading: Reading) -> bool:
    """Tell whether the first record of a file needs the number of its line for its id, or to say what is wrong."""
    with open_source(path) as stream:
        for number, data, error in numbered_lines(stream, path, reading):
            try:
                _document(data, number, error, path, extractor(replace(reading, unnamed="refuse"), USUAL), reading, number == 1)
            except InputError:
                return reading.unnamed == "line"
            break
    return False


def _counted(spark: SparkSession, tasks: list[list[ByteRange]], paths: set[str]) -> list[list[ByteRange]]:
    """Return the tasks with the numbers of line ends before the pieces of these files."""
    wanted = [[piece for piece in task if piece.path in paths] for task in tasks]
    found = _table(spark, [task for task in wanted if task]).mapInArrow(_line_ends, "path string, start long, count long").collect()
    counts = {(row["path"], row["start"]): row["count"] for row in found}
    before: dict[tuple[str, int], int] = {}
    for path in paths:
        starts = sorted(start for name, start in counts if name == path)
        before |= zip(((path, start) for start in starts), accumulate((counts[path, start] for start in starts), initial=0), strict=False)
    return [[replace(piece, before=before.get((piece.path, piece.start), piece.before)) for piece in task] for task in tasks]


def _line_ends(batches: Batches) -> Batches:
    found = [(piece.path, piece.start, count_line_ends(piece.path, piece.start, piece.end or 0)) for piece in _pieces(batches)]
    names, starts, counts = zip(*found, strict=True) if found else ((), (), ())
    yield batch_of(path=pa.array(names, pa.string()), start=pa.array(starts, pa.int64()), count=pa.array(counts, pa.int64()))


def count_line_ends(path: str, start: int, end: int) -> int:
    """Return how many line ends are in a range of the bytes of a file."""
    count = 0
    with open(path, "rb", 0) as file:
        file.seek(start)
        while start < end and (data := file.read(min(STEP, end - start))):
            count += data.count(b"\n")
            start += len(data)
    return count


def read_pieces(batches: Batches, reading: Reading) -> Found:
    """Yield the documents of the pieces of tasks; of a piece with an error those before it, and the error."""
    for piece in _pieces(batches):
        try:
            if piece.end is None:
                yield from ((document, None) for document in read([piece.path], reading))
            else:
                yield from _lines(piece, piece.end, reading)
        except InputError as error:
            if isinstance(error, UnknownKind) and piece.tolerant:
                _LOG.warning("%s is left out: %s", piece.path, error.what)
            else:
                yield Document("", "", piece.path), problem(error)


def _lines(piece: ByteRange, end: int, reading: Reading) -> Found:
    """Yield the documents of the lines of a piece. The number of the first line is found when it is needed: for an id, or an error."""
    try:
        with open(piece.path, "rb", 0) as file:
            begin, stop = _line_start(file, piece.start), _line_start(file, end)
            if begin < stop:
                yield from _range(piece, _Range(file, begin, stop), reading)
    except OSError as error:
        raise unreadable(error, piece.path) from error


def _range(piece: ByteRange, lines: _Range, reading: Reading) -> Found:
    path, begin = piece.path, lines.begin
    before = None if piece.before is None else piece.before + (begin > piece.start)
    named, exact = extractor(replace(reading, unnamed="refuse"), USUAL), extractor(reading, USUAL)
    stream = cast(Stream, io.BufferedReader(lines, _BUFFER))
    for number, data, wrong in numbered_lines(stream, path, reading):
        first = begin == 0 and number == 1
        if before is None:
            try:
                yield _document(data, None, wrong, path, named, reading, first), None
                continue
            except InputError:
                before = count_line_ends(path, 0, begin)
        try:
            yield _document(data, before + number, wrong, path, exact, reading, first), None
        except InputError as error:
            yield Document("", "", path), problem(error)
            return


def _document(
    data: bytes, line: int | None, wrong: InputError | None, path: str, made_by: Extractor, reading: Reading, first: bool
) -> Document:
    if wrong is not None:
        raise too_long(path, line, reading.max_chars)
    return made_by.document(parse_json(data.removeprefix(BOM) if first else data, path, line), path, line)


def _line_start(file: io.FileIO, offset: int) -> int:
    """Return where the first line begins that does not begin before an offset."""
    if offset == 0:
        return 0
    place = offset - 1
    file.seek(place)
    while data := file.read(_BUFFER):
        end = data.find(b"\n")
        if end >= 0:
            return place + end + 1
        place += len(data)
    return place


class _Range(io.RawIOBase):
    """A range of the bytes of a file, as a stream."""

    def __init__(self, file: io.FileIO, begin: int, stop: int):
        self.begin, self._file, self._left = begin, file, stop - begin
        file.seek(begin)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: self._left]
        count = self._file.readinto(view) or 0
        self._left -= count
        return count
