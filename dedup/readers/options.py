"""The options of readers: formats, encodings, and the fields of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..config import Config

TextFormat = Literal["auto", "plain", "html"]
"""What the texts of records are: ``plain``, ``html``, or ``auto``, HTML where a text has tags or character references."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The options of readers. ``encoding`` is for text and CSV; JSON is always UTF-8.

    ``input_format`` is a name in `dedup.readers.formats.FORMATS`; if it is None, the name and the first bytes of a file decide, and must
    agree. A field is a path like ``headline`` or ``bodies[0].value``; the text and the title may be several, with commas, whose values are
    joined. Fields that are None are those that the format has for this; a field that is named must be in every record, and of several for
    the text one. ``records`` is the path of the list of records in an object of JSON, and ``query`` a statement that selects records in
    SQLite.
    """

    encoding: str = "utf-8"
    input_format: str | None = None
    id_field: str | None = None
    text_field: str | None = None
    time_field: str | None = None
    cluster_field: str | None = None
    source_field: str | None = None
    recursive: bool = False
    max_chars: int = Config().max_chars
    title_field: str | None = None
    url_field: str | None = None
    language_field: str | None = None
    version_field: str | None = None
    status_field: str | None = None
    byline_field: str | None = None
    text_format: TextFormat = "auto"
    records: str | None = None
    query: str | None = None
    strict: bool = False
    """True: a file in a folder that cannot be read as any format is an error; False: it is left out, and that is said."""
    unnamed: Literal["line", "digest", "refuse"] = "line"
    """What names a record without an id: its file and line, or a digest of its text, which is the same in every feed; or it is an error."""
