"""Sentences over versions: the merged text, with the states that carry each sentence, and sentences that came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from .compare import compare
from .model import HEAVY, Comparison, Passage, Span
from .tokens import tokenize, words_of

_RETURNED = 0.8
"""Similarity from which a new sentence is one that an older version had (a "minor edit" of wikidiff2)."""
_MAX_PAIRS = 100_000  # new and dropped sentences compared; beyond it only equal ones are found


@dataclass(frozen=True, slots=True)
class Return:
    """A sentence that came back: in ``state``, with the words that ``since`` was the last to have."""

    state: int
    span: Span
    since: int
    since_span: Span


class Threads:
    """Which sentences of different states are one sentence: a thread holds, by state, the places of its sentences."""

    def __init__(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]], steps: Sequence[Comparison]):
        self._texts, self._sentences = texts, sentences
        self._words = [[words_of(tokenize(text, span)) for span in spans] for text, spans in zip(texts, sentences, strict=True)]
        self._thread_of: list[list[int]] = []
        self._parent: list[int] = []
        self.returns: list[Return] = []
        self._thread_of.append([self._new() for _ in sentences[0]])
        self._last = {thread: (0, place) for place, thread in enumerate(self._thread_of[0])}  # where a thread was seen last
        for step, comparison in enumerate(steps):
            self._advance(step + 1, comparison)
        self.threads: dict[int, dict[int, list[int]]] = {}
        for state, row in enumerate(self._thread_of):
            for place, thread in enumerate(row):
                self.threads.setdefault(self._root(thread), {}).setdefault(state, []).append(place)
        self.returns += self._reworded()

    def _new(self) -> int:
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def _root(self, thread: int) -> int:
        while self._parent[thread] != thread:
            thread = self._parent[thread]
        return thread

    def _advance(self, state: int, comparison: Comparison) -> None:
        before = self._thread_of[-1]
        row = [-1] * len(self._sentences[state])
        for unit in comparison.units:
            if unit.a and unit.b:
                roots = sorted({self._root(before[place]) for place in unit.a})
                for root in roots[1:]:
                    self._parent[root] = roots[0]
                    self._last[roots[0]] = max(self._last[roots[0]], self._last.pop(root))
                for place in unit.b:
                    row[place] = roots[0]
        # What this very step dropped did not come back: it was replaced.
        dropped = {thread: at for thread, at in self._last.items() if at[0] < state - 1}
        added = [place for place, thread in enumerate(row) if thread < 0]
        back = self._back(state, added, dropped)
        for place in added:
            row[place] = back[place] if place in back else self._new()
        self._thread_of.append(row)
        self._last |= {self._root(thread): (state, place) for place, thread in enumerate(row)}

    def _back(self, state: int, added: Sequence[int], dropped: dict[int, tuple[int, int]]) -> dict[int, int]:
        """Return the threads that new sentences take up again: the same words, or nearly and about the same facts; the most alike first."""
        by_words: dict[tuple[str, ...], list[int]] = {}
        for root, (since, at) in dropped.items():
            by_words.setdefault(self._words[since][at], []).append(root)
        pairs = [(1.0, place, root) for place in added if self._words[state][place] for root in by_words.get(self._words[state][place], ())]
        if len(added) * len(dropped) <= _MAX_PAIRS:
            for place in added:
                for root, (since, at) in dropped.items():
                    alike = Indel.normalized_similarity(self._words[state][place], self._words[since][at], score_cutoff=_RETURNED)
                    if 0 < alike < 1:
                        pairs.append((alike, place, root))
        found: dict[int, int] = {}
        for alike, place, root in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
            now, (since, at) = self._sentences[state][place], dropped[root]
            before = self._sentences[since][at]
            if place in found or root in found.values():
                continue
            if alike == 1 or self._same_facts(before.of(self._texts[since]), now.of(self._texts[state])):
                found[place] = root
                self.returns.append(Return(state, now, since, before))
        return found

    @staticmethod
    def _same_facts(old: str, new: str) -> bool:
        """Tell whether two sentences differ in no number, name, source, time or polarity: else it is another event in the same words."""
        return not any(change.kind in HEAVY for change in compare(old, new).changes)

    def _wording(self, state: int, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(word for place in places for word in self._words[state][place])

    def _reworded(self) -> Iterator[Return]:
        """Yield sentences that go back to the words of an older state after other words."""
        for thread in self.threads.values():
            seen: dict[tuple[str, ...], int] = {}
            last: tuple[str, ...] | None = None
            for state, places in sorted(thread.items()):
                words = self._wording(state, places)
                if words != last and words in seen and state - 1 in thread and len(places) == len(thread[seen[words]]) == 1:
                    since = seen[words]
                    spans = (self._sentences[state][places[0]], self._sentences[since][thread[since][0]])
                    yield Return(state, spans[0], since, spans[1])
                seen[words] = state
                last = words

    def merged(self) -> tuple[Passage, ...]:
        """Return the sentences of the newest state, and each dropped one after the sentence that it followed."""
        newest = len(self._texts) - 1
        first = _Item(None)
        shown: dict[int, _Item] = {}
        for state in range(newest, -1, -1):
            at = first
            for place, thread in enumerate(self._thread_of[state]):
                root = self._root(thread)
                if max(self.threads[root]) == state:
                    at.next = _Item(self._passage(state, place, self.threads[root], newest), at.next)
                    at = shown[root] = at.next
                else:
                    at = shown.get(root, at)
        return tuple(first)

    def _passage(self, state: int, place: int, thread: dict[int, list[int]], newest: int) -> Passage:
        wordings = len({self._wording(each, places) for each, places in thread.items()})
        return Passage(state, self._sentences[state][place], tuple(sorted(thread)), wordings, state != newest)


class _Item:
    """A place in the merged text: a linked list, so that a dropped sentence goes in without moving the others."""

    __slots__ = ("next", "passage")

    def __init__(self, passage: Passage | None, following: _Item | None = None):
        self.passage, self.next = passage, following

    def __iter__(self) -> Iterator[Passage]:
        at: _Item | None = self
        while at is not None:
            if at.passage is not None:
                yield at.passage
            at = at.next
