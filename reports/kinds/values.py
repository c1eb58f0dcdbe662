"""Find the kinds of edits that their values decide: the same value, codes, numerals of lists, units and words for days."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from dedup.text.fold import fold

from ..language.tokens import NumberForm
from ..model import Kind
from .context import SideContext, nonempty_sides
from .names import is_number_in_name
from .numerals import is_numeral
from .quantities import is_score, nearby_number
from .readings import is_second_month, same_values
from .scores import same_score

_SCALE_WORD = 5  # letters, at least, of a word for a magnitude that may be misspelt
_NEAR = 40  # tokens in which a phrase with a number stands that only moved
_UNIT = 2  # words, at most, of a unit
_BESIDE = 3  # tokens in which a number stands that only moved across a mark
_IDENTIFIER = 8  # digits, at least, of a number that only names something: an account, a telephone
_SCRIPT = 16  # tokens around a number that show that it stands in program text
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_CODE_WORD = re.compile(r"(?=.*\d)(?=.*[^\W\d_])\w+")


def is_list_numeral(a: SideContext, b: SideContext) -> bool:
    """Tell whether the numeral of an item of a list comes, goes or is another one."""
    return all(is_numeral(side) for side in (a, b) if side.words) and bool(a.words or b.words)


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
    if before and _INNER_CAPITAL.search(side.text[before[-1].start : before[-1].end]):
        return True  # iPhone 15
    if len(before) < 2 or not before[0].is_word or before[0].number or before[0].end != before[1].start or before[1].end != token.start:
        return False
    shown = side.text[before[0].start : before[0].end]
    return (before[1].key == "-" and shown.lower() != shown) or (before[1].key == "/" and len(shown) <= 2)


def is_code(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides are codes, and not the same one."""
    return bool(a.words) and bool(b.words) and _is_code(a) and _is_code(b) and a.words != b.words


def _is_measure(side: SideContext) -> str | None:
    """Return the unit that a side names, None where it says anything else."""
    words = [word for word in side.words if len(word) > 1 and not side.lexicon.phrase_length("prepositions", [word], 0)] or list(side.words)
    if not 0 < len(words) <= _UNIT:
        return None
    measures, rest = side.lexicon.values["measures"], words[1:]
    if (phrase := " ".join((side.word_before(), *words))) in measures:  # square miles
        return str(measures[phrase])
    forms = side.lexicon.variants(words[0]) if side.lexicon.article else side.lexicon.stems(words[0])
    units = {str(measures[phrase]) for form in forms if (phrase := " ".join((form, *rest))) in measures}
    return min(units) if len(units) == 1 else None


def _is_two_words(side: SideContext) -> bool:
    """Tell whether the unit begins with the word before the side: square miles."""
    return " ".join((side.word_before(), *side.words)) in side.lexicon.values["measures"]


def _is_behind_mark(side: SideContext) -> bool:
    """Tell whether a bracket or a quotation mark ends before the side: (5000) ريال."""
    tokens, start = side.edit_side.tokens, side.edit_side.start
    return start > 0 and tokens[start - 1].key in (")", '"')


def changes_measure(a: SideContext, b: SideContext) -> bool | None:
    """Tell whether an edit changes the unit or the currency of a number; None where it changes no measure at all.

    False says that both are forms of one unit: ريال, ريالا.
    """
    units = [_is_measure(side) for side in (a, b)]
    if None in units:
        return None
    numbers = [nearby_number(side.edit_side, 1 + _is_two_words(side) + _is_behind_mark(side)) for side in (a, b)]
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


def _is_year_number(word: str) -> bool:
    return word[:1] == "#" and word[1:].isdecimal() and 1300 <= int(word[1:]) <= 2100


