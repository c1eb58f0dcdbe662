"""The words of two headlines in pairs: which are one word in both, and which stand in one headline alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..text.near_words import are_near
from ..text.number_words import NUMBER, with_numbers
from ..text.word_forms import word_forms
from ..text.word_lists import COMMON, WordLists
from ..text.words import word_weight

_CACHED = 1 << 16
_JOINED = 3  # words, at most, that the other text writes as one
_THOUSANDS = 3  # digits of a group
_ARTICLE = "ال"
_PHRASE = 4  # words, at most, of a phrase in the lists


Around = tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]
"""For the own words of each of two texts: the pair before and the pair behind."""


@dataclass(frozen=True, slots=True)
class WordPairs:
    """The tokens of two headlines ``a`` and ``b``. ``pairs`` has the places of words that are one word in both, in the order of ``a``;
    ``near`` those of them that are near words; ``own_a`` and ``own_b`` have the places of the others."""

    lists: WordLists
    a: tuple[str, ...]
    b: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    near: tuple[tuple[int, int], ...]
    own_a: tuple[int, ...]
    own_b: tuple[int, ...]

    def around(self) -> Around:
        """Return for the own words of each text the pairs around them, numbered in the order of ``a``; -1 where there is none."""
        there = sorted((other, number) for number, (_, other) in enumerate(self.pairs))
        places = [here for here, _ in self.pairs], [other for other, _ in there]
        numbers = [*range(len(there))], [number for _, number in there]
        found = dict[int, tuple[int, int]](), dict[int, tuple[int, int]]()
        for side, own in enumerate((self.own_a, self.own_b)):
            for place in own:
                at = bisect_left(places[side], place)
                found[side][place] = numbers[side][at - 1] if at else -1, numbers[side][at] if at < len(there) else -1
        return found


def is_light(token: str, lists: WordLists) -> bool:
    """Tell whether a token comes and goes before a name: the city of, المدينة."""
    return token in lists.light or (token[:2] == _ARTICLE and token[2:] in lists.light)


@lru_cache(maxsize=_CACHED)
def token_weight(token: str) -> int:
    """Return the weight of a token, as `word_weight` weighs words.

    >>> token_weight("#4000"), token_weight("mayor")
    (6, 4)
    """
    return word_weight(token.removeprefix(NUMBER).removeprefix(COMMON))


def tokens_of(words: Sequence[str], lists: WordLists) -> tuple[str, ...]:
    """Return the tokens that are compared: numbers by value, phrases of the lists by their common name.

    >>> from ..text.word_lists import word_lists
    >>> tokens_of("prime minister cancels two visits".split(), word_lists("en"))
    ('=pm', 'cancels', '#2', 'visits')
    """
    words = with_numbers(words, lists)
    found: list[str] = []
    place = 0
    while place < len(words):
        if words[place] not in lists.first_words:
            found.append(words[place])
            place += 1
            continue
        size = next((size for size in range(_PHRASE, 1, -1) if tuple(words[place : place + size]) in lists.phrases), 1)
        found.append(lists.phrases[tuple(words[place : place + size])] if size > 1 else words[place])
        place += size
    return tuple(found)


def pair_words(a: tuple[str, ...], b: tuple[str, ...], lists: WordLists) -> WordPairs:
    """Pair the words of two headlines, as `tokens_of` returns them: equal words first, then forms of one word, then near words.

    >>> from ..text.word_lists import word_lists
    >>> found = pair_words(("port", "reopens"), ("the", "port", "reopened"), word_lists("en"))
    >>> found.pairs, found.own_a, found.own_b
    (((0, 1), (1, 2)), (), (0,))
    """
    places: dict[str, list[int]] = {}
    for place in range(len(b) - 1, -1, -1):
        places.setdefault(b[place], []).append(place)
    pairs: list[tuple[int, int]] = []
    own_a: list[int] = []
    for place, word in enumerate(a):
        if places.get(word):
            pairs.append((place, places[word].pop()))
        else:
            own_a.append(place)
    own_b = sorted(place for rest in places.values() for place in rest)
    language = lists.language
    linked = [(place, other) for place in own_a for other in own_b if are_near(a[place], b[other], language)]  # forms of one word as well
    for place, other in linked:
        if place not in own_a or other not in own_b:
            continue
        if not word_forms(a[place], language).isdisjoint(word_forms(b[other], language)):
            pairs.append((place, other))
            own_a.remove(place)
            own_b.remove(other)
    if own_a and own_b:
        _leave_out_joined(a, own_a, b, own_b, language)
        _leave_out_joined(b, own_b, a, own_a, language)
    near: list[tuple[int, int]] = []
    for place, other in linked:
        if place in own_a and other in own_b:
            near.append((place, other))
            own_a.remove(place)
            own_b.remove(other)
    return WordPairs(lists, a, b, tuple(sorted(pairs + near)), tuple(near), tuple(own_a), tuple(own_b))


def _leave_out_joined(apart: Sequence[str], own: list[int], joined: Sequence[str], own_joined: list[int], language: str) -> None:
    """Leave out, in place, the own words of one text that the other text writes as one word."""
    for place in [*own_joined]:
        for start in own:
            if not joined[place].startswith(apart[start]):
                continue
            sizes = range(2, min(_JOINED, len(apart) - start) + 1)
            size = next((size for size in sizes if _is_joined(apart[start : start + size], joined[place], language)), 0)
            if size:
                own_joined.remove(place)
                own[:] = [other for other in own if not start <= other < start + size]
                break


def _is_joined(parts: Sequence[str], whole: str, language: str) -> bool:
    if whole.startswith(NUMBER):
        groups = [part.removeprefix(NUMBER) for part in parts]
        grouped = all(part.startswith(NUMBER) for part in parts) and all(len(group) == _THOUSANDS for group in groups[1:])
        return grouped and "".join(groups) == whole.removeprefix(NUMBER)
    if any(part.startswith(NUMBER) for part in parts):
        return False
    return not word_forms("".join(parts), language).isdisjoint(word_forms(whole, language))
