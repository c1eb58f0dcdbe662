"""Sentences over versions: the merged text, with the states that carry each sentence, and sentences that came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from .model import Comparison, Passage, Span
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
        for place in added:
            back = self._back(state, place, dropped, len(added))
            row[place] = self._new() if back is None else back
        self._thread_of.append(row)
        self._last |= {self._root(thread): (state, place) for place, thread in enumerate(row)}

    def _back(self, state: int, place: int, dropped: dict[int, tuple[int, int]], rivals: int) -> int | None:
        words = self._words[state][place]
        if not words:
            return None
        near = len(dropped) * rivals <= _MAX_PAIRS
        best, score = None, _RETURNED
        for root, (since, at) in dropped.items():
            other = self._words[since][at]
            alike = 1.0 if other == words else Indel.normalized_similarity(words, other, score_cutoff=score) if near else 0.0
            if alike >= score and (best is None or alike > score):
                best, score = root, alike
        if best is not None:
            since, at = dropped.pop(best)
            self.returns.append(Return(state, self._sentences[state][place], since, self._sentences[since][at]))
        return best

    def _wording(self, state: int, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(word for place in places for word in self._words[state][place])

    def _reworded(self) -> Iterator[Return]:
        """Yield sentences that go back to the words of an older state after other words."""
        for thread in self.threads.values():
            seen: dict[tuple[str, ...], int] = {}
            last: tuple[str, ...] | None = None
            for state, places in sorted(thread.items()):
                words = self._wording(state, places)
                if words != last and words in seen and state - 1 in thread:
                    since = seen[words]
                    yield Return(state, self._cover(state, places), since, self._cover(since, thread[since]))
                seen[words] = state
                last = words

    def _cover(self, state: int, places: Sequence[int]) -> Span:
        return Span(self._sentences[state][places[0]].start, self._sentences[state][places[-1]].end)

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
