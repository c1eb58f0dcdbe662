"""Word lists of six languages, made for this project, that tell which words of a headline carry its sense.

People edit ``data/LANG.json``. What is read here is made of that: ``data/prepared/words_LANG.json``, see `preparing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from .package_data import package_json

LANGUAGES = ("ar", "en", "fr", "fa", "ur", "tr")
COMMON = "="
"""The first character of the common name of synonyms."""
_ARABIC, _FARSI, _URDU = (LANGUAGES.index(language) for language in ("ar", "fa", "ur"))
_ARTICLE = "ال"
_PERSIAN = frozenset("پچژگ")
_INDIC = frozenset("ٹڈڑںے")


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


@cache
def word_lists(language: str) -> WordLists:
    """Return the lists of a language.

    >>> word_lists("en").turning["fails"], word_lists("ar").numbers["اربعه"]
    ('reversals', 4)
    """
    data = package_json(__spec__, "data", "prepared", f"words_{language}.json")
    phrases = {tuple(phrase.split()): name for name, group in data["phrases"].items() for phrase in group}
    return WordLists(
        language,
        frozenset(data["function"].split()),
        frozenset(data["light"].split()),
        frozenset((one, other) for one, other in data["opposed"]),
        frozenset(data["agents"].split()),
        frozenset(data["locative"].split()),
        by_word(data["turning"]),
        by_word(data["same"]),
        phrases,
        frozenset(words[0] for words in phrases),
        frozenset(data["persons"].split()),
        frozenset(data["places"].split()),
        frozenset(data["may"].split()),
        data["numbers"],
        data["following"],
        data["scales"],
        frozenset(data["only_joined"].split()),
        frozenset(data["joiners"].split()),
    )


def by_word(words: Mapping[str, str]) -> dict[str, str]:
    """Return for each word what it stands under, where words with commas between them stand under each value.

    >>> by_word({"=kill": "kill,slay", "%": "percent"})
    {'kill': '=kill', 'slay': '=kill', 'percent': '%'}
    """
    found: dict[str, str] = {}
    for value, group in words.items():
        found.update(dict.fromkeys(group.split(","), value))
    return found


@cache
def _hints() -> dict[str, tuple[int, ...]]:
    """Return for each frequent word in which languages it is one."""
    found: dict[str, tuple[int, ...]] = {}
    for digits, words in package_json(__spec__, "data", "prepared", "hints.json")["words"].items():
        found.update(dict.fromkeys(words.split(","), tuple(map(int, digits))))
    return found


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
