"""Runs of posting lists: what is written is found, in both engines alike, and a run that is damaged says so."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import kernels
from dedup.index.storage.postings import key_of, pack_postings
from dedup.index.storage.run_image import HEADER_SIZE, PackedRun, RunWriter, counts_of, span_of

OWN = b"sixteen bytes it"
KEYS = st.integers(0, 40) | st.integers(0, 2**32 - 1)
POSTINGS = st.sets(st.tuples(st.integers(0, 3), KEYS, st.integers(0, 9) | st.integers(0, 2**30 - 1)), max_size=200)


def packed(triples: set[tuple[int, int, int]]) -> Any:
    found = [kind << 62 | key << 30 | value for kind, key, value in sorted(triples)]
    return np.array(found, np.uint64)


def image(found: Any, parts: int = 1) -> bytes:
    file = BytesIO()
    writer = RunWriter(file, OWN, counts_of(found), *span_of(found))
    for part in np.array_split(found, parts):
        writer.add(part)
    size, check = writer.finish()
    assert size == len(file.getvalue())
    assert PackedRun(file.getvalue(), OWN, check).postings == len(found)
    return file.getvalue()


def every(run: PackedRun) -> Any:
    return np.concatenate([np.zeros(0, np.uint64), *run.parts()])


@settings(max_examples=150)
@given(POSTINGS, st.sets(st.tuples(st.integers(0, 3), KEYS), max_size=20), st.integers(1, 4))
def test_what_is_written_is_found(engine: str, triples: set[tuple[int, int, int]], others: set[tuple[int, int]], parts: int) -> None:
    found = packed(triples)
    run = PackedRun(image(found, parts), OWN)
    assert every(run).tolist() == found.tolist()
    keys = np.unique(np.concatenate((key_of(found)[::2], packed({(*key, 0) for key in others}) >> np.uint64(30))))
    assert run.find(keys).tolist() == found[np.isin(key_of(found), keys)].tolist()
    run.check_all()


def spread(count: int) -> Any:
    rng = np.random.default_rng(count)
    kinds, keys = rng.choice(4, count, p=[0.7, 0.25, 0.01, 0.04]), rng.integers(0, 1 << 32, count)
    return np.unique(
        np.concatenate([pack_postings(kind, keys[kinds == kind], rng.integers(5, 1 << 18, (kinds == kind).sum())) for kind in range(4)])
    )


@pytest.mark.skipif(kernels.compiled is None, reason=kernels.explanation())
def test_both_engines_write_the_same_bytes_and_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = spread(30_000)
    keys = np.unique(np.concatenate((key_of(found[::50]), np.arange(0, 1 << 34, 1 << 24, dtype=np.uint64))))
    told = []
    for name in ("numpy", "c"):
        monkeypatch.setenv(kernels.ENVIRONMENT, name)
        data = image(found, 7)
        told.append((data, PackedRun(data, OWN).find(keys).tolist(), every(PackedRun(data, OWN)).tolist()))
    assert told[0] == told[1]
    assert len(told[0][0]) < 6 * len(found)
    assert len(told[0][1]) >= 600


def test_every_changed_byte_is_found(engine: str) -> None:
    found = spread(3000)
    data, keys = image(found), key_of(found)
    for place in [*range(0, HEADER_SIZE, 3), *range(HEADER_SIZE, len(data), 97), len(data) - 1]:
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        with pytest.raises(ValueError, match=r"as it was written|as they were written|no run|another index|length|checksums"):
            PackedRun(bytes(changed), OWN).check_all()
        try:
            run = PackedRun(bytes(changed), OWN)
        except ValueError:
            continue
        for read in (lambda run=run: run.find(keys), lambda run=run: every(run)):
            with suppress(ValueError):
                assert set(read().tolist()) <= set(found.tolist())


@settings(max_examples=200)
@given(st.data())
def test_a_hostile_run_with_right_checksums_is_never_left(engine: str, data: st.DataObject) -> None:
    """Reading beside it shows with the address sanitizer."""
    found = spread(400)
    made = bytearray(image(found))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(28, HEADER_SIZE - 1) | st.integers(HEADER_SIZE, len(made) - 9))
        made[place : place + 4] = struct.pack("<I", data.draw(st.integers(0, 2**32 - 1) | st.integers(0, 500)))
    blocks = -(-(len(made) - HEADER_SIZE - 4) // 4096)
    end = len(made) - 4 * blocks
    checks = b"".join(struct.pack("<I", zlib.crc32(made[at : min(at + 4096, end)])) for at in range(HEADER_SIZE, end, 4096))
    made[end:] = checks
    struct.pack_into("<I", made, 56, zlib.crc32(checks))
    made[12:16] = bytes(4)
    struct.pack_into("<I", made, 12, zlib.crc32(made[:HEADER_SIZE]))
    try:
        run = PackedRun(bytes(made), OWN)
        run.find(key_of(found))
        every(run)
    except ValueError:
        return


def test_a_run_of_another_index_is_refused() -> None:
    data = image(spread(50))
    with pytest.raises(ValueError, match="another index"):
        PackedRun(data, b"another identity")
    with pytest.raises(ValueError, match="header"):
        PackedRun(data, OWN, 7)
    with pytest.raises(ValueError, match="short"):
        PackedRun(data[:20], OWN)
