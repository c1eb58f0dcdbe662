"""Candidates on Spark: the keys of sketches are gathered into buckets, and the rows of a bucket become pairs, as in `dedup.candidates`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from ..arrays.buckets import NEAREST, Enough, keep_strongest, neighbours
from ..arrays.ragged import Array
from ..candidates.fingerprints import FEW
from ..candidates.lsh import row_bits
from ..config import Config
from .arrow import Batches, batch_of, numbers, rows_of, whole_groups

_PART = 1 << 16  # members of buckets, or pairs, that are processed together
_ROOM = 1 << 18  # pairs of a batch
_MOST_BITS = 24  # the most bits that are cut from a key: here rows have a column of their own
_NONE = -1  # in the place of the other row: the row is overfull

CHANNEL = "left long, right long"
"""A pair of rows, the smaller one as ``left``; or an overfull row and -1."""


def _members(batches: Batches, dtype: str, bits: int) -> Batches:
    """Yield a member of a bucket for each of the ``keys`` of each row, without the lower ``bits`` of the key, with the other columns."""
    for batch in batches:
        keys = rows_of(batch, "keys", dtype)
        owners = keys.owners()
        values = (keys.values.astype(np.uint64) >> np.uint64(bits)).view(np.int64)
        others = {name: numbers(batch, name) for name in batch.schema.names if name != "keys"}
        for start in range(0, len(owners), _ROOM):
            part = slice(start, start + _ROOM)
            yield batch_of(key=values[part], **{name: column[owners[part]] for name, column in others.items()})


def _in_buckets(rows: DataFrame, dtype: str, bits: int = 0) -> DataFrame:
    """Return the members of all buckets, bucket by bucket, in the order of rows, with the number of ``members`` of the bucket."""
    others = [f"{name} long" for name in rows.columns if name != "keys"]
    exploded = rows.mapInArrow(lambda batches: _members(batches, dtype, bits), ", ".join(["key long", *others]))
    bucket = Window.partitionBy("key")
    return exploded.repartition("key").sortWithinPartitions("key", "row").withColumn("members", F.count("row").over(bucket))


def _pairs(batches: Batches, limit: int) -> Batches:
    """Yield the pairs of rows in one bucket, and the rows of overfull buckets, which have more than ``limit`` members.

    ``least`` is the smaller number of keys of the two rows, 0 if it is not known.
    """
    for part, again in whole_groups(batches, "key", max(_PART, 2 * limit), NEAREST):
        rows, keys = part["row"], part.get("size", np.zeros(len(part["row"]), np.int64))
        overfull = np.unique(rows[part["members"] > limit])
        yield _pair_batch([overfull], [np.full(len(overfull), _NONE)], [np.zeros(len(overfull), np.int64)])
        yield from _gathered(
            (rows[one], rows[other], np.minimum(keys[one], keys[other]))
            for one, other in _new_neighbours(part["key"], part["members"], limit, again)
        )


def _new_neighbours(keys: Array, sizes: Array, limit: int, again: int) -> Iterator[tuple[Array, Array]]:
    """Yield neighbours, without the pairs among the first ``again`` members, which were yielded before."""
    for one, other in neighbours(keys, sizes, limit):
        new = other >= again
        yield one[new], other[new]


def _gathered(pairs: Iterable[tuple[Array, Array, Array]]) -> Batches:
    waiting: list[tuple[Array, Array, Array]] = []
    count = 0
    for pair in pairs:
        waiting.append(pair)
        count += len(pair[0])
        if count >= _ROOM:
            yield _pair_batch(*map(list, zip(*waiting, strict=True)))
            waiting, count = [], 0
    if waiting:
        yield _pair_batch(*map(list, zip(*waiting, strict=True)))


def _pair_batch(left: list[Array], right: list[Array], least: list[Array]) -> Any:
    return batch_of(left=np.concatenate(left), right=np.concatenate(right), least=np.concatenate(least))


def _kept(batches: Batches, enough: Enough) -> Batches:
    """Yield the pairs that share enough keys, each once. The pairs are sorted, and each comes as often as its rows share a bucket."""
    for part, _ in whole_groups(batches, "left", _PART):
        left, right = part["left"], part["right"]
        starts = np.flatnonzero(np.concatenate(([True], (left[1:] != left[:-1]) | (right[1:] != right[:-1]))))
        shared = np.diff(np.append(starts, len(left)))
        left, right, least = left[starts], right[starts], part["least"][starts]
        found = (right != _NONE) & (left != right)  # two keys of one row may be equal
        strong, overfull = keep_strongest(left[found], right[found], shared[found], least[found], enough)
        overfull = np.union1d(overfull, left[right == _NONE])
        others = np.concatenate((right[found][strong], np.full(len(overfull), _NONE)))
        yield batch_of(left=np.concatenate((left[found][strong], overfull)), right=others)


def _channel(members: DataFrame, limit: int, enough: Enough) -> DataFrame:
    pairs = members.where("members > 1").mapInArrow(lambda batches: _pairs(batches, limit), f"{CHANNEL}, least long")
    ordered = pairs.repartition("left").sortWithinPartitions("left", "right")
    return ordered.mapInArrow(lambda batches: _kept(batches, enough), CHANNEL)


def _any(config: Config) -> Enough:
    return Enough(np.zeros(0, np.int64), 1, 0.0, config.bucket_limit)


def sharing_bands(sketches: DataFrame, rows: DataFrame, column: str, count: int, config: Config) -> DataFrame:
    """Return the pairs of rows that share a band of ``column``, as `CHANNEL`. ``count`` rows have such bands."""
    keys = rows.where("compared").select("seq", "row").join(sketches.select("seq", F.col(column).alias("keys")), "seq")
    bits = min(row_bits(count), _MOST_BITS)
    return _channel(_in_buckets(keys.select("row", "keys"), "<u8", bits), config.bucket_limit, _any(config))


def copies(rows: DataFrame, config: Config) -> DataFrame:
    """Return the pairs of exact copies, as `CHANNEL`."""
    members = (
        rows.where("alike is not null").select(F.col("alike").alias("key"), "row").repartition("key").sortWithinPartitions("key", "row")
    )
    counted = members.withColumn("members", F.count("row").over(Window.partitionBy("key")))
    return _channel(counted, config.bucket_limit, _any(config))


def common_fingerprints(sketches: DataFrame, rows: DataFrame, config: Config) -> DataFrame:
    """Return the fingerprints that several rows have, once for each such row; a recurring one only once, with ``recurs``."""
    kept = rows.where("compared").select("seq", "row", "size", F.col("counted").cast("int").alias("counted"))
    keys = kept.join(sketches.select("seq", F.col("prints").alias("keys")), "seq").drop("seq")
    bucket = Window.partitionBy("key")
    members = _in_buckets(keys, "<u4").withColumn("recurs", F.sum("counted").over(bucket) > config.recurrence)
    members = members.withColumn("first", F.min("row").over(bucket))
    return members.where("if(recurs, row = first, members > 1)").drop("counted", "first")


def sharing_fingerprints(fingerprints: DataFrame, config: Config) -> DataFrame:
    """Return the pairs of rows that share enough distinctive fingerprints, as `CHANNEL`."""
    members = fingerprints.where("not recurs").drop("recurs").repartition("key").sortWithinPartitions("key", "row")
    return _channel(members, config.bucket_limit, Enough(np.zeros(0, np.int64), FEW, config.fingerprint_share, config.bucket_limit))


def united(channels: Iterable[DataFrame]) -> DataFrame:
    """Return the candidates of all these channels, each once."""
    first, *others = channels
    for other in others:
        first = first.union(other)
    return first.distinct()
