"""What each piece of evidence adds to the decision about a pair: the terms of the model, in groups for a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..config import EVIDENCE, Config
from ..verification.formulas import formula_words
from ..verification.model import BACKGROUND, OTHERS, background_evidence, evidence_of, model_of
from .word_marks import ComparedWords

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "new": ("new", "new_squared"),
        "new_most": ("new_most",),
        "substituted": ("substituted",),
        "runs": ("jaccard", "jaccard_squared", "containment", "containment_squared"),
        "lead": ("lead", "opening"),
        "length": ("length",),
        "formula": (
            "formula",
            "formula_substituted",
            "formula_length",
            "kind",
            "kind_substituted",
            "unlisted",
            "unlisted_new",
            "unlisted_substituted",
        ),
    }
)
"""The groups of the evidence. Evidence that is in none is a group by itself; that of a background is ``recurring``."""
_LISTED = 12  # words of formulas, at most, that are listed


@dataclass(frozen=True, slots=True)
class Term:
    """One number of the evidence, as the model takes it, and its points: what it adds to the log-odds of duplicates."""

    name: str
    value: float
    points: float


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """Evidence of one kind, with its points together."""

    name: str
    points: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of a pair, the decisive group first. ``log_odds`` are the sum of the bias and all points.

    Points are counted from the mean of the pairs that the model was fitted to, so that a group without points tells nothing.
    ``others`` are the probabilities of what a pair is that is no duplicate.
    """

    bias: float
    groups: tuple[EvidenceGroup, ...]
    log_odds: float
    others: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the evidence as plain values for JSON, with four digits."""
        groups = [
            {
                "name": group.name,
                "points": round(group.points, 4),
                "terms": [{"name": term.name, "value": round(term.value, 4), "points": round(term.points, 4)} for term in group.terms],
            }
            for group in self.groups
        ]
        others = {name: round(value, 4) for name, value in self.others.items()}
        return {"bias": round(self.bias, 4), "groups": groups, "log_odds": round(self.log_odds, 4), "others": others}


@dataclass(frozen=True, slots=True)
class Formula:
    """The words of formulas that both texts have, the heaviest first: those of the kind of notice that has most, and others."""

    kind: str | None
    words: tuple[str, ...]
    other_words: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the formula as plain values for JSON."""
        return {"kind": self.kind, "words": [*self.words], "other_words": [*self.other_words]}


def points_of(pairs: Array, config: Config) -> Evidence:
    """Return the evidence of one measured pair, a row of `PAIR`, with the points that it has in the model of these settings.

    >>> from ..sketch.shingle import hash_words
    >>> from ..verification.features import measure
    >>> words = hash_words(["Two men were killed in Marsa on Monday.", "Three men were killed in Marsa on Monday."])
    >>> found = points_of(measure(words, np.array([0]), np.array([1]), Config()), Config())
    >>> abs(found.bias + sum(group.points for group in found.groups) - found.log_odds) < 1e-9
    True
    """
    used = model_of(config)
    values, centred = evidence_of(pairs)[0].tolist(), used.centred(pairs)
    weights = used.duplicate.weights
    terms = {
        name: Term(name, value, weight * part)
        for name, value, weight, part in zip(EVIDENCE, values, weights, centred[0].tolist(), strict=True)
    }
    grouped = {name for names in GROUPS.values() for name in names}
    groups = [
        _group(name, [terms[each] for each in names if each in terms])
        for name, names in {**GROUPS, **{name: (name,) for name in EVIDENCE if name not in grouped}}.items()
    ]
    if config.background:
        found = zip(BACKGROUND, background_evidence(pairs)[0].tolist(), used.background.weights, strict=True)
        groups.append(_group("recurring", [Term(name, value, weight * value) for name, value, weight in found]))
    others = used.probabilities(pairs)[1][0].tolist()
    return Evidence(
        used.duplicate.bias,
        tuple(sorted((group for group in groups if group.terms), key=lambda group: -abs(group.points))),
        float(used.log_odds(pairs)[0]),
        MappingProxyType(dict(zip(OTHERS, others, strict=True))),
    )


def _group(name: str, terms: list[Term]) -> EvidenceGroup:
    return EvidenceGroup(name, sum(term.points for term in terms), tuple(terms))


def formula_of(a: ComparedWords, b: ComparedWords) -> Formula:
    """Return the words of formulas that two texts have in common.

    >>> from .word_marks import compared_words
    >>> formula_of(*compared_words(["Heavy rain is expected in the north.", "Rain and wind expected."])).kind
    'weather'
    """
    table = formula_words()
    words = {int(value): place for place, value in reversed([*enumerate(a.hashes.tolist())])}
    common = np.intersect1d(np.intersect1d(a.hashes, b.hashes), table.words)
    bits = table.bits[np.searchsorted(table.words, common)]
    places = [words[value] for value in common.tolist()]
    kinds = np.arange(len(table.kinds), dtype=np.uint32)
    weights = np.array([a.weight(place) for place in places], np.int64) @ (bits[:, None] >> kinds & np.uint32(1)).astype(np.int64)
    best = int(np.argmax(weights)) if weights.any() else None
    inside = [best is not None and bool(bit >> best & 1) for bit in bits.tolist()]
    of_kind = [place for place, held in zip(places, inside, strict=True) if held]
    others = [place for place, held in zip(places, inside, strict=True) if not held]
    return Formula(None if best is None else table.kinds[best], _heaviest(a, of_kind), _heaviest(a, others))


def _heaviest(text: ComparedWords, places: list[int]) -> tuple[str, ...]:
    return tuple(text.folded[place] for place in sorted(places, key=lambda place: (-text.weight(place), place))[:_LISTED])
