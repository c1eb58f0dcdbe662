"""Whether probabilities are right: of the pairs that were given .8, four fifths should be duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from .answers import JudgedPair

BINS = 10
"""Bins of equal width into which probabilities are put. With equal counts the many pairs of probability 0 would be parted by chance."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The labelled pairs with a probability from ``low`` to below ``high``, 1 in the last bin.

    ``pairs`` counts them; ``mean`` is their mean probability, and ``duplicates`` the share that is labelled so, both by weight.
    """

    low: float
    high: float
    pairs: int
    mean: float
    duplicates: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well the probabilities of labelled pairs fit their labels. Bins without a pair are left out.

    ``ece`` is the expected calibration error: the mean over all pairs, by weight, of the difference of ``mean`` and ``duplicates`` in the
    bin of the pair (Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015; bins of
    equal width as Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). A pair that is no match has the probability 0.
    ``matched_ece`` is the same of the pairs that matched alone, None where none did: many pairs that are plainly no match make ``ece``
    small.
    """

    pairs: int
    matched: int
    ece: float
    matched_ece: float | None
    bins: tuple[CalibrationBin, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the calibration as plain values for JSON; fractions have four digits."""
        found: dict[str, Any] = _rounded({name: getattr(self, name) for name in ("pairs", "matched", "ece", "matched_ece")})
        return {**found, "bins": [_rounded(asdict(each)) for each in self.bins]}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def calibration_of(answers: Sequence[JudgedPair]) -> Calibration | None:
    """Return how well the probabilities of answers fit their labels, None where a match has none, or where no label weighs anything."""
    given = [each.probability for each in answers]
    if None in given or not any(each.match for each in answers):
        return None
    probability = np.array(given, float)
    duplicate = np.array([each.duplicate for each in answers], float)
    weights = np.array([each.weight for each in answers], float)
    matched = np.array([each.match is not None for each in answers], bool)
    if not weights.sum():
        return None
    bins, ece = calibrate(probability, duplicate, weights)
    alone = calibrate(probability[matched], duplicate[matched], weights[matched])[1] if weights[matched].sum() else None
    return Calibration(len(answers), int(matched.sum()), ece, alone, bins)


def calibrate(probability: Array, duplicate: Array, weights: Array) -> tuple[tuple[CalibrationBin, ...], float]:
    """Return the bins and the expected calibration error of probabilities, for labels of 1 or 0 and weights of which some are above 0.

    >>> bins, error = calibrate(np.array([0.0, 0.9, 0.9, 1.0]), np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
    >>> [(each.low, each.pairs, round(each.mean, 3), round(each.duplicates, 3)) for each in bins], round(error, 3)
    ([(0.0, 1, 0.0, 0.0), (0.9, 3, 0.933, 0.667)], 0.2)
    """
    place = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    found, error = [], 0.0
    for number in range(BINS):
        inside = place == number
        weight = float(weights[inside].sum())
        if not weight:
            continue
        mean, share = (float((values * weights)[inside].sum()) / weight for values in (probability, duplicate))
        found.append(CalibrationBin(number / BINS, (number + 1) / BINS, int(inside.sum()), mean, share))
        error += weight * abs(mean - share)
    return tuple(found), error / float(weights.sum())
