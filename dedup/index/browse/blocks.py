"""The inverted index of a desk: which rows have a term, by blocks of rows, as arrays or bitmaps (Chambi et al., "Better bitmap performance
with Roaring bitmaps", 2016).

A block is written once, when all of its rows have come; until then its terms are read from its texts whenever they are asked for. A row
that goes stays in it, and is passed over by who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from json import loads

import numpy as np

from ...arrays.ragged import Array
from ...sketch.shingle import hash_words
from ..news import BLOCK, MADE, facet
from ..storage.interface import Store
from ..storage.tables import SEARCH, WORDS
from .terms import Terms, time_terms

_BITMAP = BLOCK // 8  # bytes: a list that is not shorter is kept as one
_BITS = np.uint64(12)  # of the place of a row in its block
_SEGMENTS = "select row, document, same, heading from segments where row >= ? and row < ? order by row"
_DOCUMENTS = "select number, source, moment from documents where number {among}"
_ABOUT = "select number, about from texts where about is not null and number {among}"


def pack_rows(places: Array) -> bytes:
    """Return places of rows in their block, in order, as they are kept.

    >>> unpack_rows(pack_rows(np.arange(5))).tolist(), len(pack_rows(np.arange(4000)))
    ([0, 1, 2, 3, 4], 512)
    """
    if 2 * len(places) < _BITMAP:
        return places.astype("<u2").tobytes()
    bits = np.zeros(BLOCK, np.uint8)
    bits[places] = 1
    return np.packbits(bits).tobytes()


def unpack_rows(data: bytes) -> Array:
    """Return places of rows as they were kept."""
    if len(data) == _BITMAP:
        return np.flatnonzero(np.unpackbits(np.frombuffer(data, np.uint8)))
    return np.frombuffer(data, "<u2").astype(np.int64)


class BlockTerms:
    """The terms of a block, read from its texts."""

    def __init__(self, store: Store, block: int):
        segments = store.rows(_SEGMENTS, (block * BLOCK, (block + 1) * BLOCK))
        self.rows = len(segments)
        numbers = sorted({document for _, document, *_ in segments})
        about = {number: _title(data) for number, data in store.rows_among(_ABOUT, numbers)}
        named = [" ".join(filter(None, (about.get(document), heading))) for _, document, _, heading in segments]
        places = np.array([row % BLOCK for row, *_ in segments], np.uint64)
        own = _stored_words(store, [row if same is None else same for row, _, same, _ in segments])
        hashed = hash_words(named)
        words = np.concatenate((*own, hashed.values, np.empty(0, np.uint32))).astype(np.uint64)
        counts = [*map(len, own), *hashed.lengths.tolist()]
        self._words = np.unique(words << _BITS | np.repeat(np.concatenate((places, places)), counts))
        self._others: dict[int, list[int]] = {}
        known = {number: rest for number, *rest in store.rows_among(_DOCUMENTS, numbers)}
        for row, document, _, heading in segments:
            source, moment = known[document]
            terms = [] if moment is None else time_terms(moment)
            terms += [facet(kind, value) for kind, value in (("source", source), ("section", heading)) if value is not None]
            for term in terms:
                self._others.setdefault(term, []).append(row % BLOCK)

    def places(self, term: int) -> Array:
        """Return which rows of the block have a term."""
        if term >> 32:
            return np.array(self._others.get(term, ()), np.int64)
        start, end = np.searchsorted(self._words, np.array((term, term + 1), np.uint64) << _BITS)
        return (self._words[start:end] & np.uint64(BLOCK - 1)).astype(np.int64)

    def lists(self) -> Iterator[tuple[int, bytes]]:
        """Yield the terms, in order, each with the rows that have it as they are kept."""
        terms, starts = np.unique(self._words >> _BITS, return_index=True)
        places = (self._words & np.uint64(BLOCK - 1)).astype(np.int64)
        for term, (start, end) in zip(terms.tolist(), pairwise([*starts.tolist(), len(places)]), strict=True):
            yield term, pack_rows(places[start:end])
        yield from ((term, pack_rows(np.array(self._others[term]))) for term in sorted(self._others))


def _title(about: bytes) -> str | None:
    found = loads(about.decode("utf-8", "surrogatepass")).get("title")
    return None if found is None else str(found)


def _stored_words(store: Store, rows: Sequence[int]) -> list[Array]:
    """Return the hashes of the words of rows, which may be the same ones."""
    found = {row: np.frombuffer(words, np.uint32) for row, words, _ in WORDS.read_among(store, "where row {among}", sorted({*rows}))}
    nothing: Array = np.empty(0, np.uint32)
    return [found.get(row, nothing) for row in rows]


class Blocks:
    """The blocks of an index, in one transaction."""

    def __init__(self, store: Store):
        self._store = store
        self._read: dict[int, BlockTerms] = {}
        self._made: set[int] | None = None

    def made(self) -> set[int]:
        """Return the blocks that are written."""
        if self._made is None:
            self._made = {block for (block,) in self._store.rows("select block from search where token < 0")}
        return self._made

    def places(self, block: int, groups: Terms) -> Array:
        """Return which rows of a block have one term of each group, a mask."""
        wanted = sorted({term for group in groups for term in group})
        if block in self.made():
            found = SEARCH.read_among(self._store, "where block = ? and token {among}", wanted, (block,))
            lists = {term: unpack_rows(rows) for _, term, rows in found}
        else:
            if block not in self._read:
                self._read[block] = BlockTerms(self._store, block)
            lists = {term: self._read[block].places(term) for term in wanted}
        matching = np.ones(BLOCK, bool)
        for group in groups:
            having = np.zeros(BLOCK, bool)
            for term in group:
                if term in lists:
                    having[lists[term]] = True
            matching &= having
        return matching

    def is_read(self, block: int) -> bool:
        """Tell whether the terms of a block need not be read from its texts."""
        return block in self._read or block in self.made()


def unwritten(store: Store) -> int | None:
    """Return the newest block that could be written and is not, None where there is none."""
    ((count,),) = store.rows("select value from meta where name = 'row'")
    missing = {*range(int(count) // BLOCK)} - Blocks(store).made()
    return max(missing, default=None)


def worn_blocks(store: Store) -> list[int]:
    """Return the blocks of whose rows less than half are left, of those that had some."""
    found = []
    for block, rows in store.rows("select block, rows from search where token < 0"):
        had = int.from_bytes(rows)
        ((left,),) = store.rows("select count(*) from segments where row >= ? and row < ?", (block * BLOCK, (block + 1) * BLOCK))
        if 2 * left < had:
            found.append(block)
    return found


def write_block(store: Store, block: int, terms: BlockTerms) -> None:
    """Write a block."""
    store.run("delete from search where block = ?", (block,))
    SEARCH.insert(store, [(block, MADE, terms.rows.to_bytes(2)), *((block, term, rows) for term, rows in terms.lists())])
