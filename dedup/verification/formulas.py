"""Formulas: the words of notices that recur with other facts, such as the weather of another day.

The words are in ``formulas/LANGUAGE.json``, by the kind of notice. They were written for this project from knowledge of the language of
news agencies, without a corpus.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged, part_starts
from ..sketch.shingle import hash_words
from ..text.words import WEIGHT_BITS

LANGUAGES = "ar", "de", "en", "es", "fa", "fr", "it", "pt", "ru", "tr", "ur"
_WEIGHT = (1 << WEIGHT_BITS) - 1
_SHIFT = 18  # lower bits of a hash that are not its upper part


@dataclass(frozen=True, slots=True)
class FormulaWords:
    """The hashes of words of formulas, sorted, uint32, and for each the kinds of notices that it belongs to: a bit for each of ``kinds``.

    ``starts`` says where those with each upper part begin, as `Kernels.pick` needs it.
    """

    kinds: tuple[str, ...]
    words: Array
    bits: Array
    starts: Array


@lru_cache(maxsize=1)
def formula_words() -> FormulaWords:
    """Return the words of formulas of all languages: weather is one kind in all of them."""
    lists: dict[str, list[str]] = {}
    for language in LANGUAGES:
        read: dict[str, list[str]] = json.loads((files("dedup.verification") / "formulas" / f"{language}.json").read_text("utf-8"))
        for kind, words in read.items():
            lists.setdefault(kind, []).extend(words)
    kinds = tuple(sorted(lists))
    hashes = hash_words([" ".join(lists[kind]) for kind in kinds])
    found, places = np.unique(hashes.values, return_inverse=True)
    bits = np.zeros(len(found), np.uint32)
    np.bitwise_or.at(bits, places, np.uint32(1) << hashes.owners().astype(np.uint32))
    return FormulaWords(kinds, found, bits, part_starts(found, _SHIFT))


def formula_weights(vocabulary: Ragged, left: Array, right: Array) -> tuple[Array, Array]:
    """Return for each pair of rows the weight of their common words that are words of formulas, and of those of one kind of notice: the
    kind that has most.

    ``vocabulary`` has the distinct words of each row, sorted.
    """
    table, engine = formula_words(), kernels.engine()
    rows, bits = engine.pick(vocabulary, table.words, table.bits, table.starts, _SHIFT)
    return engine.share_kinds(rows, bits, left, right, _WEIGHT)
