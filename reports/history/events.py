"""Tell whether two sentences may report one event: they have words for what happened in common, beside people, sources and times."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import islice

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..language.role_words import load_role_words

_WORDS = 200  # words of a sentence that are read
_LEAST, _STEM = 4, 5  # letters of a word that tells something, and those that its forms share
_SMALL = (
    "stopwords", "prepositions", "connectives", "articles", "say", "announce", "sources", "source_nouns", "time", "time_units", "weekdays",
    "months", "numbers", "scales", "vague", "before", "verbs", "negation", "particles", "auxiliaries", "levels",
)  # fmt: skip
_PLACED, _UNPLACED = 1, 2  # words that two sentences must share, where both name the same place, and where they do not


def event_words(words: Iterable[str], lexicon: Lexicon) -> frozenset[str]:
    """Return the beginnings of the words that say what happened.

    Words for people, what became of them, sources, times and numbers are left out.

    >>> from ..language.lexicon import load_lexicon
    >>> sorted(event_words("Police said on Monday that 9 people were killed in the bakery explosion".split(), load_lexicon("en")))
    ['baker', 'explo']
    """
    roles = load_role_words(lexicon.language)
    found = set()
    for word in islice((part for written in words for part in fold(written).split()), _WORDS):
        forms = lexicon.variants(word)
        small = any(form in lexicon.lists.get(name, ()) for form in forms for name in _SMALL)
        counted = any(form in roles.classes or form in roles.levels or form in roles.not_places for form in forms)
        bare = min((form for form in forms if len(form) >= _LEAST), key=len, default="")
        if bare and not small and not counted and not any(map(str.isdigit, bare)):
            found.add(bare[:_STEM])
    return frozenset(found)


def may_be_one_event(one: AbstractSet[str], other: AbstractSet[str], places: tuple[str | None, str | None]) -> bool:
    """Tell whether two sentences, each with its event words and the place of its count, may report one event.

    Where both name the place, one word beside it is enough, and where one has at most two, as a headline may.
    """
    written = [word for place in places if place is not None for word in fold(place).split()]
    named = [word[cut:] for word in written for cut in range(3) if word[cut:]]
    shared = {word for word in one & other if not any(name.startswith(word) for name in named)}
    return len(shared) >= min(_PLACED if None not in places else _UNPLACED, max(1, min(len(one), len(other)) - 1))
