"""Pairs of headlines in which words in the place of others are all that differs, found for many pairs together.

None of these words can be a form of another one, or near to it. Most pairs of one formula are such pairs, and need no pairing of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from ..arrays.ragged import Array, Ragged, is_among, numbered, sorted_unique
from ..text.near_words import near_keys
from ..text.word_lists import LANGUAGES
from .headline import Headline

_CELLS = 1 << 20  # pairs of tokens that are compared together
_CACHED = 1 << 16


@dataclass(frozen=True, slots=True)
class HeadlineTable:
    """Headlines, one in each column: their tokens as numbers, -1 behind the end, and what is known of these.

    ``known`` has the tokens by number; ``repeats`` says how many equal tokens stand before each one. Hashes of 64 bits tell tokens
    apart.
    """

    known: list[str]
    numbers: Array
    content: Array
    weights: Array
    totals: Array
    languages: Array
    repeats: Array

    @staticmethod
    def of(headlines: Sequence[Headline]) -> HeadlineTable:
        """Return a table of headlines."""
        hashes, weights, content = np.concatenate([np.zeros((3, 0), np.int64), *(headline.columns for headline in headlines)], axis=1)
        lengths = np.array([len(headline.tokens) for headline in headlines], np.int64)
        every = [*chain.from_iterable([headline.tokens for headline in headlines])]
        distinct, places = numbered(hashes)
        example = np.empty(len(distinct), np.int64)
        example[places] = np.arange(len(places))
        numbers = in_columns(places, lengths, -1)
        repeats = np.zeros_like(numbers)
        for place in range(1, len(numbers)):
            repeats[place] = (numbers[:place] == numbers[place]).sum(0)
        return HeadlineTable(
            [every[place] for place in example.tolist()],
            numbers,
            in_columns(content, lengths, 0) > 0,
            in_columns(weights, lengths, 0),
            np.array([headline.weight for headline in headlines], np.int64),
            np.array([LANGUAGES.index(headline.language) for headline in headlines], np.int64),
            repeats,
        )

    def named(self, codes: Array) -> list[tuple[str, str]]:
        """Return the tokens and their languages of codes: the number of a token times the number of languages, and the language."""
        return [(self.known[code // len(LANGUAGES)], LANGUAGES[code % len(LANGUAGES)]) for code in codes.tolist()]

    def in_parts(self, pairs: int) -> Iterator[slice]:
        """Yield the parts of so many pairs that are compared together, token by token."""
        step = max(1, _CELLS // max(1, len(self.numbers) ** 2))
        return (slice(start, start + step) for start in range(0, pairs, step))


def in_columns(values: Array, lengths: Array, filler: int) -> Array:
    """Return rows of these lengths that stand one behind the other in ``values`` as columns, int64, filled up."""
    table = np.full((len(lengths), int(lengths.max(initial=0))), filler, np.int64)
    table[np.arange(table.shape[1]) < lengths[:, None]] = values
    return np.ascontiguousarray(table.T)


def substituted_shares(table: HeadlineTable, one: Array, other: Array) -> tuple[Array, Array]:
    """Return the weighted shares of substituted words, the smaller one first, float64 of shape ``(pairs, 2)``; NaN for all other pairs.

    With it comes in which pairs no word of one text alone can be a form of one of the other text alone, near to it, or a part of it: a
    mask, without the pairs in two languages. ``one`` and ``other`` are places in the table.
    """
    shares, unlinked = np.full((len(one), 2), np.nan), table.languages[one] == table.languages[other]
    facing = [np.zeros((2, 0), np.int64)]
    for part in table.in_parts(len(one)):
        alike = part.start + np.flatnonzero(unlinked[part])
        shares[alike], (pair, codes) = _compared(table, one[alike], other[alike])
        facing.append(np.stack((alike[pair], codes)))
    pair, codes = np.concatenate(facing, axis=1)
    unlinked[pair[_are_linked_codes(table, codes)]] = False
    shares[~unlinked] = np.nan
    return shares, unlinked


def _compared(table: HeadlineTable, one: Array, other: Array) -> tuple[Array, tuple[Array, Array]]:
    """Return the shares of pairs in which substituted words are all that differs, NaN for others, and the own tokens that face each other:
    their pair and their code, see `_are_linked_codes`."""
    numbers = table.numbers[:, one], table.numbers[:, other]
    differ = numbers[0] != numbers[1]
    counts = in_other(*numbers)
    own = [(table.repeats[:, side] >= count) & (each >= 0) for side, count, each in zip((one, other), counts, numbers, strict=True)]
    moved = (differ & ((counts[0] > 0) | (counts[1] > 0))).any(0)
    content = ((table.content[:, one] & table.content[:, other]) | ~differ).all(0)
    weights = [(table.weights[:, side] * differ).sum(0) / np.maximum(1, table.totals[side]) for side in (one, other)]
    shares = np.stack((np.minimum(*weights), np.maximum(*weights)), 1)
    shares[~(~moved & content & differ.any(0))] = np.nan
    here, there, pair = np.nonzero(own[0][:, None, :] & own[1][None, :, :])
    tokens = numbers[0][here, pair] * len(table.known) + numbers[1][there, pair]
    return shares, (pair, tokens * len(LANGUAGES) + table.languages[one[pair]])


def in_other(one: Array, other: Array) -> tuple[Array, Array]:
    """Return for each token of columns how many tokens of the same column of the other table are equal to it."""
    equal = (one[:, None, :] == other[None, :, :]).view(np.int8)
    return equal.sum(1, np.int16), equal.sum(0, np.int16)


def _are_linked_codes(table: HeadlineTable, codes: Array) -> Array:
    """Return of which pairs of tokens one may be a form of the other, near to it, or a part of it. A code is that of both tokens and their
    language."""
    if not len(codes):
        return np.zeros(0, bool)
    every = sorted_unique(codes)
    tokens, spoken = np.divmod(every, len(LANGUAGES))
    words, places = numbered(np.concatenate([token * len(LANGUAGES) + spoken for token in np.divmod(tokens, len(table.known))]))
    return is_among(codes, every[_are_linked(table.named(words), *np.split(places, 2))])


def _are_linked(words: Sequence[tuple[str, str]], one: Array, other: Array) -> Array:
    """Return for pairs of places in ``words``, words with their languages, whether one begins with the other, or they are near."""
    first = np.array([ord(word[0]) for word, _ in words], np.int64)
    alike = np.flatnonzero(first[one] == first[other])
    links = _are_near(words, one, other)
    both = ((words[a][0], words[b][0]) for a, b in zip(one[alike].tolist(), other[alike].tolist(), strict=True))
    links[alike] |= np.fromiter((a.startswith(b) or b.startswith(a) for a, b in both), bool, len(alike))
    return links


@lru_cache(maxsize=_CACHED)
def _near_hashes(word: str, language: str) -> tuple[Array, Array]:
    """Return the hashes of `near_keys`. Two keys with one hash would make words near that are not: these are paired one by one."""
    own, near = (np.array([*map(hash, keys)], np.int64) for keys in near_keys(word, language))
    return own, near


def _are_near(words: Sequence[tuple[str, str]], one: Array, other: Array) -> Array:
    """Return what `are_near` tells of many pairs. Most keys are of one word alone, and need not be looked up."""
    rows = [*zip(*(_near_hashes(*word) for word in words), strict=True)]
    keys, places = numbered(np.concatenate([*chain.from_iterable(rows)]))
    offsets = [np.concatenate(([0], np.cumsum([len(row) for row in side]))) for side in rows]
    sides = [Ragged(values, ends) for values, ends in zip(np.split(places, offsets[0][-1:]), offsets, strict=True)]
    own, others = (side.owners() * len(keys) + side.values for side in sides)
    others.sort()
    in_others = np.bincount(sides[1].values, minlength=len(keys))
    linking = in_others[sides[0].values] > is_among(own, others)
    kept = Ragged(sides[0].values[linking], np.concatenate(([0], np.cumsum(linking)))[sides[0].offsets])
    asked = kept.take(one)
    pairs = asked.owners()
    near = np.zeros(len(one), bool)
    near[pairs[is_among(other[pairs] * len(keys) + asked.values, others)]] = True
    return near
