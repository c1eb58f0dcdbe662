"""Channels: the three ways to find candidates among sketches, and the candidates of all three together."""

from __future__ import annotations

from dataclasses import dataclass

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
    """Return the distinctive fingerprints of the rows that `unique_rows` made; document frequencies are counted in these."""
    return distinctive_fingerprints(sketches.fingerprints, unique, config.recurrence, mapper)


@dataclass(frozen=True, slots=True)
class Resembling:
    """Pairs of rows whose signatures share a band, coded as in `pair_codes` and sorted: by shingles, and for short texts by words;
    and the overfull rows."""

    by_shingle: Array
    by_word: Array
    overfull: Array


def resembling_of(sketches: Sketches, rows: Array, bands: Bands, config: Config) -> Resembling:
    """Return the pairs of these rows that resemble each other."""
    short = rows.compress(np.isin(rows, [*sketches.short]))
    signed = word_signatures(sketches.words, short, config)
    by_word, overfull_short = lsh_candidates(signed, np.arange(len(short)), word_bands(config), config.bucket_limit)
    by_shingle, overfull = lsh_candidates(sketches.signatures, rows, bands, config.bucket_limit)
    left, right = halves(by_word)
    return Resembling(by_shingle, pair_codes(short[left], short[right]), np.concatenate((short[overfull_short], overfull)))


def channels(resembling: Resembling, distinctive: Distinctive, config: Config, mapper: Mapper = map) -> tuple[dict[str, Array], Array]:
    """Return the candidates of each channel among the rows of both, coded as in `pair_codes` and sorted, and the overfull rows."""
    sharing, overfull = fingerprint_candidates(distinctive, config.bucket_limit, config.fingerprint_share, mapper)
    found = {"lsh": resembling.by_shingle, "fingerprint": sharing, "short": resembling.by_word}
    return found, sorted_unique(np.concatenate((overfull, resembling.overfull)))


def candidates(
    resembling: Resembling, distinctive: Distinctive, config: Config, mapper: Mapper = map
) -> tuple[Array, Array, Array, dict[str, int]]:
    """Return the candidates of any channel among the rows of both, the overfull rows, and the number of candidates of each channel."""
    found, overfull = channels(resembling, distinctive, config, mapper)
    either = sorted_unique(np.concatenate([*found.values()]))
    counts = {name: len(pairs) for name, pairs in found.items()} | {"either": len(either)}
    recurring = int(distinctive.fingerprints.lengths[distinctive.rows].sum()) - len(distinctive.members)
    return *halves(either), overfull, counts | {"fingerprints_recurring": recurring, "texts_too_common": len(overfull)}
