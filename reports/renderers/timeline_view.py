"""The view of a timeline for the HTML page: its comparisons, the ledger, the alarms, a bar for each state, the merged text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby, islice

from dedup.model import Relation

from ..comparison import compare
from ..messages.catalog import Catalog
from ..model import AlarmKind, Amount, Cell, Comparison, Fact, MergedSentence, Timeline, Unit, UnitRelation, Version
from ..summary.digest import alarm_lines, cell_flags
from .comparison_view import ComparisonView, PageLine, make_comparison_view
from .direction import html_language

_MOST_PAIRS = 28
"""Pairs of states that a page compares beyond neighbours (eight states), and characters that it holds for them."""
_PAIR_CHARS = 400_000
_MOST_FACTS = 500
"""Rows of a ledger on a page."""


@dataclass(frozen=True, slots=True)
class StateColumn:
    """A column of the ledger and a bar of the timeline. ``number`` counts versions from 1; sentences are those of a step."""

    number: int
    versions: tuple[Version, ...]
    new: int
    edited: int
    carried: int
    dropped: int

    @property
    def bar(self) -> tuple[tuple[str, float, float], ...]:
        """The parts of the bar: what, where it begins and how wide it is, in percent."""
        parts = [("carried", self.carried), ("edited", self.edited), ("new", self.new), ("dropped", self.dropped)]
        total = sum(count for _, count in parts) or 1
        starts = [100 * sum(count for _, count in parts[:place]) / total for place in range(len(parts))]
        return tuple(
            (name, round(start, 2), round(100 * count / total, 2)) for (name, count), start in zip(parts, starts, strict=True) if count
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of the ledger as the page shows it; ``value`` is set for a number in words; ``flags`` are names of messages."""

    text: str | None
    value: str | None
    qualifier: str | None
    flags: tuple[str, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One timeline as the page shows it. ``newest`` is the comparison to read first, ``others`` are folded."""

    number: int
    timeline: Timeline
    dir: str
    lang: str
    states: tuple[StateColumn, ...]
    newest: ComparisonView
    others: tuple[tuple[int, int, ComparisonView], ...]
    since_first: tuple[PageLine, ...]
    alarms: tuple[PageLine, ...]

    @property
    def many(self) -> bool:
        """True where there are more than two versions."""
        return len(self.timeline.versions) + self.timeline.left_out > 2

    @property
    def latest(self) -> Version:
        """The newest version, which gives the timeline its heading."""
        return self.timeline.versions[-1]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rows of the ledger that changed, those that fell or went back first; the first `_MOST_FACTS`."""
        changed = sorted((fact for fact in self.timeline.ledger if fact.changed), key=lambda fact: not (fact.falls or fact.reversals))
        return tuple(changed[:_MOST_FACTS])

    @property
    def changes(self) -> int:
        """Number of rows of the ledger that changed."""
        return sum(fact.changed for fact in self.timeline.ledger)

    @property
    def constant(self) -> tuple[Fact, ...]:
        """The rows that say the same throughout; the first `_MOST_FACTS`."""
        return tuple(islice((fact for fact in self.timeline.ledger if not fact.changed), _MOST_FACTS))

    @property
    def dropped(self) -> int:
        """Number of sentences that the newest state no longer has."""
        return sum(passage.dropped for passage in self.timeline.merged)

    def carriers(self, passage: MergedSentence) -> str:
        """Return the numbers of the versions that carry a sentence: 1, 4–5."""
        versions = [n + 1 for state in passage.states for n in self.timeline.states[state]]
        runs = [[place for _, place in run] for _, run in groupby(enumerate(versions), key=lambda row: row[1] - row[0])]
        return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)

    def entries(self, fact: Fact) -> tuple[Entry, ...]:
        """Return the cells of a row."""
        return tuple(_entry(fact, state) for state in range(len(fact.cells)))

    def anchor(self, fact: Fact) -> str:
        """Return the id of a row of the ledger."""
        return _fact_anchor(self.number, fact.id)

    def by_pair(self) -> dict[tuple[str, str], ComparisonView]:
        """Return the comparisons by the ids of two versions; two of one state are not compared."""
        return {
            (a.id, b.id): article
            for one, other, article in self.compared
            for a in self.states[one].versions
            for b in self.states[other].versions
            if one != other or len(self.states) == 1
        }

    @property
    def compared(self) -> tuple[tuple[int, int, ComparisonView], ...]:
        """All comparisons, by the places of their states."""
        last = len(self.states) - 1
        return (*self.others, (max(0, last - 1), last, self.newest))


