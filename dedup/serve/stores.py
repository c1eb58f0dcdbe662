"""Readers of an index beside its writer: each has a connection of its own, and works in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from ..index import Index

_Result = TypeVar("_Result")


class IndexReaders:
    """A few connections to an index that only read."""

    def __init__(self, url: str, count: int = 3):
        self._free: SimpleQueue[Index] = SimpleQueue()
        self._all = [Index.open(url, create=False) for _ in range(count)]
        for index in self._all:
            self._free.put(index)
        self._threads = ThreadPoolExecutor(count, "dedup-reader")

    async def ask(self, action: Callable[[Index], _Result]) -> _Result:
        """Return what an action finds in the index."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._with_one, action)

    def _with_one(self, action: Callable[[Index], _Result]) -> _Result:
        index = self._free.get()
        try:
            return action(index)
        finally:
            self._free.put(index)

    def close(self) -> None:
        """Wait for what is asked, and let go of the index."""
        self._threads.shutdown()
        for index in self._all:
            index.close()
