"""Sentences over versions: the merged text, with the states that carry each sentence, and sentences that came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from ..comparison import compare
from ..language.tokens import tokenize, words_of
from ..model import HEAVY, Comparison, Passage, Span, Unit

_RETURNED = 0.8
"""Similarity from which a new sentence is one that an older version had (a "minor edit" of wikidiff2)."""
_MAX_PAIRS = 100_000  # new and dropped sentences compared in a step; beyond it only equal ones are found
_MAX_CHECKS = 2_000  # pairs of them in a step whose facts are compared, the most alike first

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """A sentence that came back: in ``state``, with the words that ``since`` was the last to have."""

    state: int
    span: Span
    since: int
    since_span: Span


@dataclass(slots=True, eq=False)
class _Thread:
    """One sentence through the states: its place in each that has it, the states that carry its words, what was merged into it.

    One that has a place of its own is merged into no other: what is merged into what makes trees, never a ring.
    """

    places: dict[int, int] = field(default_factory=dict)
    carriers: set[int] = field(default_factory=set)
    absorbed: dict[_Thread, None] = field(default_factory=dict)
    host: _Thread | None = None
    """What it is merged into."""
    last: int = -1
    """The last state that carries it."""

    @property
    def since(self) -> int:
        """The last state in which it has a place of its own."""
        return next(reversed(self.places))

    def absorb(self, thread: _Thread) -> None:
        """Take in a sentence that was merged into this one."""
        self.absorbed[thread] = None
        thread.host = self

    def part(self) -> None:
        """Go on by itself."""
        if self.host:
            del self.host.absorbed[self]
        self.host = None

    def carry(self, state: int) -> None:
        """Note that a state has the words of the sentence, and of those that were merged into it."""
        left = [self]
        while left:
            thread = left.pop()
            thread.carriers.add(state)
            thread.last = state
            left += thread.absorbed


class Threads:
    """Which sentences of different states are one sentence."""

    def __init__(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]], steps: Sequence[Comparison]):
        self._texts, self._sentences = texts, sentences
        self._words = [[words_of(tokenize(text, span)) for span in spans] for text, spans in zip(texts, sentences, strict=True)]
        known: dict[Words, int] = {}
        self._numbers = [[known.setdefault(words, len(known)) for words in row] for row in self._words]  # equal for equal words
        self._rows: list[list[_Thread]] = []
        self._all: list[_Thread] = []
        self.returns: list[Return] = []
        self._put(0, {})
        for step, comparison in enumerate(steps):
            self._advance(step + 1, comparison)
        self.returns += [found for thread in self._all for found in self._reworded(thread)]

    def _put(self, state: int, known: dict[int, _Thread]) -> None:
        """Add a state, whose sentences go on in ``known`` threads or begin new ones."""
        row = [known.get(place) or _Thread() for place in range(len(self._sentences[state]))]
        for place, thread in enumerate(row):
            if not thread.places:
                self._all.append(thread)
            thread.places[state] = place
            thread.part()
        for thread in row:
            thread.carry(state)
        self._rows.append(row)

    def _advance(self, state: int, comparison: Comparison) -> None:
        row: dict[int, _Thread] = {}
        for unit in comparison.units:
            if unit.a and unit.b:
                row |= self._continued(state, unit)
        # What this very step dropped did not come back: it was replaced.
        present = set(row.values())
        dropped = [thread for thread in self._all if thread not in present and thread.last < state - 1]
        added = [place for place in range(len(self._sentences[state])) if place not in row]
        self._put(state, row | self._back(state, added, dropped))

    def _continued(self, state: int, unit: Unit) -> dict[int, _Thread]:
        """Return the threads that go on in the later sentences of a unit; of merged ones the most alike takes in the others."""
        before = [self._rows[state - 1][place] for place in unit.a]
        if len(unit.b) == 1:
            (place,) = unit.b
            main = max(before, key=lambda thread: self._shared(thread, state - 1, state, place))
            for thread in before:
                if thread is not main:
                    main.absorb(thread)
            return {place: main}
        return self._split(state, before[0], unit.b)

    def _split(self, state: int, whole: _Thread, places: Sequence[int]) -> dict[int, _Thread]:
        """Return the threads of the parts of a sentence: what was merged into it goes on by itself, and new ones have its carriers."""
        found: dict[int, _Thread] = {}
        left = [*whole.absorbed, whole]
        for thread in left:
            thread.part()
            free = [place for place in places if place not in found]
            if free:
                last = thread.since
                found[max(free, key=lambda place: self._shared(thread, last, state, place))] = thread
        for place in places:
            if place not in found:
                found[place] = _Thread(carriers=set(whole.carriers), last=whole.last)
                self._all.append(found[place])
        return found

    def _shared(self, thread: _Thread, since: int, state: int, place: int) -> float:
        """Return the share of the words of a thread's sentence that a sentence has."""
        old, new = Counter(self._words[since][thread.places[since]]), Counter(self._words[state][place])
        return (old & new).total() / max(1, old.total())

    def _back(self, state: int, added: Sequence[int], dropped: Sequence[_Thread]) -> dict[int, _Thread]:
        """Return the threads that new sentences take up again: in words they had, or in nearly the same about the same facts."""
        numbers = self._numbers
        by_words = {numbers[since][at]: (thread, since) for thread in dropped for since, at in thread.places.items()}
        words = self._words[state]
        pairs = [(1.0, place, *by_words[numbers[state][place]]) for place in added if words[place] and numbers[state][place] in by_words]
        for place in added if len(added) * len(dropped) <= _MAX_PAIRS else ():
            for thread in dropped:
                since = thread.since
                alike = Indel.normalized_similarity(words[place], self._words[since][thread.places[since]], score_cutoff=_RETURNED)
                if 0 < alike < 1:
                    pairs.append((alike, place, thread, since))
        found: dict[int, _Thread] = {}
        taken: set[_Thread] = set()
        checks = 0
        for alike, place, thread, since in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            now, before = self._sentences[state][place], self._sentences[since][thread.places[since]]
            if place in found or thread in taken:
                continue
            checks += alike < 1
            if alike == 1 or (checks <= _MAX_CHECKS and _same_facts(before.of(self._texts[since]), now.of(self._texts[state]))):
                found[place] = thread
                taken.add(thread)
                self.returns.append(Return(state, now, since, before))
        return found

    def _wording(self, thread: _Thread, state: int) -> int:
        return self._numbers[state][thread.places[state]]

    def _reworded(self, thread: _Thread) -> Iterator[Return]:
        """Yield where a sentence goes back to the words of an older state after other words."""
        seen: dict[int, int] = {}
        last: int | None = None
        for state, place in thread.places.items():
            words = self._wording(thread, state)
            if words != last and words in seen and state - 1 in thread.places:
                since = seen[words]
                yield Return(state, self._sentences[state][place], since, self._sentences[since][thread.places[since]])
            seen[words] = state
            last = words

    def merged(self) -> tuple[Passage, ...]:
        """Return the sentences of the newest state, and each dropped one after the sentence that it followed."""
        newest = len(self._texts) - 1
        first = _Item(None)
        shown: dict[_Thread, _Item] = {}
        for state in range(newest, -1, -1):
            at = first
            for place, thread in enumerate(self._rows[state]):
                if thread.last == state and thread not in shown:
                    at.next = _Item(self._passage(state, place, thread, newest), at.next)
                    at = shown[thread] = at.next
                else:
                    at = shown.get(thread, at)
        return tuple(first)

    def _passage(self, state: int, place: int, thread: _Thread, newest: int) -> Passage:
        wordings = len({self._wording(thread, each) for each in thread.places})
        return Passage(state, self._sentences[state][place], tuple(sorted(thread.carriers)), wordings, state != newest)


def _same_facts(old: str, new: str) -> bool:
    """Tell whether two sentences differ in no number, name, source, time or polarity: else it is another event in the same words."""
    return not any(change.kind in HEAVY for change in compare(old, new).changes)


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
