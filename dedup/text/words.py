"""Words: where they begin and end in folded text, and their weights."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array
from .edges import SEPARATOR, UNSPACED, glued

WEIGHT_BITS = 4
"""Number of the last bits of a word's hash that hold its weight."""
_LONGEST = 12  # letters: a longer word has the same weight
_NUMBER = 6  # weight of a number
_DIGITS = np.uint32(10)


def word_edges(codes: Array) -> tuple[Array, Array]:
    """Return where words start and end in folded codes, as made by `fold_batch`.

    A word ends where a digit meets a letter, see `edges`. In an unspaced script each letter starts a word: this letter and the next
    one, or this letter alone before a break.
    """
    inside = codes != SEPARATOR
    unspaced = (codes & np.uint32(UNSPACED)) != 0
    before = np.concatenate(([False], inside[:-1]))
    after = np.concatenate((inside[1:], [False]))
    cuts = glued(codes)
    before[cuts] = after[cuts - 1] = False
    if not unspaced.any():
        return np.flatnonzero(inside & ~before), np.flatnonzero(inside & ~after) + 1
    unspaced_before = np.concatenate(([False], unspaced[:-1]))
    unspaced_after = np.concatenate((unspaced[1:], [False]))
    starts = np.flatnonzero(inside & (~before | unspaced | unspaced_before))
    ends = np.flatnonzero(inside & (~after | unspaced | unspaced_after)) + 1
    return starts, ends + (unspaced[starts] & unspaced_after[starts])


def word_weights(codes: Array, starts: Array, ends: Array) -> Array:
    """Return the weights of words, uint32: one less than their letters, at most eleven; six for a number."""
    numeric = (codes[starts] - np.uint32(ord("0"))) < _DIGITS
    return np.where(numeric, _NUMBER, np.minimum(ends - starts, _LONGEST) - 1).astype(np.uint32)


def word_weight(word: str) -> int:
    """Return the weight of one folded word.

    >>> [word_weight(word) for word in ("in", "mayor", "constitutional", "2026")]
    [1, 4, 11, 6]
    """
    return _NUMBER if "0" <= word[0] <= "9" else min(len(word), _LONGEST) - 1
