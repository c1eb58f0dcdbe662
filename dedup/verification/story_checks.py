"""What two headlines that share most of their words show about whether they say the same: each check a number, with a weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from math import exp
from operator import gt

import numpy as np

from ..arrays.ragged import Array, numbered
from ..text.contrasts import are_of_one_kind, are_opposites
from ..text.near_words import are_names
from ..text.number_words import NUMBER
from ..text.package_data import package_json
from ..text.word_forms import is_verb_form
from ..text.word_lists import WordLists, word_lists
from .word_order import is_exchange, numbers_exchanged
from .word_pairs import Around, WordPairs, is_light, token_weight

OWN = 0.12
"""Largest weighted share of own words of one text where the other has some as well, in other places."""
BIAS = "bias"
_DENYING = "negations", "denials"  # which are counted elsewhere
_CACHED = 1 << 16
_MOST = 3  # what is counted is counted up to this


@dataclass(frozen=True, slots=True)
class StoryChecks:
    """The checks of a pair of headlines.

    The first six tell of two stories: a word stands in the place of another (``substituted``), a word turns the sense, such as "not" or
    "wife of" (``turned``), who and whom or two counts change places (``exchanged``), a word or a preposition has its opposite on the
    other side (``opposed``), a number, place, weekday, person or name stands in the place of another (``contrasted``), a word stands in the
    place of a function word (``loose``). ``own`` and ``added`` are weighted shares, 0..1, of words that one text alone has: of the text
    with fewer, and with more of them. ``near`` counts words in the place of near words. ``reworded`` counts other forms, moved words and
    function words that come or go: signs that a person told the same in other words. It is counted where a word is substituted or loose.
    """

    substituted: bool
    turned: bool
    exchanged: bool
    opposed: bool
    contrasted: bool
    loose: bool
    own: float
    added: float
    near: int
    reworded: int

    @property
    def contributions(self) -> dict[str, float]:
        """Return what each check adds to the score, which is the logarithm of the odds that the headlines say the same."""
        weights = story_weights()
        return {name: weight * (1.0 if name == BIAS else getattr(self, name)) for name, weight in weights.items()}

    @property
    def probability(self) -> float:
        """Return the probability that the headlines say the same, 0..1.

        >>> StoryChecks(False, False, False, False, False, False, 0.0, 0.0, 0, 1).probability > 0.8
        True
        """
        return float(probabilities([self], np.array([0]), np.array([[self.own, self.added]]))[0])


def probabilities(checks: Sequence[StoryChecks], places: Array, shares: Array) -> Array:
    """Return the probabilities of pairs with these checks and these shares of own words, ``own`` and ``added``, in the place of theirs.

    ``places`` says which checks a pair has. All is added in one order, so that a pair has one probability, alone and among others.
    """
    measured = dict(zip(("own", "added"), shares.T, strict=True))
    parts = np.array([[*each.contributions.values()] for each in checks]).reshape(-1, len(story_weights()))
    total = np.zeros(len(places))
    for (name, weight), told in zip(story_weights().items(), parts.T, strict=True):
        total += weight * measured[name] if name in measured else told[places]
    scores, found = numbered(total)
    odds: Array = np.array([odds_to_probability(score) for score in scores.tolist()])[found]
    return odds


def odds_to_probability(score: float) -> float:
    """Return the probability that belongs to the logarithm of odds.

    >>> odds_to_probability(0.0), round(odds_to_probability(-3.0), 2)
    (0.5, 0.05)
    """
    return 1 / (1 + exp(-score))


@cache
def story_weights() -> dict[str, float]:
    """Return the weights of the checks: first `BIAS`, then in the order of `StoryChecks`. ``bench/headlines_model.py`` fits them."""
    weights = package_json(__spec__, "headlines.json")["weights"]
    return {name: float(weights[name]) for name in (BIAS, *(field.name for field in fields(StoryChecks)))}


def checks_of(found: WordPairs, weights: tuple[int, int]) -> StoryChecks:
    """Return the checks of two headlines whose words are paired. ``weights`` are those of their tokens."""
    one, other = (_own_words(tokens, own, found.lists) for tokens, own in ((found.a, found.own_a), (found.b, found.own_b)))
    least, most = sorted((_share(one, found.a, weights[0]), _share(other, found.b, weights[1])))
    substituted = opposed = contrasted = loose = False
    reworded = 0
    if found.own_a and found.own_b:
        around = found.around()
        met = [*_meetings(around, one.named, other.named)]
        facing = {*met, *((here, there) for here in one.content for there in other.content if len(one.content) == len(other.content) == 1)}
        substituted = bool(met) or least > OWN
        opposed = _is_opposed(found, one, other)
        numbers = all(any(tokens[place][0] == NUMBER for place in own.content) for tokens, own in ((found.a, one), (found.b, other)))
        language = found.lists.language
        named = [(found.a[here], found.b[there], language) for here, there in facing]
        contrasted = numbers or any(are_of_one_kind(*pair) or are_names(*pair) for pair in named)
        crossed = any(_meetings(around, one.content, other.function)) or any(_meetings(around, one.function, other.content))
        loose = crossed and not any(_meetings(around, one.function, other.function))
        if substituted or loose:
            governed = {
                around[side][pair[side]] for pair in met for side in (0, 1)
            }  # a word in the place of another brings its preposition
            free = sum([around[side][place] not in governed for side, own in enumerate((one, other)) for place in own.function])
            reworded = min(_moved(found) + free, _MOST)
    order = [there for _, there in found.pairs]
    return StoryChecks(
        substituted,
        _is_turned(found),
        (any(map(gt, order, order[1:])) and is_exchange(found)) or numbers_exchanged(found),
        opposed,
        contrasted,
        loose,
        least,
        most,
        min(len(found.near), _MOST),
        reworded,
    )


def _moved(found: WordPairs) -> int:
    """Return how many words have another form, and how many stand before a word that they stood behind."""
    order = [there for _, there in found.pairs]
    changed = sum([found.a[here] != found.b[there] for here, there in found.pairs]) - len(found.near)
    moved: int = sum(map(gt, order, order[1:]))
    return changed + moved


@dataclass(frozen=True, slots=True)
class _OwnWords:
    """The places of the own words of one headline: function words, words that come and go before a name, all others."""

    function: list[int]
    light: list[int]
    content: list[int]

    @property
    def named(self) -> list[int]:
        return self.light + self.content


def _own_words(tokens: Sequence[str], own: Iterable[int], lists: WordLists) -> _OwnWords:
    found = _OwnWords([], [], [])
    for place in own:
        token = tokens[place]
        if token in lists.function:
            found.function.append(place)
        elif is_light(token, lists):
            found.light.append(place)
        elif lists.turning.get(token) not in _DENYING:
            found.content.append(place)
    return found


@lru_cache(maxsize=_CACHED)
def comes_and_goes(token: str, language: str) -> bool:
    """Tell whether a token is one that headlines have or leave out: a function word, or one before a name.

    >>> [comes_and_goes(token, "en") for token in ("the", "mayor")]
    [True, False]
    """
    lists = word_lists(language)
    return token in lists.function or is_light(token, lists)


@lru_cache(maxsize=_CACHED)
def own_weight(token: str, language: str) -> int:
    """Return what a token weighs in the share of own words: 0 for one that comes and goes, or that denies.

    >>> [own_weight(token, "en") for token in ("mayor", "the", "not")]
    [4, 0, 0]
    """
    counts = not comes_and_goes(token, language) and word_lists(language).turning.get(token) not in _DENYING
    return token_weight(token) if counts else 0


def _share(own: _OwnWords, tokens: Sequence[str], weight: int) -> float:
    return sum([token_weight(tokens[place]) for place in own.content]) / weight if weight else 0.0


def _meetings(around: Around, own_a: Iterable[int], own_b: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the own words that stand in one place: behind the same word of both texts, or before it."""
    for one in own_a:
        before, behind = around[0][one]
        yield from ((one, other) for other in own_b if around[1][other][0] == before or around[1][other][1] == behind)


