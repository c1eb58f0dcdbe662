"""Lines on Spark: the workers write the lines of matches, so that the driver has but to join them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from ..model import Match, Relation, Segment
from ..writers.objects import json_lines
from ..writers.pair_lines import whole_lines
from .arrow import Batches, batch_of, numbers
from .pairs import SHARES

_AT_A_TIME = 1 << 12  # lines


def match_lines(ordered: DataFrame) -> Iterator[str]:
    """Yield the lines of `matches` in their order, many together, from the workers as they are asked for."""
    for row in ordered.mapInArrow(_lines, "lines string").toLocalIterator():
        yield row["lines"]


def _lines(batches: Batches) -> Batches:
    for batch in batches:
        found = [_of_part(batch.slice(start, _AT_A_TIME)) for start in range(0, batch.num_rows, _AT_A_TIME)]
        yield batch_of(lines=pa.array(found, pa.string()))


def _of_part(batch: pa.RecordBatch) -> str:
    if any(batch.column(f"{side}_index").null_count < batch.num_rows for side in "ab"):  # a segment
        return "".join(json_lines(match_of(row).to_dict() for row in batch.to_pylist()))
    encode = json.JSONEncoder(ensure_ascii=False).encode
    a, b = ([*map(encode, batch.column(f"{side}_id").to_pylist())] for side in "ab")
    return whole_lines(a, b, batch.column("relation").to_pylist(), [numbers(batch, name, np.float64) for name in SHARES])


def match_of(row: Any, include: str | None = None) -> Match:
    """Return the match of a row of `matches`. ``include`` is the relation that counts as a duplicate by the settings."""
    a, b = (
        Segment(row[f"{side}_id"], row[f"{side}_document"], row[f"{side}_index"], 0, 0, row[f"{side}_line"], row[f"{side}_heading"])
        for side in "ab"
    )
    shares = row["jaccard"], row["containment_a"], row["containment_b"], row["similarity"], row["probability"]
    return Match(a, b, Relation(row["relation"]), *shares, row["relation"] == include)
