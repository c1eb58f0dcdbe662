"""What workers do with the texts of a partition: crowds are compared with their best, and pairs with their texts. Without Java."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dedup import Config, Document

pytest.importorskip("pyspark")
import pyarrow as pa

from dedup.clusters.stars import components as components_of
from dedup.spark import components, crowds, pairs
from dedup.spark.arrow import batch_of
from dedup.spark.blocks import partition_labels
from dedup.spark.sketches import sketch_batches

_CONFIG = Config(min_words=1)
_PAIR = "left", "right", "relation", "duplicate", *pairs.SHARES


def texts(counts: list[int], seed: int) -> pa.Table:
    """Return what is compared of texts in several crowds: near-copies of one text, some of them cut."""
    draw = random.Random(seed)
    words = [f"w{number}" for number in range(300)]
    made, of_crowd = [], []
    for crowd, count in enumerate(counts):
        first = draw.choices(words, k=60)
        for _ in range(count):
            text = [word if draw.random() < 0.93 else draw.choice(words) for word in first]
            made.append(Document(f"d{len(made):04}", " ".join(text[: draw.choice((20, 60, 60))])))
            of_crowd.append(crowd)
    sketched = pa.Table.from_batches(sketch_batches(((document, None) for document in made), _CONFIG))
    rows = np.arange(len(made)) * 3
    columns = {name: sketched[name] for name in ("words", "short", "timestamp", "source")}
    return pa.table({"label": np.array(of_crowd), "row": rows, "alike": rows, **columns})


def rows_of(batches: Iterator[Any]) -> set[tuple[Any, ...]]:
    found = [tuple(row[name] for name in _PAIR) for batch in batches for row in batch.to_pylist()]
    assert len({*found}) == len(found)
    return {*found}


def in_rounds(given: pa.Table, best: int) -> set[tuple[Any, ...]]:
    """Compare as one machine does: the best with all others, then the best of those that are no duplicates of it."""
    compared = pairs.PairedTexts.of(given.combine_chunks().to_batches()[0])
    found: set[tuple[Any, ...]] = set()
    for label in set(given["label"].to_pylist()):
        rows = [row["row"] for row in given.to_pylist() if row["label"] == label]
        for _ in range(best):
            first, rows = rows[0], rows[1:]
            if not rows:
                break
            ends = np.array([sorted((first, row)) for row in rows])
            new = rows_of(iter([compared.related(ends[:, 0], ends[:, 1], _CONFIG)]))
            found |= new
            same = {row for left, right, _, duplicate, *_ in new if duplicate for row in (left, right)}
            rows = [row for row in rows if row not in same]
            if not rows:
                break
    return found


@pytest.mark.parametrize("together", [1, 4, 1 << 12])
@pytest.mark.parametrize("best", [1, 2, 16])
def test_a_crowd_in_order_is_compared_as_in_rounds(best: int, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "_TOGETHER", together)
    for seed, counts in enumerate(([1, 12, 5], [2, 30])):
        given = texts(counts, seed)
        found = rows_of(crowds._missed(iter(given.combine_chunks().to_batches(7)), _CONFIG, None, best))
        assert found == in_rounds(given, best)
        assert len({duplicate for _, _, _, duplicate, *_ in found}) == 2 or best == 1


def test_pairs_are_compared_where_their_texts_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_PAIRS", 5)
    given = texts([9, 9, 9], 4)
    draw = random.Random(3)
    rows = given["row"].to_pylist()
    ends = sorted({tuple(sorted(draw.sample(rows, 2))) for _ in range(120)})
    left, right = (np.array(side) for side in zip(*ends, strict=True))
    wanted = rows_of(iter([pairs.PairedTexts.of(given.combine_chunks().to_batches()[0]).related(left, right, _CONFIG)]))
    names = partition_labels(3)
    proposed = [batch_of(left=left[start : start + 50], right=right[start : start + 50]) for start in range(0, len(left), 50)]
    sent = pa.Table.from_batches(pairs._wanted(iter(proposed), names)).group_by(["row", "part"]).aggregate([])
    with_text = sent.join(given.drop_columns(["label"]), "row")
    packed = pa.Table.from_batches(pairs._packed(iter(proposed), names))
    both = pa.concat_tables([with_text, packed], promote_options="default")
    both = both.append_column("late", pa.compute.is_valid(both["pairs"]))
    both = both.sort_by([("part", "ascending"), ("late", "ascending")]).drop_columns(["late"])
    found: set[tuple[Any, ...]] = set()
    for here in (names[:2], names[2:]):  # two partitions, one of which has two labels
        part = both.filter(pa.compute.is_in(both["part"], pa.array(here)))
        found |= rows_of(pairs._related(iter(part.combine_chunks().to_batches(11)), _CONFIG, None))
    assert found == wanted
    assert wanted


def test_links_that_one_task_takes_give_the_components_of_one_machine() -> None:
    draw = np.random.default_rng(1)
    left, right = np.sort(draw.integers(0, 400, (2, 250)), axis=0)
    batches = [batch_of(left=left[start : start + 9], right=right[start : start + 9]) for start in range(0, 250, 9)]
    found = pa.Table.from_batches(components._all_linked(iter(batches))).to_pydict()
    wanted = components_of(400, left, right)
    assert dict(zip(found["row"], found["label"], strict=True)) == {row: int(label) for row, label in enumerate(wanted) if row != label}
    assert [*components._all_linked(iter([]))] == []
