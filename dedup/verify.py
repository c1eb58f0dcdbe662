"""Candidates to matches: exact shingle sets, rarity, word order; a relation for each, or none."""

from __future__ import annotations

from typing import Any

import numpy as np

from .config import Config
from .model import Relation
from .ragged import Array, Ragged, distinct
from .shingle import shingle

_BITS = 50  # of a hash; the 14 above number the rows or pairs of a block
_BLOCK_PAIRS = 1 << 12
_RARITY_BITS = 20


def distinct_hashes(rows: Ragged) -> Ragged:
    """Return each row of 64-bit hashes as a set: sorted, each once, cut to 50 bits (two differ but look alike once in 1e15)."""
    return distinct(Ragged(rows.values >> np.uint64(64 - _BITS), rows.offsets), _BITS)


def rarity(words: Ragged) -> Array:
    """Return a table of weights: the word of hash ``h`` weighs ``table[h >> 12]``, float32 of length 2**20.

    A weight is ``log(1 + total / count)`` over all words of the run, so a word met once weighs most (inverse collection
    frequency; Sparck Jones, "A statistical interpretation of term specificity", 1972). Words share a place in the table by chance.
    """
    counts = np.bincount((words.values >> np.uint32(32 - _RARITY_BITS)).astype(np.int64), minlength=1 << _RARITY_BITS)
    return np.log1p(len(words.values) / np.maximum(counts, 1)).astype(np.float32)


def shared_weight(sets: Ragged, left: Array, right: Array, weights: Array | None = None) -> Array:
    """Return for each pair of rows how much they share: the number of common values, or the sum of their weights.

    ``sets`` as made by `dedup.ragged.distinct`; ``weights`` has one number for each of ``sets.values``.

    >>> sets = distinct(Ragged(np.array([1, 2, 3, 2, 3, 4], np.uint64), np.array([0, 3, 6])), 50)
    >>> shared_weight(sets, np.array([0]), np.array([1])).tolist()
    [2.0]
    """
    totals = np.zeros(len(left))
    places = Ragged(np.arange(len(sets.values)), sets.offsets)
    for start in range(0, len(left), _BLOCK_PAIRS):
        stop = min(start + _BLOCK_PAIRS, len(left))
        sides = [places.take(rows[start:stop]) for rows in (left, right)]
        keys = np.concatenate([(side.owners().astype(np.uint64) << np.uint64(_BITS)) | sets.values[side.values] for side in sides])
        if weights is None:
            keys.sort()
            common = np.flatnonzero(keys[1:] == keys[:-1])
            amounts = None
        else:
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            common = np.flatnonzero(keys[1:] == keys[:-1])
            amounts = weights[np.concatenate([side.values for side in sides])[order[common]]]
        pairs = (keys[common] >> np.uint64(_BITS)).astype(np.int64)
        totals[start:stop] = np.bincount(pairs, weights=amounts, minlength=stop - start)
    return totals


RELATIONS: tuple[Relation, ...] = tuple(Relation)
PAIR = np.dtype(
    [("left", "i8"), ("right", "i8"), ("relation", "i1"), ("shared", "f8"), ("jaccard", "f8")]
    + [(f"{name}_{side}", "f8") for name in ("containment", "novelty") for side in "ab"]
)
"""A verified pair of rows: ``relation`` is a place in `RELATIONS`, -1 for none; ``shared`` counts common distinct shingles;
``novelty_a`` is the rarity-weighted share of a's distinct words that b lacks."""


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def measure(words: Ragged, shingle_words: int, left: Array, right: Array, table: Array) -> Array:
    """Measure pairs of rows of ``words`` exactly: an array of `PAIR`, still without relations; ``table`` as made by `rarity`."""
    pairs = np.zeros(len(left), PAIR)
    pairs["left"], pairs["right"], pairs["relation"] = left, right, -1
    used, places = np.unique(np.concatenate((left, right)), return_inverse=True)
    left, right = places[: len(left)], places[len(left) :]
    words = words.take(used)
    sets = distinct_hashes(shingle(words, shingle_words))
    sizes = sets.lengths.astype(np.float64)
    shared = pairs["shared"] = shared_weight(sets, left, right)
    vocabulary = distinct(words, 32)
    weights = table[(vocabulary.values >> np.uint64(32 - _RARITY_BITS)).astype(np.int64)].astype(np.float64)
    totals = np.bincount(vocabulary.owners(), weights=weights, minlength=len(used))
    common = shared_weight(vocabulary, left, right, weights)
    pairs["jaccard"] = _share(shared, sizes[left] + sizes[right] - shared)
    for side, rows in (("a", left), ("b", right)):
        pairs[f"containment_{side}"] = _share(shared, sizes[rows])
        pairs[f"novelty_{side}"] = 1.0 - _share(common, totals[rows])
    return pairs


def relate(pairs: Array, config: Config) -> Array:
    """Return for each pair the place of its relation in `RELATIONS`, -1 for none.

    ``pairs`` as made by `measure`; the texts are not identical and above the evidence limit. A pair that shares most of one text is
    a duplicate unless *each* text has rare words of its own, then it is a template; one that shares a passage is a reuse.
    """
    most = np.maximum(pairs["containment_a"], pairs["containment_b"])
    least = np.minimum(pairs["containment_a"], pairs["containment_b"])
    revised = (pairs["jaccard"] >= config.threshold) | (least >= config.containment)
    # The evidence limit holds for the shared part too, unless both texts are alike as a whole.
    held = (most >= config.containment) & (pairs["shared"] >= config.min_words - config.shingle_words + 1)
    own_words = np.minimum(pairs["novelty_a"], pairs["novelty_b"]) > config.novelty
    passage = (most >= config.reuse) & (pairs["shared"] >= config.passage_words - config.shingle_words + 1)
    larger_a = pairs["containment_b"] > pairs["containment_a"]
    relations = np.full(len(pairs), -1, np.int8)
    for where, relation in (
        (passage, Relation.REUSE),
        (held & larger_a, Relation.CONTAINS),
        (held & ~larger_a, Relation.CONTAINED_IN),
        (revised, Relation.REVISION),
        ((held | revised) & own_words, Relation.TEMPLATE),
    ):
        relations[where] = RELATIONS.index(relation)
    return relations


def is_duplicate(pairs: Array) -> Array:
    """Return which of these related pairs are duplicates: a mask."""
    return np.isin(pairs["relation"], [place for place, relation in enumerate(RELATIONS) if relation.duplicate])


def similarities(words: Ragged, left: Array, right: Array, jobs: int) -> Array:
    """Return rapidfuzz's normalized Indel similarity over the words of each pair, 0..1: twice the longest common subsequence by
    the sum of lengths."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cpdist

    sides: list[list[Any]] = [[words.row(row) for row in rows.tolist()] for rows in (left, right)]
    return np.asarray(cpdist(sides[0], sides[1], scorer=Indel.normalized_similarity, workers=jobs), np.float64)
