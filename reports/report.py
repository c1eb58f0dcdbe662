"""What a run of `dedup` found to what a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dedup.model import Document, Match, Result, Segment

from .compare import compare
from .model import Report, Version


def _version(segment: Segment, texts: Mapping[str, str]) -> Version:
    return Version(segment.id, texts[segment.document][segment.start : segment.end], segment.heading, segment.line)


def in_page_order(result: Result, matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return matches in the order of a page: the sections of matched bulletins first, the earlier text as ``a``."""
    sections = (match for pair in result.bulletins for match in pair.sections)
    return (*sections, *result.apart_from_bulletins(matches))


def build_report(
    result: Result, documents: Iterable[Document], *, title: str, matches: Iterable[Match] | None = None, limit: int | None = None
) -> Report:
    """Compare the duplicate pairs of a result, or these ``matches`` of it; the first ``limit`` of them.

    ``documents`` are those of the run; other ones are passed over. Raises KeyError where one is missing.
    """
    matches = in_page_order(result, result.duplicates if matches is None else matches)[:limit]
    alone = [segment for pair in result.bulletins for segment in (*pair.only_b, *pair.only_a)]
    wanted = {segment.document for match in matches for segment in (match.a, match.b)} | {segment.document for segment in alone}
    texts = {document.id: document.text for document in documents if document.id in wanted}
    return Report(
        title,
        tuple(compare(_version(match.a, texts), _version(match.b, texts), relation=match.relation) for match in matches),
        result.bulletins,
        tuple((segment.id, _version(segment, texts).text) for segment in alone),
    )
