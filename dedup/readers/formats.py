"""Formats: the table of readers, and how the format of a file is found by its name or its first bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .csv import csv_records
from .jsonl import json_records
from .lines import BOM, Stream
from .options import Format, Reading
from .parquet import parquet_records
from .records import Record

SUFFIXES: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet"
}  # fmt: skip
"""The formats by the end of a file's name."""
_READERS = {"jsonl": json_records, "csv": csv_records, "parquet": parquet_records}


def kind_of(name: str) -> Format | None:
    """Return the format of a file by its name, with or without ``.gz`` or ``.zst``; None if the name does not tell it.

    >>> kind_of("news.jsonl.gz"), kind_of("news")
    ('jsonl', None)
    """
    return SUFFIXES.get(Path(name.removesuffix(".gz").removesuffix(".zst")).suffix.lower())


def detect_format(stream: Stream, path: str, reading: Reading) -> Format:
    """Return the format of a stream: the one that the options name, else by the name of the file, else by its first bytes."""
    kind = reading.input_format or kind_of(path)
    if kind is None:
        start = stream.peek(64)
        kind = "parquet" if start.startswith(b"PAR1") else "text"
        kind = "jsonl" if start.lstrip(BOM + b" \t\r\n").startswith(b"{") else kind
    return kind


def records(stream: Stream, kind: Format, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a stream. A wrong record has its error in it. Raises `InputError` if the rest of the stream cannot be read.

    Of CSV the line with the column names comes first, as a record without a document.
    """
    return _READERS[kind](stream, path, reading)
