"""Values: the same value in another notation is no change, and what changed is said with its value, its bound and its unit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

from reports import Comparison, compare
from reports.model import Amount, QuantityChange

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


def amounts(a: str, b: str) -> tuple[Amount, Amount, QuantityChange]:
    (change,) = [change for change in compare(a, b).changes if change.quantity]
    assert change.quantity is not None
    return change.quantity.a, change.quantity.b, change.quantity


@pytest.mark.parametrize(
    ("a", "b", "written", "magnitude", "unit"),
    [
        ("It cost 40 million crowns.", "It cost 45 million crowns.", "45 million crowns", "million", "crown"),
        ("It cost $2.4 million.", "It cost $3.1 million.", "$3.1 million", "million", "USD"),
        ("خسرت 5 ملايين دولار.", "خسرت 7 ملايين دولار.", "7 ملايين دولار", "ملايين", "USD"),
        ("It fell 3%.", "It fell 4%.", "4%", None, "percent"),
        ("Police held 4 men.", "Police held 7 men.", "7", None, None),
    ],
)
def test_an_amount_has_its_written_form(a: str, b: str, written: str, magnitude: str | None, unit: str | None) -> None:
    _, found, _ = amounts(a, b)
    assert (found.written, found.magnitude, found.unit) == (written, magnitude, unit)


def test_a_change_of_measure_or_bound_is_told() -> None:
    *_, measure = amounts("The pipe is 40 miles long.", "The pipe is 40 kilometres long.")
    *_, bound = amounts("At least 30 boats sank.", "At most 30 boats sank.")
    assert (measure.measure_changed, measure.bound_changed, measure.delta) == (True, False, 0)
    assert (bound.measure_changed, bound.bound_changed) == (False, True)


def test_an_open_notation_has_its_readings_and_no_difference() -> None:
    a, b, change = amounts("بلغ الإنتاج 2.600 طن.", "بلغ الإنتاج 940 طنا.")
    assert (a.value, a.readings, b.value, change.delta) == (None, (2.6, 2600.0), 940, None)
    a, *_ = amounts("بلغ الإنتاج 2.600 طن والنسبة 3.5 بالمئة.", "بلغ الإنتاج 940 طنا والنسبة 3.5 بالمئة.")
    assert (a.value, a.readings) == (2.6, ())  # another number of the text shows what a point is
