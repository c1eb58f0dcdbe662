"""Sources: the documents and records of all files that paths name, plain or packed, in any format that can be read."""

from __future__ import annotations

import io
import logging
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from ..errors import InputError
from ..model import Document
from .detection import UnknownKind, detect_format
from .files import STDIN, Sources, find_sources, inflated, open_source, unreadable
from .formats import InputFormat, ending, find_input_format
from .lines import Stream
from .options import Reading
from .record_blocks import Lines, cut_lines
from .records import Record
from .row_blocks import Rows

_LOG = logging.getLogger("dedup.readers")
_LINES = "jsonl"
_COLUMNS = "parquet", "arrow"
_TOGETHER = 256  # records that are handed over together


def read(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Document]:
    """Read every document of these paths, folders and globs, one at a time.

    Raises `InputError`, with path and line, for what cannot be read. Files of a folder whose kind is not known are left out, and that is
    said; where ``reading.strict`` they are errors too.
    """
    reading = reading or Reading()
    files = _Files(find_sources(paths, reading), reading)
    for path in files.sources.files:
        with open_source(path) as stream:
            found = files.format_of(stream, path)
            if found is not None:
                yield from _documents(stream, found, path, reading)
    files.say_what_is_left_out()


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of paths: they are read anew each time that they are iterated over, as `read` does."""

    paths: tuple[str, ...]
    how: Reading

    @property
    def can_be_read_again(self) -> bool:
        """True where no path is a pipe or a device; a glob names files."""
        return all(path != STDIN and (os.path.isfile(path) or os.path.isdir(path) or not os.path.exists(path)) for path in self.paths)

    @property
    def are_in_blocks(self) -> bool:
        """True where the names of all files, or the options, say that they are JSON Lines, Parquet or Arrow."""
        kinds = _LINES, *_COLUMNS
        if self.how.input_format is not None:
            return self.how.input_format in kinds
        suffixes = {suffix for kind in kinds for suffix in find_input_format(kind).suffixes}
        return all(ending(path) in suffixes for path in find_sources(self.paths, self.how).files)

    def size(self) -> int:
        """Return the bytes of all files, as they are on disk; 0 where that cannot be told any more."""
        try:
            return sum(os.path.getsize(path) for path in find_sources(self.paths, self.how).files if os.path.isfile(path))
        except (OSError, InputError):
            return 0

    def __iter__(self) -> Iterator[Document]:
        return read(self.paths, self.how)

    def blocks(self) -> Iterator[Lines | Rows | None]:
        """Yield the lines or rows of all files, as many together as come; of a file that turns out to be of another kind its records. None
        comes before something that is told, for which all blocks before it must have been used. Raises `InputError` as `read` does for what
        cannot be read."""
        files = _Files(find_sources(self.paths, self.how), self.how)
        for path in files.sources.files:
            with open_source(path) as stream:
                try:
                    found = detect_format(stream, path, self.how)
                except UnknownKind as error:
                    yield None
                    files.leave_out(path, error)
                    continue
                nothing = True
                if found.name != _LINES:
                    yield None
                for block in _cut(found, stream, path, self.how):
                    nothing = nothing and block.is_blank
                    yield block
                if nothing:
                    raise _nothing(path)
        yield None
        files.say_what_is_left_out()


def _cut(found: InputFormat, stream: Stream, path: str, reading: Reading) -> Iterator[Lines | Rows]:
    if found.name == _LINES:
        yield from cut_lines(stream, path, reading)
    elif found.name in _COLUMNS:
        yield from _rows(found.name, stream, path)
    else:
        yield from _as_records(found, stream, path, reading)


def _rows(name: str, stream: Stream, path: str) -> Iterator[Rows]:
    from . import arrow, parquet  # which few need

    before = 0
    for batch in (arrow if name == "arrow" else parquet).batches(stream, path):
        if batch.num_rows:
            yield Rows(path, batch, before)
        before += batch.num_rows


def _as_records(found: InputFormat, stream: Stream, path: str, reading: Reading) -> Iterator[Lines]:
    """Yield records, up to the first wrong one, and raise the error of what cannot be read behind them."""
    some: list[Record] = []
    try:
        for record in found.read(stream, path, reading):
            if record.error is not None or record.document is not None:
                some.append(record)
            if record.error is not None:
                break
            if len(some) == _TOGETHER:
                yield Lines(path, b"", 0, rest=some)
                some = []
    except (InputError, OSError, EOFError, zlib.error):
        if some:
            yield Lines(path, b"", 0, rest=some)
        raise
    if some:
        yield Lines(path, b"", 0, rest=some)


def _nothing(path: str) -> InputError:
    return InputError("nothing to read: the file is empty or blank", path=path, hint="leave it out")


def read_bytes(data: bytes, path: str, reading: Reading) -> Iterator[Document]:
    """Read every document of a file whose bytes are given, as `read` does."""
    stream = inflated(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)), len(data) or 1), data[:4], ahead=False)
    try:
        yield from _documents(stream, detect_format(stream, path, reading), path, reading)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def read_records(paths: Iterable[str], reading: Reading | None = None) -> Iterator[Record]:
    """Read every record of these paths, one at a time. A wrong record has its error in it.

    Raises `InputError` if the rest of a source cannot be read, and for a text file, which has no records.
    """
    reading = reading or Reading()
    files = _Files(find_sources(paths, reading), reading)
    for path in files.sources.files:
        with open_source(path) as stream:
            found = files.format_of(stream, path)
            if found is None:
                continue
            if found.name == "text" and stream.peek(64).strip():
                hint = "give JSONL, CSV or a format of news, or say with --as what it is"
                raise InputError("a text file has no records", path=path, hint=hint)
            records = find_input_format("jsonl") if found.name == "text" else found  # an empty feed
            yield from records.read(stream, path, reading)
    files.say_what_is_left_out()


class _Files:
    """The files that paths name, their formats, and how many are left out because their kind is not known: only those of folders are.

    Raises `InputError` for the first of them if ``reading.strict``.
    """

    def __init__(self, sources: Sources, reading: Reading):
        self.sources, self._reading = sources, reading
        self._mistaken: list[str] = []
        if reading.strict and sources.unknown:
            raise InputError("a file of a kind that is not read", path=sources.unknown[0], hint="leave it out, or drop --strict-input")

    def format_of(self, stream: Stream, path: str) -> InputFormat | None:
        """Return the format of an open file, None for one that is left out. Raises `InputError` as `detect_format` does."""
        try:
            return detect_format(stream, path, self._reading)
        except UnknownKind as error:
            self.leave_out(path, error)
            return None

    def leave_out(self, path: str, error: UnknownKind) -> None:
        """Tell that a file of a folder is left out. Raises the error for any other."""
        if path not in self.sources.in_folders or self._reading.strict:
            raise error
        _LOG.warning("%s is left out: %s", path, error.what)
        self._mistaken.append(path)

    def say_what_is_left_out(self) -> None:
        say_what_is_left_out(self.sources.unknown, self._mistaken)


def say_what_is_left_out(unknown: Iterable[str], mistaken: Iterable[str] = ()) -> None:
    """Tell how many files are left out, by the ends of their names; ``mistaken`` are those that are not what their names say."""
    kinds = Counter(ending(path) or "without an ending" for path in unknown)
    kinds.update(f"{ending(path)} of another kind" for path in mistaken)
    if kinds:
        count = f"{kinds.total():,} files that are not read" if kinds.total() > 1 else "1 file that is not read"
        _LOG.warning("left out %s: %s", count, ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items())))


def _documents(stream: Stream, found: InputFormat, path: str, reading: Reading) -> Iterator[Document]:
    nothing = True
    for record in found.read(stream, path, reading):
        if record.error is not None:
            raise record.error
        if record.document is not None:
            yield record.document
        nothing = nothing and record.document is None and bool(record.raw)  # without bytes: an item that is left out, which was said
    if not nothing:
        return
    raise _nothing(path)
