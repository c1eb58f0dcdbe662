"""The options of readers: formats, encodings, and the fields of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..config import Config

Format = Literal["text", "jsonl", "csv", "parquet"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The options of readers. ``encoding`` is for text and CSV; JSONL is always UTF-8. If ``input_format`` is None, the name or the first
    bytes of a file decide.

    If a field for the time, the cluster or the source is named, every record must have it.
    """

    encoding: str = "utf-8"
    input_format: Format | None = None
    id_field: str = "id"
    text_field: str = "text"
    time_field: str | None = None
    cluster_field: str | None = None
    source_field: str | None = None
    recursive: bool = False
    max_chars: int = Config().max_chars
