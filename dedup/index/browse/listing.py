"""Stories listed newest first, a page at a time, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from json import loads

from ...config import Config
from ..storage.interface import Row, Store
from ..storage.tables import NEWS
from .blocks import Blocks, Unwritten
from .members import Members
from .model import Facets, StoredVersion, StoryCard, StoryPage, StoryQuery, TextNews
from .search import TextSearch
from .versions import story_names, title_of, versions_of

_READ = 512  # rows read at a time
_PAGES = 64  # times that it is done for a page
_NEWER = 1024  # newer texts of a story that are looked at for whether they are asked for
_SOURCES = 12
_INDEPENDENT = NEWS.columns.index("independent")
_NEWEST = 256  # texts of a story whose sources are told
_FACETED = 10_000  # texts whose sources and sections are counted
_SOURCES_OF = """
select s.row, d.source from segments s join documents d on d.number = s.document where d.source is not null and s.row {among}
"""


class Listing:
    """The stories of an index, in one transaction."""

    def __init__(self, store: Store, config: Config, unread: Unwritten):
        self._store, self._unwritten = store, unread
        self.members = Members(store, config)

    def page(self, query: StoryQuery, before: int | None, most: int) -> StoryPage:
        """Return the stories that are asked for whose newest texts, of those asked for, come before a row: the newest ones."""
        last = newest_row(self._store) + 1
        search = None if query == StoryQuery() else TextSearch(self._store, query, Blocks(self._store, self._unwritten, last))
        end = last if before is None else min(before, last)
        listed: dict[int, int] = {}  # keys of stories, and their newest rows
        passed: set[int] = set()  # keys of stories that are on pages before
        for found, down_to in self._below(end) if search is None else search.below(end):
            keys = self.members.keys(found) if found else {}
            for row in found:
                key = keys.get(row)
                if key is None or key in listed or key in passed:
                    continue
                if before is not None and self._is_before(key, before, search):
                    passed.add(key)
                    continue
                listed[key] = row
                if len(listed) == most:
                    return StoryPage(self.cards(listed), row if row else None)
            end = down_to
        return StoryPage(self.cards(listed), end if end > 0 else None)

    def _below(self, end: int) -> Iterator[tuple[list[int], int]]:
        """Yield the rows before one, as `TextSearch.below` does."""
        for _ in range(_PAGES):
            found = [row for (row,) in self._store.rows("select row from segments where row < ? order by row desc limit ?", (end, _READ))]
            end = found[-1] if len(found) == _READ else 0
            yield found, end
            if not end:
                return

    def _is_before(self, key: int, row: int, search: TextSearch | None) -> bool:
        """Tell whether a story stands on a page before one that begins at a row."""
        if search is None:
            return self.members.reaches(key, row)
        return bool(search.among(self.members.newest(key, _NEWER, row)))

    def cards(self, listed: dict[int, int]) -> tuple[StoryCard, ...]:
        """Return the cards of stories, known by their keys, each with a row of it."""
        versions = versions_of(self._store, [*listed.values()])
        names = story_names(self._store, self.members, [*listed])
        newest = {key: self.members.newest(key, _NEWEST) for key in listed}
        sources: dict[int, str] = dict(self._store.rows_among(_SOURCES_OF, sorted({row for rows in newest.values() for row in rows})))
        read = {row for rows in newest.values() for row in rows[:_SOURCES]} | {*listed.values()}
        news = {each[0]: each for each in NEWS.read_among(self._store, "where texts >= 0 and row {among}", sorted(read))}
        return tuple(
            self._card((names[key], self.members.count(key, newest[key][0])), versions[row], newest[key], sources, news)
            for key, row in listed.items()
            if row in versions
        )

    def _card(
        self, named: tuple[str, int], version: StoredVersion, newest: Sequence[int], sources: Mapping[int, str], news: Mapping[int, Row]
    ) -> StoryCard:
        told = dict.fromkeys(sources[row] for row in newest if row in sources)
        counted = (news[row][_INDEPENDENT] for row in newest if row in news)
        return StoryCard(
            named[0],
            version.row,
            version.document.id,
            title_of(version),
            version.heading,
            version.document.time,
            version.moment,
            (*told,)[:_SOURCES],
            named[1],
            next((number for number in counted if number is not None and number <= named[1]), None),  # counted before texts had left it
            news_of(news[version.row]) if version.row in news else None,
        )


def news_of(row: Row) -> TextNews:
    """Return what a text brought, from a row of `NEWS`."""
    _, _, kinds, alarms, lines, *_ = row
    return TextNews(tuple(loads(kinds)), tuple(loads(alarms)), loads(lines))


def newest_row(store: Store) -> int:
    """Return the row of the newest text, -1 where there is none."""
    return int(store.rows("select coalesce(max(row), -1) from segments")[0][0])


def facets(store: Store, most: int) -> Facets:
    """Return which sources and sections the newest texts have."""
    first = newest_row(store) - _FACETED
    found = []
    for column in ("d.source", "s.heading"):
        counted = f"""
            select {column}, count(*) from segments s join documents d on d.number = s.document
            where s.row > ? and {column} is not null group by {column} order by count(*) desc, {column} limit ?"""
        found.append(tuple((str(name), int(number)) for name, number in store.rows(counted, (first, most))))
    return Facets(*found)
