"""Build the reports of a page from the result of a search for duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dedup.model import BulletinMatch, Document, Match, OrderedBy, Result, Segment
from dedup.origins.model import Origins, Story
from dedup.text.datelines import date_at_start
from dedup.text.order import oldest_first

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


@dataclass(frozen=True, slots=True)
class _Story:
    """The segments that are versions of one text, oldest first, and what decided their order."""

    segments: tuple[Segment, ...]
    ordered_by: OrderedBy


class _Stories:
    """The stories of a result: groups of segments that are versions of one text, oldest first."""

    def __init__(self, result: Result, documents: Iterable[Document], matches: Sequence[Match], origins: Origins | None):
        known = [*result.duplicates, *matches]
        alone = [segment for pair in result.bulletins for segment in (*pair.only_b, *pair.only_a)]
        wanted = {segment.document for match in known for segment in (match.a, match.b)} | {segment.document for segment in alone}
        self.documents = {document.id: document for document in documents if document.id in wanted}
        self._segments = {segment.id: segment for match in known for segment in (match.a, match.b)}
        self._relations = {(one.a.id, one.b.id): one.relation for match in known for one in (match, match.mirrored())}
        self._place = {name: number for number, name in enumerate(self.documents)}
        self._order = result.order
        self._home = {section.id: each.id for pair in result.bulletins for each in (pair.a, pair.b) for section in each.sections}
        self._earlier = {(pair.a.id, pair.b.id): pair.ordered_by for pair in result.bulletins}
        self._origins = origins or Origins()
        self.groups = list(self._groups(result, matches))

    def _groups(self, result: Result, matches: Sequence[Match]) -> Iterator[_Story]:
        """Yield each cluster, and each match that no cluster holds, in the order of the matches."""
        home = {member: cluster for cluster in result.clusters for member in cluster.members}
        shown: set[str] = set()
        for match in matches:
            cluster = home.get(match.a.id)
            if cluster is None or match.b.id not in cluster.members:
                yield self._oldest_first([match.a, match.b])
            elif cluster.id not in shown:
                shown.add(cluster.id)
                yield self._oldest_first([self._segments[name] for name in cluster.members])

    def _oldest_first(self, segments: Iterable[Segment]) -> _Story:
        """Return segments as `oldest_first` orders them; those of bulletins are in the order of their bulletins."""
        ordered = sorted(segments, key=lambda segment: (self._place[segment.document], segment.index or 0))
        bulletins = {self._home.get(segment.id, "") for segment in ordered}
        decided = {by for (a, b), by in self._earlier.items() if a in bulletins and b in bulletins}
        if len(bulletins) == len(ordered) and "" not in bulletins and len(decided) == 1:
            before = Counter(b for a, b in self._earlier if a in bulletins and b in bulletins)
            return _Story(tuple(sorted(ordered, key=lambda segment: before[self._home[segment.id]])), decided.pop())
        documents = [self.documents[segment.document] for segment in ordered]
        dates = [date_at_start(of.text[segment.start : segment.end]) for of, segment in zip(documents, ordered, strict=True)]
        places, ordered_by = oldest_first(documents, dates, self._order)
        return _Story(tuple(ordered[place] for place in places), ordered_by)

    def timeline(self, story: _Story) -> Timeline:
        """Compare the newest versions of a text."""
        between = [self._relations.get((one.id, other.id)) for one, other in pairwise(story.segments)]
        versions = [_version(segment, self.documents) for segment in story.segments]
        return compare_versions(versions, relations=between, most=MOST_VERSIONS, ordered_by=story.ordered_by)

    def report_of_text(self, story: _Story) -> Report:
        """Return the report of one text, with the name of its newest version."""
        newest = _version(story.segments[-1], self.documents)
        return Report(newest.name, (self.timeline(story),), id=newest.id, origins=self.origins([story]))

    def origins(self, groups: Iterable[_Story]) -> tuple[Story, ...]:
        """Return the stories, with their origins, that these texts belong to, each once."""
        known = self._origins.story_of
        found = (known[segment.id] for each in groups for segment in each.segments if segment.id in known)
        return tuple({story.id: story for story in found}.values())

    def report(self, title: str, groups: Sequence[_Story], bulletins: tuple[BulletinMatch, ...], left_out: int = 0) -> Report:
        """Return the report of some groups and bulletins."""
        alone = {segment.id: segment for pair in bulletins for segment in (*pair.only_b, *pair.only_a)}
        only = tuple((name, _version(segment, self.documents).text) for name, segment in alone.items())
        return Report(title, tuple(map(self.timeline, groups)), bulletins, only, left_out, origins=self.origins(groups))


def build_report(
    result: Result,
    documents: Iterable[Document],
    *,
    title: str,
    matches: Iterable[Match] | None = None,
    limit: int | None = None,
    origins: Origins | None = None,
) -> Report:
    """Compare the texts of the duplicate pairs of a result, or of these ``matches`` of it; the first ``limit`` texts.

    ``documents`` are those of the run, in its order; other ones are passed over. ``origins`` are those of its stories, which the report
    tells of where they are given. Raises KeyError where a document is missing.
    """
    stories = _Stories(result, documents, in_page_order(result, result.duplicates if matches is None else matches), origins)
    shown = stories.groups[:limit]
    return stories.report(title, shown, result.bulletins, len(stories.groups) - len(shown))


def build_reports(
    result: Result, documents: Iterable[Document], matches: Iterable[Match] | None = None, origins: Origins | None = None
) -> Iterator[Report]:
    """Yield a report for all bulletins that repeat each other, and one for each text apart from them, one at a time.

    ``matches`` are those to show, the duplicates of the result where None. ``origins`` are those of its stories, which the reports tell of
    where they are given. Raises KeyError where a document is missing.
    """
    stories = _Stories(result, documents, in_page_order(result, result.duplicates if matches is None else matches), origins)
    family = _families(result.bulletins)
    pairs: dict[str, list[BulletinMatch]] = {}
    for pair in result.bulletins:
        pairs.setdefault(family[pair.a.id], []).append(pair)
    of_section = {section.id: family[each.id] for pair in result.bulletins for each in (pair.a, pair.b) for section in each.sections}
    inside: dict[str | None, list[_Story]] = {}
    for story in stories.groups:
        inside.setdefault(next((of_section[each.id] for each in story.segments if each.id in of_section), None), []).append(story)
    for name, found in pairs.items():
        documents_of = dict.fromkeys(each.document for pair in found for each in (pair.a, pair.b))
        yield stories.report(" – ".join(documents_of), inside.get(name, []), tuple(found))
    for story in inside.get(None, []):
        yield stories.report_of_text(story)


def _families(bulletins: Iterable[BulletinMatch]) -> dict[str, str]:
    """Return for each bulletin the name of its family: the bulletins that it repeats, or that repeat it, directly or through others."""
    family: dict[str, str] = {}
    for pair in bulletins:
        old, new = family.setdefault(pair.b.id, pair.b.id), family.setdefault(pair.a.id, pair.a.id)
        if old != new:
            family = {each: new if name == old else name for each, name in family.items()}
    return family
