"""Articles of news-please."""

from __future__ import annotations

from collections.abc import Iterator

from .fields import FieldNames
from .json import read as read_json
from .lines import Stream
from .options import Reading
from .records import Record

_NAMES = FieldNames(
    id=("url", "filename"),
    text=("maintext", "text", "description"),
    source=("source_domain",),
    time=("date_publish", "date_modify", "date_download"),
    status=(),
    byline=("authors", "author"),
)


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of articles."""
    return read_json(stream, path, reading, _NAMES)
