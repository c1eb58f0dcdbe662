"""Fit the model that tells whether two texts of a story have one origin, and say how good the origins of labelled stories are.

    python bench/origins.py [--write] ARTICLES

ARTICLES are those of SaudiNewsNet, JSON Lines, plain or packed, with ``id``, ``text``, ``source`` and ``date``. The labels are in
``stories.json``: for each story its groups of one origin, which pairs are told to carry each other, how sure the reader was (3: sure), and
in which part it is. ``first`` and ``more`` are trained on, ``last`` was read last and is only scored. Pairs of ``articles.json`` count as
well, with less weight: the same report is one origin, a template and another event are none.

Each story is scored by a model that has seen none of its texts; no text is in two stories. The last lines are of the committed model.
``--write`` writes ``dedup/origins/pairs.json``, fitted on all but ``last``.
"""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from model import newton

from dedup import Config, Document
from dedup.arrays.ragged import Array
from dedup.origins.groups import group
from dedup.origins.narration import narrations
from dedup.origins.pairs import EVIDENCE, OriginModel, origin_model, pair_evidence, shared_by
from dedup.origins.trace import StoryText, trace

HERE = Path(__file__).parent
PATH = HERE.parent / "dedup/origins/pairs.json"
PRODUCTS = ("lead_long*kind", "duplicate*quoted", "substituted*substituted", "duplicate*whole_long", "held_short*held_short")
"""Products that lower the log loss most, chosen one after the other by cross-validation."""
_FOLDS = 10
_OTHERS = 0.3  # weight of a pair of articles.json
_ORIGIN = {"S": 1.0, "C": 1.0, "W": 0.5, "T": 0.0, "E": 0.0, "N": 0.0, "U": 0.0}


@dataclass(frozen=True)
class Labelled:
    """A story with its labels, its evidence pair by pair, and which pairs have one origin."""

    ids: tuple[str, ...]
    label: dict[str, Any]
    evidence: Array
    same: Array


def columns(evidence: Array) -> Array:
    """Return evidence with the products that the model has."""
    places = [[EVIDENCE.index(name) for name in names.split("*")] for names in PRODUCTS]
    return np.column_stack([evidence, *(evidence[:, one] * evidence[:, other] for one, other in places)])


def fit(evidence: Array, same: Array, weights: Array) -> OriginModel:
    x = columns(evidence)
    means, spread = np.average(x, axis=0, weights=weights), x.std(axis=0) + 1e-9
    found = newton((x - means) / spread, same, weights)
    each = [round(float(weight), 4) for weight in found[1:] / spread]
    bias = round(float(found[0] - (found[1:] / spread) @ means), 4)
    places = [tuple(EVIDENCE.index(name) for name in names.split("*")) for names in PRODUCTS]
    return OriginModel(
        bias, tuple(each[: len(EVIDENCE)]), tuple((*both, weight) for both, weight in zip(places, each[len(EVIDENCE) :], strict=True))
    )


def labelled(label: dict[str, Any], texts: dict[str, Document]) -> Labelled:
    ids = sorted(name for each in label["groups"] for name in each)
    left, right = (np.array(side) for side in zip(*combinations(range(len(ids)), 2), strict=True))
    shared = shared_by(narrations([texts[name].text for name in ids]), Config())
    readings = label["groups"], label.get("second", label["groups"])
    of = [{name: number for number, each in enumerate(groups) for name in each} for groups in readings]
    same = np.mean([[home[ids[a]] == home[ids[b]] for a, b in zip(left, right, strict=True)] for home in of], axis=0)
    return Labelled(tuple(ids), label, pair_evidence(shared, left, right, Config()), same)


def other_pairs(texts: dict[str, Document]) -> tuple[Array, Array, list[tuple[str, str]]]:
    """Return the evidence of the pairs of articles.json, their labels, and their ids."""
    found = [each for each in json.loads((HERE / "articles.json").read_text())["labels"] if each["label"] in _ORIGIN]
    ids = sorted({each[side] for each in found for side in "ab"})
    place = {name: number for number, name in enumerate(ids)}
    shared = shared_by(narrations([texts[name].text for name in ids]), Config())
    sides = (np.array([place[each[side]] for each in found]) for side in "ab")
    same = np.array([_ORIGIN[each["label"]] for each in found])
    return pair_evidence(shared, *sides, Config()), same, [(each["a"], each["b"]) for each in found]


def _fold(story: Labelled) -> int:
    return zlib.crc32(story.ids[0].encode()) % _FOLDS


