"""Settings that fit labels: thresholds swept over labelled pairs, chosen on some of them and scored on the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..candidates.channels import distinctive_of
from ..candidates.exact_copies import first_copies, unique_rows
from ..candidates.lsh import Bands, bands_of
from ..clusters.stars import components
from ..config import Config
from ..errors import ConfigError, InputError
from ..readers.values import Text, documents_of
from ..sketch.sketches import sketch_documents
from ..verification.features import distinctive_shares, measure, substituted
from ..verification.relations import is_duplicate, recurrence_is_known, relate, relate_short
from .truth import LeftOut, Pair, Truth, Unknown, without

TUNING_SCHEMA = "dedup/tuning/1"
GRID: Mapping[str, tuple[float, ...]] = {
    "threshold": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    "containment": (0.4, 0.5, 0.6, 0.7, 0.8),
    "novelty": (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    "fresh": (0.0, 0.05, 0.1, 0.15, 0.2),
    "rewrite": (0.06, 0.08, 0.11, 0.15, 0.25, 1.0),
}
"""The values that are tried of each setting, all with all; one that the caller's settings have is tried too."""
_FOLDS = 5
_FEWEST = 2 * _FOLDS  # labelled duplicates, and others, from which a choice means something
_CURVE = tuple(step / 50 for step in range(3, 51))


@dataclass(frozen=True, slots=True)
class Fit:
    """Precision, recall and F1 of some settings on labelled pairs, 0..1, by weight; 0 where nothing is right."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How well labelled pairs are told apart with one value of ``novelty``, all other settings being those that are recommended."""

    novelty: float
    fit: Fit

    def to_dict(self) -> dict[str, float]:
        """Return the point as plain values for JSON; figures have four digits."""
        return {"novelty": self.novelty, **{name: round(value, 4) for name, value in asdict(self.fit).items()}}


@dataclass(frozen=True, slots=True)
class Tuning:
    """The settings that fit labelled pairs best, and how well.

    ``duplicates`` and ``others`` count the labelled pairs, ``tried`` the combinations of settings. ``settings`` are those that are
    recommended, by name, ``config`` is the whole of them. ``present`` is the fit of the settings that were given, ``recommended`` that of
    the best ones on the labels that they were chosen on, ``cross_validated`` what to expect on other texts. ``bands`` are those of
    ``config``, from which the probability of becoming a candidate follows. ``left_out`` is there where labels were left out.
    """

    duplicates: int
    others: int
    tried: int
    beta: float
    settings: Mapping[str, float]
    config: Config
    present: Fit
    recommended: Fit
    cross_validated: Fit
    curve: tuple[CurvePoint, ...]
    bands: Bands
    left_out: LeftOut | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the tuning as plain values for JSON, what ``dedup tune --format json`` prints: schema ``dedup/tuning/1``."""
        return {
            "schema": TUNING_SCHEMA,
            "labelled": {"duplicates": self.duplicates, "others": self.others},
            "tried": self.tried,
            "beta": self.beta,
            "present": asdict(self.present),
            "recommended": {"settings": dict(self.settings), **asdict(self.recommended)},
            "cross_validated": asdict(self.cross_validated),
            "curve": [point.to_dict() for point in self.curve],
            "bands": {
                **asdict(self.bands),
                "candidate_probability": [[at, round(self.bands.probability(at), 4)] for at in _CURVE],
            },
        }


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled pairs measured: what `relate` needs, which are duplicates, their weights, and the fold that each is in.

    ``settled`` is 1 for pairs that are duplicates under all settings, identical or short ones, -1 for those that never are, 0 for others.
    """

    pairs: Array
    settled: Array
    known: bool
    same: Array
    weights: Array
    folds: Array
    left_out: LeftOut | None = None

    def accepted(self, config: Config) -> Array:
        """Return which pairs are duplicates under these settings, were all of them proposed: a mask."""
        self.pairs["relation"] = relate(self.pairs, self.known, config)
        found: Array = np.where(self.settled, self.settled > 0, is_duplicate(self.pairs))
        return found

    def figures(self, accepted: Array, inside: Array | None = None) -> Fit:
        """Return weighted precision, recall and F1 of a mask, over all pairs or those of another mask; 0 where nothing is right."""
        weights = self.weights if inside is None else self.weights * inside
        right, said, wanted = (float(weights[mask].sum()) for mask in (accepted & self.same, accepted, self.same))
        return Fit(
            right / said if said else 0.0,
            right / wanted if wanted else 0.0,
            2 * right / (said + wanted) if said + wanted else 0.0,
        )


def tune(
    texts: Iterable[Text],
    truth: Truth,
    config: Config | None = None,
    *,
    beta: float = 0.5,
    jobs: int = 1,
    unknown: Unknown = "refuse",
) -> Tuning:
    """Find the settings that fit labelled pairs among texts best: those of the highest F-beta, among equals the nearest to ``config``.

    Texts are as `dedup.find_duplicates` takes them. ``beta`` below 1 weighs precision more than recall, as a story that is lost in a false
    merge is worse than one that is read twice (van Rijsbergen, "Information Retrieval", 1979, chapter 7). All settings of `GRID` are tried
    on pairs that are measured once. ``cross_validated`` scores each fifth of the pairs with the settings that fit the other four best.

    ``unknown`` says what becomes of labels of texts that are not there. Raises `ConfigError` for too few labels of either sort, and for
    clusters, which label no pair as different; `InputError` for a label of a text that is not there.
    """
    return fit(measure_labels(texts, truth, config, jobs=jobs, unknown=unknown), config, beta=beta)


