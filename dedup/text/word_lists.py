"""Word lists of six languages, made for this project, that tell which words of a headline carry its sense: ``data/LANG.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations
from typing import Any

from .edges import with_edges
from .fold import fold
from .spellings import with_one_spelling

LANGUAGES = ("ar", "en", "fr", "fa", "ur", "tr")
COMMON = "="
"""The first character of the common name of synonyms."""
_ARABIC, _FARSI, _URDU = (LANGUAGES.index(language) for language in ("ar", "fa", "ur"))
_ARTICLE = "ال"
_PERSIAN = frozenset("پچژگ")
_INDIC = frozenset("ٹڈڑںے")
_TURNING = ("negations", "denials", "reversals", "persons_of", "repeated")


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
    locative: frozenset[str]
    """Prepositions of places and times: in."""
    turning: dict[str, str]
    """Words that make another story where they are added, with the name of their list: a negation, a verb such as "denies" or "fails
    to", another person ("the wife of"), a repetition or a half."""
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
    return with_edges(fold(with_one_spelling([phrase])[0]))


def folded_words(phrases: Iterable[str]) -> list[str]:
    """Return the folded words of phrases, in order."""
    return [word for phrase in phrases for word in _folded(phrase).split()]


@cache
def word_lists(language: str) -> WordLists:
    """Return the lists of a language.

    >>> word_lists("en").turning["fails"], word_lists("ar").numbers["اربعه"]
    ('reversals', 4)
    """
    data = _read(language)
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
        frozenset(folded_words([*data["function"], *data["neutral"], *(word for word in data["fillers"] if " " not in word)]))
        | {COMMON + "fill"},
        frozenset(folded_words(data["light"])),
        frozenset(pair for group in data["opposed"] for pair in permutations(folded_words(group), 2)),
        frozenset(folded_words(data["agents"])),
        frozenset(folded_words(data["locative"])),
        {word: name for name in reversed(_TURNING) for word in folded_words(data[name])},
        same,
        phrases,
        frozenset(words[0] for words in phrases),
        frozenset(folded_words(data["persons"])),
        frozenset(folded_words(data["places"])),
        frozenset(folded_words(data["may"])),
        numbers,
        following,
        scales,
        frozenset(folded_words(data["only_joined"])),
        frozenset(folded_words(data["joiners"])),
    )


@cache
def _hints() -> dict[str, tuple[int, ...]]:
    """Return for each frequent word in which languages it is one."""
    frequent: list[frozenset[str]] = []
    for language in LANGUAGES:
        lists, opposites = word_lists(language), raw_list("contrasts", language)["opposites"]
        near = folded_words([*raw_list("near", language), *(words for pair in opposites for words in pair)])
        frequent.append(frozenset((*lists.function, *lists.turning, *lists.numbers, *near)))
    return {word: tuple(int(word in words) for words in frequent) for word in sorted(frozenset().union(*frequent))}


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("dedup.text") / "data" / f"{name}.json").read_text("utf-8"))
    return found


def raw_list(name: str, language: str) -> Any:
    """Return what ``data/NAME.json`` has for a language.

    >>> raw_list("near", "en")[0]
    'kill slay murder slain killing'
    """
    return _read(name)[language]


def language_hints(words: Iterable[str]) -> tuple[int, ...]:
    """Return how many of these folded words are frequent in each of `LANGUAGES`, or have its article or its letters.

    >>> language_hints("the jetty of Marsa".split())[1], language_hints("بصواريخ اس المتطوره".split())
    (2, (1, 0, 0, 0, 1, 0))
    """
    hints = _hints()
    total = [0] * len(LANGUAGES)
    for word in words:
        if word in hints:
            total = [one + other for one, other in zip(total, hints[word], strict=True)]
        elif word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 2:
            total[_ARABIC] += 1
        elif not _PERSIAN.isdisjoint(word):
            total[_FARSI] += 1
            total[_URDU] += 1
        if not _INDIC.isdisjoint(word):
            total[_URDU] += 1
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
