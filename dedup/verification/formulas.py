"""Formulas: the words of notices that recur with other facts, such as the weather of another day.

The words are in ``formulas/LANGUAGE.json``, by the kind of notice. They were written for this project from knowledge of the language of
news agencies, without a corpus. What is read here is made of them: ``formulas.json``, see `formula_hashes`.
"""

from __future__ import annotations

from binascii import a2b_base64
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged, part_starts
from ..text.package_data import package_json
from ..text.words import WEIGHT_BITS

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
    made = package_json(__spec__, "formulas.json")
    words, bits = (np.frombuffer(a2b_base64(made[name]), "<u4").astype(np.uint32) for name in ("words", "bits"))
    return FormulaWords(tuple(made["kinds"]), words, bits, part_starts(words, _SHIFT))


def formula_weights(vocabulary: Ragged, left: Array, right: Array) -> tuple[Array, Array]:
    """Return for each pair of rows the weight of their common words that are words of formulas, and of those of one kind of notice: the
    kind that has most.

    ``vocabulary`` has the distinct words of each row, sorted.
    """
    table, engine = formula_words(), kernels.engine()
    rows, bits = engine.pick(vocabulary, table.words, table.bits, table.starts, _SHIFT)
    return engine.share_kinds(rows, bits, left, right, _WEIGHT)
