"""What only a timeline knows of its newest state: sentences that came back, and falls of facts in sentences that were written anew."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.lexicon import Lexicon
from ..messages.catalog import Catalog
from ..model import AlarmKind, Timeline
from .clauses import clean, core
from .lines import LONGEST, LeadLine, shown_length

_SAME = 20  # characters of a quoted sentence that tell it
_AFTER = ("lead", "added", "removed", "wording")


def with_returns(lines: Sequence[LeadLine], timeline: Timeline, catalog: Catalog, lexicon: Lexicon) -> list[LeadLine]:
    """Return the lines of the newest step, where a sentence that came back is told as such, and not as a new one."""
    found = list(lines)
    for alarm in timeline.alarms:
        if alarm.state != len(timeline.states) - 1 or alarm.kind is not AlarmKind.RETURNED or alarm.since is None or not alarm.b:
            continue
        told = clean(alarm.b)[:_SAME]
        found = [line for line in found if not (line.subject in ("lead", "added") and told in line.text)]
        label = catalog.say("lead_returned", n=timeline.states[alarm.since][0] + 1, text="")
        text = catalog.say(
            "lead_returned", n=timeline.states[alarm.since][0] + 1, text=core(alarm.b, lexicon, LONGEST - shown_length(label))
        )
        place = next((number for number, line in enumerate(found) if line.subject in _AFTER and line.alarm is None), len(found))
        found.insert(place, LeadLine("returned", text, (), AlarmKind.RETURNED))
    return found
