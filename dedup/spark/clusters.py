"""Clusters on Spark: each component of duplicates is gathered and cut into stars by `dedup.clusters.stars`; copies of texts are added."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ..arrays.ragged import Array
from ..clusters.canonical import HELD, RowFacts, holding, standing
from ..clusters.stars import cluster_name, stars
from ..config import Config
from ..model import Relation
from .arrow import Batches, batch_of, numbers
from .pairs import MIRRORED

_PLACE = "owned", "preferred", "decisive", "fewer"  # the keys by which rows are sorted, the canonical one first, before their number
_STANDING = "row long, owned long, preferred long, decisive double, fewer long"
STAR = "first long, star long, share double, relation string"


def place() -> Column:
    """Return the keys by which rows of `standings` are sorted, the canonical one first."""
    return F.struct(*_PLACE, "row")


def _standings(batches: Batches, config: Config) -> Batches:
    for batch in batches:
        columns = numbers(batch, "length"), numbers(batch, "timestamp", np.float64), batch.column("source").to_pylist()
        found = standing(RowFacts(*columns, numbers(batch, "held"), numbers(batch, "ownership")), config)
        yield batch_of(row=numbers(batch, "row"), **dict(zip(_PLACE, found, strict=True)))


def _held(batches: Batches) -> Batches:
    for batch in batches:
        for row, share in (("left", "containment_b"), ("right", "containment_a")):
            yield batch_of(row=numbers(batch, row), held=holding(numbers(batch, share, np.float64)))


def standings(rows: DataFrame, duplicates: DataFrame, config: Config) -> DataFrame:
    """Return for each row the keys by which the canonical member is chosen."""
    if config.keep in HELD:
        held = duplicates.mapInArrow(_held, "row long, held long").groupBy("row").agg(F.sum("held").alias("held"))
        rows = rows.join(held, "row", "left")
    else:
        rows = rows.withColumn("held", F.lit(0).cast("long"))
    columns = rows.select("row", "length", "timestamp", "source", "held", "ownership")
    return columns.mapInArrow(lambda batches: _standings(batches, config), _STANDING)


def _by_row(batches: Batches) -> Iterator[tuple[int, Array, Array, list[str]]]:
    """Yield each row with the rows linked to it, and for each link the larger containment and the relation, seen from the other row."""
    waiting: list[tuple[int, Array, Array, list[str]]] = []
    for batch in batches:
        rows, others = numbers(batch, "row"), numbers(batch, "other")
        shares, relations = numbers(batch, "share", np.float64), batch.column("relation").to_pylist()
        cuts = [0, *(np.flatnonzero(rows[1:] != rows[:-1]) + 1).tolist(), len(rows)]
        for start, end in pairwise(cuts) if len(rows) else ():
            found = int(rows[start]), others[start:end], shares[start:end], relations[start:end]
            if waiting and waiting[0][0] == found[0]:
                waiting.append(found)
                continue
            if waiting:
                yield _united(waiting)
            waiting = [found]
    if waiting:
        yield _united(waiting)


def _united(parts: list[tuple[int, Array, Array, list[str]]]) -> tuple[int, Array, Array, list[str]]:
    row, others, shares, relations = zip(*parts, strict=True)
    return row[0], np.concatenate(others), np.concatenate(shares), [relation for part in relations for relation in part]


def star_batches(batches: Batches) -> Batches:
    """Yield each linked row, as `STAR`. The links come in whole components, in order of preference."""
    current: dict[int, tuple[float, str]] = {}

    def ranked() -> Iterator[tuple[int, list[int]]]:
        for row, others, shares, relations in _by_row(batches):
            current.clear()
            linked = others.tolist()
            current.update(zip(linked, zip(shares.tolist(), relations, strict=True), strict=True))
            yield row, linked

    rows: list[tuple[int, int, float | None, str | None]] = []
    for star in stars(ranked()):
        rows.append((star[0], star[0], None, None))
        rows += [(row, star[0], *current[row]) for row in star[1:]]
        if len(rows) >= 1 << 14:
            yield _star_batch(rows)
            rows = []
    yield _star_batch(rows)


def _star_batch(rows: list[tuple[int, int, float | None, str | None]]) -> pa.RecordBatch:
    columns = [*zip(*rows, strict=True)] or [()] * 4
    types = pa.int64(), pa.int64(), pa.float64(), pa.string()
    names = (part.split()[0] for part in STAR.split(", "))
    return batch_of(**{name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)})


def star_links(duplicates: DataFrame, labels: DataFrame, rows: DataFrame, standing: DataFrame) -> DataFrame:
    """Return for each row with duplicates its ``star``, named by the canonical row, and the ``share`` and ``relation`` between both.

    Both are null for the canonical row itself. ``labels`` are the components of the pairs.
    """
    share = F.greatest("containment_a", "containment_b")
    mirror = F.create_map(*(F.lit(name) for pair in MIRRORED.items() for name in pair))
    one = duplicates.select(
        F.col("left").alias("row"), F.col("right").alias("other"), share.alias("share"), mirror[F.col("relation")].alias("relation")
    )
    back = duplicates.select(F.col("right").alias("row"), F.col("left").alias("other"), share.alias("share"), "relation")
    best = standing.join(rows.select("row", "first"), "row").groupBy(F.col("first").alias("row")).agg(F.min(place()).alias("place"))
    links = one.union(back).join(labels, "row", "left").join(best, "row").withColumn("label", F.coalesce("label", "row"))
    ordered = links.repartition("label").sortWithinPartitions("label", "place", "row", "other")
    return ordered.select("row", "other", "share", "relation").mapInArrow(star_batches, STAR)


def _named(batches: Batches) -> Batches:
    for batch in batches:
        names = pa.array([cluster_name(member) for member in batch.column("smallest").to_pylist()], pa.string())
        yield batch.append_column("cluster", names)


def members(rows: DataFrame, stars: DataFrame, standing: DataFrame) -> DataFrame:
    """Return the members of all clusters: ``id``, ``cluster``, ``canonical``, ``relation``, ``row``, and the cluster's ``weakest`` link.

    The relation is seen from the member, and null for the canonical one.
    """
    kept = (
        rows.select("row", "id", "first", "copies")
        .join(standing, "row")
        .join(stars, "first", "left")
        .where("star is not null or copies > 1")
    )
    kept = kept.withColumn("star", F.coalesce("star", "first"))
    own = F.col("first") == F.col("star")
    found = kept.groupBy("star").agg(
        F.min(F.when(own, F.struct(place(), F.col("id").alias("id")))).alias("best"),
        F.min("id").alias("smallest"),
        F.min(F.coalesce("share", F.lit(1.0))).alias("weakest"),
        F.count("row").alias("size"),
    )
    found = found.where("size > 1").select("star", F.col("best.id").alias("canonical"), "smallest", "weakest")
    named = found.mapInArrow(_named, "star long, canonical string, smallest string, weakest double, cluster string").drop("smallest")
    relation = F.when(own, F.lit(Relation.IDENTICAL.value)).otherwise(F.col("relation"))
    joined = kept.join(named, "star").withColumn("relation", F.when(F.col("id") != F.col("canonical"), relation))
    return joined.select("id", "cluster", "canonical", "relation", "row", "weakest")
