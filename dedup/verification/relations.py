"""Relations: the one rule that gives each measured pair a relation, or none."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array
from ..config import Config
from ..model import Relation
from .model import OTHERS, model_of, probability
from .short_table import ShortTable

_WITHIN = 0.5  # containment of the larger text of a pair in which one contains the other: at most

_REWRITE = 0.2  # probability of a duplicate below which nothing is told in other words: texts about one subject share words as well

RELATIONS: tuple[Relation, ...] = tuple(Relation)
_PLACE = {relation: place for place, relation in enumerate(RELATIONS)}


def least_share(threshold: float) -> float:
    """Return the containment that a Jaccard of ``threshold`` implies: that of two texts of one length, the smallest there is.

    >>> least_share(0.5), least_share(1.0)
    (0.6666666666666666, 1.0)
    """
    return 2 * threshold / (1 + threshold)


def is_alike(pairs: Array, config: Config) -> Array:
    """Return which pairs share as much as ``config.threshold`` asks for, as a mask: that of one text, at least, which it implies."""
    alike: Array = np.maximum(pairs["containment_a"], pairs["containment_b"]) >= least_share(config.threshold)
    return alike


def _shares_passage(pairs: Array, config: Config) -> Array:
    most = np.maximum(pairs["containment_a"], pairs["containment_b"])
    passage: Array = (most >= config.reuse) & (pairs["shared"] >= config.passage_words - config.shingle_words + 1)
    return passage


def may_be_related(pairs: Array, config: Config) -> Array:
    """Return which pairs may have a relation, as a mask, before they are aligned: the share of substituted words is the largest possible.

    The log-odds are linear in the square root of that share, so they are largest at one of its ends.
    """
    none = pairs.copy()
    none["swapped"] = 0.0
    odds = np.maximum(*(model_of(config).log_odds(each) for each in (pairs, none)))
    likely = probability(odds) >= min(_REWRITE, config.min_probability)
    related: Array = (likely | _shares_passage(pairs, config) | (pairs["jaccard"] == 1)) & is_alike(pairs, config)
    return related


def relate(pairs: Array, config: Config) -> None:
    """Give pairs, as made by `measure`, their probability and their relation, in place: a place in `RELATIONS`, -1 for none.

    The texts are not identical, and not below the evidence limit. A pair is a duplicate if that is at least as probable as
    ``config.min_probability``. Which one its shares say: one text contains the other if it has most of it and not the other way round, else
    it is a revision. A pair that is none is the most probable of the others; a template and a reuse need a shared passage.
    """
    if not len(pairs):
        return
    duplicate, others = model_of(config).probabilities(pairs)
    pairs["probability"] = duplicate
    most, least = (pick(pairs["containment_a"], pairs["containment_b"]) for pick in (np.maximum, np.minimum))
    passage = _shares_passage(pairs, config)
    likely = np.argmax(others, axis=1)
    larger_a = pairs["containment_b"] > pairs["containment_a"]
    said = duplicate >= config.min_probability
    held = said & (least < _WITHIN) & (most >= _WITHIN)
    relations = np.full(len(pairs), -1, np.int8)
    for where, relation in (
        (passage, Relation.REUSE),
        (passage & (likely == OTHERS.index("template")), Relation.TEMPLATE),
        ((likely == OTHERS.index("rewrite")) & (duplicate >= _REWRITE), Relation.REWRITE),
        (said, Relation.REVISION),
        (held & larger_a, Relation.CONTAINS),
        (held & ~larger_a, Relation.CONTAINED_IN),
        (~is_alike(pairs, config), None),
    ):
        relations[where] = -1 if relation is None else _PLACE[relation]
    pairs["relation"] = relations


def relate_short(pairs: Array, short: ShortTable, config: Config) -> None:
    """Relate the pairs of two short texts, in place."""
    both = np.flatnonzero(short.are_short(pairs["left"], pairs["right"]))
    if not len(both):
        return
    shared, says_same = short.compare(pairs["left"][both], pairs["right"][both])
    relations = pairs["relation"][both]
    otherwise = np.where(relations >= 0, _PLACE[Relation.TEMPLATE], relations)
    found = np.where(shared, np.where(says_same >= config.min_probability, _PLACE[Relation.REVISION], otherwise), -1)
    pairs["relation"][both] = np.where(is_alike(pairs[both], config), found, -1)
    pairs["probability"][both] = says_same


def counts_as_duplicate(relation: Relation, config: Config) -> bool:
    """Tell whether texts with this relation are duplicates under these settings."""
    return relation.duplicate or relation.value == config.duplicates_include


def is_duplicate(pairs: Array, config: Config) -> Array:
    """Return which of these related pairs are duplicates, as a mask."""
    return np.isin(pairs["relation"], [place for place, relation in enumerate(RELATIONS) if counts_as_duplicate(relation, config)])
