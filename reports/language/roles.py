"""What became of the people that a number counts: killed, wounded, missing, and who they are. The words are in ``data/roles.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .beside import behind_number
from .lexicon import Lexicon
from .predicates import begins_other_subject, begins_with_joiner, clause_start, opens_clause, shares_number
from .role_words import FATES, FATES_BEFORE, GROUPS, INFECTED, MEMBERS, OTHER_FATE, PEOPLE, RoleWords, load_role_words
from .tokens import STOPS, NumberForm, Token
from .uncounted import is_numbered, tells_age

_REACH = 9  # words between a number and the word that says what became of them
_AFTER = 2  # words after a number that may be its noun: 12 young men
_COMMA, _JOINED = 3, 1  # what a comma or an "and" between them counts, in words
_PARTING = (",", ":", "-")  # marks between a number and a word: killed: 12 - wounded: 40
_FIRST_YEAR, _LAST_YEAR = 1500, 2100
_SHORT = 3  # letters of a word that may begin with the letter of an "and"
_LISTED = 16  # numbers of a list that are looked at
_LIST_REACH = 7  # tokens between two numbers of a list
_QUOTES = ('"', "'", "(", ")", "[", "]")


@dataclass(frozen=True, slots=True)
class CountRole:
    """What a number counts: what became of the people (one of `FATES`, or "people"), and who they are (one of `GROUPS`).

    Both are None where the words say neither.
    """

    fate: str | None
    group: str | None = None
    counts_nobody: bool = False
    """An age, an ordinal, the number of a floor or street."""

    @property
    def known(self) -> bool:
        """True where the number counts people."""
        return self.fate is not None or self.group is not None

    @property
    def is_harm(self) -> bool:
        """True for people who were harmed."""
        return self.fate in ("killed", "wounded", "missing", "victims", "toll")


def read_role(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> CountRole:
    """Return what the number at a place counts.

    The nearest word in its sentence decides, with no other number between; a noun right after the number comes first. Of equal words that
    after the number decides, in Arabic that before it.

    >>> from .lexicon import load_lexicon
    >>> from .numbers import read_numbers
    >>> from .tokens import tokenize
    >>> words, text = load_lexicon("en"), "Floods killed 12 people and 30 were wounded."
    >>> tokens = read_numbers(text, tokenize(text), words)
    >>> [read_role(tokens, place, words).fate for place, token in enumerate(tokens) if token.number]
    ['killed', 'wounded']
    """
    number = tokens[place].number
    if number is not None and number.form not in (NumberForm.COUNT, NumberForm.RANGE):
        return CountRole(None)
    if number is not None and tells_age(tokens, place, lexicon):
        return CountRole(None, counts_nobody=True)
    words = load_role_words(lexicon.language)
    group, noun = _noun_after(tokens, place, lexicon, words) if number is not None else _own_noun(tokens, place, lexicon, words)
    value = number.value if number is not None else None
    if value is not None and (value != int(value) or (looks_like_year(value) and noun is None and group is None)):
        return CountRole(None)  # a rate, a year
    if noun in FATES:
        names = is_numbered(tokens, place, lexicon) and any(token.number for token in tokens[place + 2 : place + 4])
        return CountRole(None, counts_nobody=True) if names else CountRole(noun, group)  # a fire on floor 12 killed 3
    unnamed = number is not None and noun is None and group is None
    if unnamed and is_numbered(tokens, place, lexicon):
        return CountRole(None, counts_nobody=True)
    if unnamed and _has_other_noun(tokens, place, lexicon):
        return CountRole(None)
    at: int | None = place
    for _ in range(_LISTED):
        if at is None:
            break
        if (whole := _members_of(tokens, at, lexicon, words)) is not None:
            mixed = _number_before_in_series(tokens, whole, lexicon, words) is not None
            return CountRole(None if mixed else _fate_of(tokens, whole, lexicon, words) or noun, group)
        if (fate := _fate_beside(tokens, at, lexicon, words)) is not None:
            return CountRole(fate, group)
        at = _number_before_in_list(tokens, at, lexicon, words)
    return CountRole(noun, group)


def looks_like_year(value: float | None) -> bool:
    """Tell whether a bare number may be a year: it is whole, and from 1500 to 2100."""
    return value is not None and value == int(value) and _FIRST_YEAR <= value <= _LAST_YEAR


def _number_before_in_series(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> int | None:
    """Return the place of a number right before another that counts people of another fate: 15 killed and 34 wounded; None for none."""
    for at in range(place - 1, max(-1, place - 1 - _LIST_REACH), -1):
        if tokens[at].key in STOPS:
            return None
        if tokens[at].number is not None:
            fates = {_fate_of(tokens, each, lexicon, words) for each in (at, place)}
            return at if len(fates - {None, PEOPLE}) > 1 else None
    return None


def _number_before_in_list(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> int | None:
    """Return the place of the number before one that has no noun: they count the same, as in "Andan 8, Haritan 15"; None for none."""
    following = next((token for token in tokens[place + 1 : place + 3] if token.key not in _QUOTES), None)
    small = following is not None and lexicon.has("prepositions", following.key)
    if following is not None and following.is_word and not small and not begins_with_joiner(following, lexicon):
        return None
    first = clause_start(tokens, place, lexicon, words)
    return next((at for at in range(place - 1, max(first, place - _LIST_REACH) - 1, -1) if tokens[at].number is not None), None)


def _fate_of(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> str | None:
    """Return what the noun right after a number, or else the words around it, say became of the people."""
    noun = _noun_after(tokens, place, lexicon, words)[1]
    return noun if noun in FATES else _fate_beside(tokens, place, lexicon, words)


def _fate_beside(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> str | None:
    """Return what the words before and after a number say became of the people."""
    before = _nearest(tokens, place, -1, lexicon, words)
    after = _nearest(tokens, place, 1, lexicon, words)
    found = [each for each in ((before, after) if lexicon.article else (after, before)) if each]
    fate = min(found, key=lambda each: each[1])[0] if found else None
    near = range(place, min(len(tokens), place + _REACH))
    ill = fate in ("wounded", "killed") and any((words.class_at(tokens, at, lexicon) or ("", 0))[0] == INFECTED for at in near)
    return INFECTED if ill and fate == "wounded" else fate


def _members_of(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> int | None:
    """Return the place of the number of all, where the number at a place counts some of them; None where it does not."""
    among = False
    for at in range(place - 1, max(-1, place - 1 - _REACH), -1):
        if tokens[at].key in STOPS:
            return None
        if tokens[at].number is not None:
            return at if among else None
        among = among or (words.class_at(tokens, at, lexicon) or ("", 0))[0] == MEMBERS
    return None


def _own_noun(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> tuple[str | None, str | None]:
    """Return the group and the class of a word that counts by itself, as a dual; both None for another word."""
    own = (words.class_at(tokens, place, lexicon) or (None, 0))[0]
    return (own, None) if own in GROUPS else (None, own if own in FATES else None)


def _noun_after(tokens: Sequence[Token], place: int, lexicon: Lexicon, words: RoleWords) -> tuple[str | None, str | None]:
    """Return the group and the class of the noun right after a number; both None for another noun."""
    group = noun = None
    at, seen = behind_number(tokens, place), 0
    while at < len(tokens) and seen < _AFTER and noun not in FATES:
        if not tokens[at].is_word or tokens[at].number is not None:
            break
        found = words.class_at(tokens, at, lexicon)
        name, length = found or (None, 1)
        if seen and begins_with_joiner(tokens[at], lexicon):
            break
        if name in GROUPS:
            group = group or name
        elif name in FATES or (name == PEOPLE and noun is None):
            noun = _joined_with(tokens, at, length, name, lexicon, words)
        elif name is None and (seen or _ends_noun(tokens[at], lexicon)):
            break
        at, seen = at + length, seen + 1
    return group, noun


def _ends_noun(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether no noun can follow a word after a number: in Arabic the noun comes first, elsewhere an adjective may."""
    return (
        bool(lexicon.article)
        or token.key in lexicon.lists["joiners"]
        or lexicon.has("prepositions", token.key)
        or lexicon.is_verb(token.key)
    )


