"""Settings and a model that fit labels, and whether they are better than those that are there: on labels that they were not fitted to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..config import LOOSE, STRICT, Config
from ..readers.values import Text
from ..verification.model import evidence_of, model_of
from ..verification.relations import is_alike
from .fitting import Fitted, Sample, Score, cross_validated, f_beta, fit_sample, mean_loss
from .measured_labels import FEWEST, Labelled, measure_labels
from .truth import LeftOut, Truth, Unknown

TUNING_SCHEMA = "dedup/tuning/2"
_SURE = 1.645  # standard errors: chance alone makes a gain that is larger once in 20 times
_SPREAD = 0.05  # evidence that varies less is taken to vary as much: its weight would say nothing
_CURVE = tuple(step / 20 for step in range(1, 20))


@dataclass(frozen=True, slots=True)
class Fit:
    """How well labelled pairs are told apart, by weight, 0..1: precision, recall, F1 and F-beta, 0 where nothing is right.

    ``log_loss`` is that of the probabilities of the pairs that the model decides, None where there are none; smaller is better.
    """

    precision: float
    recall: float
    f1: float
    f_beta: float
    log_loss: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How well labelled pairs are told apart with one limit of probability. ``names`` says which limit it is, where it has a name."""

    min_probability: float
    precision: float
    recall: float
    f1: float
    f_beta: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """Something that was fitted, ``limit`` or ``weights`` (with a limit), as it does on events that it was not fitted to.

    ``gain`` is that of F-beta over the present settings, ``error`` its standard error by event; it ``helps`` if it is more than chance.
    """

    name: str
    cross_validated: Fit
    gain: float
    error: float
    helps: bool


@dataclass(frozen=True, slots=True)
class Tuning:
    """What fits labelled pairs best, and whether it is better than the present settings.

    ``duplicates`` and ``others`` count the labelled pairs, ``events`` the groups of them that share no text. ``present`` is the fit of the
    settings that were given. ``trials`` are what was fitted; there are none where the labels are of too few events. ``recommended`` is the
    name of one of them, or ``nothing``; ``why`` says why. ``config`` are the recommended settings: those that were given if it is nothing.
    ``penalty`` is how strongly its weights are drawn to the present ones, infinite where they are these. ``curve`` has figures by
    ``min_probability``, with probabilities of models that were fitted to other events. ``left_out`` is there where labels were left out.
    """

    duplicates: int
    others: int
    events: int
    beta: float
    present: Fit
    trials: tuple[Trial, ...]
    recommended: str
    why: str
    config: Config
    penalty: float
    curve: tuple[CurvePoint, ...]
    left_out: LeftOut | None = None

    @property
    def helps(self) -> bool:
        """True where something else than the present settings is recommended."""
        return self.recommended != "nothing"

    def to_dict(self) -> dict[str, Any]:
        """Return the tuning as plain values for JSON, what ``dedup tune --format json`` prints: schema ``dedup/tuning/2``."""
        return {
            "schema": TUNING_SCHEMA,
            "labelled": {"duplicates": self.duplicates, "others": self.others, "events": self.events},
            "beta": self.beta,
            "present": _rounded(asdict(self.present)),
            "trials": [{**_rounded(asdict(each)), "cross_validated": _rounded(asdict(each.cross_validated))} for each in self.trials],
            "recommended": {
                "what": self.recommended,
                "why": self.why,
                "min_probability": self.config.min_probability,
                "penalty": None if np.isinf(self.penalty) else self.penalty,
                "config": self.config.to_dict(),
            },
            "curve": [{**_rounded(asdict(point)), "names": [*point.names]} for point in self.curve],
        }


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def tune(
    texts: Iterable[Text],
    truth: Truth,
    config: Config | None = None,
    *,
    beta: float = 0.5,
    jobs: int = 1,
    unknown: Unknown = "refuse",
) -> Tuning:
    """Fit ``min_probability``, and the weights of the model, to labelled pairs among texts, and say whether that helps.

    Texts are as `dedup.find_duplicates` takes them. ``beta`` below 1 weighs precision more than recall, as a story that is lost in a false
    merge is worse than one that is read twice (van Rijsbergen, "Information Retrieval", 1979, chapter 7). Weights stay near those of
    ``config``: with few labels they are these. What is fitted is scored on events that it was not fitted to. It is recommended only if
    F-beta is better than that of ``config`` by more than chance, and of two that are alike the simpler one: the limit alone.

    ``unknown`` says what becomes of labels of texts that are not there. Raises `ConfigError` for too few labels of either sort, and for
    clusters, which label no pair as different; `InputError` for a label of a text that is not there.
    """
    return fit(measure_labels(texts, truth, config, jobs=jobs, unknown=unknown), config, beta=beta)


