"""Fit the weights of the checks of headlines: python bench/headlines_model.py DOCUMENTS:TRUTH [...] [--score]

The weights go to ``dedup/verification/headlines.json``; with ``--score`` they are only scored. Half of the labelled pairs, chosen by a hash
of their ids, are fitted; the other half is only scored. A pair is fitted if its texts are long enough and share nearly half of their words:
so more pairs can be fitted than are decided. It is scored if they share most words, as all pairs that are decided. The checks that tell of
another fact have fixed weights, which outweigh all others together: real pairs with such a fault are too few to be fitted, and a false
merge is worse than a missed one. All others are fitted by logistic regression with a small penalty, and may not change their sign.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

from dedup import Config
from dedup.sketch.shingle import split_words
from dedup.verification import story_checks
from dedup.verification.headline import Headline
from dedup.verification.headlines import compare_short, shares_most
from dedup.verification.same_story import check_story
from dedup.verification.story_checks import StoryChecks

NAMES = [field.name for field in fields(StoryChecks)]
FIXED = {"turned": -7.0, "exchanged": -7.0, "opposed": -7.0, "contrasted": -7.0}
PENALTY = 0.5  # of the sum of squared weights
FITTED = 0.45  # Jaccard of the words of a pair that is fitted, at least
STEPS, RATE = 20000, 0.02
WEIGHTS = Path(__file__).parents[1] / "dedup/verification/headlines.json"


def is_fitted(pair: tuple[str, str]) -> bool:
    """Tell whether a pair belongs to the half that is fitted."""
    return hashlib.sha256("|".join(sorted(pair)).encode()).digest()[0] % 2 == 0


def read(documents: str, truth: str) -> list[tuple[tuple[str, str], list[str], list[str], bool]]:
    """Return the labelled pairs that count: their ids, their words, and whether they say the same."""
    with gzip.open(documents, "rt", encoding="utf-8") as file:
        texts = {record["id"]: record["text"] for record in map(json.loads, file)}
    words = dict(zip(texts, split_words([*texts.values()]), strict=True))
    labels = json.loads(Path(truth).read_text("utf-8"))
    labelled = [(tuple(pair), name == "pairs") for name in ("pairs", "neg_disagree", "neg_other") for pair in labels[name]]
    pairs = [(pair, words[pair[0]], words[pair[1]], same) for pair, same in labelled]
    return [each for each in pairs if min(len(each[1]), len(each[2])) >= Config().min_words and _jaccard(each[1], each[2]) >= FITTED]


def _jaccard(one: list[str], other: list[str]) -> float:
    return len({*one} & {*other}) / len({*one, *other})


def fit(checks: list[StoryChecks], same: list[bool]) -> dict[str, float]:
    """Return the weights, by gradient descent."""
    names = [name for name in NAMES if name not in FIXED]
    signs = np.array([1.0 if name == "reworded" else -1.0 for name in names])
    values = np.array([[float(getattr(check, name)) for name in names] for check in checks])
    fixed = np.array([sum(weight * getattr(check, name) for name, weight in FIXED.items()) for check in checks])
    weights, bias = np.zeros(len(names)), 0.0
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(values @ weights + bias + fixed))) - np.array(same)
        weights -= RATE * (values.T @ error + PENALTY * weights) / len(same) * 10
        weights = np.where(weights * signs < 0, 0, weights)
        bias -= RATE * float(error.mean()) * 10
    found = {"bias": bias, **dict(zip(names, weights, strict=True)), **FIXED}
    return {name: round(float(found[name]), 2) for name in ("bias", *NAMES)}


def score(pairs: list[tuple[tuple[str, str], list[str], list[str], bool]]) -> str:
    """Return what the weights in the file decide about these pairs."""
    short = dict(enumerate([words for _, one, other, _ in pairs for words in (one, other)]))
    _, found = compare_short(short, np.arange(0, len(short), 2), np.arange(1, len(short), 2))
    same = np.array([each[3] for each in pairs])
    bins = np.minimum((found * 5).astype(int), 4)
    gaps = [
        abs(found[bins == each].mean() - same[bins == each].mean()) * (bins == each).mean() for each in range(5) if (bins == each).any()
    ]
    table = [f"{(bins == each).sum()}: {same[bins == each].mean():.2f}" for each in range(5) if (bins == each).any()]
    accepted = found >= 0.5
    return (
        f"found {accepted[same].sum()} of {same.sum()}, altered facts accepted {accepted[~same].sum()} of {(~same).sum()}, "
        f"ECE {sum(gaps):.3f}, pairs by fifth of probability and the share that says the same: {', '.join(table)}"
    )


def main() -> None:
    pairs = [pair for argument in sys.argv[1:] if ":" in argument for pair in read(*argument.split(":"))]
    halves = [[pair for pair in pairs if is_fitted(pair[0]) == fitted] for fitted in (True, False)]
    if "--score" not in sys.argv:
        checks = [check_story(Headline.of(one), Headline.of(other)) for _, one, other, _ in halves[0]]
        weights = fit(checks, [same for *_, same in halves[0]])
        story_checks.story_weights.cache_clear()
        WEIGHTS.write_text(json.dumps({"source": "bench/headlines_model.py", "weights": weights}, indent=1) + "\n", "utf-8")
        print(weights)
    for name, half in zip(("fitted half:", "other half:"), halves, strict=True):
        print(name, score([pair for pair in half if shares_most(pair[1], pair[2])]))


if __name__ == "__main__":
    main()
