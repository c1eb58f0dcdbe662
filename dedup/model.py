"""The values that pass between the stages: frozen, slotted, tuples inside.

Offsets are code points, spans are half open, lines count from 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Relation(StrEnum):
    """How two texts relate, seen from ``a``.

    >>> Relation.CONTAINS.duplicate, Relation.REUSE.duplicate
    (True, False)
    """

    IDENTICAL = "identical"
    REVISION = "revision"
    CONTAINS = "contains"
    CONTAINED_IN = "contained-in"
    REUSE = "reuse"
    TEMPLATE = "template"

    @property
    def duplicate(self) -> bool:
        """True for the relations that make two texts duplicates of each other."""
        return self not in (Relation.REUSE, Relation.TEMPLATE)

    @property
    def mirrored(self) -> Relation:
        """The same relation seen from ``b``.

        >>> Relation.CONTAINS.mirrored
        <Relation.CONTAINED_IN: 'contained-in'>
        """
        swap = {Relation.CONTAINS: Relation.CONTAINED_IN, Relation.CONTAINED_IN: Relation.CONTAINS}
        return swap.get(self, self)


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read. ``path`` and ``line`` say where it was read, ``time`` when and ``cluster`` with which others it appeared, as
    its source writes it, ``source`` who published it; each where known.
    """

    id: str
    text: str
    path: str | None = None
    line: int | None = None
    segmented: bool = False
    """True where level ``auto`` means the passages of this document rather than the whole (text files)."""
    time: str | None = None
    cluster: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit that is matched: a headed section, a paragraph, or a whole document.

    ``start`` and ``end`` delimit its text inside the document; ``line`` is the first line of that text.
    ``bulletin`` numbers the bulletins of a document from 0 and is None outside of bulletins.
    """

    id: str
    document: str
    index: int | None
    start: int
    end: int
    line: int | None = None
    heading: str | None = None
    bulletin: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair. Shares are of distinct word shingles, 0..1; ``similarity`` is rapidfuzz's, over words."""

    a: Segment
    b: Segment
    relation: Relation
    jaccard: float
    containment_a: float
    containment_b: float
    similarity: float

    def mirrored(self) -> Match:
        """Return the same match with its sides exchanged."""
        return Match(self.b, self.a, self.relation.mirrored, self.jaccard, self.containment_b, self.containment_a, self.similarity)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Duplicates of one canonical member; every other member is a verified duplicate of it.

    ``weakest`` is the smallest share, of all members, of the shingles of the canonical one and the member that one of the two holds of the
    other: the weakest link.
    """

    id: str
    canonical: str
    members: tuple[str, ...]
    weakest: float = 1.0


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A run of headed sections in one document."""

    document: str
    number: int
    sections: tuple[Segment, ...]

    @property
    def id(self) -> str:
        """The id of its first section, which no other bulletin has."""
        return self.sections[0].id

    @property
    def size(self) -> tuple[int, int]:
        """Its sections and their characters. Bulletins carry no time; they grow through the day, so the larger is taken as the later."""
        return len(self.sections), sum(section.end - section.start for section in self.sections)


@dataclass(frozen=True, slots=True)
class BulletinMatch:
    """Two bulletins that share duplicate sections; ``a`` is taken as the earlier one.

    ``sections`` holds the matches section by section, in the order of ``b``.
    """

    a: Bulletin
    b: Bulletin
    sections: tuple[Match, ...]
    only_a: tuple[Segment, ...]
    only_b: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What one run found. ``stats`` counts what was read, proposed, verified and left out."""

    matches: tuple[Match, ...]
    clusters: tuple[Cluster, ...]
    bulletins: tuple[BulletinMatch, ...]
    stats: dict[str, Any]

    @property
    def duplicates(self) -> tuple[Match, ...]:
        """The matches whose relation makes them duplicates."""
        return tuple(m for m in self.matches if m.relation.duplicate)

    def apart_from_bulletins(self, matches: Iterable[Match]) -> tuple[Match, ...]:
        """Return those of some matches that are no section of a matched bulletin."""
        inside = {frozenset((match.a.id, match.b.id)) for pair in self.bulletins for match in pair.sections}
        return tuple(match for match in matches if frozenset((match.a.id, match.b.id)) not in inside)

    def only(self, relations: Collection[Relation]) -> Result:
        """Return the result with the matches of these relations alone, without the clusters and bulletins that all of them made."""
        return replace(self, matches=tuple(m for m in self.matches if m.relation in relations), clusters=(), bulletins=())
