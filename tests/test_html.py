"""The page is safe with hostile text, shows both texts in full, and links to what is there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from browser_support import HOSTILE, NEWS, REPORT, Node, compare_by_hand, hostile_report, read, report_of
from command_support import run_python

from dedup import Document, find_duplicates
from dedup.errors import ConfigError, RebuildError
from dedup.model import OrderedBy
from reports import compare, compare_versions
from reports.build_report import build_report
from reports.messages.catalog import CATALOG_LANGUAGES
from reports.model import Change, Comparison, Kind, Report, Span, Unit, UnitRelation, Version
from reports.renderers.direction import html_language, text_direction
from reports.renderers.html import markup_text, render_html

SHOWN_AS_CHIPS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def column(tree: Node, article: str, side: str) -> str:
    """Return the text of one side of a comparison, its cells in the order of that side's text."""
    root = next(node for node in tree.all() if node.attrs.get("id") == article)
    cells = [node for node in root.all() if node.attrs.get("data-side") == side]
    cells.sort(key=lambda cell: int(cell.attrs["data-n"]))
    return "".join(cell.text("vh sep del" if side == "b" else "vh sep ins") for cell in cells)


def with_id(tree: Node, name: str) -> Node:
    return next(node for node in tree.all() if node.attrs.get("id") == name)


def with_class(tree: Node, name: str) -> list[Node]:
    return [node for node in tree.all() if name in node.classes]


@pytest.fixture(scope="module", params=CATALOG_LANGUAGES)
def hostile(request: pytest.FixtureRequest) -> str:
    return render_html(hostile_report(), lang=request.param)


def test_hostile_text_makes_no_element_and_no_attribute(hostile: str) -> None:
    nodes = list(read(hostile).all())
    tags = Counter(node.tag for node in nodes)
    assert tags["script"] == tags["style"] == tags["title"] == 1
    assert not {"img", "link", "iframe", "base", "object", "form"} & set(tags)
    names = {name for node in nodes for name in node.attrs}
    assert "style" not in names
    assert "src" not in names
    assert not [name for name in names if name.startswith("on")]
    assert all(node.attrs["href"].startswith("#") for node in nodes if "href" in node.attrs)


def test_hostile_text_stays_readable_as_text(hostile: str) -> None:
    tree = read(hostile)
    assert next(node for node in tree.all() if node.tag == "h1").text() == HOSTILE
    assert len([node for node in with_class(tree, "text") if node.text() == HOSTILE]) == 2
    assert all(HOSTILE in node.text() for node in tree.all() if node.tag == "h2" and node.text().endswith("#"))
    assert "{{7*7}}" in hostile


def test_invisible_characters_are_chips_everywhere_and_never_raw(hostile: str) -> None:
    assert not SHOWN_AS_CHIPS.search(hostile)
    assert '<span class="chip">U+202E</span>' in hostile
    assert '<span class="chip">U+D800</span>' in hostile
    assert "\u200c" in hostile
    hostile.encode("utf-8")


