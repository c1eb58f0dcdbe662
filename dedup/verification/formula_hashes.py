"""Makes ``formulas.json`` from the words of formulas that people edit: their hashes, and the kinds of notices that they belong to.

``python bench/prepared_lists.py`` writes what is made here. A run reads it, in place of hashing all words.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np

from ..arrays.ragged import numbered
from ..sketch.shingle import hash_words
from ..text.fold import FOLD_VERSION
from ..text.package_data import package_json

LANGUAGES = "ar", "de", "en", "es", "fa", "fr", "it", "pt", "ru", "tr", "ur"


def made_formulas() -> dict[str, Any]:
    """Return the kinds of notices, and the hashes of their words, sorted, with a bit for each kind: little-endian uint32 in base64."""
    lists: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for kind, words in package_json(__spec__, "formulas", f"{language}.json").items():
            lists.setdefault(kind, []).extend(words)
    kinds = sorted(lists)
    hashes = hash_words([" ".join(lists[kind]) for kind in kinds])
    found, places = numbered(hashes.values)
    bits = np.zeros(len(found), np.uint32)
    np.bitwise_or.at(bits, places, np.uint32(1) << hashes.owners().astype(np.uint32))
    made = {name: b64encode(values.astype("<u4").tobytes()).decode("ascii") for name, values in (("words", found), ("bits", bits))}
    return {"fold_version": FOLD_VERSION, "kinds": kinds, **made}
