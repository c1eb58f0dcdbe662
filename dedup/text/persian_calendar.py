"""The calendar of Iran and Afghanistan: dates with the names of its months become Gregorian ones."""

from __future__ import annotations

from datetime import date

FIRST_YEAR = 1600
"""No news is older. A year before it is one of the Persian or of the Islamic calendar, which figures do not tell apart, or of no time."""
# The names of Iran, and those of Afghanistan in Dari and in Pashto.
_NAMES = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب",
)
# Keyboards have other letters for the same: Arabic yeh and alef maksura, Arabic kaf, alef without its mark.
_SPELLED = str.maketrans("يىكآ", "ییکا", "\N{ZERO WIDTH NON-JOINER}\N{ARABIC TATWEEL}")
_MONTHS = {name.translate(_SPELLED): month for names in _NAMES for month, name in enumerate(names.split(), 1)}
_YEARS = range(1300, 1500)  # AD 1921 to 2121
_BEFORE = 1595  # years from which cycles of 33 years, with eight leap years each, are counted
_START = date(2024, 3, 20).toordinal() - 1094997  # of day 0


def persian_month(name: str) -> int | None:
    """Return the number of the month with this name, also with the word for month behind it; None if there is none.

    >>> persian_month("دی"), persian_month("بهمن ماه"), persian_month("January")
    (10, 11, None)
    """
    return _MONTHS.get(name.translate(_SPELLED).removesuffix("ماه").rstrip())


def gregorian_date(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of one of this calendar. Raises `ValueError` for a day that does not exist, and outside of 1300 to 1499.

    Source: the leap years of a cycle of 33 years, as ICU has them; they are those of Iran until the year 1501.

    >>> gregorian_date(1402, 11, 13), gregorian_date(1403, 12, 30)
    (datetime.date(2024, 2, 2), datetime.date(2025, 3, 20))
    """
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= (31 if month < 7 else 30):
        raise ValueError("no day of the Persian calendar")
    found = _first_day(year) + (31 * (month - 1) if month < 7 else 30 * (month - 7) + 186) + day - 1
    if found >= _first_day(year + 1):
        raise ValueError("no leap year of the Persian calendar")
    return date.fromordinal(found)


def _first_day(year: int) -> int:
    passed = year + _BEFORE
    return _START + 365 * passed + passed // 33 * 8 + (passed % 33 + 3) // 4
