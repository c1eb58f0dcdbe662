"""The ledger as CSV: a column for each version, numbers as numbers, and no cell that a spreadsheet computes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_report import VERSIONS

from reports import Version, compare_versions
from reports.renderers.csv import render_csv


def rows_of(timeline: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_csv(timeline).removeprefix("\ufeff"))))


def test_the_ledger_as_csv_has_a_column_for_each_version() -> None:
    found = compare_versions([Version(f"v{n}", text) for n, text in enumerate([VERSIONS[0], *VERSIONS], 1)])
    men = rows_of(found)[0]
    assert [men[f"v{n}"] for n in range(1, 5)] == ["9", "9", "12", "11"]
    assert (men["role"], men["v1 qualifier"], men["fell in"], men["back in"]) == ("men", "exact", "v4", "")


def cells_of(timeline: Any, separator: str) -> list[str]:
    """Return the cells that a spreadsheet may see: with quotes read as such and, as they stand in the middle of a cell, as letters."""
    text = render_csv(timeline).removeprefix("\ufeff")
    read = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
    return read + [cell for line in text.splitlines() if separator != "," for cell in line.split(separator)]


def is_formula(cell: str) -> bool:
    """Tell whether a cell begins with what a spreadsheet computes, in any width, whatever it leaves out before that; numbers are none."""
    bare = unicodedata.normalize("NFKC", cell).lstrip(" \t\r\n\v\f\"'\u00a0\u3000\ufeff\u200c") if cell[:1] != "'" else ""
    return bare[:1] in tuple("=+-@") and re.fullmatch(r"-\d+(\.\d+)?", cell) is None


BREAKS = ["", "\n", "\r\n", "\t", " ", "\u00a0", "\u3000", '"', ";", '; "', ";\n", ',"', '","', "\u200c", "'\n"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦"])
@pytest.mark.parametrize("before", BREAKS)
def test_no_cell_is_a_formula_whatever_parts_cells(start: str, before: str) -> None:
    evil = f"{before}{start}HYPERLINK(evil) "
    found = compare_versions([Version(evil + "1", f"{evil}said 5 {evil}men."), Version(evil + "2", f"{evil}said 6 {evil}men.")])
    assert not [cell for separator in ",;\t" for cell in cells_of(found, separator) if is_formula(cell)]


hostile = st.lists(st.sampled_from([*BREAKS, *"=+-@＝＋－＠,;", "1+1", "5 men", "«a»", "Reuters said", "12.5%"]), max_size=9).map("".join)


@given(hostile, hostile, hostile, hostile)
def test_no_row_of_signs_and_separators_is_a_formula(name: str, role: str, a: str, b: str) -> None:
    found = compare_versions([Version(name, f"{a} 5 {role} died."), Version(f"{name}2", f"{b} 6 {role} died."), Version("x", f"{a}{b}")])
    assert not [cell for separator in ",;\t" for cell in cells_of(found, separator) if is_formula(cell)]


def test_a_number_below_zero_stays_a_number_and_a_large_one_keeps_its_digits() -> None:
    found = compare_versions(["It fell to -5 degrees.", "It fell to -6.5 degrees.", "It fell to 100000000000000000 degrees."])
    assert [value for name, value in rows_of(found)[0].items() if name in ("v1", "v2", "v3")] == ["-5", "-6.5", "100000000000000000"]
