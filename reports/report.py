"""What a run of `dedup` found to what a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from dedup.model import Document, Match, Relation, Result, Segment

from .model import Report, Timeline, Version
from .versions import compare_versions

MOST_VERSIONS = 50
"""Versions of one text that a page shows, the newest."""


def _version(segment: Segment, texts: Mapping[str, str]) -> Version:
    return Version(segment.id, texts[segment.document][segment.start : segment.end], segment.heading, segment.line)


def in_page_order(result: Result, matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return matches in the order of a page: the sections of matched bulletins first, the earlier text as ``a``."""
    sections = (match for pair in result.bulletins for match in pair.sections)
    return (*sections, *result.apart_from_bulletins(matches))


def _groups(result: Result, matches: Sequence[Match], place: Mapping[str, int]) -> Iterator[tuple[Segment, ...]]:
    """Yield the texts that are versions of one, oldest first: each cluster, and each match that no cluster holds.

    ``place`` numbers the documents in reading order.
    """
    segments = {segment.id: segment for match in (*result.matches, *matches) for segment in (match.a, match.b)}
    home = {member: cluster for cluster in result.clusters for member in cluster.members}
    size = {section.id: each.size for pair in result.bulletins for each in (pair.a, pair.b) for section in each.sections}

    def age(segment: Segment) -> tuple[tuple[int, int], int, int]:
        return size.get(segment.id, (0, 0)), place[segment.document], segment.index or 0

    shown: set[str] = set()
    for match in matches:
        cluster = home.get(match.a.id)
        if cluster is None or match.b.id not in cluster.members:
            yield match.a, match.b
        elif cluster.id not in shown:
            shown.add(cluster.id)
            yield tuple(sorted((segments[name] for name in cluster.members), key=age))


def _timeline(group: Sequence[Segment], texts: Mapping[str, str], relations: Mapping[tuple[str, str], Relation]) -> Timeline:
    newest = group[-MOST_VERSIONS:]
    between = [relations.get((one.id, other.id)) for one, other in pairwise(newest)]
    found = compare_versions([_version(segment, texts) for segment in newest], relations=between)
    return replace(found, left_out=len(group) - len(newest))


def _timelines(result: Result, texts: Mapping[str, str], matches: Sequence[Match]) -> Iterator[Timeline]:
    """Yield what became of each text that some matches of a result are about, one at a time. ``texts`` are in reading order."""
    known = [*result.matches, *matches]
    place = {name: number for number, name in enumerate(texts)}
    relations = {(one.a.id, one.b.id): one.relation for match in known for one in (match, match.mirrored())}
    return (_timeline(group, texts, relations) for group in _groups(result, matches, place))


def _texts(result: Result, matches: Iterable[Match], documents: Iterable[Document]) -> dict[str, str]:
    """Return the texts of the documents that a page about these matches shows, in reading order."""
    wanted = {segment.document for match in (*matches, *result.duplicates) for segment in (match.a, match.b)}
    wanted |= {segment.document for pair in result.bulletins for segment in (*pair.only_a, *pair.only_b)}
    return {document.id: document.text for document in documents if document.id in wanted}


def build_report(
    result: Result, documents: Iterable[Document], *, title: str, matches: Iterable[Match] | None = None, limit: int | None = None
) -> Report:
    """Compare the texts of the duplicate pairs of a result, or of these ``matches`` of it; of the first ``limit`` pairs.

    ``documents`` are those of the run, in its order; other ones are passed over. Raises KeyError where one is missing.
    """
    chosen = in_page_order(result, result.duplicates if matches is None else matches)[:limit]
    return _report(result, _texts(result, chosen, documents), chosen, title)


def _report(result: Result, texts: Mapping[str, str], matches: Sequence[Match], title: str) -> Report:
    alone = [segment for pair in result.bulletins for segment in (*pair.only_b, *pair.only_a)]
    only = tuple((segment.id, _version(segment, texts).text) for segment in alone)
    return Report(title, tuple(_timelines(result, texts, matches)), result.bulletins, only)


def build_reports(result: Result, documents: Iterable[Document], matches: Iterable[Match] | None = None) -> Iterator[Report]:
    """Yield a report for each pair of matched bulletins, and one for each text apart from them, one at a time.

    ``matches`` are those to show, the duplicates of the result where None. Raises KeyError where a document is missing.
    """
    chosen = in_page_order(result, result.duplicates if matches is None else matches)
    texts = _texts(result, chosen, documents)
    for pair in result.bulletins:
        title = " – ".join(dict.fromkeys((pair.a.document, pair.b.document)))
        yield _report(replace(result, bulletins=(pair,)), texts, pair.sections, title)
    for timeline in _timelines(result, texts, result.apart_from_bulletins(chosen)):
        latest = timeline.versions[-1]
        yield Report(latest.heading or latest.id, (timeline,))
