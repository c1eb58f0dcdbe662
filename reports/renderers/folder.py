"""Write many reports to a folder: a page for each, and an index that can be searched and sorted."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dedup.errors import InputError, OutputError
from dedup.model import Document
from dedup.text.timestamps import timestamp_of
from dedup.writers.files import exchange, output_errors, write_file

from ..messages.catalog import follow_language, load_catalog
from ..model import Report
from .html import Page, fill_template, render_page
from .origin import cut

INDEX = "index.html"
_DRAFTS = ".new-"
_NUMBERS = ("alarms", "facts", "changes", "versions")  # columns of the index
_LINES, _SOURCES = 3, 4  # of a digest, and sources, in a row
_LONGEST_TITLE, _LONGEST_FIELD = 200, 60  # characters
_PAGE = re.compile(r"page-\d{6,}\.html")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A row of the index: what is kept of a page once it is written.

    ``facts`` is the number of facts that changed, ``changes`` that of all changes that are not cosmetic, ``at`` the newest time in seconds.
    ``origins`` are the independent origins and all texts of the one story of the page, None where none or several are known.
    """

    file: str
    title: str
    id: str | None
    sources: tuple[str, ...]
    times: tuple[str, ...]
    at: float | None
    versions: int
    alarms: int
    facts: int
    changes: int
    lines: tuple[str, ...]
    origins: tuple[int, int] | None = None

    @property
    def weight(self) -> tuple[object, ...]:
        """The place in the index: alarms first, then facts that changed, then other changes, and among equals by id, 9 before 10."""
        parts = re.split(r"(\d{1,18})", self.id or self.title)
        natural = [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
        return -self.alarms, -self.facts, -self.changes, natural, self.file


def write_folder(
    folder: str, reports: Iterable[Report], *, title: str, lang: str | None = None, progress: Callable[[int], None] | None = None
) -> int:
    """Write a page for each report and ``index.html``, and return how many there are. One report is held at a time.

    The pages of an earlier run in the folder are replaced once all new ones are written, the index last: after an error or an interruption
    the folder is as it was. ``lang`` (ar, en or fr) is the language of our own words; where it is None each page has that of its texts,
    and the index that of most pages. ``progress`` is called with the number of pages written. Raises `OutputError` where the folder
    cannot be written, or holds other files.
    """
    root = Path(folder)
    made, drafts = False, root / f"{_DRAFTS}{os.urandom(8).hex()}"
    try:
        with output_errors(folder):
            made = not root.exists()
            root.mkdir(parents=True, exist_ok=True)
            stale = _earlier(root)
            drafts.mkdir()
        rows = []
        languages: Counter[str] = Counter()
        for number, report in enumerate(reports, 1):
            page = render_page(report, lang=lang, home=INDEX)
            name = f"page-{number:06}.html"
            write_file(str(drafts / name), [page.html])
            rows.append(_row(name, report, page))
            languages[page.lang] += 1
            if progress:
                progress(number)
        write_file(str(drafts / INDEX), [render_index(rows, title, lang or _most_frequent(languages))])
        with output_errors(folder):
            exchange(root, drafts, [*(row.file for row in rows), INDEX])
            for name in stale - {INDEX, *(row.file for row in rows)}:
                (root / name).unlink(missing_ok=True)
        made = False
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
        if made:
            _remove_empty(root)
    return len(rows)


def _earlier(root: Path) -> set[str]:
    """Return the names of the pages of an earlier run, and remove what a killed run left behind."""
    found = set()
    for path in root.iterdir():
        if path.name.startswith(_DRAFTS) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            found.add(path.name)
    other = sorted(name for name in found if (name != INDEX and not _PAGE.fullmatch(name)) or (root / name).is_dir())
    if other:
        raise OutputError(f"{root}: the folder holds other files ({other[0]}); give an empty folder")
    return found


def _remove_empty(root: Path) -> None:
    with suppress(OSError):
        root.rmdir()


def _most_frequent(languages: Counter[str]) -> str:
    return languages.most_common(1)[0][0] if languages else follow_language()


def _row(name: str, report: Report, page: Page) -> IndexRow:
    versions = [version for timeline in report.timelines for version in timeline.versions]
    timed = sorted(
        (at, place, version.time) for place, version in enumerate(versions) if version.time and (at := _seconds(version.time)) is not None
    )
    times = [time for _, _, time in timed] or [version.time for version in versions if version.time]
    named = report.id if report.id is not None else versions[-1].id if len(report.timelines) == 1 else None
    return IndexRow(
        name,
        cut(report.title, _LONGEST_TITLE),
        None if named is None or named == report.title else cut(named, _LONGEST_FIELD),
        tuple(dict.fromkeys(cut(version.source, _LONGEST_FIELD) for version in versions if version.source)),
        tuple(cut(time, _LONGEST_FIELD) for time in dict.fromkeys((times[0], times[-1]))) if times else (),
        timed[-1][0] if timed else None,
        max((len(timeline.versions) + timeline.left_out for timeline in report.timelines), default=0),
        sum(len(timeline.alarms) for timeline in report.timelines),
        sum(fact.changed for timeline in report.timelines for fact in timeline.ledger),
        page.changes,
        page.lines[:_LINES],
        (report.origins[0].independent_origins, len(report.origins[0].texts)) if len(report.origins) == 1 else None,
    )


def _seconds(time: str) -> float | None:
    """Return a time in seconds, None where it is written in a way that we do not know."""
    try:
        return timestamp_of(Document("", "", time=time))[1]
    except InputError:
        return None


def render_index(rows: Iterable[IndexRow], title: str, lang: str) -> str:
    """Return the page that leads to the others, those first that an editor must not miss."""
    ordered = sorted(rows, key=lambda row: row.weight)
    times = ("time",) if any(row.times for row in ordered) else ()
    traced = any(row.origins for row in ordered)
    return fill_template(
        "index", load_catalog(lang), rows=ordered, title=title, numbers=_NUMBERS, times=times, traced=traced, most=_SOURCES
    )
