"""The pipeline on Spark: it joins the stages, as `dedup.pipeline` does on one machine; a table of texts in, matches and clusters out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..candidates.lsh import bands_of
from ..clusters.stars import ROUND_UP
from ..config import Config
from ..model import Cluster, Match, Relation
from ..pipeline import stats_of
from . import candidates, clusters, crowds, pairs, sketches, stories
from .components import components
from .lines import match_lines, match_of
from .matches import matches
from .numbering import Numbering
from .pairs import SHARES
from .source import Source
from .stages import Stages

_PLACES = "a_heading", "b_heading", "a_line", "b_line"


class Search:
    """One search. Each of its tables is a stage: it is made when it is first needed, if the folder of the stages does not have it."""

    def __init__(self, source: Source, config: Config, stages: Stages):
        self._source, self._config, self._stages = source, config, stages

    def _stage(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        return self._stages.table(name, make)

    def _keep(self, name: str, table: DataFrame) -> DataFrame:
        return self._stage(name, lambda: table)

    @cached_property
    def _sketches(self) -> DataFrame:
        return self._stages.table("sketches", lambda: sketches.sketch_table(self._source, self._config), sketches.refuse_unusable)

    @cached_property
    def _rows(self) -> DataFrame:
        return self._stage("rows", lambda: sketches.number(self._sketches, self._config))

    @cached_property
    def _proposed(self) -> DataFrame:
        """The candidates of all channels, and the pairs of exact copies if constraints forbid some matches."""

        def found() -> DataFrame:
            numbering = Numbering.of(self._rows, self._config)
            return candidates.candidate_pairs(self._sketches, self._rows, numbering, self._config)

        return self._stage("candidates", found)

    @cached_property
    def _standings(self) -> DataFrame:
        duplicates = self._first_pairs.where("duplicate")
        return self._stage("standings", lambda: clusters.standings(self._rows, duplicates, self._config))

    @cached_property
    def _first_pairs(self) -> DataFrame:
        return self._stage("pairs", lambda: pairs.related(self._proposed, self._rows, self._sketches, self._config))

    @cached_property
    def _pairs(self) -> DataFrame:
        """All related pairs, with those of overfull rows that no channel proposed, as `dedup.pipeline` finds them."""
        found = self._first_pairs
        overfull = self._proposed.where(F.col("right") == candidates.NONE).select(F.col("left").alias("row"))
        if overfull.isEmpty():
            return found
        inside, most = found.where("duplicate"), overfull.count()
        for side in ("left", "right"):
            inside = inside.join(pairs.sent(overfull.withColumnRenamed("row", side), most), side, "left_semi")
        if inside.isEmpty():
            return found
        labels = components(inside, "overfull", self._keep)
        of_component = labels.union(labels.select(F.col("label").alias("row"), "label").distinct())
        ranked = self._standings.join(pairs.sent(of_component, most), "row")
        texts = pairs.texts_of(ranked, self._rows, self._sketches, most)
        missed = self._stage("missed", lambda: crowds.missed(texts, found, self._config))
        return found.unionByName(missed)

    @cached_property
    def _matches(self) -> DataFrame:
        return self._stage("matches", lambda: matches(self._pairs, self._rows, self._config))

    @property
    def matches(self) -> DataFrame:
        """The matches, as `find_duplicates` has them."""
        segments = self._config.level == "segment" or (self._config.level == "auto" and self._source.segmented)
        places = _PLACES if segments else ()
        return self._matches.select(F.col("a_id").alias("a"), F.col("b_id").alias("b"), "relation", *SHARES, *places)

    @cached_property
    def _members(self) -> DataFrame:
        held = F.col("relation").isin(Relation.CONTAINS.value, Relation.CONTAINED_IN.value)
        round_up = held & (F.least("containment_a", "containment_b") < ROUND_UP)
        duplicates = self._pairs.where("duplicate").where(~round_up)
        labels = components(duplicates, "components", self._keep)
        stars = self._stage("stars", lambda: clusters.star_links(duplicates, labels, self._rows, self._standings))
        return self._stage("clusters", lambda: clusters.members(self._rows, stars, self._standings))

    @property
    def clusters(self) -> DataFrame:
        """The members of all clusters, as `dedup.spark.clusters` has them."""
        return self._members.select("id", "cluster", "canonical", "relation")

    @cached_property
    def _origins(self) -> DataFrame:
        def found() -> DataFrame:
            return stories.stories(self._matches, self._members, self._rows, self._keep)

        return self._stage("origins", lambda: stories.traced(self._source, self._stage("stories", found), self._config))

    @property
    def origins(self) -> DataFrame:
        """The texts of all stories, as `dedup.spark.origins` has them."""
        return self._origins.select(*stories.COLUMNS)

    def ordered_origins(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of `origins` in the order of `dedup.find_origins`, from the workers as they are asked for."""
        for row in self._origins.orderBy(F.desc("texts"), "story", "place").toLocalIterator():
            yield {name: row[name] for name in stories.COLUMNS}

    def any_duplicates(self) -> bool:
        """Tell whether there is a pair of duplicates."""
        return not (self._pairs.where("duplicate").isEmpty() and self._rows.where("copies > 1").isEmpty())

    def ordered_matches(self) -> Iterator[Match]:
        """Yield the matches in the order of `dedup.Result`, from the workers as they are asked for."""
        for row in self._matches.orderBy("left", "right").toLocalIterator():
            yield match_of(row, self._config.duplicates_include)

    def match_lines(self) -> Iterator[str]:
        """Yield the lines of ``dedup find --format pairs``, many together, in the order of `dedup.Result`."""
        return match_lines(self._matches.orderBy("left", "right"))

    def ordered_clusters(self) -> Iterator[Cluster]:
        """Yield the clusters in the order of `dedup.Result`, from the workers as they are asked for."""
        gathered = self._members.groupBy("cluster", "canonical", "weakest").agg(F.sort_array(F.collect_list("id")).alias("members"))
        for row in gathered.orderBy(F.col("members")[0]).toLocalIterator():
            yield Cluster(row.cluster, row.canonical, tuple(row.members), row.weakest)

    def stats(self) -> dict[str, Any]:
        """Return what `dedup.Result.stats` tells."""
        config = self._config
        read = {"documents": F.count_distinct("document"), "segments": F.count("row"), "words": F.coalesce(F.sum("length"), F.lit(0))}
        counts = candidates.channel_counts(self._proposed)
        relations = {row["relation"]: row["count"] for row in self._matches.groupBy("relation").count().collect()}
        bands = bands_of(config)
        return stats_of(_first(self._rows.agg(*(count.alias(name) for name, count in read.items()))), counts, relations, bands, config)


def _first(table: DataFrame) -> dict[str, int]:
    return table.collect()[0].asDict()
