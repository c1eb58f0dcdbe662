"""Connected components of pairs of rows, by alternating large-star and small-star.

Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii, "Connected Components in MapReduce and Beyond", SoCC 2014: every row is linked to the
smallest row of its component after a number of rounds that grows as the square of the logarithm of the rows, at most.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from ..arrays.ragged import numbered
from ..clusters.stars import components as components_of
from .arrow import Batches, batch_of, numbers

_ROUNDS = 64
_TOGETHER = 1 << 22  # links that one task takes together
_LINK = "row long, label long"  # a row, and a smaller one of the same component

Keep = Callable[[str, DataFrame], DataFrame]
"""A function that stores the table of a round under a name, and returns it."""


def _linked(batches: Batches) -> Batches:
    """Yield for each batch of pairs the smallest row that they connect each row with."""
    for batch in batches:
        rows, places = numbered(np.concatenate((numbers(batch, "left"), numbers(batch, "right"))))
        labels = components_of(len(rows), places[: batch.num_rows], places[batch.num_rows :])
        linked = np.flatnonzero(labels != np.arange(len(rows)))
        yield batch_of(row=rows[linked], label=rows[labels[linked]])


def _all_linked(batches: Batches) -> Batches:
    """Yield the smallest row that all pairs of a partition together connect each row with."""
    sides = zip(*((numbers(batch, "left"), numbers(batch, "right")) for batch in batches), strict=True)
    whole = [np.concatenate(side) for side in sides]
    if whole:
        yield from _linked(iter([batch_of(left=whole[0], right=whole[1])]))


def _in_one_task(pairs: DataFrame) -> DataFrame:
    return pairs.repartition(1).mapInArrow(_all_linked, _LINK)


def _smallest(links: DataFrame) -> DataFrame:
    return links.withColumn("smallest", F.min("label").over(Window.partitionBy("row")))


def _large_star(links: DataFrame) -> DataFrame:
    """Link each row's larger neighbours to the smallest of all of them and itself."""
    both = links.union(links.select(F.col("label").alias("row"), F.col("row").alias("label")))
    larger = _smallest(both).where("label > row")
    return larger.select(F.col("label").alias("row"), F.least("row", "smallest").alias("label")).distinct()


def _small_star(links: DataFrame) -> DataFrame:
    """Link each row and its smaller neighbours to the smallest of these."""
    smallest = _smallest(links)
    others = smallest.where("label <> smallest").select(F.col("label").alias("row"), F.col("smallest").alias("label"))
    return smallest.select("row", F.col("smallest").alias("label")).union(others).distinct()


def _finished(links: DataFrame) -> bool:
    """Tell whether each component is a star: every row has one link, and no link leads to a row that has a link itself."""
    if not links.groupBy("row").count().where("count > 1").isEmpty():
        return False
    return links.join(links.select(F.col("row").alias("label")), "label", "left_semi").isEmpty()


def components(pairs: DataFrame, name: str, keep: Keep) -> DataFrame:
    """Return for each ``row`` in ``pairs`` its ``label``, the smallest row of its component; the smallest row itself is left out.

    ``pairs`` has the columns ``left`` and ``right``.
    """
    sides = pairs.select("left", "right")
    if pairs.count() <= _TOGETHER:  # no more than one task holds
        return keep(f"{name}-0", _in_one_task(sides))
    links = keep(f"{name}-0", sides.mapInArrow(_linked, _LINK).distinct())
    if links.count() <= _TOGETHER:
        return keep(f"{name}-1", _in_one_task(links.select(F.col("row").alias("left"), F.col("label").alias("right"))))
    for number in range(1, _ROUNDS):
        if _finished(links):
            return links
        links = keep(f"{name}-{number}", _small_star(_large_star(links)))
    raise AssertionError("large-star and small-star have not ended")
