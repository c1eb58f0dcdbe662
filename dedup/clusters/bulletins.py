"""Bulletins: those with duplicate sections are matched, and the sections are found that only one of two has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import BulletinMatch, Match, Segment
from ..text.fold import fold
from ..text.segment import bulletins


def _same_heading(match: Match) -> bool:
    return fold(match.a.heading or "").split() == fold(match.b.heading or "").split()


def _pair_up(matches: Iterable[Match]) -> list[Match]:
    """Return at most one match for each section. Matches under one heading come first, then those with the larger Jaccard."""
    taken: set[str] = set()
    chosen = []
    for match in sorted(matches, key=lambda each: (not _same_heading(each), -each.jaccard, each.a.index, each.b.index)):
        if match.a.id not in taken and match.b.id not in taken:
            taken |= {match.a.id, match.b.id}
            chosen.append(match)
    return chosen


def match_bulletins(segments: Sequence[Segment], matches: Iterable[Match]) -> tuple[BulletinMatch, ...]:
    """Return the pairs of bulletins that share duplicate sections, in reading order, the earlier one as ``a`` (see `BulletinMatch`)."""
    home = {section.id: bulletin for bulletin in bulletins(segments) for section in bulletin.sections}
    between: dict[tuple[str, str], list[Match]] = {}
    for match in matches if home else ():
        one, other = home.get(match.a.id), home.get(match.b.id)
        if match.relation.duplicate and one and other and one is not other:
            if one.size > other.size:
                between.setdefault((other.id, one.id), []).append(match.mirrored())
            else:
                between.setdefault((one.id, other.id), []).append(match)
    found = []
    for shared in between.values():
        a, b = home[shared[0].a.id], home[shared[0].b.id]
        sections = tuple(sorted(_pair_up(shared), key=lambda match: match.b.index or 0))
        paired = {segment.id for match in sections for segment in (match.a, match.b)}
        only_a, only_b = (tuple(section for section in side.sections if section.id not in paired) for side in (a, b))
        found.append(BulletinMatch(a, b, sections, only_a, only_b))
    return tuple(found)
