"""Train the model that decides about pairs, and say how good it is on events that it was not trained on.

    python bench/model.py [--write] [--background=NAME,NAME...] SET...

A set is ``NAME:WEIGHT:DOCUMENTS:TRUTH`` or, of cases that hold their own texts, ``NAME:WEIGHT:CASES``. Truths are JSON: a list ``labels``
of objects with ``a``, ``b`` and ``label``, or lists of pairs by name, or ``clusters``. Labels are those of `_CLASSES`; pairs with others
are left out. Each pair counts with the weight of its set. Both regressions are fitted by Newton's method with a penalty on the squares of
the weights of standardised evidence. Events are the connected components of labelled pairs; every pair is scored by a model that has seen
no pair of its event. Each pair counts once more, with less weight, as if no words of formulas were known of its language. ``--write``
writes ``dedup/verification/model.json``, fitted on all pairs.

``--background`` names sets of documents with a truth. A background is made of those of their documents that are in no labelled pair. Its
weights, none above 0, are fitted to the pairs of these sets, on top of the scores of a model that has not seen them: to each pair as it is,
and once more as if no words of formulas were known of its language. Their penalty is on plain evidence, because archives differ. Without
the option the weights stay as they are.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from dedup import Config, Document, build_frequencies
from dedup.arrays.ragged import Array
from dedup.clusters.stars import components
from dedup.sketch.sketches import sketch_documents
from dedup.verification.features import measure
from dedup.verification.model import BACKGROUND, EVIDENCE, OTHERS, background_evidence, evidence_of

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
_BARE = 0.1  # weight of a pair as if no words of formulas were known of its language
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
        self.background: list[Array] = []
        self.bare: list[Array] = []  # the evidence as if no words of formulas were known of the language
        self.bare_background: list[Array] = []

    def add(self, given: str, backgrounds: Mapping[str, str]) -> None:
        """Add a set. ``backgrounds`` has the path of a background by names of sets."""
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
        config = Config(level="document", background=backgrounds.get(name, ""))
        sketches = sketch_documents([Document(each, texts[each]) for each in wanted], config, 1)
        left, right = (np.array([places[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
        lengths = sketches.words.lengths
        kept = (lengths[left] >= config.min_words) & (lengths[right] >= config.min_words)
        kept &= (lengths[left] >= config.short_words) | (lengths[right] >= config.short_words)
        measured = measure(sketches.words, left[kept], right[kept], config, least=0.0)
        found = evidence_of(measured)
        named = {row["id"]: row.get("event", row["id"]) for row in rows} if not truth else {}
        self.background.extend(background_evidence(measured))
        measured["formula"] = measured["kind"] = 0.0
        self.bare.extend(evidence_of(measured))
        self.bare_background.extend(background_evidence(measured))
        for pair, row in zip([pair for pair, keep in zip(pairs, kept, strict=True) if keep], found, strict=True):
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


def fit_all(x: Array, bare: Array, classes: Array, weights: Array, sure: Array, rows: Array) -> dict[str, Any]:
    """Return the model of some rows, and of the same as if no words of formulas were known of their language, with less weight."""
    both = np.concatenate((x[rows], bare[rows]))
    known, certain = (np.concatenate((part[rows], part[rows])) for part in (classes, sure))
    return fit(both, known, np.concatenate((weights[rows], _BARE * weights[rows])), certain)


def scores(model: dict[str, Any], x: Array) -> tuple[Array, Array]:
    centred = x - np.array(model["means"])
    score = [
        centred @ np.array(part["weights"]) + part["bias"] for part in (model["duplicate"], *(model["others"][name] for name in OTHERS))
    ]
    return 1 / (1 + np.exp(-score[0])), np.stack(score[1:], axis=1)


def make_backgrounds(given: Sequence[str], names: Sequence[str], folder: str) -> dict[str, str]:
    """Make a background for each set with one of these names, of its documents that are in no labelled pair, and return their paths."""
    sets = [(name, documents, truth) for name, _, documents, truth in (each.split(":") for each in given if each.count(":") == 3)]
    made: dict[str, str] = {}
    for documents in sorted({documents for name, documents, _ in sets if name in names}):
        truths = [json.loads(Path(truth).read_text("utf-8")) for _, other, truth in sets if other == documents]
        seen = {side for truth in truths for a, b, _ in labelled(truth) for side in (a, b)}
        texts = (Document(row["id"], row["text"]) for row in lines_of(documents) if row["id"] not in seen)
        table = build_frequencies(texts, Config(level="document"))
        path = Path(folder) / f"{len(made)}.freq"
        path.write_bytes(table.to_bytes())
        print(f"background of {documents}: {len(table.runs)} runs, each in more than {table.limit} of {table.texts} texts")
        made.update((name, str(path)) for name, other, _ in sets if other == documents and name in names)
    return made


def log_odds(p: Array) -> Array:
    odds: Array = np.log(p / (1 - p))
    return odds


@dataclass(frozen=True, slots=True)
class Offsets:
    """Pairs with the evidence of a background, their log-odds without one, whether they are duplicates, and their weights."""

    x: Array
    odds: Array
    y: Array
    weights: Array

    def rows(self, chosen: Array) -> Offsets:
        return Offsets(self.x[chosen], self.odds[chosen], self.y[chosen], self.weights[chosen])

    def p(self, found: Array) -> Array:
        odds: Array = 1 / (1 + np.exp(-(self.odds + self.x @ found)))
        return odds


def fit_background(*parts: Offsets) -> Array:
    """Return the weights of the evidence of a background, none above 0: a logistic regression without a bias on top of the log-odds."""
    x, odds, y, weights = (np.concatenate([getattr(part, name) for part in parts]) for name in ("x", "odds", "y", "weights"))
    found, used = np.zeros(x.shape[1]), np.arange(x.shape[1])
    while len(used):
        found[:], part = 0.0, x[:, used]
        for _ in range(50):
            p = 1 / (1 + np.exp(-(odds + x @ found)))
            curve = (part * (weights * p * (1 - p))[:, None]).T @ part + _PENALTY * np.eye(len(used))
            found[used] -= np.linalg.solve(curve, part.T @ (weights * (p - y)) + _PENALTY * found[used])
        if (found <= 0).all():
            break
        used = np.flatnonzero(found < 0)
    return np.minimum(found, 0.0)


def ece(p: Array, y: Array, weights: Array, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Naeini, Cooper, Hauskrecht 2015)."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs((weights * (p - y))[place == each].sum()) for each in range(bins)) / weights.sum())


def main(arguments: list[str]) -> None:
    pool = Pool()
    given = [argument for argument in arguments if not argument.startswith("--")]
    asked = [argument.partition("=")[2].split(",") for argument in arguments if argument.startswith("--background=")]
    names = [name for each in asked for name in each]
    with tempfile.TemporaryDirectory() as folder:
        backgrounds = make_backgrounds(given, names, folder)
        for argument in given:
            pool.add(argument, backgrounds)
    x, classes, weights = np.array(pool.evidence), np.array(pool.classes), np.array(pool.weights)
    sets, labels = np.array(pool.sets), np.array(pool.labels)
    sure = ~np.isin(labels, [*_UNSURE])
    events = pool.events()
    fold = np.random.default_rng(_DRAWS).permutation(events.max() + 1)[events] % _FOLDS
    p, other = np.zeros(len(x)), np.zeros(len(x), int)
    bare = np.array(pool.bare)
    without_lists = np.zeros(len(x))
    for each in range(_FOLDS):
        train, test = fold != each, fold == each
        model = fit_all(x, bare, classes, weights, sure, train)
        p[test], parts = scores(model, x[test])
        without_lists[test] = scores(model, bare[test])[0]
        other[test] = parts.argmax(axis=1)
    y = (classes == "duplicate").astype(float)
    least = Config().min_probability
    print("set                 pairs  precision recall  F1     ECE   | said of each label")
    known = np.isin(sets, names)
    plain = Offsets(np.array(pool.background), log_odds(p), y, weights)
    unlisted = Offsets(np.array(pool.bare_background), log_odds(without_lists), y, weights)
    with_background, bare_with_background = p.copy(), without_lists.copy()
    for each in range(_FOLDS if known.any() else 0):
        train, test = known & sure & (fold != each), known & (fold == each)
        found = fit_background(plain.rows(train), unlisted.rows(train))
        with_background[test], bare_with_background[test] = plain.rows(test).p(found), unlisted.rows(test).p(found)
    shown = [(title, name, scored) for name in sorted({*sets}) for title, scored in ((name, p), ("  no lists", without_lists))]
    for name in sorted({*names}):
        shown += [("  with background", name, with_background), ("  no lists, with", name, bare_with_background)]
    shown.sort(key=lambda row: row[1])
    for title, name, scored in shown:
        inside = (sets == name) & sure
        said = scored[inside] >= least
        right = (said & (y[inside] == 1)).sum()
        precision, recall = right / max(1, said.sum()), right / max(1, y[inside].sum())
        taken = {
            label: f"{int((scored[(sets == name) & (labels == label)] >= least).sum())}/{int(((sets == name) & (labels == label)).sum())}"
            for label in sorted({*labels[sets == name]})
        }
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        figures = f"{precision:9.3f} {recall:7.3f} {f1:6.3f} {ece(scored[inside], y[inside], weights[inside]):6.3f}"
        print(f"{title:18} {inside.sum():6} {figures}  | {', '.join(f'{label} {count}' for label, count in taken.items())}")
    for title, rows, scored in ("all", sure, p), ("sets with a background", sure & known, p), ("  with it", sure & known, with_background):
        if rows.any():
            clipped = np.clip(scored[rows], 1e-6, 1 - 1e-6)
            loss = -np.average(y[rows] * np.log(clipped) + (1 - y[rows]) * np.log(1 - clipped), weights=weights[rows])
            print(f"{title}: log loss {loss:.4f}, ECE {ece(scored[rows], y[rows], weights[rows]):.4f}")
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
        written |= fit_all(x, bare, classes, weights, sure, np.ones(len(x), bool))
        written["background"] = json.loads(PATH.read_text("utf-8"))["background"]
        if known.any():
            found = fit_background(plain.rows(known & sure), unlisted.rows(known & sure))
            written["background"] = {name: round(float(weight), 4) for name, weight in zip(BACKGROUND, found, strict=True)}
        PATH.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
        print(f"written: {PATH.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
