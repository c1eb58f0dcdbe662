"""The digest of a comparison, and the facts and alarms of a timeline in words."""

from __future__ import annotations

from ..language.invisible import spelled_out
from ..language.roles import CountRole
from ..messages.catalog import Catalog
from ..model import Alarm, AlarmKind, Comparison, Fact, Timeline
from .clauses import shorten
from .count_lines import count_label
from .lead import MOST_LINES as MOST_LINES
from .lead import make_lead
from .lines import LeadLine

DigestLine = LeadLine
_LONGEST_SOURCE = 40  # characters of the name of a source


def make_digest(comparison: Comparison, catalog: Catalog) -> tuple[DigestLine, ...]:
    """Return what is new, the most important first, in at most seven lines; they are those of the lead box, see `make_lead`.

    >>> from reports.messages.catalog import load_catalog
    >>> from reports import compare
    >>> [line.text for line in make_digest(compare("Police held 4 men.", "Police held 7 men."), load_catalog("en"))]
    ['detained: 4 → 7 (+3)']
    """
    return make_lead(comparison, catalog)


def fact_label(fact: Fact, catalog: Catalog) -> str:
    """Return what a row of the ledger is about, in the words of a page: killed (children), Marsa; empty where it counts nothing known.

    A number that counts no people has the word of the text.
    """
    return count_label(CountRole(fate=fact.fate, group=fact.group), fact.role or "", fact.place, catalog)


def cell_flags(fact: Fact, state: int) -> tuple[str, ...]:
    """Return the flags of a cell of the ledger, as names of messages: it fell, it is back."""
    return tuple(name for name, states in (("flag_fell", fact.falls), ("flag_back", fact.reversals)) if state in states)


def cell_text(fact: Fact, state: int, catalog: Catalog) -> str:
    """Return a cell of the ledger in words, such as "about 25 (fell)"; empty where the state does not have the fact."""
    cell = fact.cells[state]
    qualifier = cell.amount.qualifier if cell and cell.amount else None
    words = [catalog.messages["qualifier"][qualifier]] if qualifier not in (None, "exact") else []
    words += [spelled_out(" ".join(cell.text.split()))] if cell else []
    return " ".join([*words, *(f"({catalog.say(name)})" for name in cell_flags(fact, state))])


def alarm_lines(timeline: Timeline, catalog: Catalog) -> tuple[DigestLine, ...]:
    """Return a line for each alarm: its subject says what happened and in which version."""
    roles = {fact.id: fact_label(fact, catalog) for fact in timeline.ledger}
    return tuple(_alarm(alarm, timeline, roles.get(alarm.fact or ""), catalog) for alarm in timeline.alarms)


def _alarm(alarm: Alarm, timeline: Timeline, role: str | None, catalog: Catalog) -> DigestLine:
    subject = catalog.say(f"alarm_{alarm.kind}", n=None if alarm.since is None else timeline.states[alarm.since][0] + 1)
    subject = f"{subject}: {spelled_out(role)}" if role else subject
    if len(timeline.states) > 2:
        subject = f"{_called(timeline, alarm.state, catalog)} · {subject}"
    a, b = (spelled_out(" ".join((side or "").split())) for side in (alarm.a, alarm.b))
    if alarm.kind is AlarmKind.RETURNED and a.split() == b.split():
        text = catalog.say("quoted", text=b)
    else:
        text = catalog.say("digest_replaced" if a and b else "digest_dropped" if a else "digest_new", a=a, b=b)
    return DigestLine(subject, text, (alarm.change,) if alarm.change else ())


def _called(timeline: Timeline, state: int, catalog: Catalog) -> str:
    """Return what the version of a state is called: its number, and its source where the versions have several."""
    called = catalog.say("version", timeline.states[state][0] + 1)
    source = timeline.version(state).source
    several = len({version.source for version in timeline.versions}) > 1
    return f"{called} ({shorten(spelled_out(' '.join(source.split())), _LONGEST_SOURCE)})" if source and several else called
