"""Bulletins: those with duplicate sections are matched, and the sections are found that only one of two has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..about import About
from ..model import Bulletin, BulletinMatch, Document, Match, Order, Segment
from ..text.fold import fold
from ..text.order import oldest_first
from ..text.segment import bulletins

Key = tuple[str, int]  # a document, and the number of a bulletin in it
Note = tuple[int, str | None]  # its place in the input, and the date at its start


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


def match_bulletins(
    segments: Sequence[Segment], matches: Iterable[Match], notes: Mapping[Key, Note], about: Mapping[str, About], order: Order
) -> tuple[BulletinMatch, ...]:
    """Return the pairs of bulletins that share duplicate sections, in reading order, the earlier one as ``a`` (see `BulletinMatch`).

    ``notes`` has the place in the input and the date of each bulletin, ``about`` the times of the matched sections, by id.
    """
    home = {section.id: bulletin for bulletin in bulletins(segments) for section in bulletin.sections}
    between: dict[tuple[str, str], list[Match]] = {}
    for match in matches if home else ():
        one, other = home.get(match.a.id), home.get(match.b.id)
        if match.duplicate and one and other and one is not other:
            between.setdefault((one.id, other.id), []).append(match)
    return tuple(_matched((home[one], home[other]), shared, notes, about, order) for (one, other), shared in between.items())


def _matched(
    pair: tuple[Bulletin, Bulletin], shared: Sequence[Match], notes: Mapping[Key, Note], about: Mapping[str, About], order: Order
) -> BulletinMatch:
    standing = sorted(pair, key=lambda each: notes[each.document, each.number][0])
    dates = [notes[each.document, each.number][1] for each in standing]
    places, ordered_by = oldest_first([Document(each.document, "", time=_time(each, about)) for each in standing], dates, order)
    a, b = (standing[place] for place in places)
    matches = shared if a is pair[0] else [match.mirrored() for match in shared]
    sections = tuple(sorted(_pair_up(matches), key=lambda match: match.b.index or 0))
    paired = {segment.id for match in sections for segment in (match.a, match.b)}
    only_a, only_b = (tuple(section for section in side.sections if section.id not in paired) for side in (a, b))
    return BulletinMatch(a, b, sections, only_a, only_b, ordered_by)


def _time(bulletin: Bulletin, about: Mapping[str, About]) -> str | None:
    return next((about[section.id].time for section in bulletin.sections if section.id in about), None)
