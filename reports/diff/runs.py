"""Read an aligned unit as a row of runs: equal stretches and changes in turn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from dedup.errors import RebuildError

from ..model import AlignedRun, Change, Comparison, Span, Unit


def span_of_sentences(sentences: Sequence[Span], indices: Sequence[int]) -> Span | None:
    """Return the span from the first to the last of these sentences, None where there are none."""
    return Span(sentences[indices[0]].start, sentences[indices[-1]].end) if indices else None


def changes_by_unit(comparison: Comparison) -> tuple[tuple[Change, ...], ...]:
    """Return the changes of each unit, in the units' order.

    A change of the white space between two units belongs to neither.
    """
    owned: list[list[Change]] = [[] for _ in comparison.units]
    spans = {
        "a": sorted((s.start, s.end, n) for n, u in enumerate(comparison.units) if (s := span_of_sentences(comparison.sentences_a, u.a))),
        "b": sorted((s.start, s.end, n) for n, u in enumerate(comparison.units) if (s := span_of_sentences(comparison.sentences_b, u.b))),
    }
    starts = {side: [span[0] for span in rows] for side, rows in spans.items()}
    for change in comparison.changes:
        side, span = ("b", change.b) if change.b else ("a", change.a)
        if span is None:
            continue
        place = bisect_right(starts[side], span.start) - 1
        if place >= 0 and span.end <= spans[side][place][1]:
            owned[spans[side][place][2]].append(change)
    return tuple(tuple(changes) for changes in owned)


def unit_runs(comparison: Comparison, unit: Unit, changes: Sequence[Change]) -> tuple[AlignedRun, ...]:
    """Return the runs of one unit in reading order.

    ``changes`` are those of this unit, see `changes_by_unit`. Raises `RebuildError` where text outside of the
    changes differs.
    """
    a, b = span_of_sentences(comparison.sentences_a, unit.a), span_of_sentences(comparison.sentences_b, unit.b)
    if a is None or b is None:
        return (AlignedRun(a, b),)
    return tuple(_walk(comparison, a, b, changes))


def _walk(comparison: Comparison, a: Span, b: Span, changes: Sequence[Change]) -> Iterator[AlignedRun]:
    at_a, at_b = a.start, b.start
    for change in changes:
        length = change.b.start - at_b if change.b else change.a.start - at_a if change.a else 0
        if length:
            yield _equal(comparison, at_a, at_b, length)
        yield AlignedRun(change.a, change.b, change)
        at_a = change.a.end if change.a else at_a + length
        at_b = change.b.end if change.b else at_b + length
    if a.end - at_a != b.end - at_b:
        raise RebuildError(f"{comparison.a.id} and {comparison.b.id} differ where no change is marked, at {at_a} and {at_b}")
    if at_a < a.end:
        yield _equal(comparison, at_a, at_b, a.end - at_a)


def _equal(comparison: Comparison, at_a: int, at_b: int, length: int) -> AlignedRun:
    a, b = Span(at_a, at_a + length), Span(at_b, at_b + length)
    if length < 0 or a.of(comparison.a.text) != b.of(comparison.b.text):
        raise RebuildError(f"{comparison.a.id} and {comparison.b.id} differ where no change is marked, at {at_a} and {at_b}")
    return AlignedRun(a, b)
