"""What two texts share, and where it stands in each."""

from __future__ import annotations

import json
import subprocess
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from command_support import run_command
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.sketch.shingle import hash_words, split_words, word_places
from dedup.text.fold import fold
from dedup.text.spellings import with_one_spelling
from dedup.verification.evidence import evidence, longest_run

SEED = "seeds/000_879cb52311c03942.txt"
LETTERS = "ab zé9٩ اأإآىيةه لا قُتِلَ ـ\u200fو漢字 ﷺ ﻻ ½ Å ß -.,\n$%"


def dedup(*args: str, cwd: Path = ROOT, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return run_command(*args, cwd=cwd, stdin=stdin)


@settings(max_examples=500)
@given(st.text(alphabet=LETTERS, max_size=60))
def test_every_word_has_its_place_in_the_text(text: str) -> None:
    words, places = hash_words([text]).values.tolist(), word_places(text).tolist()
    assert len(places) == len(words)
    assert places == sorted(places)
    if "漢" not in text and "字" not in text and "ﷺ" not in text:  # where a word is a run of letters, and none is several words
        for word, (start, end) in zip(words, places, strict=True):
            assert hash_words([text[start:end]]).values.tolist() == [word]


@settings(max_examples=500)
@given(*2 * [st.lists(st.integers(0, 3), max_size=40)])
def test_the_longest_run_is_the_longest_and_stands_in_both(a: list[int], b: list[int]) -> None:
    at_a, at_b, length = longest_run(np.array(a, np.uint32), np.array(b, np.uint32))
    assert a[at_a : at_a + length] == b[at_b : at_b + length]
    assert length == SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size


def cases() -> list[dict[str, str]]:
    return [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", [case for case in cases() if case["id"][:2] in ("ar", "en", "fa", "ru")], ids=lambda case: case["id"])
def test_spans_show_the_same_words_in_both_texts(case: dict[str, str]) -> None:
    found = evidence(case["a"], case["b"])
    a, b = with_one_spelling([case["a"], case["b"]])  # of the same lengths
    run = found["longest_run"]
    if run["words"]:
        one, other = (split_words([text[slice(*run[side])]])[0] for text, side in ((a, "a"), (b, "b")))
        assert one == other
        assert len(one) == run["words"]
    for passage in found["passages"]:
        one, other = (split_words([text[slice(*passage[side])]])[0] for text, side in ((a, "a"), (b, "b")))
        assert min(len(one), len(other)) == passage["words"] >= 7
        assert (one[0], one[-1]) == (other[0], other[-1])
        common = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
        assert common >= 0.5 * passage["words"]
    mirrored = evidence(b, a)
    assert (found["weight_shared"], found["weight_only_a"]) == (mirrored["weight_shared"], mirrored["weight_only_b"])
    assert run["words"] == mirrored["longest_run"]["words"]


def test_weights_are_those_of_distinct_words() -> None:
    found = evidence("the mayor spoke spoke of 2026", "The mayor wrote")
    assert found["weight_shared"] == 2 + 4  # the, mayor
    assert found["weight_only_a"] == 4 + 1 + 6  # spoke once, of, a number
    assert found["weight_only_b"] == 4


def test_texts_that_share_nothing_have_no_run() -> None:
    for a, b in (("one two", "three four"), ("", "one"), ("", "")):
        found = evidence(a, b)
        assert found["longest_run"] == {"words": 0, "a": None, "b": None}
        assert found["passages"] == []


def test_a_passage_is_found_inside_another_text_with_its_offset() -> None:
    quote = "the old bridge over the river will stay closed until the end of the month"
    a, b = f"Engineers said on Monday that {quote}.", f"In other news, {quote}, according to people in town."
    (passage,) = evidence(a, b, 100, 2000)["passages"]
    assert a[passage["a"][0] - 100 : passage["a"][1] - 100] == quote
    assert b[passage["b"][0] - 2000 : passage["b"][1] - 2000] == quote


def test_the_longest_run_of_a_long_text_of_one_word_is_found() -> None:  # in quadratic time it would take hours
    found = evidence("a " * 200_000, "a " * 190_000 + "b")
    assert found["longest_run"]["words"] == 190_000


def test_the_command_adds_evidence_that_points_into_the_file() -> None:
    text = (ROOT / SEED).read_text("utf-8")
    rows = [json.loads(line) for line in dedup("find", "seeds", "--format", "pairs", "--evidence").stdout.splitlines()]
    plain = [json.loads(line) for line in dedup("find", "seeds", "--format", "pairs").stdout.splitlines()]
    duplicates = [row for row in rows if row["relation"] in ("identical", "revision", "contains", "contained-in")]
    assert len(duplicates) == 8
    assert [{name: value for name, value in row.items() if name != "evidence"} for row in rows] == plain
    for row in rows:
        run = row["evidence"]["longest_run"]
        assert fold(text[slice(*run["a"])]).split() == fold(text[slice(*run["b"])]).split()
        assert run["words"] >= 7 or row not in duplicates
    whole = json.loads(dedup("find", "seeds", "--format", "json", "--evidence").stdout)
    assert [match["evidence"] for match in whole["matches"]] == [row["evidence"] for row in rows]
    piped = dedup("find", "-", "--format", "pairs", "--evidence", stdin=text.encode())
    assert [json.loads(line)["evidence"] for line in piped.stdout.splitlines()] == [row["evidence"] for row in rows]


def test_evidence_has_no_place_in_a_table() -> None:
    done = dedup("find", "seeds", "--evidence")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--evidence is for --format pairs and json" in done.stderr
