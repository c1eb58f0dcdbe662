"""Find the kinds of edits that their values decide: the same value, codes, numerals of lists, units and words for days."""

from __future__ import annotations

import re

from ..language.tokens import NumberForm
from ..model import Kind
from .context import SideContext
from .quantities import nearby_number
from .readings import is_second_month, same_values

_BESIDE = 3  # tokens in which a number stands that only moved across a mark
_LIST_MARKS = frozenset("-.):(/*•")
_LAST_ITEM = 99  # the last numeral of a list
_CODE_WORD = re.compile(r"(?=.*\d)(?=.*[^\W\d_])\w+")


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
    if len(side.words) != 1:
        return None
    measures = side.lexicon.values["measures"]
    units = {str(measures[form]) for form in side.lexicon.variants(side.words[0]) if form in measures}
    return min(units) if len(units) == 1 else None


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
