"""Stories listed newest first, a page at a time, whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import loads

from ...config import Config
from ..storage.interface import Row, Store
from ..storage.tables import NEWS
from .members import Members
from .model import Facets, StoredVersion, StoryCard, StoryPage, TextNews
from .versions import story_names, title_of, versions_of

_READ = 512  # rows read at a time
_LOOKED_AT = 1 << 15  # rows that are looked at for a page
_SOURCES = 12
_INDEPENDENT = NEWS.columns.index("independent")
_NEWEST = 256  # texts of a story whose sources are told
_FACETED = 10_000  # texts whose sources and sections are counted
_SOURCES_OF = """
select s.row, d.source from segments s join documents d on d.number = s.document where d.source is not null and s.row {among}
"""


class Listing:
    """The stories of an index, in one transaction."""

    def __init__(self, store: Store, config: Config):
        self._store = store
        self.members = Members(store, config)

    def page(self, before: int | None, most: int) -> StoryPage:
        """Return the stories whose newest texts come before a row, the newest ones."""
        end = newest_row(self._store) + 1
        cursor = end if before is None else before
        listed: dict[int, int] = {}  # keys of stories, and their newest rows
        passed: set[int] = set()  # keys of stories that are on pages before
        looked_at = 0
        while len(listed) < most and looked_at < _LOOKED_AT:
            found = self.members.below(cursor, _READ)
            looked_at += len(found)
            for row, key in found:
                if len(listed) == most:
                    break
                cursor = row
                if key in listed or key in passed:
                    continue
                if before is not None and self.members.reaches(key, before):
                    passed.add(key)
                else:
                    listed[key] = row
            if len(found) < _READ:
                break
        more = self._store.rows("select 1 from segments where row < ? limit 1", (cursor,))
        return StoryPage(self.cards(listed), cursor if more else None)

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
            next((number for number in counted if number is not None), None),
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
