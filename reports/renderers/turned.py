"""Turn a report round: what its page shows when a reader takes the later texts as the older ones."""

from __future__ import annotations

from dataclasses import replace

from dedup.model import BulletinMatch

from ..history.turned import turned_timeline
from ..model import Report


def turned_report(report: Report) -> Report:
    """Return the report of the same texts in the other direction."""
    return replace(report, timelines=tuple(map(turned_timeline, report.timelines)), bulletins=tuple(map(_turned, report.bulletins)))


def _turned(pair: BulletinMatch) -> BulletinMatch:
    sections = sorted((match.mirrored() for match in pair.sections), key=lambda match: match.b.index or 0)
    return BulletinMatch(pair.b, pair.a, tuple(sections), pair.only_b, pair.only_a, pair.ordered_by)
