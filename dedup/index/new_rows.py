"""Rows of tables for documents that a transaction has decided about, and for their segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .decide import Decider
from .decision import Decision
from .links import LinkGraph
from .prepare import Prepared


def document_rows(
    prepared: Prepared, versions: Sequence[int], decisions: Sequence[Decision], decider: Decider, numbers: Sequence[int], run: int
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table of documents."""
    for place, (number, document) in enumerate(zip(numbers, prepared.documents, strict=True)):
        edition, moment = prepared.age(place)
        told = run, decider.kept[number], decider.holders.get(number), decisions[place].stored(edition), moment
        yield number, document.id, versions[place], prepared.digests[place], *told, document.source, int(document.segmented)


def segment_rows(prepared: Prepared, graph: LinkGraph, first: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table of segments, which are numbered from ``first`` on."""
    for row, (segment, ownership) in enumerate(zip(prepared.segments, prepared.ownerships, strict=True), first):
        fact = graph.rows[row]
        span = segment.index, segment.start, segment.end, segment.line, segment.heading, segment.bulletin
        yield row, fact.document, *span, fact.length, fact.prints, fact.same, *graph.written(row), fact.called, ownership
