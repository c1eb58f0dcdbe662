"""What besides the texts decides: which pairs may match, by time and source, and which member of a cluster is the canonical one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .config import Config
from .ragged import Array


def restricts(config: Config) -> bool:
    """Tell whether some pairs may not match, however alike they are."""
    return config.within is not None or config.sources != "any"


def may_match(left: Array, right: Array, moments: Array, sources: Array, config: Config) -> Array:
    """Return which of these pairs of rows may match: a mask. ``moments`` are seconds, ``sources`` numbers, for each row."""
    allowed = np.ones(len(left), bool)
    if config.within is not None:
        allowed &= np.abs(moments[left] - moments[right]) <= config.within
    if config.sources != "any":
        allowed &= (sources[left] == sources[right]) == (config.sources == "same")
    return allowed


def allows(moments: tuple[float | None, float | None], sources: tuple[str | None, str | None], config: Config) -> bool:
    """Tell whether two texts of these moments and sources may match, as `may_match` does for many."""
    if config.within is not None and abs((moments[0] or 0.0) - (moments[1] or 0.0)) > config.within:
        return False
    return config.sources == "any" or (sources[0] == sources[1]) == (config.sources == "same")


def preference(lengths: Array, moments: Array, names: Sequence[str | None], held: Array, config: Config) -> Array:
    """Return for each row its place by preference for being canonical, int64.

    First come rows of ``config.prefer``, in the order of these sources, then ``config.keep`` decides, then most words, then the order of
    rows. ``lengths`` are words, ``moments`` seconds, ``names`` sources, ``held`` how much of its duplicates each row holds, as `holding`
    has it.

    >>> lengths, moments = np.array([5, 9, 7]), np.array([30.0, 20.0, 10.0])
    >>> preference(lengths, moments, ["x", "y", "x"], np.zeros(3), Config(keep="earliest", prefer=("x",))).tolist()
    [1, 2, 0]
    """
    order = np.lexsort([*reversed(standing(lengths, moments, names, held, config))])
    places_of_rows = np.empty(len(order), np.int64)
    places_of_rows[order] = np.arange(len(order))
    return places_of_rows


def standing(lengths: Array, moments: Array, names: Sequence[str | None], held: Array, config: Config) -> tuple[Array, Array, Array]:
    """Return for each row what `preference` sorts by, the first first, before the order of rows."""
    places = {name: place for place, name in enumerate(config.prefer)}
    preferred = np.array([places.get(name or "", len(places)) for name in names], np.int64)
    decisive = {"longest": -lengths, "earliest": moments, "latest": -moments, "most-complete": -held}[config.keep]
    return preferred, decisive.astype(np.float64), -lengths


def holding(containment: Array) -> Array:
    """Return shares of what a row holds of its duplicates, int64: such sums are the same in any order.

    >>> holding(np.array([0.25, 1.0])).tolist()
    [1073741824, 4294967296]
    """
    shares: Array = np.rint(containment * 2.0**32).astype(np.int64)
    return shares
