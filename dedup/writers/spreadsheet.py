"""Rows as CSV that no spreadsheet takes for formulas, and that gives back what was written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import regex

# What makes a cell a formula (OWASP, "CSV Injection"): these signs in all widths, after characters that a spreadsheet may ignore. In a
# locale with semicolons between cells one also begins after each of these, which quotes do not prevent.
_FORMULA = r"(?=[\s\p{Cf}\"']*[=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋])"
_PLAIN, _GUARDED = regex.compile(rf"(^|;){_FORMULA}"), regex.compile(rf"(^|;)'{_FORMULA}")
_END = "\r\n"  # what ends a row is quoted inside of a cell: both characters are
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?", re.ASCII)


def guarded(text: str) -> str:
    """Return a cell with a quote before what a spreadsheet would take for a formula. A number is none.

    >>> guarded("=1+1"), guarded("-100123"), guarded("'tis"), guarded("'=1")
    ("'=1+1", '-100123', "'tis", "''=1")
    """
    return text if _NUMBER.fullmatch(text) else _PLAIN.sub(r"\1'", text)


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return _GUARDED.sub(r"\1", cell)


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], delimiter: str = ",") -> Iterator[str]:
    """Yield the rows of CSV (RFC 4180, with ``\\n`` at the end of a row), first that of the names; what is missing is an empty cell.

    >>> "".join(csv_lines([{"a": "=1", "n": 0.5}], ["a", "b", "n"]))
    "a,b,n\\n'=1,,0.5\\n"
    """
    names = [*columns]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=_END)
    values: Iterable[list[Any]] = ([row.get(name) for name in names] for row in rows)
    for cells in chain([names], values):
        writer.writerow([_cell(value) for value in cells])
        yield out.getvalue().removesuffix(_END) + "\n"
        out.seek(0)
        out.truncate()


def _cell(value: Any) -> Any:
    """Return what is written for a value: a text that is no formula, ``true`` and ``false`` as JSON has them."""
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(value) if isinstance(value, str) else value