def measure_labels(
    texts: Iterable[Text], truth: Truth, config: Config | None = None, *, jobs: int = 1, unknown: Unknown = "refuse"
) -> Labelled:
    """Measure the labelled pairs among texts, in which what recurs is counted. Pairs of texts too short to match are left out.

    Raises `ConfigError` for too few labels of either sort, and for clusters, which label no pair as different.
    """
    config = config or Config()
    known = _known(truth)
    _refuse_few(known, _FEWEST)
    sketches = sketch_documents(documents_of(texts), config, jobs)
    rows = {segment.id: row for row, segment in enumerate(sketches.segments)}
    lengths = sketches.words.lengths
    missing = sorted({name for pair, _ in known for name in pair} - rows.keys())
    if missing and unknown == "refuse":
        raise InputError(f"a label names {missing[0]!r}, which is no text that is matched", hint="check --id-field, --level and the labels")
    truth, left_out = without(truth, frozenset(missing), rows)
    known = _known(truth)
    _refuse_few(known, _FEWEST)
    known = [(pair, same) for pair, same in known if min(lengths[rows[name]] for name in pair) >= config.min_words]
    _refuse_few(known, 1)
    sides = np.array([sorted((rows[a], rows[b])) for (a, b), _ in known], np.int64).reshape(-1, 2)
    left, right = sides[:, 0], sides[:, 1]
    alike = first_copies(sketches.words)
    fresh = distinctive_of(sketches, unique_rows(sketches.words, alike, config), config)
    pairs = measure(
        sketches.words, left, right, distinctive_shares(fresh, left, right), replace(config, reuse=0.0, rewrite=0.01, threshold=1.0)
    )
    pairs["swapped"] = substituted(sketches.words, left, right)
    pairs["relation"] = -1
    relate_short(pairs, sketches.short)
    short = np.array([one in sketches.short and other in sketches.short for one, other in sides.tolist()], bool)
    settled = np.where(alike[left] == alike[right], 1, np.where(short, np.where(pairs["relation"] >= 0, 1, -1), 0))
    # Pairs that share a text are in one fold, so that no text is both learned from and scored on.
    together = components(len(lengths), left, right)[left]
    folds = np.searchsorted(np.unique(together), together) % _FOLDS
    weights = np.array([truth.weights.get(pair, 1.0) for pair, _ in known])
    same = np.array([same for _, same in known])
    return Labelled(pairs, settled, recurrence_is_known(fresh.texts, config), same, weights, folds, left_out)


def _known(truth: Truth) -> list[tuple[Pair, bool]]:
    return sorted((pair, same) for pair, same in truth.pairs.items() if same is not None)


def _refuse_few(known: Sequence[tuple[Pair, bool]], fewest: int) -> None:
    if min(sum(same for _, same in known), sum(not same for _, same in known)) < fewest:
        raise ConfigError(f"fewer than {fewest} labelled duplicates or others that are long enough to match: label more pairs of both")


def _settings(config: Config) -> list[dict[str, Any]]:
    """Return all combinations, those nearest to the present settings first."""
    values = {name: sorted({*tried, getattr(config, name)}) for name, tried in GRID.items()}
    found = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    places = {name: tried.index(getattr(config, name)) for name, tried in values.items()}
    return sorted(found, key=lambda each: sum(abs(values[name].index(value) - places[name]) for name, value in each.items()))


def fit(labelled: Labelled, config: Config | None = None, *, beta: float = 0.5) -> Tuning:
    """Find the settings that fit measured labels best, as `tune` does."""
    config = config or Config()
    tried = _settings(config)
    masks = np.array([labelled.accepted(replace(config, **chosen)) for chosen in tried])

    def best(inside: Array) -> int:
        weights = labelled.weights * inside
        right, said = (masks & labelled.same) @ weights, masks @ weights
        wanted = weights[labelled.same].sum()
        return int(np.argmax((1 + beta**2) * right / np.maximum(said + beta**2 * wanted, 1e-12)))

    held_out = np.zeros(len(labelled.same), bool)
    for fold in range(_FOLDS):
        inside = labelled.folds == fold
        held_out[inside] = masks[best(~inside)][inside]
    chosen = best(np.ones(len(labelled.same), bool))
    recommended = replace(config, **tried[chosen])
    return Tuning(
        int(labelled.same.sum()),
        int((~labelled.same).sum()),
        len(tried),
        beta,
        tried[chosen],
        recommended,
        labelled.figures(labelled.accepted(config)),
        labelled.figures(masks[chosen]),
        labelled.figures(held_out),
        _curve(labelled, recommended),
        bands_of(recommended),
        labelled.left_out,
    )


def _curve(labelled: Labelled, config: Config) -> tuple[CurvePoint, ...]:
    """Return precision and recall for every limit to a text's own words, other settings being equal."""
    masks = ((novelty, labelled.accepted(replace(config, novelty=novelty))) for novelty in (0.0, *_CURVE))
    return tuple(CurvePoint(novelty, labelled.figures(accepted)) for novelty, accepted in masks)
