"""Say how derived an article is from an agency's text, and how often that is right: COUNTER, Urdu, three classes.

    python bench/counter.py DIR

The folder has ``docs.jsonl.gz`` and ``truth.json`` of COUNTER (Sharjeel, Nawab and Rayson 2017), with the pairs that are wholly derived,
partially derived and not derived. Printed are accuracy and F1 of each class and their mean, each in ten folds: by two thresholds on the
share of the article's narration that the agency has, as word runs of one to three, and by a multinomial regression on a few shares.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dedup import Config
from dedup.arrays.ragged import Array
from dedup.kernels import engine
from dedup.origins.narration import narrations
from dedup.origins.pairs import pair_evidence, shared_by

CLASSES = ("pairs", "pairs_partial", "neg_pairs")
_NAMES = ("wholly", "partially", "not")
_FOLDS = 10
_DRAWS = 2026
_PENALTY = 1.0
_RUNS = (1, 2, 3)

Fit = Callable[[Array, Array], Callable[[Array], Array]]


def read(folder: Path) -> tuple[Array, Array, Array]:
    """Return the shares of the pairs by the length of runs, the evidence that the program has of them, and their classes."""
    lines = gzip.decompress((folder / "docs.jsonl.gz").read_bytes()).decode().split("\n")
    texts = {each["id"]: each["text"] for each in map(json.loads, filter(None, lines))}
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    pairs = [(a, b, number) for number, name in enumerate(CLASSES) for a, b in truth[name]]
    found = narrations([text for a, b, _ in pairs for text in (texts[a], texts[b])])
    source = np.arange(0, 2 * len(pairs), 2)
    told = found.parts(quoted=False)
    shares = []
    for size in _RUNS:
        sets = engine().shingle_sets(told, np.arange(len(told)), size)
        shared = engine().share(sets, source + 1, source, 0)[0]
        shares.append(shared / np.maximum(1, sets.lengths[source + 1]))
    evidence = pair_evidence(shared_by(found, Config()), source, source + 1, Config())
    return np.stack(shares, axis=1), evidence, np.array([number for *_, number in pairs])


def thresholds(shares: Array, classes: Array) -> Callable[[Array], Array]:
    """Return what tells classes by two thresholds on a share: those with the best mean F1 on these pairs."""
    cuts = np.unique(np.quantile(shares[:, 0], np.linspace(0, 1, 60)))
    tried = [(high, low) for high in cuts for low in cuts if low <= high]
    high, low = max(tried, key=lambda pair: _scores(_by(shares, *pair), classes)[1])
    return lambda others: _by(others, high, low)


def _by(shares: Array, high: float, low: float) -> Array:
    return np.where(shares[:, 0] >= high, 0, np.where(shares[:, 0] >= low, 1, 2))


def regression(evidence: Array, classes: Array) -> Callable[[Array], Array]:
    """Return what tells classes by a multinomial regression, fitted by gradients with a penalty on squares of standardised weights."""
    means, spreads = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    known = _standardised(evidence, means, spreads)
    weights, target = np.zeros((known.shape[1], len(CLASSES))), np.eye(len(CLASSES))[classes]
    for _ in range(2000):
        wrong = target - _softmax(known @ weights)
        weights += (known.T @ wrong - _PENALTY * weights) / len(known)
    return lambda others: (_standardised(others, means, spreads) @ weights).argmax(axis=1)


def _standardised(evidence: Array, means: Array, spreads: Array) -> Array:
    return np.hstack([(evidence - means) / spreads, np.ones((len(evidence), 1))])


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Array = raised / raised.sum(axis=1, keepdims=True)
    return found


def folded(fit: Fit, evidence: Array, classes: Array) -> Array:
    """Return the class of each pair, told by what was fitted on the other folds."""
    fold = np.empty(len(classes), int)
    draws = np.random.default_rng(_DRAWS)
    for number in range(len(CLASSES)):
        rows = np.flatnonzero(classes == number)
        fold[draws.permutation(rows)] = np.arange(len(rows)) % _FOLDS
    told = np.empty(len(classes), int)
    for number in range(_FOLDS):
        told[fold == number] = fit(evidence[fold != number], classes[fold != number])(evidence[fold == number])
    return told


def _scores(told: Array, classes: Array) -> tuple[float, float, list[float]]:
    """Return accuracy, the mean of F1, and F1 by class."""
    found = []
    for number in range(len(CLASSES)):
        both = np.sum((told == number) & (classes == number))
        found.append(float(2 * both / max(1, np.sum(told == number) + np.sum(classes == number))))
    return float((told == classes).mean()), float(np.mean(found)), found


def main() -> None:
    shares, evidence, classes = read(Path(sys.argv[1]))
    tried: dict[str, tuple[Fit, Array]] = {
        f"two thresholds, runs of {size}": (thresholds, shares[:, place : place + 1]) for place, size in enumerate(_RUNS)
    }
    tried["regression, these three shares"] = (regression, shares)
    tried["regression, shares and the evidence of pairs"] = (regression, np.hstack([shares, evidence]))
    print(", ".join(f"{int((classes == number).sum())} {name}" for number, name in enumerate(_NAMES)))
    for name, (fit, known) in tried.items():
        accuracy, mean, each = _scores(folded(fit, known, classes), classes)
        by_class = ", ".join(f"{label} {score:.3f}" for label, score in zip(_NAMES, each, strict=True))
        print(f"{name:46} accuracy {accuracy:.3f}  F1 {mean:.3f} ({by_class})")


if __name__ == "__main__":
    main()
