"""What an editor must look at twice: the reason of a change, and the alarms of a timeline, the heaviest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dedup.text.fold import fold

from ..language.lexicon import Lexicon
from ..language.roles import looks_like_year
from ..model import Alarm, AlarmKind, Amount, Cell, Change, Comparison, Fact, Kind, Span
from .counted import Counted
from .sentences import ReturnedSentence

WEIGHTS = (
    AlarmKind.CORRECTION, AlarmKind.NEGATION, AlarmKind.FELL, AlarmKind.HARM, AlarmKind.OUTCOME, AlarmKind.EXCHANGED, AlarmKind.SOURCE,
    AlarmKind.MEASURE, AlarmKind.BOUND, AlarmKind.DATE, AlarmKind.RETURNED,
)  # fmt: skip
"""The reasons, the heaviest first."""


def weight(alarm: AlarmKind | None) -> int:
    """Return the place of a reason among `WEIGHTS`; no reason comes last."""
    return WEIGHTS.index(alarm) if alarm is not None else len(WEIGHTS)


def change_alarm(change: Change) -> AlarmKind | None:
    """Return the reason to look at a change first; None for none.

    A negation is one even where no rule said so, and so is a number that is less than before. A number whose value is open is none.
    """
    if change.alarm is not None:
        return change.alarm
    if change.kind is Kind.NEGATION:
        return AlarmKind.NEGATION
    quantity = change.quantity
    return AlarmKind.FELL if change.kind is Kind.NUMBER and quantity is not None and is_fall(quantity.a, quantity.b) else None


def is_fall(old: Amount | None, new: Amount | None) -> bool:
    """Tell whether a quantity is less than before: both have a value, and no other unit or currency.

    >>> is_fall(Amount(12.0, "exact"), Amount(9.0, "about")), is_fall(Amount(None, "vague"), Amount(9.0, "exact"))
    (True, False)
    """
    if old is None or new is None or old.value is None or new.value is None or old.unit != new.unit:
        return False
    return new.value < old.value


def may_be_years(old: Amount, new: Amount, counted: Counted, lexicon: Lexicon) -> bool:
    """Tell whether two numbers may be years, and not counts: no people and no known noun stand behind them."""
    if counted.role.known or not (looks_like_year(old.value) and looks_like_year(new.value)) or old.unit is not None:
        return False
    noun = fold(counted.noun or "")
    return not any(lexicon.has(name, noun) for name in ("count_nouns", "measures")) if noun else True


def timeline_alarms(
    texts: Sequence[str], steps: Sequence[Comparison], facts: Sequence[Fact], returns: Sequence[ReturnedSentence]
) -> Iterator[Alarm]:
    """Yield the alarms, those of the newest state first, in a state the heaviest first.

    What a row of the ledger and a change say is one alarm.
    """
    returned: dict[int, list[ReturnedSentence]] = {}
    for found in returns:
        returned.setdefault(found.state, []).append(found)
    fallen: dict[int, list[Fact]] = {}
    for fact in facts:
        for state in fact.falls:
            fallen.setdefault(state, []).append(fact)
    for state in range(len(texts) - 1, 0, -1):
        sentences = (_returned_alarm(found, texts) for found in returned.get(state, ()))
        alarms = [*_falls(fallen.get(state, ()), state), *_change_alarms(steps[state - 1], state), *sentences]
        yield from sorted(_once(alarms, facts), key=lambda alarm: weight(alarm.kind))


def _falls(facts: Sequence[Fact], state: int) -> Iterator[Alarm]:
    for fact in facts:
        before = next(cell for cell in reversed(fact.cells[:state]) if cell and cell.amount and cell.amount.value is not None)
        now = fact.cells[state]
        yield Alarm(AlarmKind.FELL, state, _words(before), _words(now) if now else None, fact=fact.id)


def _words(cell: Cell) -> str:
    """Return a cell in words, a number as a whole: 40 million."""
    return (cell.amount.written if cell.amount else None) or cell.text


def _change_alarms(step: Comparison, state: int) -> Iterator[Alarm]:
    """Yield an alarm for each change with a reason; that a number fell is told by the ledger, which knows what the number counts."""
    for change in step.changes:
        reason = change_alarm(change)
        if reason is not None and reason is not AlarmKind.FELL:
            a, b = (_whole(span, text) for span, text in ((change.a, step.a.text), (change.b, step.b.text)))
            if change.quantity is not None:
                a, b = change.quantity.a.written or a, change.quantity.b.written or b
            yield Alarm(reason, state, a, b, change=change.id)


def _whole(span: Span | None, text: str) -> str | None:
    return span.of(text) if span else None


def _returned_alarm(found: ReturnedSentence, texts: Sequence[str]) -> Alarm:
    sides = (found.since_span.of(texts[found.since]), found.span.of(texts[found.state]))
    return Alarm(AlarmKind.RETURNED, found.state, *sides, since=found.since)


def _once(alarms: Sequence[Alarm], facts: Sequence[Fact]) -> list[Alarm]:
    """Return the alarms without those that say the same as one before: one row for one toll, in headline and body."""
    roles = {fact.id: (fact.fate, fact.group, fact.place) for fact in facts} if any(alarm.fact for alarm in alarms) else {}
    found: dict[tuple[object, ...], Alarm] = {}
    for alarm in alarms:
        sides = (None if side is None else fold(side).strip() for side in (alarm.a, alarm.b))
        key = alarm.kind, roles.get(alarm.fact or ""), *sides
        found.setdefault(key, alarm)
    return list(found.values())
