"""Narration: what a text tells in its own words, parted from its quotations and from statements that it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.ragged import Array, Ragged
from ..sketch.shingle import hash_words, word_places
from ..text.furniture import compared_texts
from ..text.spellings import with_one_spelling

_LEAST = 5  # words of a quotation: fewer are a name or a title between quotation marks
# Quotation marks of all languages, in pairs; a quotation may have several sentences, but no empty line.
_MARKS = [("«", "»"), ("“", "”"), ("„", "“"), ("‹", "›"), ("‘", "’"), ("「", "」"), ("『", "』")]
_QUOTED = re.compile("|".join(rf"{a}(?:[^{a}{b}\n]|\n(?!\s*\n))*{b}" for a, b in _MARKS) + r'|"(?:[^"\n]|\n(?!\s*\n))*"')


@dataclass(frozen=True, slots=True)
class Narrations:
    """The words of texts in order, uint32 as `hash_words` returns them, and of each whether it is quoted."""

    words: Ragged
    quoted: Array

    def parts(self, *, quoted: bool) -> Ragged:
        """Return the words that are quoted, or those that are not."""
        kept = self.quoted == quoted
        return Ragged(self.words.values[kept], np.concatenate(([0], np.cumsum(kept)))[self.words.offsets])

    def take(self, rows: Array) -> Narrations:
        """Return these rows, in this order."""
        return Narrations(self.words.take(rows), Ragged(self.quoted, self.words.offsets).take(rows).values)

    def quoted_shares(self) -> Array:
        """Return the share of the words of each text that is quoted, 0..1."""
        sums = np.concatenate(([0], np.cumsum(self.quoted)))[self.words.offsets]
        shares: Array = np.diff(sums) / np.maximum(1, self.words.lengths)
        return shares


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text that stand between quotation marks, with the marks, in code points. Where a mark has no other it is none.

    >>> text = 'He said: "We shall rebuild the old bridge at once." The "bridge" fell.'
    >>> [text[start:end] for start, end in quotations(text)]
    ['"We shall rebuild the old bridge at once."']
    """
    for match in _QUOTED.finditer(text):
        if len(match[0].split()) >= _LEAST:
            yield match.span()


def narrations(texts: Sequence[str], ignored: tuple[str, ...] = ()) -> Narrations:
    """Return the words of texts, as they are compared elsewhere, with those that are quoted."""
    compared = compared_texts([*texts], ignored)
    spelled = with_one_spelling(compared)
    words = hash_words(spelled)
    quoted = np.zeros(len(words.values), bool)
    for row, text in enumerate(compared):
        spans = np.array([*quotations(text)], np.int64).reshape(-1, 2)
        if len(spans):
            starts = word_places(spelled[row])[:, 0]
            place = np.searchsorted(spans[:, 0], starts, "right") - 1
            quoted[words.offsets[row] : words.offsets[row + 1]] = (place >= 0) & (starts < spans[place, 1])
    return Narrations(words, quoted)
