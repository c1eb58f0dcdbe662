"""Edits: where one text goes on with another word than most that share the words before it.

An edit is a substituted word, a slip, the seam of a cut or of what was put in: each is one place, however long it is. A text that has an
edit of its own was changed from what the others have, and what it is a model of has its edits too: copies are known by the errors that
they share (Maas 1927, Textkritik; Greg 1927, The Calculus of Variants).
"""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..sketch.shingle import run_hashes

_BEFORE = 3  # words that texts share before a place; fewer are a phrase that a text may go on from in many ways
_CHUNK = 4096  # places that are counted at a time: two matrices of 16 MB for 1,000 texts


def edits(words: Ragged) -> Array:
    """Return for all pairs of rows at how many places the first has what most have, and the second something else; float64.

    A place is three words that a row has once. It is counted where one word follows in at least two rows, and in more rows than any other.

    >>> from dedup.sketch.shingle import hash_words
    >>> texts = ["the old bridge fell on Monday", "the old bridge fell on Tuesday", "the old bridge fell on Monday night"]
    >>> edits(hash_words(texts)).tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    size = len(words)
    found = np.zeros((size, size))
    places, rows, usual = _places(words)
    for start in range(0, int(places.max(initial=-1)) + 1, _CHUNK):
        here = (places >= start) & (places < start + _CHUNK)
        has = np.zeros((2, size, min(_CHUNK, int(places.max()) + 1 - start)), np.float32)
        has[usual[here].astype(np.int64), rows[here], places[here] - start] = 1.0
        found += has[1] @ has[0].T
    return found


def _places(words: Ragged) -> tuple[Array, Array, Array]:
    """Return the number of a place, a row, and whether the row has what most have there, for each row with a word at each place where rows
    differ."""
    mask, _, short = words.window_starts(_BEFORE + 1)
    mask[words.offsets[short]] = False
    starts = np.flatnonzero(mask)
    before = run_hashes(words.values, _BEFORE)[starts]
    rows, after = words.owners()[starts], words.values[starts + _BEFORE]
    order = np.lexsort((after, before))
    before, rows, after = before[order], rows[order], after[order]
    once = _counts(before, rows) == 1
    before, rows, after = before[once], rows[once], after[once]
    place, form = _numbers(before), _numbers(before, after)
    counts = np.bincount(form)[form] if len(form) else form
    most = np.zeros(int(place.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, place, counts)
    usual = (counts == most[place]) & (counts > 1)
    forms = np.bincount(place[_first(form)], minlength=len(most))
    usual_forms = np.bincount(place[_first(form) & usual], minlength=len(most))
    kept = (forms[place] > 1) & (usual_forms[place] == 1)
    return _numbers(place[kept]), rows[kept], usual[kept]


def _first(sorted_numbers: Array) -> Array:
    """Return a mask of where each number of a sorted array stands first."""
    found: Array = np.concatenate((np.ones(min(1, len(sorted_numbers)), bool), np.diff(sorted_numbers) > 0))
    return found


def _numbers(*columns: Array) -> Array:
    """Return for each row of sorted columns the number of its value, from 0."""
    new = np.zeros(len(columns[0]), bool)
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.cumsum(new)


def _counts(*columns: Array) -> Array:
    """Return for each row how many rows have the same values."""
    order = np.lexsort(columns[::-1])
    numbers = _numbers(*(column[order] for column in columns))
    found = np.zeros(len(order), np.int64)
    found[order] = np.bincount(numbers)[numbers] if len(numbers) else 0
    return found
