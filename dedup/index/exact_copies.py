"""Copies of a text in an index: rows with the same words as an older one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import chain, islice

from ..clusters.constraints import restricts
from ..config import Config
from .storage.interface import Store

_LOOKED_AT = 2  # times the limit: copies of a text that are looked at, the latest ones
_BEYOND = """
select o.row, (select t.row from segments t where t.same = o.row order by t.row desc limit 1 offset {most})
from segments o where o.row {{among}}
"""
_COPIES = "select row, same from segments where same {among} order by row"


class Copies:
    """Which rows have the words of others, read when it is asked for; of very many copies of a text the latest.

    Where no settings restrict which texts may match, the first row with some words stands for all of its copies.
    """

    def __init__(self, store: Store, config: Config):
        self._store = store
        self._apart, self._most = restricts(config), _LOOKED_AT * config.bucket_limit
        self._rows: dict[int, list[int]] = {}

    def load(self, originals: Iterable[int]) -> None:
        """Read the copies of rows that are not known yet."""
        missing = sorted({row for row in originals if row not in self._rows})
        many = {}
        for row, last in self._store.rows_among(_BEYOND.format(most=self._most), missing):
            self._rows[row] = []
            if last is not None:
                many[row] = last
        few = [row for row in missing if row in self._rows and row not in many]
        for row, original in self._store.rows_among(_COPIES, few):
            self._rows[original].append(row)
        for original, last in many.items():
            found = self._store.rows("select row from segments where same = ? and row > ? order by row", (original, last))
            self._rows[original] = [row for (row,) in found]
        for row in missing:
            self._rows.setdefault(row, [])

    def add(self, new: dict[int, int]) -> None:
        """Note which new rows, in their order, are copies of which."""
        if self._apart:
            self.load(new.values())
            for row, original in new.items():
                self._rows[original].append(row)

    def known(self, original: int) -> list[int]:
        """Return the copies of a row that was loaded."""
        return self._rows[original]

    def beside(self, row: int) -> list[int]:
        """Return a row and the copies that stand for themselves beside it: none where it stands for them."""
        if not self._apart:
            return [row]
        self.load((row,))
        return [row, *self._rows[row][-self._most :]]

    def earlier(self, original: int, row: int, may_match: Callable[[int, int], bool]) -> Iterable[int]:
        """Return of a text and its copies those that came before a row and may match it, the latest first."""
        copies = self._rows[original]
        end = bisect_left(copies, row)
        before = (copies[place] for place in range(end - 1, max(0, end - self._most) - 1, -1))
        return islice((each for each in chain(before, [original]) if each < row and may_match(each, row)), None)
