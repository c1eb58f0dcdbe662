"""The Word file: to accept all gives b, to reject all gives a, whatever the texts hold; docx-revisions reads it, as another would."""

from __future__ import annotations

import copy
import io
import json
import re
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from browser_support import HOSTILE, compare_by_hand
from command_support import run_python
from conftest import ROOT, SEED
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.errors import ConfigError
from reports import Comparison, Version, compare
from reports.language.invisible import spelled_out
from reports.messages.catalog import CATALOG_LANGUAGES, load_catalog
from reports.model import UnitRelation
from reports.renderers.docx import AUTHOR, BODY, body_xml, flow, render_docx

TWINS = json.loads((ROOT / "seeds/cases/seed.json").read_text(encoding="utf-8"))["duplicates"]  # of the seed, by line, from 1
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
WORDS = ["قتل", "قُتل", "١٥", "15", "17", "مدنيا", "حلب", "CNN", "the", "5.5%"]
SIGNS = [".", "،", "؟", " ", "  ", "\t", "\n", "\n\n", ". ", "\x00", "\u200f"]
TEXTS = st.lists(st.sampled_from(WORDS + SIGNS), max_size=24).map("".join)


@pytest.fixture(autouse=True)
def libraries() -> None:
    """Skip inside the test, not while it is collected: so the switch that forbids skips sees it."""
    pytest.importorskip("docx")
    pytest.importorskip("docx_revisions")


def fit(text: str) -> str:
    """Return text as the file has it: what XML cannot hold by code."""
    return UNFIT.sub(lambda found: spelled_out(found[0]), text)


def body_of(data: bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")).body


def resolved(body: Any, accept: bool) -> str:
    """Return the compared text after all changes are accepted or rejected.

    docx-revisions resolves the runs. It knows no tracked ends of paragraphs: a paragraph whose end goes runs into the next one.
    """
    from docx_revisions import RevisionParagraph

    text, end = "", ""
    for element in copy.deepcopy(body).p_lst:
        if element.style != BODY:
            continue
        for change in (paragraph := RevisionParagraph(element, None)).track_changes:
            change.accept() if accept else change.reject()
        text += end + paragraph.text
        end = "" if element.xpath(f"./w:pPr/w:rPr/w:{'del' if accept else 'ins'}") else "\n"
    assert end, "the last paragraph has no next one"
    return text


def check(comparison: Comparison, lang: str = "ar") -> Any:
    """Check both readings of a comparison's file, and return its body."""
    return check_body(comparison, body_of(render_docx(comparison, lang=lang)))


def check_body(comparison: Comparison, body: Any) -> Any:
    assert resolved(body, accept=True) == fit(comparison.b.text)
    assert resolved(body, accept=False) == fit(comparison.a.text)
    return body


def seed_pairs() -> list[tuple[str, str]]:
    lines = (ROOT / SEED).read_text(encoding="utf-8").split("\n")
    whole = ("\n".join(lines[82:98]), "\n".join(lines[42:64]))
    return [*((lines[twin["earlier"] - 1], lines[twin["later"] - 1]) for twin in TWINS), whole]


def words_of(element: Any) -> str:
    return "".join(element.xpath(".//w:t/text() | .//w:delText/text()"))


def tagged(body: Any, tag: str) -> list[str]:
    return [words_of(element) for element in body.xpath(f"./w:p/w:{tag}")]


@pytest.mark.parametrize(("a", "b"), seed_pairs(), ids=[*(str(twin["later"]) for twin in TWINS), "whole"])
def test_a_whole_reader_gets_both_texts_of_the_seed(a: str, b: str) -> None:
    from docx_revisions import RevisionDocument

    data = render_docx(compare(a, b))
    for accept, text in ((True, b), (False, a)):
        document = RevisionDocument(io.BytesIO(data))
        paragraphs = [each for each in document.paragraphs if each.style.style_id == BODY]
        read = [each.accepted_text if accept else each.original_text for each in paragraphs]
        assert "".join(read) == text.replace("\n", "")
        document.accept_all() if accept else document.reject_all()
        assert not document.track_changes
        assert resolved(document.document.element.body, accept) == text


@pytest.mark.parametrize("part", range(3))
def test_every_case_gives_b_accepted_and_a_rejected(part: int) -> None:
    cases = [json.loads(line) for line in (ROOT / "seeds/cases/changes.jsonl").read_text(encoding="utf-8").splitlines()]
    for case in cases[part::3]:
        check(compare(case["a"], case["b"]))


@settings(max_examples=200)
@given(a=TEXTS, b=TEXTS, shared=TEXTS)
@example(a="", b="\n", shared="")
@example(a="\n\n", b="", shared="")
def test_any_two_texts_are_found_in_the_file(a: str, b: str, shared: str) -> None:
    from docx.oxml import parse_xml

    for one, other in ((a, b), (f"{a}. {shared}", f"{shared}\n{b}")):
        comparison = compare(one, other)
        pieces = list(flow(comparison, "R"))
        assert "".join(piece.text for piece in pieces if piece.tag != "ins") == one
        assert "".join(piece.text for piece in pieces if piece.tag != "del") == other
        assert all(len(piece.text) == len(piece.sides) > 0 for piece in pieces)
    check_body(comparison, parse_xml(body_xml(comparison, load_catalog("ar"))))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (HOSTILE, HOSTILE + "\nx"),
        ("a\x00b\ud800\ufffe\x1b ]]> & <w:t>", "a\x00c\udfff\ufffe\x1b ]]> & </w:t>\u2028"),
        ("\ttab\there ", "\ttab\t\tthere  "),
        ("one\n\n\ntwo", "one\ntwo\n"),
        ("a " * 2000, "b " * 2000),
        ("", "x"),
        ("x\r\ny", ""),
    ],
)
def test_hostile_text_stays_text(a: str, b: str) -> None:
    check(compare(a, b))


