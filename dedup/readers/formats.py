"""The formats: how each is told from others, and which reader it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .csv import csv_records
from .jsonl import json_records
from .lines import BOM, Stream
from .options import Format, Reading
from .parquet import parquet_records
from .records import Record

_READERS = {"jsonl": json_records, "csv": csv_records, "parquet": parquet_records}


def records(stream: Stream, kind: Format, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a stream. One that is wrong says so; what ends the reading of a whole stream is raised as `InputError`.

    Of CSV the line with names comes first, a record without a document.
    """
    return _READERS[kind](stream, path, reading)


_SUFFIXES: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet"
}  # fmt: skip


def kind_of(name: str) -> Format | None:
    """Return what a file of this name is, None where the name does not say."""
    return _SUFFIXES.get(Path(name.removesuffix(".gz").removesuffix(".zst")).suffix.lower())


def detect_format(stream: Stream, path: str, reading: Reading) -> Format:
    kind = reading.input_format or kind_of(path)
    if kind is None:
        start = stream.peek(64)
        kind = "parquet" if start.startswith(b"PAR1") else "text"
        kind = "jsonl" if start.lstrip(BOM + b" \t\r\n").startswith(b"{") else kind
    return kind
