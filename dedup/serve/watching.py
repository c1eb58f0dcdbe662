"""What is watched: folders and feeds that were named, read in processes of their own, and decided about by the writer."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from ..errors import InputError
from ..index import Decision, Index
from ..model import Document
from ..readers.options import Reading
from .jobs import Jobs
from .problems import Problem
from .settings import ServeSettings
from .watch import FileContent, Watcher, content_job, content_of, watch_sources
from .writer import Writer


def watcher_of(settings: ServeSettings, index: Index, writer: Writer, jobs: Jobs) -> Watcher:
    """Return what looks at the sources that were named, not started yet. Raises `InputError` for one that is not there."""

    def read(data: bytes, name: str, reading: Reading, most: int, /) -> FileContent:
        try:
            return content_of(jobs.run_here(content_job, data, name, reading, most))
        except Problem as problem:
            raise InputError(problem.what, path=name, hint=problem.hint) from problem

    def keep(notes: Mapping[str, str]) -> None:
        writer.submit(lambda stored: stored.deliver(notes)).result()

    def decide(documents: Sequence[Document]) -> Sequence[Decision]:
        most = settings.limits.chars
        for document in documents:
            if len(document.text) > most:
                raise InputError(
                    f"a text of more than {most:,} characters", path=document.path or document.id, hint="read it with dedup filter"
                )
        return writer.ask(documents).result()

    sources = watch_sources(settings.watch, read)
    return Watcher(
        sources,
        decide,
        keep,
        notes=index.notes() if sources else {},
        now=time.time,
        every=settings.every,
    )
