"""A policy that repeats answers: who has lost one asks again and is told the same, and nothing is stored twice."""

from __future__ import annotations

from pathlib import Path

from dedup import Document, Index, Policy

STRIKE = Document("1", "The port of Marsa reopened on Sunday after a strike of six days, its director said.")
AGAIN = Document("2", "The port of Marsa reopened on Sunday after a strike of six days, its director said!")
OTHER = Document("3", "Rain fell in the north on Monday, and two roads were closed for an hour.")
REPEAT = Policy(repeat=True)


def actions(index: Index, *documents: Document) -> list[tuple[str, str | None, str | None]]:
    found = index.decide(index.prepare(documents), REPEAT, delivered=True)
    return [(each.action, each.of, each.why) for each in found]


def test_what_comes_again_is_answered_as_before() -> None:
    with Index.open(":memory:") as index:
        first = actions(index, STRIKE, AGAIN, OTHER, STRIKE)
        assert first == [("index", None, None), ("skip", "1", None), ("index", None, None), ("skip", "1", None)]
        assert actions(index, STRIKE, AGAIN, OTHER, STRIKE) == first
        assert [actions(index, each)[0] for each in (OTHER, STRIKE, AGAIN)] == [first[2], first[0], first[1]]
        assert index.stats()["documents"] == 3
        assert index.verify() == []


def test_what_was_withdrawn_stays_so_and_a_withdrawal_is_answered_again() -> None:
    gone = Document("1", "", status="canceled")
    with Index.open(":memory:") as index:
        actions(index, STRIKE)
        first = actions(index, gone)
        assert first == [("withdraw", "1", "canceled")]
        assert actions(index, gone) == first
        assert actions(index, STRIKE) == [("skip", "1", "withdrawn")]
        assert index.versions("1") == []
        assert index.verify() == []


def test_another_run_takes_for_seen_what_was_told() -> None:
    with Index.open(":memory:") as index:
        actions(index, STRIKE)
        assert [(each.action, each.why) for each in index.add([STRIKE])] == [("skip", "seen")]


def test_a_trial_stores_nothing_and_says_what_would_be_decided(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with Index.open(path) as index:
        actions(index, STRIKE)
        tried = index.would_decide(index.prepare([AGAIN, OTHER, STRIKE]), REPEAT)
        assert [(each.id, each.action) for each in tried] == [("2", "skip"), ("3", "index"), ("1", "index")]
        assert index.stats()["documents"] == 1
        assert index.decide(index.prepare([AGAIN, OTHER, STRIKE]), REPEAT, delivered=True) == tried
    with Index.open(path) as index:
        assert index.stats()["documents"] == 3
        assert [decision.action for _, decision in index.versions("2")] == ["skip"]
        cluster = index.cluster(index.clusters()[0].id)
        assert cluster is not None
        assert cluster.members == ("1", "2")
        assert index.cluster("c000000000000") is None
