"""Texts by the hundred that are like each other cost no more each than by the dozen, and end in sound clusters."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dedup import Config, Document, find_duplicates
from dedup.index import Gate, Index
from dedup.index.graph import Graph
from dedup.index.relating import Relating
from dedup.index.sqlite import SqliteStore
from dedup.short import compare, says_the_same, shares_most

WORDS = [f"{first}{second}{third}o" for first in "bdfgklmn" for second in "aeiou" for third in "prstvz"]
PART = 150  # documents that are decided together


def edited(rng: random.Random, words: list[str], most: int) -> list[str]:
    words = [*words]
    for place in rng.sample(range(len(words)), rng.randint(1, most)):
        words[place] = rng.choice(WORDS)
    return words


def texts(kind: str, count: int) -> Iterator[str]:
    rng = random.Random(3)
    story, other = ([rng.choice(WORDS) for _ in range(70)] for _ in range(2))
    for number in range(count):
        if kind == "near":
            words = edited(rng, story, 3)
        elif kind == "titled":
            words = [rng.choice(WORDS), rng.choice(WORDS), *story]
        elif kind == "interleaved":
            words = edited(rng, (story, other, WORDS)[number % 3], 2)
        elif kind == "roundups":
            words = [*rng.choices(WORDS, k=20), *story[:40], *rng.choices(WORDS, k=20)] if number else story[:40]
        elif kind == "growing":
            words = [*story, *WORDS[: number % 200]]
        elif kind == "headlines":
            words = edited(rng, story[:12], 2)
        elif kind == "near and same":
            words = edited(rng, story, 2) if number % 2 else story
        else:
            words = story
        yield " ".join(words)


def crowd(kind: str, count: int) -> list[Document]:
    """Return documents of a crowd, a second apart, from three sources in turn."""
    return [
        Document(f"d{number:04}", text, time=str(number), source="xyz"[number % 3]) for number, text in enumerate(texts(kind, count))
    ]


KINDS = "near", "titled", "interleaved", "roundups", "growing", "headlines", "same", "near and same"
WINDOW, NARROW, CROSS, LATEST = {"within": 86_400.0}, {"within": 100.0}, {"sources": "cross"}, {"keep": "latest"}
CASES: list[tuple[str, dict[str, Any]]] = [
    *((kind, {}) for kind in KINDS),
    *((kind, LATEST) for kind in ("near", "growing", "same")),
    *((kind, WINDOW) for kind in ("near", "same", "near and same")),
    *((kind, NARROW) for kind in ("same", "growing", "near and same")),
    *((kind, CROSS) for kind in ("same", "headlines", "near and same")),
]


class Steps:
    """Counts the pairs that are related, the rows that a store returns, and the rows that are settled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.counts: Counter[str] = Counter()
        links, rows, best = Relating.links, SqliteStore.rows, Graph._best

        def counted_links(relating: Relating, codes: Any, *args: Any, **kwargs: Any) -> Any:
            self.counts["pairs"] += len(codes)
            return links(relating, codes, *args, **kwargs)

        def counted_rows(store: SqliteStore, *args: Any) -> Any:
            found = rows(store, *args)
            self.counts["rows"] += len(found)
            return found

        def counted_best(graph: Graph, row: int, *args: Any, **kwargs: Any) -> int:
            self.counts["settled"] += 1
            return best(graph, row, *args, **kwargs)

        monkeypatch.setattr(Relating, "links", counted_links)
        monkeypatch.setattr(SqliteStore, "rows", counted_rows)
        monkeypatch.setattr(Graph, "_best", counted_best)


def config_of(rules: dict[str, Any]) -> Config:
    return Config(seed=7, bucket_limit=8, recurrence=4, **rules)


@pytest.mark.parametrize(("kind", "rules"), CASES, ids=str)
def test_a_record_costs_the_same_however_many_are_like_it(kind: str, rules: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    steps, counted = Steps(monkeypatch), []
    with Index.open(":memory:", config_of(rules), keep_texts=False) as index:
        documents, gate = crowd(kind, 4 * PART), Gate(index, first="keep" not in rules)
        for start in range(0, 4 * PART, PART):
            steps.counts.clear()
            gate.decide_all(documents[start : start + PART])
            counted.append(Counter(steps.counts))
        assert index.verify() == []
    for name in ("pairs", "rows", "settled"):
        print(kind, rules, name, [each[name] for each in counted])
        assert counted[3][name] <= 1.6 * counted[1][name] + PART, name
    assert max(each["pairs"] for each in counted) <= 50 * PART
