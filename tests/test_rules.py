"""Which pairs may match, by time and source, and which member of a cluster is the canonical one."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import dedup, lines

from dedup import Config, Document, InputError, find_duplicates

TEXT = "Four people were killed when the old bridge of Marsa fell on Monday night during the flood, the city council said."
LONG = TEXT + " Rescue teams are still searching the river for those who are missing, and the school stays closed."
HOUR = 3600.0


def documents() -> list[Document]:
    """Five versions of one report: id, text, hour, source."""
    rows = [("e", TEXT, 1, "wire"), ("d", LONG, 5, "paper"), ("c", TEXT, 3, "paper"), ("b", TEXT.replace("Four", "Six"), 9, "radio")]
    rows.append(("a", TEXT.upper(), 7, "wire"))
    return [Document(name, text, time=str(hour * HOUR), source=source) for name, text, hour, source in rows]


def canonical(**options: Any) -> str:
    (cluster,) = find_duplicates(documents(), Config(**options)).clusters
    assert cluster.members == ("a", "b", "c", "d", "e")
    return cluster.canonical


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "d"),  # the longest
        ({"keep": "earliest"}, "e"),
        ({"keep": "latest"}, "b"),
        ({"keep": "most-complete"}, "d"),  # it holds all of the others
        ({"prefer": ("radio", "wire")}, "b"),
        ({"prefer": ("wire",), "keep": "latest"}, "a"),
        ({"prefer": ("nobody",), "keep": "earliest"}, "e"),
    ],
)
def test_the_canonical_member_follows_the_policy(options: dict[str, Any], expected: str) -> None:
    assert canonical(**options) == expected


def test_the_weakest_link_of_a_cluster_is_told() -> None:
    (cluster,) = find_duplicates(documents()).clusters
    shares = [max(m.containment_a, m.containment_b) for m in find_duplicates(documents()).matches if "d" in (m.a.id, m.b.id)]
    assert cluster.weakest == pytest.approx(min(shares))
    assert cluster.weakest < 1


def pairs(**options: Any) -> set[tuple[str, str]]:
    return {(match.a.id, match.b.id) for match in find_duplicates(documents(), Config(**options)).matches}


def test_only_texts_within_the_window_match() -> None:
    hours = {document.id: float(document.time or 0) / HOUR for document in documents()}
    for window in (0, 2, 4, 24):
        near = {(one, other) for one, other in combinations("abcde", 2) if abs(hours[one] - hours[other]) <= window}
        assert pairs(within=window * HOUR) == near


def test_only_texts_of_the_same_source_or_of_two_match() -> None:
    source = {document.id: document.source for document in documents()}
    everything = set(combinations("abcde", 2))
    assert pairs() == everything
    assert pairs(sources="same") == {(one, other) for one, other in everything if source[one] == source[other]}
    assert pairs(sources="cross") == {(one, other) for one, other in everything if source[one] != source[other]}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([TEXT, TEXT.upper(), LONG, "too short"]), st.integers(0, 9)), max_size=12), st.integers(0, 9))
def test_a_window_leaves_out_no_pair_but_those_outside_of_it(rows: list[tuple[str, int]], window: int) -> None:
    feed = [Document(f"{place:02}", text, time=str(hour)) for place, (text, hour) in enumerate(rows)]
    moments = {document.id: float(document.time or 0) for document in feed}
    everything = [(m.a.id, m.b.id, m.relation) for m in find_duplicates(feed).matches]
    wanted = [row for row in everything if abs(moments[row[0]] - moments[row[1]]) <= window]
    config = Config(within=float(window))
    assert [(m.a.id, m.b.id, m.relation) for m in find_duplicates(feed, config).matches] == wanted
    shuffled = random.Random(1).sample(feed, len(feed))
    assert find_duplicates(shuffled, config).clusters == find_duplicates(feed, config).clusters
    linked = {frozenset(row[:2]) for row in wanted}
    for cluster in find_duplicates(feed, config).clusters:
        assert all(frozenset((cluster.canonical, member)) in linked for member in cluster.members if member != cluster.canonical)


def test_many_copies_in_a_window_are_one_cluster() -> None:
    feed = [Document(f"{place:04}", TEXT, time=str(place)) for place in range(600)]
    (cluster,) = find_duplicates(feed, Config(within=1000.0, keep="latest")).clusters
    assert (cluster.canonical, len(cluster.members)) == ("0599", 600)


def test_what_a_rule_asks_for_must_be_there() -> None:
    for options, said in (({"within": 5.0}, "has no time"), ({"sources": "same"}, "has no source"), ({"prefer": ("x",)}, "has no source")):
        with pytest.raises(InputError, match=said):
            find_duplicates([Document("1", TEXT), Document("2", TEXT)], Config(**options))
    mixed = [Document("1", TEXT, time="2016-02-09"), Document("2", TEXT, time="17")]
    with pytest.raises(InputError, match="times of two formats: a number here, a date in the document '1'"):
        find_duplicates(mixed, Config(keep="latest"))


def test_the_command_takes_times_and_sources_from_fields(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": TEXT, "day": "2016-02-09T10:00", "paper": "A"},
        {"id": "2", "text": TEXT, "day": "2016-02-20", "paper": "B"},
        {"id": "3", "text": LONG, "day": "2016-02-10T09:00", "paper": "A"},
    ]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    arguments = ("find", "feed.jsonl", "--time-field", "day", "--within", "36h", "--keep", "earliest", "--format", "clusters")
    (cluster,) = lines(dedup(*arguments, cwd=tmp_path).stdout)
    assert (cluster["canonical"], cluster["members"]) == ("1", ["1", "3"])
    (cluster,) = lines(dedup(*arguments[:2], "--source-field", "paper", "--prefer", "B", "--format", "clusters", cwd=tmp_path).stdout)
    assert cluster["canonical"] == "2"
    for wrong, said in ((("--within", "soon"), b"write for example 14d"), (("--within", "2d"), b"name the field with --time-field")):
        done = dedup("find", "feed.jsonl", *wrong, cwd=tmp_path)
        assert done.returncode == 2
        assert said in done.stderr


@pytest.mark.parametrize(
    ("one", "other", "hours"),
    [
        ("20240305", "20240306", 24.0),
        ("20240305", "20240405", 744.0),
        ("202403051200", "20240305133000", 1.5),
        ("1709632800000", "1709636400000", 1.0),
        ("1709632800000", "1709632800", 0.0),
        ("Tue, 05 Mar 2024 10:00:00 GMT", "Tue, 05 Mar 2024 10:00:00 -0500", 5.0),
        ("Tue, 05 Mar 2024 10:00:00 GMT", "2024-03-05T12:00+02:00", 0.0),
        ("5 mars 2024", "2024-03-06", 24.0),
    ],
)
def test_times_are_as_far_apart_as_they_say(one: str, other: str, hours: float) -> None:
    feed = [Document("1", TEXT, time=one), Document("2", TEXT, time=other)]
    assert len(find_duplicates(feed, Config(within=hours * HOUR)).matches) == 1
    if hours:
        assert not find_duplicates(feed, Config(within=hours * HOUR - 1)).matches
