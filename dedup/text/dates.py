"""Dates: the times of documents, as formats and newsrooms write them, are turned into ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import regex

from .month_names import month_of
from .persian_calendar import FIRST_YEAR, gregorian_date, persian_month

_LONGEST = 64  # characters
_DATE = len("2024-01-02")
_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name[:size]: place for place, name in enumerate(_MONTHS.split(), 1) for size in {3, 4, len(name)}}
_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[ap]\.?m\.?)?"
_TIME = rf"(?:(?:,\s*|\s+)(?:[^\W\d_]{{1,8}}\s+)?{_CLOCK})?"
_ZONE = r"(?:\s*(?P<zone>[A-Za-z]{1,5}|(?:GMT|UTC?)?\s*[+-]\d{1,2}(?::?\d{2})?))?(?:\s*\([^()]*\))?"
_FOREIGN = r"(?P<foreign>[^\W\d_]+\.?(?:\s[^\W\d_]+)?(?:\s?/\s?[^\W\d_]+)?)"
_BASIC = r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
_NAMED = r"(?P<month>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    regex.compile(form, regex.IGNORECASE)
    for form in (
        # ISO 8601, also truncated, with a space for T or slashes
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})(?:-(?P<day>\d{{1,2}})(?:(?:T|,?\s+){_CLOCK})?)?{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<sep>[/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_TIME}{_ZONE}",
        # ISO 8601, basic; without T there are 8, 12 or 14 digits, so that no Unix seconds are taken for a date
        rf"{_BASIC}T(?P<hour>\d{{2}}){_ZONE}",
        rf"{_BASIC}(?:T?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?:(?P<second>\d{{2}})(?:[.,](?P<fraction>\d{{1,9}}))?)?)?{_ZONE}",
        # RFC 2822 and 850, asctime, and as English is written
        rf"{_DAY}(?P<day>\d{{1,2}})(?:\s+|-){_NAMED},?(?:\s+|-)(?P<year>\d{{4}}|\d{{2}}){_TIME}{_ZONE}",
        rf"{_DAY}{_NAMED}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}(?:\s+(?P<zone>[A-Z]{{1,5}}))?\s+(?P<year>\d{{4}})",
        rf"{_DAY}{_NAMED}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?:,?\s+[a-z]{{3,6}}day)?{_TIME}{_ZONE}",
        # as Germans, Russians and Turks write it: with dots the day stands first
        rf"{_DAY}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}{_ZONE}",
        r"(?P<year>(?:19|20)\d{2})",
        # as other languages write it, with the name of the day before it or not
        rf"(?:[^\W\d_]+[,،.]?\s+)?(?P<day>\d{{1,2}})[.ºª]?(?:er)?\s+(?:de\s+)?{_FOREIGN}(?:\s+de)?[,،]?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}",
    )
)
# Hours from UTC. RFC 2822 knows the American names; the others are those of the IANA database that mean one offset.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "wet": 0, "west": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3, "bst": 1,
    "sast": 2, "wat": 1, "cat": 2, "eat": 3, "pkt": 5, "wib": 7, "hkt": 8, "kst": 9, "jst": 9, "aest": 10, "aedt": 11, "nzst": 12,
    "nzdt": 13, "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5,
}  # fmt: skip
_SECONDS = regex.compile(r"-?\d{1,11}(?:\.\d{1,9})?")
_MILLISECONDS = regex.compile(r"\d{13}")


def _zone(text: str) -> timezone | None:
    """Return the offset that a zone is, ``+03:00`` or ``EST``; None for a name that is unknown or means several."""
    name = "".join(text.split()).lower()
    digits = name.lstrip("gmtuc")
    if digits[:1] in ("+", "-"):
        hours, _, minutes = digits[1:].partition(":")
        if not minutes and len(hours) > 2:
            hours, minutes = hours[:-2], hours[-2:]
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-offset if digits[0] == "-" else offset)
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _hour(hour: int, half: str | None) -> int:
    if half:
        return hour % 12 + 12 * (half[0] in "pP")
    return hour


def _when(found: dict[str, str | None]) -> datetime:
    """Return the time of the parts that a form found. Raises `ValueError` for a day or an hour that does not exist."""
    month = found["month"] if found.get("month") else "1"
    year = int(found["year"] or 0)
    if len(found["year"] or "") == 2:  # RFC 2822, section 4.3
        year += 2000 if year < 50 else 1900
    if year < FIRST_YEAR:
        raise ValueError("no year of a document")
    named = _MONTH.get((month or "").lower())
    hour = _hour(int(found.get("hour") or 0), found.get("half"))
    second = min(int(found.get("second") or 0), 59)  # a leap second
    micro = int((found.get("fraction") or "0").ljust(6, "0")[:6])
    start = datetime(year, named or int(month or 1), int(found.get("day") or 1), hour % 24 if hour == 24 else hour)
    when = start.replace(minute=int(found.get("minute") or 0), second=second, microsecond=micro)
    when += timedelta(days=hour == 24)  # the end of a day, in ISO 8601
    zone = found.get("zone")
    return when.replace(tzinfo=_zone(zone)) if zone else when


def _gregorian(found: dict[str, str | None], month: int) -> dict[str, str | None]:
    """Return the parts of a date of the Persian calendar as Gregorian ones. Raises `ValueError` for a day that does not exist."""
    day = gregorian_date(int(found["year"] or 0), month, int(found["day"] or 0))
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day)}


def _usual(text: str) -> str | None:
    """Return a time of ISO 8601 as most records have it, which is told fast; None for any other."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.year < FIRST_YEAR:
        return None
    return when.isoformat() if len(text) > _DATE else when.date().isoformat()


