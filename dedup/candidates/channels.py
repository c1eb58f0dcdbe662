"""Sketches to candidates: the channels that propose pairs, and all that any of them proposes."""

from __future__ import annotations

import numpy as np

from ..arrays.buckets import Run, halves, pair_codes
from ..arrays.hashing import shingle
from ..arrays.ragged import Array, sorted_unique
from ..config import Config
from ..sketch.minhash import signatures
from ..sketch.sketches import Sketches
from .document_frequency import Distinctive, distinctive_fingerprints
from .fingerprints import fingerprint_candidates
from .lsh import SHORT_JACCARD, Bands, choose_bands, lsh_candidates


def distinctive_of(sketches: Sketches, unique: Array, config: Config, run: Run = map) -> Distinctive:
    """Return the fingerprints that do not recur among these rows, which `unique_rows` has chosen."""
    return distinctive_fingerprints(sketches.fingerprints, unique, config.recurrence, run)


def channels(
    sketches: Sketches, fresh: Distinctive, rows: Array, bands: Bands, config: Config, run: Run = map
) -> tuple[dict[str, Array], Array]:
    """Return the pairs of these rows that each channel proposes, coded as in `pair_codes`, sorted, and the rows that are like too
    many others to be paired with all."""
    sharing, overfull = fingerprint_candidates(fresh, rows, config.bucket_limit, config.fingerprint_share, run)
    short = rows.compress(np.isin(rows, [*sketches.short]))
    by_word = signatures(shingle(sketches.words.take(short), 1), config.num_perm, config.seed)
    word_bands = choose_bands(config.num_perm, SHORT_JACCARD, config.recall)
    alike, overfull_short = lsh_candidates(by_word, np.arange(len(short)), word_bands, config.bucket_limit, run)
    resembling, overfull_whole = lsh_candidates(sketches.signatures, rows, bands, config.bucket_limit, run)
    left, right = halves(alike)
    found = {"lsh": resembling, "fingerprint": sharing, "short": pair_codes(short[left], short[right])}
    return found, np.unique(np.concatenate((overfull, short[overfull_short], overfull_whole)))


def candidates(
    sketches: Sketches, fresh: Distinctive, rows: Array, bands: Bands, config: Config, run: Run = map
) -> tuple[Array, Array, Array, dict[str, int]]:
    """Return pairs of these rows that any channel proposes, the rows that are like too many others, and how many pairs each channel has."""
    found, overfull = channels(sketches, fresh, rows, bands, config, run)
    either = sorted_unique(np.concatenate([*found.values()]))
    counts = {name: len(pairs) for name, pairs in found.items()} | {"either": len(either)}
    recurring = int(fresh.sizes[rows].sum() - fresh.fingerprints.lengths[rows].sum())
    return *halves(either), overfull, counts | {"fingerprints_recurring": recurring, "texts_too_common": len(overfull)}
