"""The ledger: each number, and each name, time, source and polarity that changed, followed from state to state."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from dedup.text.fold import fold

from ..diff.runs import changes_by_unit
from ..language.lexicon import Lexicon
from ..language.name_lists import name_spans
from ..model import FACT_KINDS, Amount, Cell, Change, Comparison, Fact, Kind, Span
from .alarms import is_fall, may_be_years
from .counted import NOTHING, Counted
from .ledger_rows import LedgerRow, RowEnd, join_rows, may_be_same_number
from .state_text import StateNumber, StateText
from .trace import SpanTracer, TracedSpan

_MOST_ROWS = 2_000  # rows of which what they count is read, and that are joined
_LONGEST_CELL = 6  # words of a name, time or source, at most, where the words it stands for are fewer
_CONTEXT = 40  # characters of context on either side of a fact
_EDGES = " \t\n\"'«»“”()" + ",.;:،؛"
_BREAK = re.compile("\n|[.,:!?](?=\\s)|[،؛;؟。！？，、]")


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A fact in one state, with the change that touches it: ``newer`` says that the change leads to this state, not away from it."""

    span: Span
    change: Change | None = None
    newer: bool = False


class LedgerBuilder:
    """Makes the rows of the ledger: each begins at a number or a change, which is followed back and forward through the states."""

    def __init__(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]], tracers: Sequence[SpanTracer], lexicon: Lexicon):
        self._states = [StateText(text, spans, lexicon) for text, spans in zip(texts, sentences, strict=True)]
        self.capped = [state.capped for state in self._states]
        self._tracers = tracers
        self._taken: list[set[int]] = [set() for _ in texts]  # by state, the code points that are in a row
        # By step, the spans of numbers that only changed places: old to new, new to old.
        self._exchanged: dict[int, tuple[dict[Span, Span], dict[Span, Span]]] = {}

    def facts(self) -> tuple[Fact, ...]:
        """Return the rows in the order of the newest text; rows that it does not have follow in the order of older texts."""
        found: list[tuple[Kind, dict[int, _Occurrence]]] = []
        for state, kind, span in self._seeds():
            if (free := self._free(state, span)) is not None and (free == span or kind is not Kind.NUMBER):
                found.append((kind, self._follow_fact(state, kind, free)))
        few = len(found) <= _MOST_ROWS
        joined = self._joined(found) if few and len(self._states) > 1 else found
        facts = [self._fact(kind, occurrences, counted=few) for kind, occurrences in joined]
        rows = [fact for fact in facts if fact.kind is Kind.NUMBER or fact.changed]
        rows.sort(key=lambda fact: [(cell is None, cell.span.start if cell else 0) for cell in reversed(fact.cells)])
        return tuple(replace(fact, id=f"f{number}") for number, fact in enumerate(rows, 1))

    def _joined(self, rows: Sequence[tuple[Kind, dict[int, _Occurrence]]]) -> list[tuple[Kind, dict[int, _Occurrence]]]:
        """Return the rows, those that are one fact as one. In a state that two of them have, the number with a place stays."""
        parts = [
            LedgerRow(kind, frozenset(occurrences), partial(self._end, kind, occurrences), [place])
            for place, (kind, occurrences) in enumerate(rows)
        ]
        found = []
        for members in join_rows(parts):
            kind, occurrences = rows[members[0]]
            for place in members[1:]:
                for state, other in rows[place][1].items():
                    known = occurrences.get(state)
                    if known is None or (self._placed(state, other.span) and not self._placed(state, known.span)):
                        occurrences[state] = other
            found.append((kind, occurrences))
        return found

    def _placed(self, state: int, span: Span) -> bool:
        return self._states[state].counted(span).place is not None

    def _end(self, kind: Kind, occurrences: dict[int, _Occurrence], state: int) -> RowEnd:
        return self._read(kind, state, occurrences[state].span, occurrences[state])

    def _read(self, kind: Kind, state: int, span: Span, occurrence: _Occurrence | None = None) -> RowEnd:
        """Return a fact of a state as rows are compared: a number with its amount, from the change where it is written in words."""
        numbers = self._states[state].numbers_in(span)[:1] if kind is Kind.NUMBER else []
        quantity = occurrence.change.quantity if occurrence and occurrence.change else None
        amount = numbers[0].amount if numbers else None
        if amount is None and quantity is not None and occurrence is not None:
            amount = quantity.b if occurrence.newer else quantity.a
        return self._states[state].end(span, amount, numbers[0].role if numbers else None)

    def _free(self, state: int, span: Span) -> Span | None:
        """Return the longest part of a span that has words and is in no row yet, None where there is none."""
        text, taken = self._states[state].text, self._taken[state]
        runs = [list(run) for free, run in groupby(range(span.start, span.end), key=lambda place: place not in taken) if free]
        words = [Span(run[0], run[-1] + 1) for run in runs if any(text[place].isalnum() for place in run)]
        return max(words, key=lambda part: part.end - part.start, default=None)

    def _seeds(self) -> Iterator[tuple[int, Kind, Span]]:
        for number, state in enumerate(self._states):
            yield from ((number, each.kind, each.span) for each in state.numbers if each.kind is Kind.NUMBER)
        for step, tracer in enumerate(self._tracers):
            for change in tracer.comparison.changes:
                if change.kind in FACT_KINDS and not _only_qualifies(change):
                    side, span = (step + 1, change.b) if change.b else (step, change.a)
                    assert span is not None
                    state = self._states[side]
                    if change.kind is Kind.NAME and len(names := name_spans(state.text, span, state.lexicon)) > 1:
                        yield from ((side, change.kind, name) for name in names)
                    elif change.kind is not Kind.NUMBER or state.is_count_words(span):
                        yield side, change.kind, span

    def _follow_fact(self, state: int, kind: Kind, span: Span) -> dict[int, _Occurrence]:
        occurrences = {state: _Occurrence(span)}
        for forward in (True, False):
            at = state
            while 0 <= (step := at if forward else at - 1) < len(self._tracers):
                there = at + 1 if forward else at - 1
                traced = self._tracers[step].trace(occurrences[at].span, forward=forward)
                change = next((change for change in traced.changes if change.kind is kind), None)
                if change and not occurrences[at].change:
                    occurrences[at] = _Occurrence(occurrences[at].span, change, newer=not forward)
                target = self._next_span((at, there), kind, occurrences[at].span, traced)
                if target is None or not self._taken[there].isdisjoint(range(target.start, target.end)):
                    break
                occurrences[there] = _Occurrence(target, change, newer=forward)
                at = there
        for number, occurrence in occurrences.items():
            self._taken[number].update(range(occurrence.span.start, occurrence.span.end))
        return occurrences

    def _next_span(self, way: tuple[int, int], kind: Kind, span: Span, traced: TracedSpan) -> Span | None:
        """Return the span of a fact in the next state; None where it is not there, or where words about something else replaced it."""
        meant = any(change.kind is kind for change in traced.changes)
        if traced.span is None or all(change.kind.cosmetic for change in traced.changes):
            return traced.span
        if kind is not Kind.NUMBER:
            if kind is Kind.NAME and (kept := self._same_name(way, span, traced.span)) is not None:
                return kept
            return traced.span if meant and self._stands_for(way, span, traced) else None
        if (swapped := self._span_of_same_value(way, span)) is not None:
            return swapped
        here, there = (self._counted(state, part) for state, part in zip(way, (span, traced.span), strict=True))
        if not meant:
            same = [each for each in there for old in here if each.amount.value == old.amount.value]
            return same[0].span if same else None
        if not there:
            return traced.span if self._states[way[1]].is_count_words(traced.span) else None
        old = self._read(kind, way[0], span)
        alike = [each for each in there if may_be_same_number(old, self._read(kind, way[1], each.span))]
        same = [each for each in alike if each.role == old.noun]
        return same[0].span if same else alike[0].span if len(alike) == 1 else None

    def _same_name(self, way: tuple[int, int], span: Span, target: Span) -> Span | None:
        """Return the span of the same name in the words that took its place: a list that grew has it still."""
        here, there = (self._states[state] for state in way)
        name = fold(span.of(here.text)).split()
        spans = name_spans(there.text, target, there.lexicon)
        return next((each for each in spans if fold(each.of(there.text)).split() == name), None)

    def _stands_for(self, way: tuple[int, int], span: Span, traced: TracedSpan) -> bool:
        """Tell whether words took the place of a fact: they are about as many, and the fact was no part of a longer list."""
        assert traced.span is not None
        before, after = (part.of(self._states[state].text).split() for state, part in zip(way, (span, traced.span), strict=True))
        sides = (change.a if way[0] < way[1] else change.b for change in traced.changes)
        listed = any(side is not None and side.start <= span.start and span.end <= side.end and side != span for side in sides)
        whole = not listed or len(before) * 2 > len(traced.span.of(self._states[way[1]].text).split())
        return whole and len(after) <= max(_LONGEST_CELL, 2 * len(before) + 2)

    def _span_of_same_value(self, way: tuple[int, int], span: Span) -> Span | None:
        """Return the span of the same value in the next state, where the changes of a unit only put its numbers in another order."""
        here, there = way
        step = min(way)
        if step not in self._exchanged:
            pairs = list(_reordered(self._tracers[step].comparison, self._states[step], self._states[step + 1]))
            # Of two numbers with one span the first counts.
            self._exchanged[step] = dict(pairs[::-1]), {new: old for old, new in pairs[::-1]}
        return self._exchanged[step][here > there].get(span)

    def _counted(self, state: int, span: Span) -> list[StateNumber]:
        return [number for number in self._states[state].numbers_in(span) if number.kind is Kind.NUMBER]

    def _fact(self, kind: Kind, occurrences: dict[int, _Occurrence], *, counted: bool) -> Fact:
        cells: list[Cell | None] = [None] * len(self._states)
        role = None
        for number, occurrence in sorted(occurrences.items()):
            span = _without_marks(occurrence.span, self._states[number].text)
            numbers = self._states[number].numbers_in(occurrence.span) if kind is Kind.NUMBER else []
            quantity = occurrence.change.quantity if occurrence.change else None
            amount = None
            if numbers:
                amount, role = numbers[0].amount, numbers[0].role or role
            elif kind is Kind.NUMBER:
                amount = (quantity.b if occurrence.newer else quantity.a) if quantity else Amount(None, None)
                role = role or (quantity.role if quantity else None)
            cells[number] = Cell(span, span.of(self._states[number].text), amount)
        _same_words(cells)
        last = max(occurrences)
        shown = cells[last]
        assert shown is not None
        context = _context(self._states[last].text, shown.span)
        known = self._what_is_counted(occurrences) if counted and kind is Kind.NUMBER else NOTHING
        names = known.role.fate, known.role.group, known.place
        falls = tuple(state for state in _falls(cells) if not self._is_year(known, cells, state))
        return Fact("", kind, role, context, tuple(cells), falls, _reversals(cells), *names)

    def _is_year(self, known: Counted, cells: Sequence[Cell | None], state: int) -> bool:
        """Tell whether a number that is less than before may be a year."""
        amounts = [cell.amount for cell in cells[: state + 1] if cell and cell.amount and cell.amount.value is not None]
        return len(amounts) > 1 and may_be_years(amounts[-2], amounts[-1], known, self._states[state].lexicon)

    def _what_is_counted(self, occurrences: dict[int, _Occurrence]) -> Counted:
        """Return the role and the place of a row: those of the last state that names them."""
        found = [self._states[state].counted(occurrences[state].span) for state in sorted(occurrences, reverse=True)]
        role = next((each.role for each in found if each.role.known), NOTHING.role)
        place = next((each.place for each in found if each.place is not None), None)
        return Counted(role, place, next((each.noun for each in found if each.noun is not None), None))


