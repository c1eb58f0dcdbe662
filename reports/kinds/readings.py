"""Tell whether two sides of an edit say the same values in another notation.

A number has readings: 12,30 is 12.3 or half past twelve. Two sides say the same where some reading of every number is equal and the
other words are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dedup.text.fold import fold

from ..language.dates import hijri_days
from ..language.number_units import number_key
from ..language.tokens import NumberForm, Token
from .context import SideContext
from .scores import pair_reading

Item = tuple[str, frozenset[str]]
"""A part of a side: its sort (number, ordinal, month, date, sign or word) and its readings."""

_SHORT = 4  # letters, at most, of a word that keeps its article
_MOST = 12  # tokens of a side that may be one value
_PHRASE = 2  # words, at most, of the name of a month
_NEAR = 4  # tokens in which the second name of a month stands
_CLOCK_FACE = re.compile(r"(\d{1,2})[.,:](\d{2})(?::\d{2})?")
_CLOCK_DIGITS = re.compile(r"(0\d)(\d{2})")
_LETTERS = re.compile(r"[^\W\d_]")
_SIGNS = str.maketrans("\N{ARABIC COMMA}\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}h", ",.,:")
_ERAS = frozenset(("ه", "هجريه", "هجري", "م", "ميلادي", "ميلاديه"))


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


def token_readings(token: Token, text: str) -> frozenset[str]:
    """Return the values that a number may say, each as a text."""
    number = token.number
    assert number is not None
    shown = _plain_digits(token, text)
    turned = re.fullmatch(r"(\d+)[.,][\N{RIGHT-TO-LEFT MARK} ](\d+)\D*", text[token.start : token.end])
    sign = {NumberForm.PERCENT: "%", NumberForm.POINTS: "pp", NumberForm.PER_MILLE: "pm"}.get(number.form, "")
    found = {number_key(value) + sign for value in (number.value, *number.readings) if value is not None}
    if turned:  # a mark of direction, or a space, inside turns the number round
        found.add(number_key(float(f"{turned[2]}.{turned[1]}") * number.scale) + sign)
    if sign:
        return frozenset(found)
    pair = re.fullmatch(r"(\d+)[-/](\d+)", shown)
    found |= {pair_reading(int(pair[1]), int(pair[2]), text, token.start)} if pair else set()  # a score, whatever sign it has
    if number.form is NumberForm.RANGE:
        return frozenset(found | {token.key})
    if number.form is NumberForm.DATE:
        parts = token.key.split("/")
        day_last = "/".join([*parts[1::-1], *parts[2:]])  # 10/15/2024, in American order
        return frozenset(found | {"d" + token.key, "d" + day_last})
    if number.form is NumberForm.CODE:
        found |= {"c" + token.key, *([number_key(float(shown))] if shown.isdecimal() and len(shown) <= 15 else [])}
    elif found and re.fullmatch(r"\d{1,3}(?:[.,]\d{3}){2,}", shown):  # groups, whatever their signs
        found.add(number_key(float(re.sub("[.,]", "", shown))))
    elif found and (pointed := re.fullmatch(r"(\d{1,3})[.,](\d{3})", shown)):  # 2.500, whatever the text around it says
        found |= {number_key(float(pointed[1] + pointed[2])), number_key(float(f"{pointed[1]}.{pointed[2]}"))}
    if shown.isdecimal() and len(shown) <= 2 and int(shown) <= 24:
        found.add(f"t{int(shown)}:00")
    return frozenset(found | _clock_readings(shown))


def _plain_digits(token: Token, text: str) -> str:
    """Return the digits of a number with the separators inside, in ASCII; empty for a number with words in it: 12 thousand."""
    shown = text[token.start : token.end].translate(_SIGNS)
    if _LETTERS.search(shown.removeprefix("ال").strip('()"ـه ')):
        return ""
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
        if token.key in lexicon.lists["percent_before"] and place < len(tokens) and tokens[place].number:
            percent = {f"{each}%" for each in token_readings(tokens[place], side.text) if each[0] == "#"}
            found.append(("number", frozenset(percent)))
            place += 1
        elif token.number is not None:
            readings = token_readings(token, side.text)
            following = tokens[place] if place < len(tokens) else None
            beside = following or next(iter(side.edit_side.tokens[side.edit_side.end : side.edit_side.end + 1]), None)
            readings |= share_readings(token, beside, side)
            if following and following.key == "?" and following.start == token.end and token.number.form is NumberForm.COUNT:
                readings |= {f"{each}%" for each in readings}  # a sign for percent that was lost on the way
            found.append(("number", readings))
        elif not token.is_word:
            shown = side.text[token.start : token.end]
            if token.key == "-" and found and place < len(tokens) and tokens[place].number:
                found.append(("dash", frozenset()))
            elif unicodedata.category(shown[0]) in ("Sc", "Sm") or shown == "%":
                found.append(("sign", frozenset((shown,))))
        elif found and found[-1][0] == "number" and token.key in lexicon.lists["partitives"]:
            continue  # 20 percent of
        elif (month := _month_at(tokens, place - 1, side)) is not None:
            found.append(("month", frozenset((f"m{month[0]}",))))
            place += month[1] - 1
        elif (ordinal := ordinal_value(token.key, side)) is not None:
            found.append(("ordinal", frozenset((number_key(ordinal), token.key))))
        elif token.key != lexicon.article or not lexicon.article:
            found.append(("word", frozenset(_word_readings(token.key, side))))
    return _joined(found, side)


def share_readings(token: Token, following: Token | None, side: SideContext) -> frozenset[str]:
    """Return the percentage that a fraction in words says: half, and خمس before a noun with the article."""
    value = token.number.value if token.number and token.number.form is NumberForm.COUNT else None
    if value is None or any(map(str.isdigit, side.text[token.start : token.end])):
        return frozenset()
    article = side.lexicon.article
    if article and 4 <= value <= 10 and following is not None and following.key.startswith(article):
        value = 1 / value
    return frozenset((f"{number_key(value * 100)}%",)) if 0 < value < 1 else frozenset()


def _word_readings(word: str, side: SideContext) -> set[str]:
    """Return a word and what it means by itself: a unit, or a time that another word says as well."""
    measures, times, qualifiers = (side.lexicon.values[name] for name in ("measures", "same_times", "before"))
    forms = side.lexicon.variants(word)
    bare = word.removeprefix(side.lexicon.article) if side.lexicon.article and len(word) > _SHORT else word
    bare = bare.removesuffix("ا") if side.lexicon.article else bare  # the accusative
    qualified = {f"=q{qualifiers[form]}" for form in forms if form in qualifiers}
    units = qualified | {f"=u{measures[form]}" for form in forms if form in measures}
    return {word, f"=w{bare}"} | units | ({f"={times[word]}"} if word in times else set())


def ordinal_value(word: str, side: SideContext) -> float | None:
    """Return the value of an ordinal, or of a number word with the article, None for any other word."""
    lexicon = side.lexicon
    for form in lexicon.variants(word):
        if (value := lexicon.values["ordinals"].get(form)) is not None:
            return float(value)
        bare = form.removeprefix(lexicon.article) if lexicon.article else form
        if bare != form and (value := lexicon.values["numbers"].get(bare)) is not None:
            return float(value)
    return None


def _is_preposition(item: Item, side: SideContext) -> bool:
    return item[0] == "word" and any(side.lexicon.phrase_length("prepositions", [word], 0) for word in item[1])


def _value(item: Item) -> int | None:
    """Return the whole number that an item says, None for none."""
    values = [each[1:] for each in item[1] if each[0] == "#" and each[1:].isdecimal()]
    return int(values[0]) if item[0] in ("number", "ordinal") and len(values) == 1 else None


def _joined(items: Sequence[Item], side: SideContext) -> list[Item]:
    """Return the items; a day with its month and year is a date, a time with its half of the day is one time."""
    halves = side.lexicon.values["half_days"]
    found: list[Item] = []
    for item in items:
        word = next((each for each in item[1] if each[0] != "="), "") if item[0] == "word" else ""
        last = found[-1] if found else ("", frozenset[str]())
        if last[0] == "dash":  # 15 - 35, the same as 15-35
            found.pop()
            low, high = _value(found[-1]), _value(item)
            if low is not None and high is not None:
                found[-1] = "number", frozenset((f"#{low}..{high}", pair_reading(low, high, side.text, side.edit_side.span.start)))
                continue
            last = found[-1]
        if item[0] == "month" and (last == item or (last[0] == "date" and _has_month(last, item))):
            continue  # both names of a month
        if item[0] == "month" and last[0] in ("number", "ordinal") and (day := _value(last)) is not None and 1 <= day <= 31:
            found[-1] = "date", frozenset((f"d{day}/{_month(item) % 100}", *([f"g{day}/{_month(item)}"] if _month(item) <= 12 else [])))
        elif last[0] == "date" and item[0] == "number" and (year := _value(item)) is not None and year > 1000:
            found[-1] = "date", frozenset(f"{each}/{year}" for each in last[1] if each.count("/") == 1) or last[1]
        elif word in halves and last[0] == "number" and any(each[0] in "tT" for each in last[1]):
            times = [each[1:].split(":") for each in last[1] if each[0] in "tT"]
            hours = [(int(hour) % 12 + halves[word] if int(hour) <= 12 else int(hour), minute) for hour, minute in times]
            found[-1] = "number", frozenset(f"T{hour}:{minute}" for hour, minute in hours)
        elif not (last[0] == "date" and (word in _ERAS or word in side.lexicon.lists["time_modifiers"])) and not (
            last[0] == "ordinal" and _is_preposition(item, side)
        ):
            dated = item[0] == "number" and any(each[0] == "d" for each in item[1])
            found.append(("date", item[1]) if dated else item)
    return found


def _month(item: Item) -> int:
    return int(next(iter(item[1]))[1:])


def _has_month(dated: Item, month: Item) -> bool:
    return any(each.split("/")[1] == str(_month(month) % 100) for each in dated[1])


def _days(item: Item) -> frozenset[str]:
    """Return the days of the Gregorian calendar that a Hijri date may be, with the year and without it."""
    dates = [[int(part) for part in each[1:].split("/")] for each in item[1] if each.count("/") == 2]
    days = [day for each in dates for day in hijri_days(*each)]
    return frozenset(f"{sign}{day.day}/{day.month}{year}" for day in days for sign, year in (("d", f"/{day.year}"), ("g", "")))


def _without_second_month(side: SideContext) -> list[Item]:
    """Return the items of a side, without the second name of the month that stands right before it: July (Tammuz) next."""
    tokens, start = side.edit_side.tokens, side.edit_side.start
    found = _items(side, tokens[start : side.edit_side.end])
    if len(found) > 1 and found[0][0] == "month":
        before = _items(side, tokens[max(0, start - _NEAR) : start])[-1:]
        if before and (before[0] == found[0] or (before[0][0] == "date" and _has_month(before[0], found[0]))):
            return found[1:]
    return found


def same_values(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides say the same numbers, dates and times in another notation, and the same words."""
    if not a.words or not b.words or max(len(a.words), len(b.words)) > _MOST:
        return False
    if not any(side.numbers or side.contains("month_numbers", "ordinals") for side in (a, b)):
        return False
    left, right = (_without_second_month(side) for side in (a, b))
    if left == right == []:
        return False
    if len(left) != len(right):
        left, right = _grouped(left), _grouped(right)
    if len(left) != len(right) or not any(item[0] not in ("word", "sign") for item in (*left, *right)):
        return a.contains("month_numbers") != b.contains("month_numbers") and len(left) == len(right) == 1 and _agree(left[0], right[0])
    return all(map(_agree, left, right))


