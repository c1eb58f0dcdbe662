"""Times as sources write them, to seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from ..errors import InputError
from ..model import Document


def timestamp_of(document: Document) -> tuple[str, float]:
    """Return the time of a document as a sort, number or date, and seconds; a date without an offset is taken as UTC.

    Raises `InputError` where there is none.

    >>> timestamp_of(Document("1", "", time="1970-01-02T00:00")), timestamp_of(Document("1", "", time="7"))
    (('date', 86400.0), ('number', 7.0))
    """
    text = document.time or ""
    try:
        if isfinite(seconds := float(text)):
            return "number", seconds
    except ValueError:
        pass
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        hint = "write times as 2016-02-09T14:30 or as seconds" if text else "name the field with --time-field"
        what = f"no time: {text[:40]!r}" if text else f"{document.id!r} has no time"
        raise InputError(what, path=document.path, line=document.line, hint=hint) from error
    return "date", (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
