"""Evidence: what two matched texts share, and where: the weight of words, the longest common run, the common passages."""

from __future__ import annotations

from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from ..arrays.ragged import Array
from ..sketch.shingle import hash_words, run_hashes, word_places
from ..text.spellings import with_one_spelling
from ..text.words import WEIGHT_BITS

_GAP = 3  # words that may differ inside a passage
_LEAST = 7  # words of a passage
_MOST = 1 << 32  # words of one text times words of the other: larger texts are not aligned, because that takes seconds


def longest_run(a: Array, b: Array) -> tuple[int, int, int]:
    """Return where the longest common run of words begins in each text, and its length; of equally long runs the first in ``a``.

    The arrays are rows of `hash_words`. A common run has common runs of all shorter lengths inside, so the length is
    found by binary search. Runs are compared by hash.

    >>> words = hash_words(["we saw the old bridge fall", "the old bridge was closed"])
    >>> longest_run(words.row(0), words.row(1))
    (2, 0, 3)
    """
    low, high, found = 0, min(len(a), len(b)), (0, 0)
    while low < high:
        length = (low + high + 1) // 2
        runs, others = run_hashes(a, length), run_hashes(b, length)
        common = np.flatnonzero(np.isin(runs, others))
        if len(common):
            low, found = length, (int(common[0]), int(np.argmax(others == runs[common[0]])))
        else:
            high = length - 1
    return *found, low


def _passages(a: Array, b: Array) -> list[tuple[int, int, int, int]]:
    """Return the common passages in order, as spans of words in ``a`` and in ``b``: common runs with few words between them."""
    found: list[tuple[int, int, int, int]] = []
    if len(a) * len(b) > _MOST:
        return found
    for block in Levenshtein.opcodes(a.tolist(), b.tolist()):
        if block.tag != "equal":
            continue
        near = found and max(block.src_start - found[-1][1], block.dest_start - found[-1][3]) <= _GAP
        before = found.pop() if near else (block.src_start, 0, block.dest_start, 0)
        found.append((before[0], block.src_end, before[2], block.dest_end))
    return [passage for passage in found if min(passage[1] - passage[0], passage[3] - passage[2]) >= _LEAST]


def evidence(a: str, b: str, start_a: int = 0, start_b: int = 0) -> dict[str, Any]:
    """Return what two texts share, as an object for JSON.

    Weights are sums over distinct words, as `hash_words` weighs them. Spans are half open, in code points of the document, in which the
    texts start at ``start_a`` and ``start_b``. A span is None for the rare text whose words cannot be told apart letter by letter. The
    ``passages`` are in the same order in both texts; a passage that has moved can only be the ``longest_run``.

    >>> found = evidence("Rain is expected in the north.", "Snow is expected in the south.")
    >>> found["longest_run"]
    {'words': 4, 'a': [5, 23], 'b': [5, 23]}
    """
    a, b = with_one_spelling([a, b])  # of the same lengths, so that spans are those of the document
    words = hash_words([a, b])
    one, other = words.row(0), words.row(1)
    sets = set(one.tolist()), set(other.tolist())
    places = word_places(a) + start_a, word_places(b) + start_b

    def passage(from_a: int, to_a: int, from_b: int, to_b: int) -> dict[str, Any]:
        spans = ((one, places[0], from_a, to_a), (other, places[1], from_b, to_b))
        a_span, b_span = (
            [int(place[first, 0]), int(place[last - 1, 1])] if len(place) == len(text) and last > first else None
            for text, place, first, last in spans
        )
        return {"words": min(to_a - from_a, to_b - from_b), "a": a_span, "b": b_span}

    def weight(chosen: set[int]) -> int:
        return sum(word & ((1 << WEIGHT_BITS) - 1) for word in chosen)

    at_a, at_b, length = longest_run(one, other)
    return {
        "weight_shared": weight(sets[0] & sets[1]),
        "weight_only_a": weight(sets[0] - sets[1]),
        "weight_only_b": weight(sets[1] - sets[0]),
        "longest_run": passage(at_a, at_a + length, at_b, at_b + length),
        "passages": [passage(*each) for each in _passages(one, other)],
    }
