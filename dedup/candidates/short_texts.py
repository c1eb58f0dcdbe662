"""Candidates among short texts: their words take the place of shingles in signatures and bands."""

from __future__ import annotations

from ..arrays.hashing import shingle
from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..sketch.minhash import signatures
from .lsh import SHORT_JACCARD, Bands, band_keys, choose_bands


def word_signatures(words: Ragged, rows: Array, config: Config) -> Array:
    """Return the signatures of the words of these rows, uint32 of shape ``(rows, num_perm)``."""
    return signatures(shingle(words.take(rows), 1), config.num_perm, config.seed)


def word_bands(config: Config) -> Bands:
    """Return the bands of such signatures: two short texts with a Jaccard of words of `SHORT_JACCARD` share one with ``recall``."""
    return choose_bands(config.num_perm, SHORT_JACCARD, config.recall)


def word_band_keys(words: Ragged, rows: Array, config: Config, *, wide: bool = False) -> Array:
    """Return the keys of these bands for these rows of words, as `band_keys` does.

    >>> import numpy as np
    >>> words = Ragged(np.array([16, 32, 32, 16], np.uint32), np.array([0, 2, 4]))
    >>> one, other = word_band_keys(words, np.arange(2), Config()).tolist()
    >>> one == other
    True
    """
    return band_keys(word_signatures(words, rows, config), word_bands(config), wide=wide)
