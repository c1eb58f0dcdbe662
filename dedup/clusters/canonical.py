"""The canonical member of a cluster: which one is preferred, by source, time, length, or what it holds of the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays.ragged import Array
from ..config import Config


def preference(lengths: Array, timestamps: Array, names: Sequence[str | None], held: Array, config: Config) -> Array:
    """Return for each row its place by preference for being canonical, int64.

    First come rows of ``config.prefer``, in the order of these sources, then ``config.keep`` decides, then most words, then the order of
    rows. ``lengths`` are words, ``timestamps`` seconds, ``names`` sources, ``held`` how much of its duplicates each row holds, as `holding`
    has it.

    >>> lengths, timestamps = np.array([5, 9, 7]), np.array([30.0, 20.0, 10.0])
    >>> preference(lengths, timestamps, ["x", "y", "x"], np.zeros(3), Config(keep="earliest", prefer=("x",))).tolist()
    [1, 2, 0]
    """
    order = np.lexsort([*reversed(standing(lengths, timestamps, names, held, config))])
    places_of_rows = np.empty(len(order), np.int64)
    places_of_rows[order] = np.arange(len(order))
    return places_of_rows


def standing(lengths: Array, timestamps: Array, names: Sequence[str | None], held: Array, config: Config) -> tuple[Array, Array, Array]:
    """Return for each row what `preference` sorts by, the first first, before the order of rows."""
    places = {name: place for place, name in enumerate(config.prefer)}
    preferred = np.array([places.get(name or "", len(places)) for name in names], np.int64)
    decisive = {"longest": -lengths, "earliest": timestamps, "latest": -timestamps, "most-complete": -held}[config.keep]
    return preferred, decisive.astype(np.float64), -lengths


def holding(containment: Array) -> Array:
    """Return shares of what a row holds of its duplicates, int64: such sums are the same in any order.

    >>> holding(np.array([0.25, 1.0])).tolist()
    [1073741824, 4294967296]
    """
    shares: Array = np.rint(containment * 2.0**32).astype(np.int64)
    return shares
