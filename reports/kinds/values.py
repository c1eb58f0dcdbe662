"""Tell whether two sides of an edit say the same value in another notation, and what numbers are no quantities.

A number has readings: 12,30 is 12.3 or half past twelve. Two sides say the same where some reading of every number is equal and the
other words are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dedup.text.fold import fold

from ..language.calendars import hijri_days
from ..language.number_units import number_key
from ..language.tokens import NumberForm, Token
from ..model import Kind
from .context import SideContext
from .quantities import nearby_number

Item = tuple[str, frozenset[str]]
"""A part of a side: its sort (number, ordinal, month, date, sign or word) and its readings."""

_MOST = 12  # tokens of a side that may be one value
_PHRASE = 2  # words, at most, of the name of a month
_NEAR = 4  # tokens in which the second name of a month stands
_CLOCK_FACE = re.compile(r"(\d{1,2})[.,:](\d{2})(?::\d{2})?")
_CLOCK_DIGITS = re.compile(r"(\d{2})(\d{2})")
_BESIDE = 3  # tokens in which a number stands that only moved across a mark
_LIST_MARKS = frozenset("-.):(/*•")
_LAST_ITEM = 99  # the last numeral of a list
_CODE_WORD = re.compile(r"(?=.*\d)(?=.*[^\W\d_])\w+")


def _clock_readings(shown: str) -> set[str]:
    """Return the times of day that digits may say: ``t`` as a clock face has them, ``T`` by 24 hours."""
    face = _CLOCK_FACE.fullmatch(shown)
    digits = None if face else _CLOCK_DIGITS.fullmatch(shown)
    found = face or digits
    hour, minute = (found[1], found[2]) if found else ("99", "99")
    if int(hour) > 24 or int(minute) > 59:
        return set()
    time = f"{int(hour)}:{minute}"
    return {f"T{time}"} if digits else {f"t{time}", f"T{time}"} if ":" in shown else {f"t{time}"}


def _readings(token: Token, text: str) -> frozenset[str]:
    """Return the values that a number may say, each as a text."""
    number = token.number
    assert number is not None
    shown = (
        fold(text[token.start : token.end]).replace(" ", "") if text[token.start : token.end].isdecimal() else _plain_digits(token, text)
    )
    sign = {NumberForm.PERCENT: "%", NumberForm.POINTS: "pp", NumberForm.PER_MILLE: "pm"}.get(number.form, "")
    found = {number_key(value) + sign for value in (number.value, *number.readings) if value is not None}
    if sign or number.form is NumberForm.RANGE:
        return frozenset(found | ({token.key} if number.form is NumberForm.RANGE else set()))
    if number.form is NumberForm.DATE:
        parts = token.key.split("/")
        day_last = "/".join([*parts[1::-1], *parts[2:]])  # 10/15/2024, in American order
        return frozenset({"d" + token.key, "d" + day_last})
    if number.form is NumberForm.CODE:
        found |= {"c" + token.key, *([number_key(float(shown))] if shown.isdecimal() and len(shown) <= 15 else [])}
    elif found and (pointed := re.fullmatch(r"(\d{1,3})[.,](\d{3})", shown)):  # 2.500, whatever the text around it says
        found |= {number_key(float(pointed[1] + pointed[2])), number_key(float(f"{pointed[1]}.{pointed[2]}"))}
    return frozenset(found | _clock_readings(shown))


def _plain_digits(token: Token, text: str) -> str:
    """Return the digits of a number with the separators inside, in ASCII."""
    shown = text[token.start : token.end].translate(str.maketrans("،٫٬", ",.,"))
    return "".join(fold(each) if each.isdigit() else each for each in shown if each.isdigit() or each in ".,:/-")


def _month_at(tokens: Sequence[Token], place: int, side: SideContext) -> tuple[int, int] | None:
    """Return the number of the month that is named at a place, and how many tokens its name has; None for no month."""
    months = side.lexicon.values["month_numbers"]
    for length in range(min(_PHRASE, len(tokens) - place), 0, -1):
        words = [token.key for token in tokens[place : place + length]]
        for first in side.lexicon.variants(words[0]):
            if (month := months.get(" ".join((first, *words[1:])))) is not None:
                return int(month), length
    return None


def _items(side: SideContext, tokens: Sequence[Token]) -> list[Item]:
    """Return the parts of a row of tokens that say something."""
    lexicon, found, place = side.lexicon, list[Item](), 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token.number is not None:
            readings = _readings(token, side.text)
            following = tokens[place] if place < len(tokens) else None
            if following and following.key == "?" and following.start == token.end and token.number.form is NumberForm.COUNT:
                readings |= {f"{each}%" for each in readings}  # a sign for percent that was lost on the way
            found.append(("number", readings))
        elif not token.is_word:
            shown = side.text[token.start : token.end]
            if unicodedata.category(shown[0]) in ("Sc", "Sm") or shown == "%":
                found.append(("sign", frozenset((shown,))))
        elif (month := _month_at(tokens, place - 1, side)) is not None:
            found.append(("month", frozenset((f"m{month[0]}",))))
            place += month[1] - 1
        elif (
            ordinal := next(
                (lexicon.values["ordinals"][form] for form in lexicon.variants(token.key) if form in lexicon.values["ordinals"]), None
            )
        ) is not None:
            found.append(("ordinal", frozenset((number_key(ordinal), token.key))))
        elif token.key != lexicon.article or not lexicon.article:
            found.append(("word", frozenset((token.key,))))
    return _joined(found, side)


def _value(item: Item) -> int | None:
    """Return the whole number that an item says, None for none."""
    values = [each[1:] for each in item[1] if each[0] == "#" and each[1:].isdecimal()]
    return int(values[0]) if item[0] in ("number", "ordinal") and len(values) == 1 else None


def _joined(items: Sequence[Item], side: SideContext) -> list[Item]:
    """Return the items; a day with its month and year is a date, a time with its half of the day is one time."""
    halves = side.lexicon.values["half_days"]
    found: list[Item] = []
    for item in items:
        word = next(iter(item[1])) if item[0] == "word" else ""
        last = found[-1] if found else ("", frozenset[str]())
        if item[0] == "month" and (last == item or (last[0] == "date" and _has_month(last, item))):
            continue  # both names of a month
        if item[0] == "month" and last[0] == "number" and (day := _value(last)) is not None and 1 <= day <= 31:
            found[-1] = "date", frozenset((f"d{day}/{_month(item) % 100}", *([f"g{day}/{_month(item)}"] if _month(item) <= 12 else [])))
        elif last[0] == "date" and item[0] == "number" and (year := _value(item)) is not None and year > 1000:
            found[-1] = "date", frozenset(f"{each}/{year}" for each in last[1] if each.count("/") == 1) or last[1]
        elif word in halves and last[0] == "number" and any(each[0] in "tT" for each in last[1]):
            times = [each[1:].split(":") for each in last[1] if each[0] in "tT"]
            hours = [(int(hour) % 12 + halves[word] if int(hour) <= 12 else int(hour), minute) for hour, minute in times]
            found[-1] = "number", frozenset(f"T{hour}:{minute}" for hour, minute in hours)
        elif not (last[0] == "date" and (word in _ERAS or word in side.lexicon.lists["time_modifiers"])):
            dated = item[0] == "number" and any(each[0] == "d" for each in item[1])
            found.append(("date", item[1]) if dated else item)
    return [("date", item[1] | _days(item)) if item[0] == "date" else item for item in found]


def _month(item: Item) -> int:
    return int(next(iter(item[1]))[1:])


def _has_month(dated: Item, month: Item) -> bool:
    return any(each.split("/")[1] == str(_month(month) % 100) for each in dated[1])


def _days(item: Item) -> frozenset[str]:
    """Return the days of the Gregorian calendar that a Hijri date may be, with the year and without it."""
    dates = [[int(part) for part in each[1:].split("/")] for each in item[1] if each.count("/") == 2]
    days = [day for each in dates for day in hijri_days(*each)]
    return frozenset(f"{sign}{day.day}/{day.month}{year}" for day in days for sign, year in (("d", f"/{day.year}"), ("g", "")))


_ERAS = frozenset(("ه", "هجريه", "هجري", "م", "ميلادي", "ميلاديه"))


def same_values(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides say the same numbers, dates and times in another notation, and the same words."""
    if not a.words or not b.words or max(len(a.words), len(b.words)) > _MOST:
        return False
    left, right = (_items(side, side.edit_side.tokens[side.edit_side.start : side.edit_side.end]) for side in (a, b))
    if len(left) != len(right) or not all(any(item[0] not in ("word", "sign") for item in items) for items in (left, right)):
        return False
    return all(not one[1].isdisjoint(other[1]) for one, other in zip(left, right, strict=True))


