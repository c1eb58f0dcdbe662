"""What is known of the origins of a story: frozen values, as in `dedup.model`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..about import UNKNOWN, About
from ..frames import ORIGIN_COLUMNS, TEXT_ORIGIN, arrow_table, pandas_table
from ..text.credits import Credit
from ..text.ids import record_and_version, version_name

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ORIGINS_SCHEMA = "dedup/origins/1"
_TOLD = 0.55  # probability of a first text that is told in any group
_STANDS_OUT = 1.5  # times the probability that a text of a group has by chance


class DirectionEvidence(StrEnum):
    """What tells which of two texts carries the other."""

    TIME = "time"
    """It was published later."""
    CREDIT = "credit"
    """It credits the source of the other."""
    VERSION = "version"
    """It is a later version of the same record or of one source."""
    LENGTH = "length"
    """It is a shortened text of what the other has whole."""
    EDITS = "edits"
    """It has edits of its own, and the other stands between it and more texts."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Text ``b`` carries text ``a``: its wording comes from there, as probable as ``probability`` says, 0.5..1.

    ``share`` is the share of b's narration that a has, 0..1. ``evolved``: ``b`` is a later version of ``a``, by the same source.
    """

    a: str
    b: str
    share: float
    probability: float
    evidence: tuple[DirectionEvidence, ...]
    evolved: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON; shares have four digits."""
        return {
            "a": self.a,
            "b": self.b,
            "share": round(self.share, 4),
            "probability": round(self.probability, 4),
            "evidence": [each.value for each in self.evidence],
            "evolved": self.evolved,
        }


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A text that says it is its source's own report, ``says``, and has the wording of an agency's text, or of another source: ``has``.

    ``of`` is the text that has that wording too.
    """

    says: str
    has: str
    of: str

    def to_dict(self) -> dict[str, str]:
        """Return it as plain values for JSON."""
        return {"says": self.says, "has": self.has, "of": self.of}


@dataclass(frozen=True, slots=True)
class OriginText:
    """One text of a story. ``group`` is the number of its group.

    ``own`` is the share of its words that no other text of the story has, 0..1, and ``quoted`` the share that are quotations and
    statements.
    """

    id: str
    group: int
    own: float
    quoted: float
    credits: tuple[Credit, ...] = ()
    contradiction: Contradiction | None = None
    about: About = UNKNOWN

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON, with what its source says of it."""
        return {
            "id": self.id,
            **self.about.to_dict(),
            "group": self.group,
            "own": round(self.own, 4),
            "quoted": round(self.quoted, 4),
            "credits": [credit.to_dict() for credit in self.credits],
            "contradiction": self.contradiction and self.contradiction.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """Texts of a story that share their narration: one origin. ``members`` are in the order of the story's texts.

    ``first`` is the text that was likely first, as probable as ``probability`` says. ``credited`` are the agencies that most of the texts
    with credits name. ``release``: what they share is for the most part a quotation or a statement.
    """

    number: int
    first: str
    probability: float
    members: tuple[str, ...]
    credited: tuple[str, ...] = ()
    release: bool = False

    @property
    def first_is_told(self) -> bool:
        """True where it can be told which of several texts was likely first: one stands out from all the others."""
        return len(self.members) > 1 and self.probability > min(_TOLD, _STANDS_OUT / len(self.members))

    @property
    def told_first(self) -> str | None:
        """The text that was likely first, or that is alone; None where it cannot be told."""
        return self.first if self.first_is_told or len(self.members) == 1 else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "number": self.number,
            "first": self.first,
            "first_is_told": self.told_first is not None,
            "probability": round(self.probability, 4),
            "members": [*self.members],
            "credited": [*self.credited],
            "release": self.release,
        }


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """Two texts of different groups that share wording all the same: some ``words`` words, of which ``quoted`` are quoted in both."""

    a: str
    b: str
    words: int
    quoted: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {"a": self.a, "b": self.b, "words": self.words, "quoted": self.quoted}


