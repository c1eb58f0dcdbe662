"""A short text, read to be compared with others: its tokens, in the language that it seems to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..text.word_lists import language_hints, most_hinted, word_lists
from .word_pairs import token_weight, tokens_of

_CACHED = 1 << 17  # a search reads each headline once, an index for each part of a feed that it is compared with


@dataclass(frozen=True, slots=True)
class Headline:
    """A short text: its folded words, hints at its language, and its tokens in the language that it seems to have."""

    words: tuple[str, ...]
    hints: tuple[int, ...]
    language: str
    tokens: tuple[str, ...]

    @staticmethod
    def of(words: Sequence[str]) -> Headline:
        """Return a headline of folded words.

        >>> Headline.of(["the", "four", "bridges"]).tokens
        ('the', '#4', 'bridges')
        """
        return _headline(tuple(words))

    @property
    def weight(self) -> int:
        """What all tokens weigh together."""
        return sum(map(token_weight, self.tokens))

    def tokens_in(self, language: str) -> tuple[str, ...]:
        """Return the tokens, read in this language."""
        return self.tokens if language == self.language else tokens_of(self.words, word_lists(language))


@lru_cache(maxsize=_CACHED)
def _headline(words: tuple[str, ...]) -> Headline:
    hints = language_hints(words)
    lists = word_lists(most_hinted(hints, words))
    return Headline(words, hints, lists.language, tokens_of(words, lists))