def test_the_policy_names_the_style_and_the_script_by_hash(hostile: str) -> None:
    tree = read(hostile)
    head = next(node for node in tree.all() if node.tag == "head")
    first, second = [child for child in head.children if isinstance(child, Node)][:2]
    assert first.attrs == {"charset": "utf-8"}
    assert second.attrs["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.strip().split(" ", 1) for rule in second.attrs["content"].split(";"))
    assert (rules["default-src"], rules["base-uri"], rules["form-action"]) == ("'none'",) * 3
    for tag in ("style", "script"):
        source = re.search(f"<{tag}>(.*?)</{tag}>", hostile, re.DOTALL)
        assert source
        assert rules[f"{tag}-src"] == f"'sha256-{base64.b64encode(hashlib.sha256(source[1].encode()).digest()).decode()}'"


@pytest.mark.parametrize("report", [REPORT, hostile_report()], ids=["news", "hostile"])
def test_ids_are_unique_and_every_link_has_its_target(report: Report) -> None:
    nodes = list(read(render_html(report)).all())
    ids = Counter(node.attrs["id"] for node in nodes if "id" in node.attrs)
    assert set(ids.values()) == {1}
    assert not [name for name in ids if re.search(r"[\s<>\"']", name)]
    assert {node.attrs["href"][1:] for node in nodes if "href" in node.attrs} <= set(ids)
    assert {node.attrs["data-for"] for node in nodes if "data-for" in node.attrs} <= set(ids)


def test_the_same_report_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from browser_support import REPORT; from reports.renderers.html import render_html; "
        "sys.stdout.buffer.write(render_html(REPORT).encode())"
    )
    pages = {run_python(program, str(Path(__file__).parent), PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}
    assert pages == {render_html(REPORT).encode()}


@pytest.mark.parametrize("report", [REPORT, hostile_report()], ids=["news", "hostile"])
def test_both_texts_can_be_read_in_full(report: Report) -> None:
    tree = read(render_html(report))
    for number, comparison in enumerate((timeline.steps[0] for timeline in report.timelines), 1):
        assert column(tree, f"p-{number}", "a") == comparison.a.text
        assert column(tree, f"p-{number}", "b") == comparison.b.text


def test_every_change_is_marked_in_one_place_with_its_old_and_new_words() -> None:
    tree = read(render_html(REPORT))
    for change in NEWS.changes:
        mark = with_id(tree, f"p-1-{change.id}")
        assert mark.attrs["role"] == "suggestion"
        assert mark.attrs["data-kind"] == change.kind
        texts = {node.tag: node.text() for node in mark.all() if node.tag in ("ins", "del")}
        wanted = {"del": change.a and change.a.of(NEWS.a.text).strip(), "ins": change.b and change.b.of(NEWS.b.text).strip()}
        assert texts == {tag: text for tag, text in wanted.items() if text}


def test_old_and_new_words_never_touch() -> None:
    tree = read(render_html(REPORT))
    for mark in with_class(tree, "mark"):
        inner = [child for child in mark.children if isinstance(child, Node)]
        if {"ins", "del"} <= {child.tag for child in inner}:
            assert [child.tag for child in inner] == ["del", "span", "ins"]
            assert inner[1].text() == " "


def test_neighbouring_marks_are_kept_apart_by_a_space() -> None:
    report = report_of("t", compare_by_hand(("edited", "قبل {{wording:س=>}}{{wording:=>ص}} بعد.")))
    cell = next(node for node in read(render_html(report)).all() if node.attrs.get("data-side") == "b")
    assert cell.text() == "قبل س ص بعد."


def test_marks_say_where_they_start_and_end_and_what_they_are() -> None:
    tree = read(render_html(REPORT, lang="en"))
    number = next(change for change in NEWS.changes if change.kind is Kind.NUMBER)
    mark = with_id(tree, f"p-1-{number.id}")
    assert mark.attrs["aria-label"] == "number: from “12” to “15”"
    assert mark.attrs["tabindex"] == "-1"
    assert mark.text("") == "deleted: 12 (end) inserted: 15 (end)"


def test_whole_sentences_are_marked_as_removed_and_added() -> None:
    tree = read(render_html(REPORT))
    for relation, tag, text in (("removed", "del", "سقطت قذائف على الحي."), ("added", "ins", "دخلت شاحنات محملة بالمساعدات.")):
        (row,) = [node for node in with_class(tree, "row") if relation in node.classes]
        assert [node.text() for node in row.all() if node.tag == tag] == [text]
        assert len(with_class(row, "cell")) == 1


def test_a_moved_sentence_and_the_place_it_left_link_to_each_other() -> None:
    tree = read(render_html(REPORT, lang="en"))
    (moved,) = [row for row in with_class(tree, "row") if "moved" in row.classes]
    (left,) = with_class(tree, "departure")
    assert [node.attrs["href"] for node in moved.all() if node.tag == "a"] == ["#" + left.attrs["id"]]
    assert [node.attrs["href"] for node in left.all() if node.tag == "a"] == ["#" + moved.attrs["id"]]
    assert "became the lead" in moved.text()


def test_unchanged_sentences_fold_and_their_cosmetic_changes_are_counted() -> None:
    tree = read(render_html(REPORT, lang="en"))
    article = with_id(tree, "p-1")
    folds = [node.text().strip() for node in article.all() if node.tag == "summary"]
    assert folds == ["1 passage unchanged", "1 passage unchanged · 1 cosmetic change inside"]


def test_a_change_of_the_space_between_sentences_is_marked_and_readable() -> None:
    text_a, text_b = "جملة أولى.  جملة ثانية.\n", "جملة أولى.\nجملة ثانية."
    units = tuple(Unit(UnitRelation.SAME, (n,), (n,)) for n in range(2))
    changes = (Change("c1", Kind.TYPOGRAPHY, Span(10, 12), Span(10, 11)), Change("c2", Kind.TYPOGRAPHY, Span(23, 24), None))
    spans_a, spans_b = (Span(0, 10), Span(12, 23)), (Span(0, 10), Span(11, 22))
    comparison = Comparison(Version("a", text_a), Version("b", text_b), None, 1.0, spans_a, spans_b, units, changes)
    tree = read(render_html(report_of("t", comparison)))
    assert (column(tree, "p-1", "a"), column(tree, "p-1", "b")) == (text_a, text_b)
    assert [node.text() for node in with_id(tree, "p-1-c1").all() if node.tag == "ins"] == ["\n"]
    assert with_id(tree, "p-1-c2").text() == "\n"


def test_a_mark_inside_a_word_is_named_so_that_its_letters_stay_joined() -> None:
    report = report_of("t", compare_by_hand(("edited", "كتا{{wording:ب=>}} جديد {{wording:هنا=>هناك}}.")))
    tree = read(render_html(report))
    assert "part" in with_id(tree, "p-1-c1").classes
    assert "part" not in with_id(tree, "p-1-c2").classes


def test_the_overview_counts_the_sections_and_shows_the_new_ones() -> None:
    tree = read(render_html(REPORT, lang="en"))
    sums = [" ".join(node.text().split()) for node in with_class(tree, "sums")[0].children if isinstance(node, Node)]
    assert sums == ["revised 1", "identical 0", "contained 0", "only in the later 1", "only in the earlier 0"]
    revised, new = with_class(tree, "entry")
    assert "#p-1" in [node.attrs.get("href") for node in revised.all()]
    assert "تعرضت قرية ترملا" in new.text()
    assert [node.attrs for node in new.all() if node.tag == "details"] == [{"open": ""}]


def test_the_totals_fold_the_cosmetic_changes_into_one_number() -> None:
    tree = read(render_html(REPORT, lang="en"))
    totals = [node.text() for node in with_class(tree, "tally")[0].children if isinstance(node, Node)]
    assert totals == [
        "numbers 2",
        "attributions 2",
        "times 1",
        "sentences added 1",
        "sentences removed 1",
        "sentences moved 1",
        "wording 2",
        "cosmetic 2",
    ]


def test_texts_that_belong_to_no_bulletin_are_shown_too() -> None:
    tree = read(render_html(Report("t", (), only_texts=(("x#1", "نص وحيد"),))))
    assert [node.text() for node in with_class(tree, "text")] == ["نص وحيد"]


def test_a_note_about_a_coarser_view_is_shown() -> None:
    tree = read(render_html(report_of("t", replace(NEWS, note="capped at 10 seconds"))))
    assert "capped at 10 seconds" in [node.text() for node in with_class(tree, "note")]


def test_identical_texts_and_an_empty_report_say_so() -> None:
    same = compare_by_hand(("same", "نص."), ("same", "آخر."))
    assert "The two texts do not differ." in render_html(report_of("t", same), lang="en")
    assert "Nothing to compare." in render_html(Report("t", ()), lang="en")


def test_text_that_differs_outside_of_its_changes_is_not_shown() -> None:
    broken = replace(NEWS, changes=NEWS.changes[1:])
    with pytest.raises(RebuildError):
        render_html(report_of("t", broken))


def test_the_direction_of_a_text_is_its_own_and_not_the_page_s() -> None:
    english = compare_by_hand(("edited", "It killed {{number:12=>15}} people."))
    tree = read(render_html(report_of("t", NEWS, english)))
    assert (with_id(tree, "p-1").attrs["dir"], with_id(tree, "p-2").attrs["dir"]) == ("rtl", "ltr")
    assert {node.attrs["lang"] for node in with_class(with_id(tree, "p-1"), "cell")} == {"ar"}
    assert {node.attrs["lang"] for node in with_class(with_id(tree, "p-2"), "cell")} == {""}
    page = next(node for node in tree.all() if node.tag == "html")
    assert page.attrs == {"lang": "ar", "dir": "rtl"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سقوط شهداء", ("rtl", "ar")),
        ("CNN: سقوط شهداء في حلب", ("rtl", "ar")),
        ("پنج گزارش تازه", ("rtl", "")),
        ("שלום", ("rtl", "")),
        ("12 %", ("ltr", "")),
    ],
)
def test_direction_and_language_are_told_by_the_letters(text: str, expected: tuple[str, str]) -> None:
    assert (text_direction(text), html_language(text)) == expected


