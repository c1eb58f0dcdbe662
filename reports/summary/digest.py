"""The digest: what is new in at most seven lines, by rules. Also the facts and alarms of a timeline in words.

That a text is marked as a correction or an update comes first, then numbers, negations, names, sources and times, then the lead and
whole sentences, then wording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dedup.text.advisories import advisory_of
from dedup.text.fold import fold

from ..language.invisible import spelled_out
from ..messages.catalog import Catalog
from ..model import FACT_KINDS, Alarm, AlarmKind, Change, Comparison, Fact, Kind, Span, Timeline, Unit, UnitRelation

MOST_LINES = 7
_ITEMS = 3  # different changes named in a line
_EXCERPT = 60  # characters of a text in a line
_EDGES = " \"'«»“”,.;:\N{ARABIC COMMA}\N{ARABIC SEMICOLON}"


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line of a digest: its subject, its words, and the ids of the changes it is about.

    Invisible characters of the texts are spelled out. A right-to-left mark beside an arrow is ours: it keeps old and new in order.
    """

    subject: str
    text: str
    changes: tuple[str, ...]


def _brief(span: Span | None, text: str) -> str:
    shown = spelled_out(" ".join(span.of(text).split()).strip(_EDGES)) if span else ""
    return shown if len(shown) <= _EXCERPT else shown[: _EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def _amount(value: float | None) -> str:
    return "" if value is None else f"{value:+,.15g}"


def _item(change: Change, comparison: Comparison, catalog: Catalog) -> str:
    old, new = _brief(change.a, comparison.a.text), _brief(change.b, comparison.b.text)
    words = catalog.say("digest_replaced" if old and new else "digest_dropped" if old else "digest_new", a=old, b=new)
    quantity = change.quantity
    if quantity is None:
        return words
    role = quantity.role if quantity.role and quantity.role not in words else ""
    delta = f" ({_amount(quantity.delta)})" if quantity.delta else ""
    return f"{role + ': ' if role else ''}{words}{delta}"


def _line(subject: str, changes: Sequence[Change], comparison: Comparison, catalog: Catalog) -> DigestLine:
    counts = Counter(_item(change, comparison, catalog) for change in changes)
    items = [f"{item} ×{count}" if count > 1 else item for item, count in islice(counts.items(), _ITEMS)]
    if len(counts) > _ITEMS:
        items.append(catalog.say("digest_more", len(counts) - _ITEMS))
    text = f"{catalog.messages['tally'][subject]}: {catalog.say('digest_joint').join(items)}"
    return DigestLine(subject, text, tuple(change.id for change in changes))


def _kinds(comparison: Comparison, catalog: Catalog) -> Iterator[DigestLine]:
    for kind in FACT_KINDS:
        if changes := [change for change in comparison.changes if change.kind is kind]:
            yield _line(kind.value, changes, comparison, catalog)


def _sentences(comparison: Comparison, catalog: Catalog) -> Iterator[DigestLine]:
    units = news_units(comparison)
    first = min((unit.b[0] for unit in units if unit.b), default=0)
    lead = next((unit for unit in units if unit.b[:1] == (first,)), None)
    if lead and comparison.sentences_a and lead.relation in (UnitRelation.ADDED, UnitRelation.MOVED):
        yield DigestLine("lead", catalog.say("digest_lead", text=_brief(comparison.sentences_b[first], comparison.b.text)), ())
    for relation, side, text in ((UnitRelation.ADDED, "b", comparison.b.text), (UnitRelation.REMOVED, "a", comparison.a.text)):
        sentences = [place for unit in units if unit.relation is relation for place in getattr(unit, side)]
        if sentences:
            spans = comparison.sentences_b if side == "b" else comparison.sentences_a
            yield DigestLine(
                relation.value, catalog.say(f"digest_{relation.value}", len(sentences), text=_brief(spans[sentences[0]], text)), ()
            )


def _advisory(comparison: Comparison, catalog: Catalog) -> Iterator[DigestLine]:
    """Yield that the later text is marked as a correction or an update, where the older one is not marked so."""
    advisory, before = advisory_of(comparison.b.text), advisory_of(comparison.a.text)
    marks = comparison.b.text[: advisory.end] if advisory else ""
    if advisory and (before is None or fold(comparison.a.text[: before.end]) != fold(marks)):
        yield DigestLine("advisory", catalog.say(f"digest_{advisory.kind}", text=_brief(Span(0, len(marks)), marks)), ())


def news_units(comparison: Comparison) -> list[Unit]:
    """Return the units that are news: all but the advisories at the start of the texts, as "UPDATE 2-" or "(Corrects name)"."""
    ends = [0 if advisory is None else advisory.end for advisory in (advisory_of(comparison.a.text), advisory_of(comparison.b.text))]
    sides = (comparison.sentences_a, ends[0]), (comparison.sentences_b, ends[1])
    return [
        unit
        for unit in comparison.units
        if not all(
            sentences[place].end <= end for (sentences, end), places in zip(sides, (unit.a, unit.b), strict=True) for place in places
        )
    ]


def make_digest(comparison: Comparison, catalog: Catalog) -> tuple[DigestLine, ...]:
    """Return what is new, the most important first, in at most seven lines; none where all changes are cosmetic, and no text is marked
    as a correction or an update.

    >>> from reports.messages.catalog import load_catalog
    >>> from reports import compare
    >>> [line.text for line in make_digest(compare("Police held 4 men.", "Police held 7 men."), load_catalog("en"))]
    ['numbers: men: 4 → 7 (+3)']
    """
    lines = [*_advisory(comparison, catalog), *_kinds(comparison, catalog), *_sentences(comparison, catalog)]
    wording = [change for change in comparison.changes if change.kind is Kind.WORDING]
    if wording:
        # The longest first; those of one length stay in reading order.
        wording.sort(key=lambda change: -sum(span.end - span.start for span in (change.a, change.b) if span))
        lines.append(_line("wording", wording, comparison, catalog))
    return tuple(lines[:MOST_LINES])


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
    roles = {fact.id: fact.role for fact in timeline.ledger}
    return tuple(_alarm(alarm, timeline, roles.get(alarm.fact or ""), catalog) for alarm in timeline.alarms)


def _alarm(alarm: Alarm, timeline: Timeline, role: str | None, catalog: Catalog) -> DigestLine:
    subject = catalog.say(f"alarm_{alarm.kind}", n=None if alarm.since is None else timeline.states[alarm.since][0] + 1)
    subject = f"{subject}: {spelled_out(role)}" if role else subject
    if len(timeline.states) > 2:
        subject = f"{catalog.say('version', timeline.states[alarm.state][0] + 1)} · {subject}"
    a, b = (spelled_out(" ".join((side or "").split())) for side in (alarm.a, alarm.b))
    if alarm.kind is AlarmKind.RETURNED and a.split() == b.split():
        text = catalog.say("quoted", text=b)
    else:
        text = catalog.say("digest_replaced" if a and b else "digest_dropped" if a else "digest_new", a=a, b=b)
    return DigestLine(subject, text, (alarm.change,) if alarm.change else ())
