"""Two runs on the same labels: how far their figures differ, which pairs changed sides, and whether that may be chance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..errors import InputError
from ..model import Relation
from .answers import JudgedPair, events_of
from .figures import Figures, figures_of
from .intervals import MEASURES, RIGHT, SAID, WANTED, Intervals, percentiles, resampled, sums_by_event
from .truth import Pair, ordered

_SAVE = "save one with dedup evaluate --format json"
_NAMES = {relation.value: relation for relation in Relation}


@dataclass(frozen=True, slots=True)
class ChangedPair:
    """A pair that is a duplicate in one of two runs only: what its label says, and its relation ``before`` and ``after``, None for none."""

    a: str
    b: str
    duplicate: bool
    before: str | None
    after: str | None
    now_right: bool


@dataclass(frozen=True, slots=True)
class RunDifference:
    """How a run differs from another one, ``before``, on the labelled pairs of both.

    ``only_before`` and ``only_after`` count the labelled pairs of one run alone, which are left out; ``relabelled`` those whose label has
    changed: the label of this run holds. ``difference`` is ``after`` less ``before``, and ``intervals`` are those of it, by a bootstrap of
    the events of both runs together. ``better`` and ``worse`` count the events with more right answers than before, and with fewer;
    ``p_value`` is how probable a split at least as uneven would be by chance (the exact test of McNemar 1947, of events instead of pairs).
    """

    pairs: int
    only_before: int
    only_after: int
    relabelled: int
    before: Figures
    after: Figures
    difference: Figures
    intervals: Intervals
    better: int
    worse: int
    p_value: float
    changed: tuple[ChangedPair, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain values for JSON."""
        names = ("pairs", "only_before", "only_after", "relabelled")
        return {
            **{name: getattr(self, name) for name in names},
            **{name: asdict(getattr(self, name)) for name in ("before", "after", "difference")},
            "intervals": self.intervals.to_dict(),
            "events": {"better": self.better, "worse": self.worse, "p_value": round(self.p_value, 6)},
            "changed": [asdict(each) for each in self.changed],
        }


def read_evaluation(path: str) -> dict[str, Any]:
    """Return an evaluation that was saved as JSON, the object that `Evaluation.to_dict` returns. Raises `InputError`."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = json.load(file)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path, hint="check the path") from error
    except (ValueError, RecursionError) as error:
        raise InputError("no JSON", path=path, hint=_SAVE) from error
    if not isinstance(found, dict) or not str(found.get("schema")).startswith("dedup/evaluation/"):
        raise InputError("no evaluation", path=path, hint=_SAVE)
    _answers_of(found, path)
    return found


def _answers_of(found: Mapping[str, Any], path: str | None = None) -> dict[Pair, tuple[bool, str | None]]:
    """Return what an evaluation says of each pair: its label and its relation."""
    answers = found.get("answers")
    if answers is None:
        raise InputError("an evaluation without answers, by an older version", path=path, hint=_SAVE)
    columns: list[Any] = [answers.get(name) for name in ("a", "b", "duplicate", "relation")] if isinstance(answers, dict) else []
    if not columns or not all(isinstance(each, list) for each in columns) or len({len(each) for each in columns}) != 1:
        raise InputError("an evaluation whose answers are no columns of one length", path=path, hint=_SAVE)
    read: dict[Pair, tuple[bool, str | None]] = {}
    for a, b, duplicate, relation in zip(*columns, strict=True):
        if not isinstance(a, str) or not isinstance(b, str) or not isinstance(duplicate, bool):
            raise InputError("an evaluation with an answer that is of no labelled pair", path=path, hint=_SAVE)
        if relation is not None and (not isinstance(relation, str) or relation not in _NAMES):
            raise InputError(f"an evaluation with the relation {relation!r}, which is none", path=path, hint=_SAVE)
        read[ordered(a, b)] = duplicate, relation
    return read


def compare_runs(answers: Sequence[JudgedPair], other: Mapping[str, Any], *, complete: bool = False) -> RunDifference:
    """Return how answers differ from those of another evaluation, an object as `Evaluation.to_dict` returns it.

    ``complete``: labels are clusters, so a pair that one run does not have is no duplicate there. Raises `InputError` where no pair is in
    both, and for an object without answers.
    """
    theirs = _answers_of(other)
    ours = {(each.a, each.b): each for each in answers}
    if complete and other.get("clusters") is not None:
        ours |= {pair: JudgedPair(*pair, label, None) for pair, (label, _) in theirs.items() if pair not in ours}
        theirs |= {pair: (each.duplicate, None) for pair, each in ours.items() if pair not in theirs}
    pairs = sorted(ours.keys() & theirs.keys())
    if not pairs:
        raise InputError("no labelled pair is in both runs", hint="compare runs on the same labels")
    same = np.array([ours[pair].duplicate for pair in pairs], bool)
    weights = np.array([ours[pair].weight for pair in pairs], float)
    after = np.array([ours[pair].said for pair in pairs], bool)
    before = np.array([_is_duplicate(theirs[pair][1]) for pair in pairs], bool)
    events = events_of(pairs)
    columns = np.stack([mask * weights for said in (before, after) for mask in (said & same, said, same)], axis=1)
    sums = sums_by_event(columns, events)
    alone = bool(same.all()) and not complete  # labels of duplicates alone say nothing of precision
    then, now = (_figures(sums[:, part].sum(axis=0), alone) for part in (slice(0, 3), slice(3, 6)))
    gained = sums_by_event(((after == same).astype(float) - (before == same))[:, None], events)[:, 0]
    better, worse = int((gained > 0).sum()), int((gained < 0).sum())
    return RunDifference(
        len(pairs),
        len(theirs) - len(pairs),
        len(ours) - len(pairs),
        sum(theirs[pair][0] != ours[pair].duplicate for pair in pairs),
        then,
        now,
        Figures(*(_less(getattr(now, name), getattr(then, name)) for name in MEASURES)),
        _intervals(sums, alone),
        better,
        worse,
        p_value(better, worse),
        tuple(
            ChangedPair(*pair, ours[pair].duplicate, theirs[pair][1], ours[pair].relation, bool(after[place] == same[place]))
            for place, pair in enumerate(pairs)
            if after[place] != before[place]
        ),
    )


def _is_duplicate(relation: str | None) -> bool:
    return relation is not None and _NAMES[relation].duplicate


def _figures(totals: Array, alone: bool) -> Figures:
    found = figures_of(float(totals[RIGHT]), float(totals[SAID]), float(totals[WANTED]))
    return Figures(None, found.recall, None) if alone else found


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _intervals(sums: Array, alone: bool) -> Intervals:
    """Return the intervals of the differences of figures; both runs are seen on the same samples of events."""
    totals = resampled(sums)
    ends = {name: percentiles(measure(totals[:, 3:]) - measure(totals[:, :3])) for name, measure in MEASURES.items()}
    return Intervals(len(sums), None if alone else ends["precision"], ends["recall"], None if alone else ends["f1"])


def p_value(better: int, worse: int) -> float:
    """Return how probable it is that of so many changes at least so many go one way, were both ways as probable: two-sided and exact.

    >>> p_value(0, 0), p_value(5, 0), p_value(3, 3)
    (1.0, 0.0625, 1.0)
    """
    total = better + worse
    ways = tail = 1  # of choosing so many of all, and so many or fewer
    for count in range(min(better, worse)):
        ways = ways * (total - count) // (count + 1)
        tail += ways
    return min(1.0, 2 * tail / (1 << total))
