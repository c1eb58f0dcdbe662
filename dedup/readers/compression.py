"""Files packed by gzip and Zstandard inflated, by a thread of their own a little ahead of who reads them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from queue import Full, Queue
from threading import Thread
from typing import IO, Any, Protocol, cast

_READ, _BLOCK = 1 << 20, 1 << 22  # bytes read and inflated at a time: few blocks, since threads of Python take turns slowly
_AHEAD = 2  # blocks
_PATIENCE = 0.1  # seconds until a thread that nobody reads from looks whether it was stopped
GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"  # what such files begin with
_FORMAT = 31  # of zlib: gzip, with the largest window
_WINDOW = 1 << 27  # bytes that Zstandard may look back
_FIRST = 1 << 12  # bytes of a member that are inflated first: what comes after a small one is copied, and a file may have many
_SURELY = 1 << 26  # bytes from which a file that inflates to so many times its size is refused
_TIMES_GZIP, _TIMES_ZSTANDARD = 900, 5000  # gzip reaches 1,032, for zeros alone; articles are packed to a fifth, with copies to a hundredth


class Inflater(Protocol):
    """What inflates one member of a file, as `zlib.decompressobj` does."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes | memoryview, max_length: int = ..., /) -> bytes: ...


def is_gzip(start: bytes) -> bool:
    """Tell whether a file that begins so is gzipped."""
    return start.startswith(GZIP)


def is_zstandard(start: bytes) -> bool:
    """Tell whether a file that begins so is packed by Zstandard (RFC 8878)."""
    return start.startswith(ZSTANDARD)


def _gunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what a gzip file holds, all members of it, in blocks that are no larger for a bomb."""
    inflater: Inflater | None = None
    given = total = 0
    for piece in packed:
        rest, step = memoryview(piece), _FIRST
        while rest:
            if inflater is None:
                rest = rest[_zeros(rest) :]  # they may fill up the file
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
        raise EOFError("the file ends before its end marker: it was cut off")


def _zeros(data: memoryview) -> int:
    """Return how many zeros come first, of those that are looked at together."""
    start = bytes(data[:_FIRST])
    return len(start) - len(start.lstrip(b"\0"))


def _refuse_bomb(total: int, given: int, times: int) -> None:
    if total > _SURELY and total > times * given:
        raise OSError(f"it inflates to more than {times:,} times its size: inflate it yourself if that is meant")


def _unzstandard(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what a file packed by Zstandard holds, all frames of it."""
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
    """What an iterator yields, as a stream; ``given`` counts the bytes read from it."""

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


def inflating(packed: Iterator[bytes], *, zst: bool, ahead: bool) -> io.BufferedReader:
    """Return a stream of what a packed file holds, by a thread that runs ahead or as it is asked for.

    To be closed before the file is; raises `EOFError`, `OSError` or `zlib.error` when what is read is damaged.
    """
    blocks = (_unzstandard if zst else _gunzipped)(packed)
    return io.BufferedReader(_Ahead(blocks) if ahead else _Blocks(blocks), 1 << 18)


def pieces(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a stream, as many at a time as there are."""
    read = getattr(packed, "read1", packed.read)
    while data := read(_READ):
        yield data
