"""The model: how probable it is that a measured pair are duplicates, and which other relation is the most probable one.

Two logistic regressions over a few numbers, the evidence of a pair. Their weights are in ``model.json``, written by ``bench/model.py``. The
first tells duplicates from all others, the second which of the others a pair is. The evidence is that of the two texts alone, so a pair is
decided alike alone and among millions. Only a background, where one is given, adds what an archive knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..arrays.ragged import Array
from ..config import EVIDENCE, Config
from ..text.package_data import package_json

BACKGROUND: tuple[str, ...] = ("recurring_substituted", "recurring_unlisted", "recurring_unlisted_substituted")
"""The evidence of a background, in the order of `background_evidence`. It is 0 without one, and weighs nothing then."""
_LISTED = 0.05  # of the common words: where fewer are words of formulas, the language may be one of which they are not listed
OTHERS: tuple[str, ...] = ("rewrite", "template", "other")
"""What a pair is that is no duplicate: ``other`` is a reuse where a passage is shared, else nothing."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A bias, and a weight for each of `EVIDENCE` or `BACKGROUND`."""

    bias: float
    weights: tuple[float, ...]

    def scores(self, centred: Array) -> Array:
        """Return the log-odds of rows of centred evidence, float64. Terms are added in their order, so that every machine has the same."""
        total = np.full(len(centred), self.bias)
        for place, weight in enumerate(self.weights):
            total += weight * centred[:, place]
        return total


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of both regressions, and the means of the evidence, from which it is counted. ``background`` is added to the log-odds of
    ``duplicate``: it has no bias, and no weight above 0."""

    means: tuple[float, ...]
    duplicate: Weights
    background: Weights
    others: tuple[Weights, ...]

    def centred(self, pairs: Array) -> Array:
        """Return the evidence of pairs less its means."""
        found: Array = evidence_of(pairs) - np.array(self.means)
        return found

    def log_odds(self, pairs: Array) -> Array:
        """Return for each pair the log-odds of being duplicates."""
        return self._log_odds(pairs, self.centred(pairs))

    def _log_odds(self, pairs: Array, centred: Array) -> Array:
        return self.duplicate.scores(centred) + self.background.scores(background_evidence(pairs))

    def probabilities(self, pairs: Array) -> tuple[Array, Array]:
        """Return for each pair the probability of being duplicates, and those of `OTHERS` for one that is not, a column each."""
        centred = self.centred(pairs)
        scores = np.stack([weights.scores(centred) for weights in self.others])
        powers = np.exp(scores - scores.max(axis=0))
        return probability(self._log_odds(pairs, centred)), (powers / powers.sum(axis=0)).T


def probability(scores: Array) -> Array:
    """Return the probabilities that log-odds mean.

    >>> probability(np.array([-1000.0, 0.0, 1000.0])).round(3).tolist()
    [0.0, 0.5, 1.0]
    """
    found: Array = 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
    return found


def _log_odds(shares: Array, least: float) -> Array:
    kept = np.clip(shares, least, 1 - least)
    odds: Array = np.log(kept / (1 - kept))
    return odds


def evidence_of(pairs: Array) -> Array:
    """Return the evidence of measured pairs, float64 of shape ``(pairs, len(EVIDENCE))``. It does not depend on the order of a pair.

    Shares of new words, of common shingles and of the lead are as `PAIR` has them, as log-odds where small differences near 0 and 1 count.
    """
    least, most = (pick(pairs["novelty_a"], pairs["novelty_b"]) for pick in (np.minimum, np.maximum))
    new, swapped, length = _log_odds(least, 0.01), np.sqrt(pairs["swapped"]), np.log(np.maximum(pairs["words"], 1))
    jaccard, held = (_log_odds(share, 0.02) for share in (pairs["jaccard"], np.maximum(pairs["containment_a"], pairs["containment_b"])))
    unlisted = _unlisted(pairs)
    parts = {
        "new": new,
        "new_squared": new * new,
        "new_most": _log_odds(most, 0.01),
        "substituted": swapped,
        "jaccard": jaccard,
        "jaccard_squared": jaccard * jaccard,
        "containment": held,
        "containment_squared": held * held,
        "lead": pairs["lead"],
        "opening": pairs["opening"],
        "length": length,
        "formula": pairs["formula"],
        "formula_substituted": pairs["formula"] * swapped,
        "formula_length": pairs["formula"] * length,
        "kind": pairs["kind"],
        "kind_substituted": pairs["kind"] * swapped,
        "unlisted": unlisted,
        "unlisted_new": unlisted * new,
        "unlisted_substituted": unlisted * swapped,
    }
    return np.stack([parts[name] for name in EVIDENCE]).T  # a column is read at a time


def _unlisted(pairs: Array) -> Array:
    """Return how little pairs have of formulas, 0..1: 1 where no word is one, as in languages of which none are listed."""
    little: Array = np.maximum(0.0, 1 - pairs["formula"] / _LISTED)
    return little


def background_evidence(pairs: Array) -> Array:
    """Return the evidence of a background for measured pairs, float64 of shape ``(pairs, len(BACKGROUND))``: not centred, 0 without one.

    What recurs tells more where no words of formulas are known: that is evidence by itself.
    """
    recurring, swapped = pairs["recurring"], np.sqrt(pairs["swapped"])
    unlisted = recurring * _unlisted(pairs)
    return np.stack([(recurring - unlisted) * swapped, unlisted, unlisted * swapped]).T


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model of this version."""
    found = package_json(__spec__, "model.json")
    if tuple(found["evidence"]) != EVIDENCE:
        raise ValueError("model.json was made for other evidence; run bench/model.py")

    def weights(given: dict[str, float | Sequence[float]]) -> Weights:
        return Weights(given["bias"], tuple(given["weights"]))  # type: ignore[arg-type]

    background = Weights(0.0, tuple(found["background"][name] for name in BACKGROUND))
    others = tuple(weights(found["others"][name]) for name in OTHERS)
    return Model(tuple(found["means"]), weights(found["duplicate"]), background, others)


def model_of(config: Config) -> Model:
    """Return the model that decides with these settings: that of this version, with ``config.weights`` in the place of its own."""
    return _with_weights(config.weights) if config.weights else model()


@lru_cache(maxsize=8)
def _with_weights(given: tuple[float, ...]) -> Model:
    ours, (bias, *weights) = model(), given
    # The weights of settings are of plain evidence, so that they do not depend on the means of a version.
    for mean, weight in zip(ours.means, weights, strict=True):
        bias += weight * mean
    return replace(ours, duplicate=Weights(bias, tuple(weights)))
