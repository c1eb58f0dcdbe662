"""Alignment: rare words stay, phrases move as one, lines that are wrapped are no sentences, rows are followed."""

from __future__ import annotations

import json
import textwrap
from itertools import pairwise
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import Comparison, compare
from reports.diff.word_alignment import align_words
from reports.language.lexicon import load_lexicon
from reports.language.sentences import split_sentences
from reports.language.tokens import tokenize

CASES = json.loads((ROOT / "tests/alignment_cases.json").read_text("utf-8"))


def substantive(comparison: Comparison) -> list[tuple[str, str | None, str | None]]:
    a, b = comparison.a.text, comparison.b.text
    return [(c.kind.value, c.a and c.a.of(a).strip(), c.b and c.b.of(b).strip()) for c in comparison.changes if not c.kind.cosmetic]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize("turned", [False, True], ids=["forward", "turned"])
def test_what_both_texts_keep_is_not_shown_as_replaced(case: dict[str, Any], turned: bool) -> None:
    comparison = compare(*((case["b"], case["a"]) if turned else (case["a"], case["b"])))
    found = substantive(comparison)
    if case.get("cosmetic"):
        assert found == []
    for word in case.get("kept", ()):
        assert not any(word in (side or "") for _, a, b in found if not (a and b and word in a and word in b) for side in (a, b)), found
    if "moved" in case:
        moved = [change for change in comparison.changes if change.moved]
        assert [change.b.of(comparison.b.text).strip(" ,").lower() for change in moved if change.b] == [m.lower() for m in case["moved"]]
        assert [entry for entry in found if entry[1] is None or entry[2] is None] == []
    if "exchanged" in case:
        one, other = case["exchanged"]
        assert {(a, b) for _, a, b in found} == {(one, other), (other, one)}


TEXTS = [
    "The governor of Lodren province said on Thursday that repairs to the flooded coastal railway would take at least four months. "
    "Engineers found that two bridges had lost their foundations and that the track must be laid again. Freight will go by road until "
    "the autumn, he told reporters in the port.",
    "قال محافظ لودرن يوم الخميس إن إصلاح سكة الحديد الساحلية التي غمرتها المياه سيستغرق أربعة أشهر على الأقل. ووجد المهندسون أن جسرين فقدا "
    "أساساتهما وأن السكة يجب أن تمد من جديد. وستنقل البضائع برا حتى الخريف.",
    "Le gouverneur de Lodren a déclaré jeudi que les réparations de la voie ferrée inondée dureraient au moins quatre mois. Les ingénieurs "
    "ont constaté que deux ponts avaient perdu leurs fondations. Le fret passera par la route jusqu'à l'automne.",
]


@pytest.mark.parametrize("text", TEXTS, ids=["en", "ar", "fr"])
@pytest.mark.parametrize(("width", "other"), [(72, 0), (72, 40), (40, 60), (34, 0), (60, 72)])
def test_text_that_is_wrapped_anew_has_no_substantive_change(text: str, width: int, other: int) -> None:
    a, b = textwrap.fill(text, width), textwrap.fill(text, other) if other else text
    assert len(split_sentences(a)) == 3
    assert substantive(compare(a, b)) == []


def test_an_edit_in_wrapped_copy_is_the_only_change() -> None:
    edited = TEXTS[0].replace("The governor of", "The governor and the council of").replace("two bridges", "three bridges")
    found = substantive(compare(textwrap.fill(TEXTS[0], 72), textwrap.fill(edited, 64)))
    assert [(kind, b) for kind, _, b in found] == [("wording", "and the council"), ("number", "three")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Fire in Tarsk\n\nPolice came.", 2),  # an empty line
        ("Fire kills nine in Tarsk harbour\nPolice came at noon.", 2),  # a heading
        ("TARSK, June 4 (Agency) -\nPolice said that a fire burned for nine hours in the old harbour of the town.", 1),  # a dateline
        ("Points:\n1. Norvik 34\n2. Tarsk 31\n3. Velin 30", 4),  # a list
        ("Norvik\t34\nTarsk\t31", 2),  # a table
        ("Norvik 34\nTarsk 31\nVelin 30", 3),
        ("He came, he saw,\nhe left.", 1),
        ("النقاط:\n- نورفيك ٣٤\n- تارسك ٣١", 3),
    ],
)
def test_a_line_ends_a_sentence_where_the_text_says_so(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@pytest.mark.parametrize(
    ("a", "b", "changed"),
    [
        ("1. Norvik 34\n2. Tarsk 31\n3. Velin 30", "1. Norvik 37\n2. Velin 33\n3. Tarsk 31", [("34", "37"), ("30", "33")]),
        ("- rice 40\n- wheat 35\n- oil 12", "- wheat 36\n- rice 40\n- oil 12", [("35", "36")]),
        (
            "نورفيك | 34 | 12\nتارسك | 31 | 9\nفيلين | 30 | 2",
            "نورفيك | 37 | 12\nفيلين | 33 | 2\nتارسك | 31 | 9",
            [("34", "37"), ("30", "33")],
        ),
    ],
)
def test_rows_that_move_are_compared_with_themselves(a: str, b: str, changed: list[tuple[str, str]]) -> None:
    comparison = compare(a, b)
    assert [unit.relation.value for unit in comparison.units if not unit.a or not unit.b] == []
    pairs = [(old, new) for _, old, new in substantive(comparison) if old and new and len(old) == 2]
    assert pairs == changed


WORDS = st.lists(st.sampled_from(["the", "of", "town", "Ibta", "Velin", "and", ",", "وإبطع", "إبطع", "بلدة", "في", "7"]), max_size=24)


@settings(max_examples=150)
@given(WORDS, WORDS)
def test_pairs_of_words_are_in_order_and_mirrored_when_the_texts_are_exchanged(one: list[str], other: list[str]) -> None:
    lexicon = load_lexicon("ar")
    a, b = (tokenize(" ".join(words)) for words in (one, other))
    keys_a, keys_b = ([token.key for token in tokens] for tokens in (a, b))
    pairs = align_words(a, b, keys_a, keys_b, lexicon)
    assert pairs is not None
    assert all(first.a + first.size_a <= second.a and first.b + first.size_b <= second.b for first, second in pairwise(pairs))
    assert all(keys_a[pair.a] == keys_b[pair.b] for pair in pairs if pair.equal and pair.size_a == pair.size_b == 1)
    if keys_a != keys_b:
        assert align_words(b, a, keys_b, keys_a, lexicon) == [pair.mirrored for pair in pairs]
    else:
        assert len(pairs) == len(a)
