"""What a comparison is made of: frozen, slotted, tuples inside.

Offsets are code points in the text as read; spans are half open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dedup.model import BulletinMatch, Relation
from dedup.text.fold import fold

from .decimals import exact_difference


class Kind(StrEnum):
    """What sort of change it is; the cosmetic ones leave the meaning alone.

    >>> Kind.SPELLING.cosmetic, Kind.NUMBER.cosmetic
    (True, False)
    """

    NUMBER = "number"
    TIME = "time"
    NAME = "name"
    ATTRIBUTION = "attribution"
    NEGATION = "negation"
    WORDING = "wording"
    SPELLING = "spelling"
    DIACRITICS = "diacritics"
    TYPOGRAPHY = "typography"
    INVISIBLE = "invisible"

    @property
    def cosmetic(self) -> bool:
        """True for a change that leaves the meaning alone."""
        return self in (Kind.SPELLING, Kind.DIACRITICS, Kind.TYPOGRAPHY, Kind.INVISIBLE)


FACT_KINDS = (Kind.NUMBER, Kind.NEGATION, Kind.NAME, Kind.ATTRIBUTION, Kind.TIME)
"""Kinds an editor must see first, heaviest first."""


class UnitRelation(StrEnum):
    """How the sentences of one unit relate."""

    SAME = "same"
    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the text that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity as one text has it. ``value`` None with a qualifier is a vague one, without one there is no quantity."""

    value: float | None
    qualifier: str | None


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """A quantity in both texts and what it counts, as written in b (in a where b has none)."""

    a: Amount
    b: Amount
    role: str | None

    @property
    def delta(self) -> float | None:
        """The difference of the two values, None unless both are known and it can be said exactly."""
        return None if self.a.value is None or self.b.value is None else exact_difference(self.a.value, self.b.value)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. A side that has nothing is None (an insertion has no ``a``)."""

    id: str
    kind: Kind
    a: Span | None
    b: Span | None
    quantity: QuantityChange | None = None
    """What a change of kind ``number`` counts."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences that correspond: indices into ``Comparison.sentences_a`` and ``sentences_b``."""

    relation: UnitRelation
    a: tuple[int, ...]
    b: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a comparison or a timeline, with what names it on a page; ``time`` as its source writes it."""

    id: str
    text: str
    heading: str | None = None
    line: int | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from ``a`` (the older text) to ``b``.

    ``units`` is in reading order of ``b``, with removed sentences at their old place; ``changes`` is in that order too.
    Outside of changes, and of units that are added or removed, both texts are equal code point for code point.
    """

    a: Version
    b: Version
    relation: Relation | None
    similarity: float
    sentences_a: tuple[Span, ...]
    sentences_b: tuple[Span, ...]
    units: tuple[Unit, ...]
    changes: tuple[Change, ...]
    note: str | None = None
    """Set where the work was capped and the view is coarser than usual."""

    @property
    def counts(self) -> dict[str, int]:
        """Number of changes by kind, kinds without a change left out, in the order of `Kind`."""
        found = [change.kind for change in self.changes]
        return {kind.value: found.count(kind) for kind in Kind if kind in found}


@dataclass(frozen=True, slots=True)
class AlignedRun:
    """A stretch of an aligned unit: equal on both sides, or one change.

    ``change`` is None for an equal run; a whole added or removed sentence is a run with one side and no change.
    """

    a: Span | None
    b: Span | None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact as one state has it; ``amount`` for a number."""

    span: Span
    text: str
    amount: Amount | None = None

    @property
    def comparison_key(self) -> tuple[object, ...]:
        """What makes two cells the same: the quantity of a number that has a value, else the words, however they are spelled."""
        if self.amount and self.amount.value is not None:
            return self.amount.value, self.amount.qualifier
        return tuple(fold(self.text).split())


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the ledger: one fact followed through the states, None where a state does not have it.

    ``role`` is what a number counts, ``context`` the words before, in and after the fact in the last state that has it. ``falls`` are the
    states in which a number is less than it was before, ``reversals`` those in which a fact goes back to what an older state said.
    """

    id: str
    kind: Kind
    role: str | None
    context: tuple[str, str, str]
    cells: tuple[Cell | None, ...]
    falls: tuple[int, ...] = ()
    reversals: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        """True where the states do not all say the same."""
        return len({cell and cell.comparison_key for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class MergedSentence:
    """A sentence of the merged text, as the last state that carries it words it.

    ``states`` are those that carry it, ``wordings`` how many different ones there are, ``dropped`` says that the newest state lacks it.
    """

    state: int
    span: Span
    states: tuple[int, ...]
    wordings: int
    dropped: bool


class AlarmKind(StrEnum):
    """What an editor must not overlook."""

    FELL = "fell"
    RETURNED = "returned"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A number that fell, an older sentence that came back, a negation that appeared or vanished, in ``state``.

    ``a`` is what stood there before (for a sentence that returned: in ``since``, the state that last carried it), ``b`` what stands there
    now. ``fact`` names a row of the ledger, ``change`` a change of the step that leads to the state.
    """

    kind: AlarmKind
    state: int
    a: str | None
    b: str | None
    fact: str | None = None
    change: str | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What became of a text over its versions, oldest first.

    ``states`` are runs of versions with one text, as indices into ``versions``; everything else counts in states. ``steps[n]`` compares
    state n with state n + 1.
    """

    versions: tuple[Version, ...]
    states: tuple[tuple[int, ...], ...]
    steps: tuple[Comparison, ...]
    ledger: tuple[Fact, ...]
    merged: tuple[MergedSentence, ...]
    alarms: tuple[Alarm, ...]
    left_out: int = 0
    """Older versions that are not shown, because there are too many."""

    def version(self, state: int) -> Version:
        """Return the first version that has the text of a state."""
        return self.versions[self.states[state][0]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a page shows: the bulletins that match each other, and texts with their versions, two or more of each.

    ``only_texts`` maps the id of a section that exists in one bulletin alone to its text; ``left_out`` texts are not shown, because there
    are too many.
    """

    title: str
    timelines: tuple[Timeline, ...]
    bulletins: tuple[BulletinMatch, ...] = ()
    only_texts: tuple[tuple[str, str], ...] = ()
    left_out: int = 0