def test_names_of_versions_cannot_break_the_file() -> None:
    hostile = Version(HOSTILE * 20, "x", heading="a\n\x00<w:p>")
    body = check(compare(hostile, Version("b\ud800", "y")), "en")
    assert "<U+0000>" in words_of(body)


def test_a_moved_sentence_is_deleted_at_its_old_place_and_inserted_at_its_new_one() -> None:
    lead, middle, end = "Rain fell in Marsa all night long.", "Police arrested four men in Douma.", "The roads of the north are closed."
    comparison = compare(f"{lead}\n{middle}\n{end}", f"{middle}\n{end}\n{lead}")
    assert [unit.relation for unit in comparison.units if unit.relation is not UnitRelation.SAME] == [UnitRelation.MOVED]
    body = check(comparison)
    assert tagged(body, "del") == tagged(body, "ins") == [lead]


def test_units_in_any_order_lose_nothing() -> None:
    rows = [("split", "One two three.", 2), ("same", "Four five six.", 0), ("merged", "Seven {{number:8=>9}} ten.", 1), ("added", "Last.")]
    check(compare_by_hand(*rows))


def test_a_new_paragraph_is_tracked_with_its_end() -> None:
    body = check(compare("First line.\nLast line.", "First line.\nA new one between.\nLast line."))
    ends = [bool(end.xpath("./w:pPr/w:rPr/w:ins")) for end in body.p_lst if end.style == BODY]
    assert ends == [False, True, False]
    assert tagged(body, "ins") == ["A new one between."]
    assert tagged(body, "del") == []


def test_space_stands_between_an_old_word_and_the_new_one() -> None:
    body = check(compare("قتل 12 مدنيا في حلب.", "قتل 15 مدنيا في حلب."))
    assert (tagged(body, "del"), tagged(body, "ins")) == (["12 "], ["15 "])
    body = check(compare("The army shelled the town of Homs.", "The army shelled the town of Hama."))
    assert (tagged(body, "del"), tagged(body, "ins")) == ([" Homs"], [" Hama"])


