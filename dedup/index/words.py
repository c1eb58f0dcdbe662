"""The words of rows: made again from the text of the document where that is kept, or as they are stored where it is not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ..arrays.ragged import Array
from ..config import Config
from ..sketch.sketches import words_as_compared
from .storage.interface import Row, Store
from .storage.tables import TEXTS, WORDS
from .texts import unpacked

_TOGETHER = 1024  # texts that are hashed together


@dataclass(frozen=True, slots=True)
class RowWords:
    """The hashes of a row's words, uint32, and the folded words themselves where it is short."""

    words: Array
    short: list[str] | None


def word_row(row: int, words: Array, short: list[str] | None) -> Row:
    """Return a row of the table of words."""
    return row, words.tobytes(), None if short is None else " ".join(short)


def read_words(store: Store, config: Config, rows: Collection[int]) -> dict[int, RowWords]:
    """Return the words of rows, none of which is a copy; those that the store does not have are left out."""
    wanted = sorted({*rows})
    found = {
        row: RowWords(np.frombuffer(words, np.uint32), None if short is None else short.split(" "))
        for row, words, short in WORDS.read_among(store, "where row {among}", wanted)
    }
    missing = [row for row in wanted if row not in found]
    for start in range(0, len(missing), _TOGETHER):
        found.update(_made_again(store, config, missing[start : start + _TOGETHER]))
    return found


def _made_again(store: Store, config: Config, rows: list[int]) -> dict[int, RowWords]:
    spans = store.rows_among("select row, document, span_start, span_end from segments where row {among}", rows)
    numbers = sorted({document for _, document, *_ in spans})
    texts = {number: unpacked(text) for number, text, _ in TEXTS.read_among(store, "where number {among}", numbers)}
    kept = [(row, texts[document][start:end]) for row, document, start, end in spans if document in texts]
    if not kept:
        return {}
    words, short = words_as_compared([text for _, text in kept], config)
    return {row: RowWords(words.row(place), short.get(place)) for place, (row, _) in enumerate(kept)}