def _reordered(comparison: Comparison, before: StateText, after: StateText) -> Iterator[tuple[Span, Span]]:
    """Yield the old and the new span of each number, for units whose numbers are the same in another order."""
    for changes in changes_by_unit(comparison):
        spans = [(change.a, change.b) for change in changes if change.kind is Kind.NUMBER]
        old, new = (
            [number for span in side if span for number in state.numbers_in(span)]
            for side, state in (((a for a, _ in spans), before), ((b for _, b in spans), after))
        )
        if len(old) > 1 and Counter(each.amount.value for each in old) == Counter(each.amount.value for each in new):
            left: dict[float | None, deque[StateNumber]] = {}
            for number in new:
                left.setdefault(number.amount.value, deque()).append(number)
            for number in old:
                yield number.span, left[number.amount.value].popleft().span


def _same_words(cells: list[Cell | None]) -> None:
    """Give a count without a number (a dual: two children in one word) the amount that the same words have in another state."""
    known = {cell.text: cell.amount for cell in cells if cell and cell.amount and cell.amount.qualifier}
    for place, cell in enumerate(cells):
        if cell and cell.amount and cell.amount.qualifier is None and cell.text in known:
            cells[place] = replace(cell, amount=known[cell.text])


def _only_qualifies(change: Change) -> bool:
    """Tell whether a change only qualifies a number that stays (9, about 9): the number itself has the row."""
    quantity = change.quantity
    return quantity is not None and quantity.a.value is not None and quantity.a.value == quantity.b.value


