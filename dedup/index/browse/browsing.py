"""What a desk asks of an index: its stories, their texts, and what each text brought."""

from __future__ import annotations

from contextlib import AbstractContextManager
from threading import RLock

from ...config import Config
from ...errors import ConfigError
from ..erase import erase, is_clean, note_clean
from ..storage.interface import Store
from . import listing
from .blocks import Unwritten
from .catching_up import CatchingUp
from .listing import Listing
from .members import Members
from .model import Facets, StoredVersion, StoryPage, StoryQuery, StoryTexts, Tell
from .versions import find_row, is_name, row_named, story_names, versions_of

_EVERYTHING = StoryQuery()


class Browsing:
    """The part of an `Index` that a desk needs; it decides nothing."""

    _store: Store
    config: Config
    keeps_texts: bool
    _lock: RLock
    _catching_up: CatchingUp | None = None
    _unwritten: Unwritten | None = None

    def _reading(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _writing(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def stories(self, query: StoryQuery = _EVERYTHING, *, before: int | None = None, most: int = 25) -> StoryPage:
        """Return the stories that are asked for, those with the newest texts first, at most so many; the next ones with ``before`` from the
        page before.

        A story is a cluster, or a text that is in none. What arrives meanwhile moves no story from a page to one that comes later. The time
        does not grow with what is stored: a page that would have to look at too much has fewer stories.
        """
        if most < 1:
            raise ConfigError(f"most is {most}; a page has at least 1 story")
        with self._reading():
            self._unwritten = self._unwritten or Unwritten()
            return Listing(self._store, self.config, self._unwritten).page(query, before, most)

    def story(self, name: str, *, most: int = 500) -> StoryTexts | None:
        """Return the texts of a story, by the name of its cluster, now or once, or of any text of it; None where there is none. Of more
        than ``most`` texts the oldest half is told of, and the newest half."""
        with self._reading():
            row = row_named(self._store, name)
            members = Members(self._store, self.config)
            keys = members.keys([] if row is None else [row])
            for key in keys.values():
                newest = members.newest(key, most)
                rows = newest if len(newest) < most else [*members.oldest(key, most - most // 2), *newest[: most // 2]]
                versions = versions_of(self._store, {*rows})
                named = story_names(self._store, members, [key])[key]
                return StoryTexts(named, tuple(versions[each] for each in sorted(versions)), members.count(key, newest[0]))
            return None

    def text(self, name: str) -> StoredVersion | None:
        """Return a text by its name, as the members of clusters have it, None where there is none. It is empty where the index keeps no
        texts."""
        with self._reading():
            row = find_row(self._store, name)
            return None if row is None else versions_of(self._store, [row]).get(row)

    def newest_row(self) -> int:
        """Return the row of the text that has come last, -1 where there is none. What `StoryCard.newest` is compared with."""
        with self._reading():
            return listing.newest_row(self._store)

    def facets(self, most: int = 30) -> Facets:
        """Return the sources and the sections of the newest 10,000 texts, each with their number."""
        with self._reading():
            return listing.facets(self._store, most)

    def catch_up(self, tell: Tell, *, most: int = 256) -> int:
        """Look at texts that have come and were not looked at, the newest first, at most so many: keep what ``tell`` says that each brought
        against the older text of its story that it is most like, and how many origins the story has; and write some of what `stories`
        searches in. Return how much was done; 0 where nothing is left.

        ``tell`` is called outside of any transaction.
        """
        catching_up = self._catching_up = self._catching_up or CatchingUp(self.config, keeps_texts=self.keeps_texts)
        with self._reading():
            work = catching_up.read(self._store, most)
        rows = catching_up.tell(work, tell)
        if work:
            with self._writing():
                catching_up.keep(self._store, work, rows)
        else:
            catching_up.note(work)
        return len(work)

    def erase(self, name: str) -> int:
        """Take out all versions of the document with an id, and whatever quotes it, so that its text is nowhere in the files of the index
        any more; return how many there were.

        Of a file the log is emptied, which waits for who reads it, and the file is searched for what was erased: where some is left, as in
        one that an older version has made, it is made anew, which takes its time. Files that ``rebuild`` has left beside it, and backups,
        are not touched. A server is told to clean its tables up (``vacuum``): it overwrites the room when it needs it, and what its log and
        its replicas keep is up to who runs it. Raises `StoreError` where others hold on to the file; the next call goes on.
        """
        if not is_name(name):
            return 0
        with self._lock:
            with self._writing():
                was_clean = is_clean(self._store)
                count, pieces = erase(self._store, self.config, name)
                note_clean(self._store, clean=False)
            self._store.scrub(pieces, anew=not was_clean)
            with self._writing():
                note_clean(self._store, clean=True)
        return count