def groups_of(story: Labelled, model: OriginModel) -> list[list[str]]:
    likely = np.eye(len(story.ids))
    one, other = (np.array(side) for side in zip(*combinations(range(len(story.ids)), 2), strict=True))
    likely[one, other] = likely[other, one] = model.probabilities(story.evidence)
    return [[story.ids[row] for row in rows] for rows in group(likely, np.ones(len(story.ids)))]


def figures(found: Iterable[tuple[dict[str, Any], list[list[str]]]]) -> str:
    """Return the share of stories with the right number of origins, and precision, recall and F1 of pairs of one group."""
    exact = total = both = ours = theirs = 0
    for label, groups in found:
        total, exact = total + 1, exact + (len(groups) == len(label["groups"]))
        mine, right = ({pair for each in parts for pair in combinations(sorted(each), 2)} for parts in (groups, label["groups"]))
        both, ours, theirs = both + len(mine & right), ours + len(mine), theirs + len(right)
    f1 = 2 * both / max(1, ours + theirs)
    precision, recall = both / max(1, ours), both / max(1, theirs)
    return f"{total:4} stories   origins exact {exact / total:.3f}   pairs: F1 {f1:.3f} P {precision:.3f} R {recall:.3f}"


def directions(stories: Iterable[dict[str, Any]], texts: dict[str, Document]) -> str:
    """Return how many of the labelled directions are said, and how many of these are right."""
    right = wrong = total = 0
    for label in stories:
        if not label.get("carries"):
            continue
        story = trace("", [StoryText(name, texts[name].text, texts[name]) for each in label["groups"] for name in each], Config())
        for a, b in label["carries"]:
            total, right, wrong = total + 1, right + (a in _models(story, b)), wrong + (b in _models(story, a))
    return f"directions: {total} labelled, {right + wrong} said, {right} right"


def _models(story: Any, name: str) -> list[str]:
    """Return what a text carries, what that carries, and so on."""
    found: list[str] = []
    while (carried := story.carried_by.get(name)) and carried.a not in found:
        name = carried.a
        found.append(name)
    return found


def main(arguments: list[str]) -> None:
    opened = gzip.open if arguments[-1].endswith(".gz") else open
    with opened(arguments[-1], "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = {row["id"]: Document(row["id"], row["text"], source=row.get("source"), time=row.get("date")) for row in rows}
    stories = [labelled(each, texts) for each in json.loads((HERE / "stories.json").read_text())["stories"]]
    others, other_same, other_ids = other_pairs(texts)
    trained = [story for story in stories if story.label["part"] != "last"]
    last = {name for story in stories if story.label["part"] == "last" for name in story.ids}

    def without(names: set[str]) -> Array:
        return np.array([not {a, b} & names for a, b in other_ids])

    def train(chosen: Sequence[Labelled], kept: Array) -> OriginModel:
        evidence = np.concatenate([*(story.evidence for story in chosen), others[kept]])
        same = np.concatenate([*(story.same for story in chosen), other_same[kept]])
        weights = [np.full(len(story.same), len(story.same) ** -0.5) for story in chosen]
        return fit(evidence, same, np.concatenate([*weights, np.full(int(kept.sum()), _OTHERS)]))

    scored = []
    for number in range(_FOLDS):
        tested = [story for story in trained if _fold(story) == number]
        model = train([story for story in trained if _fold(story) != number], without(last.union(*(story.ids for story in tested))))
        scored += [(story.label, groups_of(story, model)) for story in tested]
    print("cross-validated, all:       ", figures(scored))
    print("cross-validated, first:     ", figures(each for each in scored if each[0]["part"] == "first"))
    print("  of these where sure:      ", figures(each for each in scored if each[0]["part"] == "first" and each[0]["sure"] == 3))
    twice = [label for label, _ in scored if label["part"] == "first"]
    print("a second reader, first:     ", figures((label, label.get("second", label["groups"])) for label in twice))
    if "--write" in arguments:
        model = train(trained, without(last))
        products = dict(zip(PRODUCTS, (weight for *_, weight in model.products), strict=True))
        found = {"bias": model.bias, "weights": dict(zip(EVIDENCE, model.weights, strict=True)), "products": products}
        PATH.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        origin_model.cache_clear()
    for part in ("first", "last"):
        of_part = [each for each in stories if each.label["part"] == part]
        print(f"the model, {part}:".ljust(28), figures((each.label, groups_of(each, origin_model())) for each in of_part))
    print("first and more:", directions((each.label for each in trained), texts))
    print("last:", directions((each.label for each in stories if each.label["part"] == "last"), texts))


if __name__ == "__main__":
    main(sys.argv[1:])
