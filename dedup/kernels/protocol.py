"""What an engine does. Rows are those of `Ragged`, and every engine returns the same, bit for bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..arrays.buckets import Enough, Run
from ..arrays.ragged import Array, Ragged


class Kernels(Protocol):
    """The loops over texts, rows, pairs, buckets and postings: modules of functions."""

    def hash_words(self, texts: Sequence[str], /) -> Ragged:
        """Return for each text the hashes of its folded words in order, uint32, as `hash_words` has them."""

    def sketch(
        self, texts: Sequence[str], shingle_words: int, print_words: int, window: int, a: Array, b: Array, /
    ) -> tuple[Ragged, Array, Ragged]:
        """Return of texts the words, as `hash_words` does, the signatures of their shingles, as `sign` does, and the fingerprints, as
        `fingerprints` has them."""

    def sign(self, shingles: Ragged, a: Array, b: Array, /) -> Array:
        """Return the signature of each row of shingles, uint32 of shape ``(rows, len(a))``: the least ``a * h + b`` modulo 2**32 of the
        mixed upper halves ``h``, all bits set for an empty row."""

    def shingle_sets(self, words: Ragged, rows: Array, size: int, /) -> Ragged:
        """Return these rows of words as sets of shingles, sorted, of each the upper `SET_BITS` bits, uint64."""

    def word_sets(self, words: Ragged, rows: Array, /) -> Ragged:
        """Return these rows of words as sets of words, sorted, uint64."""

    def share(self, sets: Ragged, left: Array, right: Array, mask: int, /) -> tuple[Array, Array]:
        """Return for each pair of rows how many values both have, and the sum of ``value & mask`` over these, float64."""

    def swapped(self, words: Ragged, left: Array, right: Array, /) -> Array:
        """Return for each pair of rows the share of the lighter one's weight that is swapped, float64: see `swapped`."""

    def similar(self, words: Ragged, left: Array, right: Array, /) -> Array:
        """Return for each pair of rows twice their longest common subsequence by the sum of lengths, float64."""

    def pack_rows(self, keys: Ragged, rows: Array, /) -> Array:
        """Return the keys of these rows in the upper halves, below 2**32, their rows in the lower ones, uint64, in any order."""

    def shared_pairs(self, packed: Array, limit: int, enough: Enough, run: Run, /) -> tuple[Array, Array]:
        """Return pairs of rows that share enough keys, sorted, and which rows are overfull, a mask, as `shared_pairs` has them."""

    def are_none_of(self, values: Array, often: Array, starts: Array, shift: int, /) -> Array:
        """Return of each value, uint32, whether it is none of ``often``, sorted, a mask. Those of ``often`` that could be ``value`` begin
        at ``starts[value >> shift]`` and end where the next ones begin."""

    def hits(self, postings: Array, keys: Array, shift: int, /) -> Array:
        """Return those of the postings, uint64, whose bits above ``shift`` are one of the keys; both are sorted, each key is there once."""
