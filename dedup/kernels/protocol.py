"""The protocol of an engine. Rows are those of `Ragged`. All engines return the same, bit for bit."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..arrays.buckets import Enough, Mapper
from ..arrays.ragged import Array, Ragged

Buffer = bytes | mmap.mmap


RUN_GROUP = 128
"""Buckets of a run whose marks are found together."""


@dataclass(frozen=True, slots=True)
class RunImage:
    """A run of posting lists as it is stored, see `dedup.index.storage.run_image`.

    ``layout`` tells, uint64, where what has checksums begins and ends, the bits of a place in one of the blocks that have one each, the
    smallest value, and the bits of a value; then of each kind how many postings there are, how many bits of a key are not its bucket, and
    where its postings and its marks begin. ``checks`` has the checksum of each block; ``seen`` is set for those found to be right.
    """

    data: Buffer
    layout: Array
    checks: Array
    seen: Array


@dataclass(frozen=True, slots=True)
class RunPacking:
    """How postings of one kind are written: how many bits of a key are not its bucket, the bits of a value, the smallest value, the first
    bit in a byte, the bits that this byte has already, and the place of the first posting among all."""

    low: int
    value_bits: int
    base: int
    bit: int
    carried: int
    first: int


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What is known of tokens, by their numbers: their weights, their weights as own tokens, and which do not come and go, all uint8.

    ``keys`` and ``found_by`` have sorted rows, uint32. ``ranks`` and ``ends``, uint32, are the rank of a token in the order of the alphabet
    and the rank behind the last token that begins with it. A token is linked to another one that is found by one of its keys, or where one
    of the two begins with the other.
    """

    weights: Array
    own_weights: Array
    content: Array
    keys: Ragged
    found_by: Ragged
    ranks: Array
    ends: Array


SUBSTITUTED, LINKED, APART = 0, 1, 2
"""What `Kernels.compare_tokens` tells of a pair."""


