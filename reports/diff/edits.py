"""Find the edits inside a unit, token by token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..cache import ResultCache
from ..language.lexicon import Lexicon
from ..language.numbers import read_numbers
from ..language.tokens import Token, tokenize
from ..model import Span
from .blocks import matching_blocks
from .texts import ComparedTexts
from .word_alignment import TokenPair, align_words, is_rare

_ISLAND = 4  # words from which a match inside a replaced passage is no chance, where the work was bounded


@dataclass(frozen=True, slots=True)
class EditSide:
    """One side of an edit: its span in the text, and the range of its tokens, ``start`` to ``end``, among all tokens of the unit."""

    span: Span
    tokens: tuple[Token, ...]
    start: int
    end: int
    _words: list[tuple[str, ...]] = field(default_factory=list, init=False, repr=False, compare=False)
    _numbers: list[list[int]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """Keys of the words inside, without punctuation; they are worked out once."""
        if not self._words:
            self._words.append(tuple(token.key for token in self.tokens[self.start : self.end] if token.is_word))
        return self._words[0]

    @property
    def number_places(self) -> list[int]:
        """Places of the numbers inside; they are worked out once."""
        if not self._numbers:
            self._numbers.append([place for place in range(self.start, self.end) if self.tokens[place].number is not None])
        return self._numbers[0]


@dataclass(frozen=True, slots=True)
class Edit:
    """One stretch that differs; one side may be empty."""

    a: EditSide
    b: EditSide

    def surfaces(self, texts: ComparedTexts) -> tuple[str, str]:
        """Return the text of both sides, as written."""
        return self.a.span.of(texts.a), self.b.span.of(texts.b)

    def sides(self, texts: ComparedTexts) -> tuple[tuple[EditSide, str], tuple[EditSide, str]]:
        """Return both sides, each with the whole text that it is part of."""
        return (self.a, texts.a), (self.b, texts.b)


def _matching_tokens(a: Sequence[Token], b: Sequence[Token], lexicon: Lexicon) -> tuple[list[TokenPair], bool]:
    """Return the tokens that correspond, in order, and whether the work was capped."""
    joiners = lexicon.joiners[:1]
    keys_a, keys_b = ([strip_joiner(token.key, joiners) for token in tokens] for tokens in (a, b))
    pairs = align_words(a, b, keys_a, keys_b, lexicon)
    if pairs is not None:
        return pairs, False
    blocks, capped = matching_blocks(keys_a, keys_b)
    kept = _without_islands(blocks, a, b) if capped else blocks
    return [TokenPair(i + step, j + step) for i, j, size in kept for step in range(size)], capped


def _without_islands(blocks: list[tuple[int, int, int]], a: Sequence[Token], b: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Drop matches of a few words inside a replaced passage: word by word, they match by chance."""
    kept: list[tuple[int, int, int]] = []
    for place, (i, j, size) in enumerate(blocks):
        left, right = (kept[-1][0] + kept[-1][2], kept[-1][1] + kept[-1][2]) if kept else (0, 0)
        next_i, next_j = blocks[place + 1][:2] if place + 1 < len(blocks) else (len(a), len(b))
        replaced = left < i and right < j and i + size < next_i and j + size < next_j
        if not replaced or sum(token.is_word for token in a[i : i + size]) >= _ISLAND:
            kept.append((i, j, size))
    return kept


