"""Know that two names are of one news agency or one country: AFP and فرانس برس; the Republic of Yemen and Yemen."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dedup.text.sources import agency_spellings

from ..language.lexicon import Lexicon, fold_words
from .context import SideContext

_SHORT = 4  # letters of a loose name that may be an everyday word: معا
_LOOSE = "~"  # before a name in the data that is an agency only where a source is named
_INTRODUCED = "وكاله|انباء|الانباء|الصحافه|بحسب|وبحسب|حسب|وفقا|وفق|نقلا عن|نقلت|ذكرت"  # words before an agency, folded
_BETWEEN = re.compile(r"[^\w]+")
_ENDING = re.compile("(?:يا|يه|ي|ا|ه)$")  # of a country or of its adjective
_STEM = 3  # letters of a country without its ending, at least


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("reports.language") / "data" / "countries.json").read_text("utf-8"))
    return found


def _plain(text: str) -> str:
    """Return the folded words of a text with one space between them: (أ.ف.ب) is ا ف ب."""
    return " ".join(_BETWEEN.sub(" ", fold_words(text)).split())


def _pattern(name: str) -> str:
    """Return the pattern of a name of an agency, also behind particles that are written on to it."""
    plain = _plain(name)
    return f"(?:(?:[وفبلك]{{1,2}})?{plain}|و?لل{plain[2:]})" if plain.startswith("ال") else f"(?:[وفبلك]{{1,2}})?{plain}"


@lru_cache(maxsize=2)
def _agencies(loose: bool) -> tuple[re.Pattern[str], ...]:
    """Return a pattern for each agency; ``loose`` also takes the names that are an agency only where a source is named."""
    found = []
    for names in agency_spellings():
        parts = [_pattern(name) for name in names if not name.startswith(_LOOSE)]
        open_names = [_pattern(name[1:]) for name in names if name.startswith(_LOOSE) and len(name) > _SHORT + len(_LOOSE)]
        parts += open_names if loose else [f"(?:{_INTRODUCED}) {part}" for part in open_names]
        if not parts:
            continue
        found.append(re.compile(rf"(?<!\S)(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?!\S)"))
    return tuple(found)


def agencies_in(text: str, *, source: bool) -> frozenset[int]:
    """Return the numbers of the agencies that a text names; ``source`` tells that the text is a source.

    >>> agencies_in("(أ.ف.ب)", source=True) == agencies_in("لوكالة فرانس برس", source=True) == agencies_in("AFP", source=False)
    True
    >>> agencies_in("القوات الفرنسية", source=False)
    frozenset()
    """
    plain = _plain(text)
    return frozenset(number for number, pattern in enumerate(_agencies(source)) if pattern.search(plain))


def names_agency(side: SideContext) -> bool:
    """Tell whether a side names an agency by a name that is always one."""
    return bool(side.words) and bool(agencies_in(side.surface, source=False))


def _rest(side: SideContext) -> set[str]:
    """Return the words of a source beside its agencies, and beside words that only introduce it."""
    plain = _plain(side.surface)
    for pattern in _agencies(True):
        plain = pattern.sub(" ", plain)
    return {word for word in plain.split() if not side.in_lists(word, "say", "prepositions", "groups") and word not in _small(side.lexicon)}


@lru_cache(maxsize=8)
def _small(lexicon: Lexicon) -> frozenset[str]:
    """Return the words of phrases that introduce a source."""
    return frozenset(word for phrase in lexicon.lists["sources"] for word in phrase.split())


def same_agency(a: SideContext, b: SideContext) -> bool:
    """Tell whether both sides name one agency, in other words, and nothing else."""
    if not a.words or not b.words:
        return False
    found = agencies_in(a.surface, source=True)
    return bool(found) and found == agencies_in(b.surface, source=True) and _rest(a) == _rest(b)


@lru_cache(maxsize=8)
def _aliases(language: str) -> dict[str, int]:
    groups = _data()["countries"].get(language, ())
    return {_plain(name): number for number, names in enumerate(groups) for name in names}


@lru_cache(maxsize=8)
def _states(language: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in _data()["states"].get(language, ()))


def _country(words: Sequence[str], lexicon: Lexicon) -> str:
    """Return what stands for a country in any of its names, empty for words that are none."""
    aliases, states = _aliases(lexicon.language), _states(lexicon.language)
    words = [word for word in words if word not in lexicon.lists["prepositions"] and word not in lexicon.lists["articles"]]
    while len(words) > 1 and not lexicon.article and words[0] in states and _plain(" ".join(words)) not in aliases:
        words = words[1:]
    if not words or len(words) > 5:
        return ""
    for form in lexicon.variants(words[0]):
        if (number := aliases.get(_plain(" ".join((form, *words[1:]))))) is not None:
            return f"={number}"
    left = [word for word in words if not states.intersection(lexicon.variants(word))]
    known = len(left) == 1 and (lexicon.has("countries", left[0]) or (len(left) < len(words) and lexicon.has("parties", left[0])))
    if not known:
        return ""
    bare = lexicon.variants(left[0])[-1] if lexicon.article else left[0]
    stem = _ENDING.sub("", bare) if lexicon.article else bare
    return stem if len(stem) >= _STEM else bare


def same_country(a: SideContext, b: SideContext) -> bool:
    """Tell whether both sides name one country, or one side only completes its name: the Kingdom of Saudi Arabia."""
    if a.words and b.words:
        found = _country(a.words, a.lexicon)
        return bool(found) and found == _country(b.words, b.lexicon)
    side = a if a.words else b
    if not side.words:
        return False
    states = _states(side.lexicon.language)
    before = [form for form in side.lexicon.variants(side.word_before()) if form in states]
    if before and side.lexicon.article and before[0].startswith(side.lexicon.article):
        return _country((before[0], *side.words), side.lexicon).startswith("=")
    bare = all(states.intersection(side.lexicon.variants(word)) for word in side.words)
    return bare and bool(_country((side.word_after(),), side.lexicon)) and not side.lexicon.has_capitals
