"""Tell numbers that count nothing: the numerals of lists, and years."""

from __future__ import annotations

import re
from bisect import bisect_left

from ..language.tokens import NumberForm, Token
from .ages import is_age
from .context import SideContext

_LIST_MARKS = frozenset("-.):(/*•")
_LAST_ITEM = 99  # the last numeral of a list
_NEAR = 600  # characters around an item of a list in which the one before or after it stands
_ITEMS = {")": re.compile(r"(?<![\w.,])(\d{1,2}) ?\)"), "-": re.compile(r"(?<![\w.,])(\d{1,2}) ?[-\u2010-\u2015\u0640](?!\d)")}
"""An item of a list inside of a text, by the mark behind its number."""
_DAYS = 31
_WORD = 4  # letters, at least, of a word to which a number is written on as a part of a name
_ERAS = frozenset(("م", "ه"))


def is_numeral(side: SideContext) -> bool:
    """Tell whether a side is the numeral of an item of a list: 1- or (2) at the start of a line, or in a text that counts on: 1) 2) 3)."""
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    places = [place for place in range(start, end) if tokens[place].number]
    inside = tokens[start:end]
    if len(places) != 1 or any(
        (token.is_word and not token.number) or (not token.is_word and token.key not in _LIST_MARKS) for token in inside
    ):
        return False
    place = places[0]
    if _item_number(tokens[place]) is None:
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
    return marked and (first or _counts_on(side, tokens[place], following[0].key))


def _item_number(token: Token) -> int | None:
    """Return the number that a token may give an item of a list, None for any other token."""
    value = token.number.value if token.number and token.number.form is NumberForm.COUNT else None
    return int(value) if value is not None and 0 < value <= _LAST_ITEM and value.is_integer() else None


def _counts_on(side: SideContext, token: Token, mark: str) -> bool:
    """Tell whether the number before or after the one of a token stands near by, with the same mark behind it."""
    number = _item_number(token)
    if number is None or mark not in _ITEMS:
        return False
    near = side.text[max(0, token.start - _NEAR) : token.end + _NEAR]
    return any(int(each) in (number - 1, number + 1) for each in _ITEMS[mark].findall(near))


def only_labels(side: SideContext) -> bool:
    """Tell whether the numbers of a side only name something: engine No 1, items of a list, years, clock times and days of a month."""
    edit_side = side.edit_side
    if not side.numbers or is_age(side):
        return False
    tokens = [token for token in edit_side.tokens[edit_side.start : edit_side.end] if token.is_word]
    words = [side.word_before(), *side.words]
    months = side.contains("months", "month_numbers")
    for place, token in enumerate(tokens):
        if token.number is None:
            continue
        value = token.number.value
        named = len(side.words) > 1 and side.in_lists(words[place], "numbered")
        dated = token.number.form in (NumberForm.CLOCK, NumberForm.DATE) or (months and value is not None and 0 < value <= _DAYS)
        year = value is not None and 1900 <= value <= 2100
        if year and len(side.words) > 1 and side.in_lists(words[place], "time_modifiers", "year_nouns"):
            continue
        if not (named or dated or is_year(side, place) or _opens_item(side, token) or _is_joined(side, token)):
            return False
    return True


def _opens_item(side: SideContext, token: Token) -> bool:
    """Tell whether a number has the sign of an item of a list behind it, first in a line or counting on: 2 - the council of ..."""
    line = side.text.rfind("\n", 0, token.start) + 1
    first = not side.text[line : token.start].strip(" \t\r(-*•\N{NO-BREAK SPACE}")
    sign = side.text[token.end : token.end + 3].lstrip(" ")[:1].replace("\N{EN DASH}", "-")
    return sign in ("-", ")", ".") and _item_number(token) is not None and (first or _counts_on(side, token, sign))


def _is_joined(side: SideContext, token: Token) -> bool:
    """Tell whether a number is written on to a word that is no particle: آيزك4."""
    tokens = side.edit_side.tokens
    place = bisect_left(tokens, token.start, key=lambda each: each.start)
    before = tokens[place - 1] if place and tokens[place - 1].end == token.start else None
    return before is not None and before.is_word and before.number is None and len(before.key) >= _WORD


def is_year(side: SideContext, place: int) -> bool:
    """Tell whether the number at a place among the words of a side is a year with the sign of its era: 2014م."""
    tokens = [token for token in side.edit_side.tokens[side.edit_side.start : side.edit_side.end] if token.is_word]
    number, following = tokens[place].number, tokens[place + 1].key if place + 1 < len(tokens) else side.word_after()
    value = number.value if number is not None and number.form is NumberForm.COUNT else None
    return value is not None and 1300 <= value <= 2100 and following in _ERAS
