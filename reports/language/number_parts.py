"""Join a number with what is written behind it: the ending of an ordinal, the minutes of an hour, decimals cut off by a space."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .lexicon import Lexicon
from .number_formats import parse_count
from .tokens import Number, NumberForm, Token

_TEN, _HUNDRED = 10, 100
_HIGHEST_ORDINAL = 999  # 2014م is a year
_HOURS, _MINUTES = 24, 60
_GROUP, _GROUPS = 4, 3  # digits of a group, and groups, at least, of the number of an account
_SPACES = frozenset((" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"))
_APOSTROPHE = "'"
_CUT_WHOLE, _CUT_PART = 3, 2  # digits, at most, before and after a point with a space behind it
_CLOSING = frozenset((",", ".", ")", ";", '"'))


def joined_parts(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Return the tokens, with each number in digits and what belongs to it as one token: 14th, 13'üncü, 8 h 30, 1. 8 million."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        joined = None
        if token.number is not None and token.number.form is NumberForm.COUNT and token.key.isdecimal() and place + 1 < len(tokens):
            joined = _ordinal(token, tokens, place, lexicon) or _clock(token, tokens, place, lexicon)
            joined = joined or _cut_decimal(text, tokens, place, lexicon) or _score(text, tokens, place)
        joined = joined or _identifier(text, tokens, place)
        found.append(joined[0] if joined else token)
        place = joined[1] if joined else place + 1
    return found


def _identifier(text: str, tokens: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """Return the number of an account in groups of four digits, and the place after it: 0045 8820 1190 7736."""
    end = place
    while end < len(tokens) and tokens[end].number and tokens[end].key.isdecimal() and len(tokens[end].key) == _GROUP:
        if end > place and text[tokens[end - 1].end : tokens[end].start] not in _SPACES:
            break
        end += 1
    group = tokens[place:end]
    if len(group) < _GROUPS or all(token.key[0] != "0" for token in group):
        return None
    key = "".join(token.key for token in group)
    return Token(group[0].start, group[-1].end, key, True, Number(None, NumberForm.CODE)), end


def _ordinal(token: Token, tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Token, int] | None:
    """Return an ordinal in digits, and the place after it: 14th, 14e, 13'üncü."""
    following, after = tokens[place + 1], place + 2
    suffixes, value = lexicon.lists["ordinal_suffixes"], token.number.value if token.number else None
    if not suffixes or following.start != token.end or value is None or not 0 < value <= _HIGHEST_ORDINAL:
        return None
    if following.key == _APOSTROPHE and after < len(tokens) and tokens[after].start == following.end:
        following, after = tokens[after], after + 1
        if not following.key.startswith(tuple(suffixes)):
            return None
    elif following.key not in suffixes:
        return None
    return Token(token.start, following.end, token.key, True, token.number), after


def _score(text: str, tokens: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """Return a score between brackets with spaces around its dash, and the place after it: (3 - 1)."""
    row = list(tokens[max(0, place - 1) : place + 4])
    if [token.key for token in row[:1] + row[2:3] + row[4:]] != ["(", "-", ")"] or not row[3].key.isdecimal():
        return None
    if max(len(row[1].key), len(row[3].key)) > _CUT_WHOLE or "\n" in text[row[1].start : row[3].end]:
        return None
    return Token(row[1].start, row[3].end, f"{row[1].key}-{row[3].key}", True, Number(None, NumberForm.RANGE)), place + 3


def _clock(token: Token, tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Token, int] | None:
    """Return a time of day, and the place after it: 8 h 30."""
    if tokens[place + 1].key != "h" or "h" not in lexicon.lists["clock"] or place + 2 >= len(tokens):
        return None
    minutes = tokens[place + 2]
    if not (minutes.key.isdecimal() and len(minutes.key) == len("30") and int(minutes.key) < _MINUTES and int(token.key) <= _HOURS):
        return None
    return Token(token.start, minutes.end, f"{token.key}:{minutes.key}", True, Number(None, NumberForm.CLOCK)), place + 3


def _cut_decimal(text: str, tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Token, int] | None:
    """Return a number whose decimals stand behind a point and a space, and the place after it: 1. 8 million, Windows 8. 1."""
    if place + 3 >= len(tokens) or tokens[place + 1].key != "." or tokens[place + 1].start != tokens[place].end:
        return None
    whole, part = tokens[place], tokens[place + 2]
    if text[tokens[place + 1].end : part.start] != " " or not part.key.isdecimal() or part.number is None:
        return None
    if len(whole.key) > _CUT_WHOLE or len(part.key) > _CUT_PART:
        return None
    words = [each.key for each in tokens[place + 3 : place + 6]]
    names = ("scales", "percent", "percentage_points", "measures")
    measured = words[0] == "%" or any(lexicon.phrase_length(name, words, 0) for name in names)
    listed = bool(place) and (words[0] in _CLOSING or words[0].startswith(lexicon.joiners[:1] or ("\n",)))
    if not measured and not listed:
        return None
    return Token(whole.start, part.end, f"{whole.key}.{part.key}", True, parse_count(f"{whole.key}.{part.key}")), place + 3


def ordinal_behind(read: tuple[float, int], tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[float, int] | None:
    """Return the ordinal that a number in words begins, and the place after it: twenty-first, on üçüncü; None where it begins none."""
    value, after = read
    if lexicon.article or tokens[place].number is not None or value <= 0 or value % _TEN or value >= _HUNDRED or after >= len(tokens):
        return None
    hyphen = tokens[after].key == "-"
    if (not hyphen and lexicon.language == "en") or after + hyphen >= len(tokens):  # a twenty second film
        return None
    ordinal = lexicon.values["ordinals"].get(tokens[after + hyphen].key)
    return (value + ordinal, after + hyphen + 1) if ordinal is not None and 0 < ordinal < _TEN else None


def read_ordinal(tokens: Sequence[Token], start: int, lexicon: Lexicon, adjoining: Callable[[int], bool]) -> tuple[float, int] | None:
    """Return the value of an Arabic ordinal of two words that begins at ``start``, and the place after it: الرابعة عشرة."""
    ordinals = lexicon.values["ordinals"]
    if start + 1 >= len(tokens) or not tokens[start + 1].is_word:
        return None
    word, opening = tokens[start + 1].key, tuple(joiner + lexicon.article for joiner in lexicon.joiners[:1])
    more = _TEN if lexicon.values["numbers"].get(word) == _TEN else ordinals.get(word[1:], 0) if word.startswith(opening) else 0
    if more < _TEN or not adjoining(start + 1):
        return None
    forms = lexicon.variants(tokens[start].key)
    unit = next((ordinals[form] for form in forms if form in ordinals), None)
    scale, after = 1, start + 2
    if unit is None:  # the fifteen, the twenty-five thousand
        numbers, article = lexicon.values["numbers"], lexicon.article
        bare = (form[len(article) :] for form in forms if form.startswith(article))
        unit = next((numbers[form] for form in bare if form in numbers), None)
        if after < len(tokens) and tokens[after].key in lexicon.values["scales"] and adjoining(after):
            scale, after = lexicon.values["scales"][tokens[after].key], after + 1
    return ((unit + more) * scale, after) if unit is not None and 1 <= unit < _TEN else None
