"""Texts to hashed words and word shingles, a whole batch at a time, without a Python loop per word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from . import kernels
from .fold import SEPARATOR, UNSPACED, encode, expansions, fold_batch, fold_placed, fold_rare, learn, table
from .ragged import Array, Ragged

WEIGHT_BITS = 4
_LONGEST = 12  # letters beyond which a word weighs no more
_NUMBER = 6
_DIGITS = np.uint32(10)
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_RARE, _NO_ROOM = -2, -3  # what a compiled loop returns for a code point that does not fold alone, and for more words than it has room for


def mix64(values: Array) -> Array:
    """Return uint64 values with their bits spread (the finalizer of MurmurHash3, a bijection)."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


class _Powers:
    """Powers of an odd number modulo 2**64, extended on demand."""

    def __init__(self, base: int):
        self._base, self._known = base, np.ones(1, np.uint64)

    def first(self, count: int) -> Array:
        known = self._known
        while len(known) < count:
            known = np.concatenate((known, known * np.uint64(pow(self._base, len(known), 1 << 64))))
        if len(known) <= 1 << 22:
            self._known = known
        return known[:count]


_powers, _inverse_powers = _Powers(_BASE), _Powers(_INVERSE)


def _word_edges(codes: Array) -> tuple[Array, Array]:
    """Return where words start and end. A letter of an unspaced script starts a word of two letters (one before a break)."""
    inside = codes != SEPARATOR
    unspaced = (codes & np.uint32(UNSPACED)) != 0
    before = np.concatenate(([False], inside[:-1]))
    after = np.concatenate((inside[1:], [False]))
    if not unspaced.any():
        return np.flatnonzero(inside & ~before), np.flatnonzero(inside & ~after) + 1
    unspaced_before = np.concatenate(([False], unspaced[:-1]))
    unspaced_after = np.concatenate((unspaced[1:], [False]))
    starts = np.flatnonzero(inside & (~before | unspaced | unspaced_before))
    ends = np.flatnonzero(inside & (~after | unspaced | unspaced_after)) + 1
    return starts, ends + (unspaced[starts] & unspaced_after[starts])


def hash_words(texts: Sequence[str]) -> Ragged:
    """Return for each text the hashes of its folded words in order, uint32; the last `WEIGHT_BITS` bits are the word's weight.

    Words are runs of letters, marks and decimal digits after `dedup.fold.fold`; in scripts without spaces every letter with the
    next one is a word. Two words of one weight have one hash with probability 2**-28 (polynomial hash modulo 2**64, mixed, upper bits).
    A word weighs its letters but one, up to eleven, and a number six: long words are rare (Zipf's law of abbreviation), which
    tells facts from phrases without counting a corpus.

    >>> a, b = hash_words(["قُتل ١٥ شخصا", "قتل 15 شخصًا!"]).values.reshape(2, 3)
    >>> bool((a == b).all())
    True
    """
    if kernels.compiled is not None:
        return _scan(texts, kernels.compiled.scan)
    codes, text_ends = fold_batch(texts)
    starts, ends = _word_edges(codes)
    terms = (codes.astype(np.uint64) + np.uint64(1)) * _powers.first(len(codes))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)))
    hashes = (sums[ends] - sums[starts]) * _inverse_powers.first(len(codes) + 1)[starts]
    offsets = np.concatenate(([0], np.searchsorted(starts, text_ends)))
    values = (mix64(hashes) >> np.uint64(32)).astype(np.uint32)
    numeric = (codes[starts] - np.uint32(ord("0"))) < _DIGITS
    weights = np.where(numeric, _NUMBER, np.minimum(ends - starts, _LONGEST) - 1).astype(np.uint32)
    return Ragged(((values >> np.uint32(WEIGHT_BITS)) << np.uint32(WEIGHT_BITS)) | weights, offsets)


def _scan(texts: Sequence[str], scan: Callable[..., int]) -> Ragged:
    """Do what `hash_words` does by the compiled loop."""
    kept: list[Array] = []

    def run(texts: list[str], folded: bool, room: int) -> int:
        kept[:] = np.empty(room, np.uint32), np.zeros(len(texts) + 1, np.int64)
        return scan(texts, folded, table, expansions, *kept)

    count = scanned(texts, run)
    return Ragged(kept[0][:count].copy(), kept[1])