def _joined_with(tokens: Sequence[Token], at: int, length: int, name: str, lexicon: Lexicon, words: RoleWords) -> str:
    """Return "victims" for "killed and wounded" after one number, else the class itself.

    In Arabic the second noun must have the same ending: 12 قتيلا وجريحا; 7 شهداء وجرحى counts the dead alone.
    """
    following = at + length
    joined = False
    while following < len(tokens) and tokens[following].key in lexicon.lists["joiners"]:
        following, joined = following + 1, True
    if following >= len(tokens) or tokens[following].number is not None or not tokens[following].is_word:
        return name
    other = words.class_at(tokens, following, lexicon)
    if lexicon.article:
        between = at >= 1 and tokens[at - 1].key in ("بين",)
        same = tokens[following].key[-1:] == "ا" == tokens[at].key[-1:]
        joined = tokens[following].key.startswith(lexicon.joiners) and (between or same)
    return "victims" if joined and other and {name, other[0]} == {"killed", "wounded"} else name


def _nearest(tokens: Sequence[Token], place: int, step: int, lexicon: Lexicon, words: RoleWords) -> tuple[str, int] | None:
    """Return the class of the nearest word on one side of a number and its distance; "victims" for "killed and wounded"."""
    cost = seen = 0
    at = place + step
    found: tuple[str, int] | None = None
    first = clause_start(tokens, place, lexicon, words) if step < 0 else 0
    while first <= at < len(tokens) and seen < _REACH:
        token = tokens[at]
        if token.key in STOPS or token.number is not None or lexicon.has("vague", token.key):
            break
        if token.key in _PARTING:
            if found or step > 0:
                break
            cost += _COMMA
        elif token.is_word:
            seen += 1
            cost += 1 + (_JOINED if token.key in lexicon.lists["joiners"] else 0)
            if step > 0 and _is_of_others(tokens, at, lexicon, words, found=found is not None):
                break
            name = _fate_at(tokens, at, step, lexicon, words)
            if found:
                both = name is not None and {name, found[0]} == {"killed", "wounded"}
                both = both and (step > 0 or not lexicon.article or shares_number(tokens, at + 1, lexicon, words))
                if both or token.key not in lexicon.lists["joiners"]:
                    return ("victims", found[1]) if both else found
            elif name == OTHER_FATE:
                break
            elif name is not None:
                found = name, cost
        at += step
    return found


