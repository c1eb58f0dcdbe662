"""Makes the files of ``data/prepared`` from the word lists that people edit: folded, respelled and with their stems.

``python bench/prepared_lists.py`` writes what is made here. A run reads it, in place of folding thousands of phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import Any

from .edges import with_edges
from .fold import FOLD_VERSION, fold
from .package_data import package_json
from .spellings import with_one_spelling
from .word_forms import list_forms
from .word_lists import COMMON, LANGUAGES, word_lists

_TURNING = ("negations", "denials", "reversals", "persons_of", "repeated")
_SHORT = 3  # letters of an English word that is too short to be a form of another: vow, vows
_PLACES = "places"
_PLURALS = "en", "fr"  # languages whose plurals of persons are no forms of the singular
_ADJECTIVES = "ي", "يه"  # endings of Arabic adjectives of places


def _folded(phrase: str) -> str:
    return with_edges(fold(with_one_spelling([phrase])[0]))


def _folded_words(phrases: Iterable[str]) -> list[str]:
    return [word for phrase in phrases for word in _folded(phrase).split()]


def _sorted(words: Iterable[str]) -> str:
    return " ".join(sorted({*words}))


def _by_value(values: Mapping[str, str]) -> dict[str, str]:
    """Return the words of each value, sorted, with commas between them: few long strings are read sooner than many short ones. A name that
    stands for a stem may have spaces."""
    found: dict[str, list[str]] = {}
    for word, value in values.items():
        found.setdefault(value, []).append(word)
    return {value: ",".join(sorted(words)) for value, words in sorted(found.items())}


def made_words(language: str) -> dict[str, Any]:
    """Return what `word_lists` reads for a language."""
    data = package_json(__spec__, "data", f"{language}.json")
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
    fillers = [word for word in data["fillers"] if " " not in word]
    opposed = {pair for group in data["opposed"] for pair in permutations(_folded_words(group), 2)}
    lists = {name: _sorted(_folded_words(data[name])) for name in ("light", "agents", "locative", "persons", "places", "may")}
    joining = {name: _sorted(_folded_words(data[name])) for name in ("only_joined", "joiners")}
    numbers = {
        name: dict(sorted((_folded(word).strip(), value) for word, value in data[name].items()))
        for name in ("numbers", "following", "scales")
    }
    return {
        "function": _sorted([COMMON + "fill", *_folded_words([*data["function"], *data["neutral"], *fillers])]),
        **lists,
        "opposed": sorted([one, other] for one, other in opposed),
        "turning": _by_value({word: name for name in reversed(_TURNING) for word in _folded_words(data[name])}),
        "same": _by_value(same),
        "phrases": _phrases_by_name(phrases),
        **numbers,
        **joining,
    }


def _phrases_by_name(names: Mapping[tuple[str, ...], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for words, name in sorted(names.items()):
        found.setdefault(name, []).append(" ".join(words))
    return dict(sorted(found.items()))


def made_near(language: str) -> dict[str, str]:
    """Return the stems of near words of a language, by the names of the groups that they are in."""
    found: dict[str, list[str]] = {}
    for number, group in enumerate(package_json(__spec__, "data", "near.json")[language]):
        words = _folded_words(group.split())
        if language == "en":
            words += [word + "s" for word in words if len(word) == _SHORT]
        for stem in {stem for word in words for stem in list_forms(word, language)}:
            found.setdefault(stem, []).append(f"~{number}")
    return _by_value({stem: " ".join(names) for stem, names in found.items()})


def made_contrasts(language: str) -> dict[str, dict[str, str]]:
    """Return the stems of a language by their kinds, and by the sides of opposites that they are on."""
    data = package_json(__spec__, "data", "contrasts.json")[language]
    kinds: dict[str, set[str]] = {}
    for kind, words in data["kinds"].items():
        for word in _folded_words(words.split()):
            stems = list_forms(word, language) | (list_forms(word + "s", language) if language in _PLURALS else frozenset())
            if kind == _PLACES and language == "ar":
                stems |= {word.rstrip("اه") + ending for ending in _ADJECTIVES}
            for stem in stems:
                kinds.setdefault(stem, set()).add(kind)
    sides: dict[str, set[str]] = {}
    for number, pair in enumerate(data["opposites"]):
        for side, words in zip("+-", pair, strict=True):
            for stem in {stem for word in _folded_words(words.split()) for stem in list_forms(word, language)}:
                sides.setdefault(stem, set()).add(f"{side}{number}")
    return {
        name: _by_value({stem: _sorted(values) for stem, values in found.items()}) for name, found in (("kinds", kinds), ("sides", sides))
    }


def made_hints() -> dict[str, Any]:
    """Return the frequent words of all languages, by the languages in which they are frequent: a digit for each."""
    frequent: list[frozenset[str]] = []
    for language in LANGUAGES:
        lists, opposites = word_lists(language), package_json(__spec__, "data", "contrasts.json")[language]["opposites"]
        near = _folded_words([*package_json(__spec__, "data", "near.json")[language], *(words for pair in opposites for words in pair)])
        frequent.append(frozenset((*lists.function, *lists.turning, *lists.numbers, *near)))
    digits = {word: "".join(str(int(word in words)) for words in frequent) for word in frozenset().union(*frequent)}
    return {"fold_version": FOLD_VERSION, "languages": [*LANGUAGES], "words": _by_value(digits)}


def made_files() -> Iterator[tuple[str, Any]]:
    """Yield the name of each file of ``data/prepared``, and what it has. Each is to be written before the next one is made: stems and hints
    are made with the lists of words."""
    for language in LANGUAGES:
        yield f"words_{language}.json", made_words(language)
    word_lists.cache_clear()
    for language in LANGUAGES:
        yield f"near_{language}.json", made_near(language)
        yield f"contrasts_{language}.json", made_contrasts(language)
    yield "hints.json", made_hints()
