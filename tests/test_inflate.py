"""Gzip files inflated by a thread: what goes wrong there is told here, and nobody waits for ever."""

from __future__ import annotations

import gzip
import io
import os
import threading
from functools import partial

import pytest

from dedup.inflate import inflating, pieces


class Broken(io.BytesIO):
    """A file that fails after its first block, as a disk may."""

    def read1(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ValueError("no more of this")
        return super().read1(100)


def test_an_error_of_the_thread_is_raised_where_it_is_read_each_time() -> None:
    whole = gzip.compress(os.urandom(300_000))
    for packed, error in ((Broken(whole), ValueError), (io.BytesIO(whole[:-4]), EOFError)):
        stream = inflating(pieces(packed), zst=False, ahead=True)
        for _ in range(2):
            with pytest.raises(error):
                list(iter(partial(stream.read, 1 << 16), b""))
        stream.close()


def test_a_reader_that_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with inflating(pieces(io.BytesIO(gzip.compress(bytes(64_000_000)))), zst=False, ahead=True) as stream:
        assert stream.readline(10) == bytes(10)
    assert threading.active_count() == before
