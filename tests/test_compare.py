"""Comparing: nothing is missed, nothing is invented, words stay whole, exchanging the texts mirrors the answer."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, SEED
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import find_duplicates, read
from reports import Comparison, UnitRelation, Version, compare, render
from reports.comparison import all_runs
from reports.diff.runs import span_of_sentences
from reports.language.sentences import split_sentences
from reports.language.tokens import tokenize

WORDS = [
    "قتل",
    "قُتل",
    "١٥",
    "15",
    "شخصا",
    "شخصاً",
    "أحمد",
    "احمد",
    "في",
    "حلب",
    "CNN",
    "5.5%",
    "10-15",
    "the",
    "Islamic",
    "漢字",
    "٣/٤/٢٠٢٤",
]
MARKS = [".", "،", ",", " ", "  ", "\n", "\u202e", "\u200b", "\u200c", '"', "«", "»", "؟", "-", "\xa0", "\x1b", "\t"]
TEXTS = st.lists(st.sampled_from([*WORDS, " ", " ", ". ", "، ", *MARKS]) | st.characters(), max_size=40).map("".join)
PARTS = st.lists(
    st.sampled_from(["A first sentence.", "Another one here!", "سقط ثلاثة شهداء.", "وقصفت المدفعية البلدة.", "نعم."]), max_size=6
)


def sides(comparison: Comparison) -> list[tuple[str | None, str | None, str]]:
    a, b = comparison.a.text, comparison.b.text
    return [(c.a and c.a.of(a), c.b and c.b.of(b), c.kind.value) for c in comparison.changes]


def rebuilt(comparison: Comparison, side: str) -> str:
    """Return one text put together from the runs of that side, in the order of that text, white space between units from the text."""
    version = getattr(comparison, side)
    spans = sorted((span.start, span.end) for _, runs in all_runs(comparison) for run in runs if (span := getattr(run, side)))
    text, at = "", 0
    for start, end in [*spans, (len(version.text), len(version.text))]:
        assert not version.text[at:start].strip()
        text += version.text[at:start] + version.text[start:end]
        at = end
    return text


@settings(max_examples=1000)
@given(TEXTS, TEXTS)
def test_both_texts_rebuild_and_equal_runs_are_equal(a: str, b: str) -> None:
    comparison = compare(a, b)
    assert (rebuilt(comparison, "a"), rebuilt(comparison, "b")) == (a, b)
    for _, runs in all_runs(comparison):
        for run in runs:
            if run.change is None and run.a and run.b:
                assert run.a.of(a) == run.b.of(b)


NEWS_WORDS = """قال لم لن قد ربما إلى مليون ألف ألفا مئة خمسة عشر وعشرون 5 7 15 ١٥ 2.5 "8" «9» 17-year-old 40-50 بين و50 % بالمئة قبل المقبل
يوم الأحد الاثنين بلدة بلدات حلب وحلب حمص وحمص ne pas veut may said he twenty five and million , . - " ـ"""
NEWS = st.lists(st.sampled_from([*NEWS_WORDS.split(), "\u202e", "  ", "\n"]), max_size=14).map(" ".join)


@settings(max_examples=600)
@given(NEWS, NEWS)
def test_changes_that_grow_or_join_still_rebuild(a: str, b: str) -> None:
    for one, other in ((a, b), (a.replace(" ", ""), b), (a, a.replace("5", "7"))):
        comparison = compare(one, other)
        assert (rebuilt(comparison, "a"), rebuilt(comparison, "b")) == (one, other)


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_equal_and_inserted_runs_alone_give_b(a: str, b: str) -> None:
    comparison = compare(a, b)
    pieces = {}
    for _, runs in all_runs(comparison):
        for run in runs:
            if run.b:  # an equal run is taken from a, as a reader who has only a and the changes would
                pieces[run.b.start] = run.a.of(a) if run.change is None and run.a else run.b.of(b)
    assert "".join("".join(pieces[start] for start in sorted(pieces)).split()) == "".join(b.split())


@settings(max_examples=1000)
@given(TEXTS)
def test_a_text_has_no_difference_to_itself(text: str) -> None:
    comparison = compare(text, text)
    assert comparison.changes == ()
    assert {unit.relation for unit in comparison.units} <= {UnitRelation.SAME}
    assert comparison.similarity == 1.0


SWAP = {UnitRelation.ADDED: UnitRelation.REMOVED, UnitRelation.SPLIT: UnitRelation.MERGED}
SWAP |= {new: old for old, new in SWAP.items()}


