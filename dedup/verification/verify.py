"""Verification: candidates are measured and related, in this order."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..model import Relation
from .features import measure
from .relations import RELATIONS, may_be_related, relate, relate_short
from .short_table import ShortTable


def relate_pairs(words: Ragged, short: ShortTable, pairs: tuple[Array, Array], identical: Array, config: Config) -> Array:
    """Return the pairs of rows that have a relation, as `PAIR`.

    ``short`` has the short texts of these pairs, and maybe others. ``identical`` is a mask of the pairs of exact copies.
    """
    copies = {*zip(*(side[identical].tolist() for side in pairs), strict=True)}
    kept = short.may_be_related(*pairs) | identical  # copies may differ in words of one hash
    found = measure(words, pairs[0][kept], pairs[1][kept], config, keep=may_be_related)
    relate(found, config)
    relate_short(found, short, config)
    if copies:
        places = [place for place, pair in enumerate(found[["left", "right"]].tolist()) if pair in copies]
        found["relation"][places] = RELATIONS.index(Relation.IDENTICAL)
        found["probability"][places] = 1.0
    return np.asarray(found[found["relation"] >= 0])