def scanned(texts: Sequence[str], run: Callable[[list[str], bool, int], int]) -> int:
    """Run a compiled loop over texts, which says what stands in its way; return what it does. ``run`` takes the texts, whether all
    are folded that do not fold code point by code point, and for how many words it is to make room."""
    folded, room = False, sum(map(len, texts))
    while (count := run([*texts], folded, room)) < 0:
        if count == _NO_ROOM:
            room *= 2
            continue
        codes, ends = encode(texts)
        learn(codes)
        if count == _RARE:
            texts, folded = fold_rare(texts, codes, ends), True
    return count


def factors(size: int) -> Array:
    """Return what the words of a shingle of ``size`` words are multiplied by, uint64."""
    return _powers.first(size + 1)[1:]


def split_words(texts: Sequence[str]) -> list[list[str]]:
    """Return for each text its folded words in order, those that `hash_words` hashes.

    >>> split_words(["Two towns,", "قُتل ١٥"])
    [['two', 'towns'], ['قتل', '15']]
    """
    codes, text_ends = fold_batch(texts)
    starts, ends = _word_edges(codes)
    letters = (codes & np.uint32(UNSPACED - 1)).tobytes().decode("utf-32-le", "surrogatepass")
    words = [letters[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    cuts = [0, *np.searchsorted(starts, text_ends).tolist()]
    return [words[start:end] for start, end in pairwise(cuts)]


def word_places(text: str) -> Array:
    """Return where each word of `hash_words` begins and ends in a text, shape ``(words, 2)``, code points.

    >>> word_places("Two towns, \N{ARABIC LETTER QAF}\N{ARABIC DAMMA}\N{ARABIC LETTER TEH} x").tolist()
    [[0, 3], [4, 9], [11, 14], [15, 16]]
    """
    codes, sources = fold_placed(text)
    starts, ends = _word_edges(codes)
    return np.stack((sources[starts], np.maximum(sources[ends], sources[ends - 1] + 1)), axis=1)


def run_hashes(words: Array, length: int) -> Array:
    """Return a hash of each run of so many words, uint64, in a time that does not grow with the length.

    >>> run_hashes(np.array([7, 8, 7, 8], np.uint32), 2).tolist()[0] == run_hashes(np.array([5, 7, 8], np.uint32), 2).tolist()[1]
    True
    """
    terms = (words.astype(np.uint64) + np.uint64(1)) * _powers.first(len(words))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)))
    return mix64((sums[length:] - sums[: len(sums) - length]) * _inverse_powers.first(len(sums) - length))


def word_weight(word: str) -> int:
    """Return the weight of one folded word.

    >>> [word_weight(word) for word in ("in", "mayor", "constitutional", "2026")]
    [1, 4, 11, 6]
    """
    return _NUMBER if "0" <= word[0] <= "9" else min(len(word), _LONGEST) - 1


def shingle(words: Ragged, size: int) -> Ragged:
    """Return the hashes of all runs of ``size`` words of each row, in order, uint64.

    A row of fewer words has one shingle, of all its words; an empty row has none. Repetitions stay.

    >>> shingle(hash_words(["one two three four", "one two", ""]), 3).lengths.tolist()
    [2, 1, 0]
    """
    total = len(words.values)
    padded = np.concatenate((words.values.astype(np.uint64), np.zeros(size, np.uint64)))
    hashes = np.zeros(total, np.uint64)
    for place, factor in enumerate(factors(size)):
        hashes += padded[place : place + total] * factor
    mask, offsets, short = words.window_starts(size)
    if len(short):
        first = words.offsets[short]
        inside = np.arange(size) < words.lengths[short][:, None]
        hashes[first] = (padded[first[:, None] + np.arange(size)] * factors(size) * inside).sum(axis=1, dtype=np.uint64)
    return Ragged(mix64(hashes.compress(mask)), offsets)


def hash_rows(words: Ragged) -> Array:
    """Return one hash for the sequence of words of each row, uint64: equal sequences, equal hashes. An empty row gives 0."""
    data, ends = memoryview(words.values.tobytes()), (words.offsets * words.values.itemsize).tolist()
    digests = [blake2b(data[start:end], digest_size=8).digest() if start < end else bytes(8) for start, end in pairwise(ends)]
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def sketch_hash(shingle_text: str) -> int:
    """Return the 32-bit hash that a signature is made from, for use as datasketch's ``MinHash(hashfunc=)``.

    The text must be one shingle: its words, separated by anything that is no word.

    >>> sketch_hash("three words here") == sketch_hash("Three, WORDS: here")
    True
    """
    words = hash_words([shingle_text])
    return int(shingle(words, max(1, len(words.values))).values[0] >> np.uint64(32)) if len(words.values) else 0
