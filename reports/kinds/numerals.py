"""Tell numbers that count nothing: the numerals of lists, and years."""

from __future__ import annotations

from ..language.tokens import NumberForm
from .context import SideContext

_LIST_MARKS = frozenset("-.):(/*•")
_LAST_ITEM = 99  # the last numeral of a list
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
    apart = marked and following[0].key in ("-", ")") and side.text[following[0].end : following[0].end + 1].isspace()
    return apart and before is not None and before.number is None and before.key != "("


def is_year(side: SideContext, place: int) -> bool:
    """Tell whether the number at a place among the words of a side is a year with the sign of its era: 2014م."""
    tokens = [token for token in side.edit_side.tokens[side.edit_side.start : side.edit_side.end] if token.is_word]
    number, following = tokens[place].number, tokens[place + 1].key if place + 1 < len(tokens) else side.word_after()
    value = number.value if number is not None and number.form is NumberForm.COUNT else None
    return value is not None and 1300 <= value <= 2100 and following in _ERAS
