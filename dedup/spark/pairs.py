"""Verification on Spark: the words of both texts of each candidate are joined, and `dedup.verification.verify` relates them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..arrays.ragged import Array, Ragged, equal_runs, numbered
from ..clusters.constraints import may_match
from ..config import Config
from ..model import Relation
from ..verification.background import Frequencies, background_of, provide
from ..verification.relations import RELATIONS, is_duplicate
from ..verification.short_table import ShortTable
from ..verification.verify import relate_pairs
from .arrow import Batches, batch_of, numbers, rows_of
from .blocks import SHELVES, labels_in, places_of

SHARES = ("jaccard", "containment_a", "containment_b", "similarity", "probability")
MIRRORED = {relation.value: relation.mirrored.value for relation in Relation}
RELATED = f"left long, right long, relation string, duplicate boolean, {', '.join(f'{name} double' for name in SHARES)}"
_NAMES = [relation.value for relation in RELATIONS]
_PAIRS = 1 << 12  # pairs that are compared together
_FEW = 1 << 20  # rows that are sent to every worker: some 100 MB
_TEXT = "row", "alike", "words", "short", "timestamp", "source"
_WANTED = "row long, part int"


@dataclass(frozen=True, slots=True)
class PairedTexts:
    """Texts of pairs that are compared, sorted by row."""

    batch: pa.RecordBatch
    rows: Array
    words: Ragged
    sources: Array

    @staticmethod
    def of(batch: pa.RecordBatch) -> PairedTexts:
        """Return the texts of a batch with the columns `_TEXT`, each once."""
        rows, first = np.unique(numbers(batch, "row"), return_index=True)
        batch = batch.take(pa.array(first))
        _, sources = np.unique(np.array(batch.column("source").fill_null("").to_pylist(), object), return_inverse=True)
        return PairedTexts(batch, rows, rows_of(batch, "words", "<u4"), sources)

    def related(self, left: Array, right: Array, config: Config) -> pa.RecordBatch:
        """Return the pairs of these rows that have a relation, as `RELATED`."""
        places = np.searchsorted(self.rows, left), np.searchsorted(self.rows, right)
        used, local = numbered(np.concatenate(places))
        texts = self.batch.take(pa.array(used))
        allowed = may_match(local[: len(left)], local[len(left) :], numbers(texts, "timestamp", np.float64), self.sources[used], config)
        pair = local[: len(left)][allowed], local[len(left) :][allowed]
        first_copies = numbers(texts, "alike")
        short = {place: json.loads(words) for place, words in enumerate(texts.column("short").to_pylist()) if words is not None}
        copies = first_copies[pair[0]] == first_copies[pair[1]]
        found = relate_pairs(self.words.take(used), ShortTable.of(short, *pair), pair, copies, config)
        rows = self.rows[used]
        return batch_of(
            left=rows[found["left"]],
            right=rows[found["right"]],
            relation=pa.array(_NAMES, pa.string()).take(pa.array(found["relation"])),
            duplicate=is_duplicate(found, config),
            **{name: found[name] for name in SHARES},
        )


def sent(table: DataFrame, most: int) -> DataFrame:
    """Return a table of ``most`` rows at most. Few are sent to every worker, so that what is joined with them stays where it is."""
    return F.broadcast(table) if most <= _FEW else table


def texts_of(wanted: DataFrame, rows: DataFrame, sketches: DataFrame, most: int) -> DataFrame:
    """Return what is compared of the texts of the wanted rows, ``most`` at most, with the other columns of ``wanted``."""
    kept = rows.select("row", "seq", "alike", "timestamp", "source").join(sent(wanted, most), "row")
    return sketches.select("seq", "words", "short").join(sent(kept, most), "seq").drop("seq")


def _parts(left: Array, labels: Array) -> Array:
    parts: Array = labels[places_of(left, labels) // SHELVES]
    return parts


def _wanted(batches: Batches, labels: Array) -> Batches:
    """Yield for each row of a pair the partitions in which a pair of it is compared."""
    for batch in batches:
        left, right = numbers(batch, "left"), numbers(batch, "right")
        parts = _parts(left, labels)
        rows, parts = np.concatenate((left, right)), np.concatenate((parts, parts))
        order = np.lexsort((parts, rows))
        rows, parts = rows[order], parts[order]
        new = np.concatenate(([True], (rows[1:] != rows[:-1]) | (parts[1:] != parts[:-1])))[: len(rows)]
        yield batch_of(row=rows[new], part=parts[new])


def _packed(batches: Batches, labels: Array) -> Batches:
    for batch in batches:
        left, right = numbers(batch, "left"), numbers(batch, "right")
        parts = _parts(left, labels)
        order = np.lexsort((right, left, parts))
        left, right, parts = left[order], right[order], parts[order]
        starts, lengths = equal_runs(parts)
        cuts = [*zip(starts.tolist(), (starts + lengths).tolist(), strict=True)]
        data = [left[start:end].tobytes() + right[start:end].tobytes() for start, end in cuts]
        yield batch_of(part=parts[starts], pairs=pa.array(data, pa.binary()))


def _related(batches: Batches, config: Config, background: Frequencies | None) -> Batches:
    """Yield the pairs of a partition that have a relation, as `RELATED`. A worker has no file of ``background``."""
    if background is not None:
        provide(config.background, background)
    for texts, pairs in _to_compare(batches):
        left, right = (np.concatenate(side) for side in zip(*(np.frombuffer(each, "<i8").reshape(2, -1) for each in pairs), strict=True))
        order = np.lexsort((right, left))
        left, right = left[order], right[order]
        for start in range(0, len(left), _PAIRS):
            yield texts.related(left[start : start + _PAIRS], right[start : start + _PAIRS], config)


def _to_compare(batches: Batches) -> Iterator[tuple[PairedTexts, list[bytes]]]:
    """Yield the texts and the pairs of each label of a partition; the texts come first."""
    texts: list[pa.RecordBatch] = []
    pairs: list[bytes] = []
    part = None
    for batch in batches:
        for label, piece in _by_label(batch):
            if label != part and pairs:
                yield PairedTexts.of(_joined(texts)), pairs
            if label != part:
                part, texts, pairs = label, [], []
            given = piece.column("pairs")
            texts.append(piece.filter(given.is_null()).select([*_TEXT]))
            pairs += given.drop_null().to_pylist()
    if pairs:
        yield PairedTexts.of(_joined(texts)), pairs


def _by_label(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
    parts = numbers(batch, "part")
    starts, lengths = equal_runs(parts)
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        yield int(parts[start]), batch.slice(start, length)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def related(candidates: DataFrame, rows: DataFrame, sketches: DataFrame, config: Config) -> DataFrame:
    """Return the candidates that have a relation, as `RELATED`.

    The pairs with one left row, and the texts of them, go to one partition.
    """
    labels = labels_in(candidates.sparkSession)
    background = background_of(config)
    pairs = candidates.where("right >= 0").select("left", "right")
    wanted = pairs.mapInArrow(lambda batches: _wanted(batches, labels), _WANTED).distinct()
    count, known = pairs.count(), rows.count()
    most = min(count + min(count, known), known * len(labels))  # a left row is needed in one partition alone
    texts = texts_of(wanted, rows, sketches, most).withColumn("pairs", F.lit(None).cast("binary"))
    packed = pairs.mapInArrow(lambda batches: _packed(batches, labels), "part int, pairs binary")
    both = texts.select("part", *_TEXT, "pairs").unionByName(packed, allowMissingColumns=True)
    placed = both.repartition("part").sortWithinPartitions("part", F.col("pairs").isNotNull())
    return placed.mapInArrow(lambda batches: _related(batches, config, background), RELATED)