def is_second_month(a: SideContext, b: SideContext) -> bool:
    """Tell whether one of the two names of a month comes or goes: يوليو تموز, تموز."""
    sides = [side for side in (a, b) if side.words]
    if len(sides) != 1 or len(sides[0].words) > 2 * _PHRASE:
        return False
    (side,) = sides
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    items = _items(side, tokens[start:end])
    before = _items(side, tokens[max(0, start - _NEAR) : start])[-1:]
    after = _items(side, tokens[end : end + _NEAR])[:1]
    if len(items) != 1 or items[0][0] != "month":
        return False
    month = int(next(iter(items[0][1]))[1:]) % 100
    dated = any(item[0] == "date" and any(f"/{month}" in each[1:] for each in item[1]) for item in before)
    return dated or items[0] in (*before, *after)


def _is_numeral(side: SideContext) -> bool:
    """Tell whether a side is the numeral of an item of a list: 1- or (2) at the start of a line, 3) before a word."""
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    places = [place for place in range(start, end) if tokens[place].number]
    inside = tokens[start:end]
    if len(places) != 1 or any(
        (token.is_word and not token.number) or (not token.is_word and token.key not in _LIST_MARKS) for token in inside
    ):
        return False
    number, place = tokens[places[0]].number, places[0]
    if number is None or number.value is None or not 0 < number.value <= _LAST_ITEM or not number.value.is_integer():
        return False
    line = side.text.rfind("\n", 0, tokens[place].start) + 1
    first = not side.text[line : tokens[place].start].strip(" \t\r(-*•\N{NO-BREAK SPACE}")
    following = tokens[place + 1 : place + 3]
    marked = (
        len(following) == 2
        and following[0].key in ("-", ")", ".", "/")
        and following[1].number is None
        and following[1].key not in _LIST_MARKS
    )
    if first:
        return marked
    before = tokens[place - 1] if place else None
    apart = marked and following[0].key in ("-", ")") and side.text[following[0].end : following[0].end + 1].isspace()
    return apart and before is not None and before.number is None and before.key != "("


