"""The pages that ``dedup find`` writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..writers.counts import counted
from .options import is_folder, tell, write_parts
from .progress import QUIET_PAGES, Progress

if TYPE_CHECKING:
    from ..model import Document, Match, Result
    from ..origins.model import Origins

_TEXTS_ON_PAGE = 300


@dataclass(frozen=True, slots=True)
class Pages:
    """What pages show: these matches of a result, and the origins of their texts."""

    result: Result
    matches: Iterable[Match]
    origins: Origins | None


def write_pages(shown: Pages, documents: Iterable[Document], path: str, lang: str | None, title: str) -> None:
    """Write the editor's page of a result, or a folder of pages, and say what was written."""
    from reports.build_report import build_report, build_reports
    from reports.renderers.folder import write_folder
    from reports.renderers.html import render_html

    if is_folder(path):
        bar = Progress(quiet=QUIET_PAGES)
        try:
            reports = build_reports(shown.result, documents, shown.matches, shown.origins)
            count = write_folder(path, reports, title=title, lang=lang, progress=lambda done: bar("pages written", done, None))
        finally:
            bar.close()
        tell(f"{path}: {counted(count, 'page')} and {'its' if count == 1 else 'their'} index")
        return
    report = build_report(shown.result, documents, title=title, matches=shown.matches, limit=_TEXTS_ON_PAGE, origins=shown.origins)
    write_parts([render_html(report, lang=lang)], path)
    if path != "-":
        tell(f"{path}: 1 page")
    if report.left_out:
        tell(f"{path} shows the first {_TEXTS_ON_PAGE} texts that repeat; a folder shows {report.left_out:,} more")