def _without_marks(span: Span, text: str) -> Span:
    """Return a span without white space and punctuation at its ends."""
    shown = span.of(text)
    start = len(shown) - len(shown.lstrip(_EDGES))
    return Span(span.start + start, max(span.start + start + 1, span.start + len(shown.rstrip(_EDGES))))


def _context(text: str, span: Span) -> tuple[str, str, str]:
    """Return the words before a span, in it and after it: those of its clause, at most `_CONTEXT` characters on either side."""
    before = text[max(0, span.start - _CONTEXT) : span.start]
    after = text[span.end : span.end + _CONTEXT]
    opened = max((mark.end() for mark in _BREAK.finditer(before)), default=0)
    closed = _BREAK.search(after + " ")
    if not opened and span.start > _CONTEXT:
        before = "…" + (before.partition(" ")[2] or before)
    if closed is None and len(text) > span.end + _CONTEXT:
        after = (after.rpartition(" ")[0] or after) + "…"
    before, inside, after = (
        re.sub(r"\s+", " ", part) for part in (before[opened:], span.of(text), after[: closed.start() if closed else None])
    )
    return before.lstrip(), inside, after.rstrip()


def _falls(cells: Sequence[Cell | None]) -> tuple[int, ...]:
    found, last = [], None
    for state, cell in enumerate(cells):
        if cell and cell.amount and cell.amount.value is not None:
            if is_fall(last, cell.amount):
                found.append(state)
            last = cell.amount
    return tuple(found)


def _reversals(cells: Sequence[Cell | None]) -> tuple[int, ...]:
    readings = [cell and cell.comparison_key for cell in cells]
    changed = (state for state in range(2, len(cells)) if readings[state] and readings[state] != readings[state - 1])
    return tuple(state for state in changed if readings[state] in readings[: state - 1])
