"""The persistent index: documents in, decisions out, nothing decided twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from ..config import Config
from ..errors import ConfigError, StoreError, StoreGone
from ..model import Cluster, Document
from .decision import Decision, restored
from .drafts import Drafts, draft
from .header import check_header, read_header, refuse_other, with_secret, write_header
from .holdings import clusters, documents, resolve, stats
from .postings import Postings
from .sqlite import SqliteStore
from .store import Store
from .transaction import News, Transaction
from .upkeep import compact, faults, prune, remove

_WAITS = (0.5, 1, 2, 4, 8, 15)  # seconds until a server that went away is asked again


def open_store(url: str, *, create: bool) -> Store:
    """Return the database that an address names: a PostgreSQL server, or a file. Raises `StoreError`."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        return SqliteStore(url, create=create)
    from .postgres import SCHEMES, PostgresStore

    if scheme not in SCHEMES:
        raise ConfigError(f"{scheme}:// is no index: give the path of a file or postgresql://user@host/database")
    try:
        urlsplit(url)
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address ({error}): write postgresql://user@host/database") from error
    return PostgresStore(url, create=create)


class Index:
    """Documents that were seen, on disk. Open it with `open`; it is a context manager.

    >>> with Index.open(":memory:") as index:
    ...     [decision.action for decision in index.add([Document("1", "Rain in the north."), Document("2", "RAIN in the north!")])]
    ['index', 'skip']
    """

    def __init__(self, store: Store, config: Config, keep_texts: bool):
        self._store, self.config, self.keeps_texts = store, config, keep_texts
        self._postings = Postings(store)
        self._run: int | None = None

    @classmethod
    def open(cls, url: str, config: Config | None = None, *, keep_texts: bool | None = None, create: bool = True) -> Self:
        """Open the index at a path, or make it there. ``config`` must be that of the index, None for whatever it is.

        A new index gets a secret seed, unless ``config`` names one that is not the usual. Raises `StoreError` and `ConfigError`.
        """
        if config is not None and config.keep == "most-complete":
            raise ConfigError("keep is 'most-complete', which needs all texts at once; an index takes longest, earliest or latest")
        store = open_store(url, create=create)
        header = read_header(store)
        if not header:
            with store.writing():
                if not read_header(store):
                    made = config or Config()
                    made = with_secret(made) if made.seed == Config().seed else made
                    write_header(store, made, keep_texts is not False)
            header = read_header(store)
        stored = check_header(store, header)
        if config is not None:
            wanted = {
                name: getattr(config, name) for name in Config.__dataclass_fields__ if getattr(config, name) != getattr(Config(), name)
            }
            refuse_other(store, stored, wanted)
        return cls(store, stored, header["texts"] == "1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._store.close()

    def clusters(self) -> list[Cluster]:
        """Return the clusters of all that is stored, those that `dedup.find_duplicates` finds in it, by the order of their names' arrival.

        A cluster is named by its oldest member for ever: where two become one the older name stays, and `resolve` knows the other.
        """
        with self._store.reading():
            return [*clusters(self._store, self.config)]

    def resolve(self, name: str) -> str | None:
        """Return the name that a cluster has now which once had this one; None for a name that never was."""
        with self._store.reading():
            return resolve(self._store, name)

    def stats(self) -> dict[str, Any]:
        """Return what the index holds and its settings, as an object for JSON."""
        with self._store.reading():
            return stats(self._store)

    def query(self, text: str | Document) -> list[Decision]:
        """Return what is stored that a text relates to, best first, without storing it; of duplicates those that were let through first.

        Each is a decision to ``skip`` the text, or, where the two are no duplicates, to ``index`` it, with the evidence.
        """
        document = text if isinstance(text, Document) else Document("query", text)
        drafts = self.draft([document])
        with self._store.reading():
            return Transaction(self._store, self._postings, self.config, self.keeps_texts, 0, None, True).related(drafts)

    def remove(self, ids: Iterable[str]) -> int:
        """Take out the documents with these ids, and return how many there were. Clusters keep their names."""
        with self._writing():
            return remove(self._store, self.config, ids)

    def prune(self, *, before: float | None = None, newest: int | None = None) -> int:
        """Take out documents that appeared before a moment (seconds; dates are seconds since 1970), or all but the newest by arrival; give
        back their room, and return how many there were."""
        with self._writing():
            count = prune(self._store, self.config, before=before, newest=newest)
            compact(self._store, self._postings)
        self._store.tidy()
        return count

    def verify(self) -> list[str]:
        """Return what is wrong with the index, a line each; nothing where it is whole."""
        found: list[str] = []
        try:
            with self._store.reading():
                found.extend(faults(self._store, self._postings, self.config))
        except StoreError as error:  # so damaged that looking further makes no sense
            found.append(str(error))
        return found

    def documents(self) -> Iterator[tuple[Document, Decision]]:
        """Yield what is stored, in the order of arrival, with what was decided; texts are empty where only sketches are kept."""
        for document, answer in documents(self._store):
            yield document, restored(document.id, answer)

    def restore(self, documents: Sequence[Document], answers: Sequence[str]) -> list[int]:
        """Store documents of another index with what was decided there, as it was kept, and return their numbers."""
        self.decide(self.draft(documents))
        with self._writing():
            (count,) = self._store.rows("select count(*) from documents")[0]
            numbers = [*range(count - len(documents), count)]
            self._store.run_many("update documents set answer = ?, run = 0 where number = ?", zip(answers, numbers, strict=True))
        return numbers

    def restore_kept(self, kept: Iterable[tuple[int, int]]) -> None:
        """Note which document stands for each of some others, by their numbers."""
        with self._writing():
            self._store.run_many("update documents set kept = ? where number = ?", [(holder, number) for number, holder in kept])

    def adopt_names(self, names: Iterable[tuple[str, int, int | None, bool]]) -> None:
        """Note names of clusters that another index gave, with the documents and places of the segments that had them."""
        with self._writing():
            for name, document, place, called in names:
                query = "select row from segments where document = ? and coalesce(place, -1) = ?"
                found = self._store.rows(query, (document, -1 if place is None else place))
                if found and called:
                    self._store.run("update segments set called = ? where row = ?", (name, found[0][0]))
                elif found:
                    self._store.run("insert into names values (?, ?) on conflict do nothing", (name, found[0][0]))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._store.writing():
                yield
        except BaseException:
            self._postings = Postings(self._store)  # what it knows of runs may never have been committed
            raise

    def draft(self, documents: Sequence[Document]) -> Drafts:
        """Make documents ready for `decide`, which takes most of the time and needs no lock."""
        return draft(documents, self.config, keep_texts=self.keeps_texts)

    def add(self, documents: Iterable[Document]) -> list[Decision]:
        """Store documents, in one transaction, and return what is decided about each."""
        return self.decide(self.draft([*documents]))

    def decide(self, drafts: Drafts, news: News | None = None, *, first: bool = True) -> list[Decision]:
        """Decide about drafts in their order, store them, and return the decisions when all of it is durable.

        ``news`` tells those duplicates that bring something, which are updates. Where ``first`` is False, one that the settings prefer to
        what was let through before is an update too.
        """
        for delay in (*_WAITS, None):
            try:
                with self._writing():
                    transaction = Transaction(self._store, self._postings, self.config, self.keeps_texts, self._run, news, first)
                    decisions = transaction.decide(drafts)
                break
            except StoreGone:
                if delay is None:
                    raise
                self._run = None  # what may have been committed is answered as before
                Event().wait(delay)
        self._run = transaction.run  # only now: what was not committed has no number
        return decisions
