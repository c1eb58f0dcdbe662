"""The model fitted to labels: a logistic regression that stays near the given one. How near, cross-validation by event says.

An event is a connected component of labelled pairs: pairs that share a text, directly or through others. All pairs of one event are learned
from together, or scored together, never both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays.ragged import Array
from ..verification.model import probability

FOLDS = 5
PENALTIES: tuple[float, ...] = (np.inf, 1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
"""How strongly weights are drawn to the given ones, the strongest first: infinite, they stay as they are."""
LIMITS = np.arange(5, 96) / 100
"""The limits of probability that are tried."""
_STEPS = 50  # of Newton's method, at most


@dataclass(frozen=True, slots=True)
class Sample:
    """Labelled pairs, a row each.

    ``evidence`` has a column of ones and then the evidence, standardised. ``odds`` are the log-odds that the given model gives, ``fixed``
    the probability of a pair that no model decides, NaN for the others, and ``possible`` says whether a pair is matched at all. ``same``
    says which are duplicates, and ``events`` are numbered from 0.
    """

    evidence: Array
    odds: Array
    fixed: Array
    possible: Array
    same: Array
    weights: Array
    events: Array

    def part(self, rows: Array) -> Sample:
        """Return the pairs of a mask, with their events numbered anew."""
        found = replace(self, **{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})
        return replace(found, events=np.unique(found.events, return_inverse=True)[1])

    def probabilities(self, change: Array) -> Array:
        """Return the probability of each pair with a change of the bias and of the weights of standardised evidence."""
        found: Array = np.where(np.isnan(self.fixed), probability(self.odds + self.evidence @ change), self.fixed)
        return found

    def losses(self, probabilities: Array) -> Array:
        """Return the log loss of each pair that a model decides, 0 for the others."""
        kept = np.clip(probabilities, 1e-9, 1 - 1e-9)
        found: Array = np.where(np.isnan(self.fixed), -np.log(np.where(self.same, kept, 1 - kept)), 0.0)
        return found

    def by_event(self, values: Array) -> Array:
        """Return the weighted sums of a value of each pair by event."""
        sums: Array = np.bincount(self.events, values * self.weights, minlength=int(self.events.max(initial=-1)) + 1)
        return sums


@dataclass(frozen=True, slots=True)
class Score:
    """A figure, and how much each event moves it: by this much less it would be without it, nearly. Their squares sum to its variance."""

    value: float
    influence: Array

    def ahead_of(self, other: Score) -> tuple[float, float]:
        """Return how much larger this figure is than another one of the same events, and the standard error of that."""
        return self.value - other.value, float(np.sqrt(np.square(self.influence - other.influence).sum()))


def mean_loss(sample: Sample, probabilities: Array) -> Score:
    """Return the mean log loss of the pairs that a model decides, by weight; 0 where there are none."""
    decided = sample.by_event(np.isnan(sample.fixed).astype(float))
    total, sums = max(decided.sum(), 1e-12), sample.by_event(sample.losses(probabilities))
    value = float(sums.sum() / total)
    return Score(value, (sums - value * decided) / total)


def f_beta(sample: Sample, accepted: Array, beta: float) -> Score:
    """Return F-beta of a mask of the pairs that are called duplicates; 0 where nothing is right (van Rijsbergen 1979, chapter 7)."""
    right, said, wanted = (sample.by_event(mask.astype(float)) for mask in (accepted & sample.same, accepted, sample.same))
    whole = said + beta**2 * wanted
    total = max(float(whole.sum()), 1e-12)
    value = float((1 + beta**2) * right.sum() / total)
    return Score(value, ((1 + beta**2) * right - value * whole) / total)


def folds_of(sample: Sample) -> Array:
    """Return the fold of each pair: events are dealt out, those with duplicates first, the large ones before the small ones."""
    sizes, duplicates = (np.bincount(sample.events, weights) for weights in (None, sample.same.astype(float)))
    order = np.lexsort((-sizes, duplicates == 0))
    folds = np.empty(len(sizes), np.int64)
    folds[order] = np.arange(len(order)) % FOLDS
    found: Array = folds[sample.events]
    return found


def newton(sample: Sample, penalty: float, start: Array | None = None) -> Array:
    """Return the change of bias and weights that fits labels best, with a penalty on its square.

    The weights of a sample count as its effective number of pairs (Kish, "Survey Sampling", 1965): the square of their sum, by the sum of
    their squares. The objective is convex; a step of Newton's method that does not lower it is halved.
    """
    rows = np.isnan(sample.fixed)
    x, odds, same, weights = sample.evidence[rows], sample.odds[rows], sample.same[rows].astype(float), sample.weights[rows]
    found = np.zeros(x.shape[1]) if start is None else start.copy()
    if not len(x) or np.isinf(penalty):
        return np.zeros(x.shape[1])
    weights = weights * weights.sum() / max(float(np.square(weights).sum()), 1e-12)

    def objective(change: Array) -> float:
        score = odds + x @ change
        return float((weights * (np.logaddexp(0, score) - same * score)).sum() + penalty / 2 * change @ change)

    now = objective(found)
    for _ in range(_STEPS):
        p = probability(odds + x @ found)
        gradient = x.T @ (weights * (p - same)) + penalty * found
        curve = (x * (weights * p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(found))
        step = np.linalg.solve(curve, gradient)
        while (then := objective(found - step)) > now and np.abs(step).max() > 1e-9:
            step = step / 2
        found, now = found - step, then
        if np.abs(step).max() < 1e-8:
            break
    return found


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted to a sample: a penalty, the change of weights, the limit, and the probability of each pair by a model that was
    fitted to other events."""

    penalty: float
    change: Array
    limit: float
    held_out: Array


