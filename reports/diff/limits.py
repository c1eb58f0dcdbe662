"""Limits of the work on extreme texts: how many sentences, changes and numbers a text of some length may have.

Each limit is `BASE_LIMIT`, and for a longer text one for every so many characters: the work grows with the text and no faster. What is
beyond a limit is not left out. It is shown more coarsely, and a note says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from zlib import crc32

from dedup.text.advisories import advisory_of

from ..language.sentences import split_sentences
from ..model import Span

BASE_LIMIT = 10_000
"""Sentences, changes or numbers of a text that take a few seconds."""
_CHARS_A_SENTENCE, _CHARS_A_CHANGE, _CHARS_A_NUMBER = 50, 100, 100  # a sentence of news has about 150 characters


def max_changes(characters: int) -> int:
    """Return the most changes that two texts with this number of characters together may have."""
    return max(BASE_LIMIT, characters // (2 * _CHARS_A_CHANGE))


def max_numbers(characters: int) -> int:
    """Return the most numbers of a text that are followed as facts."""
    return max(BASE_LIMIT, characters // _CHARS_A_NUMBER)


def bounded_sentences(text: str) -> tuple[tuple[Span, ...], bool]:
    """Return the sentences of a text, and whether neighbours were joined because there are too many.

    Too many are more than `BASE_LIMIT` and more than one for every 50 characters. Which neighbours are joined depends on their words, not
    on their place in the text: an insertion moves no border elsewhere. This is content-defined chunking with a least and a greatest
    length (Muthitacharoen and others, LBFS, 2001).
    """
    found = _with_advisory(text, split_sentences(text))
    most = max(BASE_LIMIT, len(text) // _CHARS_A_SENTENCE)
    if len(found) <= most:
        return found, False
    least = 1 << (-(-len(found) // most) - 1).bit_length()  # a power of two, so that two texts of similar size have the same borders
    joined: list[Span] = []
    group: list[Span] = []
    for span in found:
        group.append(span)
        ends = crc32(span.of(text).encode("utf-8", "surrogatepass")) % (2 * least) == 0
        if len(group) >= (least if ends else 4 * least):
            joined.append(Span(group[0].start, span.end))
            group = []
    if group:
        joined.append(Span(group[0].start, group[-1].end))
    return tuple(joined), True


def _with_advisory(text: str, sentences: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the sentences of a text with the advisory at its start, if it has one, as a sentence of its own."""
    advisory = advisory_of(text)
    if advisory is None:
        return sentences
    marks = text[: advisory.end]
    rest = [Span(max(span.start, advisory.end), span.end) for span in sentences if span.end > advisory.end]
    return (Span(len(marks) - len(marks.lstrip()), len(marks.rstrip())), *rest)


def min_kept_words(kept: Sequence[int], edits: int, most: int) -> int:
    """Return the number of words that must stand between two edits, so that at most ``most`` of ``edits`` are left.

    ``kept`` has the number of words between each two neighbours. Edits with fewer words between them are to be merged.

    >>> min_kept_words([1, 1, 5, 2], 6, 4), min_kept_words([1, 1, 5, 2], 6, 6)
    (2, 0)
    """
    if edits <= most:
        return 0
    counts = Counter(kept)
    sizes = sorted(counts)
    joined = accumulate(counts[size] for size in sizes)
    return next((size + 1 for size, below in zip(sizes, joined, strict=True) if edits - below <= most), max(sizes, default=0) + 1)
