"""Direction: which of two texts of one origin carries the other, by times, credits, versions, lengths and edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.ragged import Array
from ..verification.model import probability
from .model import DirectionEvidence

_HOUR = 3600.0
# Log-odds of each evidence at its strongest; bench/lineages.py measures what they give.
_TIME = 3.0
_TIME_SCALE = 1.0  # log-odds of a difference of half an hour or so: papers print what they are given within minutes
_CREDIT = 3.0
_VERSION = 4.0
_LENGTH = 1.5
_EDITS = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a text beside its words: its time in seconds and the format of that, NaN where unknown; who published it, and the
    agencies and papers that it credits, by their usual names; its record and the number of its version."""

    seconds: float
    clock: str
    source: str | None
    credited: frozenset[str]
    record: str
    version: int


@dataclass(frozen=True, slots=True)
class Directions:
    """The log-odds that the first of two texts came before the second and is what that carries, for all pairs of rows: matrices that are
    antisymmetric, one for each evidence."""

    parts: dict[DirectionEvidence, Array]

    @property
    def odds(self) -> Array:
        """The log-odds of all evidence together."""
        total: Array = np.sum([*self.parts.values()], axis=0)
        return total

    def evidence(self, a: int, b: int) -> tuple[DirectionEvidence, ...]:
        """Return what tells that ``b`` carries ``a``, the strongest first."""
        found = [(float(part[a, b]), name) for name, part in self.parts.items() if part[a, b] > 0.1]
        return tuple(name for _, name in sorted(found, key=lambda each: (-each[0], each[1])))


def directions(facts: Sequence[Facts], held: Array, own: Array) -> Directions:
    """Return what tells the direction of all pairs of texts of one group.

    ``held[i, j]`` is the share of text i that text j has, and ``own`` the share of each text that no other of the group has, 0..1.
    """
    return Directions(
        {
            DirectionEvidence.TIME: _times(facts),
            DirectionEvidence.CREDIT: _credits(facts),
            DirectionEvidence.VERSION: _versions(facts),
            DirectionEvidence.LENGTH: _lengths(facts, held),
            DirectionEvidence.EDITS: _EDITS * (own[None, :] - own[:, None]) * (len(facts) > 2),
        }
    )


def _times(facts: Sequence[Facts]) -> Array:
    seconds = np.array([each.seconds for each in facts])
    clocks = np.array([each.clock for each in facts])
    apart = np.nan_to_num((seconds[None, :] - seconds[:, None]) / _HOUR)
    apart[clocks[None, :] != clocks[:, None]] = 0.0
    found: Array = np.sign(apart) * np.minimum(_TIME, _TIME_SCALE * np.log1p(np.abs(apart)))
    return found


def _credits(facts: Sequence[Facts]) -> Array:
    credits = np.array([[a.source is not None and a.source != b.source and a.source in b.credited for b in facts] for a in facts], float)
    found: Array = _CREDIT * (credits - credits.T)
    return found


def _versions(facts: Sequence[Facts]) -> Array:
    records = np.array([each.record for each in facts])
    versions = np.array([each.version for each in facts])
    found: Array = _VERSION * np.sign(versions[None, :] - versions[:, None]) * (records[None, :] == records[:, None])
    return found


def _lengths(facts: Sequence[Facts], held: Array) -> Array:
    """A text that another has whole is cut from it. Where both credit the same agency both may be cut from its text."""
    siblings = np.array([[bool(a.credited & b.credited) for b in facts] for a in facts])
    found: Array = _LENGTH * (held.T - held) * ~siblings
    return found


def first_of(odds: Array) -> tuple[int, float]:
    """Return the row that was likely before all others, and how probable that is.

    The probability of a row is that of all its pairs, normalised; as pairs of one group tell much the same, each counts for two of them in
    all.

    >>> first_of(np.array([[0.0, 2.0], [-2.0, 0.0]]))[0]
    0
    """
    total = -np.log1p(np.exp(-np.clip(odds, -50, 50)))
    np.fill_diagonal(total, 0.0)
    scores = 2 * total.sum(axis=1) / len(odds)
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    first = int(shares.argmax())
    return first, float(shares[first])


def likely_models(odds: Array, held: Array) -> list[tuple[int, float] | None]:
    """Return for each row the row that it carries and how probable that direction is; None where no row came more likely before it.

    Of the rows that did it is the one that holds most of it.
    """
    found: list[tuple[int, float] | None] = []
    chances = probability(odds)
    for row in range(len(odds)):
        before = np.flatnonzero(odds[:, row] > 0)
        if not len(before):
            found.append(None)
            continue
        best = before[np.lexsort((before, -chances[before, row], -held[row, before].round(6)))[0]]
        found.append((int(best), float(chances[best, row])))
    return found
