"""Segmentation: headed sections, where bulletins begin and end, paragraphs; offsets that hold."""

from __future__ import annotations

import pytest
from conftest import ROOT, SEED
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Document
from dedup.text.segment import bulletins, split_document

LINES = st.lists(
    st.sampled_from(["حلب::", "دمشق:: نص", "A:", "B:", "", "  ", "نص أول.", "A long line of text here.", "x", "\u2028", "::"]), max_size=25
)


def split(text: str) -> list[tuple[str | None, int | None, str]]:
    return [(s.heading, s.bulletin, text[s.start : s.end]) for s in split_document(Document("d", text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nTwo.", [(None, None, "One."), (None, None, "Two.")]),
        ("A::\nText.\nB::\nMore.", [("A", 0, "Text."), ("B", 0, "More.")]),
        ("A:: Text.\nB :: More.", [("A", 0, "Text."), ("B", 0, "More.")]),
        ("A::\n1\nB::\n2\nA::\n3\nB::\n4", [("A", 0, "1"), ("B", 0, "2"), ("A", 1, "3"), ("B", 1, "4")]),
        ("حلب::\n1\nحَلَب::\n2", [("حلب", 0, "1"), ("حَلَب", 1, "2")]),
        ("A::\n1\n2\nB::\n3\n4\n5", [("A", 0, "1\n2"), ("B", 0, "3\n4"), (None, None, "5")]),
        ("A::\n1\n\nafter", [("A", 0, "1"), (None, None, "after")]),
        ("A::\nB::\n2", [("A", 0, ""), ("B", 0, "2")]),
        ("North:\nRain.\nSouth:\nSun.", [("North", 0, "Rain."), ("South", 0, "Sun.")]),
        ("ريف دمشق:\nقصف.\nحلب:\nهدوء.", [("ريف دمشق", 0, "قصف."), ("حلب", 0, "هدوء.")]),
        ("See std::vector\nRatio 3::4", [(None, None, "See std::vector"), (None, None, "Ratio 3::4")]),
        ("北京今日大雨\n上海股市上涨\n广州地铁新线开通", [(None, None, t) for t in ("北京今日大雨", "上海股市上涨", "广州地铁新线开通")]),
        ("He said:\nNo.", [(None, None, "He said:"), (None, None, "No.")]),
        ("The minister of the interior said:\nNo.\nAnd the minister of finance said:\nYes.", [(None, None, t) for t in
            ("The minister of the interior said:", "No.", "And the minister of finance said:", "Yes.")]),
        ("  padded \n\n\n x", [(None, None, "padded"), (None, None, "x")]),
        ("", []),
        (" \n\n ", []),
    ],
)  # fmt: skip
def test_texts_are_cut_where_a_reader_would(text: str, expected: list[tuple[str | None, int | None, str]]) -> None:
    assert split(text) == expected


def test_lines_that_were_broken_at_a_width_are_one_paragraph() -> None:
    text = "The council voted on Monday to close\nthe old bridge for repairs expected to\nlast through May.\n\nTraffic moves."
    assert [part for _, _, part in split(text)] == [text.split("\n\n")[0], "Traffic moves."]


WRAPPED = {
    "a quotation": (
        "The council of Marsa has voted to keep its old library open until\n"
        "the autumn, and the mayor told reporters in the town hall that\n"
        '"nobody takes these books from us" while she is there. The vote\n'
        "was close."
    ),
    "a quotation of guillemets": (
        "Le conseil a voté le maintien de la\nbibliothèque, et le maire a dit que\n«\N{NO-BREAK SPACE}personne ne prendra ces livres»,\n"
        "avant de quitter la salle hier soir."
    ),
    "a quotation in Arabic": (
        "صوت مجلس المرسى على إبقاء المكتبة القديمة مفتوحة\nعامين آخرين بعد عريضة طويلة وقال رئيس البلدية إن\n"
        "“أحدا لن يأخذ هذه الكتب من هنا” قبل حلول الصيف."
    ),
    "the end of a quotation": (
        "Le maire a dit que « ces vieux livres\n» restent dans la salle de lecture et\nque la ville paiera la réparation."
    ),
    "a bracket": "The party of the mayor of Marsa won\n(with some help of its old friends)\nmost seats in the council on Sunday.",
    "a sum": "The repair of the old bridge will cost\n$40 million, which the state pays over\nfour years, the minister said today.",
    "a dash": "The mayor of the town of Marsa and her\n– as some people say, only – friend in\nthe council have voted for the bridge.",
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_line_of_a_paragraph_may_begin_with_a_sign_of_a_sentence(text: str) -> None:
    assert [part for _, _, part in split(text)] == [text]


@pytest.mark.parametrize("sign", ["- ", "\N{EN DASH} ", "* ", "\N{BULLET} ", "> ", '"', "«", "("])
def test_lines_that_begin_alike_are_a_list(sign: str) -> None:
    lines = [
        f"{sign}{words}"
        for words in ("the council closes the old bridge", "the harbour library stays open", "the minister resigns on Monday")
    ]
    assert len(split("\n".join(lines))) == 3
    assert len(split("\n".join(["What the council of Marsa has decided:", *lines]))) == 4


def test_wrapped_paragraphs_need_no_blank_line_between_them() -> None:
    one = "The council voted on Monday to close\nthe old bridge for repairs expected to\nlast through May."
    other = "A fire in a silo near Marsa burned for\nnine hours before rain and helicopters\nput it out on Sunday night."
    assert [part for _, _, part in split(f"{one}\n{other}")] == [one, other]
    assert len(split(f"{one[:-1]}\n{other}")) == 6  # what ends at a short line is no sentence
    assert len(split(f"Bridge closed.\n{other}")) == 4


def test_headlines_of_any_length_stay_apart() -> None:
    text = "الحكومة تقر موازنة العام بعد جلسة استمرت ساعات\nأمطار غزيرة تغرق العاصمة\nفريق المدينة يفوز بالكأس للمرة الثالثة"
    assert len(split(text)) == 3


def test_the_founding_file_has_two_bulletins_and_its_articles_are_paragraphs() -> None:
    text = (ROOT / SEED).read_text("utf-8")
    segments = split_document(Document("d", text))
    found = bulletins(segments)
    assert [[section.line for section in each.sections] for each in found] == [list(range(44, 65, 2)), list(range(84, 99, 2))]
    paragraphs = [segment.line for segment in segments if segment.bulletin is None]
    assert paragraphs == [*range(1, 43), *range(65, 83)]
    lines = text.split("\n")
    assert all(text[s.start : s.end] == lines[s.line - 1].strip() for s in segments if s.line)


@given(LINES)
def test_no_text_is_lost_or_repeated_but_headings(lines: list[str]) -> None:
    text = "\n".join(lines)
    segments = split_document(Document("d", text))
    at = 0
    for number, segment in enumerate(segments):
        assert segment.id == f"d#{number}"
        left_out = text[at : segment.start].replace(segment.heading or "", "", 1)
        assert not left_out.replace(":", "").strip()
        assert text[segment.start : segment.end] == text[segment.start : segment.end].strip()
        assert segment.line == text.count("\n", 0, segment.start) + 1
        at = segment.end
    assert not text[at:].strip()
