"""A comparison as one JSON object, ``dedup/comparison/1``."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..catalog import catalog
from ..digest import digest
from ..model import Change, Comparison, QuantityChange, Span, Version

SCHEMA = "dedup/comparison/1"


def _version(version: Version) -> dict[str, Any]:
    return {"id": version.id, "sha256": hashlib.sha256(version.text.encode("utf-8", "surrogatepass")).hexdigest()}


def _side(span: Span | None, text: str) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": span.of(text)}


def _change(change: Change, comparison: Comparison) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind.value,
        "cosmetic": change.kind.cosmetic,
        "a": _side(change.a, comparison.a.text),
        "b": _side(change.b, comparison.b.text),
    } | ({} if change.quantity is None else _quantity(change.quantity))


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
    return int(value) if value is not None and value == int(value) else value


def comparison_object(comparison: Comparison, lang: str = "ar") -> dict[str, Any]:
    """Return a comparison as plain values; offsets are code points, a missing side is None; the digest is in ``lang``."""
    return {
        "schema": SCHEMA,
        "a": _version(comparison.a),
        "b": _version(comparison.b),
        "relation": comparison.relation and comparison.relation.value,
        "similarity": round(comparison.similarity, 6),
        "rebuilds": True,  # a comparison that does not is never made, see `reports.compare`
        "note": comparison.note,
        "units": [{"relation": unit.relation.value, "a": list(unit.a), "b": list(unit.b)} for unit in comparison.units],
        "changes": [_change(change, comparison) for change in comparison.changes],
        "counts": comparison.counts,
        "digest": [
            {"subject": line.subject, "text": line.text, "changes": list(line.changes)} for line in digest(comparison, catalog(lang))
        ],
    }


def render_json(comparison: Comparison, *, lang: str = "ar", pair_id: str | int | None = None) -> str:
    """Return a comparison as one line of JSON, with the ``id`` of its pair first where it has one."""
    named = {} if pair_id is None else {"id": pair_id}
    return json.dumps(named | comparison_object(comparison, lang), ensure_ascii=False) + "\n"
