"""The text of one state of a timeline: its numbers, what they count, and its sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dedup.text.advisories import advisory_of
from dedup.text.fold import fold

from ..diff.edits import EditSide, tokenize_with_numbers
from ..diff.limits import max_numbers
from ..kinds.classify import number_kind
from ..kinds.context import SideContext
from ..kinds.counted_words import role_at
from ..kinds.quantities import amount_at, noun_quantity
from ..language.lexicon import Lexicon
from ..language.tokens import tokenize
from ..model import Amount, Kind, Span
from .counted import Counted, counted_at
from .events import event_words
from .ledger_rows import RowEnd

_MANY = 8  # numbers inside a change that are searched for the number of a fact
_COUNT_WORDS = 5  # words, at most, that say a count without a number: dozens, two children in one word
_SENTENCE = 1_000  # characters of a sentence whose words are compared


@dataclass(frozen=True, slots=True)
class StateNumber:
    """A number in a text: its span, kind and quantity, and what it counts."""

    span: Span
    kind: Kind
    amount: Amount
    role: str | None


class StateText:
    """The text of one state, with its numbers in order."""

    def __init__(self, text: str, sentences: Sequence[Span], lexicon: Lexicon):
        self.text, self.lexicon, self._sentences = text, lexicon, tuple(sentences)
        advisory = advisory_of(text)  # its numbers count versions
        start = 0 if advisory is None else advisory.end
        found = (number for sentence in sentences if sentence.end > start for number in _numbers(text, sentence, lexicon))
        self.numbers = list(islice(found, max_numbers(len(text))))
        self.capped = next(found, None) is not None
        self._starts = [number.span.start for number in self.numbers]
        self._ends: dict[tuple[Span, str | None], RowEnd] = {}  # which rows ask for again and again

    def numbers_in(self, span: Span) -> list[StateNumber]:
        """Return the first numbers that begin or end inside a span."""
        first = bisect_left(self._starts, span.start)
        if first and self.numbers[first - 1].span.end > span.start:
            first -= 1
        return self.numbers[first : min(first + _MANY, bisect_left(self._starts, span.end))]

    def end(self, span: Span, amount: Amount | None, noun: str | None) -> RowEnd:
        """Return a fact of this state as rows of the ledger compare it."""
        if (span, noun) not in self._ends:
            self._ends[span, noun] = self._end(span, noun)
        return replace(self._ends[span, noun], amount=amount)

    def _end(self, span: Span, noun: str | None) -> RowEnd:
        counted = counted_at(self.text, self._sentences, span, self.lexicon)
        at = bisect_right(self._sentences, span.start, key=lambda sentence: sentence.start) - 1
        sentence = self._sentences[at] if at >= 0 else span
        start = max(sentence.start, span.start - _SENTENCE)
        shown = self.text[start : min(sentence.end, start + 2 * _SENTENCE)]
        words = frozenset(word for word in fold(shown).split() if not any(map(str.isdigit, word)))
        return RowEnd(None, counted, noun, span.of(self.text), words, event_words(sorted(words), self.lexicon))

    def counted(self, span: Span) -> Counted:
        """Return what the number in a span counts, and where."""
        return counted_at(self.text, self._sentences, span, self.lexicon)

    def is_count_words(self, span: Span) -> bool:
        """Tell whether a span says a count in a few words, without a number: dozens, two children in one word."""
        words = [token.key for token in tokenize(span.of(self.text)) if token.is_word]
        if not 0 < len(words) <= _COUNT_WORDS:
            return False
        return any(self.lexicon.has("vague", word) or noun_quantity(word, self.lexicon) is not None for word in words)


def _numbers(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[StateNumber]:
    tokens = tokenize_with_numbers(text, sentence, lexicon)
    for place, token in enumerate(tokens):
        if token.number is not None:
            side = EditSide(Span(token.start, token.end), tokens, place, place + 1)
            kind = number_kind(SideContext(side, text, lexicon, side.words))
            yield StateNumber(side.span, kind, amount_at(side, place, lexicon), role_at(side, place, text, lexicon))
