"""Reading on Spark: the workers read files with the readers in `dedup.readers`."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from typing import Any
from urllib.parse import unquote

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from ..config import Config
from ..errors import InputError
from ..model import Document
from ..readers.compression import is_gzip, is_zstandard
from ..readers.detection import UnknownKind, detect_format
from ..readers.fields import USUAL, extractor
from ..readers.files import STDIN, find_sources, open_source
from ..readers.formats import formats_named
from ..readers.jsonl import parse_json
from ..readers.lines import BOM
from ..readers.options import Reading
from ..readers.records import document_of
from ..readers.sources import read, read_bytes, say_what_is_left_out
from ..text.passages import checked_segments
from . import pieces
from .arrow import Batches
from .pieces import SMALL, LocalFile
from .session import NANOSECONDS
from .source import TEXT, Found, Source, problem, text_batches
from .stages import file_url, literal, quoted

_PACKED = (".gz", ".zst", ".bz2", ".deflate", ".lz4", ".snappy")  # Spark reads lines of files with these endings as packed
_HIDDEN = ("_", ".")  # Spark does not read files whose names begin with these
_MOST_WHOLE = 1 << 28  # bytes of a file that is not read in parts
_INFLATED = 4  # times the bytes of a packed file, or of Parquet
_Make = Callable[[Any, str], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class File:
    """A file that the workers read: its name for the user, its URI, its bytes, and the time of its last change."""

    name: str
    uri: str
    size: int
    changed: str
    tolerant: bool = False
    """A file in a folder of this machine: it is left out if its kind is not known."""

    @property
    def is_here(self) -> bool:
        """Whether it was named as a file of this machine."""
        return self.name != self.uri


def list_files(spark: SparkSession, paths: Iterable[str], reading: Reading) -> tuple[File, ...]:
    """Return the files that paths, folders and globs of this machine, and URLs, name. Raises `InputError`."""
    paths = [*paths]
    if STDIN in paths:
        raise InputError("Spark does not read standard input", hint="give files that the workers can read")
    urls = [path for path in paths if "://" in path]
    here = [path for path in paths if "://" not in path]
    sources = find_sources(here, reading)
    say_what_is_left_out(sources.unknown)
    tolerant = frozenset() if reading.strict else sources.in_folders
    local = (_local(name, name in tolerant) for name in sources.files)
    found = [*local, *chain.from_iterable(_at_url(spark, url, reading) for url in urls)]
    return tuple({file.uri: file for file in found}.values())


def _local(name: str, tolerant: bool) -> File:
    status = os.stat(name)
    return File(name, file_url(name), status.st_size, str(status.st_mtime_ns), tolerant)


def _at_url(spark: SparkSession, url: str, reading: Reading) -> Iterator[File]:
    files = spark.read.format("binaryFile").option("recursiveFileLookup", str(reading.recursive).lower())
    try:
        rows = (
            files.load(url).select(F.col("_metadata.file_path").alias("path"), "length", F.col("modificationTime").cast("string")).collect()
        )
    except AnalysisException as error:
        raise InputError("no such file or folder", path=url, hint="check the spelling") from error
    names = sorted((unquote(row.path), row.length, row.modificationTime) for row in rows)
    known = [name for name in names if len(names) == 1 or reading.input_format or formats_named(name[0])]
    if not known:
        raise InputError("no texts in this folder", path=url)
    return (File(name, name, size, changed) for name, size, changed in known)


def bytes_of(files: Iterable[File]) -> int:
    """Return how many bytes of texts are in files, about."""
    return sum(file.size * (_INFLATED if file.name.endswith((*_PACKED, ".parquet")) else 1) for file in files)


def files_digest(files: Iterable[File], reading: Reading) -> str:
    """Return a digest of these files and of the options with which they are read."""
    listed = sorted((file.uri, file.size, file.changed) for file in files)
    return hashlib.sha256(json.dumps([listed, repr(reading)]).encode()).hexdigest()[:16]


def source(spark: SparkSession, files: Iterable[File], reading: Reading) -> Source:
    """Return the source of the documents of files, or of their errors.

    JSONL and Parquet are read in parts. Every other file is read as a whole by one worker.
    """
    here, there = list[LocalFile](), list[File]()
    for file in files:
        if not file.size:
            raise InputError("nothing to read: the file is empty", path=file.name, hint="leave it out")
        kind = _kind_here(file, reading) if file.is_here and file.size > SMALL else "whole"
        if file.is_here and kind != "parquet":
            here.append(LocalFile(file.name, file.size, kind == "jsonl", file.tolerant))
        else:
            there.append(file)
    if not here and not there:
        raise InputError("no files to read")
    if not there:
        return pieces.local_source(spark, here, reading)
    tables = _read_by_spark(spark, there, reading)
    if here:
        tables.append(pieces.local_source(spark, here, reading).texts())
    return Source.of(reduce(DataFrame.union, tables))


def _kind_here(file: File, reading: Reading) -> str:
    """Return how a file of this machine is read: ``jsonl`` or ``parquet`` in parts, else ``whole``."""
    with open(file.name, "rb") as raw:
        start = raw.read(4)
    if is_gzip(start) or is_zstandard(start) or file.name.endswith((".gz", ".zst")):
        return "whole"
    with open_source(file.name) as stream, suppress(UnknownKind):  # a worker says it
        kind = detect_format(stream, file.name, reading).name
        return kind if kind in ("jsonl", "parquet") else "whole"
    return "whole"


def _read_by_spark(spark: SparkSession, files: Sequence[File], reading: Reading) -> list[DataFrame]:
    """Return tables of the documents of files that Spark reads, with the columns of `TEXT`."""
    names = {_plain(file.uri): file.name for file in files}
    kinds: dict[str, list[str]] = {}
    for file in files:
        if file.is_here and (os.path.basename(file.name).startswith(_HIDDEN) or ":" in file.name):
            what = "Spark does not read a large file of Parquet whose name begins with _ or . or has a colon"
            raise InputError(what, path=file.name, hint="rename it")
        kind = "parquet" if file.is_here else _kind_there(file.name, reading)
        if kind == "whole" and file.size > _MOST_WHOLE:
            what = f"one worker reads this file as a whole, and it has more than {_MOST_WHOLE >> 20} MB"
            raise InputError(what, path=file.name, hint="split it, or write JSONL or Parquet, not packed")
        kinds.setdefault(kind, []).append(literal(file.uri))
    return [_READERS[kind](spark, uris, names, reading) for kind, uris in kinds.items()]


def _kind_there(name: str, reading: Reading) -> str:
    """Return how a file elsewhere is read. Its name tells it alone."""
    named = [each.name for each in formats_named(name)]
    kind = reading.input_format or (named[0] if len(named) == 1 else "jsonl" if "jsonl" in named else "whole")
    return kind if kind in ("jsonl", "parquet") and os.path.splitext(name)[1].lower() not in _PACKED else "whole"


def _plain(uri: str) -> str:
    """Return a URI in one form: the path if it names a file of this machine, because such a URI has two forms."""
    return re.sub(r"^file:/+", "/", uri)


def _lines(spark: SparkSession, uris: list[str], names: dict[str, str], reading: Reading) -> DataFrame:
    named = replace(reading, unnamed="refuse")  # a worker does not know the number of a line

    def document(data: bytes, path: str) -> Iterator[Document]:
        data = data.removeprefix(BOM)
        if data and not data.isspace():
            yield document_of(parse_json(data, path, None), path, None, named)

    lines = spark.read.text(uris, lineSep="\n").select(F.col("value").cast("binary").alias("data"), "_metadata.file_path")
    return _read_by(lines, names, document)


def _rows(spark: SparkSession, uris: list[str], names: dict[str, str], reading: Reading) -> DataFrame:
    named = replace(reading, unnamed="refuse")
    fields = extractor(reading, USUAL).columns
    table = _table(spark, uris, reading)
    kept = [
        F.col(quoted(name)).cast("string" if kind.startswith("decimal") else kind).alias(name)
        for name, kind in table.dtypes
        if name in fields
    ]

    def document(row: dict[str, Any], path: str) -> Iterator[Document]:
        yield document_of(row, path, None, named)

    return _read_by(
        table.select(F.struct(*kept).alias("data") if kept else F.struct().alias("data"), "_metadata.file_path"), names, document
    )


def _table(spark: SparkSession, uris: list[str], reading: Reading) -> DataFrame:
    try:
        return spark.read.parquet(*uris)
    except AnalysisException as error:
        if "TIMESTAMP(NANOS" not in str(error):
            raise
    spark.conf.set(NANOSECONDS, "true")  # for columns that are not read
    table = spark.read.parquet(*uris)
    if dict(table.dtypes).get(reading.time_field or "") == "bigint":
        what = f"Spark does not read times in nanoseconds, {reading.time_field!r} for example"
        raise InputError(what, path=uris[0], hint="write them in microseconds")
    return table


def _whole(spark: SparkSession, uris: list[str], names: dict[str, str], reading: Reading) -> DataFrame:
    def documents(data: bytes, path: str) -> Iterator[Document]:
        return read_bytes(data, path, reading)

    files = spark.read.format("binaryFile").load(uris)
    return _read_by(files.select(F.col("content").alias("data"), "_metadata.file_path"), names, documents)


_READERS = {"jsonl": _lines, "parquet": _rows, "whole": _whole}


def _read_by(table: DataFrame, names: dict[str, str], make: _Make) -> DataFrame:
    """Return the documents that ``make`` returns for the column ``data`` and the path of each row."""

    def found(batches: Batches) -> Found:
        for batch in batches:
            for data, uri in zip(batch.column("data"), batch.column("file_path").to_pylist(), strict=True):
                path = names[_plain(unquote(uri))]
                try:
                    for document in make(data.as_py(), path):
                        yield document, None
                except InputError as error:
                    yield Document("", "", path), problem(error)

    return table.mapInArrow(lambda batches: text_batches(found(batches)), TEXT)


def located(error: InputError, reading: Reading, config: Config) -> InputError:
    """Return the error with its line. A worker knows only the path, so a file of this machine is read once more to find the line."""
    if error.path is None or error.line is not None or not os.path.isfile(error.path):
        return error
    try:
        for _ in checked_segments(read([error.path], reading), config):
            pass
    except InputError as found:
        return found
    return error
