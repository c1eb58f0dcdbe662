"""Constraints: which pairs may match, by time and source, whatever their texts are."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array
from ..config import Config


def restricts(config: Config) -> bool:
    """Tell whether the settings forbid the match of some pairs, whatever their texts are."""
    return config.within is not None or config.sources != "any"


def may_match(left: Array, right: Array, timestamps: Array, sources: Array, config: Config) -> Array:
    """Return which of these pairs of rows may match, as a mask. ``timestamps`` are seconds and ``sources`` numbers, one for each row."""
    allowed = np.ones(len(left), bool)
    if config.within is not None:
        allowed &= np.abs(timestamps[left] - timestamps[right]) <= config.within
    if config.sources != "any":
        allowed &= (sources[left] == sources[right]) == (config.sources == "same")
    return allowed


def allows(timestamps: tuple[float | None, float | None], sources: tuple[str | None, str | None], config: Config) -> bool:
    """Tell whether two texts with these timestamps and sources may match, as `may_match` does for many pairs."""
    if config.within is not None and abs((timestamps[0] or 0.0) - (timestamps[1] or 0.0)) > config.within:
        return False
    return config.sources == "any" or (sources[0] == sources[1]) == (config.sources == "same")
