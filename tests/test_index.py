"""The index gives the clusters of `find_duplicates`, however its documents came, and forgets nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Config, Document, find_duplicates
from dedup.errors import StoreError
from dedup.index import Gate, Index
from dedup.index.storage.tables import META

WORDS = [f"word{number}" for number in range(400)]


def feed(seed: int, count: int, shapes: int) -> list[Document]:
    """Return texts of which many share passages, formulas or all, at times of their own, from two sources; ids are in no order."""
    rng = random.Random(seed)
    passages = [[rng.choice(WORDS) for _ in range(rng.choice((9, 14, 30)))] for _ in range(shapes)]
    made: list[list[str]] = []
    for _ in range(count):
        kind = rng.random()
        if made and kind < 0.15:
            words = list(rng.choice(made))
        elif made and kind < 0.4:
            words = list(rng.choice(made))
            for _ in range(rng.randrange(1, 4)):
                words[rng.randrange(len(words))] = rng.choice(WORDS)
        elif made and kind < 0.5:
            words = rng.choice(made)
            words = words[: rng.randrange(3, len(words) + 1)]
        else:
            words = [word for _ in range(rng.randrange(1, 4)) for word in rng.choice(passages)]
            words += [rng.choice(WORDS) for _ in range(rng.randrange(12))]
        made.append(words)
    ids = [f"d{number:04}" for number in range(count)]
    rng.shuffle(ids)
    return [
        Document(name, " ".join(words), time=str(rng.randrange(50)), source=rng.choice("xy")) for name, words in zip(ids, made, strict=True)
    ]


def partition(clusters: Sequence[Any]) -> list[tuple[str, tuple[str, ...], float]]:
    return sorted((cluster.canonical, cluster.members, round(cluster.weakest, 9)) for cluster in clusters)


CONFIGS = st.fixed_dictionaries(
    {"recurrence": st.integers(1, 3), "seed": st.just(7), "bucket_limit": st.just(1000)},  # nothing is overfull
    optional={
        "within": st.sampled_from([0.0, 5.0, 30.0]),
        "sources": st.sampled_from(["same", "cross"]),
        "keep": st.sampled_from(["earliest", "latest"]),
        "prefer": st.sampled_from([("x",), ("y",)]),
        "min_words": st.integers(1, 8),
    },
)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_looked_up_ahead_changes_no_decision(seed: int, place: str) -> None:
    documents = feed(seed, 240, 9)
    between = [replace(document, id=f"e{document.id}") for document in feed(seed + 100, 40, 9)]
    decisions = []
    for is_ahead in (False, True):
        with closing(Index.open(f"{place}_{is_ahead:d}", Config(seed=7, recurrence=2))) as index:
            index.add(documents[:100])
            # Some are known, some come twice: what is left has fewer keys than were looked up.
            parts = [index.prepare([*documents[100:170], *documents[:40:3], documents[120]]), index.prepare(documents[170:])]
            if is_ahead:
                parts = [index.look_ahead(part) for part in parts]
                ahead = parts[0].ahead
                assert (ahead is None) == place.startswith("postgres")  # runs are read through one connection there
                if ahead is not None:
                    some = ahead.keys[::3].copy()
                    assert index._postings.lookup(some, ahead).tolist() == index._postings.lookup(some).tolist()
            found = index.decide(parts[0])
            for document in between:  # runs are merged meanwhile
                found += index.add([document])
            decisions.append(found + index.decide(parts[1]))
            assert index.verify() == []
    assert decisions[0] == decisions[1]


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 120), st.integers(2, 12), CONFIGS, st.lists(st.integers(0, 120), max_size=10))
def test_clusters_are_those_of_find_however_documents_come(
    seed: int, count: int, shapes: int, values: dict[str, Any], cuts: list[int]
) -> None:
    documents, config = feed(seed, count, shapes), Config(**values)
    wanted = partition(find_duplicates(documents, config).clusters)
    decisions = []
    for parts in ([0, count], sorted({0, count, *(cut for cut in cuts if cut < count)}), range(count + 1)):
        with Index.open(":memory:", config) as index:
            decisions.append([decision for start, end in pairwise(parts) for decision in index.add(documents[start:end])])
            assert partition(index.clusters()) == wanted
    assert decisions[0] == decisions[1] == decisions[2]


def test_what_bands_propose_stays_where_its_words_recur_later() -> None:
    def words(name: str, count: int) -> list[str]:
        return [f"{name}{number}" for number in range(count)]

    story = words("alpha", 90)
    texts = [story, story[:60] + words("r", 15)]
    texts += [words(f"w{number}x", 20) for number in range(40)]
    texts += [words(f"{number}q", 40) + story[:15] + words(f"{number}r", 60) for number in range(2)]
    documents = [Document(f"d{number:02}", " ".join(text)) for number, text in enumerate(texts)]
    proposed = 0
    for seed in range(2, 6):  # with some of them bands propose the pair
        config = Config(recurrence=2, seed=seed, fingerprint_share=0.8)
        wanted = partition(find_duplicates(documents, config).clusters)
        with Index.open(":memory:", config) as index:
            index.add(documents)
            assert partition(index.clusters()) == wanted
        proposed += len(wanted)
    assert proposed


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 80), st.integers(1, 6), CONFIGS, st.lists(st.integers(0, 80), max_size=40))
def test_what_is_removed_leaves_nothing_loose(seed: int, count: int, shapes: int, values: dict[str, Any], gone: list[int]) -> None:
    documents = feed(seed, count, shapes)
    with Index.open(":memory:", Config(**values)) as index:
        index.add(documents)
        assert index.verify() == []
        for half in (gone[::2], gone[1::2]):
            index.remove([documents[place].id for place in half if place < count])
            assert index.verify() == []


def test_texts_and_their_copies_go_together() -> None:
    first, second, third = range(9), range(13), range(4, 13)  # the first and the third are no duplicates
    texts = {"d3": first, "d6": second, "d2": third, "d1": first, "d0": second}
    documents = [Document(name, " ".join(WORDS[number] for number in text)) for name, text in texts.items()]
    with Index.open(":memory:", Config(recurrence=1, seed=7)) as index:
        index.add(documents)
        assert partition(index.clusters())[0][:2] == ("d0", ("d0", "d1", "d2", "d3", "d6"))
        index.remove(["d3", "d6", "d0"])  # one leaves a copy, one goes with its own
        assert index.verify() == []
        assert index.clusters() == []


def test_two_that_write_see_what_the_other_emptied(place: str) -> None:
    texts = [" ".join(WORDS[start : start + 40]) for start in range(0, 160, 40)]
    with Index.open(place, Config(seed=7)) as one, Index.open(place) as other:
        one.add([Document("1", texts[0])])
        other.add([Document("2", texts[1])])
        one.prune(newest=0)
        one.add([Document("3", texts[2])])
        one.add([Document("4", texts[3])])
        assert [decision.of for decision in other.add([Document("5", texts[2]), Document("6", texts[3])])] == ["3", "4"]
        assert other.verify() == []


def test_what_stood_for_another_is_removed(place: str) -> None:
    told = "people were killed when the old bridge over the river fell in Marsa on Monday, police said, and divers searched for others."
    first, second, third = (f"{count} {told}" for count in (12, 19, 25))
    with Index.open(place, Config(seed=7)) as index:
        gate = Gate(index, news=lambda old, new: ["more"])
        gate.decide_all([Document("a", first), Document("b", second), Document("c", third)])
        index.remove(["b"])
        assert gate.decide(Document("d", first)).of == "c"
        index.remove(["c", "d"])
        assert gate.decide(Document("e", second)).of == "a"
        assert index.verify() == []


def test_names_stay_with_those_that_are_left() -> None:
    one, other = [WORDS[start : start + 40] for start in (0, 40)]
    texts = {"x": one, "x2": one[:38], "y": other, "y2": other[:38], "xy": one + other}
    with Index.open(":memory:", Config(seed=7)) as index:
        index.add([Document(name, " ".join(words)) for name, words in texts.items()])
        names = [decision.cluster for _, decision in index.documents() if decision.cluster]
        known = {name: index.resolve(name) for name in names}
        index.remove(["y"])
        assert {name for name in names if index.resolve(name) is None} == set()
        assert len(set(known.values())) == 1


def test_an_index_that_is_full_says_so() -> None:
    with Index.open(":memory:", Config(seed=7)) as index:
        META.change(index._store, {"row": {"value": str((1 << 29) - 1)}})
        assert index.add([Document("1", "Rain in the north of the country.")])[0].action == "index"
        with pytest.raises(StoreError, match="no room for more than 536,870,912 texts"):
            index.add([Document("2", "Snow in the south of the country.")])


def test_an_index_that_was_emptied_goes_on(place: str) -> None:
    documents, config = feed(5, 40, 3), Config(seed=7)
    with Index.open(place, config) as index:
        index.add(documents)
        assert index.prune(newest=0) == 40
        assert (index.verify(), index.clusters(), index.stats()["postings"]) == ([], [], 0)
        assert index.query(documents[0]) == []
        index.add(documents)
        assert partition(index.clusters()) == partition(find_duplicates(documents, config).clusters)


def test_both_stores_give_the_same(place: str) -> None:
    documents, config = feed(5, 150, 6), Config(recurrence=2, seed=7)
    with Index.open(":memory:", config) as memory, Index.open(place, config) as index:
        for start in range(0, 150, 40):
            part = documents[start : start + 40]
            assert index.add(part) == memory.add(part)
        assert index.clusters() == memory.clusters()
        assert index.query(documents[3]) == memory.query(documents[3])
        gone = [document.id for document in documents[::3]]
        assert index.remove(gone) == memory.remove(gone) == 50
        assert index.clusters() == memory.clusters()
        assert index.prune(newest=40) == memory.prune(newest=40) == 60
        assert index.add(documents[:20]) == memory.add(documents[:20])
        assert index.verify() == memory.verify() == []
        assert index.stats() == memory.stats()
