"""The search on Spark: the same answers as on one machine, and what happens when something is missing, wrong or killed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_support import load_bench
from conftest import ROOT, SEED
from hypothesis import given, settings
from hypothesis import strategies as st
from spark_support import SETTINGS, feed, need_java

from dedup import Config, ConfigError, Document, InputError, Match, find_duplicates
from dedup.arrays.ragged import Array, Ragged
from dedup.candidates import lsh
from dedup.clusters.stars import components

pytest.importorskip("pyspark")
from dedup.spark import Search, _seconds, candidates, search
from dedup.spark import components as star_components
from dedup.spark.arrow import batch_of, whole_groups
from dedup.spark.stages import quoted

_SCHEMA = "id string, text string, time string, source string"


def table(spark: Any, documents: list[Document], parts: int = 2) -> Any:
    rows = [(each.id, each.text, each.time, each.source) for each in documents]
    return spark.createDataFrame(rows, _SCHEMA).repartition(parts)


def searched(spark: Any, documents: list[Document], config: Config, parts: int = 2, **more: Any) -> Search:
    return search(table(spark, documents, parts), "id", "text", config, time_col="time", source_col="source", **more)


def plain(match: Match) -> tuple[Any, ...]:
    shares = match.jaccard, match.containment_a, match.containment_b, match.similarity, match.probability
    return match.a.id, match.b.id, match.relation, *shares


def example(name: str) -> str:
    """Return a program of the guide to Spark."""
    return str(re.findall(rf"```python\n(# {name}\n.*?)```", (ROOT / "docs/how-to/spark.md").read_text("utf-8"), re.DOTALL)[0])


CASES = {
    # what is like too many others; copies beyond the limit; short texts; bands by fewer bits
    "overfull": (200, Config(bucket_limit=5, recurrence=40, short_words=12), 2),
    # every text for itself, by time and source; what is held decides who is canonical
    "restricted": (120, Config(within=400.0, sources="cross", keep="most-complete", prefer=("y",), bucket_limit=6), 5),
}


@pytest.mark.parametrize("case", CASES)
def test_the_answers_are_those_of_one_machine(spark: Any, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("dedup.pipeline", "dedup.spark.pipeline"):
        monkeypatch.setattr(f"{module}.BEST", 2)  # rounds, each of which takes a second
    count, config, parts = CASES[case]
    documents = feed(11, count)
    wanted = find_duplicates(documents, config)
    assert wanted.stats["candidates"]["texts_too_common"]
    found = searched(spark, documents, config, parts)
    assert [*map(plain, found.ordered_matches())] == [*map(plain, wanted.matches)]
    assert (*found.ordered_clusters(),) == wanted.clusters
    assert found.stats() == wanted.stats


@pytest.mark.parametrize(("level", "texts"), [("document", []), ("segment", [(ROOT / SEED).read_text("utf-8")])])
def test_no_texts_and_segments_give_the_answers_of_one_machine(spark: Any, level: Any, texts: list[str]) -> None:
    documents = [Document("only", text) for text in texts]
    wanted = find_duplicates(documents, config := Config(level=level))
    found = searched(spark, documents, config, 1)
    assert [*map(plain, found.ordered_matches())] == [*map(plain, wanted.matches)]
    assert (*found.ordered_clusters(),) == wanted.clusters
    assert found.stats() == wanted.stats
    assert found.any_duplicates() == bool(wanted.matches) == bool(texts)


def test_the_notebook_of_the_guide_has_the_matches_and_clusters_of_one_machine(spark: Any, tmp_path: Path) -> None:
    documents = feed(9, 60)
    table(spark, documents).write.parquet(f"file://{tmp_path}/archive")
    names: dict[str, Any] = {"spark": spark, "archive": f"file://{tmp_path}/archive", "stages": f"file://{tmp_path}/stages"}
    exec(example("notebook"), names)
    wanted = find_duplicates(documents, Config(threshold=0.6))
    assert names["matches"].columns == ["a", "b", "relation", "jaccard", "containment_a", "containment_b", "similarity", "probability"]
    assert sorted(map(tuple, names["matches"].collect())) == sorted(map(plain, wanted.matches))
    assert names["members"].columns == ["id", "cluster", "canonical", "relation"]
    rows = names["members"].collect()
    homes = {member: (cluster.id, cluster.canonical) for cluster in wanted.clusters for member in cluster.members}
    assert {row["id"]: (row["cluster"], row["canonical"]) for row in rows} == homes
    assert len(rows) == len(homes)
    relations = {(match.a.id, match.b.id): match.relation.value for one in wanted.matches for match in (one, one.mirrored())}
    assert all(row["relation"] == relations.get((row["id"], row["canonical"])) for row in rows)
    left_out = {member for cluster in wanted.clusters for member in cluster.members if member != cluster.canonical}
    assert {row["id"] for row in names["wanted"].collect()} == {each.id for each in documents} - left_out
    assert names["largest"].first()["count"] == max(len(cluster.members) for cluster in wanted.clusters)


class Stopped(Exception):
    """Raised by a run when it reaches a stage."""


def test_a_run_that_was_broken_off_goes_on_where_it_was(spark: Any, tmp_path: Path) -> None:
    documents, folder, begun = feed(5, 40), f"file://{tmp_path}/st[1]", list[str]()
    theirs = tmp_path / "st[1]/texts/part-0.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"of somebody else")

    def run_until(stage: str, texts: list[Document], config: Config, parts: int) -> Search:
        def progress(name: str) -> None:
            begun.append(name)
            if name == stage:
                raise Stopped

        return searched(spark, texts, config, parts, folder=folder, progress=progress)

    first = run_until("sharing-bands", documents, Config(), 2)
    other = run_until("rows", documents[::-1], Config(), 5)  # knows nothing of the stages of the first
    for each in (first, other):
        with pytest.raises(Stopped):
            _ = each.clusters
    before = {*begun[: begun.index("sharing-bands")]}
    assert before == {"sketches", "rows"}
    begun.clear()
    found = run_until("", documents[::-1], Config(), 3)
    assert (*found.ordered_clusters(),) == find_duplicates(documents).clusters
    assert begun[0] == "sharing-bands"
    assert not before & set(begun)
    begun.clear()
    for texts, config in ((documents[1:], Config()), (documents, Config(min_words=7))):
        with pytest.raises(Stopped):
            _ = run_until("sketches", texts, config, 2).clusters
    assert begun == ["sketches", "sketches"]
    assert theirs.read_bytes() == b"of somebody else"


def test_chains_are_one_component(spark: Any) -> None:
    draw = random.Random(2)
    names = draw.sample(range(1000), 400)
    pairs = [(min(one, other), max(one, other)) for one, other in pairwise(names) if one % 20]
    kept: dict[str, Any] = {}

    def keep(name: str, made: Any) -> Any:
        kept[name] = spark.createDataFrame(made.collect(), "row long, label long")
        return kept[name]

    shuffled = spark.createDataFrame(pairs, "left long, right long").repartition(7)
    found = dict(map(tuple, star_components.components(shuffled, "links", keep).collect()))
    left, right = np.array(pairs).T
    wanted = components(1000, left, right)
    assert found == {row: int(label) for row, label in enumerate(wanted) if row != label}
    assert 1 < len(kept) < 12


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 30)), max_size=12), st.integers(4, 40), st.integers(1, 9), st.sampled_from([0, 3])
)
def test_a_partition_is_cut_between_groups(groups: list[tuple[int, int]], most: int, size: int, overlap: int) -> None:
    keys = np.sort(np.concatenate([np.zeros(0, np.int64), *(np.full(count, key) for key, count in groups)]).astype(np.int64))
    rows = np.arange(len(keys))
    batches = (batch_of(key=keys[start : start + size], row=rows[start : start + size]) for start in range(0, len(keys), size))
    parts = [*whole_groups(batches, "key", most, overlap)]
    assert np.concatenate([np.zeros(0, np.int64), *(part["row"][again:] for part, again in parts)]).tolist() == rows.tolist()
    for part, again in parts:
        inside = set(part["key"].tolist())
        cut = [key for key in inside if np.count_nonzero(keys == key) != np.count_nonzero(part["key"] == key)]
        assert not cut if not overlap else len(cut) <= 1
        assert again in (0, overlap)


def batches_of(columns: dict[str, Array], size: int) -> Iterator[Any]:
    length = len(next(iter(columns.values())))
    return (batch_of(**{name: column[start : start + size] for name, column in columns.items()}) for start in range(0, length, size))


def joined(batches: Iterator[Any]) -> dict[str, Array]:
    found = [*batches]
    return {name: np.concatenate([batch.column(name).to_numpy() for batch in found]) for name in found[0].schema.names}


@settings(max_examples=80)
@given(
    st.lists(st.lists(st.integers(0, 6), max_size=6), min_size=2, max_size=60),  # a row may have a key twice
    st.integers(2, 20),
    st.sampled_from([0.0, 0.4]),
    st.integers(1, 9),
)
def test_buckets_of_a_stream_give_the_pairs_of_one_machine(members: list[list[int]], limit: int, share: float, size: int) -> None:
    keys = Ragged(np.array([key for each in members for key in sorted(each)], np.uint32), np.cumsum([0, *map(len, members)]))
    enough = lsh.Enough(keys.lengths, 3, share, limit)
    codes, overfull = lsh.shared_pairs(lsh.pack_members(keys, np.arange(len(keys))), limit, enough)
    values, rows = keys.values.astype(np.int64), keys.owners()
    order = np.lexsort((rows, values))
    counts = np.bincount(values, minlength=1)
    columns = {"key": values, "row": rows, "size": keys.lengths[rows], "members": counts[values]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_PART", 8)
        patch.setattr(candidates, "_ROOM", 5)
        stream = batches_of({name: column[order] for name, column in columns.items()}, size)
        pairs = [*candidates._pairs(stream, limit)]
        found = {"left": np.zeros(0, np.int64), "right": np.zeros(0, np.int64)}
        if pairs:
            proposed = joined(iter(pairs))
            order = np.lexsort((proposed["right"], proposed["left"]))
            if len(order):
                found = joined(candidates._kept(batches_of({name: column[order] for name, column in proposed.items()}, size), enough))
    real = found["right"] >= 0
    assert sorted(zip(found["left"][real].tolist(), found["right"][real].tolist(), strict=True)) == [
        (left, right) for left, right in zip(*(side.tolist() for side in lsh.halves(codes)), strict=True)
    ]
    assert sorted(set(found["left"][~real].tolist())) == np.flatnonzero(overfull).tolist()


def test_times_of_a_zone_are_the_same_in_every_session(spark: Any) -> None:
    name, zone = "w`hen.x", spark.conf.get("spark.sql.session.timeZone")
    times = spark.sql(f"select timestamp '2026-11-01 05:30:00 UTC' as {quoted(name)}")
    try:
        for other in ("America/New_York", "UTC"):
            spark.conf.set("spark.sql.session.timeZone", other)
            assert float(times.select(_seconds(times, name)).first()[0]) == 1793511000.0
    finally:
        spark.conf.set("spark.sql.session.timeZone", zone)


def test_columns_that_are_not_there_are_named(spark: Any) -> None:
    with pytest.raises(ConfigError, match="no column 'body'; there are id, text"):
        search(spark.createDataFrame([("a", "b")], "id string, text string"), "id", "body")


@pytest.mark.parametrize(("rows", "said"), [([(None, "x")], "a record without an id"), ([("a", None)], "'a' has no text")])
def test_texts_without_an_id_or_a_text_are_refused(spark: Any, rows: list[Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        search(spark.createDataFrame(rows, "id string, text string"), "id", "text").matches.collect()


def test_the_job_of_the_readme_outlives_a_worker_of_a_cluster(tmp_path: Path) -> None:
    need_java()
    bench = load_bench("spark")
    documents = feed(21, 200)
    archive, job = tmp_path / "archive.jsonl", tmp_path / "job.py"
    archive.write_text("".join(json.dumps({"id": each.id, "text": each.text}) + "\n" for each in documents))
    job.write_text(example("job.py"))
    with bench.cluster() as cluster:
        command = [str(job), str(archive), str(tmp_path / "out")]
        assert bench.submit(cluster, command, SETTINGS, folder=tmp_path / "out/stages", kill_in="fingerprints")
    import pyarrow.parquet as pq

    rows = pq.read_table(tmp_path / "out/clusters.parquet").to_pylist()
    wanted = find_duplicates(documents).clusters
    assert {row["id"]: row["cluster"] for row in rows} == {member: each.id for each in wanted for member in each.members}
