"""Render comparisons and timelines as JSON objects; the schemas are in ``reports/schemas``."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..exact_values import to_decimal
from ..messages.catalog import Catalog, catalog_for
from ..model import Alarm, Cell, Change, Comparison, Fact, MergedSentence, QuantityChange, Span, Timeline, Version
from ..summary.digest import make_digest

COMPARISON = "dedup/comparison/1"
TIMELINE = "dedup/timeline/1"


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, by which a program recognises it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _reference(version: Version) -> dict[str, Any]:
    return {"id": version.id, "sha256": sha256(version.text)}


def _version(version: Version) -> dict[str, Any]:
    known = {name: value for name in ("title", "source", "url") if (value := getattr(version, name)) is not None}
    more = {"heading": version.heading, "line": version.line, "time": version.time, **known, "text": version.text}
    return _reference(version) | more


def _side(span: Span | None, text: str) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": span.of(text)}


def _change(change: Change, comparison: Comparison) -> dict[str, Any]:
    return (
        {
            "id": change.id,
            "kind": change.kind.value,
            "cosmetic": change.kind.cosmetic,
            "a": _side(change.a, comparison.a.text),
            "b": _side(change.b, comparison.b.text),
        }
        | ({} if change.quantity is None else _quantity(change.quantity))
        | _marks(change)
    )


def _marks(change: Change) -> dict[str, Any]:
    return ({"moved": True} if change.moved else {}) | ({} if change.alarm is None else {"alarm": change.alarm.value})


def _quantity(change: QuantityChange) -> dict[str, Any]:
    return {
        "a_value": _number(change.a.value),
        "b_value": _number(change.b.value),
        "a_qualifier": change.a.qualifier,
        "b_qualifier": change.b.qualifier,
        "role": change.role,
        "delta": _number(change.delta),
    }


def _number(value: float | None) -> float | int | None:
    """Return a value for JSON: a whole one as an integer with the digits that were read, without the noise of a float."""
    return int(to_decimal(value)) if value is not None and value.is_integer() else value


def _body(comparison: Comparison, words: Catalog) -> dict[str, Any]:
    return {
        "relation": comparison.relation and comparison.relation.value,
        "similarity": comparison.similarity,
        "rebuilds": True,  # `check_rebuild` refuses a comparison that does not
        "note": comparison.note,
        "sentences": {
            side: [[span.start, span.end] for span in spans]
            for side, spans in (("a", comparison.sentences_a), ("b", comparison.sentences_b))
        },
        "units": [{"relation": unit.relation.value, "a": list(unit.a), "b": list(unit.b)} for unit in comparison.units],
        "changes": [_change(change, comparison) for change in comparison.changes],
        "counts": comparison.counts,
        "digest": [{"subject": line.subject, "text": line.text, "changes": list(line.changes)} for line in make_digest(comparison, words)],
    }


def comparison_object(comparison: Comparison, lang: str | None = None) -> dict[str, Any]:
    """Return a comparison as plain values; offsets are code points, a missing side is None.

    The digest is in ``lang``, None: in the language of the newer text.
    """
    versions = {"a": _version(comparison.a), "b": _version(comparison.b)}
    return {"schema": COMPARISON} | versions | _body(comparison, catalog_for(comparison, lang))


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    amount = cell.amount
    shown = {"start": cell.span.start, "end": cell.span.end, "text": cell.text}
    return shown | ({} if amount is None else {"value": _number(amount.value), "qualifier": amount.qualifier})


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind.value,
        "role": fact.role,
        "context": list(fact.context),
        "cells": [_cell(cell) for cell in fact.cells],
        "changed": fact.changed,
        "falls": list(fact.falls),
        "reversals": list(fact.reversals),
        "fate": fact.fate,
        "group": fact.group,
        "place": fact.place,
    }


def _merged_sentence(passage: MergedSentence, timeline: Timeline) -> dict[str, Any]:
    place = {"state": passage.state} | (_side(passage.span, timeline.version(passage.state).text) or {})
    return place | {"states": list(passage.states), "wordings": passage.wordings, "dropped": passage.dropped}


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {name: getattr(alarm, name) for name in ("kind", "state", "a", "b", "fact", "change", "since")}


def timeline_object(timeline: Timeline, lang: str | None = None) -> dict[str, Any]:
    """Return a timeline as plain values; a step's ``a`` and ``b`` name versions, whose texts are under ``versions``.

    The digests are in ``lang``, None: in the language of the newest text.
    """
    words = catalog_for(timeline, lang)
    return {
        "schema": TIMELINE,
        "versions": [_version(version) for version in timeline.versions],
        "states": [list(state) for state in timeline.states],
        "left_out": timeline.left_out,
        "ordered_by": timeline.ordered_by.value,
        "steps": [{"a": _reference(step.a), "b": _reference(step.b)} | _body(step, words) for step in timeline.steps],
        "ledger": [_fact(fact) for fact in timeline.ledger],
        "merged": [_merged_sentence(passage, timeline) for passage in timeline.merged],
        "alarms": [_alarm(alarm) for alarm in timeline.alarms],
    }


def render_json(subject: Comparison | Timeline, *, lang: str | None = None, pair_id: str | int | None = None) -> str:
    """Return a comparison or a timeline as one line of JSON, with the ``id`` of its pair first where it has one."""
    named = {} if pair_id is None else {"id": pair_id}
    found = timeline_object(subject, lang) if isinstance(subject, Timeline) else comparison_object(subject, lang)
    return json.dumps(named | found, ensure_ascii=False, allow_nan=False) + "\n"
