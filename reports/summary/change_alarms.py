"""Why an editor must look at a change first."""

from __future__ import annotations

from ..model import AlarmKind, Change, Kind

WEIGHTS = (
    AlarmKind.CORRECTION, AlarmKind.NEGATION, AlarmKind.FELL, AlarmKind.HARM, AlarmKind.OUTCOME, AlarmKind.EXCHANGED, AlarmKind.SOURCE,
    AlarmKind.MEASURE, AlarmKind.BOUND, AlarmKind.DATE, AlarmKind.RETURNED,
)  # fmt: skip
"""The reasons, the heaviest first."""


def alarm_of(change: Change) -> AlarmKind | None:
    """Return the reason to look at a change first; None for none.

    A negation is one even where no rule said so, and so is a number that is less than before. A number whose value is open is none.
    """
    if change.alarm is not None:
        return change.alarm
    if change.kind is Kind.NEGATION:
        return AlarmKind.NEGATION
    return AlarmKind.FELL if change.kind is Kind.NUMBER and falls(change) else None


def falls(change: Change) -> bool:
    """Tell whether a number is less than before."""
    quantity = change.quantity
    return quantity is not None and quantity.delta is not None and quantity.delta < 0


def weight(alarm: AlarmKind | None) -> int:
    """Return the place of a reason among `WEIGHTS`; no reason comes last."""
    return WEIGHTS.index(alarm) if alarm is not None else len(WEIGHTS)
