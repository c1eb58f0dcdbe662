"""The channels on Spark's workers propose what they propose on one machine, with any partitions. Without Java."""

from __future__ import annotations

import numpy as np
import pytest
from spark_support import feed, through_shuffle

from dedup import Config
from dedup.arrays.buckets import halves
from dedup.candidates.channels import channels, distinctive_of, resembling_of
from dedup.candidates.exact_copies import first_copies, unique_rows
from dedup.candidates.lsh import bands_of
from dedup.clusters.constraints import restricts
from dedup.pipeline import _with_copies
from dedup.sketch.sketches import sketch_documents

pytest.importorskip("pyspark")
import pyarrow as pa

from dedup.spark import candidates
from dedup.spark.blocks import partition_labels
from dedup.spark.numbering import Numbering
from dedup.spark.sketches import sketch_batches

CONFIGS = {
    "plain": Config(),
    "overfull": Config(bucket_limit=5, recurrence=6, short_words=20),
    "restricted": Config(sources="cross", bucket_limit=6, recurrence=4, min_words=12),
}


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("parts", [1, 5])
@pytest.mark.parametrize("case", CONFIGS)
def test_workers_propose_what_one_machine_proposes(case: str, parts: int, wide: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    config, documents = CONFIGS[case], sorted(feed(11, 300), key=lambda document: document.id)
    sketches = sketch_documents(documents, config, 1)
    alike, lengths = first_copies(sketches.words), sketches.words.lengths
    unique = unique_rows(sketches.words, alike, config)
    rows = np.flatnonzero(lengths >= config.min_words) if restricts(config) else unique
    fresh = distinctive_of(sketches, unique, config)
    found, overfull = channels(resembling_of(sketches, rows, bands_of(config), config), fresh.among(rows), config)
    wanted: dict[tuple[int, int], int] = {}
    for name, codes in found.items():
        for pair in zip(*(side.tolist() for side in halves(codes)), strict=True):
            wanted[pair] = wanted.get(pair, 0) | 1 << candidates.CHANNELS[name]
    recurring = int(fresh.fingerprints.lengths[rows].sum()) - len(fresh.among(rows).members)
    three = {*wanted}
    if restricts(config):
        none = np.zeros(0, np.int64)
        left, right, copied = _with_copies(none, none, none, alike, config)
        for pair in zip(left.tolist(), right.tolist(), strict=True):
            wanted[pair] = wanted.get(pair, 0) | 1 << candidates.COPY
    else:
        copied = np.zeros(0, np.int64)

    if wide:
        monkeypatch.setattr(candidates, "_WIDE_FROM", 0)
    compared = np.isin(np.arange(len(documents)), rows)
    short = int(np.count_nonzero(compared & (lengths < config.short_words)))
    numbering = Numbering(np.array([0, 100, 100]), len(rows), short)  # the second partition is empty
    number = numbering.sparse(np.arange(len(documents)))
    sketched = pa.Table.from_batches(sketch_batches(((document, None) for document in documents), config))
    same = pa.array([None if first < 0 else int(number[first]) for first in alike.tolist()], pa.int64())
    columns = {name: sketched[name] for name in ("size", "bands", "word_bands")} | {"prints": sketched["words" if wide else "prints"]}
    counted = np.isin(np.arange(len(documents)), unique)
    keyed = pa.table({"row": number, "alike": same, "compared": compared, "counted": counted, **columns})
    plan = candidates.Plan(config, numbering, partition_labels(parts))
    sent = (batch for start in keyed.combine_chunks().to_batches(70) for batch in candidates._keys(iter([start]), plan))
    paired = (batch for part in through_shuffle(sent) for batch in candidates._pairs(iter(part), plan))
    kept = [row for part in through_shuffle(paired) for batch in candidates._kept(iter(part), plan) for row in batch.to_pylist()]

    dense = {int(row): place for place, row in enumerate(number.tolist())}
    told = {(dense[row["left"]], dense[row["right"]]): row["channels"] for row in kept if row["right"] >= 0}
    assert told == wanted
    assert three
    over = {dense[row["left"]]: row["channels"] for row in kept if row["right"] == candidates.NONE}
    assert {row for row, by in over.items() if by & 7} == {*overfull.tolist()}
    assert {*over} == {*overfull.tolist(), *copied.tolist()}
    assert sum(row["left"] for row in kept if row["right"] == candidates.RECURRING) == recurring
    assert len(told) == sum(row["right"] >= 0 for row in kept)
