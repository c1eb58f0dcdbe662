"""Many headlines, to be compared with each other: their tokens as numbers, and which of these may be one word or near words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import kernels
from ..arrays.numbers import Numbers, ragged
from ..arrays.ragged import Array, Ragged, is_among, sorted_unique
from ..kernels.protocol import LINKED, TokenFacts
from ..text.near_words import near_keys
from ..text.word_lists import LANGUAGES
from .headline import Headline
from .story_checks import comes_and_goes, own_weight
from .word_pairs import token_weight

Token = tuple[str, str]
"""A token and the language in which it is read."""


@dataclass(frozen=True, slots=True)
class HeadlineTable:
    """Headlines, a row each: the numbers of their tokens, uint32, and what is known of these. Tokens have numbers in each language.

    ``order`` tells, int64, how headlines are ordered by their words. ``known`` has the tokens by number; ``signatures``, int64, has what
    `patterns_of` has found out about them so far, or 0.
    """

    headlines: Sequence[Headline]
    order: Array
    languages: Array
    known: list[Token]
    rows: Ragged
    facts: TokenFacts
    signatures: Array

    @staticmethod
    def of(headlines: Sequence[Headline]) -> HeadlineTable:
        """Return a table of headlines."""
        numbers = {language: Numbers() for language in LANGUAGES}
        named = [[*map(numbers[headline.language].__getitem__, headline.tokens)] for headline in headlines]
        starts = dict(zip(LANGUAGES, np.cumsum([0, *map(len, numbers.values())]).tolist(), strict=False))
        rows = ragged(named)
        shifts = np.repeat([starts[headline.language] for headline in headlines], rows.lengths) if len(headlines) else 0
        known = [(token, language) for language in LANGUAGES for token in numbers[language]]
        return HeadlineTable(
            headlines,
            np.argsort(sorted(range(len(headlines)), key=lambda place: headlines[place].words)),
            np.array([LANGUAGES.index(headline.language) for headline in headlines], np.int64),
            known,
            Ragged((rows.values + shifts).astype(np.uint32), rows.offsets),
            _facts_of(known),
            np.zeros(len(known), np.int64),
        )

    def compare(self, one: Array, other: Array) -> tuple[Array, Array]:
        """Return what pairs of headlines show, as `Kernels.compare_tokens` does. Linked are words of which one may be a form of the other,
        near to it, or its beginning. Pairs in two languages are told as linked."""
        shown, shares = np.full(len(one), LINKED, np.uint8), np.zeros((len(one), 2))
        alike = np.flatnonzero(self.languages[one] == self.languages[other])
        shown[alike], shares[alike] = kernels.engine().compare_tokens(self.rows, self.facts, one[alike], other[alike])
        return shown, shares


def _facts_of(known: Sequence[Token]) -> TokenFacts:
    weights = np.array([token_weight(token) for token, _ in known], np.uint8)
    own_weights = np.array([own_weight(*token) for token in known], np.uint8)
    content = np.array([not comes_and_goes(*token) for token in known], np.uint8)
    return TokenFacts(weights, own_weights, content, *_keys_of(known), *_ranks_of(known))


def _keys_of(known: Sequence[Token]) -> tuple[Ragged, Ragged]:
    """Return the keys of tokens, and the keys by which they are found, without those that link no two tokens."""
    numbers = Numbers()
    near = [near_keys(*token) for token in known]
    keys, found_by = (ragged([[*map(numbers.__getitem__, each[side])] for each in near]) for side in (0, 1))
    return _linking(keys, found_by, len(numbers)), _linking(found_by, keys, len(numbers))


def _linking(keys: Ragged, others: Ragged, most: int) -> Ragged:
    """Return the keys, all below a number, that another row of ``others`` has, sorted, each once, uint32."""
    codes, known = (sorted_unique(rows.owners() * most + rows.values) for rows in (keys, others))
    owners, values = np.divmod(codes, max(1, most))
    linking = np.bincount(known % max(1, most), minlength=most)[values] > is_among(codes, known)
    counts = np.bincount(owners[linking], minlength=len(keys))
    return Ragged(values[linking].astype(np.uint32), np.concatenate(([0], np.cumsum(counts))))


def _ranks_of(known: Sequence[Token]) -> tuple[Array, Array]:
    """Return the ranks of tokens, by language, and the rank behind the last one of its language that begins with each, both uint32.

    >>> [each.tolist() for each in _ranks_of([("port", "en"), ("por", "en"), ("ports", "en"), ("port", "fr")])]
    [[1, 0, 2, 3], [3, 3, 3, 4]]
    """
    order = sorted(range(len(known)), key=lambda place: (known[place][1], known[place][0]))
    ranks, ends = np.empty(len(known), np.uint32), np.full(len(known), len(known), np.uint32)
    open_: list[int] = []  # tokens with which the last one begins, and itself
    for rank, place in enumerate(order):
        token, language = known[place]
        while open_ and not (known[open_[-1]][1] == language and token.startswith(known[open_[-1]][0])):
            ends[open_.pop()] = rank
        open_.append(place)
        ranks[place] = rank
    return ranks, ends
