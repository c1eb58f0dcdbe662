"""Origins on Spark: those of one machine, as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from conftest import ROOT, SEED
from spark_support import feed as copies
from test_keep_origin import feed as credited

from dedup import Config, Document, find_duplicates
from dedup.stories import find_origins

pytest.importorskip("pyspark")
from dedup.spark import origins, search
from dedup.spark.stories import COLUMNS

_SCHEMA = "id string, text string, time string, source string, byline string"
_COLUMNS = {"time_col": "time", "source_col": "source", "byline_col": "byline"}


def table(spark: Any, documents: list[Document]) -> Any:
    rows = [(each.id, each.text, each.time, each.source, each.byline) for each in documents]
    return spark.createDataFrame(rows, _SCHEMA).repartition(2)


def wanted(documents: list[Document], config: Config) -> list[dict[str, Any]]:
    """Return the rows that the search on one machine would have, written by hand from its stories."""
    rows = []
    for story in find_origins(documents, config).stories:
        for text in story.texts:
            carried = story.carried_by.get(text.id)
            (first,) = (group.told_first for group in story.groups if text.id in group.members)
            edge = (carried.a, carried.probability) if carried else (None, None)
            values = text.id, story.id, text.group, first, *edge, text.own, text.quoted, story.independent_origins
            rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def test_origins_are_those_of_one_machine(spark: Any) -> None:
    documents = copies(11, 90)
    documents[3] = replace(documents[3], byline="Reuters")
    found = search(table(spark, documents), "id", "text", Config(), **_COLUMNS)
    rows = [*found.ordered_origins()]
    assert rows == wanted(documents, Config())
    assert len({row["story"] for row in rows}) > 2
    assert max(row["independent_origins"] for row in rows) > 1
    assert sorted(map(tuple, found.origins.collect())) == sorted(tuple(row.values()) for row in rows)


def test_segments_and_no_stories_have_the_origins_of_one_machine(spark: Any) -> None:
    day = Document("day", (ROOT / SEED).read_text("utf-8"))
    for documents, config in (([day], Config(level="segment")), ([Document("a", "Rain in the north.")], Config())):
        found = search(table(spark, documents), "id", "text", config)
        assert [*found.ordered_origins()] == wanted(documents, config)


@pytest.mark.parametrize("keep", ["origin", "independent"])
def test_what_is_kept_is_what_one_machine_keeps(spark: Any, keep: Any) -> None:
    documents, config = credited(5, 60), Config(keep=keep, prefer=("The River Post",))
    found = search(table(spark, documents), "id", "text", config, **_COLUMNS)
    assert (*found.ordered_clusters(),) == find_duplicates(documents, config).clusters


def test_origins_are_a_table_of_their_own(spark: Any) -> None:
    found = origins(
        table(
            spark,
            [Document("b", "Rain is expected in the north of the land."), Document("a", "Rain is expected in the north of the land.")],
        ),
        "id",
        "text",
    )
    assert found.columns == [*COLUMNS]
    assert {row["id"] for row in found.collect()} == {"a", "b"}
