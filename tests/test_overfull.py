"""Texts by the hundred that are like each other cost no more each than by the dozen, and end in sound clusters."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from dedup import Config, Document, find_duplicates
from dedup.index import Gate, Index
from dedup.index.links import LinkGraph
from dedup.index.storage.sqlite import SqliteStore
from dedup.index.verification import PairVerifier
from dedup.kernels.protocol import LINKED
from dedup.text.near_words import are_near
from dedup.verification.headline import Headline
from dedup.verification.headline_table import HeadlineTable
from dedup.verification.headlines import compare_short, says_the_same, shares_most

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
    return [Document(f"d{number:04}", text, time=str(number), source="xyz"[number % 3]) for number, text in enumerate(texts(kind, count))]


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
        links, rows, best = PairVerifier.links, SqliteStore.rows, LinkGraph._best

        def counted_links(relating: PairVerifier, codes: Any, *args: Any, **kwargs: Any) -> Any:
            self.counts["pairs"] += len(codes)
            return links(relating, codes, *args, **kwargs)

        def counted_rows(store: SqliteStore, *args: Any) -> Any:
            found = rows(store, *args)
            self.counts["rows"] += len(found)
            return found

        def counted_best(graph: LinkGraph, row: int, *args: Any, **kwargs: Any) -> int:
            self.counts["settled"] += 1
            return best(graph, row, *args, **kwargs)

        monkeypatch.setattr(PairVerifier, "links", counted_links)
        monkeypatch.setattr(SqliteStore, "rows", counted_rows)
        monkeypatch.setattr(LinkGraph, "_best", counted_best)


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
    for name in ("pairs", "settled"):
        assert counted[3][name] <= 1.6 * counted[1][name] + PART, name
    assert max(each["pairs"] for each in counted) <= 50 * PART
    assert max(each["rows"] for each in counted) <= 40 * PART


@pytest.mark.parametrize(("kind", "rules"), CASES, ids=str)
def test_a_record_alone_reads_as_little_however_many_are_like_it(kind: str, rules: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    documents, read = crowd(kind, 4 * PART + 10), []
    with Index.open(":memory:", config_of(rules), keep_texts=False) as index:
        gate = Gate(index, first="keep" not in rules)
        for size in (2 * PART, 4 * PART):
            gate.decide_all(documents[size - 2 * PART : size])
            with monkeypatch.context() as patched:
                steps = Steps(patched)
                for document in documents[size : size + 10]:
                    gate.decide(document)
                read.append(steps.counts["rows"])
        assert index.verify() == []
    assert read[1] <= 1.4 * read[0] + 50


@pytest.mark.parametrize("rules", [{}, WINDOW, {"sources": "same"}], ids=str)
def test_of_one_text_once_is_enough(rules: dict[str, Any]) -> None:
    documents = [Document(f"d{number:03}", "\n".join(texts("same", 1)), time=str(number), source="x") for number in range(200)]
    with Index.open(":memory:", config_of(rules)) as index:
        assert Counter(decision.action for decision in index.add(documents)) == {"index": 1, "skip": 199}


def test_the_latest_of_a_crowd_takes_the_place_of_the_canonical_one_now_and_then() -> None:
    documents, config = crowd("titled", 300), config_of(LATEST)
    with Index.open(":memory:", config) as index:
        index.add(documents)
        largest = max(index.clusters(), key=lambda cluster: len(cluster.members))
    assert len(largest.members) > 30
    newer = sum(member > largest.canonical for member in largest.members)
    assert newer <= len(largest.members) / 2 + 1


def test_a_search_among_many_that_are_alike_gives_sound_clusters() -> None:
    documents = crowd("near and same", 300)
    result = find_duplicates(documents, config_of({}))
    linked = {frozenset((match.a.id, match.b.id)) for match in result.matches if match.relation.duplicate}
    text_of = {document.id: document.text for document in documents}
    assert max(len(cluster.members) for cluster in result.clusters) > 150
    firsts = {text: min(each.id for each in documents if each.text == text) for text in {*text_of.values()}}
    for cluster in result.clusters:
        canonical = firsts[text_of[cluster.canonical]]
        for member in cluster.members:
            first = firsts[text_of[member]]
            assert first == canonical or frozenset((first, canonical)) in linked


def test_headlines_are_compared_together_as_one_by_one() -> None:
    rng = random.Random(5)
    short = {0: [rng.choice(WORDS) for _ in range(9)]}
    for number in range(1, 120):
        words = edited(rng, short[rng.randrange(number)], 2)
        if number % 3 == 0:
            rng.shuffle(words)
        short[number] = [*words, *(words[:1] if number % 5 == 0 else [])] if number % 7 else [word + "s" for word in words]
    left, right = (np.array([rng.randrange(120) for _ in range(1500)]) for _ in range(2))
    shared, probability = compare_short(short, left, right)
    same = probability >= 0.5
    for one, other, shares, says in zip(left.tolist(), right.tolist(), shared.tolist(), same.tolist(), strict=True):
        assert shares == shares_most(short[one], short[other])
        assert says == (shares and says_the_same(short[one], short[other]))
    assert same.any()
    assert (shared & ~same).any()


def test_words_are_near_together_as_one_by_one() -> None:
    words = {
        "ar": ["مقتل", "يقتل", "مصرع", "وفاه", "مقال", "قتلي", "القتلي", "عربي", "عرب", "العرب", "12", "120", "سوريا", "سوري"],
        "en": ["crash", "crashes", "collision", "storm", "snow", "slovakia", "slovakiya", "slovenia", "snows", "12", "120", "pars"],
        "fr": ["mort", "morts", "meurt", "neige", "neiges", "neiger", "pars", "12"],
    }
    named = [(word, language) for language, listed in words.items() for word in listed]
    pairs = [(a, b) for a, b in product(range(len(named)), repeat=2) if a != b and named[a][1] == named[b][1]]
    headlines = [Headline((word,), (), language, (word,)) for word, language in named]
    shown, _ = HeadlineTable.of(headlines).compare(*np.array(pairs).T)
    found = (shown == LINKED).tolist()
    for (a, b), linked in zip(pairs, found, strict=True):
        one, other, language = named[a][0], named[b][0], named[a][1]
        assert linked == (one.startswith(other) or other.startswith(one) or are_near(one, other, language)), (one, other)
    assert 0 < sum(found) < len(found) / 2


@pytest.mark.parametrize(("kind", "rules"), [("near", {}), ("titled", LATEST), ("near and same", NARROW), ("headlines", CROSS)], ids=str)
def test_parts_of_a_feed_make_no_difference_to_a_crowd(kind: str, rules: dict[str, Any]) -> None:
    documents, found = crowd(kind, 250), []
    for part in (250, 60, 9):
        with Index.open(":memory:", config_of(rules), keep_texts=False) as index:
            gate = Gate(index, first="keep" not in rules)
            decisions = [each for start in range(0, 250, part) for each in gate.decide_all(documents[start : start + part])]
            found.append((decisions, index.clusters()))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("seed", [84, 92, 103])
def test_a_link_that_bands_propose_later_outlives_fingerprints_that_recur(seed: int) -> None:
    rng = random.Random(seed)
    words = [first + vowel + last + "o" for first in "bdfgklmn" for vowel in "aeiou" for last in "prstvz"]
    story = rng.choices(words, k=rng.choice((40, 70, 120)))
    documents = []
    for number in range(rng.choice((80, 150))):
        kind, text = rng.random(), [*story]
        for place in rng.sample(range(len(text)), rng.randint(1, len(text) // 6)):
            text[place] = rng.choice(words)
        if kind < 0.3:
            text = text[: rng.randint(20, len(text))]
        elif kind < 0.6:
            text += rng.choices(words, k=rng.randint(0, 40))
        documents.append(Document(f"d{number:04}", " ".join(text), time=str(number), source="xyz"[number % 3]))
    rules = {"bucket_limit": rng.choice((4, 8)), "recurrence": rng.choice((4, 8, 14)), **rng.choice(({}, {"keep": "latest"}))}
    found = []
    for part in (len(documents), 50, 9):
        with Index.open(":memory:", Config(seed=7, num_perm=16, recall=0.5, **rules), keep_texts=False) as index:
            decisions = [each for start in range(0, len(documents), part) for each in index.add(documents[start : start + part])]
            found.append((decisions, index.clusters()))
    assert found[0] == found[1] == found[2]
