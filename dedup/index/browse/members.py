"""Which rows are the texts of one story: those of a star, and copies of them. Each question costs about the same however many they are."""

from __future__ import annotations

from collections.abc import Sequence

from ...clusters.constraints import restricts
from ...config import Config
from ..storage.interface import Store

MOST = 10_000
"""Texts of a story that are counted."""
_COPIED = 256  # texts of a star whose copies are looked at, the newest of those that have copies
_WITH_KEYS = {
    False: "select s.row, coalesce(o.star, o.row, s.star, s.row) from segments s left join segments o on o.row = s.same",
    True: "select s.row, coalesce(s.star, s.row) from segments s",
}
_COUNTED = "select count(*) from (select row from segments where {column} = ? and row <= ? limit ?) as counted"
_LATER_COPY = """
select 1 from segments n join segments c on c.same = n.row and c.row >= ? where n.star = ? and n.best is not null limit 1
"""


class Members:
    """The texts of stories. A story is known by its key: the row of its canonical text, or of the one that stands for its copies."""

    def __init__(self, store: Store, config: Config):
        self._store = store
        self.alone = restricts(config)  # where it does, each copy is in a star by itself
        self._with_keys = _WITH_KEYS[self.alone]

    def keys(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the keys of the stories of rows, of those that are there."""
        return dict(self._store.rows_among(f"{self._with_keys} where s.row {{among}}", rows))

    def _copied(self, key: int) -> list[int]:
        """Return the rows of a story that stand for copies; one that is alone may do so."""
        if self.alone:
            return []
        query = "select row from segments where star = ? and best is not null order by row desc limit ?"
        return [row for (row,) in self._store.rows(query, (key, _COPIED))] or [key]

    def newest(self, key: int, most: int, at_least: int = 0) -> list[int]:
        """Return the newest rows of a story, newest first, of those from a row on."""
        found = self._some(key, f"row >= {at_least:d} order by row desc", most)
        return sorted((row for row in found if row >= at_least), reverse=True)[:most]

    def oldest(self, key: int, most: int) -> list[int]:
        """Return the oldest rows of a story, in their order."""
        return sorted(self._some(key, "row >= 0 order by row", most))[:most]

    def _some(self, key: int, which: str, most: int) -> set[int]:
        found = {key, *(row for (row,) in self._store.rows(f"select row from segments where star = ? and {which} limit ?", (key, most)))}
        for node in self._copied(key):
            found.update(row for (row,) in self._store.rows(f"select row from segments where same = ? and {which} limit ?", (node, most)))
        return found

    def reaches(self, key: int, row: int) -> bool:
        """Tell whether a story has a text from a row on."""
        if key >= row or self._store.rows("select 1 from segments where star = ? and row >= ? limit 1", (key, row)):
            return True
        if self.alone:
            return False
        alone = self._store.rows("select 1 from segments where same = ? and row >= ? limit 1", (key, row))
        return bool(alone or self._store.rows(_LATER_COPY, (row, key)))

    def count(self, key: int, last: int) -> int:
        """Return how many texts a story has up to a row, up to `MOST`."""
        total = max(1, self._number("star", key, last))
        for node in self._copied(key):
            if total >= MOST:
                break
            total += self._number("same", node, last)
        return min(total, MOST)

    def _number(self, column: str, row: int, last: int) -> int:
        return int(self._store.rows(_COUNTED.format(column=column), (row, last, MOST))[0][0])
