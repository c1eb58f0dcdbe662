"""The ledger as CSV for a spreadsheet: a row per fact, two columns per version."""

from __future__ import annotations

import csv
import io
import re

from ..hidden import spelled_out
from ..model import Cell, Timeline

# A spreadsheet takes a field that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[=+\-@\t\r]")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # spreadsheets read UTF-8 as such only behind it


def render_csv(timeline: Timeline) -> str:
    """Return the ledger: id, kind, role and context of each fact, its value (or words) and qualifier in every version, and its flags.

    >>> from reports import compare_versions
    >>> print(render_csv(compare_versions(["Police held about 9 men.", "Police held 12 men."])).splitlines()[1])
    f1,number,men,Police held 12 men,9,about,12,exact,,
    """
    state_of = [state for state, run in enumerate(timeline.states) for _ in run]
    versions = [name for version in timeline.versions for name in (version.id, f"{version.id} qualifier")]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(map(_safe, ["id", "kind", "role", "context", *versions, "fell in", "back in"]))
    for fact in timeline.ledger:
        cells = [part for state in state_of for part in _parts(fact.cells[state])]
        flags = [" ".join(timeline.version(state).id for state in states) for states in (fact.falls, fact.reversals)]
        context = "".join(fact.context)
        rows.writerow([fact.id, fact.kind.value, *map(_safe, (fact.role or "", context, *cells, *flags))])
    return _BOM + out.getvalue()


def _parts(cell: Cell | None) -> tuple[str, str]:
    if cell is None:
        return "", ""
    if cell.amount is None:
        return cell.text, ""
    return cell.text if cell.amount.value is None else f"{cell.amount.value:.15g}", cell.amount.qualifier or ""


def _safe(field: str) -> str:
    """Return a field that no spreadsheet runs; a number stays one."""
    shown = spelled_out(field)
    return f"'{shown}" if _FORMULA.match(shown) and not re.fullmatch(r"-?[\d.]+", shown) else shown
