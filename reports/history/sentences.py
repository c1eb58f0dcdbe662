"""Follow sentences over versions: the merged text with the states that have each sentence, and the sentences that came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from ..comparison import compare
from ..language.tokens import tokenize, word_keys
from ..model import FACT_KINDS, Comparison, MergedSentence, Span, Unit

_RETURNED = 0.8
"""Similarity from which a new sentence is a sentence of an older version that came back (wikidiff2's "minor edit")."""
_MAX_PAIRS = 100_000  # new and dropped sentences compared in a step; beyond it only equal ones are found
_MAX_CHECKS = 2_000  # pairs of them in a step whose facts are compared, the most alike first

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnedSentence:
    """A sentence that came back in ``state``, in the words of an older state: ``since`` is the last state that had them."""

    state: int
    span: Span
    since: int
    since_span: Span


@dataclass(slots=True, eq=False)
class _SentenceHistory:
    """One sentence through the states: its place in each state, the states that carry its words, and the sentences merged into it.

    A sentence with a place of its own is merged into no other. So these links are trees, never a ring.
    """

    places: dict[int, int] = field(default_factory=dict)
    carriers: set[int] = field(default_factory=set)
    absorbed: dict[_SentenceHistory, None] = field(default_factory=dict)
    host: _SentenceHistory | None = None
    """The sentence that it is merged into."""
    last: int = -1
    """The last state that carries it."""

    @property
    def since(self) -> int:
        """The last state in which it has a place of its own."""
        return next(reversed(self.places))

    def absorb(self, history: _SentenceHistory) -> None:
        """Take in a sentence that was merged into this one."""
        self.absorbed[history] = None
        history.host = self

    def detach(self) -> None:
        """Make a merged sentence independent again."""
        if self.host:
            del self.host.absorbed[self]
        self.host = None

    def carry(self, state: int) -> None:
        """Record that a state has the words of the sentence, and of the sentences merged into it."""
        left = [self]
        while left:
            history = left.pop()
            history.carriers.add(state)
            history.last = state
            left += history.absorbed


class SentenceHistories:
    """Finds which sentences of different states are one sentence."""

    def __init__(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]], steps: Sequence[Comparison]):
        self._texts, self._sentences = texts, sentences
        self._words = [[word_keys(tokenize(text, span)) for span in spans] for text, spans in zip(texts, sentences, strict=True)]
        known: dict[Words, int] = {}
        self._numbers = [[known.setdefault(words, len(known)) for words in row] for row in self._words]  # one number for equal words
        self._rows: list[list[_SentenceHistory]] = []
        self._all: list[_SentenceHistory] = []
        self.returns: list[ReturnedSentence] = []
        self._add_state(0, {})
        for step, comparison in enumerate(steps):
            self._add_step(step + 1, comparison)
        self.returns += [found for history in self._all for found in self._find_old_wordings(history)]

    def _add_state(self, state: int, known: dict[int, _SentenceHistory]) -> None:
        """Add a state. Its sentences continue the histories in ``known`` (by place), all others begin a new one."""
        row = [known.get(place) or _SentenceHistory() for place in range(len(self._sentences[state]))]
        for place, history in enumerate(row):
            if not history.places:
                self._all.append(history)
            history.places[state] = place
            history.detach()
        for history in row:
            history.carry(state)
        self._rows.append(row)

    def _add_step(self, state: int, comparison: Comparison) -> None:
        row: dict[int, _SentenceHistory] = {}
        for unit in comparison.units:
            if unit.a and unit.b:
                row |= self._continued(state, unit)
        # A sentence that this very step dropped cannot come back in it: it was replaced.
        present = set(row.values())
        dropped = [history for history in self._all if history not in present and history.last < state - 1]
        added = [place for place in range(len(self._sentences[state])) if place not in row]
        self._add_state(state, row | self._find_returned(state, added, dropped))

    def _continued(self, state: int, unit: Unit) -> dict[int, _SentenceHistory]:
        """Return the histories that the later sentences of a unit continue; of merged ones the most similar absorbs the others."""
        before = [self._rows[state - 1][place] for place in unit.a]
        if len(unit.b) == 1:
            (place,) = unit.b
            main = max(before, key=lambda history: self._shared(history, state - 1, state, place))
            for history in before:
                if history is not main:
                    main.absorb(history)
            return {place: main}
        return self._split(state, before[0], unit.b)

    def _split(self, state: int, whole: _SentenceHistory, places: Sequence[int]) -> dict[int, _SentenceHistory]:
        """Return the histories of the parts of a sentence: those once merged into it are detached, new ones take over its carriers."""
        found: dict[int, _SentenceHistory] = {}
        left = [*whole.absorbed, whole]
        for history in left:
            history.detach()
            free = [place for place in places if place not in found]
            if free:
                last = history.since
                found[max(free, key=lambda place: self._shared(history, last, state, place))] = history
        for place in places:
            if place not in found:
                found[place] = _SentenceHistory(carriers=set(whole.carriers), last=whole.last)
                self._all.append(found[place])
        return found

    def _shared(self, history: _SentenceHistory, since: int, state: int, place: int) -> float:
        """Return the share of the words of an older sentence that a sentence has."""
        old, new = Counter(self._words[since][history.places[since]]), Counter(self._words[state][place])
        return (old & new).total() / max(1, old.total())

    def _find_returned(self, state: int, added: Sequence[int], dropped: Sequence[_SentenceHistory]) -> dict[int, _SentenceHistory]:
        """Return the histories that new sentences continue after a gap: in the same words, or in similar ones with the same facts."""
        numbers = self._numbers
        by_words = {numbers[since][at]: (history, since) for history in dropped for since, at in history.places.items()}
        words = self._words[state]
        pairs = [(1.0, place, *by_words[numbers[state][place]]) for place in added if words[place] and numbers[state][place] in by_words]
        for place in added if len(added) * len(dropped) <= _MAX_PAIRS else ():
            for history in dropped:
                since = history.since
                alike = Indel.normalized_similarity(words[place], self._words[since][history.places[since]], score_cutoff=_RETURNED)
                if 0 < alike < 1:
                    pairs.append((alike, place, history, since))
        found: dict[int, _SentenceHistory] = {}
        taken: set[_SentenceHistory] = set()
        checks = 0
        for alike, place, history, since in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            now, before = self._sentences[state][place], self._sentences[since][history.places[since]]
            if place in found or history in taken:
                continue
            checks += alike < 1
            if alike == 1 or (checks <= _MAX_CHECKS and _same_facts(before.of(self._texts[since]), now.of(self._texts[state]))):
                found[place] = history
                taken.add(history)
                self.returns.append(ReturnedSentence(state, now, since, before))
        return found

    def _wording(self, history: _SentenceHistory, state: int) -> int:
        return self._numbers[state][history.places[state]]

    def _find_old_wordings(self, history: _SentenceHistory) -> Iterator[ReturnedSentence]:
        """Yield where a sentence returns to its words in an older state, after other words."""
        seen: dict[int, int] = {}
        last: int | None = None
        for state, place in history.places.items():
            words = self._wording(history, state)
            if words != last and words in seen and state - 1 in history.places:
                since = seen[words]
                yield ReturnedSentence(state, self._sentences[state][place], since, self._sentences[since][history.places[since]])
            seen[words] = state
            last = words

    def merged(self) -> tuple[MergedSentence, ...]:
        """Return the merged text: the sentences of the newest state, and each dropped sentence after the one that it followed."""
        newest = len(self._texts) - 1
        first = _Node(None)
        shown: dict[_SentenceHistory, _Node] = {}
        for state in range(newest, -1, -1):
            at = first
            for place, history in enumerate(self._rows[state]):
                if history.last == state and history not in shown:
                    at.next = _Node(self._merged_sentence(state, place, history, newest), at.next)
                    at = shown[history] = at.next
                else:
                    at = shown.get(history, at)
        return tuple(first)

    def _merged_sentence(self, state: int, place: int, history: _SentenceHistory, newest: int) -> MergedSentence:
        wordings = len({self._wording(history, each) for each in history.places})
        return MergedSentence(state, self._sentences[state][place], tuple(sorted(history.carriers)), wordings, state != newest)


def _same_facts(old: str, new: str) -> bool:
    """Tell whether two sentences have the same numbers, names, sources, times and polarity; if not, they report two events."""
    return not any(change.kind in FACT_KINDS for change in compare(old, new).changes)


class _Node:
    """A node of a linked list, the merged text: a dropped sentence is put in without moving the others."""

    __slots__ = ("next", "sentence")

    def __init__(self, sentence: MergedSentence | None, following: _Node | None = None):
        self.sentence, self.next = sentence, following

    def __iter__(self) -> Iterator[MergedSentence]:
        at: _Node | None = self
        while at is not None:
            if at.sentence is not None:
                yield at.sentence
            at = at.next
