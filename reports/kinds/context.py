"""One side of an edit with the words around it: the questions that the rules for kinds of change ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diff.edits import EditSide
from ..language.lexicon import Lexicon
from ..language.tokens import Token
from ..model import Span
from .quantities import number_places

ENDS = (".", "!", "?", "…")  # after which a capital says nothing
_NEAR = 60  # tokens on either side that are searched for words that moved
_REACH = 24  # tokens that are looked at on either side


def _nth_word(tokens: Sequence[Token], place: int) -> str:
    for token in tokens:
        place -= token.is_word
        if not place:
            return token.key
    return ""


@dataclass(frozen=True, slots=True)
class SideContext:
    """One side of an edit in its context: the whole text, the lexicon of the language, and the keys of the words inside."""

    edit_side: EditSide
    text: str
    lexicon: Lexicon
    words: tuple[str, ...]

    @classmethod
    def of(cls, side: EditSide, text: str, lexicon: Lexicon) -> SideContext:
        """Return a side of an edit in its context."""
        return cls(side, text, lexicon, side.words)

    @property
    def without_first(self) -> SideContext:
        """The side without its first word."""
        tokens, start, end = self.edit_side.tokens, self.edit_side.start + 1, self.edit_side.end
        span = Span(tokens[start].start, self.edit_side.span.end)
        return SideContext.of(EditSide(span, tokens, start, end), self.text, self.lexicon)

    @property
    def without_last(self) -> SideContext:
        """The side without its last word."""
        tokens, start, end = self.edit_side.tokens, self.edit_side.start, self.edit_side.end - 1
        span = Span(self.edit_side.span.start, tokens[end - 1].end if end > start else self.edit_side.span.start)
        return SideContext.of(EditSide(span, tokens, start, end), self.text, self.lexicon)

    @property
    def surface(self) -> str:
        """The text inside, as written."""
        return self.edit_side.span.of(self.text)

    @property
    def numbers(self) -> list[Token]:
        """The numbers inside."""
        return [self.edit_side.tokens[place] for place in number_places(self.edit_side)]

    def word_before(self, place: int = 1) -> str:
        """Return the key of a word before the side, the nearest for ``place`` 1; empty where there is none."""
        return _nth_word(self.edit_side.tokens[max(0, self.edit_side.start - _REACH) : self.edit_side.start][::-1], place)

    def word_after(self, place: int = 1) -> str:
        """Return the key of a word after the side, the nearest for ``place`` 1; empty where there is none."""
        return _nth_word(self.edit_side.tokens[self.edit_side.end : self.edit_side.end + _REACH], place)

    def words_after(self, reach: int) -> Iterator[tuple[str, str]]:
        """Yield the words after the side, each with the punctuation mark before it ("" for none); a last mark comes with the word ""."""
        return self._walk(range(self.edit_side.end, min(len(self.edit_side.tokens), self.edit_side.end + 2 * reach)), reach)

    def words_before(self, reach: int) -> Iterator[tuple[str, str]]:
        """Yield the words before the side, the nearest first, each with the punctuation mark after it ("" for none)."""
        return self._walk(range(self.edit_side.start - 1, max(-1, self.edit_side.start - 2 * reach), -1), reach)

    def _walk(self, places: range, reach: int) -> Iterator[tuple[str, str]]:
        mark, found = "", 0
        for place in places:
            token = self.edit_side.tokens[place]
            if not token.is_word:
                mark = "" if token.key in ('"', "'", "(", ")") else token.key
                continue
            yield token.key, mark
            mark, found = "", found + 1
            if found == reach:
                return
        if mark:
            yield "", mark

    def leading_length(self, name: str) -> int:
        """Return how many words at the start of the side are a phrase of a list, 0 for none."""
        return self.lexicon.phrase_length(name, self.words, 0)

    def phrase_starts(self, reach: int) -> Iterator[tuple[list[str], int]]:
        """Yield every place where a phrase can start, up to ``reach`` tokens around the side: the keys of the tokens, and the place."""
        keys = [token.key for token in self.edit_side.tokens[max(0, self.edit_side.start - reach) : self.edit_side.end + reach]]
        return ((keys, place) for place in range(len(keys)))

    def followed_by(self, *names: str, start: int = 1) -> bool:
        """Tell whether a word or phrase of one of these lists follows the side; ``start`` 2 means after one other word."""
        words = [self.word_after(place) for place in range(start, start + 3)]
        return any(self.lexicon.phrase_length(name, words, 0) for name in names)

    def in_lists(self, word: str, *names: str) -> bool:
        """Tell whether a word is in one of these lists."""
        return bool(word) and any(self.lexicon.has(name, word) for name in names)

    def is_month(self, place: int) -> bool:
        """Tell whether a word around the side, -1 for the one before it, 1 for the one after, begins a month: the verb "may" does not."""
        tokens, start, end = self.edit_side.tokens, self.edit_side.start, self.edit_side.end
        around = tokens[max(0, start - _REACH) : start][::-1] if place < 0 else tokens[end : end + _REACH]
        words = [token for token in around if token.is_word]
        if len(words) < abs(place):
            return False
        word = words[abs(place) - 1]
        if self.lexicon.has("ambiguous_times", word.key) and not self.text[word.start].isupper():
            return False
        return self.lexicon.has("months", word.key) if place < 0 else self.followed_by("months", "month_numbers", start=place)

    def only_in_lists(self, *names: str) -> bool:
        """Tell whether all words inside are numbers, or words or phrases of these lists."""
        tokens = [token for token in self.edit_side.tokens[self.edit_side.start : self.edit_side.end] if token.is_word]
        place = 0
        while place < len(tokens):
            length = max(self.lexicon.phrase_length(name, self.words, place) for name in names)
            if not length and tokens[place].number is None:
                return False
            place += length or 1
        return True

    def contains(self, *names: str) -> bool:
        """Tell whether a word or phrase of one of these lists is inside."""
        return any(self.lexicon.phrase_length(name, self.words, start) for name in names for start in range(len(self.words)))

    def starts_with(self, *names: str) -> bool:
        """Tell whether the side begins with a word or phrase of one of these lists."""
        return any(self.lexicon.phrase_length(name, self.words, 0) for name in names)

    @property
    def is_honorific(self) -> bool:
        """True where all words inside are honorifics: Mr, his excellency."""
        small = ("\N{ARABIC TATWEEL}", *self.lexicon.joiners)
        return all(self.in_lists(word, "honorifics") or word in small for word in self.words)

    @property
    def has_verb(self) -> bool:
        """True where a verb is inside."""
        return any(self.lexicon.is_verb(word) for word in self.words)

    @property
    def is_capitalised(self) -> bool:
        """True where a word inside has a capital letter, and not because it begins a sentence."""
        tokens = self.edit_side.tokens
        inside = (place for place in range(self.edit_side.start, self.edit_side.end) if place and tokens[place - 1].key not in ENDS)
        return any(tokens[place].is_word and self.text[tokens[place].start].isupper() and len(tokens[place].key) > 1 for place in inside)

    def _mark(self, place: int) -> str | None:
        """Return the punctuation mark at a place, "" for a word, None outside of the unit."""
        tokens = self.edit_side.tokens
        return ("" if tokens[place].is_word else tokens[place].key) if 0 <= place < len(tokens) else None

    @property
    def is_quoted(self) -> bool:
        """True where the side is a whole quotation: it stands between two quotation marks."""
        return self._mark(self.edit_side.start - 1) == self._mark(self.edit_side.end) == '"'

    @property
    def starts_sentence(self) -> bool:
        """True at the start of a sentence."""
        return self._mark(self.edit_side.start - 1) in (None, *ENDS)

    @property
    def starts_clause(self) -> bool:
        """True at the start of a sentence, or after a comma, semicolon or colon."""
        return self.starts_sentence or self._mark(self.edit_side.start - 1) in (",", ";", ":")

    @property
    def follows_verb(self) -> bool:
        """True where a mark and one or two words stand before the side: ", said", ", a dit"."""
        marks = [self._mark(self.edit_side.start - place) for place in (1, 2, 3)]
        return marks[0] == "" and bool({",", '"'} & set(marks[1:]))

    @property
    def ends_clause(self) -> bool:
        """True at the end of a sentence or before a comma."""
        return self._mark(self.edit_side.end) in (None, *ENDS, ",", ";")

    @property
    def is_list_member(self) -> bool:
        """True where an "and" or a comma joins the side to a list."""
        tokens, start, end = self.edit_side.tokens, self.edit_side.start, self.edit_side.end
        first = next((token.key for token in tokens[start:end] if token.is_word), "")
        following = tokens[end].key if end < len(tokens) else ""
        marks = [tokens[place].key for place in (start - 1, start, end - 1, end) if 0 <= place < len(tokens)]
        written_on = any(word.startswith(joiner) for word in (first, following) for joiner in self.lexicon.joiners[:1])
        return bool(first) and (written_on or "," in marks or bool({first, following} & self.lexicon.lists["joiners"]))


_SMALL = ("prepositions", "honorifics", "articles", "joiners")


def _content(side: SideContext) -> list[str]:
    """Return the content words: those that are no preposition, article, honorific or joiner, but also negations."""
    return [word for word in side.words if side.in_lists(word, "negation", "modality") or not side.in_lists(word, *_SMALL)]


def has_same_content(a: SideContext, b: SideContext) -> bool:
    """Tell whether two sides have the same content words, in any order: في جدة and بجدة; "the minister Mr X" and "Mr X, the minister"."""
    left, right = _content(a), _content(b)
    if len(left) != len(right) or not a.words or not b.words:
        return False
    for word in left:  # also where one of the two words has particles
        forms = set(a.lexicon.variants(word))
        found = next((other for other in right if not forms.isdisjoint(a.lexicon.variants(other))), None)
        if found is None:
            return False
        right.remove(found)
    return bool(left) or (a.is_honorific and b.is_honorific)


def _count(side: EditSide, words: Sequence[str]) -> int:
    """Return how often a row of words occurs near a side."""
    keys = [token.key for token in side.tokens[max(0, side.start - _NEAR) : side.end + _NEAR] if token.is_word]
    if words[0] not in keys:
        return 0
    first, rest = words[0], list(words[1:])
    return sum(key == first and keys[place + 1 : place + len(words)] == rest for place, key in enumerate(keys))


def is_moved_phrase(one: SideContext, other: SideContext) -> bool:
    """Tell whether the words of one side only moved: the other text has them near by, as often as before; "did not" is no phrase."""
    if len(one.words) < 2 or other.words or (one.contains("negation") and one.only_in_lists("negation", "verbs", "auxiliaries")):
        return False
    if _count(one.edit_side, one.words) == _count(other.edit_side, one.words):
        return True
    # A name that moved with another title: Eng. X, the engineer X.
    named = [word for word in one.words if word not in one.lexicon.lists["honorifics"]]
    titled = bool(one.lexicon.article) and 1 < len(named) < len(one.words)
    return titled and all(0 < _count(one.edit_side, (word,)) <= _count(other.edit_side, (word,)) for word in named)


def occurs_in_other_text(one: SideContext, other: SideContext) -> bool:
    """Tell whether the words of one side occur in the other text near by, at least as often as in its own."""
    found = _count(other.edit_side, one.words)
    return found > 0 and found >= _count(one.edit_side, one.words)


def nonempty_sides(a: SideContext, b: SideContext) -> list[SideContext]:
    """Return the sides that have words."""
    return [side for side in (a, b) if side.words]
