"""``Idempotency-Key``: a request that comes again under its key is answered as it was, and one that is another is refused."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from .problems import Problem

_MOST = 10_000  # keys that are known
_BYTES = 64 << 20  # of their answers together
_Key = tuple[str, ...]


class Answers:
    """The last answers by their keys, in memory: after a restart the index itself answers as before."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[bytes, asyncio.Future[bytes]]] = OrderedDict()
        self._size = 0

    async def once(self, asked: _Key, body: bytes, answer: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return an answer, made once for a key. Raises `Problem` for another body under the same key."""
        digest, key = hashlib.sha256(body).digest(), hashlib.sha256(repr(asked).encode()).digest()
        if (known := self._known.get(key)) is not None:
            if known[0] != digest:
                raise Problem(422, "this Idempotency-Key came before, with another body", where="Idempotency-Key", hint="make a new key")
            return await asyncio.shield(known[1])
        made: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._known[key] = digest, made
        try:
            found = await answer()
        except BaseException as error:
            self._known.pop(key, None)  # what failed may be tried again
            made.set_exception(error if isinstance(error, Exception) else Problem(503, "the request was broken off"))
            made.exception()  # which nobody may wait for
            raise
        made.set_result(found)
        self._size += len(found)
        self._forget()
        return found

    def clear(self) -> None:
        """Forget all answers that are made."""
        for key in [key for key, (_, made) in self._known.items() if made.done()]:
            self._size -= len(self._known.pop(key)[1].result())

    def _forget(self) -> None:
        """Forget the oldest answers where there are too many; those that are not made yet stay."""
        while len(self._known) > _MOST or self._size > _BYTES:
            key = next((key for key, (_, made) in self._known.items() if made.done()), None)
            if key is None:
                return
            self._size -= len(self._known.pop(key)[1].result())
