"""Where the clause of a number begins and ends: another verb, joined by an "and", tells of other people."""

from __future__ import annotations

from collections.abc import Sequence

from .beside import behind_number
from .lexicon import Lexicon
from .role_words import FATES, FATES_BEFORE, GROUPS, MEMBERS, OTHER_FATE, PEOPLE, RoleWords
from .tokens import STOPS, Token

_REACH = 9  # words before and after a number that are read
_SHORT = 3  # letters of a word that may begin with the letter of an "and"
_VERB_LAST = ("fa", "tr", "ur")
_COPULA, _VERB = 1, 2  # how sure a predicate is: "were" alone, or another verb
_NEAR = 3  # words between a number and its fate
_DATES = ("months", "month_numbers", "time", "time_units", "weekdays")
_THEY = "وا"  # the ending of a verb whose subject was named before


def begins_with_joiner(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether a word is an "and", or one is written on to it: وحريتان."""
    written_on = bool(lexicon.joiners) and token.is_word and token.key.startswith(lexicon.joiners[:1]) and len(token.key) > _SHORT
    return token.key in lexicon.lists["joiners"] or written_on


def clause_start(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> int:
    """Return the place of the first token of the clause of a number: what stands before it tells of others.

    >>> from .lexicon import load_lexicon
    >>> from .numbers import read_numbers
    >>> from .role_words import load_role_words
    >>> from .tokens import tokenize
    >>> lexicon, text = load_lexicon("en"), "Three people were killed and 12 were taken to hospital."
    >>> clause_start(read_numbers(text, tokenize(text), lexicon), 5, lexicon, load_role_words("en"))
    4
    """
    predicate = _predicate_behind(tokens, place, lexicon, words)
    for at in range(place - 1, max(-1, place - 1 - 2 * _REACH), -1):
        token = tokens[at]
        if token.key in STOPS:
            return at + 1
        opens = opens_clause(tokens, at, lexicon, words) and not shares_number(tokens, at, lexicon, words)
        if opens or (lexicon.article and token.key in words.clause_openers):
            return at
        joins = _is_and(token, lexicon) or token.key in words.clause_openers
        joins = joins or (token.key == "," and not lexicon.article and predicate == _VERB)
        if predicate and joins and _ends_predicate(tokens, at, lexicon, words):
            return at
    return 0


def opens_clause(tokens: Sequence[Token], at: int, lexicon: Lexicon, words: RoleWords) -> bool:
    """Tell whether a word is a verb with an "and" written on to it, whose subject follows: ونقل."""
    key = tokens[at].key
    if not lexicon.joiners or not tokens[at].is_word or not key.startswith(lexicon.joiners[:1]) or len(key) < _SHORT:
        return False
    rest = key[1:]
    if key in lexicon.common or rest.endswith(_THEY):
        return False
    if words.classes.get(rest) == OTHER_FATE:
        return True
    sure = rest not in lexicon.common or rest in lexicon.unambiguous_verbs or rest in lexicon.lists["stopwords"]  # of which "was" is one
    return sure and lexicon.is_verb(rest)


def begins_other_subject(tokens: Sequence[Token], at: int, lexicon: Lexicon, words: RoleWords) -> bool:
    """Tell whether an "and" behind a verb begins a clause about others: were evacuated and a child died."""
    if lexicon.article or not _is_and(tokens[at], lexicon) or at + 1 >= len(tokens):
        return False
    following = tokens[at + 1]
    if not following.is_word or words.class_at(tokens, at + 1, lexicon) or lexicon.is_verb(following.key):
        return False
    small = any(following.key in lexicon.lists[name] for name in ("prepositions", "auxiliaries", "passive", "connectives"))
    return not small and _ends_predicate(tokens, at, lexicon, words)


def _is_and(token: Token, lexicon: Lexicon) -> bool:
    return token.key in lexicon.lists["joiners"] or token.key in lexicon.joiners[:1]


def _ends_predicate(tokens: Sequence[Token], at: int, lexicon: Lexicon, words: RoleWords) -> bool:
    """Tell whether the words before a place hold a verb or a fate, so that they are a clause, and no part of a list of nouns."""
    for back in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if tokens[back].key in STOPS or tokens[back].key == ",":
            return False
        near = at - back <= 1 and (words.class_at(tokens, back, lexicon) or ("",))[0] in FATES
        if tokens[back].is_word and (near or lexicon.is_verb(tokens[back].key)):
            return True
    return False


def shares_number(tokens: Sequence[Token], at: int, lexicon: Lexicon, words: RoleWords) -> bool:
    """Tell whether a verb and the fate right before it have the number behind them in common: قتل وأصيب 12; not 9 مصرعهم وأصيب 50."""
    names = [(words.class_at(tokens, near, lexicon) or ("", 0))[0] for near in (at - 1, at) if near >= 0]
    fates = {FATES_BEFORE.get(name, name) for name in names}
    if fates != {"killed", "wounded"}:
        return False
    numbers = (near for near in range(max(0, at - 1 - _NEAR), at - 1) if tokens[near].number is not None)
    return all(any(lexicon.has(name, tokens[near + 1].key) for name in _DATES) for near in numbers)


def _predicate_behind(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> int:
    """Return how sure it is that a number is the subject of a verb behind it that says no fate: 12 were taken; not "12 were children"."""
    verb_last, copula = lexicon.language in _VERB_LAST, 0
    for at in range(behind_number(tokens, place), min(len(tokens), place + 1 + _REACH)):
        token = tokens[at]
        name = (words.class_at(tokens, at, lexicon) or ("", 0))[0]
        if not token.is_word or token.number is not None:
            return copula
        if name == MEMBERS or name in FATES or (copula and name in (*GROUPS, PEOPLE)):
            return 0
        if name == OTHER_FATE:
            return _VERB
        small = token.key in lexicon.lists["prepositions"] or token.key in lexicon.lists["connectives"]
        if _is_and(token, lexicon) or token.key in words.clause_openers or (small and not verb_last):
            return copula
        if token.key in lexicon.lists["passive"]:
            copula = _COPULA
        elif lexicon.is_verb(token.key):
            return _VERB
    return copula
