"""What texts are found by: the hashes of their words, and numbers for their source, their heading and their time."""

from __future__ import annotations

import re
from itertools import pairwise

from ...errors import InputError
from ...sketch.shingle import hash_words, split_words
from ...text.edges import UNSPACED_RANGES
from ..news import facet
from .model import StoryQuery

Terms = list[list[int]]
"""Groups of terms: a text is found that has one of each group."""
_MOST_WORDS = 32
_ARABIC = re.compile("[\u0621-\u064a]{2,}")
_ARTICLE = "\u0627\u0644"  # al-
_BEFORE_ARTICLE = "", "\u0648", "\u0641", "\u0628", "\u0643", "\u0648\u0628", "\u0641\u0628", "\u0648\u0643"  # wa-, fa-, bi-, ka-
_CONTRACTED = "\u0644\u0644"  # li- with the article
_BEFORE_WORD = *_BEFORE_ARTICLE, "\u0644", "\u0648\u0644", "\u0641\u0644", "\u0633", "\u0648\u0633", "\u0641\u0633"  # li-, sa-
_SHORTEST = 2  # letters that are left of a word without its article
DAY = 86_400.0  # seconds
_FAN, _LEVELS = 8, 7  # spans of days that are one span of the next level: the longest has 717 years
_FAR = 1e12  # seconds from 1970 beyond which times are not told apart


def word_terms(words: str) -> Terms:
    """Return the terms of the words of a query: of each the hashes of its forms. Raises `InputError` where there are too many.

    >>> len(word_terms("Rain in Marsa")), [len(word_terms(text)[0]) > 20 for text in ("\u0627\u0644\u0645\u064a\u0646\u0627\u0621", "rain")]
    (3, [True, False])
    """
    found = [*dict.fromkeys(_whole(split_words([words])[0]))]
    if len(found) > _MOST_WORDS:
        raise InputError(f"{len(found)} words are searched for", hint=f"give at most {_MOST_WORDS}")
    groups = []
    for word in found:
        hashed = hash_words(_forms(word))
        most = 2 if _is_unspaced(word) else 1  # there, a letter with the next one, and this by itself
        edges = [*pairwise(hashed.offsets.tolist())]
        groups.append(sorted({int(hashed.values[start]) for start, end in edges if 1 <= end - start <= most}))
    return [group for group in groups if group]


def _is_unspaced(word: str) -> bool:
    return any(low <= ord(word[-1]) <= high for low, high in UNSPACED_RANGES)


def _whole(words: list[str]) -> list[str]:
    """Return words without the last letter of a run in a script without spaces, which is a word by itself only where a text ends there."""
    before = ["", *words]
    return [word for last, word in zip(before, words, strict=False) if not (len(word) == 1 and last[1:] == word and _is_unspaced(word))]


def _forms(word: str) -> list[str]:
    """Return a word with the particles that Arabic writes before one."""
    if not _ARABIC.fullmatch(word):
        return [word]
    stems = {word}
    for before in (*(f"{each}{_ARTICLE}" for each in _BEFORE_ARTICLE), _CONTRACTED, f"\u0648{_CONTRACTED}"):
        if word.startswith(before) and len(word) >= len(before) + _SHORTEST:
            stems.add(word[len(before) :])
    forms = {f"{before}{stem}" for stem in stems for before in _BEFORE_WORD}
    bare = [stem for stem in stems if not stem.startswith(_ARTICLE)]
    forms |= {f"{before}{_ARTICLE}{stem}" for stem in bare for before in _BEFORE_ARTICLE}
    forms |= {f"{before}{_CONTRACTED}{stem}" for stem in bare for before in ("", "\u0648", "\u0641")}
    return sorted(forms)


def time_terms(moment: float) -> list[int]:
    """Return the terms of a time: the spans of days that it is in, each eight times the one before."""
    day = _day(moment)
    return [_span(level, day // _FAN**level) for level in range(_LEVELS)]


def _day(moment: float) -> int:
    return int(max(-_FAR, min(_FAR, moment)) // DAY)


def _span(level: int, number: int) -> int:
    return facet("time", f"{level} {number}")


def range_terms(since: float | None, until: float | None) -> list[int]:
    """Return the terms of all times from a moment on, up to another; a few more are among them, of the same days.

    >>> days = range_terms(0.0, 86_400.0 * 100)
    >>> len(days) < 40, [bool({*days} & {*time_terms(86_400.0 * day)}) for day in (-1, 0, 50, 100, 101)]
    (True, [False, True, True, True, False])
    """
    low, high = _day(-_FAR if since is None else since), _day(_FAR if until is None else until)
    found = []
    for level in range(_LEVELS):
        while low <= high and (low % _FAN or level == _LEVELS - 1):
            found.append(_span(level, low))
            low += 1
        while low <= high and high % _FAN != _FAN - 1:
            found.append(_span(level, high))
            high -= 1
        if low > high:
            break
        low, high = low // _FAN, high // _FAN
    return found


def terms_of(query: StoryQuery) -> Terms | None:
    """Return the terms of what is known of a text when it comes; None where no text can have them."""
    groups = word_terms(query.words)
    if query.words.strip() and not groups:
        return None
    groups += [sorted({facet(kind, value) for value in values}) for kind, values in _listed(query) if values]
    if query.since is not None or query.until is not None:
        groups.append(range_terms(query.since, query.until))
    return groups if all(groups) else None


def _listed(query: StoryQuery) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("source", query.sources), ("section", query.sections)