def make_timeline_view(number: int, first: int, timeline: Timeline, words: Catalog, *, brief: bool = False) -> TimelineView:
    """Return a timeline as the page shows it; its comparisons are numbered from ``first``; a ``brief`` one has few."""
    last = len(timeline.states) - 1
    newest = make_comparison_view(first, timeline.steps[-1] if timeline.steps else _unchanged(timeline), words)
    pairs = [pair for pair in _pairs(timeline, brief) if pair != (last - 1, last)]
    others = tuple((i, j, make_comparison_view(first + n, _comparison(timeline, i, j), words)) for n, (i, j) in enumerate(pairs, 1))
    text = timeline.versions[-1].text
    whole = next((article for i, j, article in others if (i, j) == (0, last)), None)
    return TimelineView(
        number,
        timeline,
        newest.dir,
        html_language(text) or newest.lang,
        tuple(_states(timeline)),
        newest,
        others,
        whole.digest if whole else (),
        tuple(_alarms(number, timeline, {j: article for i, j, article in others if j == i + 1} | {last: newest}, words)),
    )


def _fact_anchor(story: int, fact: str) -> str:
    return f"f-{story}-{fact.removeprefix('f')}"


def _unchanged(timeline: Timeline) -> Comparison:
    return compare(timeline.versions[0], timeline.versions[-1], relation=Relation.IDENTICAL)


def _comparison(timeline: Timeline, i: int, j: int) -> Comparison:
    return timeline.steps[i] if j == i + 1 else compare(timeline.version(i), timeline.version(j))


def _pairs(timeline: Timeline, brief: bool) -> list[tuple[int, int]]:
    """Return the pairs of states to compare: all, or where that is too much, and in brief, neighbours and the first with the last."""
    total = len(timeline.states)
    pairs = list(combinations(range(total), 2))
    sizes = [len(timeline.version(state).text) for state in range(total)]
    if not brief and len(pairs) <= _MOST_PAIRS and sum(sizes[i] + sizes[j] for i, j in pairs) <= _PAIR_CHARS:
        return pairs
    return [(i, j) for i, j in pairs if j == i + 1 or (i, j) == (0, total - 1)]


def _states(timeline: Timeline) -> Iterator[StateColumn]:
    for place, run in enumerate(timeline.states):
        counts: Counter[str] = Counter()
        for unit in timeline.steps[place - 1].units if place else ():
            counts[_part(timeline.steps[place - 1], unit)] += len(unit.b) or len(unit.a)
        if place == 0 and timeline.steps:
            counts["added"] = len(timeline.steps[0].sentences_a)
        yield StateColumn(
            run[0] + 1, tuple(timeline.versions[n] for n in run), counts["added"], counts["edited"], counts["same"], counts["removed"]
        )


def _part(step: Comparison, unit: Unit) -> UnitRelation:
    """Return the part of a bar that a unit belongs to; a sentence that only moved is carried."""
    if unit.relation is UnitRelation.MOVED:
        same = step.sentences_a[unit.a[0]].of(step.a.text) == step.sentences_b[unit.b[0]].of(step.b.text)
        return UnitRelation.SAME if same else UnitRelation.EDITED
    whole = (UnitRelation.ADDED, UnitRelation.REMOVED, UnitRelation.SAME)
    return unit.relation if unit.relation in whole else UnitRelation.EDITED


def _entry(fact: Fact, state: int) -> Entry:
    cell = fact.cells[state]
    before = fact.cells[state - 1] if state else cell
    same = state > 0 and (cell and cell.comparison_key) == (before and before.comparison_key)
    if cell is None:
        return Entry(None, None, None, cell_flags(fact, state), same)
    amount = cell.amount or Amount(None, None)
    return Entry(cell.text, _value(cell), amount.qualifier if amount.qualifier != "exact" else None, cell_flags(fact, state), same)


def _value(cell: Cell) -> str | None:
    """Return the value of a number that is written in words, as digits."""
    value = cell.amount.value if cell.amount else None
    return None if value is None or any(char.isdigit() for char in cell.text) else f"{value:,.15g}"


def _alarms(number: int, timeline: Timeline, into: dict[int, ComparisonView], words: Catalog) -> Iterator[PageLine]:
    merged = [passage.span.of(timeline.version(passage.state).text) for passage in timeline.merged]
    sentences = {text: place for place, text in enumerate(merged, 1)}
    for alarm, line in zip(timeline.alarms, alarm_lines(timeline, words), strict=True):
        anchor = _fact_anchor(number, alarm.fact) if alarm.fact else None
        if alarm.change and alarm.state in into:
            anchor = into[alarm.state].anchors.get(alarm.change)
        if alarm.kind is AlarmKind.RETURNED and alarm.b in sentences:
            anchor = f"t-{number}-{sentences[alarm.b]}"
        yield PageLine(line.subject, line.text, anchor)
