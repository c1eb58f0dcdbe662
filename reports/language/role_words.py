"""The words for what became of people, and for who they are, by language: ``data/roles.json``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from .lexicon import Lexicon, fold_words
from .tokens import Token

FATES = ("killed", "wounded", "missing", "detained", "displaced", "rescued", "victims", "toll", "infected")
"""What can become of people. A word is in one list."""
INFECTED = "infected"
"""A disease near by: those who are "injured" are ill."""
OTHER_FATE = "other_fates"
"""Words for what else became of people: taken to hospital, unharmed."""
MEMBERS = "members"
"""Words after which a number counts some of those before: 12 killed, among them 5 children."""
FATES_BEFORE = {"wounded_before": "wounded", "missing_before": "missing"}
"""Words that say a fate before a number only: إصابة 30, not 30 إصابة (cases of a disease)."""
PEOPLE = "people"
GROUPS = ("children", "women", "civilians", "soldiers", "police", "fighters")
"""Who is counted, where the text says more than "people"."""
_NOT_PEOPLE = ("locatives", "levels", "not_places", "numbered", "clause_openers", "died_at")  # lists that are asked one by one
_PHRASE = 3  # words of the longest phrase in a list


@dataclass(frozen=True, slots=True, eq=False)
class RoleWords:
    """The words of one language for what became of people: each word, or phrase of up to three words, with its class."""

    classes: dict[str, str]
    first_words: frozenset[str]
    locatives: frozenset[str]
    levels: frozenset[str]  # words for the size of a place: a city, a province
    not_places: frozenset[str]  # words after a preposition that begin no name of a place: in the wake, in exile
    numbered: frozenset[str]  # nouns whose number, behind them, counts nothing: a floor, a street
    clause_openers: frozenset[str]  # words that begin another clause: while
    died_at: frozenset[str]  # words between "died" and an age

    def class_at(self, tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[str, int] | None:
        """Return the class of the word or phrase at a place, and its number of words; None for none."""
        for first in lexicon.variants(tokens[place].key):
            if first not in self.first_words:
                continue
            for length in range(min(_PHRASE, len(tokens) - place), 0, -1):
                phrase = " ".join((first, *(token.key for token in tokens[place + 1 : place + length])))
                if (found := self.classes.get(phrase)) is not None:
                    return found, length
        return None


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads((files("reports.language") / "data" / "roles.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=8)
def load_role_words(language: str) -> RoleWords:
    """Return the words of a language of `LANGUAGES`."""
    data = _data()[language]
    classes = {_key(word): name for name, words in data.items() if name not in _NOT_PEOPLE for word in words}
    return RoleWords(classes, frozenset(word.split()[0] for word in classes), *(frozenset(map(_key, data[name])) for name in _NOT_PEOPLE))


def _key(words: str) -> str:
    """Return a word or phrase as tokens have it: the parts of a compound with a joiner of no width are one word."""
    return " ".join(fold_words(word).replace(" ", "") for word in words.split())
