"""Tell numbers that count nobody: ages, ordinals, and the numbers of floors, streets and the like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .beside import behind_number
from .lexicon import Lexicon
from .role_words import GROUPS, PEOPLE, load_role_words
from .tokens import STOPS, NumberForm, Token

_OLDEST, _HOURS = 130, 24
_REACH = 6  # words between "died" and an age
_PHRASE = 4  # words of a phrase for an age
_JOINED = 16  # numbers that are joined, at most
_BETWEEN = 2  # words between two ages: 6 and 8
_AGE_BEHIND = ("fa", "tr", "ur")  # languages in which the word for an age stands behind its number


def tells_age(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Tell whether the number at a place is an age: by a word for it beside the number, or beside an age that it is joined with.

    >>> from .lexicon import load_lexicon
    >>> from .numbers import read_numbers
    >>> from .tokens import tokenize
    >>> words, text = load_lexicon("en"), "Two boys aged 6 and 8 were killed."
    >>> tokens = read_numbers(text, tokenize(text), words)
    >>> [tells_age(tokens, place, words) for place, token in enumerate(tokens) if token.number]
    [False, True, True]
    """
    return any(_is_age(tokens, at, lexicon) for at in _joined_numbers(tokens, place, lexicon))


def is_numbered(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Tell whether a number stands behind a noun that it only names: floor 12, flight 30."""
    if not place or not tokens[place - 1].is_word:
        return False
    key = tokens[place - 1].key
    numbered = load_role_words(lexicon.language).numbered
    return lexicon.has("numbered", key) or any(form in numbered for form in lexicon.variants(key))


def is_ordinal(token: Token, shown: str, lexicon: Lexicon) -> bool:
    """Tell whether a token, as shown, is an ordinal: third, 12th."""
    if token.number is None:
        return lexicon.has("ordinals", token.key)
    digits = len(shown) - len(shown.lstrip("0123456789"))
    ending = shown[digits:].casefold()
    return bool(digits) and bool(ending) and ending in lexicon.lists["ordinal_suffixes"]


def _joined_numbers(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Iterator[int]:
    """Yield the place of a number and of those joined with it by an "and", a comma or "to", that have no noun between."""
    yield place
    links = {*lexicon.lists["joiners"], *lexicon.lists["range_joiners"], *lexicon.joiners[:1], ",", "-"}
    for step in (-1, 1):
        at = place
        if step < 0 and not _is_bare(tokens, place, lexicon):
            continue
        for _ in range(_JOINED):
            if not 0 <= at + 2 * step < len(tokens) or tokens[at + step].key not in links or tokens[at + 2 * step].number is None:
                break
            at += 2 * step
            yield at


def _is_bare(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Tell whether no noun that is counted follows a number."""
    at = behind_number(tokens, place)
    if at >= len(tokens) or not tokens[at].is_word or tokens[at].number is not None:
        return True
    key = tokens[at].key
    lists = ("joiners", "prepositions", "connectives", "age_units", "time_units", "range_joiners")
    return lexicon.is_verb(key) or any(lexicon.has(name, key) for name in lists)


def _is_age(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    number = tokens[place].number
    if number is None or number.form not in (NumberForm.COUNT, NumberForm.RANGE):
        return False
    if number.value is not None and not 0 < number.value <= _OLDEST:
        return False
    behind = [token.key for token in tokens[place + 1 : place + 2 + _PHRASE] if token.key != "-"]
    years = bool(behind) and behind[0] in lexicon.lists["age_units"]
    named_behind = lexicon.language in _AGE_BEHIND or (years and not lexicon.article)
    if named_behind and lexicon.phrase_length("age", behind, 0):
        return True
    return _named_before(tokens, place, lexicon, years=years) or _died_at(tokens, place, lexicon, years=years)


def _named_before(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, years: bool) -> bool:
    """Tell whether a word for an age stands before a number, with a small word between or not: aged between 4 and 9."""
    for end in range(place, max(0, place - _BETWEEN), -1):
        keys = [token.key for token in tokens[max(0, end - _PHRASE) : end]]
        found = lexicon.phrase_before("age", keys, len(keys))
        if found:
            return years or found not in lexicon.lists["age_verbs"]
        between = tokens[end - 1].key
        if not lexicon.has("prepositions", between) and not lexicon.has("before", between):
            return False
    return False


def _died_at(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, years: bool) -> bool:
    """Tell whether a number says at what age somebody died, or who is so old: died at 78, مات عن 78 عاما, un enfant de 6 ans."""
    if years and place > 1 and tokens[place - 1].key in lexicon.lists["genitives"] and not lexicon.article:
        person = load_role_words(lexicon.language).class_at(tokens, place - 2, lexicon)
        return person is not None and person[0] in (*GROUPS, PEOPLE)
    if not place or tokens[place - 1].key not in load_role_words(lexicon.language).died_at:
        return False
    number = tokens[place].number
    value = number.value if number is not None else None
    if not years and (value is None or value <= _HOURS or not _is_bare(tokens, place, lexicon)):
        return False
    for back in range(place - 2, max(-1, place - 2 - (_REACH if years else 1)), -1):
        if tokens[back].key in STOPS or tokens[back].number is not None:
            return False
        if any(lexicon.values["harm"].get(form) == "dead" for form in lexicon.variants(tokens[back].key)):
            return True
    return False
