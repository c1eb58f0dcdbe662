"""Formulas: the words of notices that recur with other facts, such as the weather of another day, and how much of a pair they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged
from ..sketch.shingle import hash_words
from ..text.words import WEIGHT_BITS

LANGUAGES = "ar", "en", "fa", "fr", "tr", "ur"
_WEIGHT = (1 << WEIGHT_BITS) - 1


@dataclass(frozen=True, slots=True)
class FormulaWords:
    """The hashes of words of formulas, sorted, and for each the genres that it belongs to: a bit for each of ``genres``."""

    genres: tuple[str, ...]
    words: Array
    bits: Array


@lru_cache(maxsize=1)
def formula_words() -> FormulaWords:
    """Return the words of formulas in all languages. One genre has the words of all languages."""
    lists: dict[str, list[str]] = {}
    for language in LANGUAGES:
        read: dict[str, list[str]] = json.loads((files("dedup.verification") / "formulas" / f"{language}.json").read_text("utf-8"))
        for genre, words in read.items():
            lists.setdefault(genre, []).extend(words)
    genres = tuple(sorted(lists))
    bits: dict[int, int] = {}
    for place, genre in enumerate(genres):
        for word in hash_words([" ".join(lists[genre])]).values.tolist():
            bits[word] = bits.get(word, 0) | 1 << place
    order = sorted(bits)
    return FormulaWords(genres, np.array(order, np.uint64), np.array([bits[word] for word in order], np.uint32))


def formula_weights(vocabulary: Ragged, left: Array, right: Array) -> Array:
    """Return for each pair of rows the weight of their common words that are words of one genre of formulas, of the genre that has most.

    ``vocabulary`` has the distinct words of each row, sorted.
    """
    table = formula_words()
    places = np.minimum(np.searchsorted(table.words, vocabulary.values), len(table.words) - 1)
    known = table.words[places] == vocabulary.values
    bits = np.where(known, table.bits[places], np.uint32(0))
    most = np.zeros(len(left))
    for place in range(len(table.genres)):
        inside = (bits >> np.uint32(place)) & np.uint32(1) == 1
        rows = Ragged(vocabulary.values[inside], np.concatenate(([0], np.cumsum(inside)))[vocabulary.offsets])
        np.maximum(most, kernels.engine().share(rows, left, right, _WEIGHT)[1], out=most)
    return most
