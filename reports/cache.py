"""What was read last, kept while it may be asked for again: a sentence is read for its alignment, its changes and its facts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")
_MOST = 200_000  # items kept, tokens of about 150 bytes
_LAST = 4  # results that are kept however long they are, until `forget_long`: two texts of one sentence each


class ResultCache(Generic[Item]):
    """The last results of a function, as many as have 200,000 items together, and the last four. Safe in threads."""

    _all: list[ResultCache[object]] = []  # noqa: RUF012 - every cache of the process

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Item, ...]] = OrderedDict()
        self._items = 0
        self._lock = Lock()
        self._all.append(self)  # type: ignore[arg-type]

    def get(self, key: Hashable, make: Callable[[], tuple[Item, ...]]) -> tuple[Item, ...]:
        """Return the result that is kept for a key, or make it."""
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._items += len(made) + 1
            self._forget(_LAST)
        return made

    def _forget(self, last: int) -> None:
        while self._items > _MOST and len(self._kept) > last:
            _, oldest = self._kept.popitem(last=False)
            self._items -= len(oldest) + 1

    @classmethod
    def trim_all(cls) -> None:
        """Let go what is too long to be kept when a comparison is done."""
        for cache in cls._all:
            with cache._lock:
                cache._forget(0)