def fit_sample(sample: Sample, limit: float, beta: float, *, weights: bool) -> Fitted:
    """Fit the limit, and also the weights where that is wanted, to a sample.

    The strongest penalty is taken whose loss, cross-validated, is within a standard error of the best one; so is the limit that is the
    nearest to ``limit`` (Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees", 1984, section 3.4.3).
    """
    tried = PENALTIES if weights else PENALTIES[:1]
    folds = folds_of(sample)
    held_out = np.zeros((len(tried), len(sample.odds)))
    for fold in range(FOLDS if weights else 1):
        inside = folds == fold if weights else np.ones(len(folds), bool)
        learned, change = sample.part(~inside), None
        for place, penalty in enumerate(tried):
            change = newton(learned, penalty, change)
            held_out[place, inside] = sample.part(inside).probabilities(change)
    losses = [mean_loss(sample, each) for each in held_out]
    best = min(losses, key=lambda each: each.value)
    chosen = next(place for place, each in enumerate(losses) if _as_good(each, best))
    found = nearest_limit(sample, held_out[chosen], limit, beta)
    return Fitted(tried[chosen], newton(sample, tried[chosen]), found, held_out[chosen])


def _as_good(loss: Score, best: Score) -> bool:
    more, error = loss.ahead_of(best)
    return more <= error


def nearest_limit(sample: Sample, probabilities: Array, limit: float, beta: float) -> float:
    """Return the limit of probability with the highest F-beta; of those within a standard error of that one, the nearest to ``limit``."""
    limits = sorted({*LIMITS.tolist(), limit}, key=lambda each: (abs(each - limit), each))
    scores = [f_beta(sample, sample.possible & (probabilities >= each), beta) for each in limits]
    best = max(scores, key=lambda each: each.value)
    for each, score in zip(limits, scores, strict=True):
        less, error = best.ahead_of(score)
        if less <= error:
            return float(each)
    return limit


def cross_validated(sample: Sample, limit: float, beta: float, *, weights: bool) -> tuple[Array, Array]:
    """Return which pairs are called duplicates, as a mask, and the probability of each: by what `fit_sample` makes of other events."""
    folds = folds_of(sample)
    accepted, probabilities = np.zeros(len(folds), bool), np.zeros(len(folds))
    for fold in range(FOLDS):
        inside = folds == fold
        fitted = fit_sample(sample.part(~inside), limit, beta, weights=weights)
        probabilities[inside] = sample.part(inside).probabilities(fitted.change)
        accepted[inside] = probabilities[inside] >= fitted.limit
    return accepted & sample.possible, probabilities
