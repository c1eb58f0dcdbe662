"""Blocks: numbers that go to one partition travel together as one binary value, so that Spark moves and sorts blocks, not numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from ..arrays.hashing import mix64
from ..arrays.ragged import Array, equal_runs
from .arrow import Batches, batch_of
from .session import PARTITIONS

BLOCK = "part int, shelf int, kind int, data binary"
"""Some numbers: the label of their partition, their shelf there, what they are, and the numbers, column after column."""

SHELVES = 8  # parts of a partition, of which one is in memory at a time
_SEED = 42  # with which Spark hashes what it partitions by


def labels_in(spark: SparkSession) -> Array:
    """Return the `labels` of the partitions of a shuffle."""
    return partition_labels(int(spark.conf.get(PARTITIONS) or 1))


def partition_labels(count: int) -> Array:
    """Return for each of so many partitions a number, int32, that Spark's partitioning by hash sends to this partition.

    >>> partition_labels(3).tolist(), (spark_hash(partition_labels(3)) % 3).tolist()
    ([0, 1, 11], [0, 1, 2])
    """
    found = np.full(count, -1, np.int64)
    first, step = 0, 4 * count + 64
    while (found < 0).any():
        tried = np.arange(first, first + step)[::-1]  # of several the smallest is written last
        places = spark_hash(tried) % count
        free = found[places] < 0
        found[places[free]] = tried[free]
        first += step
    return found.astype(np.int32)


def spark_hash(numbers: Array) -> Array:
    """Return what Spark's function ``hash`` returns for numbers of 32 bits: MurmurHash3 (x86, 32 bits), signed.

    >>> spark_hash(np.array([0, 1])).tolist()
    [933211791, -559580957]
    """
    part = numbers.astype(np.uint32) * np.uint32(0xCC9E2D51)
    value = np.uint32(_SEED) ^ (_turned(part, 15) * np.uint32(0x1B873593))
    value = _turned(value, 13) * np.uint32(5) + np.uint32(0xE6546B64)
    value ^= np.uint32(4)  # the bytes of a number
    value = (value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    value = (value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (value ^ (value >> np.uint32(16))).view(np.int32).astype(np.int64)


def _turned(values: Array, bits: int) -> Array:
    turned: Array = (values << np.uint32(bits)) | (values >> np.uint32(32 - bits))
    return turned


def places_of(keys: Array, labels: Array) -> Array:
    """Return for each key the shelf of a partition where it goes, int64, the same for equal keys."""
    count = np.uint64(len(labels) * SHELVES)
    return ((mix64(keys.astype(np.uint64)) >> np.uint64(32)) * count >> np.uint64(32)).astype(np.int64)


def blocks(kind: int, places: Array, columns: Sequence[Array], labels: Array) -> Batches:
    """Yield as `BLOCK` these columns of numbers, of which ``places`` tells where each goes."""
    order = np.argsort(places.astype(np.uint16) if len(labels) * SHELVES <= 1 << 16 else places, kind="stable")
    starts, lengths = equal_runs(places[order])
    if not len(starts):
        return
    ordered = [column[order] for column in columns]
    cuts = zip(starts.tolist(), (starts + lengths).tolist(), strict=True)
    data = [b"".join(column[start:end].tobytes() for column in ordered) for start, end in cuts]
    found = places[order[starts]]
    yield batch_of(
        part=labels[found // SHELVES],
        shelf=(found % SHELVES).astype(np.int32),
        kind=np.full(len(found), kind, np.int32),
        data=pa.array(data, pa.binary()),
    )


def in_partitions(blocks: DataFrame) -> DataFrame:
    """Return blocks in the partitions of their labels, shelf by shelf and there kind by kind."""
    return blocks.repartition("part").sortWithinPartitions("part", "shelf", "kind")


def shelves(batches: Batches) -> Iterator[Iterator[tuple[int, list[Any]]]]:
    """Yield for each shelf of a partition its kinds, and for each kind its blocks."""

    def rows() -> Iterator[tuple[tuple[int, int], int, Any]]:
        for batch in batches:
            names = (batch.column(name).to_pylist() for name in ("part", "shelf", "kind"))
            for part, shelf, kind, data in zip(*names, batch.column("data"), strict=True):
                yield (part, shelf), kind, data.as_buffer()

    for _, shelf in groupby(rows(), key=lambda row: row[0]):
        yield ((kind, [data for *_, data in found]) for kind, found in groupby(shelf, key=lambda row: row[1]))


def unpacked_columns(found: Sequence[Any], *dtypes: Any) -> list[Array]:
    """Return the columns of blocks, joined, with these types of numbers."""
    sizes = [np.dtype(dtype).itemsize for dtype in dtypes]
    parts: list[list[Array]] = [[np.zeros(0, dtype)] for dtype in dtypes]
    for data in found:
        count, offset = len(data) // sum(sizes), 0
        for column, dtype, size in zip(parts, dtypes, sizes, strict=True):
            column.append(np.frombuffer(data, dtype, count, offset))
            offset += count * size
    return [np.concatenate(column) for column in parts]
