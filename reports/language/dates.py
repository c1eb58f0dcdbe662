"""Days by the calendars of news: which dates of the Hijri calendar may be the same day as one of the Gregorian calendar."""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(622, 7, 19).toordinal()  # 1 Muharram of the year 1, in the Gregorian calendar
_CYCLE_DAYS, _CYCLE_YEARS = 10631, 30
_FIRST_YEAR, _LAST_YEAR = 1300, 1500  # of the Hijri calendar, in news


def hijri_days(day: int, month: int, year: int) -> tuple[date, ...]:
    """Return the days that a Hijri date may be: by the tabular calendar, and the days beside, since the sighting of the moon decides.

    The formula is that of the Islamic civil calendar (Dershowitz and Reingold, Calendrical Calculations). Empty for what is no date of
    news.

    >>> [each.isoformat() for each in hijri_days(30, 10, 1436)]
    ['2015-08-15', '2015-08-16', '2015-08-17']
    """
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 30):
        return ()
    months = 29 * (month - 1) + month // 2
    found = date.fromordinal(_EPOCH - 1 + day + months + 354 * (year - 1) + (3 + 11 * year) // _CYCLE_YEARS)
    return tuple(found + timedelta(days=step) for step in (-1, 0, 1))
