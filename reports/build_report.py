"""Build the reports of a page from the result of a search for duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from dedup.model import BulletinMatch, Document, Match, Result, Segment
from dedup.text.timestamps import known_seconds

from .history.versions import MOST_VERSIONS, compare_versions
from .model import Report, Timeline, Version


def _version(segment: Segment, documents: Mapping[str, Document]) -> Version:
    of = documents[segment.document]
    text = of.text[segment.start : segment.end]
    return Version(segment.id, text, segment.heading, segment.line, of.time, of.title, of.source, of.url)


def in_page_order(result: Result, matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return matches in the order of a page: first the sections of matched bulletins, with the earlier text as ``a``."""
    sections = (match for pair in result.bulletins for match in pair.sections)
    return (*sections, *result.apart_from_bulletins(matches))


class _Stories:
    """The stories of a result: groups of segments that are versions of one text, oldest first."""

    def __init__(self, result: Result, documents: Iterable[Document], matches: Sequence[Match]):
        known = [*result.duplicates, *matches]
        alone = [segment for pair in result.bulletins for segment in (*pair.only_b, *pair.only_a)]
        wanted = {segment.document for match in known for segment in (match.a, match.b)} | {segment.document for segment in alone}
        self.documents = {document.id: document for document in documents if document.id in wanted}
        self._segments = {segment.id: segment for match in known for segment in (match.a, match.b)}
        self._relations = {(one.a.id, one.b.id): one.relation for match in known for one in (match, match.mirrored())}
        self._place = {name: number for number, name in enumerate(self.documents)}
        self._size = {section.id: each.size for pair in result.bulletins for each in (pair.a, pair.b) for section in each.sections}
        self.groups = list(self._groups(result, matches))

    def _groups(self, result: Result, matches: Sequence[Match]) -> Iterator[tuple[Segment, ...]]:
        """Yield each cluster, and each match that no cluster holds, in the order of the matches."""
        home = {member: cluster for cluster in result.clusters for member in cluster.members}
        shown: set[str] = set()
        for match in matches:
            cluster = home.get(match.a.id)
            if cluster is None or match.b.id not in cluster.members:
                yield self._by_time([match.a, match.b])
            elif cluster.id not in shown:
                shown.add(cluster.id)
                yield self._oldest_first([self._segments[name] for name in cluster.members])

    def _oldest_first(self, segments: Iterable[Segment]) -> tuple[Segment, ...]:
        """Return segments in reading order; those of bulletins are ordered among themselves by the size of their bulletins."""
        ordered = sorted(segments, key=lambda segment: (self._place[segment.document], segment.index or 0))
        places = [place for place, segment in enumerate(ordered) if segment.id in self._size]
        for place, segment in zip(places, sorted((ordered[n] for n in places), key=lambda each: self._size[each.id]), strict=True):
            ordered[place] = segment
        return self._by_time(ordered)

    def _by_time(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        """Return segments by the times of their documents, where all of these have one; else as they are."""
        seconds = known_seconds(self.documents[segment.document] for segment in segments)
        order = range(len(segments)) if seconds is None else sorted(range(len(segments)), key=seconds.__getitem__)
        return tuple(segments[place] for place in order)

    def timeline(self, group: Sequence[Segment]) -> Timeline:
        """Compare the newest versions of a group."""
        between = [self._relations.get((one.id, other.id)) for one, other in pairwise(group)]
        return compare_versions([_version(segment, self.documents) for segment in group], relations=between, most=MOST_VERSIONS)

    def report_of_text(self, group: Sequence[Segment]) -> Report:
        """Return the report of one group, with the name of its newest version."""
        newest = _version(group[-1], self.documents)
        return Report(newest.name, (self.timeline(group),), id=newest.id)

    def report(self, title: str, groups: Iterable[Sequence[Segment]], bulletins: tuple[BulletinMatch, ...], left_out: int = 0) -> Report:
        """Return the report of some groups and bulletins."""
        alone = {segment.id: segment for pair in bulletins for segment in (*pair.only_b, *pair.only_a)}
        only = tuple((name, _version(segment, self.documents).text) for name, segment in alone.items())
        return Report(title, tuple(map(self.timeline, groups)), bulletins, only, left_out)


def build_report(
    result: Result, documents: Iterable[Document], *, title: str, matches: Iterable[Match] | None = None, limit: int | None = None
) -> Report:
    """Compare the texts of the duplicate pairs of a result, or of these ``matches`` of it; the first ``limit`` texts.

    ``documents`` are those of the run, in its order; other ones are passed over. Raises KeyError where one is missing.
    """
    stories = _Stories(result, documents, in_page_order(result, result.duplicates if matches is None else matches))
    shown = stories.groups[:limit]
    return stories.report(title, shown, result.bulletins, len(stories.groups) - len(shown))


def build_reports(result: Result, documents: Iterable[Document], matches: Iterable[Match] | None = None) -> Iterator[Report]:
    """Yield a report for all bulletins that repeat each other, and one for each text apart from them, one at a time.

    ``matches`` are those to show, the duplicates of the result where None. Raises KeyError where a document is missing.
    """
    stories = _Stories(result, documents, in_page_order(result, result.duplicates if matches is None else matches))
    family = _families(result.bulletins)
    pairs: dict[str, list[BulletinMatch]] = {}
    for pair in result.bulletins:
        pairs.setdefault(family[pair.a.id], []).append(pair)
    of_section = {section.id: family[each.id] for pair in result.bulletins for each in (pair.a, pair.b) for section in each.sections}
    inside: dict[str | None, list[tuple[Segment, ...]]] = {}
    for group in stories.groups:
        inside.setdefault(next((of_section[segment.id] for segment in group if segment.id in of_section), None), []).append(group)
    for name, found in pairs.items():
        documents_of = dict.fromkeys(each.document for pair in found for each in (pair.a, pair.b))
        yield stories.report(" – ".join(documents_of), inside.get(name, ()), tuple(found))
    for group in inside.get(None, ()):
        yield stories.report_of_text(group)


def _families(bulletins: Iterable[BulletinMatch]) -> dict[str, str]:
    """Return for each bulletin the name of its family: the bulletins that it repeats, or that repeat it, directly or through others."""
    family: dict[str, str] = {}
    for pair in bulletins:
        old, new = family.setdefault(pair.b.id, pair.b.id), family.setdefault(pair.a.id, pair.a.id)
        if old != new:
            family = {each: new if name == old else name for each, name in family.items()}
    return family
