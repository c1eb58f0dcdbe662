"""Join numbers with what belongs to them: percent, a magnitude behind brackets or a range, and the two ends of a range."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..exact_values import DIGITS
from .lexicon import Lexicon
from .number_formats import parse_count
from .tokens import Number, NumberForm, Token

_PAIR = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_RANGE = 3  # tokens of a range
_COUNTED = ("measures", "scales", "percent", "count_nouns")
_MAGNITUDES = ("scales", "percent", "percentage_points")
_AROUND = (("(", ")"), ('"', '"'))
_SHARES = (
    (NumberForm.POINTS, "percentage_points", "pp"),
    (NumberForm.PER_MILLE, "per_mille", "\N{PER MILLE SIGN}"),
    (NumberForm.PERCENT, "percent", "%"),
)


def number_key(value: float) -> str:
    """Return the key of the token of a number: equal for equal values."""
    return f"#{value:.{DIGITS}g}"


def without_brackets(tokens: Sequence[Token], lexicon: Lexicon) -> Sequence[Token]:
    """Return the tokens; brackets or quotes around digits before a magnitude or percent belong to the number: (100) thousand."""
    inner = range(1, len(tokens) - 2)
    places = [place for place in inner if tokens[place].number and (tokens[place - 1].key, tokens[place + 1].key) in _AROUND]
    if not places:
        return tokens
    found = list(tokens)
    for place in reversed(places):
        words = [each.key for each in found[place + 2 : place + 5]]
        if words[:1] == ["%"] or any(lexicon.phrase_length(name, words, 0) for name in _MAGNITUDES):
            number = found[place]
            found[place - 1 : place + 2] = [Token(found[place - 1].start, found[place + 1].end, number.key, True, number.number)]
    return found


def with_scale(tokens: Sequence[Token], token: Token, after: int, lexicon: Lexicon) -> tuple[Token, int]:
    """Return an open notation or a range with the magnitude that follows it, and the place after it: 2-3 million."""
    number = token.number
    if number is None or number.form not in (NumberForm.OPEN, NumberForm.RANGE) or after >= len(tokens):
        return token, after
    following = tokens[after]
    scale = lexicon.values["scales"].get(following.key)
    if scale is None:
        return token, after
    if number.form is NumberForm.OPEN:
        readings = tuple(reading * scale for reading in number.readings)
        return Token(token.start, following.end, f"{token.key}*{scale}", True, Number(None, number.form, readings, scale)), after + 1
    low, high = _ends(token) or (0, 0)
    if low >= high:
        return token, after
    key = _range_key(low * scale, high * scale)
    return Token(token.start, following.end, key, True, Number(None, NumberForm.RANGE, (), scale)), after + 1


def with_percent(tokens: Sequence[Token], token: Token, after: int, before: list[Token], lexicon: Lexicon) -> tuple[Token, int]:
    """Return a number with its unit, if that is percent, percentage points or per mille, and the place after it."""
    number = token.number
    if number is None or (number.value is None and number.form is not NumberForm.OPEN):
        return token, after
    words = [each.key for each in tokens[after : after + 5]]
    for form, name, sign in _SHARES:
        length = 1 if words[:1] == [sign] else lexicon.phrase_length(name, words, 0)
        if length:
            key = (number_key(number.value) if number.value is not None else token.key) + sign
            share = Number(number.value, form, number.readings, number.scale)
            return Token(token.start, tokens[after + length - 1].end, key, True, share), after + length
    if before and before[-1].key == "%" and before[-1].end == token.start and number.value is not None:
        percent = Number(number.value, NumberForm.PERCENT)
        return Token(before.pop().start, token.end, number_key(number.value) + "%", True, percent), after
    return token, after


def _range_key(low: float, high: float) -> str:
    return f"{number_key(low)}..{number_key(high)[1:]}"


def _ends(token: Token) -> tuple[float, float] | None:
    """Return the ends of a range such as ``40-50``, None for any other number."""
    pair = _PAIR.fullmatch(token.key)
    if not pair or token.number is None or token.number.form is not NumberForm.RANGE:
        return None
    low, high = (parse_count(end).value for end in pair.groups())
    return None if low is None or high is None else (low, high)


def _range_token(token: Token) -> Token:
    """Return a range such as ``40-50`` with a key made from its ends; ``3-1`` stays as it is, a score."""
    if token.number is None or token.number.form is not NumberForm.RANGE:
        return token
    low, high = _ends(token) or (0, 0)
    return Token(token.start, token.end, _range_key(low, high), True, token.number) if low < high else token


def with_ranges(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Join ``between 40 and 50``, ``40 - 50 people`` and the like into one token; its key is the same if the ends are swapped."""
    joiners = {"-", *lexicon.lists["joiners"], *lexicon.joiners, *lexicon.lists["range_joiners"]}
    found: list[Token] = []
    for place, token in enumerate(map(_range_token, tokens)):
        found.append(token)
        if token.number is None or (place + 1 < len(tokens) and tokens[place + 1].key in lexicon.values["half_days"]):
            continue
        written_on = text[token.start] in lexicon.joiners
        low = len(found) - (2 if written_on else 3)
        if low < 0 or not (written_on or found[-2].key in joiners):
            continue
        if low and (found[low].key == "," or found[low].key in lexicon.values["measures"]):  # between 100 riyals and 1000
            low -= 1
        opened = low > 0 and found[low - 1].key in lexicon.lists["range"]
        ends = [found[low].number, token.number]
        if (
            ends[0] is None
            or ends[1] is None
            or not (opened or _is_open_range(found[low - 1 :] if low else found, tokens[place + 1 :], lexicon))
        ):
            continue
        if ends[0].value is not None and ends[1].value is not None:
            scale = ends[1].scale if ends[0].scale == 1 and ends[0].value * ends[1].scale <= ends[1].value else 1  # 2 to 3 million
            key = _range_key(*sorted((ends[0].value * scale, ends[1].value)))
            if low > 1 and f"{found[low - 2].key} {found[low - 1].key}" in lexicon.lists["range"]:  # ما بين
                low -= 1
            first = low - opened
            found[first:] = [Token(found[first].start, token.end, key, True, Number(None, NumberForm.RANGE, (), ends[1].scale))]
    return found


