"""Gzip files inflated by a thread: what goes wrong there is told here, and nobody waits for ever."""

from __future__ import annotations

import gzip
import io
import os
import threading
import zlib
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from dedup.errors import InputError
from dedup.readers.compression import inflating, pieces
from dedup.readers.formats import find_input_format
from dedup.readers.options import Reading
from dedup.readers.sources import read, read_bytes


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


@pytest.fixture
def inflated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the sizes of all blocks that are inflated while the test runs."""
    sizes: list[int] = []

    class Counting:
        def __init__(self, window: int):
            self._inflater = real(window)

        def decompress(self, data: bytes, length: int) -> bytes:
            block = self._inflater.decompress(data, length)
            sizes.append(len(block))
            return block

        def __getattr__(self, name: str) -> object:
            return getattr(self._inflater, name)

    real = zlib.decompressobj
    monkeypatch.setattr("dedup.readers.compression.zlib.decompressobj", Counting)
    return sizes


BOMBS = {
    "zeros.txt.gz": b"\0",
    "one line.txt.gz": b"a",
    "lines.txt.gz": b"word\n",
    "blank lines.txt.gz": b"\n",
    "one line.jsonl.gz": b"a",
    "spaces.ndjson.gz": b" ",
    "one row.csv.gz": b"a",
    "columns.csv.gz": b"a,",
    "quoted.csv.gz": b'"\n",',
    "utf-16.tsv.gz": "a".encode("utf-16-le"),
    "nothing.parquet.gz": b"\0",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_inflated(name: str, inflated: list[int], tmp_path: Path) -> None:
    if ".parquet" in name:
        pytest.importorskip("pyarrow")
    (tmp_path / name).write_bytes(gzip.compress(BOMBS[name] * (1 << 26) if len(BOMBS[name]) == 1 else BOMBS[name] * (1 << 25), 1))
    reading = Reading(max_chars=1000, encoding="utf-16-le" if "utf-16" in name else "utf-8")
    with pytest.raises(InputError, match=r"more than|NUL|name is that of Parquet"):
        list(read([str(tmp_path / name)], reading))
    assert sum(inflated) <= 5 << 22  # the reader is in the second block at most, and a thread three blocks ahead


@pytest.mark.parametrize("unit", [b"\n", b"\n \n", b'{"id": "1"'])
def test_what_inflates_to_a_thousand_times_its_size_is_no_feed(unit: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.readers.compression._SURELY", 1 << 20)
    packed = gzip.compress(unit * (1 << 23))
    with pytest.raises(InputError, match=r"inflates to more than 900 times its size|more than"):
        list(read_bytes(packed, "a.jsonl", Reading(max_chars=1000)))


def test_a_line_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.readers.lines.WITHOUT_END", 1 << 22)
    feed = io.BufferedReader(io.BytesIO(b'{"id": "1"}\n' + b"a" * (1 << 24) + b'\n{"id": "2"}\n'))  # type: ignore[arg-type]
    found = find_input_format("jsonl").read(feed, "feed", Reading(max_chars=1000))
    assert [str(next(found).error) for _ in range(2)][1].startswith("feed:2: a line of more than 1,000 characters")
    with pytest.raises(InputError, match="feed:2: a line without end"):
        next(found)
    assert feed.tell() < 1 << 23


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("jsonl", [b'{"id": "1", "text": "one"}', b"a" * 3_000_000, b'{"id": "2", "text": "two"}']),
        ("csv", [b"id,text", b"1,one", b"0," + b"a" * 3_000_000, b"2,two"]),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_what_comes_after_a_line_that_is_too_long_is_read(kind: Literal["jsonl", "csv"], lines: list[bytes], end: bytes) -> None:
    feed = io.BufferedReader(io.BytesIO(end.join(lines)))  # type: ignore[arg-type]
    found = list(find_input_format(kind).read(feed, "feed", Reading(max_chars=1000)))
    assert [each.document.id for each in found if each.document] == ["1", "2"]
    assert [str(each.error) for each in found if each.error] == [
        f"feed:{len(lines) - 1}: a line of more than 1,000 characters; split it, or raise --max-chars"
    ]


def test_many_small_members_are_inflated_with_few_copies(inflated: list[int]) -> None:
    packed = gzip.compress(b"word ") * 20_000
    with inflating(pieces(io.BytesIO(packed)), zst=False, ahead=False) as stream:
        assert len(stream.read()) == 100_000
    assert len(inflated) <= 2 * 20_000