def shared_space(one: str, other: str) -> int:
    """Return the number of characters of white space that both texts begin with."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length] and one[length].isspace():
        length += 1
    return length


def trim_shared_space(texts: ComparedTexts, a: Span, b: Span) -> tuple[Span, Span]:
    """Return two spans without the white space that both begin or end with."""
    one, other = a.of(texts.a), b.of(texts.b)
    front = shared_space(one, other)
    back = shared_space(one[front:][::-1], other[front:][::-1])
    return Span(a.start + front, a.end - back), Span(b.start + front, b.end - back)


def strip_joiner(word: str, joiners: Sequence[str]) -> str:
    """Return a word without the "and" that is written on to it: a town that is no longer the first of a list is the same town."""
    joiner = next((joiner for joiner in joiners if word.startswith(joiner) and len(word) >= len(joiner) + 3), "")
    return word[len(joiner) :]


_recent: ResultCache[Token] = ResultCache()


def tokenize_with_numbers(text: str, span: Span, lexicon: Lexicon) -> tuple[Token, ...]:
    """Return the tokens of a span with every number as one token."""
    key = (text, span.start, span.end, lexicon.language)
    return _recent.get(key, lambda: read_numbers(text, tokenize(text, span), lexicon))


def find_edits(texts: ComparedTexts, span_a: Span, span_b: Span) -> tuple[list[Edit], bool]:
    """Return what differs between two spans, in order, and whether the work was capped.

    Outside of the edits both spans are equal code point for code point.
    """
    a, b = tokenize_with_numbers(texts.a, span_a, texts.lexicon), tokenize_with_numbers(texts.b, span_b, texts.lexicon)
    pairs, capped = _matching_tokens(a, b, texts.lexicon)
    return list(_edits_between(texts, (span_a, a), (span_b, b), pairs)), capped


def _edits_between(
    texts: ComparedTexts, in_a: tuple[Span, tuple[Token, ...]], in_b: tuple[Span, tuple[Token, ...]], pairs: Sequence[TokenPair]
) -> Iterator[Edit]:
    """Yield the edits between the tokens that stay, and an edit for each token that stays but is written in another way.

    A word that only changes its particles is one edit with the words that changed right beside it, unless it is a rare word: a name.
    """
    (span_a, a), (span_b, b) = in_a, in_b
    at_a, at_b, next_a, next_b = span_a.start, span_b.start, 0, 0
    last: Edit | None = None  # the edit that ends where the next tokens begin
    takes = False  # whether it takes in what follows
    for pair in [*pairs, TokenPair(len(a), len(b), 0, 0)]:
        i, j = pair.a, pair.b
        end_a, end_b = (a[i].start, b[j].start) if pair.size_a else (span_a.end, span_b.end)
        between_a, between_b = Span(at_a, end_a), Span(at_b, end_b)
        variant = not pair.equal and not is_rare(a[i].key, texts.lexicon) and not is_rare(b[j].key, texts.lexicon)
        if between_a.of(texts.a) != between_b.of(texts.b):
            between_a, between_b = trim_shared_space(texts, between_a, between_b)
            edit = Edit(EditSide(between_a, a, next_a, i), EditSide(between_b, b, next_b, j))
            if last and takes and (edit.a.words or edit.b.words):
                last = merge_edits(last, edit)
            else:
                if last:
                    yield last
                last = edit
            takes = variant and bool(edit.a.words or edit.b.words)
        elif i > next_a or j > next_b or not variant:
            takes = False
        next_a, next_b = i + pair.size_a, j + pair.size_b
        if pair.size_a:
            at_a, at_b = a[next_a - 1].end, b[next_b - 1].end
            if texts.a[end_a:at_a] == texts.b[end_b:at_b]:
                takes = False
                continue
            edit = Edit(EditSide(Span(end_a, at_a), a, i, next_a), EditSide(Span(end_b, at_b), b, j, next_b))
            if last and takes:
                last = merge_edits(last, edit)
            else:
                if last:
                    yield last
                last = edit
            takes = variant
    if last:
        yield last


def trim_edit(edit: Edit, texts: ComparedTexts) -> Edit:
    """Return an edit without the white space that both sides begin or end with."""
    a, b = trim_shared_space(texts, edit.a.span, edit.b.span)
    return Edit(replace(edit.a, span=a), replace(edit.b, span=b))


def merge_edits(one: Edit, other: Edit) -> Edit:
    """Return the edit that reaches from the start of one to the end of the other, which follows it."""
    return Edit(
        EditSide(Span(one.a.span.start, other.a.span.end), one.a.tokens, one.a.start, other.a.end),
        EditSide(Span(one.b.span.start, other.b.span.end), one.b.tokens, one.b.start, other.b.end),
    )


def merge_close_edits(edits: Iterable[Edit], least: int) -> Iterator[Edit]:
    """Yield the edits of a unit; edits with fewer than ``least`` tokens between them become one."""
    last: Edit | None = None
    for edit in edits:
        if last and edit.a.start - last.a.end < least:
            last = merge_edits(last, edit)
            continue
        if last:
            yield last
        last = edit
    if last:
        yield last


def split_edit(edit: Edit, texts: ComparedTexts, at: tuple[int, int]) -> tuple[Edit, Edit]:
    """Split an edit in two, before these places of its tokens. White space between the parts is in neither if both sides have the same."""
    firsts, lasts, gaps = [], [], []
    for (side, text), place in zip(edit.sides(texts), at, strict=True):
        end = side.tokens[place - 1].end if place > side.start else side.span.start
        start = side.tokens[place].start if place < side.end else side.span.end
        gaps.append(text[end:start])
        firsts.append(EditSide(Span(side.span.start, end), side.tokens, side.start, place))
        lasts.append(EditSide(Span(start, side.span.end), side.tokens, place, side.end))
    if gaps[0] != gaps[1]:
        lasts = [replace(last, span=Span(first.span.end, last.span.end)) for first, last in zip(firsts, lasts, strict=True)]
    return Edit(*firsts), Edit(*lasts)
