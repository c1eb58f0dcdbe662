"""Stories on Spark: clusters that matches link are cut into stories as `dedup.stories` cuts them, and each story is traced by itself.

Of what is linked only the numbers of rows are gathered, as for clusters; texts are gathered once the stories are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..clusters.stars import cluster_name
from ..config import Config
from ..origins.model import Story
from ..origins.trace import StoryText, trace
from ..stories import APART
from ..text.passages import passages
from .arrow import Batches, batch_of
from .clusters import STAR, star_batches
from .components import Keep, components
from .source import TEXT, Source, row_document

COLUMNS = "id", "story", "group", "first", "carries", "probability", "own", "quoted", "independent_origins"
_TRACED = (
    "id string, story string, group int, first string, carries string, probability double, own double, quoted double,"
    " independent_origins int, texts int, place int"
)
_STORY_TEXT = f"story string, segment string, {TEXT}"
_TOGETHER = 512  # texts of a batch


def stories(matches: DataFrame, members: DataFrame, rows: DataFrame, keep: Keep) -> DataFrame:
    """Return the texts of all stories: ``id``, ``document`` and ``story``.

    Each cluster stands for its texts by its first row; a text that is in none stands for itself.
    """
    sizes = members.groupBy("cluster").agg(F.min("row").alias("home"), F.count("row").alias("size"))
    homes = keep("story-homes", members.select("row", "cluster").join(sizes, "cluster").select("row", "home", "size"))
    pairs = matches.where(~F.col("relation").isin(*(relation.value for relation in APART))).select("left", "right")
    for side in ("left", "right"):
        named = homes.select(F.col("row").alias(side), F.col("home").alias(f"{side}_home"), F.col("size").alias(f"{side}_size"))
        pairs = pairs.join(named, side, "left")
    sides = {side: (F.coalesce(f"{side}_home", side), F.coalesce(f"{side}_size", F.lit(1).cast("long"))) for side in ("left", "right")}
    linked = pairs.select(
        *(column.alias(f"{side}{name}") for side, both in sides.items() for column, name in zip(both, ("", "_size"), strict=True))
    )
    links = keep("story-links", linked.where("left <> right").distinct())
    stars = keep("story-stars", _stars(links, components(links, "story-components", keep)))
    clustered = homes.join(stars.withColumnRenamed("first", "home"), "home", "left").select("row", F.coalesce("star", "home").alias("star"))
    alone = stars.withColumnRenamed("first", "row").join(homes, "row", "left_anti").select("row", "star")
    found = clustered.union(alone)
    several = found.groupBy("star").count().where("count > 1").select("star")
    called = several.join(rows.select(F.col("row").alias("star"), F.col("id").alias("smallest")), "star")
    named = called.mapInArrow(_named, "star long, story string")
    return found.join(named, "star").join(rows.select("row", "id", "document"), "row").select("id", "document", "story")


def _stars(links: DataFrame, labels: DataFrame) -> DataFrame:
    """Return for each linked cluster its ``star``: the one with most texts that it is linked to, as `dedup.stories.stories_of` has it."""
    ends = ("left", "right"), ("right", "left")
    one, back = (
        links.select(
            F.col(row).alias("row"), F.col(other).alias("other"), F.col(f"{row}_size").alias("size"), F.col(f"{other}_size").alias("others")
        )
        for row, other in ends
    )
    both = one.union(back).distinct().join(labels, "row", "left").withColumn("label", F.coalesce("label", "row"))
    ordered = both.repartition("label").sortWithinPartitions("label", F.desc("size"), "row", F.desc("others"), "other")
    bare = ordered.select("row", "other", F.lit(0.0).alias("share"), F.lit(None).cast("string").alias("relation"))
    return bare.mapInArrow(star_batches, STAR).select("first", "star")


def _named(batches: Batches) -> Batches:
    for batch in batches:
        yield batch_of(
            star=batch.column("star"), story=pa.array([cluster_name(name) for name in batch.column("smallest").to_pylist()], pa.string())
        )


def traced(source: Source, found: DataFrame, config: Config) -> DataFrame:
    """Return a row for each text of `stories`, with what is told of it: `COLUMNS`, and the number of texts of its story, and its place.

    The texts of a story are gathered on one worker.
    """
    wanted = found.groupBy(F.col("document").alias("id")).agg(F.to_json(F.collect_list(F.struct("id", "story"))).alias("wanted"))
    held = source.texts().join(wanted, "id").mapInArrow(lambda batches: _texts(batches, config), _STORY_TEXT)
    ordered = held.repartition("story").sortWithinPartitions("story", "segment")
    return ordered.mapInArrow(lambda batches: _traced(batches, config), _TRACED)


def _texts(batches: Batches, config: Config) -> Batches:
    """Yield the segments of documents that are wanted, each with its text in place of the whole."""
    rows: list[dict[str, Any]] = []
    for batch in batches:
        for record in batch.to_pylist():
            stories = {each["id"]: each["story"] for each in json.loads(record.pop("wanted"))}
            for segment, text in passages(row_document(record), config):
                if segment.id in stories:
                    rows.append({**record, "story": stories[segment.id], "segment": segment.id, "text": text})
            if len(rows) >= _TOGETHER:
                yield _batch(rows, _STORY_TEXT)
                rows = []
    yield _batch(rows, _STORY_TEXT)


def _traced(batches: Batches, config: Config) -> Batches:
    records = (record for batch in batches for record in batch.to_pylist())
    for name, members in groupby(records, key=lambda record: record["story"]):
        found = [StoryText(record["segment"], record["text"], row_document(record)) for record in members]
        yield _batch([*origin_rows(trace(name, found, config))], _TRACED)


def origin_rows(story: Story) -> Iterator[dict[str, Any]]:
    """Yield what is told of each text of a story, as `COLUMNS`, and where it stands."""
    firsts = {group.number: group.told_first for group in story.groups}
    for place, text in enumerate(story.texts):
        carried = story.carried_by.get(text.id)
        yield {
            "id": text.id,
            "story": story.id,
            "group": text.group,
            "first": firsts[text.group],
            "carries": carried.a if carried else None,
            "probability": carried.probability if carried else None,
            "own": text.own,
            "quoted": text.quoted,
            "independent_origins": story.independent_origins,
            "texts": len(story.texts),
            "place": place,
        }


_TYPES = {"string": pa.string(), "int": pa.int32(), "double": pa.float64(), "boolean": pa.bool_()}


def _batch(rows: list[dict[str, Any]], spec: str) -> pa.RecordBatch:
    columns = dict(part.split() for part in spec.split(", "))
    return batch_of(**{name: pa.array([row[name] for row in rows], _TYPES[kind]) for name, kind in columns.items()})
