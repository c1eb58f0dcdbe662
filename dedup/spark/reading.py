"""Reading on Spark: the workers read files with the readers in `dedup.readers`."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from ..config import Config
from ..errors import InputError
from ..model import Document
from ..readers.detection import detect_format
from ..readers.fields import USUAL, extractor
from ..readers.files import STDIN, find_sources, open_source
from ..readers.formats import formats_named
from ..readers.jsonl import parse_json
from ..readers.lines import BOM
from ..readers.options import Reading
from ..readers.records import document_of
from ..readers.sources import read, read_bytes, say_what_is_left_out
from ..text.passages import checked_segments
from .arrow import Batches, batch_of
from .session import NANOSECONDS
from .sketches import TEXT, problem
from .stages import file_url, literal, quoted

_TEXTS = 512  # texts of a batch
_PACKED = (".gz", ".zst", ".bz2", ".deflate", ".lz4", ".snappy")  # Spark reads lines of files with these endings as packed
_HIDDEN = ("_", ".")  # Spark does not read files whose names begin with these
_MOST_WHOLE = 1 << 28  # bytes of a file that is not read in parts
_Make = Callable[[Any, str], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class File:
    """A file that the workers read: its name for the user, its URI, its bytes, and the time of its last change."""

    name: str
    uri: str
    size: int
    changed: str


def list_files(spark: SparkSession, paths: Iterable[str], reading: Reading) -> tuple[File, ...]:
    """Return the files that paths, folders and globs of this machine, and URLs, name. Raises `InputError`."""
    paths = [*paths]
    if STDIN in paths:
        raise InputError("Spark does not read standard input", hint="give files that the workers can read")
    urls = [path for path in paths if "://" in path]
    here = [path for path in paths if "://" not in path]
    sources = find_sources(here, reading)
    say_what_is_left_out(sources.unknown)
    found = [*map(_local, sources.files), *chain.from_iterable(_at_url(spark, url, reading) for url in urls)]
    return tuple({file.uri: file for file in found}.values())


def _local(name: str) -> File:
    status = os.stat(name)
    if os.path.basename(name).startswith(_HIDDEN) or ":" in name:
        raise InputError("Spark does not read a file whose name begins with _ or . or has a colon", path=name, hint="rename it")
    return File(name, file_url(name), status.st_size, str(status.st_mtime_ns))


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


def files_digest(files: Iterable[File], reading: Reading) -> str:
    """Return a digest of these files and of the options with which they are read."""
    listed = sorted((file.uri, file.size, file.changed) for file in files)
    return hashlib.sha256(json.dumps([listed, repr(reading)]).encode()).hexdigest()[:16]


def texts(spark: SparkSession, files: Iterable[File], reading: Reading) -> DataFrame:
    """Return the texts of files, or their errors, with the columns of `TEXT`.

    JSONL and Parquet are read in parts. Every other file is read as a whole by one worker.
    """
    names = {_plain(file.uri): file.name for file in files}
    kinds: dict[str, list[str]] = {}
    for file in files:
        if not file.size:
            raise InputError("nothing to read: the file is empty", path=file.name, hint="leave it out")
        kind = _kind(file, reading)
        whole = kind is None or kind not in _READERS or os.path.splitext(file.name)[1].lower() in _PACKED
        if whole and file.size > _MOST_WHOLE:
            what = f"one worker reads this file as a whole, and it has more than {_MOST_WHOLE >> 20} MB"
            raise InputError(what, path=file.name, hint="split it, or write JSONL or Parquet, not packed")
        kinds.setdefault("whole" if whole or kind is None else kind, []).append(literal(file.uri))
    found = None
    for kind, uris in kinds.items():
        table = _READERS[kind](spark, uris, names, reading)
        found = table if found is None else found.union(table)
    if found is None:
        raise InputError("no files to read")
    return found


def _kind(file: File, reading: Reading) -> str | None:
    """Return the name of a file's format. Of a file elsewhere, the name of the file tells it alone."""
    if not os.path.isfile(file.name):
        named = formats_named(file.name)
        return reading.input_format or (
            named[0].name if len(named) == 1 else "jsonl" if any(each.name == "jsonl" for each in named) else None
        )
    with open_source(file.name) as stream:
        return detect_format(stream, file.name, reading).name


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

    def found(batches: Batches) -> Iterator[tuple[Document, str | None]]:
        for batch in batches:
            for data, uri in zip(batch.column("data"), batch.column("file_path").to_pylist(), strict=True):
                path = names[_plain(unquote(uri))]
                try:
                    for document in make(data.as_py(), path):
                        yield document, None
                except InputError as error:
                    yield Document("", "", path), problem(error)

    return table.mapInArrow(lambda batches: _text_batches(found(batches)), TEXT)


def _text_batches(documents: Iterator[tuple[Document, str | None]]) -> Batches:
    for first in documents:
        part = [first, *islice(documents, _TEXTS - 1)]
        found = [document for document, _ in part]
        yield batch_of(
            **{name: pa.array([getattr(each, name) for each in found], pa.string()) for name in ("id", "text", "time", "source", "byline")},
            segmented=pa.array([document.segmented for document in found], pa.bool_()),
            path=pa.array([document.path for document in found], pa.string()),
            line=pa.array([document.line for document in found], pa.int32()),
            problem=pa.array([wrong for _, wrong in part], pa.string()),
        )


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
