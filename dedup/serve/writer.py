"""The writer of a server: what many requests ask for at once is decided in one transaction, and answered when that is durable."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any, Generic, TypeVar

from ..errors import DedupError, InputError, StoreError
from ..index import Decision, Index, Policy
from ..model import Document
from .problems import Problem
from .telemetry import LOG, Metrics

_TOGETHER = 1024  # records of one transaction, unless one request has more
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Batch:
    """Documents that are decided in one transaction, and who waits for what is decided."""

    documents: Sequence[Document]
    answer: Future[list[Decision]]


@dataclass(frozen=True, slots=True)
class _Change(Generic[_Result]):
    """Another change of the index, done by itself."""

    action: Callable[[Index], _Result]
    answer: Future[_Result]


class Writer:
    """One thread that writes to an index. ``told`` is called in that thread after each change.

    The same record is answered in the same way whenever it comes: no two requests with one id share a transaction, and what was answered
    before is answered again as it was then.
    """

    def __init__(self, index: Index, policy: Policy, metrics: Metrics, most: int, told: Callable[[], None]):
        self.policy = policy
        self._index, self._metrics, self._most, self._told = index, metrics, most, told
        self._waiting: deque[_Batch | _Change[Any]] = deque()
        self._size, self._ended, self._at_work = 0, False, False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="dedup-writer", daemon=True)
        self._thread.start()

    async def decide(self, documents: Sequence[Document]) -> list[Decision]:
        """Decide about documents, in their order. Raises `Problem` where too many wait already."""
        # A request that is broken off does not take back what others are decided with.
        return await asyncio.shield(asyncio.wrap_future(self.ask(documents)))

    def ask(self, documents: Sequence[Document]) -> Future[list[Decision]]:
        """Decide about documents, as `decide` does; for other threads."""
        answer: Future[list[Decision]] = Future()
        with self._changed:
            self._refuse_ended()
            if self._size and self._size + len(documents) > self._most:
                raise Problem(429, "too many records wait to be decided", hint="send fewer at once", headers={"Retry-After": "1"})
            self._size += len(documents)
            self._metrics.waiting.set(self._size)
            self._waiting.append(_Batch(documents, answer))
            self._changed.notify()
        return answer

    async def change(self, action: Callable[[Index], _Result]) -> _Result:
        """Do another change of the index, after what waits already."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(action)))

    def submit(self, action: Callable[[Index], _Result]) -> Future[_Result]:
        """Do another change of the index, after what waits already; for other threads."""
        answer: Future[_Result] = Future()
        with self._changed:
            self._refuse_ended()
            self._waiting.append(_Change(action, answer))
            self._changed.notify()
        return answer

    def close(self) -> None:
        """Do what waits, and end."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    @property
    def is_busy(self) -> bool:
        """True while records are decided about, or wait for that."""
        return self._size > 0 or self._at_work

    @property
    def is_alive(self) -> bool:
        """True while it takes changes."""
        return not self._ended and self._thread.is_alive()

    def _refuse_ended(self) -> None:
        if self._ended:
            raise Problem(503, "the server is ending", hint="try again later", headers={"Retry-After": "5"})

    def _run(self) -> None:
        while True:
            with self._changed:
                self._at_work = False
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    return
                taken = self._taken()
                self._at_work = True
            if isinstance(taken, _Change):
                _answer(taken, self._index)
            else:
                self._decide(taken)
            self._told()

    def _taken(self) -> list[_Batch] | _Change[Any]:
        """Return what is done next: another change, or all that is to be decided up to one, as far as it may share a transaction."""
        first = self._waiting.popleft()
        if isinstance(first, _Change):
            return first
        found, ids, size = [first], {document.id for document in first.documents}, len(first.documents)
        while self._waiting and isinstance(after := self._waiting[0], _Batch):
            own = {document.id for document in after.documents}
            size += len(after.documents)
            if size > _TOGETHER or ids & own:
                break
            ids |= own
            self._waiting.popleft()
            found.append(after)
        self._size -= sum(len(batch.documents) for batch in found)
        self._metrics.waiting.set(self._size)
        return found

    def _decide(self, batches: list[_Batch]) -> None:
        try:
            decisions = iter(self._decided([document for batch in batches for document in batch.documents]))
            answers = [[next(decisions) for _ in batch.documents] for batch in batches]
        except StoreError as error:
            for batch in batches:
                batch.answer.set_exception(error)
            return
        except Exception as error:  # of one of them, which the others need not pay for
            if len(batches) == 1:
                if not isinstance(error, DedupError):
                    LOG.error("internal error while deciding: %s", type(error).__name__)
                batches[0].answer.set_exception(error)
                return
            for batch in batches:
                self._decide([batch])
            return
        for batch, found in zip(batches, answers, strict=True):
            batch.answer.set_result(found)

    def _decided(self, documents: list[Document]) -> list[Decision]:
        found = self._index.decide(self._index.prepare(documents), self.policy, delivered=True)
        self._metrics.commits.observe(len(documents))
        for decision in found:
            self._metrics.decisions.labels(decision.action).inc()
        return found


def _answer(change: _Change[Any], index: Index) -> None:
    try:
        change.answer.set_result(change.action(index))
    except Exception as error:
        if not isinstance(error, InputError | Problem):
            LOG.error("internal error while changing the index: %s", type(error).__name__)
        change.answer.set_exception(error)
