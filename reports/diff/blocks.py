"""Find what two sequences have in common, in order, with bounded work: phrases are kept whole where the work allows it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

import numpy as np
from rapidfuzz.distance import Indel, Levenshtein

Block = tuple[int, int, int]
"""Place in a, place in b, length of what is equal."""

_MAX_MATCHES = 100_000  # pairs of equal items, at most, for difflib; with more, rapidfuzz compares and the view is coarser
_MIN_STEPS, _STEPS_AN_ITEM = 20_000, 100  # steps of difflib, at an item or a pair; news takes less than 25 for each item
_MAX_CELLS = 10**9  # items of a times items of b, at most, for rapidfuzz: half a second; with more, only what stands between anchors
_EXACT_CELLS = 4 * 10**9  # the same for the similarity of two texts as a whole, 400,000 characters of each
_ANCHOR = 8  # length of an anchor: items in a row that both have once


class _WorkExceeded(Exception):
    """The work is more than was allowed."""


class _BoundedMatcher(SequenceMatcher[str]):
    """difflib's matcher, which stops with `_WorkExceeded` when it needs too many steps."""

    def __init__(self, a: Sequence[str], b: Sequence[str]):
        super().__init__(None, a, b, autojunk=False)
        counts = Counter(b)
        self._looks = [0, *accumulate(1 + counts[item] for item in a)]
        self._left = _MIN_STEPS + _STEPS_AN_ITEM * (len(a) + len(b))

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self._left -= self._looks[-1 if ahi is None else ahi] - self._looks[alo]
        if self._left < 0:
            raise _WorkExceeded
        return super().find_longest_match(alo, ahi, blo, bhi)


def matching_blocks(a: Sequence[str], b: Sequence[str]) -> tuple[list[Block], bool]:
    """Return the blocks that stay, ``(place in a, place in b, length)``, in order, and whether the work was capped.

    If the sequences are exchanged, so are the places: among equally long blocks difflib prefers one side, so it always gets the same one.
    difflib takes the longest block first, which keeps phrases whole; its time grows with the pairs of equal items, in the worst case
    with their number times the length. It may take 100 steps for each item, then rapidfuzz finds the fewest changes of single items in
    a time that grows with the product of the lengths, up to 10^9. Longer sequences are held together by eight items in a row that both
    have once, and what stands between two of these is one change where it is too long.

    >>> matching_blocks("one two three".split(), "one three".split())
    ([(0, 0, 1), (2, 1, 1)], False)
    """
    if list(b) < list(a):
        blocks, capped = _blocks(b, a)
        return [(i, j, size) for j, i, size in blocks], capped
    return _blocks(a, b)


def _blocks(a: Sequence[str], b: Sequence[str]) -> tuple[list[Block], bool]:
    counts = Counter(a)
    if sum(counts[item] for item in b) <= _MAX_MATCHES:
        try:
            return [(block.a, block.b, block.size) for block in _BoundedMatcher(a, b).get_matching_blocks() if block.size], False
        except _WorkExceeded:
            pass
    return list(_join_touching(_coarse_blocks(a, b))), True


def similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """Return twice the number of items that both have in the same order, divided by the number of items of both: 0 to 1.

    Of long sequences, those of more than 400,000 characters, not the most of these items are counted but those that `matching_blocks`
    finds in bounded work.

    >>> similarity("one two three".split(), "one three".split())
    0.8
    """
    if len(a) * len(b) <= _EXACT_CELLS:
        return Indel.normalized_similarity(a, b)
    first, last = sorted((list(a), list(b)))
    return 2 * sum(size for _, _, size in _coarse_blocks(first, last)) / (len(a) + len(b))


