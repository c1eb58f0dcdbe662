"""What a text brought against the one before it in its story: kinds of change, alarms, and one line in each language."""

from __future__ import annotations

from reports import Version, compare
from reports.history.alarms import change_alarm
from reports.messages.catalog import CATALOG_LANGUAGES, load_catalog
from reports.model import UnitRelation
from reports.summary.digest import make_digest
from reports.summary.news_units import news_units

from ..errors import RebuildError
from ..index.browse.model import TextNews
from ..model import Document

_CHARS = 50_000  # of a text: of a longer one its beginning tells
_LINE = 240


def tell_news(older: Document, newer: Document) -> TextNews:
    """Return what a text brought against the one before it. Cosmetic changes are no news, and neither are bylines
    and other furniture. Where there is an alarm, the line is about that."""
    try:
        comparison = compare(_version(older), _version(newer))
    except RebuildError:  # a person must look at it
        return TextNews(("wording",), (), {})
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