def _grouped(items: Sequence[Item]) -> list[Item]:
    """Return the items; numbers of three digits behind a number are its groups: 12 500."""
    found: list[Item] = []
    for item in items:
        value, last = _value(item), _value(found[-1]) if found else None
        if value is not None and last is not None and item[0] == "number" and 100 <= value < 1000:
            found[-1] = "number", frozenset((f"#{last * 1000 + value}",))
        else:
            found.append(item)
    return found


def _agree(one: Item, other: Item) -> bool:
    """Tell whether two items may say the same; a date without a year may be of any year."""
    if not one[1].isdisjoint(other[1]):
        return True
    if one[0] != "date" or other[0] != "date":
        return False
    if not (_days(one).isdisjoint(other[1]) and _days(other).isdisjoint(one[1])):
        return True
    years = [any(each.count("/") == 2 for each in item[1]) for item in (one, other)]
    return years[0] != years[1] and not _without_year(one).isdisjoint(_without_year(other))


def _without_year(item: Item) -> set[str]:
    return {"/".join(each.split("/")[:2]) for each in item[1]}


def is_second_month(a: SideContext, b: SideContext) -> bool:
    """Tell whether one of the two names of a month comes or goes: يوليو تموز, تموز."""
    sides = [side for side in (a, b) if side.words]
    if len(sides) != 1 or len(sides[0].words) > 2 * _PHRASE:
        return False
    (side,) = sides
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    items = [item for item in _items(side, tokens[start:end]) if not _is_preposition(item, side)]
    before = _items(side, tokens[max(0, start - _NEAR) : start])[-1:]
    after = _items(side, tokens[end : end + _NEAR])[:1]
    if len(items) != 1 or items[0][0] != "month":
        return False
    month = int(next(iter(items[0][1]))[1:]) % 100
    dated = any(item[0] == "date" and any(f"/{month}" in each[1:] for each in item[1]) for item in before)
    return dated or items[0] in (*before, *after)
