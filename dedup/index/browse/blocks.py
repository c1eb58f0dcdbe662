"""The inverted index of a desk: which rows have a term, by blocks of rows, as arrays or bitmaps (Chambi et al., "Better bitmap performance
with Roaring bitmaps", 2016).

A block is written once, when all of its rows have come; until then its terms are read from its texts whenever they are asked for. A row
that goes stays in it, and is passed over by who reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from json import loads

import numpy as np

from ...arrays.ragged import Array, sorted_unique
from ...sketch.shingle import hash_words
from ..metadata import config_of, read_metadata
from ..news import BLOCK, MADE, facet
from ..storage.interface import Store
from ..storage.tables import SEARCH
from ..words import read_words
from .terms import DAY, Terms, time_terms

_BITMAP = BLOCK // 8  # bytes: a list that is not shorter is kept as one
_BITS = np.uint64(12)  # of the place of a row in its block
_PARTS = 32  # in which the rows of a block are read as they come
_KEPT = 4  # blocks whose texts are kept, the newest
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


class BlockTexts:
    """The terms of the texts of some rows of a block, read when they are asked for."""

    def __init__(self, store: Store, start: int, end: int):
        self._store, self.end = store, end
        self._segments = store.rows(_SEGMENTS, (start, end))
        self._numbers = sorted({document for _, document, *_ in self._segments})
        self._words: tuple[Array, Array] | None = None
        self._others: dict[int, list[int]] | None = None

    def __len__(self) -> int:
        return len(self._segments)

    def words(self) -> tuple[Array, Array]:
        """Return the hashes of all words, and the place in the block of the row of each."""
        if self._words is None:
            about = {number: _title(data) for number, data in self._store.rows_among(_ABOUT, self._numbers)}
            named = [" ".join(filter(None, (about.get(document), heading))) for _, document, _, heading in self._segments]
            own = _stored_words(self._store, [row if same is None else same for row, _, same, _ in self._segments])
            hashed = hash_words(named)
            places = np.array([row % BLOCK for row, *_ in self._segments], np.uint16)
            counts = [*map(len, own), *hashed.lengths.tolist()]
            values = np.concatenate((*own, hashed.values, np.empty(0, np.uint32)))
            self._words = values, np.repeat(np.concatenate((places, places)), counts)
        return self._words

    def others(self) -> dict[int, list[int]]:
        """Return the places of the rows that have each of the other terms."""
        if self._others is None:
            self._others = {}
            known = {number: rest for number, *rest in self._store.rows_among(_DOCUMENTS, self._numbers)}
            facets: dict[tuple[str, str | float], list[int]] = {}
            for row, document, _, heading in self._segments:
                for kind, value in zip(("source", "time", "section"), (*known[document], heading), strict=True):
                    if value is None:
                        continue
                    key = kind, value // DAY if kind == "time" else value
                    if key not in facets:
                        facets[key] = time_terms(value) if kind == "time" else [facet(kind, value)]
                    for term in facets[key]:
                        self._others.setdefault(term, []).append(row % BLOCK)
        return self._others

    def places(self, wanted: Sequence[int]) -> dict[int, Array]:
        """Return which rows have each of some terms."""
        hashes = [term for term in wanted if not term >> 32]
        found: dict[int, Array] = {}
        if hashes:
            values, places = self.words()
            having = np.isin(values, np.array(hashes, np.uint32))
            values, places = values[having], places[having]
            found = {term: places[values == term] for term in hashes}
        if len(hashes) < len(wanted):
            others = self.others()
            found |= {term: np.array(others[term]) for term in wanted if term in others}
        return found

    def lists(self) -> Iterator[tuple[int, bytes]]:
        """Yield the terms, in order, each with the rows that have it as they are kept."""
        values, places = self.words()
        words = sorted_unique(values.astype(np.uint64) << _BITS | places)
        terms, own = (words >> _BITS), (words & np.uint64(BLOCK - 1)).astype(np.int64)
        starts = np.flatnonzero(np.concatenate(([True], terms[1:] != terms[:-1]))) if len(terms) else np.empty(0, np.int64)
        for term, (start, end) in zip(terms[starts].tolist(), pairwise([*starts.tolist(), len(own)]), strict=True):
            yield term, pack_rows(own[start:end])
        others = self.others()
        yield from ((term, pack_rows(np.array(others[term]))) for term in sorted(others))


def _title(about: bytes) -> str | None:
    found = loads(about.decode("utf-8", "surrogatepass")).get("title")
    return None if found is None else str(found)


def _stored_words(store: Store, rows: Sequence[int]) -> list[Array]:
    """Return the hashes of the words of rows, which may be the same ones."""
    found = read_words(store, config_of(store, read_metadata(store)), rows)
    nothing: Array = np.empty(0, np.uint32)
    return [found[row].words if row in found else nothing for row in rows]


class Unwritten:
    """The texts of blocks that are not written, kept for the next transaction: rows never change as long as nothing is removed."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[BlockTexts]] = {}
        self._removed = ""

    def texts(self, store: Store, block: int, end: int) -> list[BlockTexts]:
        """Return the texts of a block up to before a row."""
        removed = count_removed(store)
        if removed != self._removed:
            self._removed, self._blocks = removed, {}
        found = self._blocks.setdefault(block, [])
        if len(found) == _PARTS or (found and found[-1].end > end):
            found.clear()
        start = found[-1].end if found else block * BLOCK
        if start < min(end, (block + 1) * BLOCK):
            found.append(BlockTexts(store, start, min(end, (block + 1) * BLOCK)))
        for other in sorted(self._blocks)[:-_KEPT]:
            del self._blocks[other]
        return found

    def has(self, block: int) -> bool:
        """Tell whether most of a block need not be read."""
        return block in self._blocks


