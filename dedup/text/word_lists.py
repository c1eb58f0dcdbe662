"""Word lists of six languages, made for this project, that tell which words of a headline carry its sense: ``data/LANG.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations
from typing import Any

from .fold import fold
from .spellings import with_one_spelling

LANGUAGES = ("ar", "en", "fr", "fa", "ur", "tr")
COMMON = "="
"""The first character of the common name of synonyms."""
_TURNING = ("negations", "reversals", "persons_of", "repeated")


@dataclass(frozen=True, slots=True, eq=False)
class WordLists:
    """The lists of one language, folded."""

    language: str
    function: frozenset[str]
    """Words that come and go without another sense."""
    light: frozenset[str]
    """Nouns that come and go before a name: the city of."""
    opposed: frozenset[tuple[str, str]]
    """Pairs of prepositions of which one makes another sense than the other, in both orders."""
    agents: frozenset[str]
    """Words that stand before the one who did it: by."""
    turning: dict[str, str]
    """Words that make another story where they are added, with the name of their list: a negation, a verb such as "fails to", another
    person ("the wife of"), a repetition or a half."""
    same: dict[str, str]
    """Spellings and synonyms, with the common name of their group."""
    phrases: dict[tuple[str, ...], str]
    """The same for several words, and for names that hold another name (South Sudan)."""
    first_words: frozenset[str]
    """The first words of phrases."""
    persons: frozenset[str]
    """Nouns of persons: their plural is another fact."""
    places: frozenset[str]
    """Names that make adjectives."""
    may: frozenset[str]
    """Words that make a verb of the present uncertain."""
    numbers: dict[str, int]
    following: dict[str, int]
    """Words that are numbers behind another number alone: vingt et un."""
    scales: dict[str, int]
    """Numbers such as million."""
    only_joined: frozenset[str]
    """Words that are numbers before ten alone."""
    joiners: frozenset[str]
    """Words for "and" between numbers."""


def _folded(phrase: str) -> str:
    return fold(with_one_spelling([phrase])[0])


def _words(phrases: Iterable[str]) -> list[str]:
    """Return the folded words of phrases, in order."""
    return [word for phrase in phrases for word in _folded(phrase).split()]


@cache
def word_lists(language: str) -> WordLists:
    """Return the lists of a language.

    >>> word_lists("en").turning["fails"], word_lists("ar").numbers["اربعه"]
    ('reversals', 4)
    """
    data: dict[str, Any] = json.loads((files("dedup.text") / "data" / f"{language}.json").read_text("utf-8"))
    same, phrases = dict[str, str](), dict[tuple[str, ...], str]()
    for group in [
        *data["synonyms"],
        ["%", *data["percent"]],
        ["fill", *(phrase for phrase in data["fillers"] if " " in phrase)],
        *([name] for name in data["names"]),
    ]:
        folded = [tuple(_folded(phrase).split()) for phrase in group]
        name = " ".join(folded[0]) if folded[0] == ("%",) else COMMON + " ".join(folded[0])
        same.update((words[0], name) for words in folded if len(words) == 1)
        phrases.update((words, name) for words in folded if len(words) > 1)
    numbers, following, scales = (
        {_folded(word).strip(): value for word, value in data[name].items()} for name in ("numbers", "following", "scales")
    )
    return WordLists(
        language,
        frozenset(_words([*data["function"], *data["neutral"], *(word for word in data["fillers"] if " " not in word)]))
        | {COMMON + "fill"},
        frozenset(_words(data["light"])),
        frozenset(pair for group in data["opposed"] for pair in permutations(_words(group), 2)),
        frozenset(_words(data["agents"])),
        {word: name for name in reversed(_TURNING) for word in _words(data[name])},
        same,
        phrases,
        frozenset(words[0] for words in phrases),
        frozenset(_words(data["persons"])),
        frozenset(_words(data["places"])),
        frozenset(_words(data["may"])),
        numbers,
        following,
        scales,
        frozenset(_words(data["only_joined"])),
        frozenset(_words(data["joiners"])),
    )


@cache
def _hints() -> dict[str, tuple[int, ...]]:
    """Return for each frequent word in which languages it is one."""
    lists = [word_lists(language) for language in LANGUAGES]
    every = {word for each in lists for word in (*each.function, *each.turning, *each.numbers)}
    return {word: tuple(int(word in each.function or word in each.turning or word in each.numbers) for each in lists) for word in every}


def language_hints(words: Iterable[str]) -> tuple[int, ...]:
    """Return how many of these folded words are frequent in each of `LANGUAGES`.

    >>> language_hints("the bridge of Marsa".split())[1]
    2
    """
    hints = _hints()
    total = [0] * len(LANGUAGES)
    for word in words:
        if word in hints:
            total = [one + other for one, other in zip(total, hints[word], strict=True)]
    return tuple(total)


def most_hinted(hints: Iterable[int], words: Iterable[str]) -> str:
    """Return the language with the most hints; of equal ones Arabic or English, by the script of the first word in letters.

    >>> most_hinted(language_hints(["marsa"]), ["marsa"]), most_hinted(language_hints(["قتيل"]), ["قتيل"])
    ('en', 'ar')
    """
    letters = next((word for word in words if word[0].isalpha()), "a")
    arabic = "\N{ARABIC LETTER HAMZA}" <= letters[0] <= "\N{ARABIC LETTER YEH BARREE WITH HAMZA ABOVE}"
    allowed = {"ar", "fa", "ur"} if arabic else {"en", "fr", "tr"}
    first, counts = ("ar" if arabic else "en"), [*hints]
    return max(
        (language for language in LANGUAGES if language in allowed),
        key=lambda language: (counts[LANGUAGES.index(language)], language == first),
    )
