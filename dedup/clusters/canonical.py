"""The canonical member of a cluster: it is chosen by source, time, length, or by how much of the other members it contains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays.ragged import Array
from ..config import Config


def preference(lengths: Array, timestamps: Array, names: Sequence[str | None], held: Array, config: Config) -> Array:
    """Return the rank of each row, int64. The canonical member of a cluster is the one with the smallest rank.

    Rows from sources in ``config.prefer`` come first, in the order of these sources. Then ``config.keep`` decides, then the number of
    words, then the order of rows. ``lengths`` are in words, ``timestamps`` in seconds, ``names`` are sources, and ``held`` is the sum of
    `holding` over the duplicates of each row.

    >>> lengths, timestamps = np.array([5, 9, 7]), np.array([30.0, 20.0, 10.0])
    >>> preference(lengths, timestamps, ["x", "y", "x"], np.zeros(3), Config(keep="earliest", prefer=("x",))).tolist()
    [1, 2, 0]
    """
    order = np.lexsort([*reversed(standing(lengths, timestamps, names, held, config))])
    places_of_rows = np.empty(len(order), np.int64)
    places_of_rows[order] = np.arange(len(order))
    return places_of_rows


def standing(lengths: Array, timestamps: Array, names: Sequence[str | None], held: Array, config: Config) -> tuple[Array, Array, Array]:
    """Return the keys by which `preference` sorts rows, the most important one first, without the order of rows."""
    places = {name: place for place, name in enumerate(config.prefer)}
    preferred = np.array([places.get(name or "", len(places)) for name in names], np.int64)
    decisive = {"longest": -lengths, "earliest": timestamps, "latest": -timestamps, "most-complete": -held}[config.keep]
    return preferred, decisive.astype(np.float64), -lengths


def holding(containment: Array) -> Array:
    """Return shares, 0..1, as whole numbers of 2**-32, int64, so that sums of them are the same in any order.

    >>> holding(np.array([0.25, 1.0])).tolist()
    [1073741824, 4294967296]
    """
    shares: Array = np.rint(containment * 2.0**32).astype(np.int64)
    return shares
