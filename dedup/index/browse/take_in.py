"""What texts brought, told after they have come: each against the older text of its story that it is most like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from json import dumps

from ...config import Config
from ...origins.trace import StoryText, trace
from ..news import stale_rows, write_news
from ..storage.interface import Row, Store
from ..storage.tables import LINKS
from .listing import newest_row
from .members import Members
from .model import StoredVersion, Tell, TextNews
from .versions import versions_of

_WINDOW = 20_000  # rows that are searched at a time for those that were not looked at
_WINDOWS = 50  # of them that are searched at most
_TRACED = 64  # texts of a story whose origins are counted: the oldest and the newest
_SIMILARITY = LINKS.columns.index("similarity")
_NOTHING = TextNews((), (), {})
_MISSING = """
select s.row from segments s left join news n on n.row = s.row where s.row >= ? and s.row < ? and n.row is null order by s.row desc limit ?
"""
_ORIGINALS = "select row, same from segments where same is not null and row {among}"
_OLDER_COPY = "select coalesce(max(row), ?) from segments where same = ? and row < ?"
_OLDER_MEMBER = "select max(row) from segments where star = ? and row < ?"


@dataclass(frozen=True, slots=True)
class Taken:
    """Of which rows it is known that they were looked at: those from ``low`` on, up to before ``high``."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is to be told of, the older one that it is compared with, how many texts its story has so far, and, where it is the
    newest, those whose origins are counted."""

    version: StoredVersion
    older: StoredVersion | None
    texts: int
    story: tuple[StoredVersion, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Texts that are to be told of, and which rows were looked at when that is done."""

    texts: tuple[_Text, ...]
    taken: Taken


def waiting(store: Store, config: Config, taken: Taken | None, most: int) -> Waiting:
    """Return texts that were not looked at, those that have come last first, then those to be looked at anew, then the newest of the
    others."""
    end = newest_row(store) + 1
    taken = taken or Taken(end, end)
    rows = [row for (row,) in store.rows(_MISSING, (taken.high, end, most))]
    low, high = taken.low, taken.high if len(rows) == most else end
    rows += stale_rows(store, most - len(rows))
    for _ in range(_WINDOWS):
        if len(rows) >= most or low <= 0:
            break
        start = max(0, low - _WINDOW)
        found = [row for (row,) in store.rows(_MISSING, (start, low, most - len(rows)))]
        low = found[-1] if len(found) == most - len(rows) else start
        rows += found
    return Waiting(tuple(_Gathering(store, config).texts([*dict.fromkeys(rows)])), Taken(low, high))


class _Gathering:
    """What is read of texts that are to be told of, in one transaction."""

    def __init__(self, store: Store, config: Config):
        self._store = store
        self._members = Members(store, config)

    def texts(self, rows: Sequence[int]) -> list[_Text]:
        keys = self._members.keys(rows)
        originals: dict[int, int] = dict(
            self._store.rows_among("select row, same from segments where same is not null and row {among}", [*rows])
        )
        older, stories = {}, {}
        for row, key in keys.items():
            older[row] = self._older_copy(row, originals[row]) if row in originals and not self._members.alone else self._older(row, key)
            stories[row] = self._story(row, key)
        wanted = {*keys, *(row for row in older.values() if row is not None), *(each for rows in stories.values() for each in rows)}
        found = versions_of(self._store, wanted)
        return [
            _Text(
                found[row],
                None if (other := older[row]) is None else found[other],
                self._members.count(keys[row], row),
                tuple(found[each] for each in stories[row]),
            )
            for row in rows
            if row in keys
        ]

    def _older_copy(self, row: int, original: int) -> int:
        """Return the newest of the texts with the same words that came before."""
        return int(self._store.rows(_OLDER_COPY, (original, original, row))[0][0])

    def _older(self, row: int, key: int) -> int | None:
        """Return the older text of the story that a text is most like, the newest of several; the newest one where it is like none."""
        links = LINKS.read(self._store, "where row = ? or other = ?", (row, row))
        likeness = {end: link[_SIMILARITY] for link in links for end in link[:2] if end < row}
        same_story = {each for each, its in self._members.keys([*likeness]).items() if its == key}
        if same_story:
            return max(same_story, key=lambda each: (likeness[each], each))
        last = self._store.rows(_OLDER_MEMBER, (key, row))[0][0]
        return None if last is None else int(last)

    def _story(self, row: int, key: int) -> list[int]:
        """Return the texts of a story whose origins are counted: of several, where this one is the newest."""
        newest = self._members.newest(key, _TRACED // 2)
        if newest[0] != row or len(newest) == 1:
            return []
        return sorted({*newest, *self._members.oldest(key, _TRACED // 2)})


def tell_all(found: Waiting, tell: Tell, config: Config, *, keeps_texts: bool) -> list[Row]:
    """Return what texts brought, as rows of `NEWS`."""
    return [_told(text, tell, config, keeps_texts=keeps_texts) for text in found.texts]


def _told(text: _Text, tell: Tell, config: Config, *, keeps_texts: bool) -> Row:
    version, older = text.version, text.older
    news = _NOTHING
    if keeps_texts and older is not None and older.document.text != version.document.text:
        news = tell(older.document, version.document)
    independent: int | None = None
    if keeps_texts and text.texts == 1:
        independent = 1
    elif keeps_texts and text.story:
        story = trace("", [StoryText(each.name, each.document.text, each.document) for each in text.story], config)
        independent = story.independent_origins
    lines = dumps(dict(news.lines), ensure_ascii=False)
    told = dumps([*news.kinds], ensure_ascii=False), dumps([*news.alarms], ensure_ascii=False), lines
    return version.row, None if older is None else older.row, *told, text.texts, independent, version.moment


def keep(store: Store, found: Waiting, rows: Sequence[Row]) -> bool:
    """Keep what was told, but for texts that have changed or gone since, and what another process has told meanwhile. Return whether all of
    it is kept."""
    wanted = {each.row: each for text in found.texts for each in (text.version, text.older) if each is not None}
    now = {row: version.name for row, version in versions_of(store, wanted).items()}
    fresh = {row for (row,) in store.rows_among("select row from news where texts >= 0 and row {among}", [row for row, *_ in rows])}
    sound = {row for row, version in wanted.items() if now.get(row) == version.name}
    write_news(store, [each for each in rows if each[0] not in fresh and each[0] in sound and (each[1] is None or each[1] in sound)])
    return len(sound) == len(wanted)
