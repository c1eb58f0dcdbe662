"""The words of news archives in the languages of their pages: months, and names of languages. They come from Unicode CLDR, by Babel."""

from __future__ import annotations

import functools
import re

from ..text.dates import iso_time

_LOCALES = (
    "en",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "tr",
    "ar",
    "ar_SY",
    "ar_DZ",
    "fa",
    "ru",
    "pl",
    "sv",
    "da",
    "nb",
    "ca",
    "id",
    "ja",
    "zh",
)
_LONGEST = 200  # characters of a line with a date
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})[:h](\d{2})(?::\d{2})?(?:\s*([ap])\.?m\b\.?)?(?:\s+(GMT|UTC|EST|EDT|CET|CEST|BST|PST|PDT|CST|CDT)\b)?",
    re.IGNORECASE,
)
_CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


@functools.cache
def _months() -> dict[str, int]:
    from babel import Locale

    found: dict[str, int] = {}
    for name in _LOCALES:
        months = Locale.parse(name).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, written in months[form][width].items():
                    word = written.lower().rstrip(".")
                    if len(word) > 2 and not word[0].isdigit():
                        found.setdefault(word, number)
    return found


@functools.cache
def _dates() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(map(re.escape, _months()), key=lambda name: -len(name)))
    return (
        re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:er|\.|º|°|st|nd|rd|th)?\s+(?:de\s+)?({names})\b\.?,?\s+(?:de(?:l)?\s+)?(\d{{4}})(?!\d)", re.IGNORECASE
        ),
        re.compile(rf"\b({names})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE),
    )


def date_of(text: str) -> str | None:
    """Return the date in a line, and its time of day if it has one, as ISO 8601; None if there is none.

    >>> date_of("mercredi 3 janvier 2024"), date_of("January 3, 2024 Wednesday 10:15 PM GMT")
    ('2024-01-03', '2024-01-03T22:15:00+00:00')
    """
    line = text[:_LONGEST]
    by_day, by_month = _dates()
    if found := by_day.search(line):
        day, month, year = found[1], _months()[found[2].lower()], found[3]
    elif found := by_month.search(line):
        day, month, year = found[2], _months()[found[1].lower()], found[3]
    elif found := _CJK.search(line):
        year, month, day = found[1], int(found[2]), found[3]
    else:
        return None
    rest = line[found.end() :]
    clock = _CLOCK.search(rest)
    after = ""
    if clock is not None:
        hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
        after = f"T{hour:02}:{clock[2]}{f' {clock[4].upper()}' if clock[4] else ''}"
    return iso_time(f"{year}-{month:02}-{int(day):02}{after}") or iso_time(f"{year}-{month:02}-{int(day):02}")


@functools.cache
def _languages() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).languages.items():
            if len(code) <= 3:
                found.setdefault(name.lower(), code)
    return found


def language_of(name: str) -> str | None:
    """Return the code of a language that is named in one of the languages of archives; None for another word.

    >>> language_of("ENGLISH"), language_of("العربية"), language_of("français; French")
    ('en', 'ar', 'fr')
    """
    return _languages().get(re.split(r"[;,(/]", name)[0].strip().lower())
