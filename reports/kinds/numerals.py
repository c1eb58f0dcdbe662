"""Tell numbers that count nothing: the numerals of lists, and years."""

from __future__ import annotations

from ..language.tokens import NumberForm, Token
from .ages import is_age
from .context import SideContext

_LIST_MARKS = frozenset("-.):(/*•")
_STOPS = frozenset(".:;!?")
_LAST_ITEM = 99  # the last numeral of a list
_DAYS = 31
_WORD = 4  # letters, at least, of a word to which a number is written on as a part of a name
_ERAS = frozenset(("م", "ه"))


def is_numeral(side: SideContext) -> bool:
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
    if not marked or following[0].key not in ("-", ")"):
        return False
    if before is None or before.key in _STOPS:
        return True
    return side.text[following[0].end : following[0].end + 1].isspace() and before.number is None and before.key != "("


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
    """Tell whether a number stands first in a line, with the sign of an item of a list behind it: 2 - the council of ..."""
    line = side.text.rfind("\n", 0, token.start) + 1
    value = token.number.value if token.number else None
    first = not side.text[line : token.start].strip(" \t\r(-*•\N{NO-BREAK SPACE}")
    sign = side.text[token.end : token.end + 3].lstrip(" ")[:1]
    return first and value is not None and 0 < value <= _LAST_ITEM and sign in ("-", ")", ".", "\N{EN DASH}")


def _is_joined(side: SideContext, token: Token) -> bool:
    """Tell whether a number is written on to a word that is no particle: آيزك4."""
    before = next((each for each in side.edit_side.tokens if each.end == token.start), None)
    return before is not None and before.is_word and before.number is None and len(before.key) >= _WORD


def is_year(side: SideContext, place: int) -> bool:
    """Tell whether the number at a place among the words of a side is a year with the sign of its era: 2014م."""
    tokens = [token for token in side.edit_side.tokens[side.edit_side.start : side.edit_side.end] if token.is_word]
    number, following = tokens[place].number, tokens[place + 1].key if place + 1 < len(tokens) else side.word_after()
    value = number.value if number is not None and number.form is NumberForm.COUNT else None
    return value is not None and 1300 <= value <= 2100 and following in _ERAS
