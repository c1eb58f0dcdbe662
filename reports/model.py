"""The values that comparisons, timelines and reports are made of: frozen dataclasses with tuples.

Offsets count code points in the text as read; spans are half open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedup.model import BulletinMatch, OrderedBy, Relation
from dedup.text.fold import fold

from .exact_values import exact_difference
from .kind import FACT_KINDS as FACT_KINDS
from .kind import AlarmKind as AlarmKind
from .kind import Kind as Kind
from .kind import UnitRelation as UnitRelation

if TYPE_CHECKING:
    from dedup.origins.model import Story


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the text that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity as one text has it.

    With ``value`` None and a qualifier it is vague ("dozens"), a range or a score, or its notation is open; with neither there is no
    quantity. The other fields say how the text has it, and are no part of its identity.
    """

    value: float | None
    qualifier: str | None
    written: str | None = field(default=None, compare=False)
    """The whole quantity as the text has it, with its sign, magnitude and unit: ``$40 million``, ``45 million crowns``."""
    magnitude: str | None = field(default=None, compare=False)
    """The magnitude in which it is written, a word of the text (``million``) for its value; None without one."""
    scale: float = field(default=1, compare=False)
    """The value of ``magnitude``."""
    unit: str | None = field(default=None, compare=False)
    """Its currency or unit, one name for all forms of the word: ``USD``, ``percent``, ``percentage point``, ``km``; None without one."""
    readings: tuple[float, ...] = field(default=(), compare=False)
    """The values that it may have, where its notation is open (2.500 is 2500 or 2.5); ``value`` is None then."""


BOUNDS = {"at_least": 1, "more_than": 1, "at_most": -1, "less_than": -1}
"""The qualifiers that give a bound: 1 for a lower one, -1 for an upper one."""