def test_cosmetic_changes_and_changes_of_white_space_are_tracked() -> None:
    body = check(compare("أعلنت الوزارة ذلك.  ثم نفت.", "اعلنت الوزارة ذلك. ثم نفت."))
    assert tagged(body, "ins") == ["اعلنت "]
    assert tagged(body, "del") == ["أعلنت ", " "]


def test_arabic_runs_from_right_to_left_and_latin_names_do_not() -> None:
    body = check(compare("نقلت CNN 24 news عن مصدر.", "نقلت BBC World news عن مصدر."))
    paragraph = next(element for element in body.p_lst if element.style == BODY)
    assert paragraph.xpath("./w:pPr/w:bidi")
    for run in paragraph.xpath(".//w:r"):
        strong = {unicodedata.bidirectional(char) for char in words_of(run)} & {"L", "AL"}
        assert strong <= ({"AL"} if run.xpath("./w:rPr/w:rtl") else {"L"})
    assert {str(value) for value in paragraph.xpath(".//w:rPr[w:rtl]/w:lang/@w:bidi")} == {"ar-SA"}
    stretches = [words_of(run) for run in paragraph.xpath(".//w:r[not(w:rPr/w:rtl)]")]
    assert "".join(stretches).replace(" ", "") == "CNN24BBCWorldnews"


@pytest.mark.parametrize(("text", "bidi"), [("Rain fell.", False), ("گزارش تازه", True)])
def test_only_arabic_is_called_arabic(text: str, bidi: bool) -> None:
    body = check(compare(text, f"{text} !"), "fr")
    text_of = [element for element in body.p_lst if element.style == BODY]
    assert [bool(element.xpath("./w:pPr/w:bidi")) for element in text_of] == [bidi]
    assert not body.xpath("//w:rPr/w:lang")


def test_changes_have_ids_of_their_own_one_author_and_no_date() -> None:
    body = check(compare(*seed_pairs()[-1]))
    changes = body.xpath("//w:ins | //w:del")
    ids = [str(change.xpath("string(@w:id)")) for change in changes]
    assert len(ids) == len(set(ids)) > 20
    assert {str(change.xpath("string(@w:author)")) for change in changes} == {AUTHOR}
    assert not body.xpath("//@w:date")


@pytest.mark.parametrize("lang", CATALOG_LANGUAGES)
def test_what_is_new_stands_before_the_text(lang: str) -> None:
    older = Version("old", "Police held 4 men.", heading="Marsa")
    body = check(compare(older, Version("new", "Police held 7 men.", heading="Marsa", line=9)), lang)
    front = [(words_of(p), p.style) for p in body.p_lst if p.style != BODY]
    assert front[0] == ("Marsa", "Heading1")
    assert [style for _, style in front].count("ListBullet") == 1
    assert all(word in "".join(text for text, _ in front) for word in ("old", "new", "9", "7"))


def test_equal_texts_have_no_marks() -> None:
    assert not check(compare("Rain fell.\n", "Rain fell.\n")).xpath("//w:ins | //w:del")


def test_equal_comparisons_give_equal_bytes_in_any_process() -> None:
    code = (
        "import sys; from reports import compare; from reports.renderers.docx import render_docx; "
        "sys.stdout.buffer.write(render_docx(compare('قتل 12 في حلب. Rain.', 'Rain. قتل 15 في حلب.')))"
    )
    found = {run_python(code).stdout for _ in range(2)}
    assert len(found) == 1
    assert found == {render_docx(compare("قتل 12 في حلب. Rain.", "Rain. قتل 15 في حلب."))}
    entries = zipfile.ZipFile(io.BytesIO(found.pop())).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ConfigError, match=re.escape("pip install 'bulletin-dedup[docx]'")):
        render_docx(compare("a", "b"))


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ConfigError, match="lang"):
        render_docx(compare("a", "b"), lang="xx")


def test_the_file_opens_from_a_disk(tmp_path: Path) -> None:
    from docx import Document

    path = tmp_path / "out.docx"
    path.write_bytes(render_docx(compare("a", "b")))
    assert Document(str(path)).core_properties.author == AUTHOR
