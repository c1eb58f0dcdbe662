"""Proposed pairs to related ones: measure, align, relate, in the order in which each needs the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from . import verify
from .config import Config
from .measure import measure, similarities
from .model import Relation
from .ragged import Array, Ragged


def relate_pairs(
    words: Ragged,
    short: Mapping[int, Sequence[str]],
    pairs: tuple[Array, Array],
    fresh: Array,
    identical: Array,
    known: bool,
    config: Config,
) -> Array:
    """Return those of the pairs of rows that have a relation, as `dedup.measure.PAIR`.

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
