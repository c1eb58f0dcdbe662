"""The engine ``numpy``: the loops with numpy and rapidfuzz, see `Kernels`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np

from ..arrays.buckets import LOWER, Enough, Mapper, bucket_sizes, halves, keep_strongest, neighbours, pair_codes
from ..arrays.hashing import SET_BITS, Runs, mix32, mix64, shingle, winnow
from ..arrays.ragged import Array, Ragged, distinct, equal_runs, numbered
from ..text.fold import fold_batch
from ..text.words import WEIGHT_BITS, word_edges, word_weights
from .numpy_headlines import compare_tokens as compare_tokens
from .numpy_headlines import pattern_hashes as pattern_hashes
from .numpy_runs import block_checks as block_checks
from .numpy_runs import find_postings as find_postings
from .numpy_runs import pack_postings as pack_postings
from .numpy_runs import read_postings as read_postings

_BLOCK = 1 << 14  # shingles of a block: 64 KB, so that it stays in the first caches
_BLOCK_PAIRS = 1 << 12
_WEIGHT = (1 << WEIGHT_BITS) - 1


def hash_words(texts: Sequence[str], /) -> Ragged:
    """Hash the words of texts."""
    codes, text_ends = fold_batch(texts)
    starts, ends = word_edges(codes)
    values = (mix64(Runs(codes).hashes(starts, ends)) >> np.uint64(32)).astype(np.uint32)
    offsets = np.concatenate(([0], np.searchsorted(starts, text_ends)))
    return Ragged(((values >> np.uint32(WEIGHT_BITS)) << np.uint32(WEIGHT_BITS)) | word_weights(codes, starts, ends), offsets)


def sketch(
    texts: Sequence[str], shingle_words: int, fingerprint_words: int, window: int, a: Array, b: Array, /
) -> tuple[Ragged, Array, Ragged]:
    """Hash, sign and fingerprint texts."""
    words = hash_words(texts)
    runs = shingle(words, fingerprint_words)
    fingerprints = winnow(Ragged((runs.values >> np.uint64(32)).astype(np.uint32), runs.offsets), window)
    return words, sign(shingle(words, shingle_words), a, b), fingerprints


def sign(shingles: Ragged, a: Array, b: Array, /) -> Array:
    """Sign rows of shingles."""
    signed = np.full((len(shingles), len(a)), 0xFFFFFFFF, np.uint32)
    mixed = mix32((shingles.values >> np.uint64(32)).astype(np.uint32))
    filled = np.flatnonzero(shingles.lengths)
    starts = shingles.offsets[filled]
    cuts = np.searchsorted(starts, np.arange(0, len(mixed), _BLOCK)).tolist()
    for first, last in pairwise([*cuts, len(filled)]):
        if first == last:
            continue
        low, high = starts[first], shingles.offsets[filled[last - 1] + 1]
        block, places, rows = mixed[low:high], starts[first:last] - low, filled[first:last]
        buffer = np.empty_like(block)
        for number in range(len(a)):
            np.multiply(block, a[number], out=buffer)
            buffer += b[number]
            signed[rows, number] = np.minimum.reduceat(buffer, places)
    return signed


def shingle_sets(words: Ragged, rows: Array, size: int, /) -> Ragged:
    """Make sets of shingles."""
    shingles = shingle(words.take(rows), size)
    return distinct(Ragged(shingles.values >> np.uint64(64 - SET_BITS), shingles.offsets), SET_BITS)


def word_sets(words: Ragged, rows: Array, /) -> Ragged:
    """Make sets of words."""
    return distinct(words.take(rows), 32)


def share(sets: Ragged, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
    """Count what pairs of sets share."""
    counts, sums = np.zeros(len(left)), np.zeros(len(left))
    for block, numbers, values in _common(sets, left, right):
        length = block.stop - block.start
        counts[block] = np.bincount(numbers, minlength=length)
        sums[block] = np.bincount(numbers, weights=values & np.uint64(mask), minlength=length)
    return counts, sums


def share_kinds(sets: Ragged, kinds: Array, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
    """Weigh what pairs of sets share, by kinds."""
    most = np.zeros(len(left))
    for kind in range(int(np.bitwise_or.reduce(kinds, initial=0)).bit_length()):
        inside = kinds >> np.uint32(kind) & np.uint32(1) == 1
        rows = Ragged(sets.values[inside], np.concatenate(([0], np.cumsum(inside)))[sets.offsets])
        np.maximum(most, share(rows, left, right, mask)[1], out=most)
    return share(sets, left, right, mask)[1], most


def _common(sets: Ragged, left: Array, right: Array) -> Iterator[tuple[slice, Array, Array]]:
    """Yield for each block of pairs its slice, the number of the pair of each common value, and the common values."""
    for start in range(0, len(left), _BLOCK_PAIRS):
        block = slice(start, min(start + _BLOCK_PAIRS, len(left)))
        sides = [sets.take(rows[block]) for rows in (left, right)]
        keys = np.concatenate([(side.owners().astype(np.uint64) << np.uint64(SET_BITS)) | side.values for side in sides])
        keys.sort()
        common = keys[:-1].compress(keys[1:] == keys[:-1])
        yield block, (common >> np.uint64(SET_BITS)).astype(np.int64), common & np.uint64((1 << SET_BITS) - 1)


def align(words: Ragged, left: Array, right: Array, /) -> tuple[Array, Array]:
    """Align pairs of rows."""
    return _substituted_shares(words, left, right), _similarities(words, left, right)


def _substituted_shares(words: Ragged, left: Array, right: Array) -> Array:
    """Align pairs of rows, and weigh the substituted words."""
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.array([_substituted(words.row(one).tolist(), words.row(other).tolist()) for one, other in pairs], np.float64)


def _substituted(a: list[int], b: list[int]) -> float:
    from rapidfuzz.distance import Levenshtein

    in_a, in_b = set(a), set(b)
    found = 0
    for step in Levenshtein.opcodes(a, b):
        if step.tag == "replace":
            one = sum(word & _WEIGHT for word in a[step.src_start : step.src_end] if word not in in_b)
            found += min(one, sum(word & _WEIGHT for word in b[step.dest_start : step.dest_end] if word not in in_a))
    lighter = min(sum(word & _WEIGHT for word in each) for each in (in_a, in_b))
    return found / lighter if lighter else 0.0


def _similarities(words: Ragged, left: Array, right: Array) -> Array:
    """Compare pairs of rows word by word."""
    if not len(left):
        return np.zeros(0)
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cpdist

    used, places = numbered(np.concatenate((left, right)))
    texts = [words.row(row) for row in used.tolist()]
    sides: list[list[Any]] = [[texts[place] for place in side.tolist()] for side in (places[: len(left)], places[len(left) :])]
    shares: Array = cpdist(sides[0], sides[1], scorer=Indel.normalized_similarity, dtype=np.float64)
    return shares


def pack_members(keys: Ragged, rows: Array, mapper: Mapper, /) -> Array:
    """Pack members of buckets, and sort them."""
    taken = keys.take(rows)
    packed = pair_codes(taken.values, rows[taken.owners()])
    packed.sort()  # much faster than a sort by two keys
    return packed


def sort_above(packed: Array, lower: int, /) -> None:
    """Sort values."""
    packed.sort()


def drop_frequent(packed: Array, recurrence: int, /) -> tuple[Array, Array]:
    """Take out the buckets of too many members."""
    keys = packed >> np.uint64(32)
    starts, sizes = equal_runs(keys)
    often = sizes > recurrence
    return packed[~np.repeat(often, sizes)], keys[starts[often]].astype(np.uint32)


def shared_pairs(packed: Array, limit: int, enough: Enough, mapper: Mapper, /) -> tuple[Array, Array]:
    """List pairs of rows that share enough keys."""
    keys, owners = packed >> np.uint64(32), packed & LOWER
    sizes = bucket_sizes(keys)
    places = neighbours(keys, sizes, limit)
    codes = np.sort(np.concatenate([np.zeros(0, np.uint64), *(pair_codes(owners[one], owners[other]) for one, other in places)]))
    starts, shared = equal_runs(codes)
    codes = codes[starts]
    left, right = halves(codes)
    kept = left != right  # two keys of one row may be equal
    codes, shared, left, right = codes[kept], shared[kept], left[kept], right[kept]
    strong, too_many = keep_strongest(left, right, shared, np.minimum(enough.lengths[left], enough.lengths[right]), enough)
    overfull = np.zeros(len(enough.lengths), bool)
    overfull[too_many] = True
    overfull[owners[sizes > limit].astype(np.int64)] = True
    return codes[strong], overfull


def weigh_rows(sets: Ragged, mask: int, /) -> Array:
    """Add up the values of rows."""
    sums: Array = np.bincount(sets.owners(), weights=sets.values & np.uint64(mask), minlength=len(sets)).astype(np.float64)
    return sums


def pick(sets: Ragged, table: Array, marks: Array, starts: Array, shift: int, /) -> tuple[Ragged, Array]:
    """Keep the values of rows that a table has."""
    words = sets.values.astype(np.uint32)
    inside = np.isin(words, table)
    rows = Ragged(sets.values[inside], np.concatenate(([0], np.cumsum(inside)))[sets.offsets])
    return rows, marks[np.searchsorted(table, words[inside])]


def are_none_of(values: Array, often: Array, starts: Array, shift: int, /) -> Array:
    """Mark the values that are not in an array."""
    mask: Array = ~np.isin(values, often)
    return mask


def hits(postings: Array, keys: Array, shift: int, /) -> Array:
    """Find the postings of keys."""
    if not len(postings):
        return postings
    starts = np.searchsorted(postings, keys << np.uint64(shift))
    # A start beyond the end is moved to the last posting, whose key is smaller.
    found = np.flatnonzero(postings.take(starts, mode="clip") >> np.uint64(shift) == keys)
    starts, ends = starts[found], np.searchsorted(postings, (keys[found] + np.uint64(1)) << np.uint64(shift))
    lengths = ends - starts
    places = np.arange(lengths.sum()) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
    chosen: Array = postings[places]
    return chosen


def ranks(posted: Array, asking: Array, shift: int, /) -> tuple[Array, Array]:
    """Find the places of postings, and how many of their keys come before."""
    places, bits = np.searchsorted(posted, asking), np.uint64(shift)
    return places, places - np.searchsorted(posted, asking >> bits << bits)


def seals(name: str, rows: Sequence[Sequence[Any]], columns: int, /) -> list[int]:
    """Return the checksums of rows of a table."""
    plain = (tuple(crc32(value) if isinstance(value, bytes) else value for value in row[:columns]) for row in rows)
    return [crc32(ascii((name, values)).encode()) for values in plain]
