"""The engine ``c``: see `Kernels`. It makes the arrays that the loops in C fill, and gives numpy the cases that the loops cannot do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np

from .. import _kernels
from ..arrays.buckets import NEAREST, STRONGEST, Enough, Mapper
from ..arrays.hashing import factors
from ..arrays.ragged import Array, Ragged
from ..text.fold import Folding, encode, fold_rare, folding, learn
from . import numpy_engine
from .protocol import Buffer, RunImage, RunPacking, TokenFacts

_RARE, _NO_ROOM, _DAMAGED = -2, -3, -5  # a loop stopped at a code point that does not fold alone, or had no room for more words
_PER_PART, _MOST_BITS = 1 << 13, 11  # members of buckets that are sorted together, so that they stay in the caches; bits that part them
_FEW = 1 << 10  # values for which the sort of numpy is faster
_TASK = 1 << 17  # members of buckets that one task sorts
_PART = 1 << 22  # members of buckets that one task pairs with others
_MOST = (1 << 31) - 1  # members of buckets that the loop can number
_ROOM = 1 << 18  # pairs that a task has room for at first; if there are more, it starts again with more room


def hash_words(texts: Sequence[str], /) -> Ragged:
    """Hash the words of texts."""
    kept: list[Array] = []

    def run(texts: list[str], folded: bool, known: Folding, room: int) -> int:
        kept[:] = np.empty(room, np.uint32), np.zeros(len(texts) + 1, np.int64)
        return _kernels.scan(texts, folded, known.table, known.expansions, *kept)

    count = _scanned(texts, run)
    return Ragged(kept[0][:count].copy(), kept[1])


def sketch(
    texts: Sequence[str], shingle_words: int, fingerprint_words: int, window: int, a: Array, b: Array, /
) -> tuple[Ragged, Array, Ragged]:
    """Hash, sign and fingerprint texts, in one loop that holds no lock of the interpreter."""
    factor = factors(max(shingle_words, fingerprint_words))
    kept: list[Array] = []

    def run(texts: list[str], folded: bool, known: Folding, room: int) -> int:
        rows = len(texts)
        hashes, fingerprints = np.empty(room, np.uint32), np.empty(room, np.uint32)
        kept[:] = hashes, np.empty(rows + 1, np.int64), np.empty((rows, len(a)), np.uint32), fingerprints, np.empty(rows + 1, np.int64)
        sizes = shingle_words, fingerprint_words, window
        return _kernels.sketch(texts, folded, *sizes, known.table, known.expansions, factor, a, b, *kept)

    count = _scanned(texts, run)
    hashes, word_offsets, signed, fingerprints, fingerprint_offsets = kept
    return Ragged(hashes[:count], word_offsets), signed, Ragged(fingerprints[: fingerprint_offsets[-1]], fingerprint_offsets)


def _scanned(texts: Sequence[str], run: Callable[[list[str], bool, Folding, int], int]) -> int:
    """Run a loop over texts until it succeeds, and return its result. When it stops early, remove the reason and run it again.

    ``run`` takes the texts, whether those that do not fold code point by code point are folded already, the folding, and the number of
    words to make room for.
    """
    folded, room, known = False, sum(map(len, texts)), folding()
    while (count := run([*texts], folded, known, room)) < 0:
        if count == _NO_ROOM:
            room *= 2
            continue
        codes, ends = encode(texts)
        known = learn(codes)
        if count == _RARE:
            texts, folded = fold_rare(texts, codes, ends), True
    return count


def sign(shingles: Ragged, a: Array, b: Array, /) -> Array:
    """Sign rows of shingles."""
    signed = np.empty((len(shingles), len(a)), np.uint32)
    _kernels.sign(shingles.values, shingles.offsets, a, b, signed)
    return signed


def shingle_sets(words: Ragged, rows: Array, size: int, /) -> Ragged:
    """Make sets of shingles."""
    values, offsets = _room_for_sets(words, rows)
    _kernels.shingle_sets(words.values, words.offsets, rows, factors(size), values, offsets)
    return Ragged(values[: offsets[-1]], offsets)


def word_sets(words: Ragged, rows: Array, /) -> Ragged:
    """Make sets of words."""
    values, offsets = _room_for_sets(words, rows)
    _kernels.word_sets(words.values, words.offsets, rows, values, offsets)
    return Ragged(values[: offsets[-1]], offsets)


def _room_for_sets(words: Ragged, rows: Array) -> tuple[Array, Array]:
    return np.empty(int(words.lengths[rows].sum()), np.uint64), np.zeros(len(rows) + 1, np.int64)


def share(sets: Ragged, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
    """Count what pairs of sets share."""
    counts, sums = np.zeros(len(left)), np.zeros(len(left))
    _kernels.share(sets.values, sets.offsets, left, right, counts, sums, mask)
    return counts, sums


def weigh_rows(sets: Ragged, mask: int, /) -> Array:
    """Add up the values of rows."""
    sums = np.empty(len(sets))
    _kernels.weigh_rows(sets.values, sets.offsets, sums, mask)
    return sums


def pick(sets: Ragged, table: Array, marks: Array, starts: Array, shift: int, /) -> tuple[Ragged, Array]:
    """Keep the values of rows that a table has."""
    picked, found, offsets = np.empty(len(sets.values), np.uint64), np.empty(len(sets.values), np.uint32), np.empty_like(sets.offsets)
    count = _kernels.pick(sets.values, sets.offsets, table, marks, starts, picked, found, offsets, shift)
    return Ragged(picked[:count], offsets), found[:count]


def share_kinds(sets: Ragged, kinds: Array, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
    """Weigh what pairs of sets share, by kinds."""
    sums, most = np.zeros(len(left)), np.zeros(len(left))
    _kernels.share_kinds(sets.values, kinds, sets.offsets, left, right, sums, most, mask)
    return sums, most


def align(words: Ragged, left: Array, right: Array, /) -> tuple[Array, Array]:
    """Align pairs of rows."""
    shares, alike = np.empty(len(left)), np.empty(len(left))
    _kernels.align(words.values, words.offsets, np.ascontiguousarray(left), np.ascontiguousarray(right), shares, alike)
    rest = np.flatnonzero((shares < 0) | (alike < 0))
    if len(rest):  # too long for the compiled loop
        shares[rest], alike[rest] = numpy_engine.align(words, left[rest], right[rest])
    return shares, alike


def compare_tokens(rows: Ragged, facts: TokenFacts, left: Array, right: Array, /) -> tuple[Array, Array]:
    """Find what own tokens show."""
    shown, shares = np.empty(len(left), np.uint8), np.empty((len(left), 2))
    keys = facts.keys.values, facts.keys.offsets, facts.found_by.values, facts.found_by.offsets
    known = facts.weights, facts.own_weights, facts.content, *keys, facts.ranks, facts.ends
    _kernels.compare_tokens(rows.values, rows.offsets, left, right, *known, shown, shares)
    return shown, shares


def pattern_hashes(rows: Ragged, signatures: Array, left: Array, right: Array, flags: Array, /) -> Array:
    """Hash the patterns of pairs of rows of tokens."""
    hashes = np.empty((len(left), 2), np.uint64)
    _kernels.pattern_hashes(rows.values, rows.offsets, left, right, signatures, flags, hashes)
    return hashes


def pack_members(keys: Ragged, rows: Array, mapper: Mapper, /) -> Array:
    """Pack members of buckets, and sort them."""
    packed = np.empty(int(keys.lengths[rows].sum()), np.uint64)
    bits = min(_MOST_BITS, max(0, (len(packed) // _PER_PART).bit_length()))
    starts = np.empty((1 << bits) + 1, np.int64)
    _kernels.pack_members(keys.values, keys.offsets, rows, packed, starts, bits)
    cuts = sorted({0, 1 << bits, *np.searchsorted(starts, np.arange(0, len(packed), _TASK)).tolist()})

    def sort(parts: tuple[int, int]) -> Array:
        _kernels.sort_members(packed, starts, *parts)
        return packed

    for _ in mapper(sort, pairwise(cuts)):
        pass
    return packed


def sort_above(packed: Array, lower: int, /) -> None:
    """Sort values."""
    if len(packed) < _FEW:
        packed.sort()
    else:
        _kernels.sort_above(packed, lower)


def drop_frequent(packed: Array, recurrence: int, /) -> tuple[Array, Array]:
    """Take out the buckets of too many members."""
    often, count = np.empty(len(packed) // (recurrence + 1), np.uint32), np.empty(1, np.int64)
    left = _kernels.drop_frequent(packed, often, count, recurrence)
    return packed[:left], often[: count[0]].copy()


def shared_pairs(packed: Array, limit: int, enough: Enough, mapper: Mapper, /) -> tuple[Array, Array]:
    """List pairs of rows that share enough keys."""
    if len(packed) > _MOST:
        return numpy_engine.shared_pairs(packed, limit, enough, mapper)
    rows = len(enough.lengths)
    offsets, places, overfull = np.empty(rows + 1, np.int64), np.empty(len(packed), np.uint32), np.zeros(rows, np.uint8)
    _kernels.index_members(packed, offsets, places, overfull, limit)
    settings = limit, min(NEAREST, limit - 1), enough.most, min(enough.most, STRONGEST), enough.few, enough.share

    def found(part: tuple[int, int]) -> Array:
        room = _ROOM
        while True:
            codes = np.empty(room, np.uint64)
            count = _kernels.shared_pairs(packed, offsets, places, enough.lengths, codes, overfull, *settings, *part)
            if count >= 0:
                return np.sort(codes[:count])
            room *= 4

    cuts = sorted({0, rows, *np.searchsorted(offsets, np.arange(0, offsets[-1], _PART)).tolist()})
    return np.concatenate([np.zeros(0, np.uint64), *mapper(found, pairwise(cuts))]), overfull.view(bool)


def are_none_of(values: Array, often: Array, starts: Array, shift: int, /) -> Array:
    """Mark the values that are not in an array."""
    kept = np.empty(len(values), bool)
    _kernels.drop(values, often, starts, kept, shift)
    return kept


def hits(postings: Array, keys: Array, shift: int, /) -> Array:
    """Find the postings of keys."""
    found = np.empty_like(postings)
    return found[: _kernels.hits(postings, keys, found, shift)].copy()


def block_checks(data: Buffer, block: int, /) -> Array:
    """Return the checksums of blocks."""
    checks = np.empty(-(-len(memoryview(data)) // block), np.uint32)
    _kernels.block_checks(data, block, checks)
    return checks


def find_postings(image: RunImage, keys: Array, /) -> Array:
    """Find the postings of keys in a run."""
    room = 2 * len(keys) + 64
    while True:
        found = np.empty(room, np.uint64)
        count = _kernels.find_postings(image.data, image.layout, image.checks, image.seen, keys, found)
        if count == _DAMAGED:
            raise ValueError("a run is damaged")
        if count >= 0:
            return found[:count]
        room *= 4


def read_postings(image: RunImage, first: int, count: int, /) -> Array:
    """Read postings of a run."""
    found = np.empty(count, np.uint64)
    if _kernels.read_postings(image.data, image.layout, image.checks, image.seen, first, found) == _DAMAGED:
        raise ValueError("a run is damaged")
    return found


def pack_postings(postings: Array, packing: RunPacking, marks: Array, counts: Array, /) -> tuple[Array, int]:
    """Write postings of a run with few bits each."""
    width = packing.low + packing.value_bits
    out = np.zeros((packing.bit + len(postings) * width + 7) // 8 + 8, np.uint8)
    out[0] = packing.carried
    numbers = packing.low, packing.value_bits, packing.base, packing.bit, packing.first
    end = _kernels.pack_postings(postings, *numbers, out, marks, counts)
    if end < 0:
        raise ValueError("a value does not fit the run")
    return out, end


def ranks(posted: Array, asking: Array, shift: int, /) -> tuple[Array, Array]:
    """Find the places of postings, and how many of their keys come before."""
    places, found = np.empty(len(asking), np.int64), np.empty(len(asking), np.int64)
    _kernels.ranks(posted, asking, places, found, shift)
    return places, found


def seals(name: str, rows: Sequence[Sequence[Any]], columns: int, /) -> list[int]:
    """Return the checksums of rows of a table."""
    found = np.empty(len(rows), np.uint32)
    _kernels.seals(name, [*rows], columns, crc32, found)
    sums: list[int] = found.tolist()
    return sums
