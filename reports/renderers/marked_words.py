"""Two texts with their words marked: those in runs that both have, and those that only one has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..language.tokens import Token, tokenize

_RUN = 3  # words of a run; two texts are compared by such runs


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text: ``shared`` in a run of words that both texts have, ``own`` for words that the other text has nowhere, else None.

    Stretches of kind None are words that the other text has elsewhere, and what stands between words.
    """

    text: str
    kind: str | None


def mark_words(a: str, b: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return the stretches of two texts; those of each make up the whole text.

    Words are compared by their keys, so that spellings of one word are one. A run is of three words, or of all where a text has fewer.

    >>> [[(each.text, each.kind) for each in side if each.kind] for side in mark_words("Two men died in Marsa.", "In Marsa two men died.")]
    [[('Two men died', 'shared')], [('two men died', 'shared')]]
    >>> [(each.text, each.kind) for each in mark_words("Rain fell on Monday.", "Rain fell on Friday.")[1]]
    [('Rain fell on', 'shared'), (' ', None), ('Friday', 'own'), ('.', None)]
    """
    words = [[token for token in tokenize(text) if token.is_word] for text in (a, b)]
    keys = [[token.key for token in side] for side in words]
    size = max(1, min(_RUN, *map(len, keys)))
    runs = [{tuple(side[at : at + size]) for at in range(len(side) - size + 1)} for side in keys]
    kinds = [_kinds(keys[place], runs[1 - place], frozenset(keys[1 - place]), size) for place in (0, 1)]
    one, other = (tuple(_stretches(text, words[place], kinds[place])) for place, text in enumerate((a, b)))
    return one, other


def _kinds(keys: Sequence[str], runs: set[tuple[str, ...]], words: frozenset[str], size: int) -> list[str | None]:
    kinds = [None if key in words else "own" for key in keys]
    for at in range(len(keys) - size + 1):
        if tuple(keys[at : at + size]) in runs:
            kinds[at : at + size] = ["shared"] * size
    return kinds


def _stretches(text: str, words: Sequence[Token], kinds: Sequence[str | None]) -> Iterator[Stretch]:
    end = 0
    for kind, group in groupby(zip(words, kinds, strict=True), key=lambda each: each[1]):
        inside = [word for word, _ in group]
        if kind is None:
            continue
        if inside[0].start > end:
            yield Stretch(text[end : inside[0].start], None)
        end = inside[-1].end
        yield Stretch(text[inside[0].start : end], kind)
    if end < len(text):
        yield Stretch(text[end:], None)
