"""Direction: which of two texts of one origin carries the other, by times, credits, versions, lengths and edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.ragged import Array
from ..verification.model import probability
from .model import DirectionEvidence

_HOUR = 3600.0
# Log-odds of each evidence at its strongest; `python bench/lineages.py --evidence` measures how often each is right.
_TIME = 2.2  # of ten told times one is wrong, or that of a page that was changed later
_DAY, _DAY_HOURS = 4.0, 20  # more where a day is between them: what one of two texts lacks does not outvote that
_TIME_SCALE = 1.0  # log-odds of a difference of an hour or two: papers print what they are given within minutes
_CREDIT = 3.0
_VERSION = 4.0
_UPDATE = 1.5  # beside the time: papers rarely print their older text once more
_LENGTH = 4.0  # of a text that lacks nearly all of the other; of one that lacks half it is 1
_ADDED = 0.25  # papers seldom add more to what they take, but cut as much as they like
_EDITS = 2.0  # less than a time: the first text may have an error of its own, that all others saw
_EDITS_SCALE = 1.2  # log-odds of one edit that the other has not: 0.8, of four: 1.9
_UNINHERITED = 2.0  # edits of a text that another has not, which make it half as likely that this one was made from it
_SEEN = 0.9  # probability that the model of a text is among the texts, where nothing tells of another


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a text beside its words: its time in seconds and the format of that, NaN where unknown; who published it, and the
    agencies and papers that it credits, by their usual names; its record and the number of its version.

    ``span``: how many seconds later it may have been published, a day where the hour is not told.
    """

    seconds: float
    clock: str
    source: str | None
    credited: frozenset[str]
    record: str
    version: int
    span: float = 0.0


@dataclass(frozen=True, slots=True)
class Directions:
    """The log-odds that the first of two texts came before the second and is what that carries, for all pairs of rows: matrices that are
    antisymmetric, one for each evidence. ``updated`` is what `updates` returns of them."""

    parts: dict[DirectionEvidence, Array]
    updated: Array

    @property
    def odds(self) -> Array:
        """The log-odds of all evidence together."""
        total: Array = np.sum([*self.parts.values()], axis=0)
        return total

    def evidence(self, a: int, b: int) -> tuple[DirectionEvidence, ...]:
        """Return what tells that ``b`` carries ``a``, the strongest first."""
        found = [(float(part[a, b]), name) for name, part in self.parts.items() if part[a, b] > 0.1]
        return tuple(name for _, name in sorted(found, key=lambda each: (-each[0], each[1])))


def directions(facts: Sequence[Facts], held: Array, edited: Array) -> Directions:
    """Return what tells the direction of all pairs of texts of one group.

    ``held[i, j]`` is the share of text i that text j has, 0..1, and ``edited[i, j]`` at how many places j has an edit that i has not, as
    `dedup.origins.edits.edits` counts them.
    """
    updated, versions = updates(facts), _versions(facts)
    return Directions(
        {
            DirectionEvidence.TIME: _times(facts),
            DirectionEvidence.CREDIT: _credits(facts),
            DirectionEvidence.VERSION: np.where(versions, versions, _UPDATE * updated),
            DirectionEvidence.LENGTH: _lengths(facts, held) * (updated == 0),
            DirectionEvidence.EDITS: _edits(edited) * (updated == 0),
        },
        updated,
    )


def updates(facts: Sequence[Facts]) -> Array:
    """Return for all pairs of texts 1 where the second is an update of the first by the same source, -1 where it is the other way round:
    a later version of a record, or a text that the source published an hour later. What it puts in place of other words, and what it
    adds, tells nothing then: reports grow and are corrected."""
    sources = np.array([each.source or f"\N{INFORMATION SEPARATOR ONE}{row}" for row, each in enumerate(facts)])
    apart = _hours(facts)
    later = np.sign(apart) * ((np.abs(apart) >= 1) & (sources[:, None] == sources[None, :]))
    versions = np.sign(_versions(facts))
    found: Array = np.where(versions, versions, later)
    return found


def _hours(facts: Sequence[Facts]) -> Array:
    """Return how many hours after the first of two texts the second was published, 0 where that is not known, as for a day without an hour
    and an hour of that day."""
    starts = np.array([each.seconds for each in facts])
    ends = starts + [each.span for each in facts]
    middles = (starts + ends) / 2
    clocks = np.array([each.clock for each in facts])
    apart: Array = np.nan_to_num((middles[None, :] - middles[:, None]) / _HOUR)
    begins_in = (starts[:, None] <= starts[None, :]) & (starts[None, :] < ends[:, None])
    apart[begins_in | begins_in.T | (clocks[None, :] != clocks[:, None])] = 0.0
    return apart


