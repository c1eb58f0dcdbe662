"""Many reports to a folder: a page each, and an index that can be searched and sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import OutputError

from ..catalog import catalog
from ..model import Report
from .files import write_file
from .html import Page, fill, render_page

INDEX = "index.html"
_PAGE = re.compile(r"page-\d{6,}\.html")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the index: all that is kept of a page once it is written."""

    file: str
    title: str
    versions: int
    changes: int
    alarms: int
    new: str


def write_folder(folder: str, reports: Iterable[Report], *, title: str, lang: str = "ar") -> int:
    """Write a page for each report and ``index.html``, and return how many there are. One report is held at a time.

    The pages of an earlier run in the folder are replaced. Raises `OutputError` where the folder cannot be written, or holds other files.
    """
    root = Path(folder)
    try:
        root.mkdir(parents=True, exist_ok=True)
        stale = {path.name for path in root.iterdir()}
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from error
    if other := sorted(name for name in stale if name != INDEX and not _PAGE.fullmatch(name)):
        raise OutputError(f"{folder}: the folder holds other files ({other[0]}); give an empty folder")
    rows = []
    for number, report in enumerate(reports, 1):
        page = render_page(report, lang=lang, home=INDEX)
        name = f"page-{number:06}.html"
        write_file(str(root / name), [page.html])
        rows.append(_row(name, report, page))
    write_file(str(root / INDEX), [render_index(rows, title, lang)])
    for name in stale - {INDEX, *(row.file for row in rows)}:
        (root / name).unlink(missing_ok=True)
    return len(rows)


def _row(name: str, report: Report, page: Page) -> Row:
    versions = max((len(timeline.versions) + timeline.left_out for timeline in report.timelines), default=0)
    alarms = sum(len(timeline.alarms) for timeline in report.timelines)
    return Row(name, report.title, versions, page.changes, alarms, page.lead)


def render_index(rows: list[Row], title: str, lang: str) -> str:
    """Return the page that leads to the others."""
    return fill("index", catalog(lang), rows=rows, title=title)
