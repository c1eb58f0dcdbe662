"""Learn which lines are no part of the news: those that recur in many texts of one source, whatever the texts tell.

A line is learned if enough texts of a source have it, as a small part of them, and these texts are otherwise different: what recurs because
a report is printed again is no furniture. Of links and bylines that differ in their last or first words the common beginning or end is
learned.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from statistics import median

from ..model import Document
from .ignored_lines import ELLIPSIS, units_of, words_of

LEAST = 5
"""Smallest number of texts of a source that have a line; twice as many for a beginning or an end."""
_SHARE, _SHARE_OF_PART, _SHARE_OF_WORD = 0.01, 0.1, 0.4  # of the texts of a source: lines, beginnings and ends, those of one word
_BEGINNING, _END = 6, 4  # words of the longest
_WORDS = 40  # of the longest line
_PART = 0.5  # of the words of a text: a line of more is the text
_LINES = 2, 3  # at the start and the end of a text, in which beginnings and ends are learned
_OTHERS = 5  # different continuations of a beginning
_KEPT = 0.9  # of the texts with a beginning must have a longer one, to learn that
_SAMPLE, _ALIKE = 8, 0.3  # texts that are compared, and the largest Jaccard of their runs of three words
_CLOSED = tuple(".!?؟۔。")

_Words = tuple[str, ...]


class _Counts:
    """How many texts of one source have each line, beginning and end, and some of these texts."""

    def __init__(self) -> None:
        self.texts = 0
        self.counts: Counter[tuple[str, _Words]] = Counter()
        self.others: dict[tuple[str, _Words], set[_Words]] = defaultdict(set)
        self.samples: dict[tuple[str, _Words], list[int]] = defaultdict(list)

    def add(self, place: int, text: str) -> None:
        self.texts += 1
        size, found = len(text.split()), set[tuple[str, _Words]]()
        lines, start = text.split("\n"), 0
        for number, line in enumerate(lines):
            at_end = number < _LINES[0] or number >= len(lines) - _LINES[1]
            for span in units_of(text, start, start + len(line)) if line.strip() else ():
                unit = text[slice(*span)]
                words = words_of(unit)
                if not words or len(words) > min(_WORDS, _PART * size) or (len(words) == 1 and span[0] > start):
                    continue
                found.add(("=", words))
                if at_end and not unit.rstrip().endswith(_CLOSED):
                    self._parts(words, found)
            start += len(line) + 1
        for key in found:
            self.counts[key] += 1
            if len(self.samples[key]) < _SAMPLE:
                self.samples[key].append(place)

    def _parts(self, words: _Words, found: set[tuple[str, _Words]]) -> None:
        for length in range(1, min(_BEGINNING, len(words) - 1) + 1):
            for key, other in ((("<", words[:length]), words[length : length + 2]), ((">", words[-length:]), words[-length - 2 : -length])):
                if key[0] == "<" or 1 < length <= _END:
                    found.add(key)
                    if len(self.others[key]) < _OTHERS:
                        self.others[key].add(other)

    def furniture(self) -> list[tuple[str, _Words]]:
        """Return what recurs: whole lines, and the longest beginnings and ends."""
        found = [key for key, count in self.counts.items() if key[0] == "=" and count >= max(LEAST, _SHARE * self.texts)]
        for kind in "<>":
            parts = {key: count for key, count in self.counts.items() if key[0] == kind and self._recurs(key, count)}
            longer = ((kind, words[:-1] if kind == "<" else words[1:], count) for (_, words), count in parts.items())
            given_up = {(kind, words) for kind, words, count in longer if count >= _KEPT * parts.get((kind, words), count + 1)}
            found += [key for key in parts if key not in given_up]
        return found

    def _recurs(self, key: tuple[str, _Words], count: int) -> bool:
        share = _SHARE_OF_WORD if len(key[1]) == 1 else _SHARE_OF_PART
        return count >= max(2 * LEAST, share * self.texts) and len(self.others[key]) >= _OTHERS


def _runs(text: str) -> set[_Words]:
    words = text.split()
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def _differ(texts: Sequence[str]) -> bool:
    """Tell whether texts are different ones, and not versions of one text."""
    runs = [_runs(text) for text in texts]
    return median(len(one & other) / max(1, len(one | other)) for one, other in combinations(runs, 2)) <= _ALIKE


def learn_lines(documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the lines to leave out that recur in many of these documents, for ``Config(ignore_lines=...)``, sorted.

    Lines are counted for each source, and over all documents that have none.

    >>> texts = [
    ...     "The port of Marsa was closed by a storm.",
    ...     "Two lions came to the zoo on Monday.",
    ...     "A bank in Tarsk opened its doors again.",
    ...     "Farmers ask for rain, as wells run dry.",
    ...     "The mayor plans to build four schools.",
    ... ]
    >>> learn_lines([Document(str(number), f"{text}\\nWrite to the desk") for number, text in enumerate(texts)])
    ('write to the desk',)
    """
    by_source: dict[str | None, _Counts] = defaultdict(_Counts)
    for place, document in enumerate(documents):
        by_source[document.source].add(place, document.text)
    found: set[str] = set()
    for counts in by_source.values():
        for kind, words in counts.furniture():
            if _differ([documents[place].text for place in counts.samples[kind, words]]):
                line = " ".join(words)
                found.add(line + f" {ELLIPSIS}" if kind == "<" else f"{ELLIPSIS} " + line if kind == ">" else line)
    return tuple(sorted(found))
