"""Values are exact or none: what no float says exactly is compared as it is written, and JSON and CSV hold no infinity."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from reports import compare, compare_versions, read_json, render
from reports.model import Change, Kind

LONG = "7" * 309
NEAR_TRILLION = 999_999_999_999


def strictly(text: str) -> Any:
    """Parse JSON that holds no NaN or Infinity, neither by name nor as a number that is too large."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in JSON")

    def finite(digits: str) -> float:
        assert "inf" not in str(float(digits))
        return float(digits)

    return json.loads(text, parse_constant=refuse, parse_float=finite)


def changed(a: str, b: str) -> list[Change]:
    return [change for change in compare(a, b).changes if not change.kind.cosmetic]


PAIRS = [
    (f"The ministry counted {LONG} men.", f"The ministry counted {LONG[:-1]}8 men."),
    (f"It rose by {LONG}%.", f"It rose by {LONG}8%."),
    (f"It rose by {LONG} percent to 12.", f"It rose by {LONG[1:]} percent to 13."),
    (f"It cost ${LONG} million.", f"It cost ${LONG}1 million."),
    (f"Between {LONG} and {LONG}1 men.", f"Between {LONG} and {LONG}2 men."),
    (f"The score is 1-{LONG}.", f"The score is 1-{LONG}2."),
    (f"On {LONG}/4/2024 at {LONG}:30.", f"On {LONG}/5/2024 at {LONG}:31."),
    (f"It fell to -{LONG}.5 degrees.", f"It fell to -{LONG}.6 degrees."),
    (f"It holds 0.{LONG} grams.", f"It holds 0.{LONG}1 grams."),
    (f"It holds {','.join(['123'] * 150)} grams.", f"It holds {','.join(['123'] * 149)},124 grams."),
    ("It holds 1e400 grams.", "It holds 1e401 grams."),
    ("Some 999999999 trillion trillion men.", "Some 999999998 trillion trillion men."),
    (f"قتل {'مليار ' * 400}شخص.", f"قتل {'مليار ' * 401}شخص."),
    (f"قتل {LONG} مليار شخص.", f"قتل {LONG}1 مليار شخص."),
    (f"{LONG.translate(str.maketrans('7', '٧'))} شهيدا", f"{LONG.translate(str.maketrans('7', '٨'))} شهيدا"),
]


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=range(len(PAIRS)))
def test_a_number_that_no_float_holds_is_said_as_it_is_written(a: str, b: str) -> None:
    timeline = compare_versions([a, b, a])
    assert changed(a, b)
    for subject in (timeline, compare(a, b)):
        assert read_json(render(subject, "json")) == subject
        strictly(render(subject, "json"))
    for row in csv.reader(io.StringIO(render(timeline, "csv"))):
        assert not {"inf", "-inf", "nan"} & {cell.lower() for cell in row}
    for name in ("html", "markdown", "terminal"):
        render(timeline, name)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The account 12345678901234567 was closed.", "The account 12345678901234568 was closed."),
        ("It weighs 3.14159265358979323 grams.", "It weighs 3.14159265358979324 grams."),
        ("Between 1000001 and 2000000 men marched.", "Between 1000002 and 2000000 men marched."),
        ("They expect 1234567-1234569 visitors.", "They expect 1234567-1234568 visitors."),
        ("تراوح العدد بين 1234567 و1234569", "تراوح العدد بين 1234567 و1234568"),
        ("They expect 1.000.000.000.000.000.001 visitors.", "They expect 1.000.000.000.000.000.002 visitors."),
        ("Enflasyon bin katrilyon ve bir lira.", "Enflasyon bin katrilyon ve iki lira."),
    ],
)
def test_values_that_differ_in_a_late_digit_differ(a: str, b: str) -> None:
    assert changed(a, b)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The debt is 36,000,000,000,000 dollars.", 36 * 10**12),
        ("The debt is 1.1 trillion dollars.", 1_100_000_000_000),
        ("Bütçe 149 katrilyon lira oldu.", 149 * 10**15),
        ("Bütçe 1,1 katrilyon lira oldu.", 11 * 10**14),
        (f"It has {NEAR_TRILLION} stars.", NEAR_TRILLION),
        ("It has 100000000000000000 stars.", 10**17),
        ("It has 1000000000000000000 stars.", None),
        ("It has 123456789012345 stars.", 123456789012345),
        ("It has 1234567890123456 stars.", None),
        ("It has 000000000000000000012 stars.", None),
    ],
)
def test_a_value_is_what_was_written_or_none(text: str, value: int | None) -> None:
    (fact,) = strictly(render(compare_versions([text, "x"]), "json"))["ledger"]
    assert fact["cells"][0]["value"] == value
    assert isinstance(fact["cells"][0]["value"], int | None)


def test_a_difference_of_large_values_is_exact_everywhere() -> None:
    a, b = f"The state owes {NEAR_TRILLION} crowns.", "The state owes 20000000001 crowns."
    found = compare(a, b)
    assert strictly(render(found, "json"))["changes"][0]["delta"] == 20_000_000_001 - NEAR_TRILLION
    assert "-979,999,999,998" in strictly(render(found, "json"))["digest"][0]["text"]


def test_a_difference_that_needs_more_digits_than_a_float_has_is_none() -> None:
    (change,) = changed("It has 100000000000000000 stars.", "It has 1 stars.")
    assert change.quantity is not None
    assert (change.quantity.a.value, change.quantity.delta) == (10**17, None)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-(10**15) + 1, 10**15 - 1))
def test_values_below_a_quadrillion_are_exact_and_so_is_their_difference(one: int, other: int) -> None:
    (change,) = [*changed(f"It is {one} now.", f"It is {other} now."), None][:1]
    assert (change is None) == (one == other)
    if change is not None:
        assert change.kind is Kind.NUMBER
        assert change.quantity is not None
        assert (change.quantity.a.value, change.quantity.b.value, change.quantity.delta) == (one, other, other - one)


@given(
    st.lists(st.sampled_from(["مليار", "ومليار", "مليون", "ألف", "مئة", "ونصف", "5", "10-", "1e9", "٫", "٬", LONG, "%", "-"]), max_size=12)
)
def test_no_row_of_number_words_and_digits_is_beyond_a_float(words: list[str]) -> None:
    subject = compare_versions([" ".join(words), "".join(words), "x"])
    assert read_json(render(subject, "json")) == subject
    strictly(render(subject, "json"))
    assert "inf" not in render(subject, "csv")


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN", "1e400", "1" + "0" * 400, "1" + "0" * 5000])
def test_json_with_a_value_that_none_writes_is_refused(value: str) -> None:
    found = render(compare("Police held 4 men.", "Police held 7 men."), "json").replace('"a_value": 4', f'"a_value": {value}')
    with pytest.raises(InputError):
        read_json(found)


def test_many_joining_words_behind_a_number_are_read_without_going_deep() -> None:
    for joiner in ("and ", "- "):
        assert changed(f"He paid 5 {joiner * 3000}crowns.", f"He paid 6 {joiner * 3000}crowns.")