class Kernels(Protocol):
    """The loops over texts, rows, pairs, buckets and postings. An engine is a module with these functions."""

    def hash_words(self, texts: Sequence[str], /) -> Ragged:
        """Return for each text the hashes of its folded words in order, uint32 (see `dedup.sketch.shingle.hash_words`)."""

    def sketch(
        self, texts: Sequence[str], shingle_words: int, fingerprint_words: int, window: int, a: Array, b: Array, /
    ) -> tuple[Ragged, Array, Ragged]:
        """Return the words of texts, as `hash_words` does, the signatures of their shingles, as `sign` does, and their winnowed
        fingerprints (see `dedup.sketch.winnowing`)."""

    def sign(self, shingles: Ragged, a: Array, b: Array, /) -> Array:
        """Return the signature of each row of shingles, uint32 of shape ``(rows, len(a))``: for each permutation the smallest
        ``a * h + b`` modulo 2**32, where ``h`` is the mixed upper half of a shingle. An empty row has all bits set."""

    def shingle_sets(self, words: Ragged, rows: Array, size: int, /) -> Ragged:
        """Return these rows of words as sorted sets of shingles, uint64: the upper `SET_BITS` bits of each."""

    def word_sets(self, words: Ragged, rows: Array, /) -> Ragged:
        """Return these rows of words as sorted sets of words, uint64."""

    def share(self, sets: Ragged, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
        """Return for each pair of rows the number of common values, and the sum of ``value & mask`` over these, float64."""

    def share_kinds(self, sets: Ragged, kinds: Array, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
        """Return for each pair of rows the sum of ``value & mask`` over the common values, and the same over those of one kind, of the kind
        with the largest sum, both float64. ``kinds`` has for each value of the rows its kinds, a bit each, uint32."""

    def align(self, words: Ragged, left: Array, right: Array, /) -> tuple[Array, Array]:
        """Return for each pair of rows, of which the first is not longer, the substituted share of the lighter text, by weight, and twice
        the length of the longest common subsequence by the sum of their lengths, both float64 (see `dedup.verification.features.align`)."""

    def compare_tokens(self, rows: Ragged, facts: TokenFacts, left: Array, right: Array, /) -> tuple[Array, Array]:
        """Return what pairs of rows of tokens show, uint8, and two weighted shares, the smaller one first, float64 of shape ``(pairs, 2)``.

        A token of a row is own where the other row has it less often. `LINKED`: an own token of the first row is linked to one of the
        second; the shares are 0. `SUBSTITUTED`: all that differs are tokens in the place of others, which do not come and go, and which the
        other row does not have at all; the shares are theirs, above 0. `APART`: any other pair, with the shares of own tokens. Tokens are
        uint32.
        """
        ...

    def pattern_hashes(self, rows: Ragged, signatures: Array, left: Array, right: Array, flags: Array, /) -> Array:
        """Return hashes of the patterns of pairs of rows of tokens, uint64 of shape ``(pairs, 2)``: of the signatures of their tokens, of
        where each token comes first in the pair, and of the flag of the pair, uint8. Signatures are int64, by the numbers of tokens."""

    def pack_members(self, keys: Ragged, rows: Array, mapper: Mapper, /) -> Array:
        """Return the members of buckets, uint64, sorted: a key, below 2**32, in the upper half, its row in the lower half. Rows ascend."""

    def sort_above(self, packed: Array, lower: int, /) -> None:
        """Sort values, uint64, in place by the bits above ``lower`` lower ones; those that are equal in these are in order already."""

    def drop_frequent(self, packed: Array, recurrence: int, /) -> tuple[Array, Array]:
        """Return the members of buckets of up to ``recurrence`` members, which may overwrite all of ``packed``, and the keys of the other
        buckets, uint32. Both are sorted."""

    def shared_pairs(self, packed: Array, limit: int, enough: Enough, mapper: Mapper, /) -> tuple[Array, Array]:
        """Return the sorted pairs of rows that share enough keys, and a mask of overfull rows (see `dedup.candidates.lsh`)."""

    def weigh_rows(self, sets: Ragged, mask: int, /) -> Array:
        """Return for each row the sum of ``value & mask``, float64. Values are uint64."""
        ...

    def pick(self, sets: Ragged, table: Array, marks: Array, starts: Array, shift: int, /) -> tuple[Ragged, Array]:
        """Return the values of rows, below 2**32, that are in a sorted table, uint32, as rows, and the mark that the table has for each,
        uint32. ``starts`` says where those with each upper part begin in the table, as for `are_none_of`."""
        ...

    def are_none_of(self, values: Array, often: Array, starts: Array, shift: int, /) -> Array:
        """Return which values, uint32, are not in the sorted array ``often``, as a mask. Only the part of ``often`` from
        ``starts[value >> shift]`` up to the next start can have ``value``."""

    def hits(self, postings: Array, keys: Array, shift: int, /) -> Array:
        """Return the postings, uint64, whose bits above ``shift`` are one of the keys. Both are sorted, and each key is there once."""

    def block_checks(self, data: Buffer, block: int, /) -> Array:
        """Return the CRC-32 of each block of some bytes, uint32; the last block may be shorter."""

    def find_postings(self, image: RunImage, keys: Array, /) -> Array:
        """Return the postings, uint64, of a run that have one of these keys, which are sorted, each once: sorted. Raises `ValueError` where
        what is read of the run is damaged, or its layout leads out of it."""

    def read_postings(self, image: RunImage, first: int, count: int, /) -> Array:
        """Return postings of a run, sorted, from a place among all of them on. Raises `ValueError` as `find_postings` does."""

    def pack_postings(self, postings: Array, packing: RunPacking, marks: Array, counts: Array, /) -> tuple[Array, int]:
        """Return the bytes of postings of one kind, followed by at least 8 others, and the bit after the last one. Set their ``marks``,
        bits in uint8, and add to ``counts``, uint32, how many each group of buckets has, at the place after it. Raises `ValueError` for a
        value that does not fit."""

    def ranks(self, posted: Array, asking: Array, shift: int, /) -> tuple[Array, Array]:
        """Return for each asking posting its place among the posted ones, and how many of these with its bits above ``shift`` come before
        it, both int64. Both are sorted."""

    def seals(self, name: str, rows: Sequence[Sequence[Any]], columns: int, /) -> list[int]:
        """Return the checksum of the first ``columns`` values of each row of a table: CRC-32 of what ``ascii`` writes of the name and these
        values, byte strings as their own CRC-32."""
