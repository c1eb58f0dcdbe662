"""Sketches on Spark: texts are sketched, and numbered in the order of ids."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from ..arrays.ragged import Ragged
from ..candidates.lsh import band_keys, bands_of
from ..candidates.short_texts import word_band_keys
from ..clusters.constraints import restricts
from ..config import Config
from ..errors import InputError
from ..model import Segment
from ..sketch.shingle import hash_rows
from ..sketch.sketches import batches as in_batches
from ..sketch.sketches import sketch_texts
from ..text.ownership import ownership_of
from ..text.passages import passages, time_and_source
from .arrow import Batches, batch_of, binary
from .source import Found, Source, error_of, problem

SKETCH = (
    "id string, document string, index int, heading string, line int, timestamp double, sort string, source string, length int, hash long,"
    " size int, words binary, bands binary, word_bands binary, prints binary, short string, path string,"
    " ownership int, problem string"
)
"""The sketch of a text.

``hash`` is the hash of all its words, ``length`` their number, and ``size`` the number of its fingerprints. ``words`` and ``prints`` (the
fingerprints) are uint32, ``bands`` and ``word_bands`` uint64. Only short texts have ``word_bands`` and ``short``, their folded words as
JSON: while Spark puts a batch with lists together for Python, it counts the bytes of all lists after each row.
``sort`` is the format of the time. ``problem`` is null.
"""

_Owner = tuple[Segment, tuple[str, float, str | None], str | None, int | None]  # time and source, the path of its file, and whose it is


def sketch_batches(found: Found, config: Config) -> Batches:
    """Yield the sketches of the texts of a partition, as `SKETCH`, and last the first error, if there is one."""
    problems: list[str] = []
    for owners, texts in in_batches(_passages(found, config, problems)):
        yield _sketched(owners, texts, config)
    if problems:
        empty = _sketched([(Segment("", "", None, 0, 0), ("", np.nan, None), None, None)], [""], config)
        yield empty.set_column(empty.num_columns - 1, "problem", pa.array([min(problems)]))


def _passages(found: Found, config: Config, problems: list[str]) -> Iterator[tuple[_Owner, str]]:
    for document, wrong in found:
        try:
            if wrong is not None:
                raise error_of(wrong)
            where = time_and_source(document, config)
            texts = [*passages(document, config)]
        except InputError as error:
            problems[:] = [min([*problems, problem(error)])]
            continue
        yield from (((segment, where, document.path, ownership_of(document, text, config)), text) for segment, text in texts)


def _sketched(owners: list[_Owner], texts: list[str], config: Config) -> pa.RecordBatch:
    words, signed, fingerprints, short = sketch_texts(texts, config)
    shorter = np.array([*short], np.int64)
    word_bands = word_band_keys(words, shorter, config, wide=True)
    lengths = np.zeros(len(texts), np.int64)
    lengths[shorter] = word_bands.shape[1]
    bands = band_keys(signed, bands_of(config), wide=True)
    segments = [segment for segment, *_ in owners]
    return batch_of(
        id=pa.array([segment.id for segment in segments], pa.string()),
        document=pa.array([segment.document for segment in segments], pa.string()),
        index=pa.array([segment.index for segment in segments], pa.int32()),
        heading=pa.array([segment.heading for segment in segments], pa.string()),
        line=pa.array([segment.line for segment in segments], pa.int32()),
        timestamp=np.array([seconds for _, (_, seconds, _), *_ in owners], np.float64),
        sort=pa.array([time_format for _, (time_format, _, _), *_ in owners], pa.string()),
        source=pa.array([source for _, (_, _, source), *_ in owners], pa.string()),
        length=words.lengths.astype(np.int32),
        hash=hash_rows(words).view(np.int64),
        size=fingerprints.lengths.astype(np.int32),
        words=binary(words),
        bands=binary(Ragged(bands.reshape(-1), np.arange(len(texts) + 1) * bands.shape[1])),
        word_bands=binary(Ragged(word_bands.reshape(-1), np.concatenate(([0], np.cumsum(lengths))))),
        prints=binary(fingerprints),
        short=pa.array([json.dumps(short[place]) if place in short else None for place in range(len(texts))], pa.string()),
        path=pa.array([path for _, _, path, _ in owners], pa.string()),
        ownership=pa.array([owned for *_, owned in owners], pa.int32()),
        problem=pa.nulls(len(texts), pa.string()),
    )


def sketch_table(source: Source, config: Config) -> DataFrame:
    """Return the sketches of the texts of a source, each with a number of its own, ``seq``."""
    documents = source.documents
    found = source.table.mapInArrow(lambda batches: sketch_batches(documents(batches), config), SKETCH)
    return found.withColumn("seq", F.monotonically_increasing_id())


def refuse_unusable(sketches: DataFrame) -> None:
    """Raise `InputError` if a text has an error, times have two formats, or two texts have one id."""
    time_format = F.when(F.col("sort") != "", F.struct("sort", "path"))
    found = sketches.agg(
        F.min("problem").alias("problem"), F.min(time_format).alias("least"), F.max(time_format).alias("most"), F.max("index").alias("last")
    ).collect()[0]
    if found.problem is not None:
        raise error_of(found.problem)
    if found.least is not None and found.least.sort != found.most.sort:
        where = "elsewhere" if found.least.path is None else f"in {found.least.path}"
        what = f"times of two formats: a {found.most.sort} here, a {found.least.sort} {where}"
        raise InputError(what, path=found.most.path, hint="write all times in one format")
    names = sketches.select("id", "path")
    if found.last is not None:
        names = names.union(sketches.where("index is not null").select(F.col("document").alias("id"), "path").distinct())
    if names.groupBy(F.xxhash64("id")).count().where("count > 1").isEmpty():  # numbers are counted faster than ids
        return
    names = names.groupBy("id").agg(F.count(F.lit(1)).alias("count"), F.max("path").alias("path"))
    again = names.where("count > 1").orderBy("id").first()
    if again is not None:
        raise InputError(f"a second document with id {again.id!r}", path=again.path, hint="give each document its own id")


def number(sketches: DataFrame, config: Config) -> DataFrame:
    """Return a row for each text, numbered in the order of ids, with 64 bits and with gaps.

    ``alike`` is the first exact copy of the text, null for a text without words. ``first`` is the row that is compared in place of it, and
    ``copies`` the number of rows with this ``first``: the first copy, and the number of copies. If constraints forbid some matches, each
    row is its own ``first``. Candidates are searched among the ``compared`` rows; document frequencies are counted in the ``counted`` rows.
    """
    kept = "seq", "id", "document", "index", "heading", "line", "timestamp", "source", "length", "size", "hash", "ownership"
    ordered = sketches.select(*kept).orderBy("document", F.coalesce("index", F.lit(0)))
    rows = ordered.withColumn("row", F.monotonically_increasing_id())
    worded = F.col("length") > 0
    same = Window.partitionBy("hash", F.when(~worded, F.col("row")))  # texts without words are not gathered
    rows = rows.withColumn("alike", F.when(worded, F.min("row").over(same)))
    long_enough = F.col("length") >= config.min_words
    counted = long_enough & (F.col("alike") == F.col("row"))
    alone = restricts(config)
    return (
        rows.withColumn("copies", F.lit(1).cast("long") if alone else F.when(worded, F.count("row").over(same)).otherwise(1))
        .withColumn("first", F.col("row") if alone else F.coalesce("alike", "row"))
        .withColumn("compared", F.coalesce(long_enough if alone else counted, F.lit(False)))
        .withColumn("counted", F.coalesce(counted, F.lit(False)))
        .drop("hash")
    )
