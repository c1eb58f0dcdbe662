"""The gate before a search index: which documents are worth indexing, one at a time, in streams, or from coroutines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice

from ..config import Config
from ..errors import ConfigError
from ..model import Document
from .decision import Decision
from .index import Index
from .transaction import News

_TOGETHER = 1024  # documents of a stream that are decided together


class Gate:
    """Decides about documents before they are indexed elsewhere; whatever it has answered is durable in its index.

    ``config`` must be that of the index, None for whatever it is. ``news``, for example `reports.news`, tells a revision with changed
    facts, which updates another document, from one to be skipped. Where ``first`` is False a document that the settings prefer to what
    was let through before updates it too.

    >>> gate = Gate(Index.open(":memory:"))
    >>> gate.decide(Document("1", "The port of Marsa reopened on Sunday after a strike.")).action
    'index'
    >>> gate.decide(Document("2", "The port of Marsa reopened on Sunday, after a strike!")).of
    '1'
    """

    def __init__(self, index: Index, config: Config | None = None, *, news: News | None = None, first: bool = True):
        if config is not None and config != index.config:
            raise ConfigError("these are not the settings of the index: leave them out, or open the index with them")
        self.index, self._news, self._first = index, news, first
        self._waiting: list[tuple[Document, asyncio.Future[Decision]]] = []
        self._working: asyncio.Task[None] | None = None

    def decide(self, document: Document) -> Decision:
        """Decide about one document."""
        return self.decide_all([document])[0]

    def decide_all(self, documents: Iterable[Document]) -> list[Decision]:
        """Decide about documents in their order, in one transaction: far faster than one by one."""
        return self.index.decide(self.index.draft([*documents]), self._news, first=self._first)

    def stream(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Decision]]:
        """Yield documents with what is decided about them, in their order, some hundreds at a time."""
        waiting = iter(documents)
        while part := list(islice(waiting, _TOGETHER)):
            yield from zip(part, self.decide_all(part), strict=True)

    def through(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield those documents that are worth indexing: all but duplicates to be skipped."""
        return (document for document, decision in self.stream(documents) if decision.action != "skip")

    async def decide_soon(self, document: Document) -> Decision:
        """Decide about a document without holding up other coroutines; those that ask at the same time are decided together."""
        answer: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._waiting.append((document, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            part, self._waiting = self._waiting, []
            try:
                decisions = await asyncio.to_thread(self.decide_all, [document for document, _ in part])
            except Exception as error:
                for _, answer in part:
                    answer.set_exception(error)
                continue
            for (_, answer), decision in zip(part, decisions, strict=True):
                if not answer.done():
                    answer.set_result(decision)
