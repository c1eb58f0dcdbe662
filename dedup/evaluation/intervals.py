"""How sure figures are: intervals by a bootstrap of events, and whether labels are too few to tell.

Pairs that share texts are not independent: an event that was reported by ten papers has 45 pairs. So whole events are drawn, not pairs:
the cluster bootstrap (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, log, log10
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from .figures import Figures

LEVEL = 0.95
"""The share of intervals that hold the true figure."""
RESAMPLES = 2_000
WIDE = 0.1
"""An interval of F1 that is wider than this is too wide to tell."""
_SEED = 1979  # any number: it is fixed, so that equal answers have equal intervals
_CELLS = 2_000_000  # numbers that are drawn at a time
_TAIL = (1 - LEVEL) / 2

Interval = tuple[float, float]
RIGHT, SAID, WANTED = range(3)
"""Columns of sums of weights: rightly said to be a duplicate, said, and wanted."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """The intervals of precision, recall and F1, each as its lower and upper end, None where there is no figure.

    ``events`` counts the groups of pairs that were drawn: pairs that share a text, directly or through others, are one event.
    """

    events: int
    precision: Interval | None
    recall: Interval | None
    f1: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """Return the intervals as plain values for JSON; their ends have four digits."""
        ends = {name: getattr(self, name) for name in ("precision", "recall", "f1")}
        return {
            "level": LEVEL,
            "events": self.events,
            **{name: None if each is None else [round(each[0], 4), round(each[1], 4)] for name, each in ends.items()},
        }


def sums_by_event(columns: Array, events: Array) -> Array:
    """Return the sums of columns (a row a pair) by event, a row an event.

    >>> sums_by_event(np.array([[1.0], [2.0], [4.0]]), np.array([0, 1, 0])).tolist()
    [[5.0], [2.0]]
    """
    return np.stack([np.bincount(events, column) for column in columns.T], axis=1)


def resampled(sums: Array) -> Array:
    """Return the totals of sums of events in `RESAMPLES` samples, each of as many events, drawn with replacement: a row a sample.

    Where few sums differ, it is drawn how often each is there, so that time does not depend on the number of events.
    """
    distinct, counts = np.unique(sums, axis=0, return_counts=True)
    rng, events = np.random.default_rng(_SEED), len(sums)
    few = 5 * len(distinct) < events
    step = max(1, _CELLS // (len(distinct) if few else events))
    sizes = [min(step, RESAMPLES - start) for start in range(0, RESAMPLES, step)]
    if few:
        drawn = [rng.multinomial(events, counts / events, size).astype(float) @ distinct for size in sizes]
    else:
        columns = np.repeat(distinct, counts, axis=0).T.copy()  # in an order that does not depend on that of the events
        places = (rng.integers(0, events, (size, events), np.int32) for size in sizes)
        drawn = [np.stack([column[place].sum(axis=1) for column in columns], axis=1) for place in places]
    return np.concatenate(drawn)


def precision_of(totals: Array) -> Array:
    """Return precision for each row of totals, NaN where nothing was said."""
    return _ratio(totals[:, RIGHT], totals[:, SAID])


def recall_of(totals: Array) -> Array:
    """Return recall for each row of totals, NaN where nothing was wanted."""
    return _ratio(totals[:, RIGHT], totals[:, WANTED])


def f1_of(totals: Array) -> Array:
    """Return F1 for each row of totals, NaN where nothing was said nor wanted."""
    return _ratio(2 * totals[:, RIGHT], totals[:, SAID] + totals[:, WANTED])


MEASURES: dict[str, Callable[[Array], Array]] = {"precision": precision_of, "recall": recall_of, "f1": f1_of}
_COUNTING = {"precision": (SAID,), "recall": (WANTED,), "f1": (SAID, WANTED)}


def _ratio(part: Array, whole: Array) -> Array:
    found: Array = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return found


def percentiles(values: Array) -> Interval | None:
    """Return the ends between which `LEVEL` of the values lie, those without a value left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def intervals_of(sums: Array, figures: Figures) -> Intervals:
    """Return the intervals of figures from the sums of each event, with the columns `RIGHT`, `SAID`, `WANTED`.

    Samples of few events, or of events that are all alike, differ too little. So the ends are at least as far away as a part of the way to
    0 and to 1: that part which the exact limits of Clopper and Pearson (1934) go from 1 where all of as many trials are right. F1 is no
    share of trials, but ``2 j / (1 + j)`` of one: of what was rightly said, in all that was said or wanted.

    >>> intervals_of(np.array([[1.0, 1.0, 1.0]] * 20), Figures(1.0, 1.0, 1.0)).to_dict()["f1"]
    [0.908, 1.0]
    """
    if not len(sums):
        return Intervals(0, None, None, None)
    totals = resampled(sums)
    found: dict[str, Interval | None] = {}
    for name, measure in MEASURES.items():
        value = getattr(figures, name)
        trials = int((sums[:, _COUNTING[name]].sum(axis=1) > 0).sum())
        if value is None or not trials:
            found[name] = None
        else:
            low, high = percentiles(measure(totals)) or (value, value)
            kept, share = _TAIL ** (1 / trials), value / (2 - value) if name == "f1" else value
            least, most = share * kept, 1 - (1 - share) * kept
            if name == "f1":
                least, most = (2 * each / (1 + each) for each in (least, most))
            found[name] = min(low, least), max(high, most)
    return Intervals(len(sums), **found)


def too_few(intervals: Intervals, figures: Figures) -> str | None:
    """Return why the labels are too few to tell, None where they are enough: the interval of F1, or of recall alone, is wider than `WIDE`.

    How many events would do is an estimate: an interval shrinks with the square root of their number.
    """
    name = "f1" if intervals.f1 is not None else "recall"
    ends: Interval | None = getattr(intervals, name)
    if ends is None or (width := round(ends[1] - ends[0], 9)) <= WIDE:
        return None
    right = log(_TAIL) / log((1 - WIDE) / (1 + WIDE) if name == "f1" else 1 - WIDE)  # events, where all are right
    wanted = right if getattr(figures, name) == 1.0 else intervals.events * (width / WIDE) ** 2
    step = 10 ** max(0, int(log10(wanted)) - 1)
    wanted = ceil(max(wanted, intervals.events + 1) / step) * step
    level = f"{LEVEL:.0%}".replace("%", " %")
    return f"too few labels to tell: {name} is between {ends[0]:.3f} and {ends[1]:.3f} ({level}); about {wanted:,} events would do"
