"""Datelines: the date that stands at the start of a text, beside its news."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from .late import late

_HEAD = 160  # characters of a first line that are looked at
_WORDS = 6  # of a date: Tuesday 9 February 2016, 2:30 pm
_BESIDE = 4  # words of a line beside its date: Marsa (Sahel News)
# In a phrase with one of these a date tells when something happened. Not there: what stands before the date of a dateline, as in French.
_PREPOSITIONS = {
    *("on", "of", "since", "until", "till", "by", "before", "after", "from", "in"),
    *("du", "au", "depuis", "avant", "après", "en"),
    *("في", "منذ", "حتى", "قبل", "بعد", "من", "در", "از", "تا"),
}
_YEAR = late(r"(?<!\d)(?:19|20|\u0661\u0669|\u0662\u0660|\u06f1\u06f9|\u06f2\u06f0)\d{2}")
_END = late(r"\s[-\N{EN DASH}\N{EM DASH}]{1,2}\s|:\s")  # of the dateline, before the news
_AROUND = "()[],،.:;|-\N{EN DASH}\N{EM DASH}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
_SLASHED = late(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def date_at_start(text: str) -> str | None:
    """Return the date of a text's dateline as ISO 8601, with the time of day where it has one; None where there is no such date.

    A dateline is a first line of its own, or what stands before the first dash or colon: a date with its year, and at most four words
    beside it. A date inside of a sentence or a headline is no dateline, for it tells when something happened. None as well where there are
    two dates, and for ``01/02/2016``, which has two meanings.

    >>> date_at_start("MARSA, 9 February 2016 (Sahel) - Five people were killed."), date_at_start("الثلاثاء 9 شباط 2016\\nقتل خمسة")
    ('2016-02-09', '2016-02-09')
    >>> [date_at_start(text) for text in ("On 9 February 2016 five people were killed.", "01/02/2016 - Rain.", "25/02/2016 - Rain.")]
    [None, None, '2016-02-25']
    """
    line, _, rest = text.lstrip().partition("\n")
    if not _YEAR.search(line[:_HEAD]):
        return None
    head, alone = line[:_HEAD], len(line) <= _HEAD and bool(rest.strip())
    parts = [head[: found.start()] for found in _END.finditer(head)] + [head] * alone
    found = {date for part in parts if (date := _only_date(part))}
    return found.pop() if len(found) == 1 else None


def _only_date(line: str) -> str | None:
    """Return the date of a line that has little beside it."""
    words = [word for each in line.replace("|", " ").split() if (word := each.strip(_AROUND))]
    for length in range(1, min(_WORDS, len(words)) + 1):
        for start in range(len(words) - length + 1):
            if date := _date(" ".join(words[start : start + length])):
                return _alone(words, start, length, date)
    return None


def _alone(words: list[str], start: int, length: int, date: str) -> str | None:
    """Return a date, with the time of day behind it, where it stands alone in its line, or beside the place and the agency."""
    for more in range(min(_WORDS, len(words) - start), length, -1):
        if longer := _date(" ".join(words[start : start + more])):
            length, date = more, longer
            break
    before, after = words[:start], words[start + length :]
    if len(before) + len(after) > _BESIDE or _YEAR.search(" ".join(before + after)):
        return None
    return None if before and before[-1].casefold() in _PREPOSITIONS else date


def _date(text: str) -> str | None:
    """Return a date that has a day, a month and a year."""
    if slashed := _SLASHED.fullmatch(text):
        day, month, year = slashed.groups()
        text = f"{year}-{month}-{day}" if int(day) > 12 else f"{year}-{day}-{month}" if int(month) > 12 else text
    numbers = re.findall(r"\d+", text)
    if not _YEAR.search(text) or (len(numbers) < 3 and not re.search(r"[^\W\d_]{2}", text) and len(text) != 8):
        return None
    if len(numbers) < 2 and len(text) != 8:
        return None
    from .dates import iso_time  # which takes time to load, and few texts need it

    return iso_time(text)


def in_order_of_dates(dates: list[str]) -> list[int] | None:
    """Return the places of dates, the oldest first; equal ones stay as they are. None where all are equal.

    The time of day counts where all have one.

    >>> in_order_of_dates(["2016-02-10", "2016-02-09T10:00:00"]), in_order_of_dates(["2016-02-09", "2016-02-09T10:00:00"])
    ([1, 0], None)
    """
    whole = all("T" in date for date in dates)
    keys = [*_keys(dates)] if whole else [float(date[:10].replace("-", "")) for date in dates]
    return sorted(range(len(dates)), key=keys.__getitem__) if len(set(keys)) > 1 else None


def _keys(dates: list[str]) -> Iterator[float]:
    for date in dates:
        when = datetime.fromisoformat(date)
        yield (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
