"""Pairs with labels, dressed as newsrooms hold them: HTML hides no duplicate, and a share box makes none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from dressed import BOXES, DUPLICATES, HTML, OTHERS, PAIRS, SHARED, box_of

import dedup
import dedup.evaluation
from dedup import Relation, relate_texts
from dedup.text.furniture import without_share_boxes
from dedup.text.markup import has_markup, plain_text


def read(text: str) -> str:
    """Return a text as a reader gives it."""
    return plain_text(text) if has_markup(text) else text


@cache
def related(a: str, b: str) -> Relation | None:
    """Return how two plain texts relate."""
    return relate_texts(a, b)


def is_duplicate(relation: Relation | None) -> bool:
    return relation is not None and relation.duplicate


def test_so_many_pairs_are_duplicates_and_so_many_are_not() -> None:
    assert (len(DUPLICATES), len(OTHERS)) == (54, 42)
    assert [pair for pair in PAIRS if is_duplicate(related(pair["a"], pair["b"]))] == DUPLICATES


@pytest.mark.parametrize("name", HTML)
def test_a_text_as_html_relates_as_the_plain_one_does(name: str) -> None:
    wrong = [pair["id"] for pair in PAIRS if relate_texts(pair["a"], read(HTML[name](pair["b"]))) != related(pair["a"], pair["b"])]
    assert wrong == []


@pytest.mark.parametrize("name", SHARED)
def test_a_share_box_on_both_sides_makes_no_duplicates(name: str) -> None:
    share = SHARED[name]
    accepted = [
        pair["id"] for pair in OTHERS if is_duplicate(relate_texts(*(read(share(pair[side], box_of(pair["lang"]))) for side in "ab")))
    ]
    assert accepted == []


@pytest.mark.parametrize("name", SHARED)
def test_a_share_box_on_one_side_hides_no_duplicate(name: str) -> None:
    share = SHARED[name]
    wrong = [
        pair["id"]
        for pair in DUPLICATES
        if relate_texts(read(share(pair["a"], box_of(pair["lang"]))), pair["b"]) != related(pair["a"], pair["b"])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", BOXES)
@pytest.mark.parametrize("name", [name for name in SHARED if "plain" not in name])
def test_a_share_box_of_any_language_is_left_out_of_a_text(name: str, language: str) -> None:
    text = OTHERS[0]["a"]
    assert read(SHARED[name](text, BOXES[language])) == text


@pytest.mark.parametrize("language", BOXES)
@pytest.mark.parametrize("name", [name for name in SHARED if "plain" in name])
def test_a_share_box_of_any_language_is_not_compared(name: str, language: str) -> None:
    text = OTHERS[0]["a"]
    assert without_share_boxes(SHARED[name](text, BOXES[language])).strip() == text


def test_pairs_in_a_file_are_found_whatever_they_are_dressed_in(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    for name, dress in HTML.items():
        records = [(f"{pair['id']}/{side}", dress(pair["b"]) if side == "b" else pair["a"]) for pair in DUPLICATES for side in "ab"]
        path.write_text("".join(f"{json.dumps({'id': key, 'text': text})}\n" for key, text in records), "utf-8")
        found = {(match.a.id, match.b.id) for match in dedup.find_duplicates(dedup.read([str(path)])).duplicates}
        assert [pair["id"] for pair in DUPLICATES if (f"{pair['id']}/a", f"{pair['id']}/b") not in found] == [], name


def test_pairs_in_a_file_with_share_boxes_are_not_accepted(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    for name, share in SHARED.items():
        records = [(f"{pair['id']}/{side}", share(pair[side], box_of(pair["lang"]))) for pair in OTHERS for side in "ab"]
        path.write_text("".join(f"{json.dumps({'id': key, 'text': text})}\n" for key, text in records), "utf-8")
        found = dedup.find_duplicates(dedup.read([str(path)])).duplicates
        assert [(match.a.id, match.b.id) for match in found] == [], name


def test_an_explanation_leaves_out_what_the_search_leaves_out() -> None:
    pair = DUPLICATES[0]
    boxed = SHARED["a plain line below"](pair["a"], box_of(pair["lang"]))
    found = dedup.evaluation.explain([{"id": "a", "text": boxed}, {"id": "b", "text": pair["a"]}], "a", "b")
    assert found.relation == Relation.IDENTICAL
    assert found.measures.shared > 0
    assert relate_texts(boxed, pair["a"]) == Relation.IDENTICAL
