"""Headlines and other short texts: which share most of their words, and which of these say the same.

A headline about another fact often has the same words in the same order, with one substituted. A headline that says the same in other words
changes their order and their forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from ..arrays.ragged import Array, numbered, sorted_unique
from ..candidates.lsh import SHORT_JACCARD
from .headline import Headline
from .same_story import is_same_story, story_probabilities
from .substitutions import in_columns

_CELLS = 1 << 20  # pairs of words that are compared together


@dataclass(frozen=True, slots=True)
class _Table:
    """Short texts, a column each: the numbers of their words, and which of these come for the first time in the text."""

    rows: Array  # of the texts, sorted
    texts: list[Sequence[str]]
    numbers: Array  # of words, a text in each column, -1 behind its end
    first: Array


def _table(short: Mapping[int, Sequence[str]], rows: Array) -> _Table:
    texts = [short[row] for row in rows.tolist()]
    lengths = np.array([len(text) for text in texts], np.int64)
    hashes = np.fromiter(map(hash, chain.from_iterable(texts)), np.int64, int(lengths.sum()))
    numbers = in_columns(numbered(hashes)[1], lengths, -1)
    first = numbers >= 0
    for place in range(1, len(numbers)):
        first[place] &= (numbers[:place] != numbers[place]).all(0)
    return _Table(rows, texts, numbers, first)


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
    """Return which pairs of short texts share most words, with a Jaccard of `SHORT_JACCARD`, as a mask, and the probability that they say
    the same, 0..1, float64; 0 for the pairs that do not share most words.

    ``short`` holds the folded words of each row. The probability is that of `check_story`.
    """
    table = _table(short, sorted_unique(np.concatenate((left, right))))
    one, other = np.searchsorted(table.rows, left), np.searchsorted(table.rows, right)
    shared, probability = np.zeros(len(left), bool), np.zeros(len(left))
    step = max(1, _CELLS // max(1, len(table.numbers) ** 2))
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        shared[part] = _share_most(table, one[part], other[part])
    chosen = np.flatnonzero(shared)
    rows = sorted_unique(np.concatenate((one[chosen], other[chosen])))
    read = [Headline.of(table.texts[row]) for row in rows.tolist()]
    probability[chosen] = story_probabilities(read, np.searchsorted(rows, one[chosen]), np.searchsorted(rows, other[chosen]))
    return shared, probability


def _share_most(table: _Table, one: Array, other: Array) -> Array:
    equal = table.numbers[:, one][:, None, :] == table.numbers[:, other][None, :, :]
    counts = table.first.sum(0)
    common = (table.first[:, one] & equal.any(1)).sum(0)
    shared: Array = common >= SHORT_JACCARD * (counts[one] + counts[other] - common)
    return shared
