"""The text that is kept is the one that the others come from, or an independent one, for the search and for an index."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from command_support import run_command
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Config, ConfigError, Document, InputError, find_duplicates
from dedup.index import Gate, Index

TEXT = "Four people were killed when the old bridge of Marsa fell on Monday night during the flood, the city council said."
LONG = f"{TEXT} Rescue teams are still searching the river for those who are missing."
LONGEST = f"MARSA (AFP) - {LONG} The school stays closed until the end of the week."
ROWS = {
    "own": (TEXT, 5, "AFP"),
    "carries": (LONGEST, 1, "The Port Herald"),
    "early": (TEXT, 3, "The River Post"),
    "long": (LONG, 4, "The Hill Mail"),
    "undated": (TEXT, None, "The Gate News"),
}


def documents(names: str, **more: Any) -> list[Document]:
    found = []
    for name in names.split():
        text, hour, source = ROWS[name]
        found.append(Document(name, text, time=None if hour is None else f"2026-03-01T{hour:02}:00", source=source, **more))
    return found


CASES = [
    ("origin", "own carries early long undated", (), "own"),
    ("origin", "carries early long undated", (), "early"),
    ("origin", "carries long undated", (), "long"),
    ("origin", "carries undated", (), "undated"),
    ("origin", "carries early long", ("The Hill Mail",), "long"),  # of equals the preferred one
    ("origin", "own long", ("The Hill Mail",), "own"),
    ("independent", "own carries early long undated", (), "long"),
    ("independent", "carries early", (), "early"),
    ("independent", "own early carries", ("The River Post",), "early"),
    ("most-complete", "own carries early long undated", (), "carries"),
]


@pytest.mark.parametrize(("keep", "names", "prefer", "kept"), CASES)
def test_whose_text_it_is_decides_first(keep: Any, names: str, prefer: tuple[str, ...], kept: str) -> None:
    config = Config(keep=keep, prefer=prefer, seed=7)
    for given_ in (documents(names), documents(names)[::-1]):
        (cluster,) = find_duplicates(given_, config).clusters
        assert cluster.canonical == kept
        if keep == "origin":
            with Index.open(":memory:", config) as index:
                index.add(given_)
                assert [each.canonical for each in index.clusters()] == [kept]


def test_a_byline_tells_who_is_carried() -> None:
    first, second = documents("early long")
    credited = [Document("early", first.text, time=first.time, source=first.source, byline="Reuters"), second]
    assert find_duplicates(credited, Config(keep="origin")).clusters[0].canonical == "long"


def test_times_that_cannot_be_read_or_compared_are_refused() -> None:
    early, late = documents("early long")
    for wrong, what in (("soon", "not a time"), ("17", "times of two formats")):
        with pytest.raises(InputError, match=what):
            find_duplicates([early, Document("x", late.text, time=wrong)], Config(keep="origin"))


def test_an_index_takes_no_policy_that_needs_all_texts_at_once() -> None:
    for keep in ("most-complete", "independent"):
        with pytest.raises(ConfigError, match=f"keep is '{keep}', which needs all texts at once; an index takes longest, .* or origin"):
            Index.open(":memory:", Config(keep=keep))


def feed(seed: int, count: int) -> list[Document]:
    """Return copies and edits of some texts, with and without times and credits."""
    draw = random.Random(seed)
    words = [f"word{number}" for number in range(300)]
    stock = [draw.choices(words, k=draw.randint(14, 50)) for _ in range(3)]
    found = []
    for number in range(count):
        text = list(draw.choice(stock))
        for _ in range(draw.randint(0, 3)):
            text[draw.randrange(len(text))] = draw.choice(words)
        head = draw.choice(("", "", "MARSA (AFP) - ", "(Reuters) - "))
        time = draw.choice((None, f"2026-03-01T10:{draw.randrange(60):02}"))
        source = draw.choice(("AFP", "Reuters", "The Port Herald", "The River Post"))
        found.append(Document(f"d{number:03}", head + " ".join(text), time=time, source=source))
    draw.shuffle(found)
    return found


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 60), st.sampled_from([(), ("The River Post",)]), st.integers(1, 60))
def test_an_index_keeps_what_the_search_keeps(seed: int, count: int, prefer: tuple[str, ...], size: int) -> None:
    given_ = feed(seed, count)
    config = Config(keep="origin", prefer=prefer, seed=7, bucket_limit=1000)
    with Index.open(":memory:", config) as index:
        for start in range(0, count, size):
            index.add(given_[start : start + size])
        wanted = sorted((each.canonical, each.members) for each in find_duplicates(given_, config).clusters)
        assert sorted((each.canonical, each.members) for each in index.clusters()) == wanted
        gone = {each.id for each in given_[::3]}
        index.remove(gone)
        left = [each for each in given_ if each.id not in gone]
        canonical = {each.canonical for each in find_duplicates(left, config).clusters}
        assert {each.canonical for each in index.clusters()} == canonical
        assert index.verify() == []


def test_a_better_text_takes_the_place_of_what_was_let_through() -> None:
    with Index.open(":memory:", Config(keep="origin", seed=7)) as index:
        decisions = Gate(index, first=False).decide_all(documents("carries early own long"))
    assert [decision.action for decision in decisions] == ["index", "update", "update", "skip"]


def test_the_commands_keep_what_the_others_come_from(tmp_path: Path) -> None:
    rows = [{"id": each.id, "text": each.text, "source": each.source, "time": each.time} for each in documents("carries early own")]
    feed = "".join(json.dumps(row) + "\n" for row in rows).encode()
    for fill in (["index", "add", "a.db", "-"], ["filter", "--index", "b.db"]):
        done = run_command(*fill, "--keep", "origin", "--time-field", "time", "--source-field", "source", cwd=tmp_path, stdin=feed)
        assert done.returncode == 0, done.stderr.decode()
    for name in ("a.db", "b.db"):
        assert json.loads(run_command("index", "export", name, cwd=tmp_path).stdout)["canonical"] == "own"
