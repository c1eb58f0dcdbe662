"""Decide which edits change a time: when something happens, or how long it lasts."""

from __future__ import annotations

from ..language.tokens import NumberForm
from .ages import is_age
from .context import SideContext, nonempty_sides
from .counts import changes_qualifier, is_dual_change
from .quantities import is_score

_CLAUSE = 6  # words, at most, of a phrase that only says when
_TIMES = ("time_core", "weekdays", "months")


_DAYS = 31
_LATEST = 2400  # the end of a day, written without a sign


def _is_clock_word(side: SideContext) -> bool:
    """Tell whether a word for the hour stands before the side, the article between them or not."""
    before = side.word_before(2) if side.word_before() == side.lexicon.article else side.word_before()
    if not side.in_lists(before, "clock") or side.followed_by("measures", "count_nouns"):
        return False
    number = side.numbers[0].number if side.numbers else None
    return number is None or number.value is None or (number.scale == 1 and number.value <= _LATEST)


def _ends_month(side: SideContext) -> bool:
    """Tell whether a side is the last word of the name of a month: تشرين الأول."""
    names, first = side.lexicon.lists["month_numbers"], side.lexicon.variants(side.word_before())
    return len(side.words) == 1 and any(f"{form} {side.words[0]}" in names for form in first)


_ERAS = frozenset(("م", "ه"))


def _is_year(side: SideContext) -> bool:
    """Tell whether a side is a year: with a word for it before the number, or a sign of an era behind it."""
    if (
        len(side.numbers) != 1
        or side.numbers[0].number is None
        or not side.only_in_lists("year_words", "year_nouns", "time", "prepositions")
    ):
        return False
    value = side.numbers[0].number.value
    span = side.numbers[0].key[1:].split("..") if side.numbers[0].number.form is NumberForm.RANGE else []
    if len(span) == 2 and all(len(year) == 4 and year.isdecimal() for year in span):
        return True
    place = side.words.index(side.numbers[0].key)
    before = side.words[place - 1] if place else side.word_before()
    era = side.words[place + 1] if place + 1 < len(side.words) else side.word_after()
    if value is None or not value.is_integer():
        return False
    if 1300 <= value <= 2100 and era in _ERAS:
        return True
    if 1900 <= value <= 2100 and side.in_lists(before, "time_modifiers") and side.in_lists(side.word_before(2), "year_nouns"):
        return True  # last year (2014)
    return (100 <= value <= 2100 and side.in_lists(before, "year_nouns")) or (
        1900 <= value <= 2100 and place > 0 and side.in_lists(before, "year_words")
    )


def _counts_time(side: SideContext) -> bool:
    """Tell whether a number inside counts hours or days, or is a date."""
    if any(token.number and token.number.form in (NumberForm.CLOCK, NumberForm.DATE) for token in side.numbers):
        return len(side.words) == 1 or side.only_in_lists("time", *_TIMES, "ordinals", "prepositions", "before", "day_words", "half_days")
    if _is_year(side):
        return True
    if len(side.numbers) != len(side.words) or is_age(side):
        return False
    number = side.numbers[0].number
    if (
        number
        and number.form is NumberForm.RANGE
        and side.numbers[0].key.startswith("#1")
        and side.in_lists(side.word_before(), "year_words")
    ):
        return True
    if number and number.form is NumberForm.RANGE and is_score(side.edit_side, side.edit_side.start, side.lexicon):
        return False
    value = number.value if number else None
    day = value is not None and 0 < value <= _DAYS and value.is_integer() and number is not None and number.scale == 1
    if day and not side.lexicon.article and side.is_month(-1) and not side.followed_by("measures", "count_nouns"):
        return True  # March 3
    year = (
        value is not None and 1900 <= value <= 2100 and (side.is_month(-1) or side.in_lists(side.word_before(), "time_units", "year_words"))
    )
    dated = value is not None and 0 < value <= _DAYS and side.in_lists(side.word_after(), "prepositions") and side.is_month(2)
    return year or dated or side.is_month(1) or side.followed_by("time_units", "clock") or _is_clock_word(side)


def is_time_phrase(side: SideContext) -> bool:
    """Tell whether a side says when something happens, or how long."""
    if any(token.number and token.number.form is NumberForm.PERCENT for token in side.numbers):
        return False
    if not side.numbers and side.only_in_lists("before", "after") and not side.followed_by("time_units", start=2):
        return False  # about 18.2 million
    if side.numbers and _counts_time(side):
        return True
    if side.only_in_lists("ordinals") and any(side.is_month(place) for place in (1, 2)):
        return True
    if _ends_month(side):
        return True
    if side.only_in_lists("ordinals") and side.in_lists(side.word_before(), "clock"):
        return not side.lexicon.lists["joiners"]  # an ordinal is no hour in languages that count hours with cardinals ("at three")
    if side.only_in_lists("ambiguous_times") and not side.is_capitalised:
        return False  # the verb "may" is not the month May
    following = side.word_after(2) if side.in_lists(side.word_after(), "prepositions") else side.word_after()
    beside = side.only_in_lists("time") and any(side.in_lists(word, *_TIMES) for word in (side.word_before(), following))
    core = side.contains(*_TIMES) or beside
    aged = (side.numbers or side.only_in_lists("time_units")) and is_age(side)
    return core and not aged and side.only_in_lists("time", *_TIMES, "ordinals", "prepositions", "before")


def _says_when(side: SideContext) -> bool:
    """Tell whether a side is a short phrase that says when: "after the holiday"."""
    return side.starts_with("time_prepositions") and 1 < len(side.words) <= _CLAUSE and not side.has_verb


def changes_time(a: SideContext, b: SideContext) -> bool:
    sides = nonempty_sides(a, b)
    if is_dual_change(a, b) and a.starts_with("time_units"):
        return True
    if changes_qualifier(a, b) and any(side.followed_by("time_units", start=start) for side in (a, b) for start in (1, 2)):
        return True  # more than five years
    times = [is_time_phrase(side) for side in sides]
    return all(times) or (any(times) and all(is_time or _says_when(side) for side, is_time in zip(sides, times, strict=True)))
