"""Score the defaults on labelled sets, and every setting with other values. Run from the root: python bench/labels.py SET [SET ...]

A set is ``DOCUMENTS:TRUTH``, or ``DOCUMENTS:TRUTH:DUPLICATES:NEITHER`` with the names of labels as `read_truth` takes them,
for example ``articles.jsonl.gz:labels.json:S,C:P``. A value is the default where it scores best on the mean of all sets, or no worse than
0.002 below the best while it was the one before. The score is F-0.5, since a story lost in a false merge is worse than one read twice; of
clusters it is that of all pairs. Settings are tried one at a time, all others being the defaults, with the whole pipeline.
``fingerprint_share`` is an exception: labels of duplicates do not show the shared passages that a higher value misses. The weights
of the model are those of ``bench/model.py``.
"""

from __future__ import annotations

import os
import sys
from statistics import mean
from typing import Any

from dedup import Config, find_duplicates
from dedup.evaluation.labels import Truth, read_truth
from dedup.evaluation.scoring import evaluate_result
from dedup.readers.sources import read

SETTINGS: dict[str, tuple[float, ...]] = {
    "min_probability": (0.3, 0.4, 0.5, 0.7, 0.8, 0.9),
    "threshold": (0.1, 0.2, 0.3, 0.5),
    "recurrence": (6, 10, 20, 40),
    "recall": (0.9, 0.999),
    "shingle_words": (2, 4),
    "num_perm": (64, 256),
    "min_words": (4, 8),
    "short_words": (10, 13, 20),
    "fingerprint_words": (2, 4),
    "fingerprint_share": (0.0, 0.03, 0.07, 0.1, 0.15),
    "fingerprint_window": (2, 4, 5),
    "bucket_limit": (16, 32, 128),
}
BETA = 0.5

LabelledSet = tuple[str, Truth]


def labelled_set(argument: str) -> LabelledSet:
    """Return where the documents of a set are, and its truth."""
    documents, truth, *names = argument.split(":")
    duplicate, ignore = ([*names, "", ""][place].split(",") for place in (0, 1))
    return documents, read_truth(truth, duplicate=[*filter(None, duplicate)], ignore=[*filter(None, ignore)])


def score(one: LabelledSet, config: Config) -> tuple[float, dict[str, Any]]:
    """Return F-beta of a set under some settings, and the figures that it comes from."""
    documents, truth = one
    result = find_duplicates(read([documents]), config, jobs=os.cpu_count() or 1, same_id="refuse")
    found = evaluate_result(result, truth).to_dict()
    precision, recall = found["pairs"]["precision"] or 0.0, found["pairs"]["recall"] or 0.0
    weighted = BETA**2 * precision + recall
    return (1 + BETA**2) * precision * recall / weighted if weighted else 0.0, found


def row(label: str, scores: list[float], mark: str) -> None:
    print(f"| {label} | {' | '.join(f'{each:.3f}' for each in scores)} | {mean(scores):.4f} | {mark} |", flush=True)


def show(name: str, default: float, scored: dict[float, list[float]]) -> None:
    """Print the scores of a setting, its default among them."""
    best = max(map(mean, scored.values()))
    for value, scores in sorted(scored.items()):
        near = " (default)" if value == default else ""
        row(f"{name} {value:g}{near}", scores, "best" if mean(scores) == best else "")


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    sets = [labelled_set(argument) for argument in sys.argv[1:]]
    defaults = Config(level="document")
    for documents, truth in sets:
        found = score((documents, truth), defaults)[1]
        print(documents, {name: round(value, 3) for name, value in found["pairs"].items()})
        for label, taken in found.get("labels", {}).items():
            print(f"  {label}: {taken['matched']} of {taken['pairs']} taken for duplicates, {taken['share'] or 0:.3f} by weight")
    present = [score(each, defaults)[0] for each in sets]
    print(f"\n| F-{BETA} | {' | '.join(documents for documents, _ in sets)} | mean | |\n|---|{'---:|' * (len(sets) + 1)}---|")
    for name, values in SETTINGS.items():
        scored = {value: [score(each, Config(level="document", **{name: value}))[0] for each in sets] for value in values}
        show(name, getattr(defaults, name), scored | {getattr(defaults, name): present})


if __name__ == "__main__":
    main()
