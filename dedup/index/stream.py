"""A feed of records through an index: read ahead, decided as they come, in order, and written when what was decided is durable."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from threading import Condition, Thread
from typing import TypeVar

from ..config import Config
from ..errors import InputError
from ..readers.records import Record
from .decision import NO_TEXT, Decision, Policy
from .index import Index
from .prepare import Prepared, refuse_unfit

_MOST, _MOST_BYTES = 8192, 1 << 25  # of records that are decided together, and of those that wait meanwhile
_LOOKED_AHEAD = 64  # records that come together from which on it is worth to look ahead
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Answer:
    """A record and what was decided about it; no decision where there is none to be made, of the names of a CSV file or a bad record."""

    record: Record
    decision: Decision | None


class _Ahead:
    """Records that a thread reads ahead, as many as have room; iterating waits for one, and takes all that are there."""

    def __init__(self, records: Iterable[Record]):
        self._waiting: deque[Record] = deque()
        self._size, self._ended = 0, False
        self._error: BaseException | None = None
        self._changed = Condition()
        Thread(target=self._run, args=(records,), daemon=True).start()

    def _run(self, records: Iterable[Record]) -> None:
        try:
            for record in records:
                with self._changed:
                    self._changed.wait_for(self._has_room)
                    if self._ended:
                        return
                    self._waiting.append(record)
                    self._size += len(record.raw)
                    self._changed.notify_all()
        except BaseException as error:  # raised again where the records are taken
            self._error = error
        self.stop()

    def _has_room(self) -> bool:
        return self._ended or (len(self._waiting) < _MOST and self._size < _MOST_BYTES)

    def __iter__(self) -> Iterator[list[Record]]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                found: list[Record] = []
                size = 0
                while self._waiting and len(found) < _MOST and size < _MOST_BYTES:
                    found.append(self._waiting.popleft())
                    size += len(found[-1].raw)
                self._size -= size
                self._changed.notify_all()
            if not found:
                break
            yield found
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Read no further."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def _one_ahead(items: Iterator[_Item]) -> Iterator[_Item]:
    """Yield items that a thread makes, one ahead of who takes them."""
    thread = ThreadPoolExecutor(1)
    try:
        ahead = thread.submit(next, items, None)
        while (item := ahead.result()) is not None:
            ahead = thread.submit(next, items, None)
            yield item
    finally:
        thread.shutdown(wait=False, cancel_futures=True)


def _checked(record: Record, config: Config) -> Record:
    """Return the record, with what it lacks that the settings need."""
    if record.document is not None:
        try:
            refuse_unfit(record.document, config)
        except InputError as error:
            return replace(record, document=None, error=error)
    return record


def _answer(record: Record, decision: Decision | None) -> Answer:
    """Return the answer to a record; what is refused becomes a bad record."""
    if decision is None or decision.action != "refuse":
        return Answer(record, decision)
    path, line = (record.document.path, record.document.line) if record.document is not None else (None, None)
    hint = "give each record an id of its own, or say with --same-id what a second text is"
    if decision.why == NO_TEXT:
        hint = "name the field of the text, or leave the record out; under an id that was let through it would be a withdrawal"
    error = InputError(decision.why or "refused", path=path, line=line, hint=hint)
    return Answer(replace(record, document=None, error=error), None)


def answers(records: Iterable[Record], index: Index, policy: Policy | None = None) -> Iterator[list[Answer]]:
    """Yield records with what is decided about them, in their order, as many together as have come: all of these are durable.

    Bad records come by themselves, one that is refused as a bad one. Records are read, and documents made ready, by threads of their own.
    """
    ahead = _Ahead(_checked(record, index.config) for record in records)

    def parts() -> Iterator[tuple[list[Record], Prepared]]:
        for found in ahead:
            for bad, some in groupby(found, key=lambda record: record.error is not None):
                part = [*some]
                made = index.prepare([] if bad else [record.document for record in part if record.document is not None])
                yield part, index.look_ahead(made) if len(part) >= _LOOKED_AHEAD else made

    try:
        for found, prepared in _one_ahead(parts()):
            decisions = iter(index.decide(prepared, policy) if prepared.documents else ())
            yield [_answer(record, next(decisions) if record.document is not None else None) for record in found]
    finally:
        ahead.stop()


def annotated(record: Record, decision: Decision) -> bytes:
    """Return a record as a line of JSON, with what was decided about it as a last field ``dedup``; its own bytes are unchanged."""
    added = json.dumps(decision.to_dict(), ensure_ascii=False)
    body = record.raw.strip()
    if not body.startswith(b"{") or b"\n" in body or "dedup" in record.fields:
        fields = {**record.fields, "dedup": decision.to_dict()}
        return json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
    comma = b"," if record.fields else b""
    return body[:-1].rstrip() + comma + b' "dedup": ' + added.encode() + b"}\n"
