"""Crowds on Spark: in each component of texts that are like too many others the best are compared with all, as `dedup.pipeline` does.

There the best text of a component is compared with all others, then the best of those that are no duplicates of it, and so on. Here the
texts of a component come in order of preference: each is compared with the best ones before it, in their order, until it is a duplicate
of one; else it is one of the best itself. These are the same comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from .. import pipeline
from ..arrays.ragged import Array, equal_runs
from ..config import Config
from ..verification.background import Frequencies, background_of, provide
from .arrow import Batches, numbers
from .clusters import place
from .pairs import RELATED, PairedTexts

_TOGETHER = 1 << 12  # texts that are compared together


def missed(texts: DataFrame, found: DataFrame, config: Config) -> DataFrame:
    """Return the related pairs that are not ``found``, as `RELATED`.

    ``texts`` has what is compared of the texts of all components, their ``label`` and the columns of `clusters.place`.
    """
    background, most = background_of(config), pipeline.BEST
    placed = texts.withColumn("place", place()).repartition("label").sortWithinPartitions("label", "place")
    columns = placed.select("label", "row", "alike", "words", "short", "timestamp", "source")
    related = columns.mapInArrow(lambda batches: _missed(batches, config, background, most), RELATED)
    return related.join(found.select("left", "right"), ["left", "right"], "left_anti").select(*found.columns)


def _missed(batches: Batches, config: Config, background: Frequencies | None, most: int) -> Batches:
    """Yield the related pairs of the ``most`` best texts of each component and the others, as `RELATED`."""
    if background is not None:
        provide(config.background, background)
    best: list[pa.RecordBatch] = []
    current = None
    for label, texts in _in_components(batches):
        if label != current:
            current, best = label, []
        waiting = texts
        place = 0
        while waiting.num_rows and place < most:
            if place == len(best):
                best.append(waiting.slice(0, 1))
                waiting = waiting.slice(1)
            if waiting.num_rows:
                related, waiting = _compared(best[place], waiting, config)
                yield related
            place += 1


def _in_components(batches: Batches) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the texts of components in parts, each of one component, with its label."""
    for batch in batches:
        labels = numbers(batch, "label")
        starts, lengths = equal_runs(labels)
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            for first in range(start, start + length, _TOGETHER):
                yield int(labels[start]), batch.slice(first, min(_TOGETHER, start + length - first))


def _compared(leader: pa.RecordBatch, others: pa.RecordBatch, config: Config) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return the related pairs of a text and others, and the others that are no duplicates of it."""
    best, rows = int(numbers(leader, "row")[0]), numbers(others, "row")
    texts = PairedTexts.of(pa.Table.from_batches([leader, others]).combine_chunks().to_batches()[0])
    related = texts.related(np.minimum(rows, best), np.maximum(rows, best), config)
    return related, others.filter(pa.array(~np.isin(rows, _duplicates(related, best))))


def _duplicates(related: pa.RecordBatch, best: int) -> Array:
    same = np.asarray(related.column("duplicate"))
    left, right = numbers(related, "left")[same], numbers(related, "right")[same]
    others: Array = np.where(left == best, right, left)
    return others
