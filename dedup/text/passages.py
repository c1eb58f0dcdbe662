"""What of each document is compared, with the text, and when and where the document appeared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..config import Config
from ..errors import InputError
from ..model import Document, Segment
from .segment import segments_of
from .timestamps import timestamp_of


def passages(document: Document, config: Config) -> Iterator[tuple[Segment, str]]:
    """Yield what of a document is compared, with the text. Raises `InputError` for one beyond ``config.max_chars``."""
    for segment in segments_of(document, config.level):
        if segment.end - segment.start > config.max_chars:
            what = f"a text of more than {config.max_chars:,} characters"
            line = segment.line if document.segmented else document.line
            raise InputError(what, path=document.path or document.id, line=line, hint="split it, or raise max_chars")
        yield segment, document.text[segment.start : segment.end]


def all_passages(documents: Iterable[Document], config: Config) -> Iterator[tuple[Segment, str]]:
    seen: dict[str, tuple[str | None, int | None]] = {}  # where each id was read
    for document in documents:
        found = [*passages(document, config)]
        place = document.path, document.line
        for name in dict.fromkeys((document.id, *(segment.id for segment, _ in found))):
            if name in seen:
                path, line = seen[name]
                hint = "give each its own" if path is None else f"the first is at {path}:{line}; give each its own"
                raise InputError(f"a second document with id {name!r}", path=document.path, line=document.line, hint=hint)
            seen[name] = place
        yield from found


def time_and_source(document: Document, config: Config) -> tuple[str, float, str | None]:
    """Return when and where a document appeared, as far as settings ask for it: the sort of its time, seconds, NaN where nothing asks, and
    its source. Raises `InputError` where one is asked for that the document does not have."""
    timed, sourced = config.within is not None or config.keep in ("earliest", "latest"), config.sources != "any" or bool(config.prefer)
    sort, seconds = timestamp_of(document) if timed else ("", np.nan)
    if sourced and document.source is None:
        what = f"{document.id!r} has no source"
        raise InputError(what, path=document.path, line=document.line, hint="name the field with --source-field")
    return sort, seconds, document.source if timed or sourced else None


def noting_provenance(documents: Iterable[Document], config: Config, origins: dict[str, tuple[float, str | None]]) -> Iterator[Document]:
    """Yield the documents, and note when and where those appeared."""
    sorts: set[str] = set()
    for document in documents:
        sort, seconds, source = time_and_source(document, config)
        sorts.add(sort)
        if len(sorts) > 1:
            what = "a time of another sort than those before"
            raise InputError(what, path=document.path, line=document.line, hint="write all in one way")
        if sort or source is not None:
            origins[document.id] = seconds, source
        yield document


def checked(documents: Iterable[Document], config: Config) -> Iterator[Segment]:
    """Yield the segments of documents, as the search would take them. Raises `InputError` where it would."""
    yield from (segment for segment, _ in all_passages(noting_provenance(documents, config, {}), config))
