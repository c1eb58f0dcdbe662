"""What texts brought, told after they have come: each against the older text of its story that it is most like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from json import dumps

from ...config import Config
from ...origins.trace import StoryText, trace
from ..news import BLOCK, forget_blocks, stale_rows, write_news
from ..storage.interface import Row, Store
from ..storage.tables import LINKS
from .blocks import BlockTexts, count_removed, unwritten_block, worn_blocks, write_block
from .listing import newest_row
from .members import Members
from .model import StoredVersion, Tell, TextNews
from .versions import versions_of

_WINDOW = 20_000  # rows that are searched at a time for those that were not looked at
_WINDOWS = 50  # of them that are searched at most
_TRACED = 64  # texts of a story whose origins are counted: the oldest and the newest
_SIMILARITY = LINKS.columns.index("similarity")
_NOTHING = TextNews((), (), {})
_OF_DOCUMENTS = "select row, document from segments where row {among}"
_MISSING = """
select s.row from segments s left join news n on n.row = s.row where s.row >= ? and s.row < ? and n.row is null order by s.row desc limit ?
"""
_OLDER_COPY = "select coalesce(max(row), ?) from segments where same = ? and row < ?"
_OLDER_MEMBER = "select max(row) from segments where star = ? and row < ?"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is to be told of, the older one that it is compared with, how many texts its story has so far, and, where it is the
    newest, those whose origins are counted."""

    version: StoredVersion
    older: StoredVersion | None
    texts: int
    story: tuple[StoredVersion, ...]

    def rows(self) -> list[int]:
        """Return the rows of it and of the older one."""
        return [self.version.row, *([] if self.older is None else [self.older.row])]


@dataclass(frozen=True, slots=True)
class Work:
    """Texts that are to be told of, and the documents of all their rows; a block to be written, and the blocks that are to be written anew.
    When that is done, all rows from ``low`` up to before ``high`` were looked at. ``removed`` counts what had been removed by then."""

    texts: tuple[_Text, ...]
    documents: dict[int, int]
    low: int
    high: int
    block: tuple[int, int, list[tuple[int, bytes]]] | None
    worn: tuple[int, ...]
    removed: str

    def __len__(self) -> int:
        return len(self.texts) + (self.block is not None) + len(self.worn)


class CatchingUp:
    """What is looked at of texts after they have come. It remembers which ones were, so that they are not searched for again."""

    def __init__(self, config: Config, *, keeps_texts: bool):
        self._config, self._keeps_texts = config, keeps_texts
        self._low: int | None = None
        self._high = 0
        self._swept = ""

    def read(self, store: Store, most: int) -> Work:
        """Return what is to be done next: about texts that were not looked at, those that have come last first, then those to be looked at
        anew, then the newest of the others."""
        end = newest_row(store) + 1
        low, high = (end, end) if self._low is None else (self._low, self._high)
        rows = [row for (row,) in store.rows(_MISSING, (high, end, most))]
        high = high if len(rows) == most else end
        rows += stale_rows(store, most - len(rows))
        for _ in range(_WINDOWS):
            if len(rows) >= most or low <= 0:
                break
            start, left = max(0, low - _WINDOW), most - len(rows)
            found = [row for (row,) in store.rows(_MISSING, (start, low, left))]
            low = found[-1] if len(found) == left else start
            rows += found
        texts = tuple(_Gathering(store, self._config).texts([*dict.fromkeys(rows)]))
        documents: dict[int, int] = dict(store.rows_among(_OF_DOCUMENTS, sorted({row for text in texts for row in text.rows()})))
        removed, block = count_removed(store), unwritten_block(store)
        is_idle = block is None and not texts and removed != self._swept
        worn = tuple(worn_blocks(store)) if is_idle else ()
        self._swept = removed if is_idle else self._swept
        return Work(texts, documents, low, high, None if block is None else _block(store, block), worn, removed)

    def tell(self, work: Work, tell: Tell) -> list[Row]:
        """Return what texts brought, as rows of `NEWS`. It needs no transaction."""
        return [self._told(text, tell) for text in work.texts]

    def _told(self, text: _Text, tell: Tell) -> Row:
        version, older = text.version, text.older
        news = _NOTHING
        if self._keeps_texts and older is not None and older.document.text != version.document.text:
            news = tell(older.document, version.document)
        told = [dumps(each, ensure_ascii=False) for each in ([*news.kinds], [*news.alarms], dict(news.lines))]
        return version.row, None if older is None else older.row, *told, text.texts, self._independent(text), version.moment

    def _independent(self, text: _Text) -> int | None:
        """Return how many origins a story has; None where that is not told of this text."""
        if not self._keeps_texts or not (text.story or text.texts == 1):
            return None
        if len({each.document.text for each in text.story}) <= 1:
            return 1
        traced = [StoryText(each.name, each.document.text, each.document) for each in text.story]
        return trace("", traced, self._config).independent_origins

    def keep(self, store: Store, work: Work, rows: Sequence[Row]) -> None:
        """Keep what was told, but for texts that have changed or gone since, and what another process has told meanwhile; write a block."""
        now: dict[int, int] = dict(store.rows_among(_OF_DOCUMENTS, sorted(work.documents)))
        fresh = {row for (row,) in store.rows_among("select row from news where texts >= 0 and row {among}", [row for row, *_ in rows])}
        sound = {row for row, document in work.documents.items() if now.get(row) == document}
        write_news(store, [each for each in rows if each[0] not in fresh and each[0] in sound and (each[1] is None or each[1] in sound)])
        if count_removed(store) == work.removed:
            if work.block is not None:
                write_block(store, *work.block)
            forget_blocks(store, [block * BLOCK for block in work.worn])
        self.note(work)
        if len(sound) < len(work.documents):
            self._low = None

    def note(self, work: Work) -> None:
        """Remember what was looked at."""
        self._low, self._high = work.low, work.high


def _block(store: Store, block: int) -> tuple[int, int, list[tuple[int, bytes]]]:
    """Return a block as it is to be written: its number, its rows, and the lists of its terms."""
    texts = BlockTexts(store, block * BLOCK, (block + 1) * BLOCK)
    return block, len(texts), [*texts.lists()]


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
