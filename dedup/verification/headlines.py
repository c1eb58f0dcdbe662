"""Headlines and other short texts, compared word by word: the substituted words decide, not the shared ones.

A headline about another fact often has the same words in the same order, with one substituted. A headline that says the same in other words
changes their order and their forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import Indel, Levenshtein
from rapidfuzz.process import cpdist

from ..arrays.ragged import Array, sorted_unique
from ..candidates.lsh import SHORT_JACCARD
from ..text.words import word_weight

_VARIANT = 0.6  # two words with at least this similarity of letters are forms of one word
_SUBSTITUTED = 0.07  # largest weighted share of substituted words in a duplicate
_NEW = 0.15  # largest weighted share of new words, of which the other text has no form, in a duplicate
_CELLS = 1 << 20  # pairs of words that are compared together


@dataclass(frozen=True, slots=True)
class _Table:
    """Short texts, a row each: the numbers of their words, which of these come for the first time in the text, and their weights."""

    rows: Array  # of the texts, sorted
    texts: list[Sequence[str]]
    words: list[str]  # by number
    numbers: Array  # of words, a text in each row, -1 behind its end
    first: Array
    weights: Array  # zero behind the end

    def totals(self) -> Array:
        """Return the weight of the distinct words of each text."""
        total: Array = (self.weights * self.first).sum(1)
        return total


def _table(short: Mapping[int, Sequence[str]], rows: Array) -> _Table:
    known: dict[str, int] = {}
    texts = [short[row] for row in rows.tolist()]
    numbers = np.full((len(texts), max(map(len, texts), default=0)), -1, np.int64)
    for place, text in enumerate(texts):
        numbers[place, : len(text)] = [known.setdefault(word, len(known)) for word in text]
    first = numbers >= 0
    for place in range(1, numbers.shape[1]):
        first[:, place] &= (numbers[:, :place] != numbers[:, place : place + 1]).all(1)
    words = [*known]
    weights = np.array([*map(word_weight, words), 0], np.int64)  # the last one is the weight behind the end of a text
    return _Table(rows, texts, words, numbers, first, weights[numbers])


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
    return bool(compare_short({0: a, 1: b}, np.array([0]), np.array([1]), least=0.0)[1][0])


def compare_short(short: Mapping[int, Sequence[str]], left: Array, right: Array, *, least: float = SHORT_JACCARD) -> tuple[Array, Array]:
    """Return which pairs of short texts share most words, with a Jaccard of at least ``least``, and which of these say the same, as masks.

    ``short`` holds the folded words of each row.
    """
    table = _table(short, sorted_unique(np.concatenate((left, right))))
    one, other = np.searchsorted(table.rows, left), np.searchsorted(table.rows, right)
    shared, same = np.zeros(len(left), bool), np.zeros(len(left), bool)
    step = max(1, _CELLS // max(1, table.numbers.shape[1] ** 2))
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        shared[part], same[part] = _compare(table, one[part], other[part], least)
    return shared, same


def _compare(table: _Table, one: Array, other: Array, least: float) -> tuple[Array, Array]:
    equal = table.numbers[one][:, :, None] == table.numbers[other][:, None, :]
    own = table.first[one] & ~equal.any(2), table.first[other] & ~equal.any(1)
    counts = table.first.sum(1)
    common = counts[one] - own[0].sum(1)
    shared: Array = common >= least * (counts[one] + counts[other] - common)
    chosen = np.flatnonzero(shared)
    one, other = one[chosen], other[chosen]
    without = _without_forms(table, one, other, own[0][chosen], own[1][chosen])
    weights = [(table.weights[side] * mask).sum(1) for side, mask in zip((one, other), without, strict=True)]
    totals = table.totals()
    lighter = np.maximum(np.minimum(totals[one], totals[other]), 1)
    says = np.minimum(*weights) <= _NEW * lighter
    # If no word is repeated, the substituted words weigh at most as much as the new words of the lighter side.
    repeated: Array = (table.numbers >= 0).sum(1) > counts
    unsure: Array = says & ((np.minimum(*weights) > _SUBSTITUTED * lighter) | repeated[one] | repeated[other])
    for place, a, b in zip(np.flatnonzero(unsure).tolist(), one[unsure].tolist(), other[unsure].tolist(), strict=True):
        sides = [(table.texts[row], _own(table, row, mask[place])) for row, mask in zip((a, b), without, strict=True)]
        says[place] = _substituted_weight(*sides) <= _SUBSTITUTED * lighter[place]
    same = np.zeros(len(shared), bool)
    same[chosen] = says
    return shared, same


def _without_forms(table: _Table, one: Array, other: Array, own: Array, own_other: Array) -> tuple[Array, Array]:
    """Return the new words of each side of the pairs, as masks: words of which the other text has no form."""
    pair, here, there = np.nonzero(own[:, :, None] & own_other[:, None, :])
    codes = table.numbers[one[pair], here] * len(table.words) + table.numbers[other[pair], there]
    every = sorted_unique(codes)
    sides: list[list[Any]] = [[table.words[number] for number in side.tolist()] for side in np.divmod(every, max(1, len(table.words)))]
    similar = cpdist(*sides, scorer=Indel.normalized_similarity, dtype=np.float64) >= _VARIANT if len(every) else np.zeros(0, bool)
    forms = similar[np.searchsorted(every, codes)]
    own, own_other = own.copy(), own_other.copy()
    own[pair[forms], here[forms]] = False
    own_other[pair[forms], there[forms]] = False
    return own, own_other


def _own(table: _Table, row: int, own: Array) -> set[str]:
    return {table.words[number] for number in table.numbers[row][own].tolist()}


def _substituted_weight(*sides: tuple[Sequence[str], set[str]]) -> int:
    """Return the weight of the substituted words of two texts; in each place the lighter side counts."""
    (a, own_a), (b, own_b) = sorted(sides, key=lambda side: (len(side[0]), *side[0]))  # an alignment depends on the order
    weight = 0
    for step in Levenshtein.opcodes(a, b):
        if step.tag == "replace":
            one = sum(word_weight(word) for word in a[step.src_start : step.src_end] if word in own_a)
            weight += min(one, sum(word_weight(word) for word in b[step.dest_start : step.dest_end] if word in own_b))
    return weight
