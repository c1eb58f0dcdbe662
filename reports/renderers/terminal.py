"""Render comparisons and timelines for a terminal: a line for each unit, with its changes in brackets and in colour."""

from __future__ import annotations

from collections.abc import Iterator

from ..comparison import all_runs
from ..language.invisible import spelled_out
from ..messages.catalog import Catalog, catalog_for
from ..model import AlignedRun, Comparison, Fact, Timeline, Unit, UnitRelation
from ..summary.digest import alarm_lines, cell_text, fact_label, make_digest
from .origin import origin

_SIGNS = {
    UnitRelation.SAME: " ",
    UnitRelation.EDITED: "~",
    UnitRelation.ADDED: "+",
    UnitRelation.REMOVED: "-",
    UnitRelation.MOVED: ">",
    UnitRelation.SPLIT: "<",
    UnitRelation.MERGED: "=",
}
# Colours of the older text and of the newer one, and of what is less important.
OLD, NEW, FAINT, _PLAIN = "\x1b[33;7m", "\x1b[36;7m", "\x1b[2m", "\x1b[0m"


def paint(text: str, colour: str, on: bool) -> str:
    """Return text in a colour where colour is on."""
    return f"{colour}{text}{_PLAIN}" if on and text else text


def _run(run: AlignedRun, comparison: Comparison, colour: bool) -> str:
    old = spelled_out(run.a.of(comparison.a.text)) if run.a else ""
    new = spelled_out(run.b.of(comparison.b.text)) if run.b else ""
    if run.change is None:
        return new or old
    removed = f"[-{old}-]" if old else ""
    added = f"{{+{new}+}}" if new else ""
    return " ".join(filter(None, (paint(removed, OLD, colour), paint(added, NEW, colour))))


def _line(unit: Unit, runs: tuple[AlignedRun, ...], comparison: Comparison, colour: bool) -> str:
    text = "".join(_run(run, comparison, colour) for run in runs).replace("\n", " ")
    shade = {UnitRelation.ADDED: NEW, UnitRelation.REMOVED: OLD, UnitRelation.SAME: FAINT}.get(unit.relation, "")
    return f"{_SIGNS[unit.relation]} {paint(text, shade, colour and bool(shade))}\n"


def render_terminal(comparison: Comparison, *, colour: bool = False) -> str:
    """Return a comparison as lines: ``+`` added, ``-`` removed, ``~`` edited, ``>`` moved, ``<`` split, ``=`` merged.

    Control and bidi characters of the texts are spelled out, so that they cannot act on the terminal.
    """
    found = [unit.relation for unit in comparison.units]
    counts = {"changed": len(comparison.changes)} | {
        relation.value: found.count(relation) for relation in (UnitRelation.ADDED, UnitRelation.REMOVED, UnitRelation.MOVED)
    }
    summary = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no difference"
    head = f"{spelled_out(comparison.a.id)} → {spelled_out(comparison.b.id)}: {summary}\n"
    known = ((sign, " · ".join(origin(version))) for sign, version in (("-", comparison.a), ("+", comparison.b)))
    told = "".join(f"{sign * 3} {text}\n" for sign, text in known if text)
    note = f"({comparison.note})\n" if comparison.note else ""
    return head + told + note + "".join(_line(unit, runs, comparison, colour) for unit, runs in all_runs(comparison))


def render_terminal_timeline(timeline: Timeline, *, lang: str | None = None, colour: bool = False) -> str:
    """Return a timeline as lines: its versions, what is new in the newest, each fact that changed, the alarms, the newest step."""
    words = catalog_for(timeline, lang)
    return "".join(f"{line}\n" for line in _summary(timeline, words)) + (
        render_terminal(timeline.steps[-1], colour=colour) if timeline.steps else ""
    )


def _summary(timeline: Timeline, words: Catalog) -> Iterator[str]:
    for run in timeline.states:
        version = timeline.versions[run[0]]
        reread = f" ×{len(run)}" if len(run) > 1 else ""
        parts = [spelled_out(version.id), *origin(version)]
        yield f"{words.say('version', run[0] + 1)}: {' · '.join(parts)}{reread}"
    if len(timeline.states) > 1:
        yield words.messages["ordered_by"][timeline.ordered_by]
    sections = {
        "digest": [line.text for line in make_digest(timeline.steps[-1], words)] if timeline.steps else [],
        "ledger": [_fact(fact, words) for fact in timeline.ledger if fact.changed],
        "alarms": [f"{line.subject}: {line.text}" for line in alarm_lines(timeline, words)],
    }
    for name, lines in sections.items():
        if lines:
            yield f"\n{words.say(name)}"
            yield from (f"  {line}" for line in lines)
    yield ""


def _fact(fact: Fact, words: Catalog) -> str:
    cells = (cell_text(fact, state, words) or "–" for state in range(len(fact.cells)))
    name = fact_label(fact, words) or words.messages["kind"][fact.kind]
    return f"{name}: {words.messages['then'].join(cells)}"
