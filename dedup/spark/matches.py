"""Matches on Spark: every exact copy matches what the first copy matches, and the copies match each other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from ..arrays.ragged import Array
from ..candidates.exact_copies import pairs_among, pairs_between
from ..config import Config
from ..model import Relation
from .arrow import Batches, batch_of, numbers
from .pairs import MIRRORED, SHARES

_SPREAD = f"left long, right long, relation string, {', '.join(f'{name} double' for name in SHARES)}"
_SIDE = "id", "document", "index", "heading", "line"


def _between(batches: Batches, limit: int) -> Batches:
    """Yield the matches between the copies of the two texts of each related pair."""
    for batch in batches:
        places, one, other = _spread(batch, limit)
        turned = one > other
        relations = batch.column("relation").take(pa.array(places))
        if turned.any():
            names = zip(relations.to_pylist(), turned.tolist(), strict=True)
            relations = pa.array([MIRRORED[name] if turn else name for name, turn in names], pa.string())
        shares = {name: numbers(batch, name, np.float64)[places] for name in SHARES}
        a, b = shares["containment_a"], shares["containment_b"]
        shares |= {"containment_a": np.where(turned, b, a), "containment_b": np.where(turned, a, b)}
        yield batch_of(left=np.minimum(one, other), right=np.maximum(one, other), relation=relations, **shares)


def _spread(batch: pa.RecordBatch, limit: int) -> tuple[Array, Array, Array]:
    """Return the place of a pair, and a copy of its left and one of its right text, for all of them. Most texts have no copies."""
    rows = [numbers(batch, side) for side in ("left", "right")]
    copied = [np.asarray(batch.column(f"{side}_copies").is_valid()) for side in ("left", "right")]
    several = np.flatnonzero(copied[0] | copied[1])
    given = batch.take(pa.array(several))
    sides = (
        [_rows(listed) if listed else [row] for listed, row in zip(given.column(f"{side}_copies").to_pylist(), own.tolist(), strict=True)]
        for side, own in (("left", rows[0][several]), ("right", rows[1][several]))
    )
    found = [
        (place, *pair) for place, left, right in zip(several.tolist(), *sides, strict=True) for pair in pairs_between(left, right, limit)
    ]
    places, one, other = np.array(found, np.int64).reshape(-1, 3).T
    alone = np.flatnonzero(~(copied[0] | copied[1]))
    both = zip((alone, rows[0][alone], rows[1][alone]), (places, one, other), strict=True)
    places, one, other = (np.concatenate(each) for each in both)
    return places, one, other


def _rows(listed: str) -> list[int]:
    return [*map(int, listed.split())]


def _among(batches: Batches, limit: int) -> Batches:
    """Yield the pairs among the copies of each text."""
    for batch in batches:
        found = [pair for rows in batch.column("copies").to_pylist() for pair in pairs_among(_rows(rows), limit)]
        left, right = np.array(found, np.int64).reshape(-1, 2).T
        yield batch_of(left=np.ascontiguousarray(left), right=np.ascontiguousarray(right))


def _copies(rows: DataFrame, limit: int) -> DataFrame:
    """Return the ``copies`` of each text that has several, by the ``first`` copy, in order, and their ``count``; at most ``limit`` + 1.

    They are a string, because Spark counts the bytes of all lists of a batch after each row while it puts it together for Python.
    """
    place = F.row_number().over(Window.partitionBy("first").orderBy("row"))
    few = rows.where("copies > 1").withColumn("place", place).where(F.col("place") <= limit + 1)
    listed = F.array_join(F.sort_array(F.collect_list("row")).cast("array<string>"), " ")
    return few.groupBy("first").agg(listed.alias("copies"), F.count("row").alias("count"))


def _with_copies(pairs: DataFrame, copies: DataFrame, sides: Iterable[str]) -> DataFrame:
    for side in sides:
        pairs = pairs.join(copies.select(F.col("first").alias(side), F.col("copies").alias(f"{side}_copies")), side, "left")
    return pairs


def matches(pairs: DataFrame, rows: DataFrame, config: Config) -> DataFrame:
    """Return the matches, with the columns of both texts (``a_id`` and others), and their rows, ``left`` and ``right``."""
    limit = config.bucket_limit
    copies = _copies(rows, limit)
    between = _with_copies(pairs, copies, ("left", "right")).mapInArrow(lambda batches: _between(batches, limit), _SPREAD)
    few = copies.where(F.col("count") <= limit).select("copies").mapInArrow(lambda batches: _among(batches, limit), "left long, right long")
    many = rows.where((F.col("copies") > limit) & (F.col("row") != F.col("first"))).select(
        F.col("first").alias("left"), F.col("row").alias("right")
    )
    same = few.union(many).withColumn("relation", F.lit(Relation.IDENTICAL.value))
    found = between.unionByName(same.select("*", *(F.lit(1.0).alias(name) for name in SHARES)))
    for side, name in (("left", "a"), ("right", "b")):
        of_side = rows.select(F.col("row").alias(side), *(F.col(column).alias(f"{name}_{column}") for column in _SIDE))
        found = found.join(of_side, side)
    return found