def iso_time(text: str) -> str | None:
    """Return a time as ISO 8601, as `dedup.text.timestamps.timestamp_of` reads it; None for a text that is no time.

    Read are ISO 8601, also basic or truncated (a month is its first day), dates of RFC 2822 and of English text with names of zones, dates
    with the names of months in other languages, ``YYYY/MM/DD`` and ``DD.MM.YYYY``, in the digits of any script. Not read is
    ``01/02/2024``, which has two meanings, nor ``1402/11/13``, which is of the Persian or of the Islamic calendar: with a year before 1600
    only dates with the names of Persian months are read. Unix seconds stay as they are; milliseconds become seconds. A zone with an unknown
    name is left out. Limit: 64 characters.

    >>> iso_time("20240102T100000Z"), iso_time("2024-01-02 10:00"), iso_time("20240102")
    ('2024-01-02T10:00:00+00:00', '2024-01-02T10:00:00', '2024-01-02')
    >>> iso_time("Tue, 02 Jan 2024 10:00:00 EST"), iso_time("2 January 2024, 9:30 pm")
    ('2024-01-02T10:00:00-05:00', '2024-01-02T21:30:00')
    >>> iso_time("2024/01/02 10:00"), iso_time("02.01.2024"), iso_time("1712010100"), iso_time("1704189600000")
    ('2024-01-02T10:00:00', '2024-01-02', '1712010100', '1704189600')
    >>> iso_time("mardi 2 janvier 2024"), iso_time("24 تشرين الثاني/نوفمبر 2023"), iso_time("۱۳ بهمن ۱۴۰۲")
    ('2024-01-02', '2023-11-24', '2024-02-02')
    >>> iso_time("yesterday"), iso_time("01/02/2024"), iso_time("2024-02-30"), iso_time("1402/11/13")
    (None, None, None, None)
    """
    text = text.strip().replace("\N{ZERO WIDTH NON-JOINER}", "")
    if not text or len(text) > _LONGEST:
        return None
    if text[4:5] == text[7:8] == "-" and (usual := _usual(text)):
        return usual
    for form in _FORMS:
        if match := form.fullmatch(text):
            found = match.groupdict()
            if found.get("month") and not (found["month"].isdecimal() or found["month"].lower() in _MONTH):
                continue
            foreign = (found.pop("foreign", None) or "").removesuffix(" de")
            try:
                if foreign and (month := persian_month(foreign)) is not None:
                    found |= _gregorian(found, month)
                elif foreign:
                    found["month"] = str(month_of(foreign) or 0)
                when = _when(found)
            except (ValueError, OverflowError):
                continue
            return when.isoformat() if found.get("hour") else when.date().isoformat()
    if _MILLISECONDS.fullmatch(text):
        return f"{int(text) / 1000:.3f}".rstrip("0").rstrip(".")
    return text if _SECONDS.fullmatch(text) and text.isascii() else None


def iso_of_seconds(seconds: float) -> str | None:
    """Return the time of Unix seconds as ISO 8601 in UTC; None for seconds that no calendar has.

    >>> iso_of_seconds(1616605125), iso_of_seconds(1e300)
    ('2021-03-24T16:58:45+00:00', None)
    """
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None
