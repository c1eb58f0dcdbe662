"""Channels: the three ways to find candidates among sketches, and the candidates of all three together."""

from __future__ import annotations

import numpy as np

from ..arrays.buckets import Mapper, halves, pair_codes
from ..arrays.ragged import Array, sorted_unique
from ..config import Config
from ..sketch.sketches import Sketches
from .document_frequency import Distinctive, distinctive_fingerprints
from .fingerprints import fingerprint_candidates
from .lsh import Bands, lsh_candidates
from .short_texts import word_bands, word_signatures


def distinctive_of(sketches: Sketches, unique: Array, config: Config, mapper: Mapper = map) -> Distinctive:
    """Return the distinctive fingerprints of all rows. Document frequencies are counted in the rows that `unique_rows` made."""
    return distinctive_fingerprints(sketches.fingerprints, unique, config.recurrence, mapper)


def channels(
    sketches: Sketches, distinctive: Distinctive, rows: Array, bands: Bands, config: Config, mapper: Mapper = map
) -> tuple[dict[str, Array], Array]:
    """Return the candidates of each channel among these rows, coded as in `pair_codes` and sorted, and the overfull rows."""
    sharing, overfull = fingerprint_candidates(distinctive, rows, config.bucket_limit, config.fingerprint_share, mapper)
    short = rows.compress(np.isin(rows, [*sketches.short]))
    by_word = word_signatures(sketches.words, short, config)
    resembling_short, overfull_short = lsh_candidates(by_word, np.arange(len(short)), word_bands(config), config.bucket_limit, mapper)
    resembling, overfull_whole = lsh_candidates(sketches.signatures, rows, bands, config.bucket_limit, mapper)
    left, right = halves(resembling_short)
    found = {"lsh": resembling, "fingerprint": sharing, "short": pair_codes(short[left], short[right])}
    return found, sorted_unique(np.concatenate((overfull, short[overfull_short], overfull_whole)))


def candidates(
    sketches: Sketches, distinctive: Distinctive, rows: Array, bands: Bands, config: Config, mapper: Mapper = map
) -> tuple[Array, Array, Array, dict[str, int]]:
    """Return the candidates of any channel among these rows, the overfull rows, and the number of candidates of each channel."""
    found, overfull = channels(sketches, distinctive, rows, bands, config, mapper)
    either = sorted_unique(np.concatenate([*found.values()]))
    counts = {name: len(pairs) for name, pairs in found.items()} | {"either": len(either)}
    recurring = int(distinctive.sizes[rows].sum() - distinctive.fingerprints.lengths[rows].sum())
    return *halves(either), overfull, counts | {"fingerprints_recurring": recurring, "texts_too_common": len(overfull)}
