"""The values that pass between the stages: frozen, slotted, tuples inside.

Offsets are code points, spans are half open, lines count from 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from .about import UNKNOWN, About
from .errors import ConfigError
from .frames import COLUMNS, TableOf, TextOrigins, arrow_table, pandas_table, result_columns
from .relation import Relation as Relation

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

RESULT_SCHEMA = "dedup/result/1"
Order = Literal["auto", "input", "newest-first", "time"]
"""How it is told which of several texts is the older: see `dedup.text.order.oldest_first`."""


class OrderedBy(StrEnum):
    """What decided which of several texts is the older."""

    INPUT = "input"
    """They stand in this order in the input."""
    NEWEST_FIRST = "newest-first"
    """They stand in the other order in the input, as was asked for."""
    TIME = "time"
    """The times of their documents."""
    DATE = "date"
    """The dates at the start of the texts."""
    VERSION = "version"
    """The numbers of the versions of one record."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read, and what its source says about it; each where known.

    ``path`` and ``line`` say where it was read. ``time``, when it was published, ``cluster``, with which others it appeared, ``source``,
    who published it, ``title``, ``url``, ``language`` and ``version`` are as the source writes them. ``status`` is ``usable``,
    ``withheld`` or ``canceled`` (the words of IPTC), and ``embargo`` the time before which the text is not to be published. ``byline`` is
    who wrote it and for whom, as its source writes it: "By Jane Doe, Reuters", a credit line, a provider.
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
    title: str | None = None
    url: str | None = None
    language: str | None = None
    version: str | None = None
    status: str | None = None
    embargo: str | None = None
    byline: str | None = None


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

    def to_dict(self) -> dict[str, Any]:
        """Return a section of a bulletin as plain values for JSON: its id, its heading and the first line of its text."""
        return {"id": self.id, "heading": self.heading, "line": self.line}


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair. Shares are of distinct word shingles, 0..1; ``similarity`` is rapidfuzz's, over words; ``probability`` is that of
    being duplicates, as the model tells it."""

    a: Segment
    b: Segment
    relation: Relation
    jaccard: float
    containment_a: float
    containment_b: float
    similarity: float
    probability: float
    included: bool = False
    """True where settings count a relation as a duplicate that is none by itself."""

    @property
    def duplicate(self) -> bool:
        """True where the two are duplicates."""
        return self.included or self.relation.duplicate

    def mirrored(self) -> Match:
        """Return the same match with its sides exchanged."""
        shares = self.jaccard, self.containment_b, self.containment_a, self.similarity, self.probability
        return Match(self.b, self.a, self.relation.mirrored, *shares, self.included)

    def to_dict(self) -> dict[str, Any]:
        """Return the match as plain values for JSON, the line of ``dedup find --format pairs``; shares have four digits.

        Headings and lines are there where one side is a segment of a document, not the whole.

        >>> match = Match(Segment("1", "1", None, 0, 4), Segment("2", "2", None, 0, 4), Relation.REUSE, 0.123456, 1 / 3, 0.5, 1.0, 0.25)
        >>> [*match.to_dict().values()]
        ['1', '2', 'reuse', 0.1235, 0.3333, 0.5, 1.0, 0.25]
        """
        row: dict[str, Any] = {
            "a": self.a.id,
            "b": self.b.id,
            "relation": self.relation.value,
            "jaccard": round(self.jaccard, 4),
            "containment_a": round(self.containment_a, 4),
            "containment_b": round(self.containment_b, 4),
            "similarity": round(self.similarity, 4),
            "probability": round(self.probability, 4),
        }
        if self.a.index is not None or self.b.index is not None:
            row |= {"a_heading": self.a.heading, "b_heading": self.b.heading, "a_line": self.a.line, "b_line": self.b.line}
        return row


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

    def to_dict(self) -> dict[str, Any]:
        """Return the cluster as plain values for JSON, the line of ``dedup find --format clusters``.

        >>> Cluster("c1", "2", ("1", "2"), 0.98765).to_dict()
        {'id': 'c1', 'canonical': '2', 'members': ['1', '2'], 'weakest': 0.9877}
        """
        return {"id": self.id, "canonical": self.canonical, "members": list(self.members), "weakest": round(self.weakest, 4)}


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

    def to_dict(self) -> dict[str, Any]:
        """Return the bulletin as plain values for JSON: its document and its sections."""
        return {"document": self.document, "sections": [section.to_dict() for section in self.sections]}


@dataclass(frozen=True, slots=True)
class BulletinMatch:
    """Two bulletins that share duplicate sections; ``a`` is the earlier one, and ``ordered_by`` says how that is known.

    ``sections`` holds the matches section by section, in the order of ``b``.
    """

    a: Bulletin
    b: Bulletin
    sections: tuple[Match, ...]
    only_a: tuple[Segment, ...]
    only_b: tuple[Segment, ...]
    ordered_by: OrderedBy = OrderedBy.INPUT

    def to_dict(self) -> dict[str, Any]:
        """Return the two bulletins as plain values for JSON: their sections, the matches, and the ids of those that only one has."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "ordered_by": self.ordered_by.value,
            "matches": [match.to_dict() for match in self.sections],
            "only_a": [segment.id for segment in self.only_a],
            "only_b": [segment.id for segment in self.only_b],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What one run found. ``stats`` counts what was read, proposed, verified and left out.

    ``about`` has, by id, what is known of the texts that matched: title, source, time, address. ``order`` says how it was to be told which
    of two texts is the older. ``origins`` are those of its stories, `dedup.Origins`, where `dedup.stories.origins_of` was asked for them.
    """

    matches: tuple[Match, ...]
    clusters: tuple[Cluster, ...]
    bulletins: tuple[BulletinMatch, ...]
    stats: dict[str, Any]
    about: Mapping[str, About] = field(default_factory=dict)
    order: Order = "auto"
    origins: TextOrigins | None = None

    @property
    def duplicates(self) -> tuple[Match, ...]:
        """The matches whose relation makes them duplicates."""
        return tuple(m for m in self.matches if m.duplicate)

    def apart_from_bulletins(self, matches: Iterable[Match]) -> tuple[Match, ...]:
        """Return those of some matches that are no section of a matched bulletin."""
        inside = {frozenset((match.a.id, match.b.id)) for pair in self.bulletins for match in pair.sections}
        return tuple(match for match in matches if frozenset((match.a.id, match.b.id)) not in inside)

    def only(self, relations: Collection[Relation]) -> Result:
        """Return the result with the matches of these relations alone, without the clusters and bulletins that all of them made."""
        return replace(self, matches=tuple(m for m in self.matches if m.relation in relations), clusters=(), bulletins=())

    def to_dict(self) -> dict[str, Any]:
        """Return all that was found as plain values for JSON, what ``dedup find --format json`` prints: schema ``dedup/result/1``."""
        origins = {} if self.origins is None else {"origins": self.origins.to_dict()}
        return {
            "schema": RESULT_SCHEMA,
            "stats": self.stats,
            "matches": [match.to_dict() for match in self.matches],
            "clusters": [cluster.to_dict() for cluster in self.clusters],
            "bulletins": [found.to_dict() for found in self.bulletins],
            **origins,
        }

    def match_row(self, match: Match) -> dict[str, Any]:
        """Return a match as `Match.to_dict` has it, with the ``title``, ``source``, ``time`` and ``url`` of both texts: ``a_title``."""
        sides = [self.about.get(segment.id, UNKNOWN).to_dict(f"{side}_") for side, segment in (("a", match.a), ("b", match.b))]
        return match.to_dict() | {name: value for pair in zip(*(each.items() for each in sides), strict=True) for name, value in pair}

    def rows(self, of: TableOf = "matches") -> Iterator[dict[str, Any]]:
        """Yield the rows of the table that `to_pandas` makes. Raises `ConfigError` for another ``of``."""
        if of not in COLUMNS:
            raise ConfigError(f"of is {of!r}; it must be one of {', '.join(COLUMNS)}")
        if of == "matches":
            return map(self.match_row, self.matches)
        return (
            {"id": member, "cluster": cluster.id, "canonical": cluster.canonical, "weakest": round(cluster.weakest, 4)}
            | self.about.get(member, UNKNOWN).to_dict()
            | (self.origins.of_text(member) if self.origins else {})
            for cluster in self.clusters
            for member in cluster.members
        )

    def to_pandas(self, of: TableOf = "matches") -> pd.DataFrame:
        """Return the matches, or the clusters, as a table of pandas.

        ``matches`` has a row for each match and the columns of ``dedup find --format pairs --titles``; headings and lines are missing
        where whole documents were compared. ``clusters`` has a row for each member of a cluster: its ``id``, the id of its ``cluster``,
        the id of the ``canonical`` member, ``weakest``, and the ``title``, ``source``, ``time`` and ``url`` of the member; with `origins`
        also its ``story``, ``group``, ``first``, ``carries``, ``own`` and ``independent_origins``, as `dedup.Origins` has them. Raises
        `EngineError` where pandas is not installed, `ConfigError` for another ``of``.
        """
        return pandas_table(self.rows(of), result_columns(of, origins=self.origins is not None))

    def to_arrow(self, of: TableOf = "matches") -> pa.Table:
        """Return the matches, or the clusters, as a table of pyarrow with the columns of `to_pandas`.

        ``polars.from_arrow`` makes a table of polars from it. Raises `EngineError` where pyarrow is not installed, `ConfigError` for
        another ``of``.
        """
        return arrow_table(self.rows(of), result_columns(of, origins=self.origins is not None))
