"""Words and shingles: the hashes of the words of texts and of runs of them, a batch at a time, without a Python loop over words."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from .. import kernels
from ..arrays.hashing import Runs, mix64, shingle
from ..arrays.ragged import Array, Ragged
from ..text.edges import UNSPACED
from ..text.fold import fold_batch, fold_placed
from ..text.words import word_edges


def hash_words(texts: Sequence[str]) -> Ragged:
    """Return for each text the hashes of its folded words in order, uint32. The last `WEIGHT_BITS` bits are the word's weight.

    Words are runs of letters, marks and decimal digits after `fold`. In scripts without spaces, every letter together with the
    next one is a word. Two words of one weight have the same hash with probability 2**-28 (polynomial hash modulo 2**64, mixed, upper
    bits). The weight of a word is one less than its letters, at most eleven; a number has weight six. Long words are rare (Zipf's law of
    abbreviation), so weights tell facts from phrases without counting a corpus.

    >>> a, b = hash_words(["قُتل ١٥ شخصا", "قتل 15 شخصًا!"]).values.reshape(2, 3)
    >>> bool((a == b).all())
    True
    """
    return kernels.engine().hash_words(texts)


def split_words(texts: Sequence[str]) -> list[list[str]]:
    """Return for each text its folded words in order: the words that `hash_words` hashes.

    >>> split_words(["Two towns,", "قُتل ١٥"])
    [['two', 'towns'], ['قتل', '15']]
    """
    codes, text_ends = fold_batch(texts)
    starts, ends = word_edges(codes)
    letters = (codes & np.uint32(UNSPACED - 1)).tobytes().decode("utf-32-le", "surrogatepass")
    words = [letters[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    cuts = [0, *np.searchsorted(starts, text_ends).tolist()]
    return [words[start:end] for start, end in pairwise(cuts)]


def word_places(text: str) -> Array:
    """Return where each word of `hash_words` begins and ends in a text, in code points, shape ``(words, 2)``.

    >>> word_places("Two towns, \N{ARABIC LETTER QAF}\N{ARABIC DAMMA}\N{ARABIC LETTER TEH} x").tolist()
    [[0, 3], [4, 9], [11, 14], [15, 16]]
    """
    codes, sources = fold_placed(text)
    starts, ends = word_edges(codes)
    return np.stack((sources[starts], np.maximum(sources[ends], sources[ends - 1] + 1)), axis=1)


def run_hashes(words: Array, length: int) -> Array:
    """Return the hash of each run of ``length`` words, uint64, in a time that does not grow with the length.

    >>> run_hashes(np.array([7, 8, 7, 8], np.uint32), 2).tolist()[0] == run_hashes(np.array([5, 7, 8], np.uint32), 2).tolist()[1]
    True
    """
    starts = np.arange(max(0, len(words) - length + 1))
    return mix64(Runs(words).hashes(starts, starts + length))


def hash_rows(words: Ragged) -> Array:
    """Return one hash of all words of each row, uint64. Equal rows have equal hashes. The hash of an empty row is 0."""
    data, ends = memoryview(words.values.tobytes()), (words.offsets * words.values.itemsize).tolist()
    digests = [blake2b(data[start:end], digest_size=8).digest() if start < end else bytes(8) for start, end in pairwise(ends)]
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def sketch_hash(shingle_text: str) -> int:
    """Return the 32-bit hash of a shingle, from which signatures are made, for use as datasketch's ``MinHash(hashfunc=)``.

    The text must be one shingle: its words, with any separators between them.

    >>> sketch_hash("three words here") == sketch_hash("Three, WORDS: here")
    True
    """
    words = hash_words([shingle_text])
    return int(shingle(words, max(1, len(words.values))).values[0] >> np.uint64(32)) if len(words.values) else 0