@dataclass(frozen=True)
class Story:
    """A cluster, with the clusters and texts that it is a rewrite of or shares a passage with, and where its wording comes from.

    ``texts`` are in the order of their groups, those that were likely first before others; ``groups`` the largest first. ``carries`` has
    for a text what it carries, where that can be told: at most one text.
    """

    id: str
    texts: tuple[OriginText, ...]
    groups: tuple[OriginGroup, ...]
    carries: tuple[Carried, ...] = ()
    shared: tuple[SharedPassage, ...] = ()

    @property
    def independent_origins(self) -> int:
        """The number of groups."""
        return len(self.groups)

    @cached_property
    def by_id(self) -> Mapping[str, OriginText]:
        """The texts by their ids."""
        return {text.id: text for text in self.texts}

    @cached_property
    def carried_by(self) -> Mapping[str, Carried]:
        """What a text carries, by the id of that text."""
        return {each.b: each for each in self.carries}

    def row(self, name: str) -> dict[str, Any]:
        """Return the row of a text in the table that `Origins.to_pandas` makes, by the names of its columns."""
        text, carried = self.by_id[name], self.carried_by.get(name)
        return {
            "id": name,
            "story": self.id,
            "group": text.group,
            "first": name in self.firsts,
            "carries": carried.a if carried else None,
            "probability": round(carried.probability, 4) if carried else None,
            "own": round(text.own, 4),
            "quoted": round(text.quoted, 4),
            "independent_origins": self.independent_origins,
            "texts": len(self.texts),
            **text.about.to_dict(),
        }

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The texts that were likely first, of each group of which that can be told."""
        return frozenset(group.told_first for group in self.groups if group.told_first is not None)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Return the earlier versions of a text by the same source, the oldest first."""
        found: dict[str, None] = {name: None}
        while (before := self._evolved_from(name)) is not None and before not in found:
            name = before
            found[name] = None
        return tuple(reversed([*found][1:]))

    def _evolved_from(self, name: str) -> str | None:
        """Return the version before a text: that of its record, which the names of versions tell, else what it carries of its source."""
        record, version = record_and_version(name)
        if earlier := [number for number in self._versions[record] if number < version]:
            return version_name(record, max(earlier))
        carried = self.carried_by.get(name)
        return carried.a if carried and carried.evolved else None

    @cached_property
    def _versions(self) -> Mapping[str, list[int]]:
        """The numbers of the versions of each record."""
        found: dict[str, list[int]] = {}
        for text in self.texts:
            record, version = record_and_version(text.id)
            found.setdefault(record, []).append(version)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the story as plain values for JSON, a line of ``dedup origins --format jsonl``."""
        return {
            "id": self.id,
            "independent_origins": self.independent_origins,
            "texts": [self._text(text) for text in self.texts],
            "groups": [group.to_dict() for group in self.groups],
            "carries": [carried.to_dict() for carried in self.carries],
            "shared": [each.to_dict() for each in self.shared],
        }

    def _text(self, text: OriginText) -> dict[str, Any]:
        carried = self.carried_by.get(text.id)
        ancestors = self.ancestors(text.id)
        return text.to_dict() | {
            "carries": carried.a if carried else None,
            "evolvedfrom": ancestors[-1] if ancestors else None,
            "ancestors": [*ancestors],
        }


@dataclass(frozen=True)
class Origins:
    """The stories of a search, those with most texts first."""

    stories: tuple[Story, ...] = field(default=())

    @cached_property
    def story_of(self) -> Mapping[str, Story]:
        """The stories by the ids of their texts."""
        return {text.id: story for story in self.stories for text in story.texts}

    def to_dict(self) -> dict[str, Any]:
        """Return all stories as plain values for JSON: schema ``dedup/origins/1``."""
        return {"schema": ORIGINS_SCHEMA, "stories": [story.to_dict() for story in self.stories]}

    def of_text(self, name: str) -> dict[str, Any]:
        """Return the story of a text, its group, whether it was likely ``first`` in it, what it carries, its share of own words and the
        number of independent origins, as a result has them in its table of clusters; nothing for a text that is in no story."""
        story = self.story_of.get(name)
        row = story.row(name) if story else {}
        return {column: row[column] for column in TEXT_ORIGIN} if row else {}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table that `to_pandas` makes."""
        return (story.row(text.id) for story in self.stories for text in story.texts)

    def to_pandas(self) -> pd.DataFrame:
        """Return a table of pandas with a row for each text of a story.

        Its columns: ``id``, ``story``, ``group`` (the number of the group in the story), ``first`` (true for the text of a group that was
        likely first), ``carries`` (the id of the text that it carries), ``probability`` (of that), ``own`` and ``quoted`` (shares of its
        words), ``independent_origins`` and ``texts`` (of the story), and the ``title``, ``source``, ``time`` and ``url`` of the text.
        Raises `EngineError` where pandas is not installed.
        """
        return pandas_table(self.rows(), ORIGIN_COLUMNS)

    def to_arrow(self) -> pa.Table:
        """Return a table of pyarrow with the columns of `to_pandas`. Raises `EngineError` where pyarrow is not installed."""
        return arrow_table(self.rows(), ORIGIN_COLUMNS)
