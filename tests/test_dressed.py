"""Pairs with labels, dressed as newsrooms hold them: HTML hides no duplicate, and a share box makes none."""

from __future__ import annotations

import pytest
from dressed import BOXES, DUPLICATES, HTML, OTHERS, SHARED, box_of

from dedup import Relation, relate_texts
from dedup.text.furniture import without_furniture
from dedup.text.markup import has_markup, plain_text


def read(text: str) -> str:
    """Return a text as a reader gives it."""
    return plain_text(text) if has_markup(text) else text


def is_duplicate(relation: Relation | None) -> bool:
    return relation is not None and relation.duplicate


def test_there_are_as_many_pairs_as_the_labels_say() -> None:
    assert (len(DUPLICATES), len(OTHERS)) == (57, 39)


@pytest.mark.parametrize("name", HTML)
def test_a_text_as_html_is_found_beside_the_plain_one(name: str) -> None:
    missed = [pair["id"] for pair in DUPLICATES if not is_duplicate(relate_texts(pair["a"], read(HTML[name](pair["b"]))))]
    missed += [pair["id"] for pair in DUPLICATES if not is_duplicate(relate_texts(read(HTML[name](pair["a"])), pair["b"]))]
    assert missed == []


@pytest.mark.parametrize("name", HTML)
def test_a_text_as_html_relates_as_the_plain_one_does(name: str) -> None:
    wrong = [
        pair["id"]
        for pair in DUPLICATES + OTHERS
        if relate_texts(pair["a"], read(HTML[name](pair["b"]))) != relate_texts(pair["a"], pair["b"])
    ]
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
        if relate_texts(read(share(pair["a"], box_of(pair["lang"]))), pair["b"]) != relate_texts(pair["a"], pair["b"])
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
    assert without_furniture(SHARED[name](text, BOXES[language])).strip() == text
