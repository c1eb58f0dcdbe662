"""Passages: the segments of documents with their texts, and the time and the source of each document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from ..config import Config
from ..errors import InputError
from ..model import Document, Segment
from .datelines import date_at_start
from .ownership import ownership_of
from .segment import segments_of
from .timestamps import mixed_times, timestamp_of


def passages(document: Document, config: Config) -> Iterator[tuple[Segment, str]]:
    """Yield the segments of a document that are compared, with their texts. Raises `InputError` for one beyond ``config.max_chars``."""
    for segment in segments_of(document, config.level):
        if segment.end - segment.start > config.max_chars:
            what = f"a text of more than {config.max_chars:,} characters"
            line = segment.line if document.segmented else document.line
            raise InputError(what, path=document.path or document.id, line=line, hint="split it, or raise max_chars")
        yield segment, document.text[segment.start : segment.end]


def all_passages(documents: Iterable[Document], config: Config) -> Iterator[tuple[Segment, str]]:
    """Yield the segments of all documents, as `passages` does. Raises `InputError` for a second document or segment with one id."""
    seen: dict[str, tuple[str | None, int | None]] = {}  # where each id was read
    for document in documents:
        found = [*passages(document, config)]
        place = document.path, document.line
        for name in dict.fromkeys((document.id, *(segment.id for segment, _ in found))):
            if name in seen:
                path, line = seen[name]
                hint = "give each document its own id" if path is None else f"the first is at {path}:{line}; give each document its own id"
                raise InputError(f"a second document with id {name!r}", path=document.path, line=document.line, hint=hint)
            seen[name] = place
        yield from found


def noting_bulletins(
    found: Iterable[tuple[Segment, str]], notes: dict[tuple[str, int], tuple[int, str | None]]
) -> Iterator[tuple[Segment, str]]:
    """Yield segments with their texts, and note for each bulletin, by its document and number, its place and the date at its start.

    That date stands in its first section, or in the paragraph before it.
    """
    before: tuple[Segment, str] | None = None
    for segment, text in found:
        if segment.bulletin is not None and (segment.document, segment.bulletin) not in notes:
            date = date_at_start(text)
            if date is None and before and before[0].document == segment.document and before[0].bulletin is None:
                date = date_at_start(before[1].strip().rpartition("\n")[2] + "\n" + text)
            notes[segment.document, segment.bulletin] = len(notes), date
        before = segment, text
        yield segment, text


def needs_times(config: Config) -> bool:
    """Tell whether settings need the times of documents."""
    return config.within is not None or config.keep in ("earliest", "latest")


def time_and_source(document: Document, config: Config) -> tuple[str, float, str | None]:
    """Return the format of a document's time, the time in seconds, and the source, if the settings need them.

    Of what no setting needs, the format is empty, the seconds are NaN, and the source is None. Raises `InputError` for a document without a
    time or source that is needed.
    """
    timed, sourced = needs_times(config), config.sources != "any" or bool(config.prefer)
    asked = timed or (config.keep == "origin" and document.time is not None)  # an unknown time comes last
    time_format, seconds = timestamp_of(document) if asked else ("", np.nan)
    if sourced and document.source is None:
        what = f"{document.id!r} has no source"
        raise InputError(what, path=document.path, line=document.line, hint="name the field with --source-field")
    return time_format, seconds, document.source if timed or sourced else None


def noting_origins(documents: Iterable[Document], config: Config, origins: dict[str, tuple[float, str | None]]) -> Iterator[Document]:
    """Yield the documents, and note the time and the source of each in ``origins``. Raises `InputError` for times of two formats."""
    first: tuple[Document, str] | None = None
    for document in documents:
        time_format, seconds, source = time_and_source(document, config)
        if time_format:
            first = first or (document, time_format)
            if time_format != first[1]:
                raise mixed_times(document, time_format, *first)
        if time_format or source is not None:
            origins[document.id] = seconds, source
        yield document


def noting_ownership(
    found: Iterable[tuple[Segment, str]], config: Config, fields: Mapping[str, Document], noted: list[int]
) -> Iterator[tuple[Segment, str]]:
    """Yield segments with their texts, and note for each what `ownership_of` returns. ``fields`` are the documents by their ids."""
    for segment, text in found:
        noted.append(ownership_of(fields[segment.document], text, config) or 0)
        yield segment, text


def checked_segments(documents: Iterable[Document], config: Config) -> Iterator[Segment]:
    """Yield the segments of documents, checked as the search checks them. Raises the same `InputError`."""
    yield from (segment for segment, _ in all_passages(noting_origins(documents, config, {}), config))
