"""The canonical member of a cluster: it is chosen by source, time, length, credits, or by how much of the other members it contains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.ragged import Array
from ..config import Config, Keep
from ..text.ownership import needs_credits


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What is known of rows: ``lengths`` in words, ``timestamps`` in seconds, NaN where not known, ``sources``, ``held``, the sum of
    `holding` over the duplicates of each row, and ``ownership``, as `dedup.text.ownership.ownership_of` has it, empty for none."""

    lengths: Array
    timestamps: Array
    sources: Sequence[str | None]
    held: Array
    ownership: Array


def preference(facts: RowFacts, config: Config) -> Array:
    """Return the rank of each row, int64. The canonical member of a cluster is the one with the smallest rank.

    Rows from sources in ``config.prefer`` come first, in the order of these sources. Then ``config.keep`` decides, then the number of
    words, then the order of rows. Where that is ``origin`` or ``independent``, whose the texts are decides before their sources.

    >>> lengths, timestamps = np.array([5, 9, 7]), np.array([30.0, 20.0, 10.0])
    >>> facts = RowFacts(lengths, timestamps, ["x", "y", "x"], np.zeros(3), np.array([2, 0, 0]))
    >>> preference(facts, Config(keep="earliest", prefer=("x",))).tolist()
    [1, 2, 0]
    >>> preference(facts, Config(keep="origin")).tolist()
    [2, 1, 0]
    """
    order = np.lexsort([*reversed(standing(facts, config))])
    places_of_rows = np.empty(len(order), np.int64)
    places_of_rows[order] = np.arange(len(order))
    return places_of_rows


def standing(facts: RowFacts, config: Config) -> tuple[Array, Array, Array, Array]:
    """Return the keys by which `preference` sorts rows, the most important one first, without the order of rows."""
    places = {name: place for place, name in enumerate(config.prefer)}
    preferred = np.array([places.get(name or "", len(places)) for name in facts.sources], np.int64)
    decisive = {
        "longest": -facts.lengths,
        "earliest": facts.timestamps,
        "latest": -facts.timestamps,
        "most-complete": -facts.held,
        "origin": np.nan_to_num(facts.timestamps, nan=np.inf),
        "independent": -facts.held,
    }[config.keep]
    owned = facts.ownership if needs_credits(config) else np.zeros(len(preferred), np.int64)
    return owned, preferred, decisive.astype(np.float64), -facts.lengths


HELD: tuple[Keep, ...] = ("most-complete", "independent")
"""The policies that ask how much of the others a text holds."""


def holding(containment: Array) -> Array:
    """Return shares, 0..1, as whole numbers of 2**-32, int64, so that sums of them are the same in any order.

    >>> holding(np.array([0.25, 1.0])).tolist()
    [1073741824, 4294967296]
    """
    shares: Array = np.rint(containment * 2.0**32).astype(np.int64)
    return shares
