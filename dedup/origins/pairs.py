"""Pairs of texts of one story: how probable it is that their narration comes from one text.

It is not asked whether they are duplicates, but whether one of them would have been written without the other, or without the text that
both have: a short text may be cut from a long one, and two long ones may share only what somebody said.
"""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..arrays.ragged import Array, Ragged
from ..config import Config
from ..verification.features import measure
from ..verification.model import model_of, probability
from .narration import Narrations

EVIDENCE: tuple[str, ...] = (
    "duplicate", "template", "held_short", "held_long", "lead_short", "lead_long", "kind", "substituted", "quoted", "whole_short",
    "whole_long", "length",
)  # fmt: skip
_LEAD = 40  # words
_ODDS = 5.0  # log-odds beyond which nothing more is told


def _shares(sets: Ragged, one: Array, other: Array) -> Array:
    """Return for each pair of rows the share of the first row's values that the second has."""
    shared = kernels.engine().share(sets, one, other, 0)[0].astype(np.float64)
    sizes = sets.lengths[one]
    found: Array = np.divide(shared, sizes, out=np.zeros(len(one)), where=sizes > 0)
    return found


def pair_evidence(found: Narrations, left: Array, right: Array, config: Config) -> Array:
    """Return the evidence of pairs of rows, float64 of shape ``(pairs, len(EVIDENCE))``. It does not depend on the order of a pair."""
    told = found.parts(quoted=False)
    lengths = told.lengths
    rows = np.arange(len(lengths))
    turned = (lengths[left] > lengths[right]) | ((lengths[left] == lengths[right]) & (left > right))
    short, long = np.where(turned, right, left), np.where(turned, left, right)
    measured = measure(told, short, long, config, least=0.0)
    odds = model_of(config).log_odds(measured)
    others = model_of(config).probabilities(measured)[1]
    engine, size = kernels.engine(), config.shingle_words
    narration, whole = engine.shingle_sets(told, rows, size), engine.shingle_sets(found.words, rows, size)
    leads = Ragged.joined((narration, engine.shingle_sets(told.heads(rows, _LEAD), rows, size)), np.uint64)
    quoted = found.words.lengths - lengths
    parts = {
        "duplicate": np.clip(odds, -_ODDS, _ODDS),
        "template": others[:, 1],
        "held_short": _shares(narration, short, long),
        "held_long": _shares(narration, long, short),
        "lead_short": _shares(leads, short + len(rows), long),
        "lead_long": _shares(leads, long + len(rows), short),
        "kind": measured["kind"],
        "substituted": np.sqrt(measured["swapped"]),
        "quoted": (quoted[short] + quoted[long]) / np.maximum(1, found.words.lengths[short] + found.words.lengths[long]),
        "whole_short": _shares(whole, short, long),
        "whole_long": _shares(whole, long, short),
        "length": np.log(np.maximum(1, lengths[short]) / np.maximum(1, lengths[long])),
    }
    return np.stack([parts[name] for name in EVIDENCE], axis=1)


def same_origin(found: Narrations, rows: Array, config: Config) -> Array:
    """Return for all pairs of these rows the probability that they have one origin, float64, symmetric."""
    likely = np.ones((len(rows), len(rows)))
    one, other = np.triu_indices(len(rows), 1)
    if len(one):
        evidence = pair_evidence(found, rows[one], rows[other], config)
        odds = 8 * (evidence[:, EVIDENCE.index("held_short")] - 0.4)
        likely[one, other] = likely[other, one] = probability(odds)
    return likely
