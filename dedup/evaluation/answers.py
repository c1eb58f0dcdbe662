"""What a run answered to each labelled pair, and which answers are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..clusters.stars import components
from ..model import Match

_EXAMPLE = ("a", "b", "relation", "probability", "jaccard", "containment_a", "containment_b")


def probability_of(match: Match) -> float | None:
    """Return the probability that a match is a duplicate, None where the match has none."""
    found: float | None = getattr(match, "probability", None)
    return found


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that was judged wrongly, the smaller id first, and its match, None where there is none."""

    a: str
    b: str
    match: Match | None

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain values for JSON."""
        if self.match is None:
            return {"a": self.a, "b": self.b}
        given = probability_of(self.match)
        found = self.match.to_dict() | {"probability": None if given is None else round(given, 4)}
        return {name: found[name] for name in _EXAMPLE if found[name] is not None}


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair of ids, the smaller first: whether its label says ``duplicate``, the ``match`` that was found, the label's weight and name."""

    a: str
    b: str
    duplicate: bool
    match: Match | None
    weight: float = 1.0
    label: str | None = None

    @property
    def said(self) -> bool:
        """True where the pair was matched as a duplicate."""
        return self.match is not None and self.match.duplicate

    @property
    def relation(self) -> str | None:
        """The name of the relation that was found, None for no match."""
        return self.match.relation.value if self.match else None

    @property
    def probability(self) -> float | None:
        """The probability of the match, 0 where the pair is no match, None where the match has no probability."""
        return probability_of(self.match) if self.match else 0.0

    @property
    def error(self) -> float:
        """How far the answer is from the label, 0..1: the probability against 1 or 0, or the Jaccard where there is no probability."""
        given = self.probability
        found = given if given is not None else self.match.jaccard if self.match else 0.0
        return 1.0 - found if self.duplicate else found


def wrong_answers(answers: Sequence[JudgedPair], *, missed: bool) -> tuple[Example, ...]:
    """Return the pairs that were wrongly matched, or the duplicates that were ``missed``: the most wrong first, then by id."""
    wrong = [each for each in answers if each.said != each.duplicate and each.duplicate == missed]
    return tuple(Example(each.a, each.b, each.match) for each in sorted(wrong, key=lambda each: (-each.error, each.a, each.b)))


def answer_columns(answers: Sequence[JudgedPair]) -> dict[str, list[Any]]:
    """Return answers as columns for JSON, one value a pair; probabilities have four digits."""
    rounded = [None if (found := each.probability) is None else round(found, 4) for each in answers]
    return {
        "a": [each.a for each in answers],
        "b": [each.b for each in answers],
        "duplicate": [each.duplicate for each in answers],
        "relation": [each.relation for each in answers],
        "probability": rounded,
    }


def events_of(pairs: Sequence[tuple[str, str]]) -> Array:
    """Return the number of the event of each pair, from 0: pairs that share a text, directly or through others, are of one event.

    >>> events_of([("a", "b"), ("c", "d"), ("b", "e")]).tolist()
    [0, 1, 0]
    """
    places = {name: place for place, name in enumerate(dict.fromkeys(name for pair in pairs for name in pair))}
    left, right = (np.array([places[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
    found: Array = np.unique(components(len(places), left, right)[left], return_inverse=True)[1]
    return found
