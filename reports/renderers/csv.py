"""Render the ledger as CSV for a spreadsheet: a row for each fact, two columns for each version."""

from __future__ import annotations

import csv
import io

import regex

from ..exact_values import to_decimal
from ..language.invisible import spelled_out
from ..model import Cell, Timeline

# What makes a cell a formula (OWASP, "CSV Injection"): these signs in all widths, after characters that a spreadsheet may ignore. A cell
# starts with its field; in a locale with semicolons between cells it also starts after each of these, which quotes do not prevent.
_FORMULA = regex.compile(r"(^|;)(?=[\s\p{Cf}\"']*[=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋])")
_BREAKS = regex.compile(r"[\t\n\v\f\r]+")  # would begin a new cell or row
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it spreadsheets do not read the file as UTF-8


def render_csv(timeline: Timeline) -> str:
    """Return the ledger: id, kind, role and context of each fact, its value (or words) and qualifier in every version, and its flags.

    Before the facts stand rows with the titles, sources, times and addresses of the versions, of the kind ``version title`` and so on, each
    where one is known.
    A field is one line; where a spreadsheet would take it, or a part of it behind a semicolon, for a formula, a quote stands before that.

    >>> from reports import compare_versions
    >>> print(render_csv(compare_versions(["Police held about 9 men.", "Police held 12 men."])).splitlines()[1])
    f1,number,men,Police held 12 men,9,about,12,exact,,
    """
    state_of = [state for state, run in enumerate(timeline.states) for _ in run]
    versions = [name for version in timeline.versions for name in (version.id, f"{version.id} qualifier")]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(map(_safe, ["id", "kind", "role", "context", *versions, "fell in", "back in"]))
    for name in ("title", "source", "time", "url"):
        told = [getattr(version, name) or "" for version in timeline.versions]
        if any(told):
            rows.writerow(["", f"version {name}", "", "", *(part for value in told for part in (_safe(value), "")), "", ""])
    for fact in timeline.ledger:
        cells = [part for state in state_of for part in _parts(fact.cells[state])]
        flags = [" ".join(timeline.version(state).id for state in states) for states in (fact.falls, fact.reversals)]
        context = "".join(fact.context)
        rows.writerow([fact.id, fact.kind.value, _safe(fact.role or ""), _safe(context), *cells, *map(_safe, flags)])
    return _BOM + out.getvalue()


def _parts(cell: Cell | None) -> tuple[str, str]:
    if cell is None:
        return "", ""
    if cell.amount is None:
        return _safe(cell.text), ""
    value = cell.amount.value
    return _safe(cell.text) if value is None else f"{to_decimal(value):f}", cell.amount.qualifier or ""


def _safe(field: str) -> str:
    """Return a field that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", spelled_out(_BREAKS.sub(" ", field)))
