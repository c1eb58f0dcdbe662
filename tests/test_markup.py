"""HTML in texts: what is markup, what text it becomes, and that hostile input takes linear time."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Document
from dedup.text.furniture import furniture_spans, share_boxes, without_share_boxes
from dedup.text.html_tokens import decode_references
from dedup.text.markup import has_markup, plain_text
from dedup.text.segment import split_document

CASES = json.loads((ROOT / "tests/markup_cases.json").read_text("utf-8"))
PARTS = [
    *(
        "<",
        ">",
        "</",
        "<p>",
        "</p>",
        "<a href='",
        '<a "',
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</script",
        "<b",
        "=",
        '"',
        "'",
        "&",
    ),
    *("&nbsp;", "&#1602;", "&amp;", "&amp;nbsp;", "<li>", "<ul class=share>", "<td>", "<br>", "خبر", "word ", "\n", "</div>", "<div>"),
    *("<title>", "&#", ";", "x"),
]


@pytest.mark.parametrize("case", CASES["markup"], ids=str)
def test_markup_is_known(case: str) -> None:
    assert has_markup(case)


@pytest.mark.parametrize("case", CASES["no markup"], ids=str)
def test_what_only_looks_like_markup_is_text(case: str) -> None:
    assert not has_markup(case)
    assert plain_text(case) == case


@pytest.mark.parametrize("case", CASES["texts"], ids=lambda case: case["html"][:60])
def test_html_becomes_text(case: dict[str, str]) -> None:
    assert plain_text(case["html"]) == case["text"]


@pytest.mark.parametrize("line", CASES["share boxes"])
def test_a_share_box_is_told_by_its_words(line: str) -> None:
    assert share_boxes([line]) == (True,)
    assert without_share_boxes(f"The bridge is closed.\n{line}") == "The bridge is closed.\n"


@pytest.mark.parametrize("line", CASES["no share boxes"])
def test_a_sentence_about_networks_is_no_share_box(line: str) -> None:
    assert share_boxes([line]) == (False,)
    assert without_share_boxes(line) == line


def test_a_share_box_behind_the_last_sentence_is_not_compared() -> None:
    text = "قالت الشرطة إن الجسر أغلق. شارك على فيسبوك تويتر واتساب"
    assert without_share_boxes(text) == "قالت الشرطة إن الجسر أغلق."


def test_a_text_of_nothing_but_a_share_box_stays() -> None:
    assert furniture_spans("Share on Facebook Tweet WhatsApp") == ()


def test_paragraphs_of_html_are_segments() -> None:
    html = "<h2>Rain</h2><p>One road is closed.</p><p>Two roads are open,<br>and a bridge.</p><ul><li>A</li><li>B</li></ul>"
    document = Document("d", plain_text(html), segmented=True)
    found = [document.text[segment.start : segment.end] for segment in split_document(document)]
    assert found == ["Rain", "One road is closed.", "Two roads are open,", "and a bridge.", "A", "B"]


@given(st.text(alphabet=st.characters(blacklist_characters="<&", blacklist_categories=["Cs"])))
@settings(max_examples=50, deadline=None)
def test_a_text_without_markup_survives_exactly(text: str) -> None:
    assert not has_markup(text)
    assert plain_text(text) == text


@given(
    st.text(
        alphabet=st.characters(blacklist_characters="<&>", whitelist_categories=["L", "N", "P"], whitelist_characters=" \u200c"), min_size=1
    )
)
@settings(max_examples=50, deadline=None)
def test_a_paragraph_survives_but_for_white_space(text: str) -> None:
    sentence = " ".join(f"It rained in Marsa today {text} and the road is closed.".split(" "))
    assert plain_text(f"<p>{sentence}</p>").replace(" ", "") == sentence.replace(" ", "")


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_there_is_a_text(html: str) -> None:
    assert len(plain_text(html)) <= 3 * len(html) + 2


SIZE = 50_000
HOSTILE: dict[str, Callable[[int], str]] = {
    "less-than signs": lambda n: "<" * n,
    "ampersands": lambda n: "&" * n,
    "references": lambda n: "<p>" + "&#9" * n,
    "a long number": lambda n: "<p>&#" + "9" * n + ";",
    "open quotes": lambda n: '<a "' * n,
    "open values": lambda n: '<a b="' * n,
    "quotes in turn": lambda n: "<a b='\"' c=\"'\" " * n,
    "quotes and equals signs": lambda n: "<a =\" ='" * n,
    "tags in quotes": lambda n: '<a b=">" ' * n,
    "comments without an end": lambda n: "<!--" * n,
    "CDATA without an end": lambda n: "<![CDATA[" * n,
    "scripts without an end": lambda n: "<script" * n,
    "deep elements": lambda n: "<div>" * n + "text",
    "deep lines": lambda n: "<b>" * n + "text" + "</b>" * n,
    "ends of nothing": lambda n: "x</div></b></p>" * (n // 3),
    "blocks in lines": lambda n: "<b><div>" * (n // 2) + "</b>" * (n // 2),
    "items": lambda n: "<li>x<div>" * (n // 4),
    "cells": lambda n: "<table><tr><td>x" * (n // 4),
    "boxes": lambda n: "<div class=share>x" * (n // 4),
    "links": lambda n: "<a href=x>y" * (n // 2),
    "leads": lambda n: "<p>read more: <a href=q>q</a>" * (n // 20),
    "blanks in tags": lambda n: "<p   " * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_linear_time(name: str) -> None:
    # With quadratic time any of these takes many minutes.
    html = HOSTILE[name](SIZE)
    has_markup(html)
    decode_references(html)
    assert len(plain_text(html)) <= 3 * len(html)
