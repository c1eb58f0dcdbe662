"""Kinds and alarms on real copy: furniture, titles, agreement, negation, harm, outcomes, sources and dates, with traps both ways."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

from reports import compare
from reports.model import Change, Kind, Span

CASES = [json.loads(line) for line in (ROOT / "seeds/cases/field_kinds.jsonl").read_text("utf-8").split("\n") if line]


def covered(text: str, span: Span | None) -> set[int]:
    return {place for place in range(span.start, span.end) if not text[place].isspace()} if span else set()


def fits(changes: list[Change], label: dict[str, Any], case: dict[str, Any]) -> bool:
    """Tell whether changes of the kind of a label cover at least half of what it marks on both sides and differs."""
    for side in "ab":
        at = label[f"{side}_at"]
        seen = set[int]().union(*(covered(case[side], getattr(change, side)) for change in changes if change.kind == label["kind"]))
        marked = covered(case[side], Span(*at) if at else None)
        kept = len(marked) - len(marked & seen)
        if marked and not seen & marked:
            return False
        if label["kind"] != Kind.FURNITURE and 2 * kept > len(marked):
            return False
    return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_changes_have_the_kinds_and_alarms_that_a_reader_gives_them(case: dict[str, Any]) -> None:
    labels = case["expect"]
    changes = [change for change in compare(case["a"], case["b"]).changes if change.kind is Kind.FURNITURE or not change.kind.cosmetic]
    said = [[each.kind for each in changes if each.kind is not Kind.FURNITURE], [e["kind"] for e in labels if e["kind"] != Kind.FURNITURE]]
    assert sorted(said[0]) == sorted(said[1])
    assert all(fits(changes, label, case) for label in labels), [(change.kind.value, change.a, change.b) for change in changes]
    assert sorted(change.alarm or "" for change in changes if change.alarm) == sorted(
        label["alarm"] for label in labels if "alarm" in label
    )
