"""The gate before a search index: which documents are worth indexing, one at a time, in streams, or from coroutines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import Lock
from weakref import WeakKeyDictionary

from ..config import Config, SameId
from ..errors import ConfigError, InputError, StoreError
from ..model import Document
from .decision import Decision, News, Policy
from .index import Index
from .prepare import refuse_unfit

_TOGETHER = 1024  # documents of a stream that are decided together


class Gate:
    """Decides about documents before they are indexed elsewhere; whatever it has answered is durable in its index.

    ``config`` must be that of the index, None for whatever it is. ``news``, for example `reports.news`, tells a revision with changed
    facts, which updates another document, from one to be skipped. Where ``first`` is False a document that the settings prefer to what
    was let through before updates it too. ``same_id``, ``redeliver`` and ``origins`` as `dedup.Policy` has them. What was let
    through is told again after a crash, until `dedup.Index.deliver`, or the end of the index's ``with`` statement, says that it arrived.

    >>> gate = Gate(Index.open(":memory:"))
    >>> gate.decide(Document("1", "The port of Marsa reopened on Sunday after a strike.")).action
    'index'
    >>> gate.decide(Document("2", "The port of Marsa reopened on Sunday, after a strike!")).of
    '1'
    """

    def __init__(
        self,
        index: Index,
        config: Config | None = None,
        *,
        news: News | None = None,
        first: bool = True,
        same_id: SameId = "version",
        redeliver: bool = False,
        origins: bool = False,
    ):
        if config is not None and config != index.config:
            raise ConfigError("these are not the settings of the index: leave them out, or open the index with them")
        self.index = index
        self._policy = Policy(news, first, same_id, redeliver, origins)
        index.refuse_policy(self._policy)
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = WeakKeyDictionary()
        self._lock = Lock()

    def decide(self, document: Document) -> Decision:
        """Decide about one document."""
        return self.decide_all([document])[0]

    def decide_all(self, documents: Iterable[Document]) -> list[Decision]:
        """Decide about documents in their order, in one transaction: far faster than one by one. Raises `InputError` for a document that
        cannot be stored; then none of them is."""
        return self.index.decide(self.index.prepare([*documents]), self._policy)

    def stream(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Decision]]:
        """Yield documents with what is decided about them, in their order, some hundreds at a time."""
        waiting = iter(documents)
        with self.index.streaming():
            while part := list(islice(waiting, _TOGETHER)):
                yield from zip(part, self.decide_all(part), strict=True)

    def through(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield those documents that are worth indexing: all but duplicates to be skipped, withdrawals, and what is refused. Withdrawals
        are told by `stream` alone."""
        return (document for document, decision in self.stream(documents) if decision.action in ("index", "update"))

    async def decide_soon(self, document: Document) -> Decision:
        """Decide about a document without holding up other coroutines; those that ask at the same time are decided together.

        Raises `InputError` for a document that cannot be stored, whatever the others are.
        """
        refuse_unfit(document, self.index.config)
        with self._lock:  # loops may run in several threads, each has a queue of its own
            queue = self._queues.setdefault(asyncio.get_running_loop(), _Queue(self.decide_all))
        return await queue.ask(document)


class _Queue:
    """Documents that coroutines of one loop ask about; those that ask while others are decided about are decided together."""

    def __init__(self, decide_all: Callable[[list[Document]], list[Decision]]):
        self._decide_all = decide_all
        self._waiting: list[tuple[Document, asyncio.Future[Decision]]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, document: Document) -> Decision:
        answer: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._waiting.append((document, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        part: list[tuple[Document, asyncio.Future[Decision]]] = []
        try:
            while self._waiting:
                part, self._waiting = self._waiting, []
                part = [each for each in part if not each[1].done()]  # who asked may have gone
                await self._answer(part)
        finally:
            for _, answer in [*part, *self._waiting]:  # the work was cancelled, as at the end of a loop
                if not answer.done():
                    answer.cancel()
            self._waiting = []

    async def _answer(self, part: list[tuple[Document, asyncio.Future[Decision]]]) -> None:
        """Answer all who ask: together, or, where a document is bad, each by itself."""
        try:
            answers: list[Decision | Exception] = [*await asyncio.to_thread(self._decide_all, [document for document, _ in part])]
        except StoreError as error:
            answers = [error] * len(part)
        except InputError as error:
            answers = [error]
            if len(part) > 1:
                answers = [await asyncio.to_thread(self._decided, document) for document, _ in part]
        except Exception as error:
            answers = [error] * len(part)
        for (_, answer), found in zip(part, answers, strict=True):
            if answer.done():
                continue
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

    def _decided(self, document: Document) -> Decision | Exception:
        try:
            return self._decide_all([document])[0]
        except Exception as error:
            return error
