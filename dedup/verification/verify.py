"""Verification: candidates are measured, aligned and related, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..model import Relation
from .features import measure, similarities
from .relations import RELATIONS, align, relate, relate_short


def relate_pairs(
    words: Ragged,
    short: Mapping[int, Sequence[str]],
    pairs: tuple[Array, Array],
    distinctive: Array,
    identical: Array,
    known: bool,
    config: Config,
) -> Array:
    """Return the pairs of rows that have a relation, as `PAIR`.

    ``short`` has the folded words of short texts, by row. ``distinctive`` is the share of distinctive fingerprints of each pair, as made by
    `distinctive_shares`, and ``identical`` is a mask of the pairs of exact copies. ``known`` says whether it is known what recurs.
    """
    copies = {*zip(*(side[identical].tolist() for side in pairs), strict=True)}
    found = measure(words, *pairs, distinctive, config)
    align(found, words, known, config)
    found["relation"] = relate(found, known, config)
    relate_short(found, short)
    if copies:
        places = [place for place, pair in enumerate(found[["left", "right"]].tolist()) if pair in copies]
        found["relation"][places] = RELATIONS.index(Relation.IDENTICAL)
    related = np.asarray(found[found["relation"] >= 0])
    related["similarity"] = similarities(words, related["left"], related["right"])
    return related