def _join_touching(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield blocks that touch on both sides as one."""
    last: Block | None = None
    for i, j, size in blocks:
        if last and (last[0] + last[2], last[1] + last[2]) == (i, j):
            last = (last[0], last[1], last[2] + size)
            continue
        if last:
            yield last
        last = (i, j, size)
    if last:
        yield last


def _coarse_blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks that stay, in order, without keeping phrases whole, with bounded work."""
    front = _shared_prefix_length(a, b)
    back = _shared_prefix_length(a[front:][::-1], b[front:][::-1])
    if front:
        yield 0, 0, front
    end_a, end_b = len(a) - back, len(b) - back
    left = _MAX_CELLS
    at_a = at_b = front
    if (end_a - front) * (end_b - front) <= left:
        yield from _fewest_changes(a, front, end_a, b, front, end_b)
        at_a, at_b = end_a, end_b
    else:
        for i, j, size in [*_anchored_blocks(a, front, end_a, b, front, end_b), (end_a, end_b, 0)]:
            cells = (i - at_a) * (j - at_b)
            if cells <= left:
                yield from _fewest_changes(a, at_a, i, b, at_b, j)
                left -= cells
            if size:
                yield i, j, size
            at_a, at_b = i + size, j + size
    if back:
        yield end_a, end_b, back


def _shared_prefix_length(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the number of items that both begin with."""
    shorter = min(len(a), len(b))
    return next((place for place in range(shorter) if a[place] != b[place]), shorter)


def _fewest_changes(a: Sequence[str], start_a: int, end_a: int, b: Sequence[str], start_b: int, end_b: int) -> Iterator[Block]:
    """Yield what stays of two stretches, with the fewest changes of single items."""
    if start_a < end_a and start_b < end_b:
        for op in Levenshtein.opcodes(a[start_a:end_a], b[start_b:end_b]):
            if op.tag == "equal":
                yield start_a + op.src_start, start_b + op.dest_start, op.src_end - op.src_start


def _anchored_blocks(a: Sequence[str], start_a: int, end_a: int, b: Sequence[str], start_b: int, end_b: int) -> Iterator[Block]:
    """Yield the blocks around anchors, in order: an anchor is a row of eight items that both stretches have once."""
    numbers: dict[str, int] = {}
    sides = (a[start_a:end_a], b[start_b:end_b])
    once_a, once_b = (_unique_rows(np.array([numbers.setdefault(item, len(numbers)) for item in side], np.uint64)) for side in sides)
    _, in_a, in_b = np.intersect1d(once_a[0], once_b[0], assume_unique=True, return_indices=True)
    pairs = sorted(zip(once_a[1][in_a].tolist(), once_b[1][in_b].tolist(), strict=True))
    at_a, at_b = start_a, start_b
    for place in _longest_rising([j for _, j in pairs]):
        i, j = pairs[place][0] + start_a, pairs[place][1] + start_b
        if i < at_a or j < at_b or a[i : i + _ANCHOR] != b[j : j + _ANCHOR]:
            continue
        size = _ANCHOR
        while i > at_a and j > at_b and a[i - 1] == b[j - 1]:
            i, j, size = i - 1, j - 1, size + 1
        while i + size < end_a and j + size < end_b and a[i + size] == b[j + size]:
            size += 1
        yield i, j, size
        at_a, at_b = i + size, j + size


def _unique_rows(items: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of the rows of eight items that occur once, and their places."""
    count = max(0, len(items) - _ANCHOR + 1)
    hashes = np.zeros(count, np.uint64)
    for step in range(_ANCHOR):  # a polynomial modulo 2^64; rows of one hash are compared
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + items[step : step + count] + np.uint64(1)
    values, places, counts = np.unique(hashes, return_index=True, return_counts=True)
    return values[counts == 1], places[counts == 1]


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Return the places of a longest rising subsequence.

    >>> _longest_rising([3, 1, 2, 9, 4])
    [1, 2, 4]
    """
    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(places[at - 1] if at else -1)
        tails[at : at + 1] = [value]
        places[at : at + 1] = [place]
    found = []
    at = places[-1] if places else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]
