"""The lexicon of a language: word lists from ``data/LANG.json``, and names of countries, months and weekdays from CLDR."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dedup.text.fold import fold

from .inflection import inflected_forms, looks_like_noun, looks_like_verb
from .turkish import past_forms

LANGUAGES = ("ar", "en", "fr", "fa", "ur", "tr")
# CLDR has the month names of several Arab countries; each locale here adds its own.
_LOCALES = {"ar": ("ar", "ar_SY", "ar_DZ", "ar_IQ"), "fa": ("fa", "fa_AF")}
# Entries that are pairs or parts of words, not words.
_PAIRS = ("opposites", "outcomes", "minimal_pairs", "variant_spellings")
_NO_WORDS = (*_PAIRS, "negative_prefixes", "suffixes", "verb_prefixes")
_VERBS = ("say", "announce", "verbs")  # lists of verbs, whose regular forms are made
_NAMES = ("names", "countries")  # lists of names: their words are not common words
_SENSES = ("harm", "claims", "denials", "ordinal_suffixes", "goals", "score_nil", "score_same", "score_links")  # no words of their own
_LONGEST_PREFIX = 4  # letters, at most, of the particles before a word: وبال
_LONGEST_KEPT = 60  # letters of a word that is cached
_STEM = 3  # letters, at least, of a word without its endings
_PHRASE = 5  # words of the longest phrase in a list


def fold_words(text: str) -> str:
    """Return the folded words of a text with one space between them."""
    return " ".join(fold(text).split())


@lru_cache(maxsize=20_000)
def _variants(prefixes: frozenset[str], word: str) -> tuple[str, ...]:
    lengths = range(min(_LONGEST_PREFIX, len(word) - 2), 0, -1)
    cut = [word[length:] for length in lengths if word[:length] in prefixes]
    place = word.find("لل", 0, 3)  # li- and the article written as one: وللجيش is الجيش as well
    whole = ["ال" + word[place + 2 :]] if "لل" in prefixes and place in (0, 1) and len(word) > place + 4 else []
    return (word, *whole, *cut)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The word lists of one language, folded. A list holds words, and phrases of up to five words.

    Particles are short words that are written on to the next word, as in Arabic. A joiner is such an "and".
    """

    language: str
    lists: dict[str, frozenset[str]]
    first_words: dict[str, dict[str, int]]
    values: dict[str, dict[str, Any]]
    opposites: dict[str, frozenset[int]]  # by word, the numbers of its pairs of opposites, negative on one side
    outcomes: dict[str, frozenset[int]]  # the same for what can come of a matter: awarded, taken away
    minimal_pairs: tuple[tuple[str, str], ...]
    variant_spellings: frozenset[frozenset[str]]
    negative_prefixes: tuple[str, ...]
    joiners: tuple[str, ...]
    article: str
    has_capitals: bool
    unit_after_joiner: bool  # vingt et un, not twenty and one
    prefixes: frozenset[str]
    suffixes: tuple[str, ...]
    verb_prefixes: tuple[str, ...]
    unambiguous_verbs: frozenset[str]  # the verbs that no other list has
    common: frozenset[str]  # the single words of all lists but those of names
    joined_prepositions: tuple[str, ...]

    def variants(self, word: str) -> tuple[str, ...]:
        """Return a word, and the word without each of the particles before it: وبالمدينة, بالمدينة, المدينة, مدينة."""
        return (_variants if len(word) <= _LONGEST_KEPT else _variants.__wrapped__)(self.prefixes, word)

    def stems(self, word: str) -> Iterator[str]:
        """Yield the possible stems of a word: without particles, endings and prefixes of verbs.

        >>> {"استبعد", "مدرسه"} <= {stem for word in ("سيستبعدون", "والمدرسات") for stem in load_lexicon("ar").stems(word)}
        True
        """
        for variant in self.variants(word):
            suffixes = self.suffixes if variant.endswith(self.suffixes) else ()
            endings = (ending for ending in suffixes if variant.endswith(ending) and len(variant) - len(ending) >= _STEM)
            for form in (variant, *(variant[: -len(ending)] for ending in endings)):
                yield from (form, form + "ه") if self.article else (form,)
                for prefix in self.verb_prefixes:
                    if form.startswith(prefix) and len(form) - len(prefix) >= _STEM:
                        yield from (form[len(prefix) :], "ا" + form[len(prefix) :])

    def is_common(self, word: str) -> bool:
        """Tell whether a word is a form of a common word, not a name."""
        nouns = bool(self.article) and self.article in word[:4] and self.article != word[-2:]  # no article is joined to a verb
        if any(stem in self.common and not (nouns and stem in self.unambiguous_verbs) for stem in self.stems(word)):
            return True
        return bool(self.article) and any(map(looks_like_noun, self.variants(word))) and not self.has("names", word)

    def has(self, name: str, word: str) -> bool:
        """Tell whether a word, with or without its particles, is in a list."""
        return (_has if len(word) <= _LONGEST_KEPT else _has.__wrapped__)(self, name, word)

    def has_without_article(self, name: str, word: str) -> bool:
        """Tell whether a word is in a list, where its article may not be left out: a first name has no article."""
        found = (variant for variant in self.variants(word) if variant in self.lists[name])
        return any(not self.article or not word.removesuffix(variant).endswith((self.article, "لل")) for variant in found)

    def is_verb(self, word: str) -> bool:
        """Tell whether a word, with or without a joined "and", is a verb; a verb has no article or preposition."""
        forms = {word, *(word[len(joiner) :] for joiner in self.joiners if word.startswith(joiner))}
        if any(forms & self.lists[name] for name in ("places", "people", "groups")):
            return False
        if any(not forms.isdisjoint(self.lists[name]) for name in ("verbs", "say")):
            return True
        return bool(self.article) and looks_like_verb(word) and not self.has("common", word) and not self.has("names", word)

    def are_opposites(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Tell whether one side has a word, and the other a word that says the opposite: confirmed, denied."""
        forms = [{form for word in words for form in (*self.stems(word), *self._past_forms(word))} for words in (one, other)]
        poles = [{pole for form in side for pole in self.opposites.get(form, ())} for side in forms]
        return any(-pole in poles[1] and -pole not in poles[0] and pole not in poles[1] for pole in poles[0])

    def are_outcomes(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Tell whether two sides say opposite outcomes, and neither both: opened, closed."""
        endings = ("", "ت") if self.article else ("",)
        variants = [{form for word in words for form in (*self.variants(word), *self._past_forms(word))} for words in (one, other)]
        forms = [{form.removesuffix(end) for form in side for end in endings} for side in variants]
        poles = [{pole for form in side for pole in self.outcomes.get(form, ())} for side in forms]
        return any(-pole in poles[1] and -pole not in poles[0] and pole not in poles[1] for pole in poles[0])

    def _past_forms(self, word: str) -> Iterator[str]:
        """Yield the past tense of a Turkish verb, in which the lists have it."""
        return past_forms(word) if self.language == "tr" else iter(())

    def phrase_length(self, name: str, words: Sequence[str], start: int) -> int:
        """Return the number of words of the longest phrase of a list that begins at ``start``, 0 for none."""
        found = self._longest_phrase(name, words, start, len(words))
        return found.count(" ") + 1 if found else 0

    def phrase_before(self, name: str, words: Sequence[str], end: int) -> str | None:
        """Return the longest phrase of a list, without joined particles, that ends before ``end``."""
        for start in range(max(0, end - _PHRASE), end):
            found = self._longest_phrase(name, words, start, end)
            if found and found.count(" ") + 1 == end - start:
                return found
        return None

    def _longest_phrase(self, name: str, words: Sequence[str], start: int, stop: int) -> str | None:
        if start >= stop:
            return None
        known, word = self.lists[name], words[start]
        for first, longest in (_openings if len(word) <= _LONGEST_KEPT else _openings.__wrapped__)(self, name, word):
            for length in range(min(longest, stop - start), 0, -1):
                phrase = " ".join((first, *words[start + 1 : start + length]))
                if phrase in known:
                    return phrase
        return None


@lru_cache(maxsize=200_000)
def _has(lexicon: Lexicon, name: str, word: str) -> bool:
    known = lexicon.lists[name]
    if name == "say" and lexicon.article and word not in known:  # no preposition is joined to a verb: بعد is not عد
        bare = word[1:] if word.startswith(lexicon.joiners) else word
        return bare in known or any(form in known and form not in lexicon.unambiguous_verbs for form in lexicon.variants(word))
    return any(variant in known for variant in lexicon.variants(word))


@lru_cache(maxsize=100_000)
def _openings(lexicon: Lexicon, name: str, word: str) -> tuple[tuple[str, int], ...]:
    """Return the forms of a word that begin a phrase of a list, each with the number of words of the longest such phrase."""
    first_words = lexicon.first_words[name]
    return tuple((form, first_words[form]) for form in lexicon.variants(word) if form in first_words)


def _longest_by_first_word(phrases: frozenset[str]) -> dict[str, int]:
    """Return the first word of each phrase, with the number of words of the longest phrase that begins with it."""
    found: dict[str, int] = {}
    for phrase in phrases:
        first, length = phrase.split(" ", 1)[0], phrase.count(" ") + 1
        found[first] = max(length, found.get(first, 0))
    return found


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_words(word) for word in words)