def is_list_numeral(a: SideContext, b: SideContext) -> bool:
    """Tell whether the numeral of an item of a list comes, goes or is another one."""
    return all(_is_numeral(side) for side in (a, b) if side.words) and bool(a.words or b.words)


def _is_code(side: SideContext) -> bool:
    """Tell whether a side is a name with digits: A320, MH-370, a number with leading zeros, م/59."""
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    if len(side.words) != 1:
        return False
    token = next(token for token in tokens[start:end] if token.is_word)
    if token.number is None:
        return _CODE_WORD.fullmatch(token.key) is not None
    if token.number.form is NumberForm.CODE:
        return True
    before = tokens[max(0, start - 2) : start]
    if len(before) < 2 or not before[0].is_word or before[0].number or before[0].end != before[1].start or before[1].end != token.start:
        return False
    shown = side.text[before[0].start : before[0].end]
    return (before[1].key == "-" and shown[-1:].isupper()) or (before[1].key == "/" and len(shown) <= 2)


def is_code(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides are codes, and not the same one."""
    return bool(a.words) and bool(b.words) and _is_code(a) and _is_code(b) and a.words != b.words


def _is_measure(side: SideContext) -> str | None:
    """Return the unit that a side names, None where it says anything else."""
    if not side.words or len(side.words) > _PHRASE:
        return None
    units = {side.lexicon.values["measures"].get(form) for form in side.lexicon.variants(side.words[0])} - {None}
    return str(min(units)) if len(units) == 1 and len(side.words) == 1 else None


def changes_measure(a: SideContext, b: SideContext) -> bool | None:
    """Tell whether an edit changes the unit or the currency of a number; None where it changes no measure at all.

    False says that both are forms of one unit: ريال, ريالا.
    """
    units = [_is_measure(side) for side in (a, b)]
    if None in units:
        return None
    numbers = [nearby_number(side.edit_side, 1) for side in (a, b)]
    if any(place is None or place >= side.edit_side.start for place, side in zip(numbers, (a, b), strict=True)):
        return None
    return units[0] != units[1]


def _time_words(side: SideContext) -> list[str]:
    """Return the words of a side; those that say the same of a time, as next and coming, as one word."""
    same = side.lexicon.values["same_times"]
    return [f"={same[word]}" if word in same else word for word in side.words if not _is_day_word(word, side)]


def _is_day_word(word: str, side: SideContext) -> bool:
    """Tell whether a word only says that a day follows: يوم, ليوم."""
    days, particles = side.lexicon.lists["day_words"], (*side.lexicon.joiners, *side.lexicon.joined_prepositions)
    return word in days or any(word[: len(each)] == each and word[len(each) :] in days for each in particles)


def is_day_word_change(a: SideContext, b: SideContext) -> bool:
    """Tell whether only the word "day" comes or goes beside the name of a day, or a time is said by words that mean the same."""
    if not a.words and not b.words:
        return False
    if all(_is_day_word(word, side) for side in (a, b) for word in side.words):
        return any(side.in_lists(word, "weekdays") for side in (a, b) for word in (side.word_after(), side.word_before()))
    return bool(a.words and b.words) and a.words != b.words and _time_words(a) == _time_words(b)


def is_moved_number(a: SideContext, b: SideContext) -> bool:
    """Tell whether a number only moved across a mark: the other text has it right beside, as often as this one."""
    sides = [(one, other) for one, other in ((a, b), (b, a)) if one.words and not other.words]
    if len(sides) != 1 or len(sides[0][0].words) != 1 or not sides[0][0].numbers:
        return False
    key = sides[0][0].words[0]
    counts = [
        [token.key for token in side.edit_side.tokens[max(0, side.edit_side.start - _BESIDE) : side.edit_side.end + _BESIDE]].count(key)
        for side in sides[0]
    ]
    return counts[0] == counts[1]


def value_kind(a: SideContext, b: SideContext) -> Kind | None:
    """Return the kind of an edit that its values decide by themselves, None where other rules must decide."""
    if a.words and b.words and a.words != b.words and is_code(a, b):
        return None if same_values(a, b) else Kind.NAME
    if (changed := changes_measure(a, b)) is not None:
        return Kind.NUMBER if changed else Kind.TYPOGRAPHY
    if is_day_word_change(a, b):
        return Kind.WORDING
    if is_moved_number(a, b) or is_list_numeral(a, b) or is_second_month(a, b) or (a.words != b.words and same_values(a, b)):
        return Kind.TYPOGRAPHY
    return None
