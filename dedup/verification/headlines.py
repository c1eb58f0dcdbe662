"""Headlines and other short texts: which share most of their words, and which of these say the same.

A headline about another fact often has the same words in the same order, with one substituted. A headline that says the same in other words
changes their order and their forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays.ragged import Array
from .headline import Headline
from .same_story import is_same_story
from .short_table import ShortTable


def shares_most(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether two short texts, as folded words, share enough words to be duplicates or to follow one formula."""
    return bool(compare_short({0: a, 1: b}, np.array([0]), np.array([1]))[0][0])


def says_the_same(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether two short texts that share most of their words say the same: no word is substituted.

    >>> says_the_same("oil prices fall on fears for growth".split(), "on fears for growth oil price falls".split())
    True
    >>> says_the_same("oil prices fall on fears for growth".split(), "oil prices rise on fears for growth".split())
    False
    """
    return is_same_story(Headline.of(a), Headline.of(b))


def compare_short(short: Mapping[int, Sequence[str]], left: Array, right: Array) -> tuple[Array, Array]:
    """Return which pairs of short texts share most words, as a mask, and the probability that they say the same, as `ShortTable.compare`
    does. ``short`` holds the folded words of each row."""
    return ShortTable.of(short, left, right).compare(left, right)
