"""Texts that are asked for, newest first, with a bounded number of looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from ...arrays.ragged import Array
from ..news import ALARM, BLOCK, facet
from ..storage.interface import Store
from .blocks import Blocks
from .model import StoryQuery
from .terms import Terms, terms_of

_LOOKS = 1024  # blocks that are looked at for a page
_UNREAD = 400  # of them that one counts for whose terms must be read from its texts
_TOGETHER = 256  # rows that are told together
_HAVING = "select row from facets where facet = ? and row < ? order by row desc limit ?"
_AMONG = "select row from facets where facet = ? and row {among}"
_MOMENTS = "select s.row, d.moment from segments s join documents d on d.number = s.document where d.moment is not null and s.row {among}"


class TextSearch:
    """The texts that a query asks for, in one transaction."""

    def __init__(self, store: Store, query: StoryQuery, blocks: Blocks):
        self._store, self._query, self._blocks = store, query, blocks
        self._masks: dict[int, Array] = {}
        self._looks = _LOOKS
        found = terms_of(query)
        self._is_empty = found is None
        self._terms: Terms = found or []
        self._facets: Terms = [[ALARM]] if query.alarms else []  # alarms are rarer than kinds
        self._facets += [sorted({facet("kind", kind) for kind in query.kinds})] if query.kinds else []

    def below(self, end: int) -> Iterator[tuple[list[int], int]]:
        """Yield the rows before one that are asked for, newest first, some at a time, each time with the row down to which all were told
        of: 0 at the last time, where it did not become too much."""
        while end > 0 and self._looks > 0 and not self._is_empty:
            found, end = self._having_facets(end) if self._facets else self._in_block(end)
            for start in range(0, len(found), _TOGETHER):
                part = found[start : start + _TOGETHER]
                yield part, part[-1]
            yield [], end
        if self._is_empty:
            yield [], 0

    def _in_block(self, end: int) -> tuple[list[int], int]:
        """Return what is asked for of the block before a row."""
        first = (end - 1) // BLOCK * BLOCK
        places = np.flatnonzero(self._mask(first // BLOCK)[: end - first])
        return self._in_time((places[::-1] + first).tolist()), first

    def _having_facets(self, end: int) -> tuple[list[int], int]:
        """Return what is asked for of the next rows that have the first of the facets."""
        self._looks -= 1
        rows: set[int] = set()
        first = 0
        for each in self._facets[0]:
            having = [row for (row,) in self._store.rows(_HAVING, (each, end, _TOGETHER))]
            rows.update(having)
            first = max(first, having[-1]) if len(having) == _TOGETHER else first
        wanted = sorted((row for row in rows if row >= first), reverse=True)
        return self._of(wanted, self._facets[1:]), first

    def among(self, rows: Sequence[int]) -> list[int]:
        """Return which of some rows are asked for, newest first."""
        return [] if self._is_empty else self._of(sorted({*rows}, reverse=True), self._facets)

    def _of(self, rows: list[int], facets: Terms) -> list[int]:
        for group in facets:
            having = {row for each in group for (row,) in self._store.rows_among(_AMONG, rows, (each,))}
            rows = [row for row in rows if row in having]
        if self._terms:
            found: list[int] = []
            for block, some in groupby(rows, key=lambda row: row // BLOCK):
                mask = self._mask(block)
                found += [row for row in some if mask[row % BLOCK]]
            rows = found
        return self._in_time(rows)

    def _in_time(self, rows: list[int]) -> list[int]:
        """Return which of some rows are of the time that is asked for, to the second."""
        since, until = self._query.since, self._query.until
        if since is None and until is None:
            return rows
        moments: dict[int, float] = dict(self._store.rows_among(_MOMENTS, rows))
        early, late = -np.inf if since is None else since, np.inf if until is None else until
        return [row for row in rows if row in moments and early <= moments[row] < late]

    def _mask(self, block: int) -> Array:
        """Return which rows of a block have the terms that are asked for."""
        if block not in self._masks:
            self._looks -= 1 if self._blocks.is_read(block) else _UNREAD
            self._masks[block] = self._blocks.places(block, self._terms)
        return self._masks[block]
