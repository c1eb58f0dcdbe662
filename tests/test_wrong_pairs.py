"""The page of wrong pairs: texts with their words marked, the reason, and nothing that runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser_support import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from test_cli import dedup
from test_evaluate import TEXTS

from dedup import Config, Document, Truth
from dedup.evaluation import evaluate, wrong_pairs
from reports.renderers.marked_words import mark_words
from reports.renderers.wrong_pairs import render_wrong_pairs

if TYPE_CHECKING:
    from playwright.sync_api import Page

ARABIC = "أعلنت وزارة الصحة في مرسى أن أربعة أشخاص قتلوا مساء الاثنين عندما انهار الجسر القديم خلال الفيضان"
ARABIC_TEXTS = {"خبر/1": ARABIC, "خبر/2": ARABIC.replace("أربعة", "سبعة")}
FIGURES = {
    "labelled": 2,
    "pairs": {"precision": 0.0, "recall": None, "f1": 0.0},
    "intervals": {"precision": [0.0, 0.5], "recall": None, "f1": [0.0, 0.5]},
    "warnings": ["too few labels to tell"],
}


def marked(a: str, b: str, kind: str) -> list[list[str]]:
    return [[each.text for each in side if each.kind == kind] for side in mark_words(a, b)]


def shown(page: str) -> str:
    return unescape(re.sub("<[^>]*>", "", page))


def pair(**changes: Any) -> dict[str, Any]:
    shares = {"relation": "revision", "probability": 0.91, "jaccard": 0.7, "containment_a": 0.8, "containment_b": 0.75}
    return {"a": "1", "b": "2", **shares, "missed": False, "label": "T", "a_text": "One text.", "b_text": "Another text."} | changes


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    texts = {**TEXTS, **ARABIC_TEXTS}
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    labels = [("x1", "x2", False), ("y1", "z", True), ("y1", "y2", True), ("خبر/1", "خبر/2", False)]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps({"a": a, "b": b, "duplicate": same}) + "\n" for a, b, same in labels))
    return tmp_path


# Words


def test_words_of_one_text_alone_and_runs_of_both_are_marked() -> None:
    a, b = "Four men were killed in Marsa on Monday, police said.", "Police said: four men were hurt in Marsa on Friday."
    assert marked(a, b, "own") == [["killed", "Monday"], ["hurt", "Friday"]]
    assert marked(a, b, "shared") == [["Four men were", "in Marsa on"], ["four men were", "in Marsa on"]]


def test_spellings_of_one_word_are_one_word() -> None:
    assert marked("قُتِلَ ١٥ شخصاً في إدلب", "قتل 15 شخصا في ادلب", "own") == [[], []]
    assert marked("Le Général est à Paris.", "le general est a paris", "own") == [[], []]


def test_short_texts_share_what_words_they_have() -> None:
    assert marked("Two dead", "Two dead, police say", "shared") == [["Two dead"], ["Two dead"]]
    assert marked("Fire", "Flood", "own") == [["Fire"], ["Flood"]]
    assert marked("", "Fire", "own") == [[], ["Fire"]]
    assert mark_words("", "") == ((), ())
    assert [each.text for each in mark_words("...", "?")[0]] == ["..."]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "ب", "5", ",", ".", "\n", " ", "\u202e"]), max_size=20).map(" ".join)


@given(WORDS, WORDS)
def test_the_stretches_of_a_text_make_up_the_text(a: str, b: str) -> None:
    one, other = mark_words(a, b)
    assert ("".join(each.text for each in one), "".join(each.text for each in other)) == (a, b)
    assert all(each.text for each in (*one, *other))
    assert mark_words(b, a) == (other, one)


# Pairs


def test_wrong_pairs_come_with_their_texts_the_most_wrong_first() -> None:
    records = [Document(name, text) for name, text in TEXTS.items()]
    truth = Truth({("x1", "x2"): False, ("y1", "z"): True, ("x1", "z"): False}, {}, {("x1", "x2"): "T"})
    found = wrong_pairs(evaluate(records, truth), iter(records))
    assert [(each.example.a, each.example.b, each.missed, each.label) for each in found] == [
        ("y1", "z", True, None),
        ("x1", "x2", False, "T"),
    ]
    assert (found[1].a_text, found[1].b_text) == (TEXTS["x1"], TEXTS["x2"])


def test_texts_of_segments_are_those_that_were_compared() -> None:
    document = Document("page", f"{TEXTS['x1']}\n\n{TEXTS['y1']}\n\n{TEXTS['x2']}\n", segmented=True)
    config = Config(level="segment")
    found = wrong_pairs(evaluate([document], Truth({("page#0", "page#2"): False, ("page#0", "page#1"): True}), config), [document], config)
    assert {(each.a_text, each.b_text) for each in found} == {(TEXTS["x1"], TEXTS["x2"]), (TEXTS["x1"], TEXTS["y1"])}


# The page


def test_the_command_writes_the_page(docs: Path) -> None:
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--html", "wrong.html", cwd=docs)
    assert done.returncode == 0, done.stderr
    assert b"wrong.html: 1 page, 3 wrong pairs\n" in done.stderr
    page = (docs / "wrong.html").read_text("utf-8")
    text = " ".join(shown(page).split())
    assert "4 labelled pairs, 3 wrong, the most wrong first." in text
    assert text.count("wrongly matched") == 2
    assert text.count("missed") == 1
    assert "no match: no channel proposed the pair, or too little is shared" in text
    assert "dedup explain x1 x2 --in docs.jsonl" in text
    assert "<mark>Four</mark>" in page
    assert "<mark>Seven</mark>" in page
    assert len(re.findall('class="text" dir="rtl" lang="ar"', page)) == 2
    assert "<mark>أربعة</mark>" in page
    assert "<script" not in page


def test_documents_from_standard_input_and_pairs_with_their_own_texts_have_a_page(docs: Path) -> None:
    stdin = (docs / "docs.jsonl").read_bytes()
    done = dedup("evaluate", "-", "--truth", "labels.jsonl", "--html", "wrong.html", "--as", "jsonl", cwd=docs, stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert "<mark>Seven</mark>" in (docs / "wrong.html").read_text("utf-8")
    rows = [{"text1": TEXTS["x1"], "text2": TEXTS["x2"], "label": 0}, {"text1": TEXTS["y1"], "text2": TEXTS["y2"], "label": 1}]
    (docs / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = dedup("evaluate", "--truth", "own.jsonl", "--html", "own.html", cwd=docs)
    assert done.returncode == 0, done.stderr
    page = (docs / "own.html").read_text("utf-8")
    assert "<mark>Seven</mark>" in page
    assert "dedup explain" not in page


def test_where_nothing_is_wrong_the_page_says_so(docs: Path) -> None:
    (docs / "labels.jsonl").write_text('{"a": "x1", "b": "x2", "duplicate": true}\n{"a": "x1", "b": "z", "duplicate": false}\n')
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--html", "wrong.html", cwd=docs)
    assert done.returncode == 0, done.stderr
    assert "No pair is wrong." in (docs / "wrong.html").read_text("utf-8")
    done = dedup("evaluate", "docs.jsonl", "--truth", "labels.jsonl", "--html", "-", cwd=docs)
    assert done.returncode == 2
    assert b"--html needs the path of a page" in done.stderr


def test_a_long_text_is_folded_and_wholly_there() -> None:
    long = " ".join(f"word{number}" for number in range(2000))
    page = render_wrong_pairs(FIGURES, [pair(a_text=long, b_text=long[:5000])], "docs.jsonl")
    assert page.count("<details>") == 2
    assert long in shown(page).replace("\n", "").replace("the rest of the text", "")


def test_only_the_most_wrong_pairs_are_shown_and_the_others_counted() -> None:
    page = shown(render_wrong_pairs(FIGURES, [pair(a=str(number)) for number in range(203)], "docs.jsonl"))
    assert "203 wrong" in page
    assert "3 more are not shown." in page


def test_the_page_has_the_calibration_where_there_is_one() -> None:
    row = {"low": 0.9, "high": 1.0, "pairs": 1200, "mean": 0.97, "duplicates": 0.92}
    page = shown(render_wrong_pairs({**FIGURES, "calibration": {"ece": 0.05, "bins": [row]}}, [], "docs.jsonl"))
    assert "Expected calibration error 0.050" in page
    assert "0.9 to 1.01,2000.9700.920" in page
    assert "Expected calibration error" not in shown(render_wrong_pairs(FIGURES, [], "docs.jsonl"))


def test_a_pair_without_its_texts_says_so() -> None:
    page = shown(render_wrong_pairs(FIGURES, [pair(a_text=None)], "docs.jsonl", ["docs.jsonl"]))
    assert "One of the texts is not among the documents." in page
    assert "Found: revision, a duplicate, probability 0.91, Jaccard 0.70, 0.80 of A is in B, 0.75 of B is in A." in " ".join(page.split())


def test_hostile_texts_ids_and_labels_are_text() -> None:
    hostile = HOSTILE.encode("utf-8", "replace").decode()
    page = render_wrong_pairs(FIGURES, [pair(a=hostile, b="2", label=hostile, a_text=hostile, b_text="x")], hostile, [hostile])
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_and_marks_can_be_read(show: Callable[..., Page], tmp_path: Path, width: int, scheme: str) -> None:
    long = "x" * 300
    pairs = [
        pair(a=long, b="ع" * 200, label="T" * 100, a_text=f"{ARABIC} {'ب' * 300}", b_text=ARABIC_TEXTS["خبر/2"]),
        pair(a_text=f"One text {long}", b_text="Another text."),
    ]
    file = tmp_path / "wrong.html"
    file.write_text(render_wrong_pairs(FIGURES, pairs, "docs.jsonl", ["docs.jsonl", long]), "utf-8")
    page = show(file, width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.querySelectorAll('.text')].every(e => e.scrollWidth <= e.clientWidth)")
    ink, ground, other = page.evaluate(
        "(() => { const [a, b] = ['.a mark', '.b mark'].map(each => getComputedStyle(document.querySelector(each)));"
        " return [a.color, a.backgroundColor, b.backgroundColor]; })()"
    )
    levels = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ink, ground, other)]
    assert min(abs(levels[0] - each) for each in levels[1:]) > 300
