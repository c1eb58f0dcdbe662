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
from spark_support import SETTINGS, feed, need_java, through_shuffle

from dedup import Config, ConfigError, Document, InputError, Match, find_duplicates
from dedup.arrays.ragged import Ragged
from dedup.candidates import lsh
from dedup.candidates.fingerprints import FEW
from dedup.clusters.stars import components

pytest.importorskip("pyspark")
from pyspark.sql import functions as F

from dedup.spark import Search, _seconds, candidates, pairs, search
from dedup.spark import components as star_components
from dedup.spark.blocks import blocks, partition_labels, places_of
from dedup.spark.numbering import Numbering
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
    "overfull": (200, Config(bucket_limit=5, recurrence=40, short_words=12), 2, pairs._FEW),
    # every text for itself, by time and source; what is held decides who is canonical; no table is sent whole
    "restricted": (120, Config(within=400.0, sources="cross", keep="most-complete", prefer=("y",), bucket_limit=6), 5, 0),
}


@pytest.mark.parametrize("case", CASES)
def test_the_answers_are_those_of_one_machine(spark: Any, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.pipeline.BEST", 2)
    count, config, parts, few = CASES[case]
    monkeypatch.setattr(pairs, "_FEW", few)
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

    first = run_until("candidates", documents, Config(), 2)
    other = run_until("rows", documents[::-1], Config(), 5)  # knows nothing of the stages of the first
    for each in (first, other):
        with pytest.raises(Stopped):
            _ = each.clusters
    before = {*begun[: begun.index("candidates")]}
    assert before == {"sketches", "rows"}
    begun.clear()
    found = run_until("", documents[::-1], Config(), 3)
    assert (*found.ordered_clusters(),) == find_duplicates(documents).clusters
    assert begun[0] == "candidates"
    assert not before & set(begun)
    begun.clear()
    for texts, config in ((documents[1:], Config()), (documents, Config(min_words=7))):
        with pytest.raises(Stopped):
            _ = run_until("sketches", texts, config, 2).clusters
    assert begun == ["sketches", "sketches"]
    assert theirs.read_bytes() == b"of somebody else"


# In rounds, as if there were too many links for one task; linked where they are, then in one task; in one task alone.
@pytest.mark.parametrize(("together", "rounds"), [(0, range(2, 12)), (500, [2]), (1000, [1])])
def test_chains_are_one_component(spark: Any, together: int, rounds: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(star_components, "_TOGETHER", together)
    draw = random.Random(2)
    names = draw.sample(range(1000), 400)
    links = [(min(one, other), max(one, other)) for one, other in pairwise(names) if one % 20]
    kept: dict[str, Any] = {}

    def keep(name: str, made: Any) -> Any:
        kept[name] = spark.createDataFrame(made.collect(), "row long, label long")
        return kept[name]

    shuffled = spark.createDataFrame(links * 2, "left long, right long").repartition(7)
    found = dict(map(tuple, star_components.components(shuffled, "links", keep).collect()))
    left, right = np.array(links).T
    wanted = components(1000, left, right)
    assert found == {row: int(label) for row, label in enumerate(wanted) if row != label}
    assert len(kept) in rounds


@settings(max_examples=80)
@given(
    st.lists(st.lists(st.integers(0, 6), max_size=6), min_size=2, max_size=60),  # a row may have a key twice
    st.integers(2, 20),
    st.sampled_from([0.0, 0.4]),
    st.integers(1, 30),
    st.sampled_from([candidates.LSH, candidates.FINGERPRINT]),
    st.sampled_from([0, 1 << 40]),  # beyond it: wide fingerprints
)
def test_buckets_in_blocks_give_the_pairs_of_one_machine(
    members: list[list[int]], limit: int, share: float, together: int, kind: int, wide: int
) -> None:
    by_print = kind == candidates.FINGERPRINT
    members = [sorted({*each}) if by_print else sorted(each) for each in members]
    keys = Ragged(np.array([key for each in members for key in each], np.uint32), np.cumsum([0, *map(len, members)]))
    config = Config(bucket_limit=limit, fingerprint_share=share, recurrence=9)
    used = keys
    recurring = np.zeros(0, np.uint32)
    if by_print:
        values, counts = np.unique(keys.values, return_counts=True)
        recurring = values[counts > 9]
        kept = ~np.isin(keys.values, recurring)
        used = Ragged(keys.values[kept], np.concatenate(([0], np.cumsum(kept)))[keys.offsets])
    enough = lsh.Enough(keys.lengths, FEW, share, limit) if by_print else lsh.Enough(keys.lengths * 0, 1, 0.0, limit)
    codes, overfull = lsh.shared_pairs(lsh.pack_members(used, np.arange(len(keys))), limit, enough)
    half = len(members) // 2
    numbering = Numbering(np.array([0, half]), len(members), 0)
    sparse = numbering.sparse(np.arange(len(members)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_ROOM", together)
        patch.setattr(candidates, "_WIDE_FROM", -wide)
        plan = candidates.Plan(config, numbering, partition_labels(3))

        def sent() -> Iterator[Any]:
            for start in range(0, len(members), together):
                part = np.arange(start, min(start + together, len(members)))
                own = keys.take(part)
                values = own.values.astype(plan.key_type(kind))
                dense = numbering.dense(sparse[part])
                if by_print:
                    yield from candidates._prints(Ragged(values, own.offsets), dense, np.ones(len(part), bool), plan.labels)
                else:
                    yield from blocks(kind, places_of(values, plan.labels), [values, dense[own.owners()]], plan.labels)

        paired = [batch for each in through_shuffle(sent()) for batch in candidates._pairs(iter(each), plan)]
        found = [batch for each in through_shuffle(iter(paired)) for batch in candidates._kept(iter(each), plan)]
    rows = sorted(tuple(row.values()) for batch in found for row in batch.to_pylist())
    ends = zip(*(sparse[side].tolist() for side in lsh.halves(codes)), strict=True)
    assert [row for row in rows if row[1] >= 0] == sorted((*pair, 1 << kind) for pair in ends)
    assert [row for row in rows if row[1] == candidates.NONE] == [(row, -1, 1 << kind) for row in sparse[overfull].tolist()]
    assert sum(row[0] for row in rows if row[1] == candidates.RECURRING) == np.isin(keys.values, recurring).sum()


def test_labels_go_to_partitions_of_their_own(spark: Any) -> None:
    for count in (1, 7, 200):
        table = spark.createDataFrame([(int(label),) for label in partition_labels(count)], "part int").repartition(count, "part")
        found = table.select("part", F.spark_partition_id().alias("place")).collect()
        assert {row["part"]: row["place"] for row in found} == {int(label): place for place, label in enumerate(partition_labels(count))}


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
        assert bench.submit(cluster, command, SETTINGS, folder=tmp_path / "out/stages", kill_in="candidates")
    import pyarrow.parquet as pq

    rows = pq.read_table(tmp_path / "out/clusters.parquet").to_pylist()
    wanted = find_duplicates(documents).clusters
    assert {row["id"]: row["cluster"] for row in rows} == {member: each.id for each in wanted for member in each.members}
