"""The words of two texts beside each other: which both have, which stand in the place of others, which only one has, and where."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from ..arrays.ragged import Array, Ragged
from ..sketch.shingle import hash_words, run_hashes, split_words, word_places
from ..text.furniture import compared_texts, left_out_spans
from ..text.spans import without_spans
from ..text.spellings import with_one_spelling
from ..text.words import WEIGHT_BITS
from ..verification.evidence import longest_run
from ..verification.features import shorter_first

_WEIGHT = (1 << WEIGHT_BITS) - 1
_LISTED = 12  # exchanges and words of one text, at most, that are listed
_SHOWN = 40  # words of the longest run that are shown


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a text, in code points from its beginning, and what its words are.

    ``kind`` is ``run``: a run of words that the other text has, as long as a shingle; ``exchanged``: words in the place of others; ``own``:
    other words that the other text lacks; or ``furniture``, which is not compared.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """Words of ``a`` that stand in the place of words of ``b``, as printed, and the weight of the lighter side."""

    a: str
    b: str
    weight: int


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word that only one text has, folded, with its weight."""

    word: str
    weight: int


@dataclass(frozen=True, slots=True)
class LongestRun:
    """The longest run of words that both texts have: how many, and the first of them, folded."""

    words: int
    text: str


@dataclass(frozen=True, slots=True)
class WordComparison:
    """The words of two texts beside each other: the heaviest exchanges and own words first, twelve of each at most, and all marks."""

    exchanged: tuple[Exchange, ...]
    only_a: tuple[OwnWord, ...]
    only_b: tuple[OwnWord, ...]
    longest_run: LongestRun
    marks_a: tuple[Mark, ...]
    marks_b: tuple[Mark, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the words as plain values for JSON, without the marks."""
        return {
            "exchanged": [asdict(each) for each in self.exchanged],
            "only_a": [asdict(each) for each in self.only_a],
            "only_b": [asdict(each) for each in self.only_b],
            "longest_run": asdict(self.longest_run),
        }


@dataclass(frozen=True, slots=True)
class ComparedWords:
    """The words of a text that are compared, in order: their hashes, folded, as printed, and where they stand.

    Spans have a row for each word, or none where words cannot be told apart letter by letter.
    """

    text: str
    hashes: Array
    folded: tuple[str, ...]
    spans: Array
    furniture: tuple[tuple[int, int], ...]

    @property
    def placed(self) -> bool:
        """Tell whether each word has its place."""
        return len(self.spans) == len(self.hashes)

    def printed(self, place: int) -> str:
        """Return a word as it is printed, folded where its place is not known."""
        if not self.placed:
            return self.folded[place]
        start, end = self.spans[place].tolist()
        return self.text[start:end]

    def weight(self, place: int) -> int:
        """Return the weight of a word."""
        return int(self.hashes[place]) & _WEIGHT


def compared_words(texts: list[str], ignored: tuple[str, ...] = ()) -> list[ComparedWords]:
    """Return the words of texts that are compared, as `sketch_texts` has them; ``ignored`` are the lines to leave out."""
    compared = with_one_spelling(compared_texts(texts, ignored))
    words, split = hash_words(compared), split_words(compared)
    found = []
    for place, (text, kept) in enumerate(zip(texts, compared, strict=True)):
        furniture = left_out_spans(text, ignored)
        spans = word_places(kept)
        if len(without_spans(text, furniture)) == len(kept):
            spans = _in_whole(spans, furniture, len(text))
        else:
            spans, furniture = np.zeros((0, 2), np.int64), ()
        found.append(ComparedWords(text, words.row(place), tuple(split[place]), spans, furniture))
    return found


def _in_whole(spans: Array, left_out: Collection[tuple[int, int]], length: int) -> Array:
    """Return spans in a text from which some parts were left out as spans in the whole text."""
    kept = np.ones(length, bool)
    for start, end in left_out:
        kept[start:end] = False
    places = np.flatnonzero(kept)
    return np.stack((places[spans[:, 0]], places[spans[:, 1] - 1] + 1), axis=1) if len(spans) else spans


def compare_words(a: ComparedWords, b: ComparedWords, shingle_words: int) -> WordComparison:
    """Compare the words of two texts in the alignment that `dedup.verification.features.align` weighs.

    >>> found = compare_words(*compared_words(["Two men were killed in Marsa on Monday.", "Three men were killed in Marsa."]), 3)
    >>> found.exchanged, found.only_a[0].word, found.longest_run.text
    ((Exchange(a='Two', b='Three', weight=2),), 'monday', 'men were killed in marsa')
    >>> [(mark.start, mark.end, mark.kind) for mark in found.marks_b]
    [(0, 5, 'exchanged'), (6, 30, 'run')]
    """
    own = [_missing(one, other) for one, other in ((a, b), (b, a))]
    slots = [slot for slot in _slots(a, b, own) if slot[0] and slot[1]]
    at_a, _, length = longest_run(a.hashes, b.hashes)
    exchanges = [_exchange(a, b, *slot) for slot in slots]
    return WordComparison(
        tuple(sorted(filter(_is_heavy, exchanges), key=lambda each: -each.weight)[:_LISTED]),
        _listed(a, own[0]),
        _listed(b, own[1]),
        LongestRun(length, " ".join(a.folded[at_a : at_a + min(length, _SHOWN)])),
        _marks(a, b, own[0], [slot[0] for slot in slots], shingle_words),
        _marks(b, a, own[1], [slot[1] for slot in slots], shingle_words),
    )


def _is_heavy(exchange: Exchange) -> bool:
    return exchange.weight > 0


def _missing(one: ComparedWords, other: ComparedWords) -> list[int]:
    """Return the places of the words that the other text lacks."""
    found: list[int] = np.flatnonzero(~np.isin(one.hashes, other.hashes)).tolist()
    return found


def _slots(a: ComparedWords, b: ComparedWords, own: list[list[int]]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of own words of both texts that stand in one slot of the alignment, which depends on the order of the texts."""
    rows = Ragged(np.concatenate((a.hashes, b.hashes)), np.array([0, len(a.hashes), len(a.hashes) + len(b.hashes)]))
    turned = bool(shorter_first(rows, np.array([0]), np.array([1]))[0][0])
    sets = [set(each) for each in own]
    texts = (b, a) if turned else (a, b)
    for step in Levenshtein.opcodes(*(text.hashes.tolist() for text in texts)):
        if step.tag == "replace":
            sides = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
            one, other = sides[::-1] if turned else sides
            yield [place for place in one if place in sets[0]], [place for place in other if place in sets[1]]


def _exchange(a: ComparedWords, b: ComparedWords, in_a: list[int], in_b: list[int]) -> Exchange:
    sides = (a, in_a), (b, in_b)
    words = [" ".join(text.printed(place) for place in places) for text, places in sides]
    return Exchange(words[0], words[1], min(sum(map(text.weight, places)) for text, places in sides))


def _listed(text: ComparedWords, own: list[int]) -> tuple[OwnWord, ...]:
    """Return the heaviest of these words, each once, those that come first before others."""
    weights = {text.folded[place]: text.weight(place) for place in own}
    return tuple(OwnWord(word, weight) for word, weight in sorted(weights.items(), key=lambda each: -each[1])[:_LISTED])


def _marks(one: ComparedWords, other: ComparedWords, own: list[int], slots: list[list[int]], shingle_words: int) -> tuple[Mark, ...]:
    """Return the marks of a text in order: neighbouring words of one kind are one mark, but those of two slots."""
    found = [Mark(*span, "furniture") for span in one.furniture]
    if not one.placed:
        return tuple(found)
    parts = np.searchsorted([start for start, _ in one.furniture], one.spans[:, 0]).tolist()  # a mark holds no furniture
    kinds: dict[int, tuple[str, int]] = {}
    common = np.isin(run_hashes(one.hashes, shingle_words), run_hashes(other.hashes, shingle_words))
    for start in np.flatnonzero(common).tolist():
        kinds.update(dict.fromkeys(range(start, start + shingle_words), ("run", 0)))
    kinds.update(dict.fromkeys(own, ("own", 0)))
    for number, slot in enumerate(slots):
        kinds.update(dict.fromkeys(slot, ("exchanged", number)))
    places = sorted(kinds)

    def is_apart(before: int, here: int) -> bool:
        return here != before + 1 or kinds[here] != kinds[before] or parts[here] != parts[before]

    breaks = [0, *(at for at, (before, here) in enumerate(pairwise(places), 1) if is_apart(before, here))]
    for first, last in pairwise([*breaks, len(places)] if places else []):
        start, end = int(one.spans[places[first], 0]), int(one.spans[places[last - 1], 1])
        found.append(Mark(start, end, kinds[places[first]][0]))
    return _without_overlaps(found)


def _without_overlaps(marks: list[Mark]) -> tuple[Mark, ...]:
    """Return marks in order, each from the end of the one before: words of scripts without spaces share letters."""
    found: list[Mark] = []
    at = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        if mark.end > max(at, mark.start):
            found.append(Mark(max(at, mark.start), mark.end, mark.kind))
            at = mark.end
    return tuple(found)
