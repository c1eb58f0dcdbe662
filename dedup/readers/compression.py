"""Compression: gzip and Zstandard files are inflated by a thread that works a little ahead of the reader."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from queue import Full, Queue
from threading import Thread
from typing import IO, Any, Protocol, cast

_READ, _BLOCK = 1 << 20, 1 << 22  # bytes that are read and inflated at a time: large blocks, because threads of Python take turns slowly
_AHEAD = 2  # blocks that wait to be read
_PATIENCE = 0.1  # seconds after which a thread that waits for its reader looks whether it was stopped
GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"  # the first bytes of such files
_FORMAT = 31  # the window bits of zlib for gzip, with the largest window
_WINDOW = 1 << 27  # bytes: the largest window of Zstandard
_FIRST = 1 << 12  # bytes of a member that are inflated first: the bytes behind a small member are copied, and a file may have many
_SURELY = 1 << 26  # inflated bytes: only a larger file is refused as a bomb
# The largest ratio of inflated to packed bytes. Gzip reaches 1,032, only with zeros; articles reach 5, with many copies 100.
_TIMES_GZIP, _TIMES_ZSTANDARD = 900, 5000


class Inflater(Protocol):
    """An object that inflates one member of a file: that of `zlib.decompressobj`."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes | memoryview, max_length: int = ..., /) -> bytes: ...


def is_gzip(start: bytes) -> bool:
    """Tell whether a file that begins with these bytes is gzip."""
    return start.startswith(GZIP)


def is_zstandard(start: bytes) -> bool:
    """Tell whether a file that begins with these bytes is Zstandard (RFC 8878)."""
    return start.startswith(ZSTANDARD)


def _gunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the inflated bytes of all members of a gzip file, in blocks of limited size."""
    inflater: Inflater | None = None
    given = total = 0
    for piece in packed:
        rest, step = memoryview(piece), _FIRST
        while rest:
            if inflater is None:
                rest = rest[_zeros(rest) :]  # padding behind a member
                if len(rest) > 1 and rest[0] and not is_gzip(bytes(rest[:2])):
                    raise OSError("Not a gzipped file")
                inflater, step = zlib.decompressobj(_FORMAT) if rest and rest[0] else None, _FIRST
                continue
            part = rest[:step]
            block = inflater.decompress(part, _BLOCK)
            taken = len(part) - len(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
            rest, step = rest[taken:], min(step * 8, _READ)
            inflater = None if inflater.eof else inflater
            given, total = given + taken, total + len(block)
            _refuse_bomb(total, given, _TIMES_GZIP)
            yield block
    if inflater is not None:
        raise EOFError("the file ends before its end marker: a part is missing")


def _zeros(data: memoryview) -> int:
    """Return the number of zeros at the start, at most `_FIRST`."""
    start = bytes(data[:_FIRST])
    return len(start) - len(start.lstrip(b"\0"))


def _refuse_bomb(total: int, given: int, times: int) -> None:
    if total > _SURELY and total > times * given:
        raise OSError(f"it inflates to more than {times:,} times its size; if that is correct, inflate it yourself first")


def _unzstandard(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the inflated bytes of all frames of a Zstandard file."""
    try:
        import zstandard
    except ImportError as error:
        raise OSError("a .zst file needs zstandard: pip install 'bulletin-dedup[zst]'") from error
    source = _Blocks(packed)
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(cast(IO[bytes], source), read_across_frames=True) as reader:
            total = 0
            while block := reader.read1(_BLOCK):
                total += len(block)
                _refuse_bomb(total, source.given, _TIMES_ZSTANDARD)
                yield block
    except zstandard.ZstdError as error:
        raise OSError(f"Not a zst file, or damaged ({error})") from error


class _Blocks(io.RawIOBase):
    """A stream of the blocks of an iterator. ``given`` is the number of bytes read from it."""

    def __init__(self, blocks: Iterator[bytes]):
        self._blocks, self._rest, self.given = blocks, memoryview(b""), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self.given += count
        return count


class _Ahead(io.RawIOBase):
    """A stream of the blocks of an iterator, which a thread fetches ahead."""

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
                self._queue.put(item)  # for a later read
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


def inflating(packed: Iterator[bytes], *, zst: bool, ahead: bool) -> io.BufferedReader:
    """Return a stream of the inflated bytes of a packed file. If ``ahead``, a thread inflates ahead of the reader.

    Close it before the file. Reading a damaged file raises `EOFError`, `OSError` or `zlib.error`.
    """
    blocks = (_unzstandard if zst else _gunzipped)(packed)
    return io.BufferedReader(_Ahead(blocks) if ahead else _Blocks(blocks), 1 << 18)


def pieces(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a stream, as many at a time as are there."""
    read = getattr(packed, "read1", packed.read)
    while data := read(_READ):
        yield data
