"""A short text, read to be compared with others: its tokens, and which of them come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from ..arrays.ragged import Array
from ..text.word_lists import language_hints, most_hinted, word_lists
from .word_pairs import is_light, token_weight, tokens_of

_CACHED = 1 << 17  # a crowd of headlines is compared in no order of its own


@dataclass(frozen=True, slots=True)
class Headline:
    """A short text: its folded words, hints at its language, and its tokens in the language that it seems to have.

    ``columns`` is int64 of shape ``(3, tokens)``: the hash of each token, what it weighs, and 1 for one that does not come and go.
    """

    words: tuple[str, ...]
    hints: tuple[int, ...]
    language: str
    tokens: tuple[str, ...]
    weight: int  # of all tokens together
    columns: Array = field(compare=False, repr=False)

    @staticmethod
    def of(words: Sequence[str]) -> Headline:
        """Return a headline of folded words.

        >>> Headline.of(["the", "four", "bridges"]).tokens
        ('the', '#4', 'bridges')
        """
        return _headline(tuple(words))

    def tokens_in(self, language: str) -> tuple[str, ...]:
        """Return the tokens, read in this language."""
        return self.tokens if language == self.language else tokens_of(self.words, word_lists(language))


@lru_cache(maxsize=_CACHED)
def _headline(words: tuple[str, ...]) -> Headline:
    hints = language_hints(words)
    lists = word_lists(most_hinted(hints, words))
    tokens = tokens_of(words, lists)
    content = [token not in lists.function and not is_light(token, lists) for token in tokens]
    weights = [token_weight(token) for token in tokens]
    return Headline(words, hints, lists.language, tokens, sum(weights), np.array(([*map(hash, tokens)], weights, content), np.int64))
