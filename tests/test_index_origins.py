"""An index tells the origins that the search tells of the same texts, and of each record those of its story so far."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEED
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import dedup, lines

from dedup import Config, Document, StoreError
from dedup.index import Decision, Gate, Index, Policy
from dedup.index import stories as index_stories
from dedup.index.rebuild import rebuild
from dedup.origins.model import Origins, Story
from dedup.stories import find_origins

REPORT = (
    "Two people were killed when a bridge fell in the old town on Monday, the governor of the province said. Rescue boats searched the"
    " river until it was dark and hospitals asked for blood."
)
WITNESS = (
    "Witnesses told our paper how the ground shook. Rescue boats searched the river until it was dark and hospitals asked for blood."
    " Nothing else is known about it so far, and many families wait at the gates."
)
WORDS = [f"word{number}" for number in range(300)]


def story() -> list[Document]:
    """A report, texts that carry it, one about the same event with a passage of it, and another story."""
    rows = [
        ("a", REPORT, 10, "wire"),
        ("b", f"{REPORT} Schools stay closed on Tuesday.", 11, "paper"),
        ("c", "Rain is expected in the north of the country for the whole of the week.", 11, "paper"),
        ("d", WITNESS, 12, "radio"),
        ("e", REPORT, 13, "site"),
        ("f", f"{WITNESS} The council meets today.", 14, "site"),
    ]
    return [Document(name, text, time=f"2026-03-01T{hour}:00", source=source, title=f"About {name}") for name, text, hour, source in rows]


def feed(seed: int, count: int, shapes: int) -> list[Document]:
    """Return texts of which many are copies, edits, cuts or joins of others, some of them later texts under one id or withdrawals."""
    draw = random.Random(seed)
    stock = [draw.choices(WORDS, k=draw.randint(12, 60)) for _ in range(shapes)]
    found: list[Document] = []
    for number in range(count):
        text, kind = list(draw.choice(stock)), draw.random()
        if 0.3 < kind < 0.6:
            for _ in range(draw.randint(1, 4)):
                text[draw.randrange(len(text))] = draw.choice(WORDS)
        elif 0.6 < kind < 0.75:
            text = text[: len(text) // 2 + 6]
        elif kind > 0.75:
            text += draw.choice(stock)
        name = f"d{draw.randrange(number + 1):03}" if draw.random() < 0.2 else f"d{number:03}"
        status = "canceled" if draw.random() < 0.05 else None
        told = random.Random(name + " ".join(text))  # the same whenever it comes
        time = f"2026-03-{told.randint(1, 28):02}T10:00"
        title = told.choice(("Rain \N{SNOWMAN}", None, "half \ud800 of a pair"))
        found.append(Document(name, " ".join(text), time=time, source=told.choice("xyz"), title=title, status=status))
    return found


def searched(index: Index, given: dict[str, Document]) -> Origins:
    """Return what the search finds among what an index has; ``given`` are the documents as they came, by id and text."""
    stored = []
    for document, decision in index.documents():
        name = document.id if decision.version is None else f"{document.id}@{decision.version}"
        stored.append(replace(given[document.id + document.text], id=name))
    return find_origins(stored, index.config)


def known(documents: list[Document]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for document in documents:
        found.setdefault(document.id + document.text, replace(document, status=None))
    return found


def test_the_seed_has_the_origins_of_the_search(place: str) -> None:
    documents = [Document("day", (ROOT / SEED).read_text("utf-8"), segmented=True)]
    with Index.open(place, Config(seed=7)) as index:
        index.add(documents)
        assert index.origins() == find_origins(documents, Config(seed=7))
        assert index.origins().stories


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 6), st.sampled_from(["version", "replace"]), st.booleans())
def test_an_index_has_the_origins_of_the_search(seed: int, count: int, shapes: int, same_id: Any, timed: bool) -> None:
    documents = feed(seed, count, shapes)
    config = Config(seed=7, within=5 * 86400.0) if timed else Config(seed=7)
    with Index.open(":memory:", config) as index:
        Gate(index, same_id=same_id, first=False).decide_all(documents)
        assert index.origins() == searched(index, known(documents))
        index.remove([document.id for document in documents[::5]])
        assert index.origins() == searched(index, known(documents))


def test_origins_survive_an_index_made_again(tmp_path: Path) -> None:
    path, documents = str(tmp_path / "seen.db"), feed(3, 40, 4)
    with Index.open(path, Config(seed=7)) as index:
        Gate(index, origins=True).decide_all(documents)
        before, told = index.origins(), [decision for _, decision in index.documents()]
    assert before.stories
    rebuild(path, {})
    with Index.open(path) as index:
        assert index.origins() == before
        assert [decision for _, decision in index.documents()] == told
        assert index.verify() == []


def test_an_index_of_the_third_schema_is_made_again(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROOT / "tests" / "old" / "index-schema-3.sql").read_text(encoding="utf-8"))
    with pytest.raises(StoreError, match="made with schema 3, this version has 7; rebuild it with dedup index rebuild"):
        Index.open(path)
    assert rebuild(path, {})[1] == 0
    with Index.open(path) as index:
        (found,) = index.origins().stories
        assert {(each.a, each.b) for each in found.carries} == {("1", "2"), ("1", "1@2")}
        assert [decision.action for _, decision in index.documents()] == ["index", "skip", "skip"]
        assert index.verify() == []


def test_an_index_without_texts_says_that_it_needs_them() -> None:
    with Index.open(":memory:", keep_texts=False) as index:
        index.add(story())
        for ask in (index.origins, lambda: Gate(index, origins=True), lambda: index.decide(index.prepare(story()), Policy(origins=True))):
            with pytest.raises(StoreError, match="it keeps no texts, and without them no origins can be told; feed a new index"):
                ask()


# Of a story so far


def told(decision: Decision) -> tuple[Any, ...] | None:
    found = decision.origins
    return found and (found.first, found.carries, found.independent_origins, found.texts)


def of_story(found: Story, name: str) -> tuple[Any, ...]:
    carried = found.carried_by.get(name)
    first = next(group.told_first for group in found.groups if name in group.members)
    return first, carried.a if carried else None, found.independent_origins, len(found.texts)


@pytest.mark.parametrize("together", [True, False])
def test_each_record_is_told_its_story_so_far(together: bool, place: str) -> None:
    documents = story()
    with Index.open(place, Config(seed=7)) as index:
        gate = Gate(index, origins=True)
        decisions = gate.decide_all(documents) if together else [*map(gate.decide, documents)]
        assert decisions[0].origins is None
        assert decisions[2].origins is None
        for end in (2, 4, 5, 6):
            (found,) = find_origins(documents[:end], index.config).stories
            assert told(decisions[end - 1]) == of_story(found, documents[end - 1].id)
        assert {decision.origins.story for decision in decisions if decision.origins} == {decisions[1].cluster}
        assert index.resolve(str(decisions[1].cluster)) == decisions[1].cluster
        # What comes again is answered with what was told then; who does not ask is not told.
        assert [each.origins for each in gate.decide_all(documents)] == [each.origins for each in decisions]
        assert [each.origins for each in Gate(index).decide_all(documents)] == [None] * 6


def test_what_is_told_again_after_a_crash_is_told_with_its_origins(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    with closing(Index.open(path, Config(seed=7))) as index:
        before = Gate(index, origins=True).decide_all(story())
    with closing(Index.open(path)) as index:
        assert Gate(index, origins=True).decide_all(story()) == before


def test_a_copy_is_told_of_what_its_original_is_a_rewrite_of() -> None:
    documents = [story()[place] for place in (0, 3)]
    documents.append(replace(documents[1], id="g", source="site", time="2026-03-01T15:00"))
    for parts in ([documents], [[each] for each in documents]):
        with Index.open(":memory:", Config(seed=7)) as index:
            gate = Gate(index, origins=True)
            decisions = [decision for part in parts for decision in gate.decide_all(part)]
            assert told(decisions[-1]) == ("d", "d", 2, 3)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 5), st.booleans())
def test_asking_for_origins_changes_no_decision(seed: int, count: int, shapes: int, timed: bool) -> None:
    documents = feed(seed, count, shapes)
    config = Config(seed=7, bucket_limit=6, within=5 * 86400.0 if timed else None)
    with Index.open(":memory:", config) as one, Index.open(":memory:", config) as other:
        for start in range(0, count, 25):
            part = documents[start : start + 25]
            assert [replace(each, origins=None) for each in Gate(one, origins=True).decide_all(part)] == Gate(other).decide_all(part)
        assert one.clusters() == other.clusters()
        assert one.verify() == []


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(2, 30))
def test_the_last_record_of_a_story_is_told_what_the_search_tells(seed: int, count: int) -> None:
    draw = random.Random(seed)
    documents = []
    for number in range(count):
        words = REPORT.split()
        words[draw.randrange(len(words))] = draw.choice(WORDS)
        time = f"2026-03-01T10:{draw.randrange(60):02}"
        documents.append(Document(f"d{number:02}", " ".join(words), time=time, source=draw.choice("xyz")))
    with Index.open(":memory:", Config(seed=7)) as index:
        last = Gate(index, origins=True).decide_all(documents)[-1]
    found = find_origins(documents, Config(seed=7)).stories
    assert len(found) == 1
    assert told(last) == of_story(found[0], last.id)
    assert last.origins is not None
    assert last.origins.story == last.cluster


def test_of_a_story_of_too_many_texts_the_oldest_and_the_nearest_are_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_stories, "MOST", 6)
    traced: list[list[str]] = []
    trace = index_stories.trace

    def noting(name: str, texts: Any, config: Config) -> Story:
        traced.append([each.id for each in texts])
        return trace(name, texts, config)

    monkeypatch.setattr(index_stories, "trace", noting)
    documents = [Document(f"d{number}", f"{REPORT} {' '.join(WORDS[number : number + 3])}.") for number in range(12)]
    documents.append(replace(documents[9], id="copy"))
    with Index.open(":memory:", Config(seed=7)) as index:
        last = Gate(index, origins=True).decide_all(documents)[-1]
    assert len(traced[-1]) == 6
    assert {"copy", "d9", "d0", "d1"} <= {*traced[-1]} or {"copy", "d0", "d1"} <= {*traced[-1]}
    assert last.origins is not None
    assert last.origins.texts == 13


def test_filter_tells_the_origins_with_each_action(tmp_path: Path) -> None:
    rows = [{"id": each.id, "text": each.text, "date": each.time, "source": each.source} for each in story()]
    given = "".join(json.dumps(row) + "\n" for row in rows).encode()
    options = ("--time-field", "date", "--source-field", "source")
    found = lines(dedup("filter", "-", "--actions", "--origins", *options, stdin=given).stdout)
    assert [row.get("independent_origins") for row in found] == [None, 1, None, 2, 2, 2]
    assert [*found[1]][-5:] == ["story", "first", "carries", "independent_origins", "texts"]
    assert (found[3]["first"], found[3]["carries"], found[3]["texts"]) == ("d", None, 3)
    annotated = lines(dedup("filter", "-", "--annotate", "--origins", *options, stdin=given).stdout)
    assert annotated[1]["dedup"]["story"] == found[1]["story"]
    for wrong in (
        ["--origins"],
        ["--origins", "--bulk", "news"],
        ["--actions", "--origins", "--no-text", "--index", str(tmp_path / "a.db")],
    ):
        refused = dedup("filter", "-", *wrong, stdin=given)
        assert refused.returncode == 2
        assert b"--origins goes with --actions or --annotate, and needs the texts, so not with --no-text" in refused.stderr
