"""Read the score of a match that is told in words: two goals to one, بهدفين مقابل هدف."""

from __future__ import annotations

from ..language.tokens import NumberForm
from .context import SideContext
from .readings import token_readings

_MOST = 8  # words, at most, of a score
_BOTH = 2  # counts of a score


def score_in_words(side: SideContext) -> str | None:
    """Return the reading of a score in words, as that of ``2-1``; None where a side says anything else."""
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
    return "r{},{}".format(*sorted(counts)) if len(counts) == _BOTH else None


def same_score(a: SideContext, b: SideContext) -> bool:
    """Tell whether one side says in words the score that the other gives in digits."""
    for words, digits in ((a, b), (b, a)):
        ranges = [token for token in digits.numbers if token.number and token.number.form is NumberForm.RANGE]
        if len(digits.words) == len(ranges) == 1 and (score := score_in_words(words)) is not None:
            return score in token_readings(ranges[0], digits.text)
    return False
