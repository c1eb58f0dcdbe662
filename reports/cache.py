"""A small cache of tokens: each sentence is read three times, for its alignment, its changes and its facts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")
_MOST = 200_000  # items kept in a cache; a token has about 150 bytes
_LAST = 4  # results kept whatever their length, until `trim_all`: enough for two texts of one sentence each


class ResultCache(Generic[Item]):
    """A cache of the last results of a function. Safe in threads.

    It keeps as many results as have 200,000 items together, and always the last four.
    """

    _all: list[ResultCache[object]] = []  # noqa: RUF012 - every cache of the process

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Item, ...]] = OrderedDict()
        self._items = 0
        self._lock = Lock()
        self._all.append(self)  # type: ignore[arg-type]

    def get(self, key: Hashable, make: Callable[[], tuple[Item, ...]]) -> tuple[Item, ...]:
        """Return the cached result of a key, or make it and keep it."""
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
    def clear_all(cls) -> None:
        """Empty every cache: for measurements."""
        for cache in cls._all:
            with cache._lock:
                cache._kept.clear()
                cache._items = 0

    @classmethod
    def trim_all(cls) -> None:
        """Reduce every cache to 200,000 items, when a comparison is done."""
        for cache in cls._all:
            with cache._lock:
                cache._forget(0)