def _times(facts: Sequence[Facts]) -> Array:
    apart = _hours(facts)
    minutes_and_hours = np.minimum(_TIME, _TIME_SCALE * np.log1p(np.abs(apart)))
    found: Array = np.sign(apart) * (minutes_and_hours + _DAY * (np.abs(apart) >= _DAY_HOURS))
    return found


def _credits(facts: Sequence[Facts]) -> Array:
    names = _names(facts)
    has = _credited(facts, names)
    source = np.array([names.get(each.source or "", -1) for each in facts])
    credits = np.where(source[:, None] >= 0, has.T[source], False) & (source[:, None] != source[None, :])
    found: Array = _CREDIT * (credits.astype(float) - credits.T)
    return found


def _names(facts: Sequence[Facts]) -> dict[str, int]:
    return {name: place for place, name in enumerate(sorted({name for each in facts for name in each.credited}))}


def _credited(facts: Sequence[Facts], names: dict[str, int]) -> Array:
    """Return for each text, and each of these names, whether it credits that."""
    has = np.zeros((len(facts), max(1, len(names))), bool)
    for row, each in enumerate(facts):
        has[row, [names[name] for name in sorted(each.credited)]] = True
    return has


def siblings(facts: Sequence[Facts]) -> Array:
    """Return for all pairs of texts whether both credit the same agency or paper, and are not of one source: both may be made from its
    text."""
    has = _credited(facts, _names(facts)).astype(np.float32)
    sources = np.array([each.source or f"\N{INFORMATION SEPARATOR ONE}{row}" for row, each in enumerate(facts)])
    found: Array = (has @ has.T > 0) & (sources[:, None] != sources[None, :])
    return found


def _versions(facts: Sequence[Facts]) -> Array:
    records = np.array([each.record for each in facts])
    versions = np.array([each.version for each in facts])
    found: Array = _VERSION * np.sign(versions[None, :] - versions[:, None]) * (records[None, :] == records[:, None])
    return found


def _lengths(facts: Sequence[Facts], held: Array) -> Array:
    """A text that another has whole, and much more, is cut from it."""
    more = held.T - held
    found: Array = _LENGTH * np.sign(more) * np.maximum(0, np.abs(more) - _ADDED) * ~siblings(facts)
    return found


def _edits(edited: Array) -> Array:
    """What has edits that another has not is later, as far as that has none that it has not."""
    found: Array = np.clip(_EDITS_SCALE * (np.log1p(edited) - np.log1p(edited.T)), -_EDITS, _EDITS)
    return found


def first_of(odds: Array) -> tuple[int, float]:
    """Return the row that was likely before all others, and how probable that is.

    The probability of a row is that of all its pairs, normalised; as pairs of one group tell much the same, all of them count as two.

    >>> first_of(np.array([[0.0, 2.0], [-2.0, 0.0]]))[0]
    0
    """
    total = -np.log1p(np.exp(-np.clip(odds, -50, 50)))
    np.fill_diagonal(total, 0.0)
    pairs = max(1, len(odds) - 1)
    scores = min(2, pairs) * total.sum(axis=1) / pairs
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    first = int(shares.argmax())
    return first, float(shares[first])


def likely_models(odds: Array, held: Array, edited: Array, siblings: Array) -> list[tuple[int, float] | None]:
    """Return for each row the row that it carries and how probable that is; None where no row came more likely before it.

    Of the rows that did it is the one that holds most of it. It is less probable where that has edits that the row has not, as a copy has
    those of its model, and where both credit the same source: both may be made from a third text.
    """
    found: list[tuple[int, float] | None] = []
    inherits = _SEEN / (1 + edited.T / _UNINHERITED) / (1 + siblings)
    chances = probability(odds) * inherits
    for row in range(len(odds)):
        before = np.flatnonzero(odds[:, row] > 0)
        if not len(before):
            found.append(None)
            continue
        best = before[np.lexsort((before, -chances[before, row], -(held[row, before] * inherits[before, row]).round(6)))[0]]
        found.append((int(best), float(chances[best, row])))
    return found