def is_day_word_change(a: SideContext, b: SideContext) -> bool:
    """Tell whether only the word "day" comes or goes beside the name of a day, or a time is said by words that mean the same."""
    if not a.words and not b.words:
        return False
    sides = (a, b)
    if all(_is_day_word(word, side) or side.in_lists(word, "prepositions") for side in sides for word in side.words):
        beside = ((side, word) for side in sides for word in (side.word_after(), side.word_before()))
        return any(side.in_lists(word, "weekdays", "months", "month_numbers", "relative_days") for side, word in beside)
    if all(side.in_lists(word, "year_nouns") for side in sides for word in side.words):
        return all(_is_year_number(side.word_after()) for side in sides)
    return bool(a.words and b.words) and a.words != b.words and _time_words(a) == _time_words(b)


def _moved(a: SideContext, b: SideContext, reach: int) -> bool:
    """Tell whether the numbers of the only side with words are in the other text near by, as often as in this one."""
    sides = [(one, other) for one, other in ((a, b), (b, a)) if one.words and not other.words]
    if len(sides) != 1 or not sides[0][0].numbers:
        return False
    edits = [side.edit_side for side in sides[0]]
    near = [[token.key for token in side.tokens[max(0, side.start - reach) : side.end + reach]] for side in edits]
    return all(near[0].count(token.key) == near[1].count(token.key) for token in sides[0][0].numbers)


def _is_phrase(a: SideContext, b: SideContext) -> bool:
    """Tell whether the only side with words is more than a bare count, which may be another one elsewhere."""
    words, numbers = (*a.words, *b.words), (*a.numbers, *b.numbers)
    return len(words) > 1 or any(token.number and token.number.form is NumberForm.PERCENT for token in numbers)


def _differs_in_case(a: SideContext, b: SideContext) -> bool:
    """Tell whether the words of two sides are counted nouns, or words for a vague number, in another case: عدد, عددا; يومان, يومين."""
    if not a.lexicon.article or len(a.words) != len(b.words) or not a.words:
        return False
    return all(one == other or _is_case(one, other, a) or _is_case(other, one, a) for one, other in zip(a.words, b.words, strict=True))


def _is_case(one: str, other: str, side: SideContext) -> bool:
    lists = ("vague", "count_nouns", "duals", "time_units")
    accusative = one + "ا" == other or (one.endswith("ان") and one[:-2] + "ين" == other)
    return accusative and any(side.in_lists(one, name) and side.in_lists(other, name) for name in lists)


