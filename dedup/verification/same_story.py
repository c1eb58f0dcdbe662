"""Two headlines that share most of their words: whether they say the same.

Words are forms of one word by their endings and prefixes, never because their letters are alike. Another word in the place of one, a word
such as "not" or "wife of", another number, and an exchange of who and whom make another story. Words that come in addition do not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays.ragged import Array
from ..text.word_lists import most_hinted, word_lists
from .headline import Headline
from .story_checks import BIAS, StoryChecks, checks_of, odds_to_probability, story_weights
from .substitutions import substituted_shares
from .word_pairs import WordPairs, pair_words

SAME = 0.5
"""Probability from which on two headlines say the same."""


def check_story(one: Headline, other: Headline) -> StoryChecks:
    """Return the checks of two headlines that share most of their words, which say how probable it is that they say the same.

    >>> texts = "Norvik beats Lodren", "Lodren does not beat Norvik"
    >>> checks = check_story(*(Headline.of(text.lower().split()) for text in texts))
    >>> checks.substituted, checks.turned, checks.exchanged, round(checks.probability, 1)
    (False, True, True, 0.0)
    """
    shares = substituted_shares((one, other), np.array([0]), np.array([1]))[0].tolist()
    if shares[0] > 0:
        return substituted_alone(*shares)
    return _checks(one, other)


def substituted_alone(own: float, added: float) -> StoryChecks:
    """Return the checks of two headlines that differ by substituted words alone; the arguments are of `substituted_shares`."""
    return StoryChecks(True, False, False, False, False, False, own, added, 0, 0)


def story_probabilities(headlines: Sequence[Headline], one: Array, other: Array) -> Array:
    """Return for pairs of headlines that share most of their words the probability that they say the same, float64, 0..1.

    ``one`` and ``other`` are places in ``headlines``. The probability is that of `check_story`.
    """
    shares = substituted_shares(headlines, one, other)
    clear = shares[:, 0] > 0
    found = np.zeros(len(one))
    weights = story_weights()
    scores = weights[BIAS] + weights["substituted"] + shares[clear, 0] * weights["own"] + shares[clear, 1] * weights["added"]
    found[clear] = [odds_to_probability(score) for score in scores.tolist()]
    rest = np.flatnonzero(~clear)
    found[rest] = [
        _checks(headlines[here], headlines[there]).probability for here, there in zip(one[rest].tolist(), other[rest].tolist(), strict=True)
    ]
    return found


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
