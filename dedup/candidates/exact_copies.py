"""Exact copies: texts with the same words in the same order. Candidates are searched for the first of them only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product

import numpy as np

from ..arrays.hashing import mix64
from ..arrays.ragged import Array, Ragged, first_places, sorted_unique
from ..config import Config
from ..sketch.shingle import hash_rows


def first_copies(words: Ragged) -> Array:
    """Return for each row its first exact copy: the first row with the same words in the same order; -1 for a row without words."""
    filled = np.flatnonzero(words.lengths)
    starts, lengths = words.offsets[filled], words.lengths[filled]
    # Exact copies have one length, and the same words at these four places.
    keys = lengths.astype(np.uint64)
    for places in (starts, starts + lengths // 3, starts + lengths // 3 * 2, starts + lengths - 1):
        keys = mix64(keys ^ words.values.take(places))
    first = np.full(len(words), -1, np.int64)
    first[filled] = filled
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    unsure = sorted_unique(filled[order[np.concatenate((same, same + 1))]])
    first[unsure] = unsure[first_places(hash_rows(words.take(unsure)))]
    return first


def unique_rows(words: Ragged, first: Array, config: Config) -> Array:
    """Return the rows that are long enough to match, of exact copies only the first. Document frequencies are counted in these rows.

    ``first`` as made by `first_copies`.
    """
    return np.flatnonzero((first == np.arange(len(words))) & (words.lengths >= config.min_words))


def pairs_between(left: Sequence[int], right: Sequence[int], limit: int) -> Iterable[tuple[int, int]]:
    """Return the pairs between the exact copies of two texts. Of more than ``limit`` pairs only the first is returned.

    >>> [*pairs_between([1, 4], [2], 64)], [*pairs_between([1, 4], [2], 1)]
    ([(1, 2), (4, 2)], [(1, 2)])
    """
    return product(left, right) if len(left) * len(right) <= limit else ((left[0], right[0]),)


def pairs_among(rows: Sequence[int], limit: int) -> Iterable[tuple[int, int]]:
    """Return the pairs among the exact copies of one text. If there are more than ``limit`` copies, each is paired with the first only.

    >>> [*pairs_among([1, 4, 6], 64)], [*pairs_among([1, 4, 6], 2)]
    ([(1, 4), (1, 6), (4, 6)], [(1, 4), (1, 6)])
    """
    return combinations(rows, 2) if len(rows) <= limit else product(rows[:1], rows[1:])
