"""Read back the JSON of comparisons and timelines, and check it: the other direction of `reports.renderers.json`."""

from __future__ import annotations

import json
from typing import Any

from dedup.errors import InputError
from dedup.model import OrderedBy, Relation

from ..comparison import check_rebuild
from ..exact_values import is_exact
from ..model import (
    Alarm,
    AlarmKind,
    Amount,
    Cell,
    Change,
    Comparison,
    Fact,
    Kind,
    MergedSentence,
    QuantityChange,
    Span,
    Timeline,
    Unit,
    UnitRelation,
    Version,
)
from .json import COMPARISON, TIMELINE, sha256


def read_json(text: str) -> Comparison | Timeline:
    """Return the comparison or timeline of a JSON object.

    Raises `InputError` where it is neither, or has a text that is not the one that was compared, and `RebuildError` where its changes do
    not rebuild both texts. It does not check each value against the type in the schemas.

    >>> from reports import compare, render
    >>> found = compare("Two died.", "Three died.")
    >>> read_json(render(found, "json")) == found
    True
    """
    try:
        found = json.loads(text, parse_constant=_refuse)
        if found.get("schema") == TIMELINE:
            return _read_timeline(found)
        if found.get("schema") == COMPARISON:
            return _read_comparison(found)
    except (AttributeError, KeyError, IndexError, OverflowError, TypeError, ValueError, RecursionError) as error:
        raise InputError(f"no comparison or timeline: {type(error).__name__} {error}") from error
    raise InputError(f"no schema {found.get('schema')!r}; there are {COMPARISON} and {TIMELINE}")


def _read_comparison(found: dict[str, Any]) -> Comparison:
    return _read_body(found, _read_version(found["a"]), _read_version(found["b"]))


def _read_timeline(found: dict[str, Any]) -> Timeline:
    versions = tuple(map(_read_version, found["versions"]))
    states = tuple(map(tuple, found["states"]))
    steps = tuple(_read_body(step, versions[states[place][0]], versions[states[place + 1][0]]) for place, step in enumerate(found["steps"]))
    timeline = Timeline(
        versions,
        states,
        steps,
        tuple(map(_read_fact, found["ledger"])),
        tuple(
            MergedSentence(each["state"], Span(each["start"], each["end"]), tuple(each["states"]), each["wordings"], each["dropped"])
            for each in found["merged"]
        ),
        tuple(Alarm(**{**alarm, "kind": AlarmKind(alarm["kind"])}) for alarm in found["alarms"]),
        found["left_out"],
        OrderedBy(found.get("ordered_by", "input")),
    )
    _check(timeline)
    return timeline


def _check(timeline: Timeline) -> None:
    """Raise ValueError where an index is out of range, or a text is not that of its span."""
    states = timeline.states
    if [place for state in states for place in state] != list(range(len(timeline.versions))) or len(timeline.steps) != len(states) - 1:
        raise ValueError("states or steps are missing")
    texts = [timeline.version(state).text for state in range(len(states))]
    for fact in timeline.ledger:
        if any(cell and cell.span.of(text) != cell.text for cell, text in zip(fact.cells, texts, strict=True)):
            raise ValueError(f"cells of {fact.id} are not in the texts")
    places = [(*passage.states, passage.state) for passage in timeline.merged] + [
        (alarm.state, alarm.since or 0) for alarm in timeline.alarms
    ]
    places += [(*fact.falls, *fact.reversals) for fact in timeline.ledger]
    if not all(0 <= state < len(states) for each in places for state in each):
        raise ValueError("a state is out of range")


def _read_version(found: dict[str, Any]) -> Version:
    known = {name: found.get(name) for name in ("title", "source", "url")}
    version = Version(found["id"], found["text"], found["heading"], found["line"], found["time"], **known)
    if sha256(version.text) != found["sha256"]:
        raise InputError(f"the text of {version.id} is not the one that was compared", hint="make the JSON again")
    return version


def _read_span(found: dict[str, Any] | None) -> Span | None:
    return None if found is None else Span(found["start"], found["end"])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _float(value: float | None) -> float | None:
    if value is not None and not is_exact(value):
        raise ValueError(f"{str(value)[:40]} is no value that is written")
    return None if value is None else float(value)


def _read_change(found: dict[str, Any]) -> Change:
    quantity = None
    if "a_value" in found:
        a, b = (Amount(_float(found[f"{side}_value"]), found[f"{side}_qualifier"]) for side in "ab")
        quantity = QuantityChange(a, b, found["role"])
    alarm = AlarmKind(found["alarm"]) if "alarm" in found else None
    return Change(
        found["id"], Kind(found["kind"]), _read_span(found["a"]), _read_span(found["b"]), quantity, found.get("moved", False), alarm
    )


def _read_body(found: dict[str, Any], a: Version, b: Version) -> Comparison:
    sentences_a, sentences_b = (tuple(Span(*span) for span in found["sentences"][side]) for side in "ab")
    comparison = Comparison(
        a,
        b,
        found["relation"] and Relation(found["relation"]),
        found["similarity"],
        sentences_a,
        sentences_b,
        tuple(Unit(UnitRelation(unit["relation"]), tuple(unit["a"]), tuple(unit["b"])) for unit in found["units"]),
        tuple(map(_read_change, found["changes"])),
        found["note"],
    )
    check_rebuild(comparison)
    return comparison


def _read_cell(found: dict[str, Any] | None) -> Cell | None:
    if found is None:
        return None
    amount = Amount(_float(found["value"]), found["qualifier"]) if "value" in found else None
    return Cell(Span(found["start"], found["end"]), found["text"], amount)


def _read_fact(found: dict[str, Any]) -> Fact:
    before, inside, after = found["context"]
    cells, places = tuple(map(_read_cell, found["cells"])), (tuple(found["falls"]), tuple(found["reversals"]))
    counted = (found.get(name) for name in ("fate", "group", "place"))
    return Fact(found["id"], Kind(found["kind"]), found["role"], (before, inside, after), cells, *places, *counted)