class Blocks:
    """The blocks of an index, in one transaction, whose rows come before ``end``."""

    def __init__(self, store: Store, unread: Unwritten, end: int):
        self._store, self._unwritten, self._end = store, unread, end
        self._written = written_blocks(store)

    def places(self, block: int, groups: Terms) -> Array:
        """Return which rows of a block have one term of each group, a mask."""
        matching = np.ones(BLOCK, bool)
        for group in groups:
            having = np.zeros(BLOCK, bool)
            for places in self._lists(block, group):
                having[places] = True
            matching &= having
            if not matching.any():
                break
        return matching

    def _lists(self, block: int, wanted: Sequence[int]) -> list[Array]:
        """Return the rows of a block that have each of some terms."""
        if block in self._written:
            found = SEARCH.read_among(self._store, "where block = ? and token {among}", wanted, (block,))
            return [unpack_rows(rows) for _, _, rows in found]
        read = self._unwritten.texts(self._store, block, self._end)
        return [places for texts in read for places in texts.places(wanted).values()]

    def is_read(self, block: int) -> bool:
        """Tell whether the terms of a block need not be read from its texts."""
        return block in self._written or self._unwritten.has(block)


def written_blocks(store: Store) -> set[int]:
    """Return the blocks that are written."""
    return {block for (block,) in store.rows("select block from search where token < 0")}


def count_removed(store: Store) -> str:
    """Return how much was removed from an index so far."""
    return str(store.rows("select value from meta where name = 'removed'")[0][0])


def unwritten_block(store: Store) -> int | None:
    """Return the newest block that could be written and is not, None where there is none."""
    ((count,),) = store.rows("select value from meta where name = 'row'")
    ((first,),) = store.rows("select coalesce(min(row), 0) from segments")
    return max({*range(first // BLOCK, int(count) // BLOCK)} - written_blocks(store), default=None)


def worn_blocks(store: Store) -> list[int]:
    """Return the blocks of whose rows less than half are left, of those that had some."""
    found = []
    for block, rows in store.rows("select block, rows from search where token < 0"):
        had = int.from_bytes(rows)
        ((left,),) = store.rows("select count(*) from segments where row >= ? and row < ?", (block * BLOCK, (block + 1) * BLOCK))
        if 2 * left < had:
            found.append(block)
    return found


def write_block(store: Store, block: int, rows: int, lists: Iterable[tuple[int, bytes]]) -> None:
    """Write a block with so many rows, and the lists of its terms."""
    store.run("delete from search where block = ?", (block,))
    SEARCH.insert(store, [(block, MADE, rows.to_bytes(2)), *((block, *each) for each in lists)])
