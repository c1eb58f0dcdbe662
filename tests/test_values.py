"""Values: the same value in another notation is no change, and what changed is said with its value, its bound and its unit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

from reports import Comparison, compare

CASES = [json.loads(line) for line in (ROOT / "seeds/cases/field_values.jsonl").read_text("utf-8").split("\n") if line]


def said(comparison: Comparison) -> list[tuple[Any, ...]]:
    """Return the substantive changes: kind, words, and for numbers the values and qualifiers."""
    found: list[tuple[Any, ...]] = []
    for change in comparison.changes:
        if change.kind.cosmetic:
            continue
        words = [span.of(version.text).strip() if span else "" for span, version in ((change.a, comparison.a), (change.b, comparison.b))]
        quantity = change.quantity
        rest = (quantity.a.value, quantity.b.value, quantity.a.qualifier, quantity.b.qualifier) if quantity else ()
        found.append((change.kind.value, *words, *rest))
    return found


def expected(case: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (each["kind"], each["a"], each["b"], *(each[name] for name in ("a_value", "b_value", "a_qualifier", "b_qualifier") if name in each))
        for each in case["expect"]
    ]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']} {case['comment']}" for case in CASES])
def test_a_value_is_compared_as_it_is_meant(case: dict[str, Any]) -> None:
    assert said(compare(case["a"], case["b"])) == expected(case)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_values_are_compared_alike_in_both_directions(case: dict[str, Any]) -> None:
    kinds = [(kind, b, a) for kind, a, b, *_ in said(compare(case["a"], case["b"]))]
    assert [row[:3] for row in said(compare(case["b"], case["a"]))] == kinds
