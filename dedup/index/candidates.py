"""New rows against those that an index has: which pairs are proposed, and what recurs from now on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .. import kernels
from ..arrays.buckets import NEAREST, STRONGEST, halves, pair_codes
from ..arrays.ragged import Array
from .storage.in_order import in_order
from .storage.postings import value_of
from .storage.run_image import VALUE_BITS

_BLOCK = 1 << 18  # pairs that are coded at a time


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs of an older row, in the upper half, and a new one, sorted by code; how many keys they share; and whether either has few."""

    codes: Array
    counts: Array
    few: Array


@dataclass(frozen=True, slots=True)
class NewlyRecurring:
    """A fingerprint that recurs since ``row`` has it, and the rows that had it before."""

    row: int
    holders: tuple[int, ...]


def _before(posted: Array, asking: Array) -> tuple[Array, Array]:
    """Return for each asking posting its place among the posted ones, and how many of its key come before it."""
    return kernels.engine().ranks(posted, asking, VALUE_BITS)


def _are_among(posted: Array, asking: Array) -> Array:
    """Tell which asking postings are posted."""
    if posted is asking or not len(posted):
        return np.full(len(asking), posted is asking)
    places, _ = _before(posted, asking)
    among: Array = posted.take(places, mode="clip") == asking
    return among


def _counted(posted: Array, asking: Array, places: Array, reach: Array) -> Shared:
    """Return the pairs of each asking posting and the ``reach`` postings before its place."""
    ends = np.cumsum(reach)
    codes = np.empty(int(ends[-1]) if len(ends) else 0, np.uint64)
    cuts = np.searchsorted(ends, np.arange(_BLOCK, len(codes), _BLOCK))
    for start, end in pairwise([0, *dict.fromkeys(cuts.tolist()), len(reach)]):
        owners = np.repeat(np.arange(start, end), reach[start:end])
        first = int(ends[start - 1]) if start else 0
        back = np.arange(first, first + len(owners)) - (ends - reach)[owners]
        codes[first : first + len(owners)] = pair_codes(value_of(posted[places[owners] - 1 - back]), value_of(asking[owners]))
    codes = in_order(codes)
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))) if len(codes) else np.zeros(0, np.int64)
    counts = np.diff(np.append(starts, len(codes)))
    older, newer = halves(codes[starts])
    return Shared(pair_codes(older >> 1, newer >> 1), counts, ((older | newer) & 1).astype(bool))


def share_prints(stored: Array, posted: Array, asking: Array, recurrence: int) -> tuple[Shared, Array, list[NewlyRecurring]]:
    """Return the pairs that share fingerprints that do not recur yet, those of ``posted`` that are worth storing, and what recurs from now
    on.

    Postings are sorted; ``stored`` are those of the keys asked for, ``posted`` new ones, ``asking`` these and others that are not posted.
    Of each fingerprint one holder more than may have it is stored, so that it is known to recur.
    """
    together = in_order(stored, posted)
    places, ranks = _before(together, asking)
    fresh = ranks < recurrence + ~_are_among(posted, asking)  # one that is posted counts itself
    shared = _counted(together, asking, places, np.where(fresh, ranks, 0))
    if posted is not asking:
        places, ranks = _before(together, posted)
    newly_recurring = [
        NewlyRecurring(
            int(value_of(posted[at : at + 1])[0]) >> 1, tuple((value_of(together[places[at] - recurrence : places[at]]) >> 1).tolist())
        )
        for at in np.flatnonzero(ranks == recurrence).tolist()
    ]
    return shared, posted[ranks <= recurrence], newly_recurring


def share_bands(stored: Array, posted: Array, asking: Array, limit: int) -> tuple[Shared, Array]:
    """Return the pairs that share bands, and the new rows that share one with more than ``limit`` others, which are paired with the latest
    of these only."""
    together = in_order(stored, posted)
    places, ranks = _before(together, asking)
    overfull = ranks >= limit
    shared = _counted(together, asking, places, np.where(overfull, np.minimum(ranks, NEAREST), ranks))
    return shared, np.unique(value_of(asking[overfull]) >> 1)


def strongest_pairs(codes: Array, counts: Array, limit: int) -> tuple[Array, Array]:
    """Return which pairs to keep, a mask: all of a new row, or of more than ``limit`` those that share most, of equals the latest; and the
    new rows that have so many."""
    older, newer = halves(codes)
    ranked = np.lexsort((-older, -counts, newer))
    rows, starts, sizes = np.unique(newer[ranked], return_index=True, return_counts=True)
    kept = np.empty(len(codes), bool)
    kept[ranked] = np.arange(len(codes)) - np.repeat(starts, sizes) < np.repeat(np.where(sizes > limit, STRONGEST, limit), sizes)
    return kept, rows[sizes > limit]
