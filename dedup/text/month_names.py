"""Names of months in the languages of news, from the Unicode CLDR (https://cldr.unicode.org), as Babel has them."""

from __future__ import annotations

from functools import cache

# Arabic has three sets of names: those of the Gulf and Egypt, of the Levant and Iraq, and of the Maghreb.
_LOCALES = (
    "ar",
    "ar_SY",
    "ar_DZ",
    "ar_MA",
    "fa",
    "ur",
    "tr",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "ru",
    "uk",
    "pl",
    "sv",
    "nb",
    "id",
    "he",
    "ps",
)
_LEFT_OUT = dict.fromkeys(map(ord, ".\N{ARABIC TATWEEL}\N{ARABIC HAMZA ABOVE}\N{ZERO WIDTH NON-JOINER}\N{COMBINING DOT ABOVE}"))


def _key(name: str) -> str:
    return " ".join(name.translate(_LEFT_OUT).lower().translate(_LEFT_OUT).split())


@cache
def _names() -> dict[str, int]:
    """Return the months by their names, in full and short. A name that means two months is left out."""
    from babel.dates import get_month_names  # takes 25 ms, and few files need it

    found: dict[str, int] = {}
    twice: set[str] = set()
    for locale in _LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in get_month_names(width, context, locale).items():
                    key = _key(name)
                    if found.setdefault(key, month) != month:
                        twice.add(key)
    return {key: month for key, month in found.items() if key not in twice and not key.isdecimal()}


def month_of(name: str) -> int | None:
    """Return the number of the month with this name; None if there is none. Two names with a slash are those of one month.

    >>> month_of("janvier"), month_of("Şubat"), month_of("تشرين الثاني/نوفمبر"), month_of("Smarch")
    (1, 2, 11, None)
    """
    months = {_names().get(_key(part)) for part in name.split("/")}
    return months.pop() if len(months) == 1 else None
