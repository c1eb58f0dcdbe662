"""Numbers of rows: those of a table have gaps, and dense ones, of 32 bits, take less room in buckets and pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..arrays.ragged import Array
from ..config import Config
from ..errors import InputError

_SHIFT = 33  # Spark's ``monotonically_increasing_id`` has the number of the partition above these bits
_MOST = 1 << 32


@dataclass(frozen=True, slots=True)
class Numbering:
    """The dense number of the first row of each partition, int64, and how many rows are compared, all and as short texts."""

    starts: Array
    compared: int
    short: int

    @staticmethod
    def of(rows: DataFrame, config: Config) -> Numbering:
        """Return the numbering of these rows. Raises `InputError` if there are too many."""
        part = F.shiftright("row", _SHIFT).alias("part")
        place = F.col("row").bitwiseAND((1 << _SHIFT) - 1)
        counts = (F.max(place) + 1).alias("rows"), F.count_if("compared").alias("compared")
        short = F.count_if(F.col("compared") & (F.col("length") < config.short_words)).alias("short")
        found = rows.groupBy(part).agg(*counts, short).collect()
        lengths = np.zeros(max((row["part"] for row in found), default=-1) + 1, np.int64)
        for row in found:
            lengths[row["part"]] = row["rows"]
        if lengths.sum() > _MOST:
            raise InputError(f"{lengths.sum():,} texts, and a search numbers {_MOST:,}", hint="search in parts, by time for example")
        starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        return Numbering(starts, *(sum(row[name] for row in found) for name in ("compared", "short")))

    def dense(self, rows: Array) -> Array:
        """Return the dense numbers of rows, uint32.

        >>> numbering = Numbering(np.array([0, 2, 2]), 0, 0)
        >>> numbering.dense(np.array([1, 2 << 33])).tolist(), numbering.sparse(np.array([1, 2])).tolist()
        ([1, 2], [1, 17179869184])
        """
        dense: Array = (self.starts[rows >> _SHIFT] + (rows & ((1 << _SHIFT) - 1))).astype(np.uint32)
        return dense

    def sparse(self, dense: Array) -> Array:
        """Return the numbers of the table for dense ones, int64."""
        parts = np.searchsorted(self.starts, dense, "right") - 1
        rows: Array = (parts << _SHIFT) + (dense.astype(np.int64) - self.starts[parts])
        return rows
