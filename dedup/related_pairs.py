"""Candidates, measured and related by several threads, a part of them at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .arrays.buckets import pair_codes
from .arrays.ragged import Array
from .clusters.constraints import may_match, restricts
from .clusters.stars import components
from .config import Config
from .matched_pairs import SHARES
from .sketch.sketches import Progress, Sketches
from .verification.features import PAIR
from .verification.short_table import ShortTable
from .verification.verify import relate_pairs

_PART_WORDS = 1 << 20  # words of pairs that are compared together
_MANY = 8  # pairs a text
_KEPT = np.dtype([(name, PAIR[name]) for name in ("left", "right", "relation", *SHARES)])
"""What is kept of a related pair: half of what is measured."""


def related_pairs(
    sketches: Sketches, alike: Array, config: Config, pool: ThreadPoolExecutor, progress: Progress, left: Array, right: Array
) -> Array:
    """Return those of the pairs that have a relation, as `_KEPT`, sorted by left and right. Rows with one number in ``alike`` are
    identical."""

    def relate(start: int, end: int) -> Array:
        return related_part(sketches, short, alike, config, left[start:end], right[start:end])

    if restricts(config):
        names = sorted({name or "" for name in sketches.sources})
        sources = np.searchsorted(names, [name or "" for name in sketches.sources])
        allowed = may_match(left, right, sketches.timestamps, sources, config)
        left, right = left[allowed], right[allowed]
    short = ShortTable.of(sketches.short, left, right, pool.map)
    if len(left) < _MANY * len(sketches.segments):
        # Pairs of one component are in one part: what is made of a text is made once. Texts in many pairs are in many parts anyway.
        order = np.argsort(components(len(sketches.segments), left, right)[left], kind="stable")
        left, right = left[order], right[order]
    lengths = sketches.words.lengths
    words = np.cumsum(lengths[left] + lengths[right])
    starts = [0, *(np.flatnonzero(np.diff(words // _PART_WORDS)) + 1).tolist()]
    ends = [*starts[1:], len(left)]
    found = [np.zeros(0, _KEPT)]
    for end, pairs in zip(ends, pool.map(relate, starts, ends), strict=True):
        found.append(pairs)
        progress("comparing pairs", end, len(left))
    related = np.concatenate(found)
    return related[np.argsort(pair_codes(related["left"], related["right"]))]


def related_part(sketches: Sketches, short: ShortTable, alike: Array, config: Config, left: Array, right: Array) -> Array:
    """Return those of some pairs that have a relation, as `related_pairs` does, in their order. ``short`` has their short texts."""
    found = relate_pairs(sketches.words, short, (left, right), alike[left] == alike[right], config)
    kept = np.empty(len(found), _KEPT)
    for name in _KEPT.names or ():
        kept[name] = found[name]
    return kept
