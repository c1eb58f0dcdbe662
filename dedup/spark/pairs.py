"""Verification on Spark: the words of both texts of each candidate are joined, and `dedup.verification.verify` relates them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..clusters.constraints import may_match
from ..config import Config
from ..model import Relation
from ..verification.background import Frequencies, background_of, provide
from ..verification.relations import RELATIONS, is_duplicate
from ..verification.verify import relate_pairs
from .arrow import Batches, batch_of, numbers, rows_of

SHARES = ("jaccard", "containment_a", "containment_b", "similarity", "probability")
MIRRORED = {relation.value: relation.mirrored.value for relation in Relation}
RELATED = f"left long, right long, relation string, duplicate boolean, {', '.join(f'{name} double' for name in SHARES)}"
_PAIRS = 1 << 11  # pairs that are compared together
_TEXT = "row", "alike", "words", "short", "timestamp", "source"


def _both(batch: pa.RecordBatch, name: str) -> pa.Array:
    return pa.concat_arrays([batch.column(f"left_{name}"), batch.column(f"right_{name}")])


def _related(batches: Batches, config: Config, background: Frequencies | None) -> Batches:
    """Yield the pairs of a partition that have a relation, as `RELATED`. A worker has no file of ``background``."""
    if background is not None:
        provide(config.background, background)
    for batch in batches:
        for start in range(0, batch.num_rows, _PAIRS):
            yield _related_of(batch.slice(start, _PAIRS), config)


def _related_of(batch: pa.RecordBatch, config: Config) -> pa.RecordBatch:
    both = pa.RecordBatch.from_arrays([_both(batch, name) for name in _TEXT], [*_TEXT])
    rows, first, places = np.unique(numbers(both, "row"), return_index=True, return_inverse=True)
    texts = both.take(pa.array(first))
    pair = places[: batch.num_rows], places[batch.num_rows :]
    _, sources = np.unique(np.array(texts.column("source").fill_null("").to_pylist(), object), return_inverse=True)
    allowed = may_match(*pair, numbers(texts, "timestamp", np.float64), sources, config)
    pair = pair[0][allowed], pair[1][allowed]
    first_copies = numbers(texts, "alike")
    short = {place: words for place, words in enumerate(texts.column("short").to_pylist()) if words is not None}
    identical = first_copies[pair[0]] == first_copies[pair[1]]
    found = relate_pairs(rows_of(texts, "words", "<u4"), short, pair, identical, config)
    return batch_of(
        left=rows[found["left"]],
        right=rows[found["right"]],
        relation=pa.array([RELATIONS[place].value for place in found["relation"].tolist()], pa.string()),
        duplicate=is_duplicate(found, config),
        **{name: found[name] for name in SHARES},
    )


def texts_of(candidates: DataFrame, rows: DataFrame, sketches: DataFrame) -> DataFrame:
    """Return the columns that are compared, for the texts that are in a candidate."""
    wanted = candidates.select(F.col("left").alias("row")).union(candidates.select(F.col("right").alias("row"))).distinct()
    kept = rows.select("row", "seq", "alike", "timestamp", "source").join(wanted, "row")
    return kept.join(sketches.select("seq", "words", "short"), "seq").select(*_TEXT)


def related(candidates: DataFrame, texts: DataFrame, config: Config) -> DataFrame:
    """Return the candidates that have a relation, as `RELATED`."""
    sides = [texts.select(*(F.col(name).alias(f"{side}_{name}") for name in _TEXT)) for side in ("left", "right")]
    joined = candidates.join(sides[0], F.col("left") == F.col("left_row")).join(sides[1], F.col("right") == F.col("right_row"))
    background = background_of(config)
    return joined.drop("left", "right").mapInArrow(lambda batches: _related(batches, config, background), RELATED)