def mirror(comparison: Comparison, *, turned: bool) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return units and changes as they are, or with the sides exchanged, in an order that does not depend on the direction."""
    units = [(SWAP.get(u.relation, u.relation), u.b, u.a) if turned else (u.relation, u.a, u.b) for u in comparison.units]
    changes = [(str(c.b), str(c.a), c.kind) if turned else (str(c.a), str(c.b), c.kind) for c in comparison.changes]
    return sorted(units, key=str), sorted(changes, key=str)


def assert_mirrored(a: str, b: str) -> None:
    assert mirror(compare(a, b), turned=False) == mirror(compare(b, a), turned=True)


@settings(max_examples=1000)
@given(PARTS, PARTS)
def test_exchanging_the_texts_mirrors_the_units(a: list[str], b: list[str]) -> None:
    assert_mirrored(" ".join(a), " ".join(b))


@settings(max_examples=1000)
@given(TEXTS, TEXTS)
def test_exchanging_any_texts_mirrors_units_and_changes(a: str, b: str) -> None:
    assert_mirrored(a, b)


@settings(max_examples=1000)
@given(NEWS, NEWS)
def test_exchanging_news_mirrors_units_and_changes(a: str, b: str) -> None:
    assert_mirrored(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("عقد الاجتماع في 15 مارس (آذار) الماضي.", "عقد الاجتماع في 15 آذار (مارس) الماضي."),
        ("تكون الرياح شمالية غربية إلى غربية خفيفة.", "تكون الرياح غربية الى شمالية غربية خفيفة."),
        ("He came in May (Ayyar) to Marsa.", "He came in Ayyar (May) to Marsa."),
        ("Rome to  Paris and back.", "Paris to Rome and back."),
    ],
)
def test_phrases_that_change_places_rebuild_whatever_stands_between(a: str, b: str) -> None:
    assert_mirrored(a, b)


def test_exchanging_the_labelled_pairs_mirrors_units_and_changes() -> None:
    for row in map(json.loads, (ROOT / "seeds/cases/changes.jsonl").read_text("utf-8").splitlines()):
        assert_mirrored(row["a"], row["b"])


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_every_sentence_is_in_one_unit(a: str, b: str) -> None:
    comparison = compare(a, b)
    for side, sentences in (("a", comparison.sentences_a), ("b", comparison.sentences_b)):
        used = sorted(index for unit in comparison.units for index in getattr(unit, side))
        assert used == list(range(len(sentences)))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("قتل 4 أشخاص في حلب.", "قتل 7 أشخاص في حلب.", [("4", "7", "number")]),
        ("سيطر الثوار على البلدة.", "سيطر تنظيم الدولة على البلدة.", [("الثوار", "تنظيم الدولة", "name")]),
        ("قصف حي جوبر.", "قصف حي جوبر وحي القابون.", [(None, " وحي القابون", "name")]),
        ("قصف عنيف على حي جوبر.", "قصف على حي جوبر.", [("عنيف ", None, "wording")]),
        ("قتل ١٥ شخصاً", "قتل 15 شخصا", [("١٥", "15", "typography"), ("شخصاً", "شخصا", "diacritics")]),
        ("قتل شخص، أمس", "قتل شخص, أمس", [("،", ",", "typography")]),
        ("اعلن الوزير", "أعلن الوزير", [("اعلن", "أعلن", "spelling")]),
        ("قَتل الضابط", "قُتل الضابط", [("قَتل", "قُتل", "wording")]),
        ("قال الوزير", "قال\u202e الوزير", [("قال", "قال\u202e", "invisible")]),
        ("قال  الوزير", "قال الوزير", [(" ", None, "typography")]),
        ("One ended.\n\nTwo began.", "One ended. Two began.", [("\n\n", " ", "typography")]),
        ("و المهربين هنا", "والمهربين هنا", [("و المهربين", "والمهربين", "typography")]),
        ("Nothing here changed.", "Nothing here changed.", []),
    ],
)  # fmt: skip
def test_changes_are_whole_words_with_their_kind(a: str, b: str, expected: list[tuple[str | None, str | None, str]]) -> None:
    assert sides(compare(a, b)) == expected


@pytest.mark.parametrize(
    ("a", "b", "units"),
    [
        ("One is here. Two is there.", "One is here. Two is there. Three came.", "same same added"),
        ("One is here. Two is there. Three came.", "One is here. Three came.", "same removed same"),
        ("The long lead of the report stays. The coda.", "The coda. The long lead of the report stays.", "moved same"),
        ("Rain fell in the north and the roads were closed.", "Rain fell in the north. The roads were closed.", "split"),
        ("Rain fell in the north. The roads were closed.", "Rain fell in the north and the roads were closed.", "merged"),
        ("پل کھل گیا۔عوام خوش ہیں۔سڑک بند رہی۔", "پل کھل گیا۔ سڑک بند رہی۔ دکانیں بھی بند ہیں۔", "same removed same added"),
        ("", "All of it is new. Really.", "added added"),
        ("", "", ""),
    ],
)
def test_units_say_what_became_of_each_sentence(a: str, b: str, units: str) -> None:
    assert " ".join(unit.relation.value for unit in compare(a, b).units) == units


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("وصل د. علي إلى حلب. ثم غادر.", 2),
        ("Prices rose 5.5% on Monday. U.S. officials agreed.", 2),
        ("“Is it over?” she asked. “No!”", 3),
        ("سطر أول\nسطر ثان", 2),
        ("第一句。第二句！", 2),
        ("پہلا جملہ۔ دوسرا جملہ۔", 2),
        ("قیمتوں میں اضافہ ہوا۔عوام نے احتجاج کیا۔دکانیں بند رہیں۔", 3),
        ("سڑکیں بند ہوئیں ۔بجلی بھی گئی ۔152 گھر گر گئے۔", 3),
        ("وزیر نے کہا ہے۔۔لوگ آئے۔", 2),
        ("وزیر نے کہا: «پل کھلے گا»۔لوگ خوش ہیں۔", 2),
        ('ڈرائیور نے کہا ہے۔"پل بند تھا"۔', 2),
        ("صدر نے پاک۔چین راہداری کی تعریف کی۔سفیر آئے۔", 2),  # a hyphen
        ("پرواز 300۔777 روانہ ہوئی۔", 1),
        ("ق۔ل۔م کے دفتر میں آگ لگی۔", 1),
        ("ایم۔کیو۔ایم اور پی۔ٹی۔آئی نے جلسہ کیا۔لوگ آئے۔", 2),
        ("ایس۔ ایم۔ ظفر نے خطاب کیا۔", 1),
        ("قیمتوں میں کمی آئی۔ ایم کیو ایم نے جلسہ کیا۔", 2),
        ("1۔ پل کی مرمت\n2۔ سڑک کی مرمت", 2),
        ("کراچی ۔ 12 مئی (اے پی پی) پل کھل گیا۔", 1),
        ("تربت۔16ستمبر(اے پی پی)پل کھل گیا۔سڑک بند ہے۔", 2),
        ("دبئی ۔۔۔۔۔ پل کھل گیا۔", 1),
        ("پل کھل گیا ۔ 12 مزدور زخمی ہیں۔", 2),
        ("بلا نقطة", 1),
        (" \n ", 0),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@given(TEXTS)
def test_sentences_and_tokens_leave_out_nothing_that_is_seen(text: str) -> None:
    for spans in (split_sentences(text), tokenize(text)):
        at = 0
        for span in spans:
            assert span.start >= at
            assert not any(char.isalnum() for char in text[at : span.start])
            at = span.end
        assert not any(char.isalnum() for char in text[at:])


def test_the_sections_of_the_seed_are_compared_in_whole_words() -> None:
    (document,) = read([str(ROOT / SEED)])
    (found,) = find_duplicates([document]).bulletins
    text = document.text
    for match in found.sections:
        one, other = text[match.a.start : match.a.end], text[match.b.start : match.b.end]
        comparison = compare(Version("a", one), Version("b", other))
        assert bool(comparison.changes) == (one != other)
        for change in comparison.changes:
            for version, span in ((comparison.a, change.a), (comparison.b, change.b)):
                for edge in (span.start, span.end) if span else ():
                    assert not version.text[max(0, edge - 1) : edge + 1].isalnum() or edge in (0, len(version.text))


SEED_TRUTH = {
    "دمشق": [("ومن جهة أخرى فقد لوحظ انتشار أمني", None)],
    "ريف دمشق": [("دارت", "تدور"), ("خلالها", "خلالهخا"), ("إلى المدينة", None)],
    "حلب": [(None, '"8"'), (None, '"15"'), (None, '"5"'), (None, "رتيان")],
    "ديرالزور": [("عناصر تنظيم الدولة", "الثوار")],
}


@pytest.mark.parametrize("heading", SEED_TRUTH)
def test_known_changes_of_the_seed_are_marked(heading: str) -> None:
    (document,) = read([str(ROOT / SEED)])
    (found,) = find_duplicates([document]).bulletins
    match = next(match for match in found.sections if match.a.heading == heading)
    comparison = compare(document.text[match.a.start : match.a.end], document.text[match.b.start : match.b.end])
    for old, new in SEED_TRUTH[heading]:
        assert any((old or "") in (x or "") and (new or "") in (y or "") for x, y, _ in sides(comparison)), (old, new)


PATCHED = st.lists(st.sampled_from(["سطر", "line", "x", "", "\u2028odd", "a\tb"]), max_size=8)


@settings(max_examples=60)
@given(PATCHED, PATCHED, st.booleans(), st.booleans())
def test_the_unified_diff_applied_to_a_gives_b(
    tmp_path_factory: pytest.TempPathFactory, a: list[str], b: list[str], end_a: bool, end_b: bool
) -> None:
    if shutil.which("patch") is None:
        pytest.skip("patch is not installed")
    old, new = "\n".join(a) + "\n" * end_a, "\n".join(b) + "\n" * end_b
    file = tmp_path_factory.mktemp("patch") / "text"
    file.write_bytes(old.encode())
    unified = render(compare(old, new), "unified")
    assert bool(unified) == (old != new)
    if unified:
        subprocess.run(["patch", "--posix", "--quiet", str(file)], input=unified.encode(), check=True, capture_output=True)
        assert (file.read_bytes().decode() if file.exists() else "") == new


def pair_of(shape: str) -> tuple[str, str]:
    rng = random.Random(7)
    words = [f"w{rng.randrange(50 if shape == 'repetitive' else 20000)}" for _ in range(10_000)]
    numbered = [f"The town {n} was shelled" for n in range(3_000)]
    return {
        "permuted words": lambda: (" ".join(words), " ".join(rng.sample(words, len(words)))),
        "repetitive": lambda: (" ".join(words), " ".join(rng.sample(words, len(words)))),
        "two words over and over": lambda: ("a b " * 1000, "b b a " * 660),
        "letters without spaces": lambda: ("哈哈呵" * 660, "哈呵哈哈" * 500),
        "marks alone": lambda: ("." * 10_000 + '"' * 5_000 + "x", "! " * 10_000),
        "one line again and again": lambda: ("a\n" * 10_000, "a\n" * 9_990),
        "shuffled lines": lambda: ("\n".join(numbered), "\n".join(rng.sample(numbered, len(numbered)))),
        "shifted lines": lambda: ("\n".join(numbered), "\n\n".join(numbered[7:])),
    }[shape]()


SHAPES = [
    "permuted words", "repetitive", "two words over and over", "letters without spaces", "marks alone", "one line again and again",
    "shuffled lines", "shifted lines",
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_long_and_repetitive_texts_are_compared(shape: str) -> None:
    a, b = pair_of(shape)
    comparison = compare(a, b)
    render(comparison, "html")
    if shape in ("repetitive", "two words over and over", "letters without spaces"):
        assert comparison.note


@pytest.mark.parametrize("text", ["a\n" * 700, " ".join(f"Line {n % 40} is here." for n in range(800))])
def test_a_long_repetitive_text_has_no_difference_to_itself(text: str) -> None:
    assert {unit.relation for unit in compare(text, text).units} == {UnitRelation.SAME}


def test_a_line_put_into_many_like_it_changes_no_other() -> None:
    old = "".join(f"l{n % 2}\n" for n in range(400))
    unified = render(compare(old, old[:600] + "new\n" + old[600:]), "unified")
    assert sum(line[0] in "+-" for line in unified.splitlines()[2:]) == 1


@pytest.mark.parametrize(("a", "b"), [("One.\n", "One."), ("One.", "\nOne.\n\n"), ("One.\nTwo.", "One. Two.")])
def test_white_space_at_the_ends_and_between_sentences_is_recorded(a: str, b: str) -> None:
    comparison = compare(a, b)
    assert {change.kind.value for change in comparison.changes} == {"typography"}
    assert {unit.relation for unit in comparison.units} == {UnitRelation.SAME}


def test_the_json_form_names_every_offset_in_code_points(tmp_path: Path) -> None:
    a, b = "قال \N{GRINNING FACE} الوزير 5 مرات.", "قال \N{GRINNING FACE} الوزير 6 مرات."
    found = json.loads(render(compare(Version("old", a), Version("new", b)), "json"))
    (change,) = found["changes"]
    assert a[change["a"]["start"] : change["a"]["end"]] == change["a"]["text"] == "5"
    assert (found["schema"], found["a"]["id"], found["rebuilds"]) == ("dedup/comparison/1", "old", True)


def test_the_span_of_a_unit_covers_its_sentences() -> None:
    comparison = compare("One is here. Two is there.", "One is here; two is there.")
    assert span_of_sentences(comparison.sentences_a, (0, 1)) == span_of_sentences(comparison.sentences_b, (0,))
