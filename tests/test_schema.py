"""What an index of schema 6 becomes where it is opened, and decisions as an index keeps them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from command_support import run_command
from conftest import ROOT

from dedup import Decision, Document, Index
from dedup.errors import StoreError
from dedup.index.decision import OriginsSoFar, restored_with_edition
from dedup.index.rows import CODES
from dedup.model import Relation

SKIPPED = Decision("b", "skip", "a", None, None, "revision", 0.8505, 0.9167, 0.9218, 0.9752, 0.9984, "c3152fa89f0f5")
CHANGED = "The port of Marsa reopened on Sunday, after a strike of eleven days: forty ships had waited outside of it."


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "seen.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROOT / "tests" / "old" / "index-schema-6.sql").read_text(encoding="utf-8"))
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_an_index_of_the_sixth_schema_keeps_all_that_it_has(old: Path) -> None:
    links = rows(old, "select row, other, relation, fresh, sure, jaccard, probability from links order by row, other")
    with Index.open(str(old)) as index:
        assert index.stats()["schema_version"] == 7
        assert index.verify() == []
        decided = {document.id: decision for document, decision in index.documents()}
        assert [decided[name].action for name in "12345"] == ["index", "skip", "skip", "skip", "index"]
        assert (decided["3"].of, decided["3"].relation, decided["3"].jaccard, decided["3"].same_source) == ("1", "revision", 0.7143, True)
        assert [cluster.members for cluster in index.clusters()] == [("1", "2", "3", "4")]
        assert index.add([Document("6", CHANGED)])[0].of in ("1", "3", "4")
        assert index.verify() == []
    found = rows(old, "select row, other, relation, fresh, sure, jaccard, probability from links where other < 5 order by row, other")
    names = {code: relation.value for relation, code in CODES.items()}
    assert [(*each[:2], names[str(each[2])], *each[3:]) for each in found] == links


def test_many_links_are_changed_some_at_a_time(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.index.upgrade._READ", 1)
    with Index.open(str(old)) as index:
        assert index.verify() == []
    assert {len(str(code)) for (code,) in rows(old, "select relation from links")} == {1}


def test_a_damaged_link_does_not_keep_an_index_from_being_opened(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("update links set jaccard = 0.5 where row = 0 and other = 2")
    with Index.open(str(old)) as index:
        assert [fault for fault in index.verify() if "0, 2 of links" in fault]
        with pytest.raises(StoreError, match="damaged: 0, 2 of links"):
            index.remove(["1"])


def test_an_older_program_refuses_what_it_cannot_read(old: Path) -> None:
    with Index.open(str(old)):
        pass
    assert rows(old, "select value from meta where name = 'schema'") == [("7",)]
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("update meta set value = '8' where name = 'schema'")
    found = run_command("index", "stats", str(old))
    assert found.returncode == 2
    assert b"made with schema 8, this version has 7" in found.stderr


@pytest.mark.parametrize(
    "decision",
    [
        SKIPPED,
        replace(SKIPPED, of='"of": "a", a\nline\t\\ من', cluster="c'"),
        replace(SKIPPED, same_source=False),
        replace(SKIPPED, version=3, of_version=2, same_source=True),
        replace(SKIPPED, segment="b#2", matched="a#1"),
        replace(SKIPPED, why="older", embargo="2026-11-01T10:00Z"),
        replace(SKIPPED, jaccard=0.123456),
        replace(SKIPPED, jaccard=0.0, similarity=1.0),
        replace(SKIPPED, cluster=None),
        replace(SKIPPED, probability=None),
        replace(SKIPPED, digest=("two towns more",)),
        replace(SKIPPED, origins=OriginsSoFar("c1", "a", None, 1, 2)),
        replace(SKIPPED, action="update", digest=("two towns more",)),
        replace(SKIPPED, action="index"),
        *(replace(SKIPPED, relation=relation.value) for relation in Relation),
        Decision("b", "skip", "a", why="seen"),
        Decision("b", "withdraw", "a", why="canceled"),
        Decision("b", "refuse", why="no text"),
        Decision("b", "index", version=2),
    ],
)
@pytest.mark.parametrize("edition", [None, 4])
def test_a_decision_is_restored_as_it_was(decision: Decision, edition: int | None) -> None:
    assert restored_with_edition("b", decision.stored(edition)) == (decision, edition)
    whole = json.dumps(decision.to_dict() | ({} if edition is None else {"edition": edition}), ensure_ascii=False)
    assert restored_with_edition("b", whole) == (decision, edition)  # as older versions have kept it


def test_a_plain_duplicate_takes_little_room() -> None:
    assert len(SKIPPED.stored()) < len(json.dumps(SKIPPED.to_dict())) / 3
    assert SKIPPED.stored() != replace(SKIPPED, of="c").stored()


def test_relations_have_a_code_each() -> None:
    assert len({*CODES.values()}) == len(Relation)
    assert {*CODES} == {*Relation}
