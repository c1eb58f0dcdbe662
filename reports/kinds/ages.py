"""Tell ages from other times: an age is a number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..language.uncounted import tells_age
from .context import SideContext
from .quantities import number_places

_LONGEST_AGE = 130  # years


def is_age(side: SideContext) -> bool:
    """Tell whether a side is about an age: a word for it stands near, or the years stand in brackets behind a name."""
    for keys, place in side.phrase_starts(4):
        length = side.lexicon.phrase_length("age", keys, place)
        verb = length == 1 and side.lexicon.has("age_verbs", keys[place])  # it may be any amount that is reached
        if length and (not verb or _counts_years(keys, side)):
            return True
    tokens = side.edit_side.tokens
    return _is_bracketed_age(side) or any(tells_age(tokens, place, side.lexicon) for place in number_places(side.edit_side))


def _counts_years(keys: Sequence[str], side: SideContext) -> bool:
    return any(one[:1] == "#" and side.lexicon.has("age_units", other) for one, other in pairwise(keys))


def _is_bracketed_age(side: SideContext) -> bool:
    """Tell whether a side is a number of years between brackets or slashes, behind a name: (54 عاما), 54/ عاما/."""
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    bare = len(side.words) == 1  # the unit stays
    if len(side.numbers) != 1 or len(side.words) > 2 or not side.in_lists(side.word_after() if bare else side.words[1], "age_units"):
        return False
    value = side.numbers[0].number.value if side.numbers[0].number else None
    marks = [token.key for token in tokens[max(0, start - 1) : end + 1 + bare] if not token.is_word]
    return value is not None and 0 < value <= _LONGEST_AGE and bool({")", "/"} & set(marks)) and len(marks) > 1
