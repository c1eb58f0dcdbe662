"""The persistent index: documents in, decisions out, nothing decided twice."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, RLock
from types import TracebackType
from typing import Any, Self, TypeVar

from ..config import Config
from ..errors import DedupError, StoreError, StoreGone
from ..model import Document
from . import deliveries
from .browse.browsing import Browsing
from .compare import compare_rows, counters_of, looked_ahead
from .decide import Decider
from .decision import Decision, Policy
from .deliveries import Run
from .integrity import faults
from .metadata import SUPERSEDED, read_metadata
from .notes import claim, read_notes, write_notes
from .opening import opened
from .prepare import Prepared, prepare
from .questions import Questions
from .remove import compact, prune, remove
from .storage.interface import Store
from .storage.postings import Postings
from .storage.tables import DAMAGED
from .transaction import Transaction
from .window import counting_in
from .working_set import WorkingSet

_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())  # silent, unless somebody listens
_Result = TypeVar("_Result")
_WAITS = (0.5, 1, 2, 4, 8, 15)  # seconds until a server that went away is asked again


class Index(Questions, Browsing):
    """Documents that were seen, on disk. Open it with `open`; it is a context manager.

    What it lets through counts as delivered when the ``with`` statement ends without an error, or at `deliver`: a later run holds it back
    as seen. Closed or killed before that, it answers as before. Threads may share one: they take turns, each call is one transaction.
    Processes open their own, also one that was forked.

    >>> with Index.open(":memory:") as index:
    ...     [decision.action for decision in index.add([Document("1", "Rain in the north."), Document("2", "RAIN in the north!")])]
    ['index', 'skip']
    """

    def __init__(self, store: Store, config: Config, keep_texts: bool):
        self._store, self.config, self.keeps_texts = store, config, keep_texts
        self._postings = Postings(store)
        self._holder = deliveries.new_holder()
        self._run: Run | None = None
        self._lock = RLock()
        self._process, self._closed = os.getpid(), False
        self._streams = 0

    @classmethod
    def open(
        cls,
        url: str,
        config: Config | Mapping[str, Any] | None = None,
        *,
        keep_texts: bool | None = None,
        create: bool = True,
        keep_for: float | None = None,
    ) -> Self:
        """Open the index at a path, or make it there.

        ``config`` holds the settings that it must have, all of a `Config` (but for the usual seed) or some by their names, None for
        whatever they are; so does ``keep_texts``. A new index has the usual ones otherwise, keeps texts, and gets a secret seed.
        ``keep_for`` is the window in seconds that the index has from now on: what was last seen longer ago is forgotten by whoever takes
        something in; infinity for none any more, None for whatever it has. Raises `StoreError` and `ConfigError`.
        """
        return cls(*opened(url, config, keep_texts, keep_for, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and not self._streams and self._process == os.getpid():
                self.deliver()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the index. What was let through since the last `deliver` counts as broken off."""
        if self._process == os.getpid():  # what a process got by a fork is its parent's
            with self._lock:
                self._closed = True
                self._postings.close()
                self._store.close()

    def deliver(self, notes: Mapping[str, str] | None = None) -> None:
        """Note that all that was let through so far has reached who asked: whoever asks for it from now on is told that it was seen. In
        the same transaction keep ``notes`` by their names, for example how far a feed was read."""
        with self._lock:
            if self._run is not None or notes:
                self._persistently(lambda: self._end(notes or {}))
                self._run = None

    def _end(self, notes: Mapping[str, str]) -> None:
        with self._writing():
            if self._run is not None:
                deliveries.end(self._store, self._run)
            write_notes(self._store, notes)

    def notes(self) -> dict[str, str]:
        """Return the notes that `deliver` has kept, by their names."""
        with self._reading():
            return read_notes(self._store)

    def claim(self, name: str) -> None:
        """Let nobody else work under a name until this index is closed or its process ends. Raises `StoreError` where another one does."""
        with self._writing():
            claim(self._store, name)

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Hold back what is let through meanwhile from being delivered by the end of a ``with`` statement, unless this ends first, well."""
        self._streams += 1
        yield
        self._streams -= 1

    def query(self, text: str | Document) -> list[Decision]:
        """Return what is stored that a text relates to, best first, without storing it; of duplicates those that were let through first.

        Each is a decision to ``skip`` the text, or, where the two are no duplicates, to ``index`` it, with the evidence.
        """
        document = text if isinstance(text, Document) else Document("query", text)
        prepared = self.prepare([document])
        with self._reading():
            metadata = read_metadata(self._store)
            number = int(metadata["number"])
            self._postings.refresh(counting_in(metadata))
            known, counters = WorkingSet(self._store, self._postings, self.config), counters_of(metadata)
            compared = compare_rows(known, prepared, range(number, number + 1), counters, duplicates=False)
            return Decider(known, compared, Policy()).related(compared.rows)

    def remove(self, ids: Iterable[str]) -> int:
        """Take out all versions of the documents with these ids, and return how many there were. Clusters keep their names."""
        with self._writing():
            return remove(self._store, self.config, ids)

    def prune(self, *, before: float | None = None, newest: int | None = None) -> int:
        """Take out documents that appeared before a moment (seconds; dates are seconds since 1970), or all but the newest by arrival; give
        back their room, and return how many there were."""
        with self._lock:
            with self._writing():
                count = prune(self._store, self.config, before=before, newest=newest)
                compact(self._store, self._postings)
            self._store.tidy()
        return count

    def verify(self) -> list[str]:
        """Return what is wrong with the index, a line each; nothing where it is whole."""
        self._refuse_use()
        found: list[str] = []
        try:
            with self._lock, self._store.reading():
                found.extend(faults(self._store, Postings(self._store), self.config))
        except StoreError as error:  # so damaged that looking further makes no sense
            found.append(str(error))
        except Exception as error:  # what damage made of it
            found.append(f"{self._store.name}: damaged: it cannot be checked further ({type(error).__name__}: {error})")
        return found

    def _refuse_use(self) -> None:
        if self._closed:
            raise StoreError("it is closed", path=self._store.name, hint="open it again")
        if self._process != os.getpid():
            raise StoreError("it was opened by the process that this one was forked from", path=self._store.name, hint="open it again")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._refuse_use()
        with self._lock:
            try:
                with self._store.writing(), self._undamaged():
                    if self._store.rows("select name from meta where name = ?", (SUPERSEDED,)):
                        raise StoreError("it was rebuilt meanwhile", path=self._store.name, hint="open it again")
                    yield
            except BaseException:
                self._postings = self._postings.anew()  # what it knows of runs may never have been committed
                raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        self._refuse_use()
        with self._lock, self._store.reading(), self._undamaged():
            yield

    @contextmanager
    def _undamaged(self) -> Iterator[None]:
        """Tell an error that damage causes as what it is: one for which something is wrong with the index."""
        try:
            yield
        except (DedupError, MemoryError):
            raise
        except Exception as error:
            try:
                found = next(faults(self._store, Postings(self._store), self.config), None)
            except Exception:  # what damage made of it
                found = f"damaged ({type(error).__name__})"
            if found is None:
                raise
            raise StoreError(found, path=self._store.name, hint=DAMAGED) from error

    def prepare(self, documents: Sequence[Document]) -> Prepared:
        """Make documents ready for `decide`, which takes most of the time and needs no lock."""
        return prepare(documents, self.config, keep_texts=self.keeps_texts)

    def look_ahead(self, prepared: Prepared) -> Prepared:
        """Return prepared documents with what the index has of their keys now, so that `decide` looks up what is new only."""
        self._refuse_use()
        return looked_ahead(prepared, self._postings, self.config) if self._postings.can_look_ahead else prepared

    def add(self, documents: Iterable[Document]) -> list[Decision]:
        """Store documents, in one transaction, and return what is decided about each."""
        return self.decide(self.prepare([*documents]))

    def decide(self, prepared: Prepared, policy: Policy | None = None, *, delivered: bool = False) -> list[Decision]:
        """Decide about documents that were prepared, in their order, store them, and return the decisions when all of it is durable.

        One that an earlier run has delivered, or another one that works still has let through, is skipped as seen. Where a server goes away
        meanwhile, what it has when it is back is asked for, and what it does not have is decided anew. With ``delivered`` the call is a run
        of its own, and what it lets through counts as delivered with it.
        """
        policy = policy or Policy()
        self.refuse_policy(policy)
        if delivered:
            with self._lock:
                return self._persistently(lambda: self._decide_alone(prepared, policy))
        with self._lock:
            attempt: tuple[Run, list[Decision]] | None = None

            def decided() -> tuple[Run, list[Decision]]:
                nonlocal attempt
                if attempt is not None:  # it is not known whether that was committed
                    with self._writing():
                        if deliveries.is_committed(self._store, attempt[0]):
                            return attempt
                with self._writing():
                    metadata = read_metadata(self._store)
                    last = int(metadata["run"])
                    run = deliveries.go_on(self._store, self._run) if self._run else deliveries.begin(self._store, self._holder, last)
                    answers = Transaction(self._store, self._postings, self.config, self.keeps_texts, metadata, run, policy)
                    attempt = run, answers.decide(prepared)
                return attempt

            self._run, decisions = self._persistently(decided)
            return decisions

    def would_decide(self, prepared: Prepared, policy: Policy | None = None) -> list[Decision]:
        """Return what `decide` would return, and store nothing: other writers wait meanwhile."""
        policy = policy or Policy()
        self.refuse_policy(policy)
        with self._lock:
            try:
                self._decide_alone(prepared, policy, keep=False)
            except _TakenBack as taken:
                return taken.decisions
        raise AssertionError("nothing is kept")

    def _decide_alone(self, prepared: Prepared, policy: Policy, *, keep: bool = True) -> list[Decision]:
        with self._writing():
            metadata = read_metadata(self._store)
            run = replace(deliveries.begin(self._store, self._holder, int(metadata["run"])), delivers=True)
            decisions = Transaction(self._store, self._postings, self.config, self.keeps_texts, metadata, run, policy).decide(prepared)
            if not keep:
                raise _TakenBack(decisions)
            deliveries.end(self._store, run)
        return decisions

    def _persistently(self, action: Callable[[], _Result]) -> _Result:
        """Do what may be done again after a server went away, until it is back."""
        for delay in _WAITS:
            try:
                return action()
            except StoreGone as error:
                _LOG.warning("%s: the server went away (%s); it is asked again in %g s", error.path, error.what, delay)
                Event().wait(delay)
        return action()


class _TakenBack(Exception):
    """Ends a transaction of which nothing is kept."""

    def __init__(self, decisions: list[Decision]):
        self.decisions = decisions