def _same_letters(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides differ only in the spaces between words, or inside a long number that is no quantity: عقارواحد."""
    plain = ["".join(side.surface.split()) for side in (a, b)]
    digits = sum(map(str.isdigit, plain[0]))
    if not digits and a.numbers and b.numbers:  # a milliard, and a half
        plain = [each.replace(",", "").replace("\N{ARABIC COMMA}", "") for each in plain]
    return fold(plain[0]) == fold(plain[1]) and (not digits or digits >= _IDENTIFIER) and bool(a.words and b.words)


def _swaps_ends(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides are one end of a range whose ends change places: 30 à 40, 40 à 30."""
    if len(a.words) != 1 or len(b.words) != 1 or not a.numbers or not b.numbers:
        return False
    joiners = a.lexicon.lists["range_joiners"]
    if any(is_score(side.edit_side, side.edit_side.start, side.lexicon) and side.numbers[0].key[:1] != "#" for side in (a, b)):
        return False
    after = [(side.word_after(), side.word_after(2)) for side in (a, b)]
    before = [(side.word_before(), side.word_before(2)) for side in (a, b)]
    return any(
        near[0][0] == near[1][0] and near[0][0] in joiners and (near[0][1], near[1][1]) == (b.words[0], a.words[0])
        for near in (after, before)
    )


def _in_script(side: SideContext) -> bool:
    """Tell whether a side is a part of program text, not of news: ['a1882',18]."""
    tokens, start, end = side.edit_side.tokens, side.edit_side.start, side.edit_side.end
    before = [token.key for token in tokens[max(0, start - _SCRIPT) : start]]
    inside = [token.key for token in tokens[max(0, start - _SCRIPT) : end + 2]]
    return "[" in before and "]" in inside and bool({"'", '"'} & set(before)) and bool(side.numbers)


def _moves_month(a: SideContext, b: SideContext) -> bool:
    """Tell whether only the name of a month moves to the other side of its day: 3 March, March 3."""
    for one, other in ((a, b), (b, a)):
        if one.words and not other.words and len(one.words) == 1 and one.in_lists(one.words[0], "months", "month_numbers"):
            tokens, start, end = other.edit_side.tokens, other.edit_side.start, other.edit_side.end
            near = tokens[max(0, start - _BESIDE) : end + _BESIDE]
            return any(token.number for token in near) and any(token.key == one.words[0] for token in near)
    return False


def _only_signs(a: SideContext, b: SideContext) -> bool:
    """Tell whether a plus behind a number comes or goes, as a bracket: +MH 370+."""
    signs = "".join(side.surface for side in (a, b))
    after = [side.edit_side.tokens[side.edit_side.end : side.edit_side.end + 1] for side in (a, b)]
    return "+" in signs and not set(signs) - set("+()[] ") and not any(tokens and tokens[0].number for tokens in after)


def _misspells_scale(a: SideContext, b: SideContext) -> bool:
    """Tell whether one side has a word for a magnitude, and the other nearly the same word in its place: milion, million."""
    words = [side.surface.casefold().split() for side in (a, b)]
    if len(words[0]) != len(words[1]):
        return False
    differing = [(one, other) for one, other in zip(*words, strict=True) if one != other]
    if len(differing) != 1 or min(map(len, differing[0])) < _SCALE_WORD:
        return False
    scales = [fold(word) in a.lexicon.values["scales"] for word in differing[0]]
    return scales[0] != scales[1] and OSA.distance(*differing[0]) == 1


def value_kind(a: SideContext, b: SideContext) -> Kind | None:
    """Return the kind of an edit that its values decide by themselves, None where other rules must decide."""
    if not a.words and not b.words:
        return Kind.TYPOGRAPHY if _only_signs(a, b) else None
    if a.words == b.words:
        if all(len(side.words) == 1 and side.in_lists(side.words[0], "months", "month_numbers") for side in (a, b)):
            return Kind.TYPOGRAPHY  # on 5 March, on March 5
        versions = [side.surface for side in (a, b) if "." in side.surface and is_number_in_name(side)]
        return Kind.NAME if len(versions) == 2 and fold(versions[0]) != fold(versions[1]) else None
    both, numbered = bool(a.words and b.words), bool(a.numbers or b.numbers)
    if both and is_code(a, b):
        return None if same_values(a, b) else Kind.NAME
    if not both and not numbered and all(word in side.lexicon.lists["partitives"] for side in (a, b) for word in side.words):
        beside = [side.edit_side.tokens[side.edit_side.start - 1].number for side in (a, b) if side.edit_side.start]
        return Kind.TYPOGRAPHY if len(beside) == 2 and all(number and number.value for number in beside) else None  # a million d'euros
    if not both and all(token.number and token.number.form is NumberForm.CODE for token in (*a.numbers, *b.numbers)) and numbered:
        return Kind.NAME if len(a.words) + len(b.words) == 1 else None  # a telephone number
    if both and _misspells_scale(a, b):
        return Kind.SPELLING
    if both and (changed := changes_measure(a, b)) is not None:
        return Kind.NUMBER if changed else Kind.TYPOGRAPHY
    if is_day_word_change(a, b) or (numbered and _is_phrase(a, b) and _moved(a, b, _NEAR)):
        return Kind.WORDING
    if both and _differs_in_case(a, b):
        return Kind.SPELLING
    if numbered and ((len(a.words) + len(b.words) == 1 and _moved(a, b, _BESIDE)) or is_list_numeral(a, b)):
        return Kind.TYPOGRAPHY
    if _moves_month(a, b) or (numbered and (_swaps_ends(a, b) or all(map(_in_script, nonempty_sides(a, b))))):
        return Kind.TYPOGRAPHY
    equal = (both and (_same_letters(a, b) or same_score(a, b) or same_values(a, b))) or (not both and is_second_month(a, b))
    return Kind.TYPOGRAPHY if equal else None
