"""Gzip files inflated by a thread of their own, a little ahead of who reads them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from queue import Full, Queue
from threading import Thread
from typing import IO, Any

_READ, _BLOCK = 1 << 20, 1 << 22  # bytes read and inflated at a time: few blocks, since threads of Python take turns slowly
_AHEAD = 2  # blocks
_PATIENCE = 0.1  # seconds until a thread that nobody reads from looks whether it was stopped
_FORMAT = 31  # of zlib: gzip, with the largest window


def _inflated(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield what a gzip file holds, all members of it, in blocks that are no larger for a bomb."""
    inflater, rest = None, b""
    while rest or (rest := packed.read(_READ)):
        if inflater is None:
            rest = rest.lstrip(b"\0")  # zeros may fill up the file
            if len(rest) > 1 and not rest.startswith(b"\x1f\x8b"):
                raise OSError("Not a gzipped file")
            inflater = zlib.decompressobj(_FORMAT) if rest else None
        if inflater is not None:
            yield inflater.decompress(rest, _BLOCK)
            rest, inflater = (inflater.unused_data, None) if inflater.eof else (inflater.unconsumed_tail, inflater)
    if inflater is not None:
        raise EOFError("the file ends before its end marker: it was cut off")


class _Ahead(io.RawIOBase):
    """What an iterator yields, as a stream."""

    def __init__(self, blocks: Iterator[bytes]):
        self._queue: Queue[bytes | BaseException] = Queue(_AHEAD)
        self._rest: memoryview | None = memoryview(b"")
        self._stopped = False
        self._thread = Thread(target=self._run, args=(blocks,), daemon=True)
        self._thread.start()

    def _run(self, blocks: Iterator[bytes]) -> None:
        try:
            for block in blocks:
                if block:
                    self._put(block)
                if self._stopped:
                    return
            self._put(b"")
        except BaseException as error:  # raised again where it is read
            self._put(error)

    def _put(self, item: bytes | BaseException) -> None:
        while not self._stopped:
            try:
                return self._queue.put(item, timeout=_PATIENCE)
            except Full:
                continue

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._rest is not None and not self._rest:
            item = self._queue.get()
            if isinstance(item, BaseException):
                self._queue.put(item)  # for whoever reads on
                raise item
            self._rest = memoryview(item) if item else None
        if self._rest is None:
            return 0
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._stopped = True
        self._thread.join()
        super().close()


def inflating(packed: IO[bytes]) -> io.BufferedReader:
    """Return a stream of what a gzip file holds. To be closed before the file is; raises `EOFError`, `OSError` or `zlib.error` when what
    is read is damaged."""
    return io.BufferedReader(_Ahead(_inflated(packed)), 1 << 18)
