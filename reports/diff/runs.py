"""Read an aligned unit as a row of runs: equal stretches and changes in turn."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
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
    """Return the runs of one unit in reading order; words that only changed places have two runs, each with one side.

    ``changes`` are those of this unit, see `changes_by_unit`. Raises `RebuildError` where text outside of the
    changes differs.
    """
    a, b = span_of_sentences(comparison.sentences_a, unit.a), span_of_sentences(comparison.sentences_b, unit.b)
    if a is None or b is None:
        return (AlignedRun(a, b),)
    return tuple(_walk(comparison, a, b, changes))


def _walk(comparison: Comparison, a: Span, b: Span, changes: Sequence[Change]) -> Iterator[AlignedRun]:
    at_a, at_b = a.start, b.start
    for run, length in _in_turn(changes, at_a, at_b):
        if length:
            yield _equal(comparison, at_a, at_b, length)
        yield run
        at_a = run.a.end if run.a else at_a + length
        at_b = run.b.end if run.b else at_b + length
    if a.end - at_a != b.end - at_b:
        raise RebuildError(f"{comparison.a.id} and {comparison.b.id} differ where no change is marked, at {at_a} and {at_b}")
    if at_a < a.end:
        yield _equal(comparison, at_a, at_b, a.end - at_a)


def _in_turn(changes: Sequence[Change], at_a: int, at_b: int) -> Iterator[tuple[AlignedRun, int]]:
    """Yield a run for each change, with the length of the equal text before it; for words that only moved one at each of their places."""
    in_a = deque(sorted(((change.a, change) for change in changes if change.a), key=lambda row: row[0].start))
    in_b = deque(sorted(((change.b, change) for change in changes if change.b), key=lambda row: row[0].start))
    while in_a or in_b:
        to_a = in_a[0][0].start - at_a if in_a else None
        to_b = in_b[0][0].start - at_b if in_b else None
        if in_a and in_b and in_a[0][1] is in_b[0][1] and not in_a[0][1].moved:
            (old, change), (new, _) = in_a.popleft(), in_b.popleft()
            yield AlignedRun(old, new, change), old.start - at_a
            at_a, at_b = old.end, new.end
        elif to_a is not None and _is_one_sided(in_a[0][1], "b") and (to_b is None or to_a <= to_b or not _is_one_sided(in_b[0][1], "a")):
            old, change = in_a.popleft()
            yield AlignedRun(old, None, change), to_a
            at_a, at_b = old.end, at_b + to_a
        else:
            new, change = in_b.popleft()
            yield AlignedRun(None, new, change), to_b or 0
            at_a, at_b = at_a + (to_b or 0), new.end


def _is_one_sided(change: Change, empty: str) -> bool:
    """Tell whether a run of a change has nothing on a side."""
    return change.moved or getattr(change, empty) is None


def _equal(comparison: Comparison, at_a: int, at_b: int, length: int) -> AlignedRun:
    a, b = Span(at_a, at_a + length), Span(at_b, at_b + length)
    if length < 0 or a.of(comparison.a.text) != b.of(comparison.b.text):
        raise RebuildError(f"{comparison.a.id} and {comparison.b.id} differ where no change is marked, at {at_a} and {at_b}")
    return AlignedRun(a, b)