def _is_open_range(before: Sequence[Token], after: Sequence[Token], lexicon: Lexicon) -> bool:
    """Tell whether two counts are a range without a word before it: 40 - 50 people, 40 to 50 people.

    The smaller one stands first, unless no score has such a word. A word follows, behind a dash one for a measure or for people: the first
    number may be that of an item, 1 - 12 killed. No row of numbers goes on.
    """
    if len(before) < _RANGE:
        return False
    low, joiner, high = before[-_RANGE:]
    ends = [each.number.value for each in (low, high) if each.number and each.number.form is NumberForm.COUNT]
    alone = joiner.key == "-" or joiner.key in lexicon.lists["range_alone"]
    if not alone or len(ends) < len((low, high)) or ends[0] is None or ends[1] is None:
        return False
    swapped = joiner.key in lexicon.lists["range_alone"] and joiner.key not in lexicon.lists["score_links"]  # ila, but not "to"
    in_row = any(each.number or each.key in ("-", "/") for each in before[-_RANGE - 1 : -_RANGE])
    if not (ends[0] < ends[1] or swapped) or in_row or not after or not after[0].is_word or after[0].number is not None:
        return False
    if joiner.key != "-":
        return True
    words = [token.key for token in after[:_RANGE]]
    counted = any(lexicon.phrase_length(name, words, 0) for name in _COUNTED) and not lexicon.has("harm", words[0])
    return counted and len(before) > _RANGE and not any(lexicon.has(name, before[-_RANGE - 1].key) for name in ("numbered", "clock"))
