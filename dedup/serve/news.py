"""What a text brought against the one before it in its story: kinds of change, alarms, and one line in each language.

Comparing takes time with the square of what is compared, and nobody may hold up all others with a text: what is long is compared in a
process that is ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from reports import Version, compare, news
from reports.history.alarms import change_alarm
from reports.messages.catalog import CATALOG_LANGUAGES, load_catalog
from reports.model import UnitRelation
from reports.summary.digest import make_digest
from reports.summary.news_units import news_units

from ..errors import RebuildError
from ..index.browse.model import TextNews
from ..model import Document
from .jobs import Jobs
from .problems import Problem

_CHARS = 50_000  # of a text: of a longer one its beginning tells
_LINE = 240
_SHORT = 10_000  # characters of two texts that are compared at once: most are shorter
_SECONDS = 5.0
_NOT_TOLD = TextNews(("wording",), (), {})  # a person must look at it


class Telling:
    """Tells what is new in texts, in bounded time. ``lang`` is the language of digests."""

    def __init__(self, jobs: Jobs, lang: str | None):
        self._jobs, self._lang = jobs, lang

    def digest(self, a: str, b: str) -> tuple[str, ...] | None:
        """Return what `reports.news` does; an empty digest where that takes too long."""
        if len(a) + len(b) <= _SHORT:
            return news(a, b, lang=self._lang)
        try:
            found = json.loads(self._jobs.run_here(digest_job, a, b, self._lang, seconds=_SECONDS)["digest"])
        except Problem:
            return ()
        return None if found is None else tuple(found)

    def news(self, older: Document, newer: Document) -> TextNews:
        """Return what `tell_news` does; no more than that the wording is another where that takes too long."""
        if len(older.text) + len(newer.text) <= _SHORT:
            return tell_news(older, newer)
        try:
            found = json.loads(self._jobs.run_here(news_job, older, newer, seconds=_SECONDS)["news"])
        except Problem:
            return _NOT_TOLD
        return TextNews(tuple(found["kinds"]), tuple(found["alarms"]), found["lines"])


def digest_job(a: str, b: str, lang: str | None) -> Mapping[str, bytes]:
    """Do what `reports.news` does, in another process."""
    return {"digest": json.dumps(news(a, b, lang=lang)).encode()}


def news_job(older: Document, newer: Document) -> Mapping[str, bytes]:
    """Do what `tell_news` does, in another process."""
    return {"news": json.dumps(asdict(tell_news(older, newer))).encode()}


def tell_news(older: Document, newer: Document) -> TextNews:
    """Return what a text brought against the one before it. Cosmetic changes are no news, and neither are bylines
    and other furniture. Where there is an alarm, the line is about that."""
    try:
        comparison = compare(_version(older), _version(newer))
    except RebuildError:
        return _NOT_TOLD
    kinds = {change.kind.value for change in comparison.changes if not change.kind.cosmetic}
    kinds |= {unit.relation.value for unit in news_units(comparison) if unit.relation in (UnitRelation.ADDED, UnitRelation.REMOVED)}
    alarms = {alarm.value for change in comparison.changes if (alarm := change_alarm(change)) is not None}
    lines = {}
    for language in CATALOG_LANGUAGES:
        digest = make_digest(comparison, load_catalog(language))
        if told := next((line for line in digest if line.alarm), digest[0] if digest else None):
            lines[language] = told.text[:_LINE]
    return TextNews(tuple(sorted(kinds)), tuple(sorted(alarms)), lines)


def _version(document: Document) -> Version:
    return Version(document.id, document.text[:_CHARS])