def _cldr(language: str) -> dict[str, frozenset[str]]:
    from babel import Locale

    names: dict[str, set[str]] = {"weekdays": set(), "months": set(), "countries": set()}
    for code in _LOCALES.get(language, (language,)):
        locale = Locale.parse(code)
        for context in ("format", "stand-alone"):
            names["weekdays"] |= set(locale.days[context]["wide"].values())
            names["months"] |= set(locale.months[context]["wide"].values())
        names["countries"] |= {name for code, name in locale.territories.items() if len(code) == 2}
    return {name: _folded(words) for name, words in names.items()}


def _relative_adjectives(country: str) -> Iterator[str]:
    """Yield the Arabic adjectives made from a country's name, without the article: فرنسا, فرنسي, فرنسية."""
    stem = country.removeprefix("ال")
    if " " in stem:
        return
    for ending in ("يا", "يه", "ا", "ه"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            stem = stem.removesuffix(ending)
            break
    yield from (stem + "ي", stem + "يه", stem + "يون", stem + "يين")


def _prefixes(clitics: dict[str, Any]) -> frozenset[str]:
    """Return the particles that are written on to a word: each alone, and several in their order."""
    joiners, prepositions, article = ([*clitics["joiner"], ""], [*clitics["preposition"], ""], [clitics["article"], ""])
    found = {fold_words(j + p + a) for j in joiners for p in prepositions for a in article} | {
        # li- and the article are written as one
        fold_words(j + "لل") for j in joiners if clitics["article"] == "ال"
    }  # fmt: skip
    return frozenset(found - {""})


def _number_opposites(pairs: Iterable[tuple[list[str], list[str]]]) -> dict[str, frozenset[int]]:
    """Return for each word the numbers of its pairs of opposites: positive for the first of a pair, negative for the second."""
    found: dict[str, set[int]] = {}
    for number, (one, other) in enumerate(pairs, 1):
        for pole, words in ((number, one), (-number, other)):
            for word in _folded(words):
                found.setdefault(word, set()).add(pole)
    return {word: frozenset(opposites) for word, opposites in found.items()}


@lru_cache(maxsize=len(LANGUAGES))
def language_data(language: str) -> dict[str, Any]:
    """Return the word lists of a language as its file has them."""
    found: dict[str, Any] = json.loads((files("reports.language") / "data" / f"{language}.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=len(LANGUAGES))
def load_lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language of `LANGUAGES`."""
    data = language_data(language)
    clitics = data["clitics"]
    tables = {name: words for name, words in data.items() if isinstance(words, dict) and name != "clitics"}
    lists = {name: _folded(words) for name, words in data.items() if isinstance(words, list) and name not in _NO_WORDS}
    cldr = _cldr(language)
    if clitics["article"]:
        lists["parties"] |= frozenset(form for country in cldr["countries"] for form in _relative_adjectives(country))
    lists |= {name: _folded(words) for name, words in tables.items()} | cldr
    unambiguous_verbs: frozenset[str] = frozenset()
    lists["present"] = unambiguous_verbs
    if clitics["article"]:
        others = frozenset().union(*(words for name, words in lists.items() if name not in (*_VERBS, *_SENSES)))
        forms = {name: frozenset(inflected_forms(lists[name])) - others for name in _VERBS}
        lists["present"] = frozenset().union(*forms.values()) - frozenset().union(*(lists[name] for name in _VERBS))
        lists |= {name: lists[name] | forms[name] for name in _VERBS}
        unambiguous_verbs = frozenset().union(*(lists[name] for name in _VERBS)) - others
    for name in ("months", "weekdays"):
        lists[name] |= frozenset(word + ending for word in cldr[name] for ending in map(fold_words, clitics["ending"]))
    return Lexicon(
        language,
        lists,
        {name: _longest_by_first_word(phrases) for name, phrases in lists.items()},
        {name: {fold_words(word): value for word, value in words.items()} for name, words in tables.items()},
        _number_opposites(data["opposites"]),
        _number_opposites(data["outcomes"]),
        tuple((one, other) for one, other in data["minimal_pairs"]),
        frozenset(_folded(pair) for pair in data["variant_spellings"]),
        tuple(map(fold_words, data["negative_prefixes"])),
        tuple(map(fold_words, clitics["joiner"])),
        fold_words(clitics["article"]),
        data["capitals"],
        data["unit_after_joiner"],
        _prefixes(clitics),
        tuple(map(fold_words, data["suffixes"])),
        tuple(map(fold_words, data["verb_prefixes"])),
        unambiguous_verbs,
        frozenset(word for name, words in lists.items() if name not in (*_NAMES, *_SENSES) for word in words if " " not in word),
        tuple(map(fold_words, clitics["preposition"])),
    )