def test_a_zero_width_non_joiner_is_ordinary_text() -> None:
    assert str(markup_text("می\u200cخواهم\u200d")) == 'می\u200cخواهم<span class="chip">U+200D</span>'


def test_another_language_is_refused_with_the_choice() -> None:
    with pytest.raises(ConfigError, match="ar, en, fr"):
        render_html(REPORT, lang="../ar")


def test_every_language_has_the_same_messages_with_all_its_plurals() -> None:
    loaded = {lang: json.loads((files("reports.messages") / f"{lang}.json").read_text("utf-8")) for lang in CATALOG_LANGUAGES}
    plurals = {"ar": {"zero", "one", "two", "few", "many", "other"}, "en": {"one", "other"}, "fr": {"one", "other"}}
    for lang, messages in loaded.items():
        assert set(messages) == set(loaded["ar"])
        for key, text in messages.items():
            if isinstance(text, dict):
                assert set(text) == (plurals[lang] if "other" in text else set(loaded["ar"][key]))
    assert {*Kind, "added", "removed", "moved", "split", "merged"} <= set(loaded["ar"]["kind"])


@pytest.mark.parametrize(
    ("count", "words"), [(1, "مقطع واحد بلا تغيير"), (2, "مقطعان بلا تغيير"), (3, "3 مقاطع بلا تغيير"), (11, "11 مقطعًا بلا تغيير")]
)
def test_arabic_counts_take_their_plural(count: int, words: str) -> None:
    rows = [("same", f"جملة {n}.") for n in range(count)]
    assert words in render_html(report_of("t", compare_by_hand(*rows)))


