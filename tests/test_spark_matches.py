"""Matches on Spark's workers: spread over the copies of their texts, and written as lines, as on one machine. Without Java."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from dedup.candidates.exact_copies import pairs_between
from dedup.model import Relation

pytest.importorskip("pyspark")
import pyarrow as pa

from dedup.spark import lines, matches
from dedup.spark.arrow import batch_of
from dedup.spark.pairs import SHARES


def shares(draw: random.Random, count: int) -> dict[str, Any]:
    return {name: np.array([draw.random() for _ in range(count)]) for name in SHARES}


@pytest.mark.parametrize("copied", [0.0, 0.4])
def test_pairs_are_spread_over_the_copies_of_their_texts(copied: float) -> None:
    draw = random.Random(3)
    ends = [sorted(draw.sample(range(0, 900, 9), 2)) for _ in range(60)]
    copies = {row: [row, *range(row + 1, row + 1 + draw.randrange(1, 4))] for row in range(0, 900, 9) if draw.random() < copied}
    given = {"relation": pa.array(draw.choices([relation.value for relation in Relation], k=60)), **shares(draw, 60)}
    for place, side in enumerate(("left", "right")):
        own = [end[place] for end in ends]
        listed = [" ".join(map(str, copies[row])) if row in copies else None for row in own]
        given |= {side: np.array(own), f"{side}_copies": pa.array(listed, pa.string())}
    batch = batch_of(**given)
    wanted = set()
    for row in batch.to_pylist():
        left, right = row["left"], row["right"]
        for one, other in pairs_between(copies.get(left, [left]), copies.get(right, [right]), 9):
            relation, a, b = Relation(row["relation"]), row["containment_a"], row["containment_b"]
            sides = (one, other, relation, a, b) if one < other else (other, one, relation.mirrored, b, a)
            wanted.add((*sides, row["jaccard"], row["similarity"], row["probability"]))
    kept = "left", "right", "relation", "containment_a", "containment_b", "jaccard", "similarity", "probability"
    found = [tuple(row[name] for name in kept) for each in matches._between(iter([batch]), 9) for row in each.to_pylist()]
    assert {(left, right, Relation(relation), *rest) for left, right, relation, *rest in found} == wanted
    assert len(found) == len(wanted)
    assert (len(wanted) > 60) == bool(copied)


@pytest.mark.parametrize("index", [None, 2])
@pytest.mark.parametrize("together", [3, 1 << 12])
def test_lines_of_matches_are_those_of_objects(index: int | None, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_AT_A_TIME", together)
    draw, count = random.Random(7), 10
    names = ['a "1"', "é\u2028", "w\\x", "\t4"]
    given: dict[str, Any] = {"relation": pa.array(draw.choices([relation.value for relation in Relation], k=count)), **shares(draw, count)}
    for side in "ab":
        ids = pa.array(draw.choices(names, k=count))
        places = pa.array([index if place == 4 else None for place in range(count)], pa.int32())
        headings = pa.array([None if index is None else "H"] * count, pa.string())
        given |= {f"{side}_id": ids, f"{side}_document": ids, f"{side}_index": places, f"{side}_heading": headings, f"{side}_line": places}
    batch = batch_of(**given)
    found = "".join(each for lot in lines._lines(iter([batch])) for each in lot.column("lines").to_pylist())
    assert found == "".join(json.dumps(lines.match_of(row).to_dict(), ensure_ascii=False) + "\n" for row in batch.to_pylist())
    assert found.count("a_heading") == (index is not None)
