"""The word for what a number counts."""

from __future__ import annotations

import unicodedata

from ..diff.edits import EditSide
from ..language.lexicon import Lexicon
from ..language.predicates import clause_start
from ..language.role_words import load_role_words
from ..language.tokens import NumberForm, Token
from ..model import SHARE_UNITS

_AROUND = 24  # tokens before a number in which the noun stands that it counts
_NOUN_FIRST = ("ar", "fa")  # languages in which an ordinal stands behind its noun
SHARES = dict(zip((NumberForm.PERCENT, NumberForm.POINTS, NumberForm.PER_MILLE), SHARE_UNITS, strict=True))
"""The names of the units of shares."""
_SMALL = ("prepositions", "auxiliaries", "particles", "modality")  # words that nothing counts


def currency_sign_before(side: EditSide, place: int, text: str) -> str:
    """Return the sign of a currency that stands right before the token at a place, "" for none."""
    before = side.tokens[place - 1] if place else None
    shown = text[before.start : before.end] if before and before.end == side.tokens[place].start else ""
    return shown if len(shown) == 1 and unicodedata.category(shown) == "Sc" else ""


def role_at(side: EditSide, place: int, text: str, lexicon: Lexicon) -> str | None:
    """Return the word for what the number at a place counts."""
    number = side.tokens[place].number
    if number is not None and number.form in SHARES:
        shown = text[side.tokens[place].start : side.tokens[place].end].split()
        return shown[-1] if len(shown) > 1 else "%"
    if sign := currency_sign_before(side, place, text):
        return sign
    noun = _noun_behind(side, place, lexicon)
    return text[noun.start : noun.end] if noun else _counted_before(side, place, text, lexicon)


def _noun_behind(side: EditSide, place: int, lexicon: Lexicon) -> Token | None:
    """Return the word behind a number that may be what it counts: not a verb; a noun behind "other" rather than that."""
    found = []
    for token in side.tokens[place + 1 : place + 3]:
        if not token.is_word or token.number is not None or _is_small(token, lexicon):
            break
        found.append(token)
        if not lexicon.has("common", token.key) or lexicon.has("count_nouns", token.key):
            return token
    return found[0] if found else None


def _is_small(token: Token, lexicon: Lexicon) -> bool:
    if lexicon.has("count_nouns", token.key):
        return False
    return any(lexicon.has(name, token.key) for name in _SMALL) or token.key in lexicon.lists["joiners"] or lexicon.is_verb(token.key)


def _counted_before(side: EditSide, place: int, text: str, lexicon: Lexicon) -> str | None:
    """Return the noun before a number in its clause that it counts: the last one after "dozens of" or the like, else the nearest."""
    first = clause_start(side.tokens, place, lexicon, load_role_words(lexicon.language))
    tokens = side.tokens[max(first, place - _AROUND) : place]
    nouns = [at for at, token in enumerate(tokens) if lexicon.has("count_nouns", token.key)]
    announced = [at for at in nouns if at and lexicon.has("vague", tokens[at - 1].key)]
    chosen = (announced or nouns)[-1:]
    return text[tokens[chosen[0]].start : tokens[chosen[0]].end] if chosen else None


def ranked_at(side: EditSide, text: str, lexicon: Lexicon) -> str | None:
    """Return the noun of an ordinal, which a side is: the third victim, الدفعة الثالثة."""
    at = side.start - 1 if lexicon.language in _NOUN_FIRST else side.end
    token = side.tokens[at] if 0 <= at < len(side.tokens) else None
    return text[token.start : token.end] if token and token.is_word and not _is_small(token, lexicon) else None
