"""Two headlines that share most of their words: whether they say the same.

Words are forms of one word by their endings and prefixes, never because their letters are alike. Another word in the place of one, a word
such as "not" or "wife of", another number, and an exchange of who and whom make another story. Words that come in addition do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from ..arrays.ragged import Array
from ..kernels.protocol import APART, LINKED, SUBSTITUTED
from ..text.word_lists import most_hinted, word_lists
from .headline import Headline
from .headline_table import HeadlineTable
from .patterns import patterns_of
from .story_checks import StoryChecks, checks_of, probabilities
from .word_pairs import WordPairs, pair_words

SAME = 0.5
"""Probability from which on two headlines say the same."""
_CACHED = 1 << 16


def check_story(one: Headline, other: Headline) -> StoryChecks:
    """Return the checks of two headlines that share most of their words, which say how probable it is that they say the same.

    >>> texts = "Norvik beats Lodren", "Lodren does not beat Norvik"
    >>> checks = check_story(*(Headline.of(text.lower().split()) for text in texts))
    >>> checks.substituted, checks.turned, checks.exchanged, round(checks.probability, 1)
    (False, True, True, 0.0)
    """
    shown, shares = HeadlineTable.of((one, other)).compare(np.array([0]), np.array([1]))
    if shown[0] == SUBSTITUTED:
        return substituted_alone(*shares[0].tolist())
    return _checks(one, other)


def substituted_alone(own: float, added: float) -> StoryChecks:
    """Return the checks of two headlines that differ by substituted words alone; the arguments are shares of `HeadlineTable.compare`."""
    return StoryChecks(True, False, False, False, False, False, own, added, 0, 0)


def story_probabilities(table: HeadlineTable, one: Array, other: Array) -> Array:
    """Return for pairs of headlines that share most of their words the probability that they say the same, float64, 0..1.

    ``one`` and ``other`` are places in the table. The probability is that of `check_story`.
    """
    shown, shares = table.compare(one, other)
    found = np.empty(len(one))
    clear, linked, apart = (np.flatnonzero(shown == kind) for kind in (SUBSTITUTED, LINKED, APART))
    found[clear] = probabilities([substituted_alone(0.0, 0.0)], np.zeros(len(clear), np.int64), shares[clear])
    pairs = zip(one[linked].tolist(), other[linked].tolist(), strict=True)
    told = [_checks(table.headlines[here], table.headlines[there]) for here, there in pairs]
    own = np.array([(checks.own, checks.added) for checks in told]).reshape(-1, 2)
    found[linked] = probabilities(told, np.arange(len(told)), own)
    found[apart] = _of_patterns(table, one[apart], other[apart], shares[apart])
    return found


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern, and two headlines that have it."""

    key: bytes
    one: Headline = field(compare=False)
    other: Headline = field(compare=False)


@lru_cache(maxsize=_CACHED)
def _pattern_checks(pattern: _Pattern) -> StoryChecks:
    return _checks(pattern.one, pattern.other)


def _of_patterns(table: HeadlineTable, one: Array, other: Array, shares: Array) -> Array:
    """Return the probabilities of pairs without linked words: their checks depend on their patterns and the shares of own words alone."""
    turned = table.order[one] > table.order[other]
    one, other = np.where(turned, other, one), np.where(turned, one, other)
    found = patterns_of(table, one, other, shares)
    examples = zip(found.keys, one[found.examples].tolist(), other[found.examples].tolist(), strict=True)
    checks = [_pattern_checks(_Pattern(key, table.headlines[here], table.headlines[there])) for key, here, there in examples]
    return probabilities(checks, found.places, shares)


def story_probability(one: Headline, other: Headline) -> float:
    """Return the probability that two headlines that share most of their words say the same, 0..1.

    >>> texts = ("four killed in fire", "4 killed in fire", "4 not killed in fire")
    >>> said = [Headline.of(text.split()) for text in texts]
    >>> story_probability(said[0], said[1]) > 0.9, story_probability(said[1], said[2]) < 0.1
    (True, True)
    """
    return check_story(one, other).probability


def is_same_story(one: Headline, other: Headline) -> bool:
    """Tell whether two headlines that share most of their words say the same: it is at least as probable as that they do not."""
    return story_probability(one, other) >= SAME


def _checks(one: Headline, other: Headline) -> StoryChecks:
    if one.words > other.words:  # which words are paired depends on the order
        one, other = other, one
    return checks_of(_paired(one, other), (one.weight, other.weight))


def _paired(one: Headline, other: Headline) -> WordPairs:
    language = one.language
    if other.language != language:
        language = most_hinted([sum(both) for both in zip(one.hints, other.hints, strict=True)], one.words)
    return pair_words(one.tokens_in(language), other.tokens_in(language), word_lists(language))