def _is_of_others(tokens: Sequence[Token], at: int, lexicon: Lexicon, words: RoleWords, *, found: bool) -> bool:
    """Tell whether a word behind a number begins a clause about others: وقتل رجل, and a child died."""
    if opens_clause(tokens, at, lexicon, words):
        return True
    if found:
        return False
    joined = bool(lexicon.article) and begins_with_joiner(tokens[at], lexicon) and not tokens[at].key.endswith("وا")
    fate = joined and (words.class_at(tokens, at, lexicon) or ("", 0))[0] in FATES
    return fate or begins_other_subject(tokens, at, lexicon, words)


def _fate_at(tokens: Sequence[Token], at: int, step: int, lexicon: Lexicon, words: RoleWords) -> str | None:
    starts = (at, at - 1) if step < 0 and at else (at,)  # going back, the last word of a phrase is met first: death toll
    named = [found for start in starts[::-1] if (found := words.class_at(tokens, start, lexicon)) and found[1] > at - start]
    name = named[0][0] if named else None
    if name == "missing_before" and not _counts_lost_people(tokens, at + 1, lexicon, words):
        return None
    if name in FATES_BEFORE:
        return FATES_BEFORE[name] if step < 0 else None
    return name if name in (*FATES, OTHER_FATE) else None


def _counts_lost_people(tokens: Sequence[Token], at: int, lexicon: Lexicon, words: RoleWords) -> bool:
    """Tell whether a number of people, who lost nothing themselves, follows a word for "lost": فقد 5 آخرون, not فقد 5 أشخاص منازلهم."""
    if at + 1 >= len(tokens) or tokens[at].number is None:
        return False
    people = words.class_at(tokens, at + 1, lexicon) is not None
    return people and not any(token.key.endswith("هم") for token in tokens[at + 2 : at + 3])


def _has_other_noun(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Tell whether a noun that counts no people follows a number: 12 homes, 40 million dollars."""
    at = behind_number(tokens, place)
    following = next((token for token in tokens[at : at + 1] if token.is_word), None)
    if following is None or lexicon.has("prepositions", following.key) or lexicon.is_verb(following.key):
        return False
    joined = following.key[:1] in lexicon.joined_prepositions and len(following.key) > _SHORT
    if joined and lexicon.is_common(following.key[1:]):  # a preposition is written on to it: 97 with wounds
        return False
    return not load_role_words(lexicon.language).class_at(tokens, at, lexicon) and not begins_with_joiner(following, lexicon)
