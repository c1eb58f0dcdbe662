"""Train the model that decides about pairs, and say how good it is on events that it was not trained on.

    python bench/model.py [--write] SET...

A set is ``NAME:WEIGHT:DOCUMENTS:TRUTH`` or, of cases that hold their own texts, ``NAME:WEIGHT:CASES``. Truths are JSON: a list ``labels``
of objects with ``a``, ``b`` and ``label``, or lists of pairs by name, or ``clusters``. Labels are those of `_CLASSES`; pairs with others
are left out. Each pair counts with the weight of its set. Both regressions are fitted by Newton's method with a penalty on the squares of
the weights of standardised evidence. Events are the connected components of labelled pairs; every pair is scored by a model that has seen
no pair of its event. ``--write`` writes ``dedup/verification/model.json``, fitted on all pairs.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from dedup import Config, Document
from dedup.arrays.ragged import Array
from dedup.clusters.stars import components
from dedup.sketch.sketches import sketch_documents
from dedup.verification.features import measure
from dedup.verification.model import EVIDENCE, OTHERS, evidence_of

PATH = Path(__file__).parent.parent / "dedup/verification/model.json"
_CLASSES = (
    dict.fromkeys(("S", "C", "pairs", "clusters", "identical", "revision", "contains", "contained-in"), "duplicate")
    | dict.fromkeys(("W", "rewrite", "pairs_partial"), "rewrite")
    | dict.fromkeys(("T", "template"), "template")
    | dict.fromkeys(("E", "U", "N", "neg_pairs", "reuse", "unrelated"), "other")
)
_UNSURE = {"pairs_partial": 0.3}  # weight of labels that say less, and nothing of being duplicates
_FROM_CLUSTER = 4  # pairs that are taken of a cluster
_PENALTY = 1.0
_FOLDS = 10
_DRAWS = 2026

Labelled = tuple[str, str, str]


def labelled(truth: dict[str, Any]) -> Iterator[Labelled]:
    """Yield the labelled pairs of a truth."""
    if isinstance(truth.get("labels"), list):
        yield from ((each["a"], each["b"], each["label"]) for each in truth["labels"])
        return
    draws = np.random.default_rng(_DRAWS)
    for name, given in truth.items():
        if name == "clusters":
            for cluster in given:
                pairs = [*combinations(cluster, 2)]
                yield from ((*pairs[place], name) for place in sorted(draws.permutation(len(pairs))[:_FROM_CLUSTER].tolist()))
        elif name in _CLASSES:
            yield from ((a, b, name) for a, b in given)


def lines_of(path: str) -> list[dict[str, Any]]:
    read = Path(path).read_bytes()
    return [json.loads(line) for line in (gzip.decompress(read) if path.endswith(".gz") else read).splitlines()]


class Pool:
    """Labelled pairs: their evidence, classes, weights, sets and events."""

    def __init__(self) -> None:
        self.evidence: list[Array] = []
        self.classes: list[str] = []
        self.labels: list[str] = []
        self.weights: list[float] = []
        self.sets: list[str] = []
        self.ends: list[tuple[str, str]] = []  # of each pair the names of its texts, or of its event

    def add(self, given: str) -> None:
        name, weight, documents, *truth = given.split(":")
        rows = lines_of(documents)
        if truth:
            texts = {row["id"]: row["text"] for row in rows}
            pairs = [*labelled(json.loads(Path(truth[0]).read_text("utf-8")))]
        else:
            texts = {f"{row['id']}/{side}": row[side] for row in rows for side in "ab"}
            pairs = [(f"{row['id']}/a", f"{row['id']}/b", row["relation"]) for row in rows]
        pairs = [pair for pair in pairs if pair[2] in _CLASSES and pair[0] in texts and pair[1] in texts]
        wanted = sorted({side for a, b, _ in pairs for side in (a, b)})
        places = {each: place for place, each in enumerate(wanted)}
        config = Config(level="document")
        sketches = sketch_documents([Document(each, texts[each]) for each in wanted], config, 1)
        left, right = (np.array([places[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
        lengths = sketches.words.lengths
        kept = (lengths[left] >= config.min_words) & (lengths[right] >= config.min_words)
        kept &= (lengths[left] >= config.short_words) | (lengths[right] >= config.short_words)
        measured = measure(sketches.words, left[kept], right[kept], config, least=0.0)
        named = {row["id"]: row.get("event", row["id"]) for row in rows} if not truth else {}
        for pair, row in zip([pair for pair, keep in zip(pairs, kept, strict=True) if keep], evidence_of(measured), strict=True):
            self.evidence.append(row)
            self.labels.append(pair[2])
            self.classes.append(_CLASSES[pair[2]])
            self.weights.append(float(weight) * _UNSURE.get(pair[2], 1.0))
            self.sets.append(name)
            about = pair if truth else (named[pair[0].rpartition("/")[0]],) * 2
            self.ends.append((f"{documents} {about[0]}", f"{documents} {about[1]}"))

    def events(self) -> Array:
        """Return the number of the event of each pair: of the pairs that its texts are in, and of theirs."""
        names, places = np.unique(np.array(self.ends).ravel(), return_inverse=True)
        ends = places.reshape(-1, 2).astype(np.int64)
        numbers: Array = components(len(names), ends[:, 0], ends[:, 1])[ends[:, 0]]
        return numbers


def newton(x: Array, y: Array, weights: Array) -> Array:
    """Return the bias and the weights of a logistic regression of ``y`` (0..1) on ``x``, with a penalty on the latter."""
    x = np.column_stack([np.ones(len(x)), x])
    found, penalty = np.zeros(x.shape[1]), np.full(x.shape[1], _PENALTY)
    penalty[0] = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ found)))
        gradient = x.T @ (weights * (p - y)) + penalty * found
        curve = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, gradient)
        found -= step
        if np.abs(step).max() < 1e-9:
            break
    return found


def fit(x: Array, classes: Array, weights: Array, sure: Array) -> dict[str, Any]:
    """Return the model as `model.json` has it. The others are told apart one against all."""
    means, spread = np.average(x, axis=0, weights=weights), x.std(axis=0) + 1e-9
    scaled = (x - means) / spread

    def regression(rows: Array, of: str, even: bool = False) -> dict[str, Any]:
        each = weights[rows]
        if even:  # what is rare is as important as what is frequent
            each = each / np.array([weights[rows & (classes == name)].sum() for name in classes[rows]]) * each.sum() / len(OTHERS)
        found = newton(scaled[rows], (classes[rows] == of).astype(float), each)
        return {"bias": round(float(found[0]), 4), "weights": [round(float(w), 4) for w in found[1:] / spread]}

    rest = classes != "duplicate"
    return {
        "evidence": [*EVIDENCE],
        "means": [round(float(mean), 4) for mean in means],
        "duplicate": regression(sure, "duplicate"),
        "others": {name: regression(rest, name, even=True) for name in OTHERS},
    }


def scores(model: dict[str, Any], x: Array) -> tuple[Array, Array]:
    centred = x - np.array(model["means"])
    score = [
        centred @ np.array(part["weights"]) + part["bias"] for part in (model["duplicate"], *(model["others"][name] for name in OTHERS))
    ]
    return 1 / (1 + np.exp(-score[0])), np.stack(score[1:], axis=1)


def ece(p: Array, y: Array, weights: Array, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Naeini, Cooper, Hauskrecht 2015)."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs((weights * (p - y))[place == each].sum()) for each in range(bins)) / weights.sum())


def main(arguments: list[str]) -> None:
    pool = Pool()
    given = [argument for argument in arguments if not argument.startswith("--")]
    for argument in given:
        pool.add(argument)
    x, classes, weights = np.array(pool.evidence), np.array(pool.classes), np.array(pool.weights)
    sets, labels = np.array(pool.sets), np.array(pool.labels)
    sure = ~np.isin(labels, [*_UNSURE])
    events = pool.events()
    fold = np.random.default_rng(_DRAWS).permutation(events.max() + 1)[events] % _FOLDS
    p, other = np.zeros(len(x)), np.zeros(len(x), int)
    for each in range(_FOLDS):
        train, test = fold != each, fold == each
        model = fit(x[train], classes[train], weights[train], sure[train])
        p[test], parts = scores(model, x[test])
        other[test] = parts.argmax(axis=1)
    y = (classes == "duplicate").astype(float)
    least = Config().min_probability
    print("set                 pairs  precision recall  F1     ECE   | said of each label")
    for name in sorted({*sets}):
        inside = (sets == name) & sure
        said = p[inside] >= least
        right = (said & (y[inside] == 1)).sum()
        precision, recall = right / max(1, said.sum()), right / max(1, y[inside].sum())
        taken = {
            label: f"{int((p[(sets == name) & (labels == label)] >= least).sum())}/{int(((sets == name) & (labels == label)).sum())}"
            for label in sorted({*labels[sets == name]})
        }
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        figures = f"{precision:9.3f} {recall:7.3f} {f1:6.3f} {ece(p[inside], y[inside], weights[inside]):6.3f}"
        print(f"{name:18} {inside.sum():6} {figures}  | {', '.join(f'{label} {count}' for label, count in taken.items())}")
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    loss = -(weights * (y * np.log(clipped) + (1 - y) * np.log(1 - clipped)))[sure].sum() / weights[sure].sum()
    print(f"all: log loss {loss:.4f}, ECE {ece(p[sure], y[sure], weights[sure]):.4f}")
    rest = classes != "duplicate"
    print("others (rows: label; columns: said):", OTHERS)
    for name in OTHERS:
        print(f"  {name:9}", [int((rest & (classes == name) & (other == place)).sum()) for place in range(len(OTHERS))])
    if "--write" in arguments:
        written = {
            "procedure": "bench/model.py: logistic regression, see there",
            "sets": dict(zip(*np.unique(sets, return_counts=True), strict=True)),
        }
        written["sets"] = {name: int(count) for name, count in written["sets"].items()}  # type: ignore[union-attr]
        PATH.write_text(json.dumps(written | fit(x, classes, weights, sure), indent=1) + "\n", "utf-8")
        print(f"written: {PATH.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
