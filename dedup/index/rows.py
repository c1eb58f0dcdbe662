"""What is kept of the rows of an index and of the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from ..clusters.stars import in_round_up
from ..config import Config
from ..model import Relation
from ..verification.relations import RELATIONS

REFUSED = -1
"""Stands for a document that was not let through, where the number of the one that stands for it would be."""
CODES = {
    Relation.IDENTICAL: "i",
    Relation.REVISION: "r",
    Relation.CONTAINS: "c",
    Relation.CONTAINED_IN: "d",
    Relation.REWRITE: "w",
    Relation.REUSE: "u",
    Relation.TEMPLATE: "t",
}
"""What an index writes for relations, in links and in decisions."""
RELATION_OF = {code: relation for relation, code in CODES.items()}
_HOLDING = frozenset(map(RELATIONS.index, (Relation.CONTAINS, Relation.CONTAINED_IN)))
Place = tuple[Any, ...]
"""What rows are sorted by for being canonical."""


@dataclass(slots=True)
class StoredRow:
    """What is kept of a row. ``place`` orders rows by preference for being canonical, that of the best copy; ``star`` is its canonical row,
    None where it is alone; ``copied`` tells that copies of it have come, for which it stands; ``called``
    is what its cluster is called after an older member that was removed."""

    row: int
    document: int
    name: str
    source: str | None
    timestamp: float | None
    length: int
    prints: int
    same: int | None
    place: Place
    star: int | None
    own_place: Place = ()
    copied: bool = False
    called: str | None = None


@dataclass(slots=True)
class Link:
    """Two duplicates, the older one first. ``sure`` tells that bands propose the pair, whatever recurs; ``fresh`` counts the common
    fingerprints that do not recur, and is not kept up for a sure one."""

    row: int
    other: int
    relation: int
    fresh: int
    sure: bool
    jaccard: float
    containment: float
    containment_other: float
    similarity: float
    probability: float

    def binds(self) -> bool:
        """Tell whether it puts both into one cluster, as `dedup.clusters.stars.in_round_up` has it."""
        return self.relation not in _HOLDING or not in_round_up(RELATIONS[self.relation], self.containment, self.containment_other)

    def measures(self) -> tuple[float, float, float, float, float]:
        """Return its shares, similarity and probability, in the order of the fields."""
        return self.jaccard, self.containment, self.containment_other, self.similarity, self.probability


def canonical_place(
    config: Config,
    row: int,
    source: str | None,
    timestamp: float | None,
    length: int,
    document: str,
    index: int | None,
    ownership: int | None = None,
) -> Place:
    """Return what rows are sorted by for being canonical, as `preference` does."""
    preferred = config.prefer.index(source) if source in config.prefer else len(config.prefer)
    decisive: float = -length
    if config.keep != "longest":
        known = timestamp or 0.0
        unknown_last = inf if timestamp is None else timestamp
        decisive = {"earliest": known, "latest": -known, "origin": unknown_last}[config.keep]
    return ownership or 0, preferred, decisive, -length, document, -1 if index is None else index, row
