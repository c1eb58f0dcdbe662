"""Answers of NewsAPI, and of others that answer in its shape: a status and a list of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from .field_paths import parse_path
from .fields import FieldNames
from .json import read as read_json
from .lines import Stream
from .options import Reading
from .records import Record
from .said import Once

_NAMES = FieldNames(
    id=("id", "uri", "url"),
    text=("content", "body", "description"),
    source=("source.name", "source.title", "source", "source.uri"),
    time=("publishedAt", "published_date", "published", "dateTime", "pubDate", "date"),
    status=(),
    byline=("author", "authors", "creator", "byline"),
)
_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+[\d,]+ chars\]$")
_MARK = 40  # characters that the mark of a cut has at most


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of articles. The mark of a text that was cut is taken off, and that texts were cut is said."""
    return read_json(stream, path, reading, _NAMES, parse_path("articles[]"), prepare=partial(_whole, Once()))


def _whole(once: Once, article: Any) -> Any:
    content = article.get("content") if isinstance(article, Mapping) else None
    if not isinstance(content, str) or not content.endswith("]") or not (found := _CUT.search(content, len(content) - _MARK)):
        return article
    once.say("texts in answers of NewsAPI were cut by it: only their beginnings are compared")
    return {**article, "content": content[: found.start()].rstrip()}
