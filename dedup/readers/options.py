"""How sources are read: formats, encodings, and the fields of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..config import Config

Format = Literal["text", "jsonl", "csv", "parquet"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read. ``encoding`` is for text and CSV, JSONL is UTF-8; ``input_format`` None goes by the name or first byte.

    A field for time, cluster or source that is named must be there.
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
