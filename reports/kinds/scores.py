"""Read scores: 3-1, and those that are told in words: two goals to one, بهدفين مقابل هدف."""

from __future__ import annotations

import re
import unicodedata

from ..language.tokens import NumberForm
from .context import SideContext

_DIGITS = re.compile(r"\d+")
_AROUND = 40  # characters around a number in which a letter tells the direction of the text
_MOST = 8  # words, at most, of a score
_BOTH = 2  # counts of a score


def pair_reading(one: int, other: int, text: str, start: int) -> str:
    """Return the reading of 3-1. In text from right to left it is that of 1-3 as well: writers and programs turn scores round there."""
    around = text[max(0, start - _AROUND) : start][::-1] + text[start : start + _AROUND]
    letter = next((each for each in around if each.isalpha()), "")
    pair = sorted((one, other)) if unicodedata.bidirectional(letter or "a") != "L" else (one, other)
    return "r{},{}".format(*pair)


def score_in_words(side: SideContext) -> list[int] | None:
    """Return a score in words, the smaller count first; None where a side says anything else."""
    if not 1 < len(side.words) <= _MOST:
        return None
    goals, counts, counted = side.lexicon.values["goals"], list[int](), False
    for token in side.edit_side.tokens[side.edit_side.start : side.edit_side.end]:
        if not token.is_word:
            continue
        value = token.number.value if token.number and token.number.form is NumberForm.COUNT else None
        goal = next((goals[form] for form in side.lexicon.variants(token.key) if form in goals), None)
        if value is None and token.key in side.lexicon.lists["articles"]:
            value = side.lexicon.values["numbers"].get(token.key)  # deux buts à un
        if value is not None and value == int(value):
            counts.append(int(value))
        elif goal is not None:
            counts += [goal] if goal and not counted else []
        elif side.in_lists(token.key, "score_same") and counts:
            counts.append(counts[-1])
        elif side.in_lists(token.key, "score_nil"):
            counts.append(0)
        elif not side.in_lists(token.key, "score_links"):
            return None
        counted = value is not None
    return sorted(counts) if len(counts) == _BOTH else None


def same_score(a: SideContext, b: SideContext) -> bool:
    """Tell whether one side says in words the score that the other gives in digits."""
    for words, digits in ((a, b), (b, a)):
        ranges = [token for token in digits.numbers if token.number and token.number.form is NumberForm.RANGE]
        if len(digits.words) == len(ranges) == 1 and (score := score_in_words(words)) is not None:
            return score == sorted(map(int, _DIGITS.findall(digits.text[ranges[0].start : ranges[0].end])))
    return False