def _is_opposed(found: WordPairs, one: _OwnWords, other: _OwnWords) -> bool:
    lists, near = found.lists, {*found.near}
    for here in one.function:
        for there in other.function:
            if (found.a[here], found.b[there]) in lists.opposed and (here - 1, there - 1) not in near:
                return True  # behind near verbs both may say the same: promet de, s'engage à
    return any(are_opposites(found.a[here], found.b[there], lists.language) for here in one.content for there in other.content)


def _is_turned(found: WordPairs) -> bool:
    """Tell whether one text alone has a word that makes another story."""
    turning, may = found.lists.turning, found.lists.may
    own = [found.a[place] for place in found.own_a], [found.b[place] for place in found.own_b]
    if turning.keys().isdisjoint(own[0]) and turning.keys().isdisjoint(own[1]) and may.isdisjoint(own[0]) and may.isdisjoint(own[1]):
        return False
    if _uncertain(found, found.a, found.own_a) or _uncertain(found, found.b, found.own_b):
        return True
    counts = [Counter(turning[token] for token in tokens if token in turning) for tokens in own]
    denied = [count.pop("negations", 0) + count.pop("denials", 0) for count in counts]
    return denied[0] != denied[1] or any(counts)


def _uncertain(found: WordPairs, tokens: Sequence[str], own: Iterable[int]) -> bool:
    """Tell whether one of these words makes the verb behind it uncertain: قد يغلق."""
    lists = found.lists
    return any(tokens[place] in lists.may and is_verb_form(tokens[place + 1], lists.language) for place in own if place + 1 < len(tokens))
