"""Proposed pairs to related ones: measure, align, relate, in the order in which each needs the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..model import Relation
from . import relations as verify
from .features import measure, similarities


def relate_pairs(
    words: Ragged,
    short: Mapping[int, Sequence[str]],
    pairs: tuple[Array, Array],
    fresh: Array,
    identical: Array,
    known: bool,
    config: Config,
) -> Array:
    """Return those of the pairs of rows that have a relation, as `PAIR`.

    ``short`` are the folded words of short texts, by row; ``fresh`` the shares of fingerprints that both have and that do not recur, and
    ``identical`` a mask, by pair; ``known`` tells whether it is known what recurs.
    """
    same = {*zip(*(side[identical].tolist() for side in pairs), strict=True)}
    found = measure(words, *pairs, fresh, config)
    verify.align(found, words, known, config)
    found["relation"] = verify.relate(found, known, config)
    verify.relate_short(found, short)
    if same:
        places = [place for place, pair in enumerate(found[["left", "right"]].tolist()) if pair in same]
        found["relation"][places] = verify.RELATIONS.index(Relation.IDENTICAL)
    related = np.asarray(found[found["relation"] >= 0])
    related["similarity"] = similarities(words, related["left"], related["right"])
    return related
