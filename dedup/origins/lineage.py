"""Lineage: the order of the texts of one group, which of them was likely first, and which carries which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..arrays.ragged import Array
from ..verification.model import probability
from .direction import Directions, Facts, directions, first_of, likely_models, siblings
from .model import Carried, DirectionEvidence

_SAID = 0.6  # probability of a direction that is told, at least
_VERSION = 0.7  # of one of two texts of one source that the other has, where one is a version of the other, not another text
_SHARED = 0.4  # of a text that carries another, at least


@dataclass(frozen=True)
class Lineage:
    """The texts of a group, by their places in it. ``held[i, j]`` is the share of text i that text j has, and ``edited[i, j]`` at how many
    places j has an edit that i has not."""

    facts: Sequence[Facts]
    held: Array
    edited: Array

    @cached_property
    def _directions(self) -> Directions:
        return directions(self.facts, self.held, self.edited)

    @cached_property
    def _odds(self) -> Array:
        return self._directions.odds

    @cached_property
    def first(self) -> tuple[int, float]:
        """The text that was likely first, and how probable that is."""
        return first_of(self._odds)

    def is_earlier(self, one: int, other: int) -> bool:
        """Tell whether one text likely came before another."""
        return float(self._odds[one, other]) > 0

    def order(self) -> list[int]:
        """Return the texts, the one that was likely first before all others, and these as likely as they came before others."""
        before = probability(self._odds).sum(axis=1)
        first = self.first[0]
        return sorted(range(len(self.facts)), key=lambda place: (place != first, -round(float(before[place]), 6), place))

    def carries(self, ids: Sequence[str]) -> Iterator[Carried]:
        """Yield for each text what it carries, where that can be told; ``ids`` are those of the texts."""
        for place, model in enumerate(likely_models(self._odds, self.held, self._inherited(), self._credited_alike())):
            if model is None or model[1] < _SAID or self.held[place, model[0]] < _SHARED:
                continue
            a, b = self.facts[model[0]], self.facts[place]
            kept = max(self.held[place, model[0]], self.held[model[0], place]) >= _VERSION
            evolved = a.record == b.record or (a.source is not None and a.source == b.source and bool(kept))
            yield Carried(
                ids[model[0]],
                ids[place],
                float(self.held[place, model[0]]),
                model[1],
                self._directions.evidence(model[0], place),
                evolved,
            )

    def _inherited(self) -> Array:
        """Return the edits that a copy would have from its model; an update need not keep what stood in the text before."""
        found: Array = self.edited * (self._directions.updated == 0)
        return found

    def _credited_alike(self) -> Array:
        """Return for all pairs whether both credit one source, and neither the other's."""
        found: Array = siblings(self.facts) & (self._directions.parts[DirectionEvidence.CREDIT] == 0)
        return found
