"""The watcher: it looks at sources, each in a thread of its own, and lets what is new in them be decided about."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from ...errors import DedupError, InputError, StoreError
from ...index.decision import Decision
from ...model import Document
from .fetching import FetchError
from .model import LOG, SourceState, Taken, Turn, Watched, printable

_TOGETHER = 100  # documents that are decided together, so that others who ask need not wait for long
_WAITS = 1.0, 60.0  # seconds after which it is tried again where nothing can be stored: the first time, and at most
_PATIENCE = 0.5  # seconds after which one who waits for a server looks whether to go on

Decide = Callable[[list[Document]], Sequence[Decision]]
"""Decides about documents, and returns when that is durable. Raises `InputError` where one of them cannot be stored; then none is."""
Keep = Callable[[Mapping[str, str]], None]
"""Keeps notes of the index, and returns when they are durable."""


def _chance() -> float:
    return secrets.randbelow(1000) / 1000


@dataclass(slots=True)
class _Counts:
    looked: float | None = None
    came: float | None = None
    documents: int = 0
    let_through: int = 0
    held_back: int = 0
    refused: int = 0
    failures: int = 0
    problem: str | None = None


class Watcher:
    """Looks at sources until it is stopped.

    ``notes`` are those that ``keep`` has kept before. ``now`` returns seconds since 1970. ``every`` is the time between two looks at a feed
    at an address, in seconds, at least a minute; folders and files are looked at every two seconds. ``wait`` waits some seconds, or less
    where it is stopped.

    Documents are decided about before it is noted that they were taken. After a crash between the two they come again, and the index knows
    them; so nothing is missed, and nothing is in the index twice.
    """

    def __init__(
        self,
        sources: Sequence[Watched],
        decide: Decide,
        keep: Keep,
        *,
        notes: Mapping[str, str],
        now: Callable[[], float],
        every: float = 300.0,
        wait: Callable[[float], object] | None = None,
    ):
        self._sources, self._decide, self._keep = tuple(sources), decide, keep
        self._stop = Event()
        self._wait = wait or self._stop.wait
        self._turn = Turn(now, _chance, every, self._stop.is_set, self._alone)
        self._counts = [_Counts() for _ in self._sources]
        self._lock = Lock()
        self._servers: dict[str, Lock] = {}
        self._threads: list[Thread] = []
        for source in self._sources:
            source.restore(notes)

    def start(self) -> None:
        """Begin to look at the sources."""
        for place, source in enumerate(self._sources):
            thread = Thread(target=self._run, args=(place,), name=f"dedup-watch-{source.kind}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Look no more; wait for what is under way, at most so many seconds. Return whether all of it has ended."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def state(self) -> tuple[SourceState, ...]:
        """Return how it stands with each source, in their order."""
        with self._lock:
            return tuple(_state(source, counts) for source, counts in zip(self._sources, self._counts, strict=True))

    def _run(self, place: int) -> None:
        while not self._stop.is_set() and not self._sources[place].ended:
            self._wait(self.look(place))

    def look(self, place: int) -> float:
        """Look at one of the sources once, and return the seconds until the next look."""
        source, counts = self._sources[place], self._counts[place]
        try:
            with closing(_closable(source.look(self._turn))) as found:
                for taken in found:
                    if not self._take(source, counts, taken):
                        return 0.0
        except Exception as error:  # nothing can be stored now, or the program has a fault: all of it is tried again
            what = str(error) if isinstance(error, DedupError) else type(error).__name__
            counts.failures += 1
            self._complain(source, counts, f"what it brings cannot be stored ({printable(what)})")
            return float(min(_WAITS[0] * 2.0 ** min(counts.failures - 1, 10), _WAITS[1]))
        counts.failures, counts.problem, counts.looked = 0, None, self._turn.now()
        return source.delay(self._turn)

    def _take(self, source: Watched, counts: _Counts, taken: Taken) -> bool:
        """Let documents be decided about and keep the notes; return False where it was stopped before it was done."""
        for start in range(0, len(taken.documents), _TOGETHER):
            if self._stop.is_set():
                return False
            part = [*taken.documents[start : start + _TOGETHER]]
            decisions = self._decided(source, part)
            with self._lock:
                counts.came = self._turn.now()
                counts.documents += len(part)
                counts.let_through += sum(each.action in ("index", "update", "withdraw") for each in decisions)
                counts.held_back += sum(each.action == "skip" for each in decisions)
                counts.refused += len(part) - sum(each.action != "refuse" for each in decisions)
        if taken.notes:
            self._keep(taken.notes)
        return True

    def _decided(self, source: Watched, part: list[Document]) -> list[Decision]:
        """Return what is decided about documents; one that cannot be stored is left out, which is said."""
        try:
            return [*self._decide(part)]
        except StoreError:
            raise
        except InputError:  # one by one, because none of them is stored
            found: list[Decision] = []
            for document in part:
                try:
                    found += self._decide([document])
                except StoreError:
                    raise
                except InputError as error:
                    LOG.warning("%s: a document is left out: %s", source.name, printable(str(error)))
            return found

    def _complain(self, source: Watched, counts: _Counts, what: str) -> None:
        if counts.problem != what:
            counts.problem = what
            LOG.warning("%s: %s", source.name, what)

    @contextmanager
    def _alone(self, host: str) -> Iterator[None]:
        """Let nobody else ask a server meanwhile."""
        with self._lock:
            lock = self._servers.setdefault(host, Lock())
        while not lock.acquire(timeout=_PATIENCE):
            if self._stop.is_set():
                raise FetchError("the server is ending")
        try:
            yield
        finally:
            lock.release()


def _closable(found: Iterator[Taken]) -> Generator[Taken, None, None]:
    """Yield the same in a generator, which can be closed."""
    yield from found


def _state(source: Watched, counts: _Counts) -> SourceState:
    return SourceState(
        source.name,
        source.kind,
        counts.looked,
        counts.came,
        counts.documents,
        counts.let_through,
        counts.held_back,
        counts.refused,
        source.waiting,
        counts.problem or source.problem,
        source.ended,
    )
