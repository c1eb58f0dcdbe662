"""Trace a span from one version of a text into the next, or back."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice

from ..comparison import all_runs
from ..model import AlignedRun, Change, Comparison, Span


@dataclass(frozen=True, slots=True)
class TracedSpan:
    """Where a span is in the other text (None where nothing corresponds), and the changes that touch it."""

    span: Span | None
    changes: tuple[Change, ...]


class SpanTracer:
    """Traces spans between the two texts of a comparison, in both directions."""

    def __init__(self, comparison: Comparison):
        self.comparison = comparison
        runs = [run for _, found in all_runs(comparison) for run in found]
        self._runs = {
            side: sorted(((span.start, run) for run in runs if (span := _side(run, side))), key=lambda row: row[0]) for side in "ab"
        }
        self._starts = {side: [start for start, _ in rows] for side, rows in self._runs.items()}

    def trace(self, span: Span, *, forward: bool) -> TracedSpan:
        """Return where a span of the older text is in the newer one; with ``forward`` false, from the newer to the older."""
        here, there = ("a", "b") if forward else ("b", "a")
        place = max(0, bisect_right(self._starts[here], span.start) - 1)
        landed: list[Span] = []
        changes: list[Change] = []
        for _, run in islice(self._runs[here], place, None):
            own, other = _side(run, here), _side(run, there)
            if run.change and run.change.moved:
                other = run.change.b if forward else run.change.a
            assert own is not None
            if own.start >= span.end:
                break
            if own.end <= span.start:
                continue
            if run.change:
                changes.append(run.change)
            if other is not None:
                shift = other.start - own.start
                inside = Span(max(span.start, own.start) + shift, min(span.end, own.end) + shift)
                landed.append(other if run.change else inside)
        whole = Span(min(each.start for each in landed), max(each.end for each in landed)) if landed else None
        return TracedSpan(whole, tuple(changes))


def _side(run: AlignedRun, side: str) -> Span | None:
    return run.a if side == "a" else run.b
