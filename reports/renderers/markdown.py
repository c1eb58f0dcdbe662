"""Render a timeline as Markdown: what is new, the facts, the alarms, and each changed sentence of the newest step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..diff.runs import changes_by_unit, unit_runs
from ..language.invisible import spelled_out
from ..messages.catalog import Catalog, catalog_for
from ..model import AlignedRun, Comparison, Fact, Timeline, UnitRelation
from ..summary.digest import DigestLine, alarm_lines, cell_text, fact_label, make_digest
from .origin import cut, origin, web_address

_SPECIAL = re.compile(r"[\\`*_\[\]#|~<>&]|^[-+]|^\d+(?=[.)])")


def render_markdown(timeline: Timeline, *, lang: str | None = None) -> str:
    """Return a timeline as Markdown (CommonMark, with the tables and strike-through of GFM); the text's own marks are escaped."""
    words = catalog_for(timeline, lang)
    versions = [escape_markdown(cut(version.name)) for version in (timeline.versions[0], timeline.versions[-1])]
    lines = [f"# {' – '.join(dict.fromkeys(versions))}", "", *_origins(timeline)]
    newest = timeline.steps[-1] if timeline.steps else None
    if newest:
        lines += [escape_markdown(words.messages["ordered_by"][timeline.ordered_by]), ""]
    if newest and (found := make_digest(newest, words)):
        lines += [f"## {words.say('digest')}", "", *(f"- {_escape_line(line.text)}" for line in found), ""]
    facts = [fact for fact in timeline.ledger if fact.changed]
    if facts:
        lines += [f"## {words.say('ledger')}", "", *_table(timeline, facts, words), ""]
    if timeline.alarms:
        lines += [f"## {words.say('alarms')}", "", *map(_alarm, alarm_lines(timeline, words)), ""]
    if newest:
        lines += [f"## {escape_markdown(newest.a.id)} → {escape_markdown(newest.b.id)}", "", *_sentences(newest, words)]
    else:
        lines.append(words.say("no_changes"))
    return "\n".join(lines).rstrip("\n") + "\n"


def _origins(timeline: Timeline) -> Iterator[str]:
    """Yield a list of the versions that more is known of than an id."""
    found = [version for version in timeline.versions if any((version.title, version.source, version.time, version.url))]
    for version in found:
        parts = [escape_markdown(part) for part in (version.id, *origin(replace(version, url=None)))]
        if version.url:
            parts.append(f"<{version.url}>" if web_address(version.url) else escape_markdown(cut(version.url)))
        yield f"- {' · '.join(parts)}"
    if found:
        yield ""


def escape_markdown(text: str) -> str:
    """Return text in one line whose characters mean nothing to Markdown or HTML; hidden ones are spelled out.

    >>> escape_markdown("*a*\\n<b>")
    '\\\\*a\\\\* \\\\<b\\\\>'
    """
    return _escape_line(spelled_out(text))


def _escape_line(text: str) -> str:
    return _SPECIAL.sub(_escaped, " ".join(text.split()))


def _escaped(found: re.Match[str]) -> str:
    # Of a number that would begin a list, escape the mark after it.
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _table(timeline: Timeline, facts: list[Fact], words: Catalog) -> Iterator[str]:
    columns = [words.say("version", state[0] + 1) for state in timeline.states]
    yield f"| {' | '.join([words.say('ledger_fact'), *columns])} |"
    yield "|---" * (len(columns) + 1) + "|"
    for fact in facts:
        before, inside, after = (_SPECIAL.sub(_escaped, spelled_out(part)) for part in fact.context)
        label = fact_label(fact, words)
        role = f"**{escape_markdown(label)}** " if label else ""
        cells = [_escape_line(cell_text(fact, state, words)) or "—" for state in range(len(fact.cells))]
        yield f"| {' | '.join([f'{role}{before}**{inside}**{after}', *cells])} |"


def _alarm(line: DigestLine) -> str:
    return f"- **{_escape_line(line.subject)}** {_escape_line(line.text)}"


def _sentences(comparison: Comparison, words: Catalog) -> Iterator[str]:
    for unit, changes in zip(comparison.units, changes_by_unit(comparison), strict=True):
        if unit.relation is not UnitRelation.SAME:
            runs = (_run(run, comparison) for run in unit_runs(comparison, unit, changes))
            kind = "" if unit.relation is UnitRelation.EDITED else f"*{words.messages['kind'][unit.relation]}* "
            yield f"- {kind}{' '.join(part for part in runs if part)}"


def _run(run: AlignedRun, comparison: Comparison) -> str:
    old, new = (escape_markdown(span.of(text)) if span else "" for span, text in ((run.a, comparison.a.text), (run.b, comparison.b.text)))
    if run.change is None and run.a and run.b:
        return new
    return " ".join(part for part in (f"~~{old}~~" if old else "", f"**{new}**" if new else "") if part)