def test_what_hides_between_sentences_is_shown_and_plain_white_space_is_not() -> None:
    page = render_html(report_of("x", compare("One ends.\x1c\n\nTwo begins.", "One ends.\x1c\n\nTwo began.")))
    assert '<span class="chip">U+001C</span>' in page.split('<span class="gap">')[0]
    page = render_html(report_of("x", compare("One ends.\n\nTwo begins.", "One ends.\n\nTwo began.")))
    assert '<span class="gap">\n\n</span>' in page


def test_what_is_new_begins_with_sections_that_only_the_later_bulletin_has() -> None:
    digest = with_class(read(render_html(REPORT, lang="en")), "digest")[0]
    first = next(node for node in digest.all() if node.tag == "li")
    assert first.text() == "1 new section: حلب"


def test_the_page_says_what_decided_which_text_is_the_older() -> None:
    older, later = Version("x", "Two men died in Marsa."), Version("y", "Five men died in Marsa.")
    for by, words in (
        (OrderedBy.INPUT, "as the texts stand in the input, the earlier first"),
        (OrderedBy.NEWEST_FIRST, "the newest first, as asked for"),
        (OrderedBy.TIME, "by the times of the texts"),
        (OrderedBy.DATE, "by the date at the start of each text"),
        (OrderedBy.VERSION, "by the numbers of the versions"),
    ):
        html = render_html(Report("t", (compare_versions([older, later], ordered_by=by),)), lang="en")
        assert words in with_class(read(html), "order")[0].text()
    mixed = [compare_versions([older, later], ordered_by=by) for by in (OrderedBy.INPUT, OrderedBy.TIME)]
    found = [node.text() for node in with_class(read(render_html(Report("t", tuple(mixed)), lang="en")), "order")]
    assert found[0].startswith("What tells which text is the earlier differs")
    assert ["by the times" in text for text in found[1:]] == [False, True]