SHARE_UNITS = "percent", "percentage point", "per mille"
"""The units of shares: what has one of them cannot be subtracted from what has none."""


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """A quantity in both texts. ``role`` is the word for what it counts, as written in b, or in a where b has none."""

    a: Amount
    b: Amount
    role: str | None

    @property
    def measure_changed(self) -> bool:
        """True where both texts name a unit or a currency, and not the same: dollars, euros."""
        return self.a.unit is not None and self.b.unit is not None and self.a.unit != self.b.unit

    @property
    def bound_changed(self) -> bool:
        """True where one text gives a lower bound and the other an upper one: at least, at most.

        >>> QuantityChange(Amount(12, "at_least"), Amount(12, "at_most"), None).bound_changed
        True
        """
        return {BOUNDS.get(self.a.qualifier or ""), BOUNDS.get(self.b.qualifier or "")} == {1, -1}

    @property
    def delta(self) -> float | None:
        """The new value minus the old, None unless both are known, both or none are shares, and the difference is exact."""
        units = {self.a.unit, self.b.unit}
        if len(units) > 1 and not units.isdisjoint(SHARE_UNITS):
            return None
        return None if self.a.value is None or self.b.value is None else exact_difference(self.a.value, self.b.value)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. The missing side of an insertion or deletion is None (an insertion has no ``a``)."""

    id: str
    kind: Kind
    a: Span | None
    b: Span | None
    quantity: QuantityChange | None = None
    """Both quantities of a change of kind ``number``."""
    moved: bool = False
    """The same words only changed places inside their sentence: ``a`` is where they stood, ``b`` where they stand."""
    alarm: AlarmKind | None = None
    """Why an editor must look at this change first, whatever its kind; None where there is no reason."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences that correspond: indices into ``Comparison.sentences_a`` and ``sentences_b``."""

    relation: UnitRelation
    a: tuple[int, ...]
    b: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a comparison or a timeline, with what identifies it on a page; ``time`` is as its source writes it.

    ``heading`` is that of a section, ``title`` that of the whole document.
    """

    id: str
    text: str
    heading: str | None = None
    line: int | None = None
    time: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None

    @property
    def name(self) -> str:
        """What the text is called on a page: its heading, else its title, else its id."""
        return self.heading or self.title or self.id


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
    """Says why the view is coarser than usual, where the work was bounded."""

    @property
    def counts(self) -> dict[str, int]:
        """Number of changes by kind, in the order of `Kind`, without the kinds that have none."""
        found = [change.kind for change in self.changes]
        return {kind.value: found.count(kind) for kind in Kind if kind in found}


@dataclass(frozen=True, slots=True)
class AlignedRun:
    """A stretch of an aligned unit: equal text on both sides, or one change.

    ``change`` is None for an equal run. A whole added or removed sentence is a run with one side and no change.
    """

    a: Span | None
    b: Span | None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact as one state has it; ``amount`` is set for a number."""

    span: Span
    text: str
    amount: Amount | None = None

    @property
    def comparison_key(self) -> tuple[object, ...]:
        """Equal for cells that say the same: the quantity of a number with a value, else the folded words."""
        if self.amount and self.amount.value is not None:
            return self.amount.value, self.amount.qualifier
        return tuple(fold(self.text).split())


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the ledger: one fact in every state. A cell is None where a state does not have the fact.

    ``role`` is what a number counts. ``context`` has the words before, in and after the fact, in the last state that has it. ``falls`` are
    the states in which a number is less than before, ``reversals`` those in which a fact goes back to what an older state said.
    """

    id: str
    kind: Kind
    role: str | None
    context: tuple[str, str, str]
    cells: tuple[Cell | None, ...]
    falls: tuple[int, ...] = ()
    reversals: tuple[int, ...] = ()
    fate: str | None = None
    """What became of the people that a number counts: killed, wounded, missing and so on, one word for all forms; None for no people."""
    group: str | None = None
    """Who they are, where the text says more than "people": children, soldiers."""
    place: str | None = None
    """The name of the place that the number belongs to, as written."""

    @property
    def changed(self) -> bool:
        """True where the states do not all say the same."""
        return len({cell and cell.comparison_key for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class MergedSentence:
    """A sentence of the merged text, in the words of the last state that carries it.

    ``states`` are those that carry it, ``wordings`` is the number of its different wordings, ``dropped`` says that the newest state does
    not have it.
    """

    state: int
    span: Span
    states: tuple[int, ...]
    wordings: int
    dropped: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm about ``state``: a number fell, an older sentence came back, or a negation appeared or vanished.

    ``a`` is the text before, ``b`` the text now. For a sentence that came back, ``a`` is its text in ``since``, the last state that had it.
    ``fact`` is the id of a row of the ledger, ``change`` that of a change in the step that leads to the state.
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
    """The versions of one text, oldest first, and what changed between them.

    A state is a run of versions with equal texts; ``states`` has their indices into ``versions``. Everything else counts in states.
    ``steps[n]`` compares state n with state n + 1.
    """

    versions: tuple[Version, ...]
    states: tuple[tuple[int, ...], ...]
    steps: tuple[Comparison, ...]
    ledger: tuple[Fact, ...]
    merged: tuple[MergedSentence, ...]
    alarms: tuple[Alarm, ...]
    left_out: int = 0
    """Number of older versions that are not shown, because there are too many."""
    ordered_by: OrderedBy = OrderedBy.INPUT
    """What decided which version is the older."""

    def version(self, state: int) -> Version:
        """Return the first version that has the text of a state."""
        return self.versions[self.states[state][0]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a page shows: texts, each with two or more versions, and the bulletins that match each other.

    ``only_texts`` has the id and the text of each section that only one bulletin has. ``left_out`` is the number of texts that are not
    shown, because there are too many. ``id`` names the text of a report of one text, where the title does not. ``origins`` are the stories
    that the texts belong to, and where their wording comes from, where that was asked for.
    """

    title: str
    timelines: tuple[Timeline, ...]
    bulletins: tuple[BulletinMatch, ...] = ()
    only_texts: tuple[tuple[str, str], ...] = ()
    left_out: int = 0
    id: str | None = None
    origins: tuple[Story, ...] = ()
