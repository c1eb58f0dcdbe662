"""Timestamps: the times of documents, as sources write them, in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite

from ..errors import InputError
from ..model import Document
from .late import late
from .persian_calendar import FIRST_YEAR

_BASIC_DATE = late(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{4}(?:[0-9]{2})?)?")
_ISO_DAY = late(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MILLISECONDS = late(r"[0-9]{13}")


def timestamp_of(document: Document) -> tuple[str, float]:
    """Return the format of a document's time, ``number`` or ``date``, and the time in seconds. A date without an offset is taken as UTC.

    Eight, twelve or fourteen digits that are a day of 1900 to 2099 are a date, as 20240305. Thirteen digits are milliseconds, other numbers
    seconds. Dates are read as `dedup.text.dates.iso_time` reads them.

    Raises `InputError` for a document without a time that can be read.

    >>> timestamp_of(Document("1", "", time="1970-01-02T00:00")), timestamp_of(Document("1", "", time="7"))
    (('date', 86400.0), ('number', 7.0))
    >>> [timestamp_of(Document("1", "", time=time)) for time in ("19700102", "1704189600000", "Fri, 02 Jan 1970 01:00:00 +0100")]
    [('date', 86400.0), ('number', 1704189600.0), ('date', 86400.0)]
    """
    text = (document.time or "").strip()
    basic = _BASIC_DATE.fullmatch(text)
    try:
        if not basic and isfinite(seconds := float(text)):
            return "number", seconds / 1000 if _MILLISECONDS.fullmatch(text) else seconds
    except ValueError:
        pass
    try:
        when = _date(text)
    except ValueError as error:
        if basic:  # a number after all
            return "number", float(text)
        hint = "write times as 2016-02-09T14:30 or as seconds" if text else "name the field with --time-field"
        what = f"not a time: {text[:40]!r}" if text else f"{document.id!r} has no time"
        raise InputError(what, path=document.path, line=document.line, hint=hint) from error
    return "date", (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def is_day(time: str | None) -> bool:
    """Tell whether a time is a day, without the hour.

    >>> [is_day(time) for time in ("2016-02-09", "20160209", "9 February 2016", "2016-02-09T14:30", "1455028200", None)]
    [True, True, True, False, False, False]
    """
    from .dates import iso_time

    text = (time or "").strip()
    return _ISO_DAY.fullmatch(iso_time(text) or "") is not None


def _date(text: str) -> datetime:
    """Return the time that a text says. Raises `ValueError` for a text that is no time."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        from .dates import iso_time  # which takes time to load, and most feeds do not need it

        when = datetime.fromisoformat(iso_time(text) or text)
    if when.year < FIRST_YEAR:
        raise ValueError("no year of a document")
    return when


def known_seconds(documents: Iterable[Document]) -> list[float] | None:
    """Return the times of documents in seconds; None unless all have one that can be read, of one format.

    >>> known_seconds([Document("1", "", time="1970-01-02"), Document("2", "")]) is None
    True
    """
    found = []
    for document in documents:
        try:
            found.append(timestamp_of(document))
        except InputError:
            return None
    return [seconds for _, seconds in found] if len({kind for kind, _ in found}) == 1 else None


def is_iso(text: str) -> bool:
    """Tell whether a text is a time in ISO 8601 with hyphens, as most feeds have it.

    >>> is_iso("2016-02-09 14:30"), is_iso("9 February 2016"), is_iso("1402-11-13 09:00")
    (True, False, False)
    """
    if text[4:5] != "-":
        return False
    try:
        return datetime.fromisoformat(text).year >= FIRST_YEAR
    except ValueError:
        return False


def mixed_times(document: Document, time_format: str, first: Document, first_format: str) -> InputError:
    """Return the error of a document with a time in another format than that of the first document.

    >>> print(mixed_times(Document("2", "", "a.csv", 9), "number", Document("1", "", "a.csv", 2), "date"))
    a.csv:9: times of two formats: a number here, a date at a.csv:2; write all times in one format
    """
    where = f"in the document {first.id!r}" if first.path is None else f"at {first.path}:{first.line}"
    what = f"times of two formats: a {time_format} here, a {first_format} {where}"
    return InputError(what, path=document.path, line=document.line, hint="write all times in one format")
