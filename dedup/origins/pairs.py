"""Pairs of texts of one story: how probable it is that their narration comes from one text.

It is not asked whether they are duplicates, but whether one of them would have been written without the other, or without the text that
both have: a short text may be cut from a long one, and two long ones may share only what somebody said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged
from ..clusters.stars import stars
from ..config import Config
from ..verification.features import measure
from ..verification.model import model_of, probability
from .narration import Narrations
from .shares import common_counts

EVIDENCE: tuple[str, ...] = (
    "duplicate", "template", "held_short", "held_long", "lead_short", "lead_long", "kind", "substituted", "quoted", "whole_short",
    "whole_long", "length",
)  # fmt: skip
"""The evidence of a pair, of which one text has the shorter narration.

``duplicate``: the log-odds of being duplicates that `dedup.verification.model` gives to their narration, and ``template`` the probability
that they are a template if they are none. ``held_short`` and ``held_long``: the share of the narration of each that the other has, and
``lead`` that of its first words, ``whole`` that of the whole text with its quotations. ``quoted``: the quoted share of both. ``length``:
the logarithm of the ratio of their lengths. The others are as in `dedup.verification.features.PAIR`.
"""
_LEAD = 40  # words
_ODDS = 5.0  # log-odds beyond which nothing more is told
_LITTLE = 0.05  # share of the shorter text below which two texts have nothing to do with each other
_NEAR, _LONG = 0.8, 40  # share of both texts that near copies share, and how many words they have at least: formulas are shorter
_MEASURED = 20_000  # pairs of one story that are measured exactly: those that share most


@dataclass(frozen=True, slots=True)
class OriginModel:
    """A logistic regression over the evidence, its products of two, and its squares; ``products`` are places in `EVIDENCE`."""

    bias: float
    weights: tuple[float, ...]
    products: tuple[tuple[int, int, float], ...]

    def probabilities(self, evidence: Array) -> Array:
        """Return for each row of evidence the probability of one origin."""
        odds = np.full(len(evidence), self.bias)
        for place, weight in enumerate(self.weights):
            odds += weight * evidence[:, place]
        for one, other, weight in self.products:
            odds += weight * evidence[:, one] * evidence[:, other]
        return probability(odds)


@lru_cache(maxsize=1)
def origin_model() -> OriginModel:
    """Return the model in ``pairs.json``, which ``bench/origins.py`` fits to labelled stories."""
    found = json.loads((files("dedup.origins") / "pairs.json").read_text("utf-8"))
    products = [(*names.split("*"), weight) for names, weight in found["products"].items()]
    places = tuple((EVIDENCE.index(one), EVIDENCE.index(other), weight) for one, other, weight in products)
    return OriginModel(found["bias"], tuple(found["weights"][name] for name in EVIDENCE), places)


@dataclass(frozen=True, slots=True)
class PairShares:
    """What all pairs of some texts share: ``held[i, j]``, ``lead[i, j]`` and ``whole[i, j]`` are shares of text i that text j has, and
    ``told`` the words of their narration."""

    told: Ragged
    held: Array
    lead: Array
    whole: Array
    quoted: Array

    def take(self, rows: Array) -> PairShares:
        """Return what all pairs of these rows share."""
        both = np.ix_(rows, rows)
        return PairShares(self.told.take(rows), self.held[both], self.lead[both], self.whole[both], self.quoted[rows])

    def pairs(self, one: Array, other: Array) -> tuple[Array, Array]:
        """Return the pairs with the text first that has the shorter narration."""
        lengths, held = self.told.lengths, self.held
        turned = (lengths[one] > lengths[other]) | ((lengths[one] == lengths[other]) & (held[one, other] < held[other, one]))
        return np.where(turned, other, one), np.where(turned, one, other)


def shared_by(found: Narrations, config: Config) -> PairShares:
    """Return what all pairs of these texts share."""
    told = found.parts(quoted=False)
    rows, engine = np.arange(len(told)), kernels.engine()
    parts = told, told.heads(rows, _LEAD), found.words, found.parts(quoted=True)
    narration, lead, whole, said = (engine.shingle_sets(words, rows, config.shingle_words) for words in parts)
    held, heads = (common_counts(sets, narration) / np.maximum(1, sets.lengths)[:, None] for sets in (narration, lead))
    both = common_counts(said, said)
    entire = (common_counts(whole, whole) - both) / np.maximum(1, whole.lengths[:, None] - both)
    return PairShares(told, held, heads, np.clip(entire, 0.0, 1.0), found.words.lengths - told.lengths)


def pair_evidence(shared: PairShares, one: Array, other: Array, config: Config) -> Array:
    """Return the evidence of pairs of rows, float64 of shape ``(pairs, len(EVIDENCE))``. It does not depend on the order of a pair."""
    short, long = shared.pairs(one, other)
    measured = measure(shared.told, short, long, config, least=0.0)
    odds = model_of(config).log_odds(measured)
    lengths = shared.told.lengths
    whole = lengths + shared.quoted
    parts = {
        "duplicate": np.clip(odds, -_ODDS, _ODDS),
        "template": model_of(config).probabilities(measured)[1][:, 1],
        "held_short": shared.held[short, long],
        "held_long": shared.held[long, short],
        "lead_short": shared.lead[short, long],
        "lead_long": shared.lead[long, short],
        "kind": measured["kind"],
        "substituted": np.sqrt(measured["swapped"]),
        "quoted": (shared.quoted[short] + shared.quoted[long]) / np.maximum(1, whole[short] + whole[long]),
        "whole_short": shared.whole[short, long],
        "whole_long": shared.whole[long, short],
        "length": np.log(np.maximum(1, lengths[short]) / np.maximum(1, lengths[long])),
    }
    return np.stack([parts[name] for name in EVIDENCE], axis=1)


def same_origin(shared: PairShares, config: Config) -> Array:
    """Return for all pairs of texts the probability that they have one origin, float64, symmetric.

    Pairs that share next to nothing have 0. Of very many pairs those that share most are measured, and the others have 0 too.
    """
    most = np.maximum(np.maximum(shared.held, shared.held.T), np.maximum(shared.whole, shared.whole.T))
    one, other = np.nonzero(np.triu(most >= _LITTLE, 1))
    if len(one) > _MEASURED:
        kept = np.sort(np.lexsort((other, one, -most[one, other].round(6)))[:_MEASURED])
        one, other = one[kept], other[kept]
    likely = np.eye(len(most))
    if len(one):
        likely[one, other] = likely[other, one] = origin_model().probabilities(pair_evidence(shared, one, other, config))
    return likely


def near_copies(shared: PairShares) -> list[list[int]]:
    """Return the rows in groups of texts that share nearly all of their narration with the first one of the group.

    That is the row with most such texts, then the longest, then the first.
    """
    near = np.minimum(shared.held, shared.held.T) >= _NEAR
    near[shared.told.lengths < _LONG] = False
    near = near & near.T
    np.fill_diagonal(near, False)
    order = np.lexsort((np.arange(len(near)), -shared.told.lengths, -near.sum(axis=1)))
    return [*stars((int(row), np.flatnonzero(near[row]).tolist()) for row in order)]
