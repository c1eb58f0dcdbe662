"""Join rows of the ledger that are one fact: a sentence that left and came back, one toll in headline and body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dedup.text.fold import fold

from ..kinds.quantities import share_noun
from ..model import Amount, Kind
from .counted import Counted, is_same_count
from .events import may_be_one_event

_MOST = 40  # rows of one role that are compared with each other
_OVERLAP = 0.5  # of the words of two sentences that have the same fact in two states


@dataclass(frozen=True, slots=True)
class RowEnd:
    """A fact in one state: its amount and what it counts, the noun behind it, its words, and those of its sentence."""

    amount: Amount | None
    counted: Counted
    noun: str | None
    words: str
    sentence: frozenset[str]
    event: frozenset[str] = frozenset()
    """Words of its sentence that say what happened."""


def may_be_same_number(old: RowEnd, new: RowEnd) -> bool:
    """Tell whether two numbers that stand for each other in two texts may count the same.

    Neither has a unit that the other lacks. Where people are counted in one, they are in the other; else the nouns are forms of one word.
    """
    units = [end.amount.unit if end.amount else None for end in (old, new)]
    if (units[0] is None) != (units[1] is None) or not is_same_count(old.counted, new.counted):
        return False
    nouns = [fold(end.noun or "").split() for end in (old, new)]
    alike = not nouns[0] or not nouns[1] or nouns[0] == nouns[1] or share_noun(nouns[0], nouns[1])
    known = [end.counted.role.known for end in (old, new)]
    return all(known) or alike


@dataclass(slots=True, eq=False)
class LedgerRow:
    """A row that is being joined: its kind, and the states that have it, each with its end."""

    kind: Kind
    states: frozenset[int]
    read: Callable[[int], RowEnd]
    """Returns the fact in one of the states."""
    members: list[int]
    """Places of the rows that are joined in it."""


def join_rows(rows: Sequence[LedgerRow]) -> list[list[int]]:
    """Return for each fact the places of its rows, the first of them in the order of the rows.

    Rows that have no state in common are one fact if the later one takes up what the earlier one said: the same count of people in the
    same place, or the same words in a sentence with most of its words. Counts of people with common states are one fact, where they have
    the same value in all of these.
    """
    groups: dict[tuple[object, ...], list[LedgerRow]] = {}
    for row in rows:
        groups.setdefault(_key(row), []).append(row)
    for members in groups.values():
        if 1 < len(members) <= _MOST:
            _join(members)
    return [row.members for row in rows if row.members]


def _key(row: LedgerRow) -> tuple[object, ...]:
    end = row.read(max(row.states))
    role = end.counted.role
    if row.kind is not Kind.NUMBER:
        return (row.kind,)
    if role.fate is not None:
        return row.kind, "killed" if role.fate == "toll" else role.fate, role.group
    return row.kind, role.group, end.amount.unit if end.amount else None


def _join(rows: list[LedgerRow]) -> None:
    """Join rows in place: one that is taken in has no members any more. What is told twice comes first, then what goes on."""
    for test in (_is_told_twice, _goes_on):
        for place, row in enumerate(rows):
            for other in rows[place + 1 :]:
                if row.members and other.members and test(row, other, rows):
                    row.members += other.members
                    other.members = []
                    row.read = _reader(row.read, row.states, other.read)
                    row.states |= other.states


def _reader(first: Callable[[int], RowEnd], states: frozenset[int], second: Callable[[int], RowEnd]) -> Callable[[int], RowEnd]:
    return lambda state: first(state) if state in states else second(state)


def _goes_on(one: LedgerRow, other: LedgerRow, rows: Sequence[LedgerRow]) -> bool:
    """Tell whether one of two rows takes up what the other said, in a later state."""
    earlier, later = (one, other) if max(one.states) < min(other.states) else (other, one)
    if max(earlier.states) >= min(later.states):
        return False
    old, new = earlier.read(max(earlier.states)), later.read(min(later.states))
    if one.kind is Kind.NUMBER and not may_be_same_number(old, new):
        return False
    alike = _shared(old.sentence, new.sentence)
    if one.kind is not Kind.NUMBER:
        return alike >= _OVERLAP and fold(old.words) == fold(new.words)
    counts = old.counted.role.is_harm and new.counted.role.is_harm
    return alike >= _OVERLAP or (counts and _is_only_one(earlier, later, rows) and _is_one_event(old, new))


def _is_one_event(old: RowEnd, new: RowEnd) -> bool:
    return may_be_one_event(old.event, new.event, (old.counted.place, new.counted.place))


def _is_only_one(earlier: LedgerRow, later: LedgerRow, rows: Sequence[LedgerRow]) -> bool:
    """Tell whether no other count of the same role is in the states from the end of a row to the beginning of another."""
    between = frozenset(range(max(earlier.states), min(later.states) + 1))
    return not any(row.members and row is not earlier and row is not later and row.states & between for row in rows)


def _is_told_twice(one: LedgerRow, other: LedgerRow, _rows: Sequence[LedgerRow]) -> bool:
    """Tell whether two rows are one toll in two sentences: the same people in no other place, with the same value wherever both are."""
    common = one.states & other.states
    if one.kind is not Kind.NUMBER or not common:
        return False
    for state in common:
        first, second = one.read(state), other.read(state)
        if first.amount is None or second.amount is None or first.amount.value is None or first.amount.value != second.amount.value:
            return False
        if not (first.counted.role.is_harm and second.counted.role.is_harm and is_same_count(first.counted, second.counted)):
            return False
    return True


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the words of the shorter sentence that the other has."""
    return len(one & other) / max(1, min(len(one), len(other)))
