"""The lead box, the ledger and the alarms on short timelines: the role, the place and the values of each count, and what is no news."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

from reports import Timeline, compare_versions
from reports.messages.catalog import CATALOG_LANGUAGES, catalog_for
from reports.model import Kind
from reports.summary.lead import MOST_LINES, make_lead
from reports.summary.lines import LONGEST, shown_length

CASES = [json.loads(line) for line in (ROOT / "seeds/cases/field_digest.jsonl").read_text("utf-8").split("\n") if line]


def lines(timeline: Timeline, language: str) -> list[str]:
    catalog = catalog_for(timeline, language if language in CATALOG_LANGUAGES else None)
    return [line.text.replace("\N{RIGHT-TO-LEFT MARK}", "") for line in make_lead(timeline, catalog)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_lead_box_says_who_what_and_where(case: dict[str, Any]) -> None:
    said = lines(compare_versions(case["versions"]), case["lang"])
    for words in case["lines"]:
        assert any(all(word in line for word in words) for line in said), (words, said)
    assert not [(word, line) for word in case.get("not", ()) for line in said if word in line]
    assert len(said) <= MOST_LINES
    assert all(shown_length(line) <= LONGEST + 5 for line in said)


@pytest.mark.parametrize("case", [case for case in CASES if "ledger" in case], ids=lambda case: case["id"])
def test_a_row_of_the_ledger_is_one_fact_in_every_version(case: dict[str, Any]) -> None:
    rows = [
        (fact.fate, fact.group, fact.place, [cell and cell.amount and cell.amount.value for cell in fact.cells])
        for fact in compare_versions(case["versions"]).ledger
        if fact.kind is Kind.NUMBER
    ]
    for row in case["ledger"]:
        found = [each for each in rows if each[0] == row["fate"] and each[1] == row.get("group") and each[3] == row["values"]]
        assert len(found) == 1, (row, rows)
        assert "place" not in row or found[0][2] == row["place"]


@pytest.mark.parametrize("case", [case for case in CASES if "alarms" in case], ids=lambda case: case["id"])
def test_what_an_editor_must_look_at_twice_is_told_once(case: dict[str, Any]) -> None:
    assert [alarm.kind.value for alarm in compare_versions(case["versions"]).alarms] == case["alarms"]