@pytest.mark.parametrize("lang", ["ar", "en", "fr"])
def test_what_a_turned_page_shows_is_the_page_of_the_texts_in_the_other_order(lang: str) -> None:
    texts = [Version("x", "Two men died in Marsa. It rained."), Version("y", "Five men died in Marsa. Schools closed.")]
    html = render_html(Report("t", (compare_versions(texts),)), lang=lang)
    other = render_html(Report("t", (compare_versions(texts[::-1]),)), lang=lang)
    turned = json.loads(next(node.attrs["data-turned"] for node in read(html).all() if "data-turned" in node.attrs))
    assert set(turned) == {"head", "filters", "main"}
    main = next(node for node in read(other).all() if node.tag == "main")
    assert read(turned["main"]).text().split() == main.text().split()
    assert "data-turned" not in {name for node in read(render_html(Report("t", ()))).all() for name in node.attrs}


def test_furniture_that_comes_or_goes_is_counted_and_folded_as_cosmetic() -> None:
    body = "{} people died in a fire in Marsa on Monday.\nThe road is closed."
    a, b = f"{body.format('Two')}\nReporting by Adam Farrow; editing by Sam Hale", f"{body.format('Three')}\nShare on Facebook"
    tree = read(render_html(Report("t", (compare_versions([a, b]),)), lang="en"))
    (tally,) = {" ".join(node.text().split()) for node in with_class(tree, "tally")}
    assert tally == "numbers 1 cosmetic 2"
    assert {node.attrs["data-kind"] for node in with_class(tree, "mark")} == {"number", "furniture"}
    folded = next(node for node in with_class(tree, "fold") if "Share on Facebook" in node.text())
    assert "1 passage unchanged · 2 cosmetic changes inside" in folded.text()


def test_the_headline_of_one_text_is_the_title_of_its_page() -> None:
    def title(*versions: Version) -> str:
        tree = read(render_html(Report("a / b", (compare_versions(versions),))))
        return next(node for node in tree.all() if node.tag == "title").text()

    body = "Two people died when a bridge fell. "
    rain = Version("b", body + "It rained.", title="Bridge falls in Marsa")
    assert title(Version("a", body, title="Bridge falls"), rain) == "Bridge falls in Marsa"
    assert title(Version("a", body), Version("b", "Old bridge falls\n" + body)) == "Old bridge falls"
    assert title(Version("a", body), Version("b", body + "It rained.")) == "a / b"
    assert title(Version("a", body), Version("b", "9 February 2016, Marsa\n" + body)) == "a / b"


def test_alarms_stand_before_the_facts_and_are_folded_where_there_are_many() -> None:
    counts = (9, 30, 8, 29, 7, 28, 6, 27, 5, 26, 4, 25, 3, 24, 2, 23, 1, 22, 0)
    html = render_html(Report("t", (compare_versions([f"Police in Marsa held {count} men on Monday." for count in counts]),)), lang="en")
    assert html.index('class="card alarms"') < html.index('class="card ledger"')
    folded = next(node for node in with_class(read(html), "alarms")[0].all() if node.tag == "details")
    assert "1 more" in folded.text()


QUARTERS = (("North", "northern"), ("South", "southern"))


def test_the_bulletins_are_named_by_the_title_source_and_time_of_their_documents() -> None:
    section = "{}::\nA convoy of nine lorries with flour and medicine reached the {} quarter after a day of talks, {} people said.\n"
    documents = [
        Document(name, "".join(section.format(*each, n) for each in QUARTERS), segmented=True, time=time, source="Coast", title=title)
        for name, title, time, n in (("a", "Evening news", "2026-03-01T20:00", 9), ("b", "Morning news", "2026-03-01T08:00", 3))
    ]
    html = render_html(build_report(find_duplicates(documents), documents, title="t"), lang="en")
    earlier, later = (" ".join(node.text().split()) for node in with_class(read(html), "version") if node.tag == "div")
    assert earlier == "EarlierMorning news Coast 2026-03-01T08:00 b line 2"
    assert later == "LaterEvening news Coast 2026-03-01T20:00 a line 2"
    assert "by the times of the texts" in html