def fit(labelled: Labelled, config: Config | None = None, *, beta: float = 0.5) -> Tuning:
    """Fit the limit and the weights to measured labels, as `tune` does."""
    config = config or Config()
    sample, spread = _sample(labelled, config)
    limit = config.min_probability
    now = sample.probabilities(np.zeros(sample.evidence.shape[1]))
    present = sample.possible & (now >= limit)
    duplicates, others = (len(np.unique(sample.events[sample.same == each])) for each in (True, False))
    trials: list[Trial] = []
    tried: list[tuple[Score, Score]] = []
    if min(duplicates, others) >= FEWEST:
        for name in ("limit", "weights"):
            accepted, held_out = cross_validated(sample, limit, beta, weights=name == "weights")
            gain, error = f_beta(sample, accepted, beta).ahead_of(f_beta(sample, present, beta))
            trials.append(Trial(name, _fit_of(sample, accepted, held_out, beta), gain, error, gain > _SURE * error and gain > 0))
            tried.append((f_beta(sample, accepted, beta), mean_loss(sample, held_out)))
    recommended = _chosen(trials, tried)
    best = Fitted(np.inf, np.zeros(sample.evidence.shape[1]), limit, now)
    if recommended != "nothing":
        best = fit_sample(sample, limit, beta, weights=recommended == "weights")
    weights = config.weights if np.isinf(best.penalty) else _weights(best.change, spread, config)
    found = replace(config, min_probability=best.limit, weights=weights)
    return Tuning(
        int(sample.same.sum()),
        int((~sample.same).sum()),
        int(sample.events.max()) + 1,
        beta,
        _fit_of(sample, present, now, beta),
        tuple(trials),
        recommended,
        _reason(trials, recommended, (duplicates, others)),
        found,
        best.penalty,
        _curve(sample, best, limit, beta),
        labelled.left_out,
    )


def _sample(labelled: Labelled, config: Config) -> tuple[Sample, Array]:
    """Return measured labels as a sample, and the spread of the evidence by which it was divided."""
    model = model_of(config)
    centred = evidence_of(labelled.pairs) - np.array(model.means)
    weights = labelled.weights * labelled.decided
    total = max(float(weights.sum()), 1e-12)
    mean = weights @ centred / total
    spread = np.maximum(np.sqrt(weights @ np.square(centred - mean) / total), _SPREAD)
    return (
        Sample(
            np.column_stack((np.ones(len(centred)), centred / spread)),
            model.log_odds(labelled.pairs),
            np.where(labelled.decided, np.nan, labelled.fixed),
            labelled.possible & is_alike(labelled.pairs, config),
            labelled.same,
            labelled.weights,
            labelled.events,
        ),
        spread,
    )


def _weights(change: Array, spread: Array, config: Config) -> tuple[float, ...]:
    """Return the weights of settings, which are of plain evidence: those of the present model with a change."""
    model = model_of(config)
    weights = [round(float(ours + more), 6) for ours, more in zip(model.duplicate.weights, change[1:] / spread, strict=True)]
    bias = model.duplicate.bias + float(change[0]) - sum(weight * mean for weight, mean in zip(weights, model.means, strict=True))
    return round(bias, 6), *weights


def _fit_of(sample: Sample, accepted: Array, probabilities: Array, beta: float) -> Fit:
    precision, recall, f1, f = _figures(sample, accepted, beta)
    decided = bool(np.isnan(sample.fixed).any())
    return Fit(precision, recall, f1, f, mean_loss(sample, probabilities).value if decided else None)


def _figures(sample: Sample, accepted: Array, beta: float) -> tuple[float, float, float, float]:
    """Return precision, recall, F1 and F-beta of a mask."""
    right, said, wanted = (float(sample.weights[mask].sum()) for mask in (accepted & sample.same, accepted, sample.same))
    return (
        right / said if said else 0.0,
        right / wanted if wanted else 0.0,
        f_beta(sample, accepted, 1.0).value,
        f_beta(sample, accepted, beta).value,
    )


def _chosen(trials: list[Trial], scores: list[tuple[Score, Score]]) -> str:
    """Return the name of the simplest trial that helps, from the F-beta and the log loss of each.

    One that changes more must be better than that by more than chance: in F-beta, or in the log loss with no smaller F-beta.
    """
    best: int | None = None
    for place, trial in enumerate(trials):
        if trial.helps and best is None:
            best = place
        elif trial.helps and best is not None:
            gain, error = scores[place][0].ahead_of(scores[best][0])
            less, error_of_loss = scores[best][1].ahead_of(scores[place][1])
            if gain > max(_SURE * error, 0) or (gain >= 0 and less > _SURE * error_of_loss):
                best = place
    return "nothing" if best is None else trials[best].name


def _reason(trials: list[Trial], recommended: str, events: tuple[int, int]) -> str:
    """Return why something is recommended, in a sentence."""
    if not trials:
        return f"the labels are of too few events: {events[0]:,} with duplicates and {events[1]:,} with others, at least {FEWEST} of each"
    if recommended != "nothing":
        return "on events that it was not fitted to, it is better than the present settings by more than chance"
    return "on events that it was not fitted to, nothing is better than the present settings by more than chance"


def _curve(sample: Sample, fitted: Fitted, present: float, beta: float) -> tuple[CurvePoint, ...]:
    named = {"loose": LOOSE, "default": Config().min_probability, "strict": STRICT, "recommended": fitted.limit}
    if np.isinf(fitted.penalty):  # these are the present probabilities
        named["present"] = present
    points = []
    for limit in sorted({*_CURVE, *named.values()}):
        figures = _figures(sample, sample.possible & (fitted.held_out >= limit), beta)
        points.append(CurvePoint(limit, *figures, tuple(name for name, value in named.items() if value == limit)))
    return tuple(points)
