"""The order of the lines of a summary."""

from __future__ import annotations

from ..history.alarms import weight
from ..model import AlarmKind

# Ranks of lines; an alarm of the same weight as a kind comes before it.
NEGATED = 19  # sentences that were written anew, with another denial
HARM, PEOPLE, NUMBER, NAME, SOURCE, DATE, LEAD, ADDED, TIME, REMOVED, CLAUSE, WORDING = range(20, 44, 2)
ALARM_RANKS = {AlarmKind.SOURCE: SOURCE - 1, AlarmKind.MEASURE: NUMBER - 1, AlarmKind.BOUND: NUMBER - 1, AlarmKind.DATE: DATE}
RANKS = {"number": NUMBER, "negation": HARM, "name": NAME, "attribution": SOURCE, "time": TIME, "wording": WORDING}


def alarm_rank(alarm: AlarmKind | None) -> int:
    """Return the rank of a line with an alarm: before all others, or beside those of its kind."""
    return WORDING if alarm is None else ALARM_RANKS.get(alarm, weight(alarm))
