"""Origins of a story: what may not matter does not, and what tells something does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_support import load_bench
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Config, Document
from dedup.origins.direction import Facts, directions
from dedup.origins.edits import edits
from dedup.origins.lineage import Lineage
from dedup.origins.model import DirectionEvidence, Story
from dedup.origins.trace import StoryText, trace
from dedup.sketch.shingle import hash_words

REPORTS = {
    "ar": (
        "أغلقت بلدية لودرين الجسر القديم صباح الاثنين بعد أن ظهرت شقوق في عمودين من أعمدته، وأرسلت مهندسين لفحص بقية الأعمدة "
        "قبل فتح الطريق. وقالت إن الحافلات ستمر من الشارع الشمالي حتى نهاية الشهر، وإن أصحاب المتاجر القريبة سيحصلون على تعويض "
        "عن الأيام التي تتوقف فيها الحركة.",
        "وصل فريق المتسلقين إلى قمة جبل أرفان بعد تسعة أيام من العواصف، ونقل أعضاؤه عينات من الجليد إلى مختبر صغير نصبوه عند "
        "سفح الجبل. ويأمل العلماء أن يعرفوا منها كم كانت حرارة الصيف في القرون الماضية، ثم يعود الفريق إلى العاصمة في مطلع "
        "الأسبوع القادم.",
    ),
    "en": (
        "The town of Lodren closed its old bridge on Monday morning after cracks were seen in two of the pillars, and sent "
        "engineers to look at the others before the road is opened again. Buses will take the northern street until the end of "
        "the month, and shops nearby are to be paid for the days on which nobody can reach them.",
        "A party of climbers reached the top of mount Arvan after nine days of storms and carried samples of ice to a small "
        "laboratory that they had put up at its foot. Scientists hope to learn how warm the summers of past centuries were; "
        "the party will be back in the capital early next week.",
    ),
    "fr": (
        "La ville de Lodren a fermé lundi matin son vieux pont, après que des fissures ont été vues dans deux piliers, et a "
        "envoyé des ingénieurs examiner les autres avant de rouvrir la route. Les autobus passeront par la rue du Nord jusqu'à "
        "la fin du mois, et les magasins voisins seront payés pour les jours perdus.",
        "Une équipe de grimpeurs est arrivée au sommet du mont Arvan après neuf jours de tempête et a porté de la glace dans "
        "un petit laboratoire monté à son pied. Les savants espèrent apprendre combien les étés des siècles passés furent "
        "chauds avant le retour de l'équipe dans la capitale.",
    ),
    "fa": (
        "شهرداری لودرن صبح دوشنبه پل قدیمی را پس از دیده شدن ترک در دو ستون آن بست و مهندسانی را برای بررسی ستون‌های دیگر پیش "
        "از بازگشایی جاده فرستاد. اتوبوس‌ها تا پایان ماه از خیابان شمالی می‌گذرند و مغازه‌های نزدیک برای روزهایی که کسی به "
        "آنها نمی‌رسد پول خواهند گرفت.",
        "گروهی از کوهنوردان پس از نه روز توفان به قله کوه آروان رسیدند و نمونه‌های یخ را به آزمایشگاه کوچکی که در دامنه ساخته "
        "بودند بردند. دانشمندان امیدوارند بدانند تابستان‌های سده‌های گذشته چه اندازه گرم بوده است و گروه آغاز هفته آینده به "
        "پایتخت بازمی‌گردد.",
    ),
    "ur": (
        "لودرین کی بلدیہ نے پیر کی صبح پرانا پل اس وقت بند کر دیا جب اس کے دو ستونوں میں دراڑیں دیکھی گئیں اور سڑک دوبارہ "
        "کھولنے سے پہلے باقی ستون دیکھنے کے لیے انجینئر بھیج دیے۔ بسیں مہینے کے آخر تک شمالی سڑک سے گزریں گی اور قریبی دکانوں "
        "کو ان دنوں کا معاوضہ ملے گا۔",
        "کوہ پیماؤں کی ایک جماعت نو دن کے طوفان کے بعد اروان پہاڑ کی چوٹی پر پہنچی اور برف کے نمونے اس چھوٹی تجربہ گاہ میں لے "
        "گئی جو اس نے دامن میں بنائی تھی۔ سائنس دانوں کو امید ہے کہ وہ جان لیں گے کہ پچھلی صدیوں کی گرمیاں کتنی گرم تھیں۔",
    ),
    "tr": (
        "Lodren belediyesi, iki ayağında çatlaklar görülünce eski köprüyü pazartesi sabahı kapattı ve yol yeniden açılmadan "
        "önce öteki ayaklara bakmaları için mühendisler gönderdi. Otobüsler ay sonuna kadar kuzey caddesinden geçecek, "
        "yakındaki dükkânlara kimsenin ulaşamadığı günler için ödeme yapılacak.",
        "Bir dağcı topluluğu dokuz gün süren fırtınadan sonra Arvan dağının doruğuna ulaştı ve buz örneklerini eteğinde "
        "kurduğu küçük laboratuvara taşıdı. Bilim insanları geçmiş yüzyıllarda yazların ne kadar sıcak olduğunu öğrenmeyi "
        "umuyor; topluluk gelecek hafta başkente dönecek.",
    ),
}
BRIDGE, CLIMB = REPORTS["en"]
SAID = (
    "We shall look at every pillar and at every stone of this bridge, and no bus will cross it before I have walked over "
    "it myself with all of those who built it"
)
HARBOUR = (
    "Fishermen of the western harbour sold their whole catch before noon on Monday because three hotels had lost their "
    "deliveries when lorries had to turn round at the river."
)
LANGUAGES = sorted(REPORTS)
WORDS = ("the", "old", "bridge", "fell", "in", "lodren", "on", "monday", "night", "and", "was", "shut")


def text(name: str, words: str, **about: Any) -> StoryText:
    return StoryText(name, words, Document(name, words, **about))


def traced(texts: Sequence[StoryText]) -> Story:
    return trace("story", texts, Config())


def groups(story: Story) -> set[frozenset[str]]:
    return {frozenset(group.members) for group in story.groups}


def changed(words: str, place: int, word: str) -> str:
    """Return a text with another word at a place."""
    each = words.split(" ")
    each[place % len(each)] = word
    return " ".join(each)


def some_texts(language: str) -> list[StoryText]:
    """Return a story of two origins with three texts and two."""
    one, other = REPORTS[language]
    return [
        text("a", one, source="Morning", time="2031-05-05T08:00"),
        text("b", changed(one, 7, "Lodrenn"), source="Evening", time="2031-05-05T19:00"),
        text("c", changed(one, -3, "Lodrenn"), source="Weekly"),
        text("d", other, source="Morning", time="2031-05-06T08:00"),
        text("e", changed(other, 9, "Arvann"), time="2031-05-07T09:00"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_copies_with_edits_are_one_origin_and_other_reports_another(language: str) -> None:
    story = traced(some_texts(language))
    assert groups(story) == {frozenset("abc"), frozenset("de")}
    assert story.independent_origins == 2


@given(language=st.sampled_from(LANGUAGES), order=st.permutations(range(5)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_texts_does_not_matter(language: str, order: list[int]) -> None:
    texts = some_texts(language)
    assert json.dumps(traced([texts[place] for place in order]).to_dict()) == json.dumps(traced(texts).to_dict())


@given(language=st.sampled_from(LANGUAGES), names=st.permutations(["p", "q", "ق", "0", "z#9"]))
@settings(max_examples=30, deadline=None)
def test_ids_do_not_matter_for_groups(language: str, names: list[str]) -> None:
    texts = some_texts(language)
    renamed = [text(name, each.text, source=each.document.source, time=each.document.time) for name, each in zip(names, texts, strict=True)]
    old = {name: each.id for name, each in zip(names, texts, strict=True)}
    assert {frozenset(old[name] for name in group) for group in groups(traced(renamed))} == groups(traced(texts))


@given(language=st.sampled_from(LANGUAGES), of=st.integers(0, 4), copies=st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_a_copy_never_makes_a_new_origin(language: str, of: int, copies: int) -> None:
    texts = some_texts(language)
    more = [text(f"copy{number}", texts[of].text, source="Another") for number in range(copies)]
    assert traced([*texts, *more]).independent_origins == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("added", LANGUAGES)
def test_an_unrelated_text_adds_exactly_one_origin(language: str, added: str) -> None:
    story = [each for each in some_texts(language) if each.id in "abc"]
    assert traced([*story, text("x", REPORTS[added][1])]).independent_origins == 2


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ("«", "»"), ('"', '"')])
def test_a_quotation_in_another_narration_is_another_origin_and_told(opening: str, closing: str) -> None:
    said = f"{opening}{SAID}{closing}"
    story = traced(
        [
            text("a", f"{BRIDGE} The mayor said: {said}"),
            text("b", f"{HARBOUR} They laughed when they heard the mayor. {said}, he had told them."),
            text("c", BRIDGE),
        ]
    )
    assert groups(story) == {frozenset("ac"), frozenset("b")}
    assert [(each.a, each.b) for each in story.shared] == [("a", "b")]
    assert story.shared[0].words >= 20


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_exchanged_times_turn_the_direction(first: str, second: str) -> None:
    times = {first: "2031-05-05T08:00", second: "2031-05-06T17:00"}
    story = traced([text("a", BRIDGE, time=times["a"]), text("b", changed(BRIDGE, 5, "ancient"), time=times["b"])])
    (carried,) = story.carries
    assert (carried.a, carried.b, carried.evidence) == (first, second, (DirectionEvidence.TIME,))
    assert story.groups[0].first == first


def test_exchanged_credits_turn_the_direction() -> None:
    def facts(source: str, *credited: str) -> Facts:
        return Facts(float("nan"), "", source, frozenset(credited), source, 0)

    held, edited = np.ones((2, 2)), np.zeros((2, 2))
    odds = directions([facts("wire"), facts("paper", "wire")], held, edited).odds
    turned = directions([facts("wire", "paper"), facts("paper")], held, edited).odds
    assert odds[0, 1] > 1
    assert np.array_equal(turned, -odds)
    assert not directions([facts("wire", "paper"), facts("paper", "wire")], held, edited).odds.any()


def test_two_texts_that_credit_a_third_do_not_carry_each_other_for_their_times() -> None:
    texts = [Facts(time, "number", source, frozenset({"wire"}), source, 0) for time, source in ((0.0, "one"), (90_000.0, "two"))]
    held, edited = np.ones((2, 2)), np.zeros((2, 2))
    assert not [*Lineage(texts, held, edited).carries(["a", "b"])]


def test_a_paper_may_cut_its_own_text_that_credits_an_agency() -> None:
    texts = [Facts(float("nan"), "", "paper", frozenset({"wire"}), name, 0) for name in "ab"]
    (carried,) = Lineage(texts, np.array([[1.0, 0.3], [1.0, 1.0]]), np.zeros((2, 2))).carries(["a", "b"])
    assert (carried.a, carried.b, carried.evolved) == ("a", "b", True)


def test_times_of_other_formats_tell_nothing() -> None:
    assert not traced([text("a", BRIDGE, time="1"), text("b", BRIDGE, time="2031-05-06T17:00")]).carries


@pytest.mark.parametrize(
    ("day", "other", "told"),
    [
        ("2031-05-05", "2031-05-05T06:00", []),
        ("5 May 2031", "2031-05-05T23:59", []),
        ("2031-05-05", "2031-05-05", []),
        ("2031-05-05", "2031-05-06T06:00", [("a", "b")]),
        ("2031-05-05", "2031-05-06", [("a", "b")]),
        ("2031-05-05", "2031-05-04T23:59", [("b", "a")]),
    ],
)
def test_a_day_is_not_before_its_hours(day: str, other: str, told: list[tuple[str, str]]) -> None:
    story = traced([text("a", BRIDGE, time=day), text("b", BRIDGE, time=other)])
    assert [(each.a, each.b) for each in story.carries] == told


WIRE = f"LODREN, May 5 (Reuters) - {BRIDGE}"
OWN = f"By our correspondent\n\n{BRIDGE}"


@pytest.mark.parametrize(
    ("paper", "hour", "wire", "told"),
    [
        (OWN, "12:00", WIRE, "By our correspondent"),
        (OWN, "05:00", WIRE, None),  # the agency has it from the paper
        (f"By Jane Roe\n\n{BRIDGE}", "12:00", WIRE, "Jane Roe"),
        (f"By Jane Roe\n\n{BRIDGE}", "12:00", f"{WIRE} (Reporting by Jane Roe)", None),  # who is with the agency
    ],
)
def test_own_people_contradict_the_wording_of_an_agency_that_came_before(paper: str, hour: str, wire: str, told: str | None) -> None:
    texts = [
        text("p", paper, source="Paper", time=f"2031-05-05T{hour}"),
        text("w", wire, source="Reuters", time="2031-05-05T08:00"),
    ]
    found = traced(texts).by_id["p"].contradiction
    assert (found and found.says) == told


def test_copies_of_a_few_words_have_no_words_of_their_own() -> None:
    assert {each.own for each in traced([text("a", "Rain"), text("b", "rain!")]).texts} == {0.0}
    assert {each.own for each in traced([text("a", "Rain"), text("b", "Wind")]).texts} == {1.0}


def test_nothing_is_told_without_evidence() -> None:
    story = traced([text("a", BRIDGE), text("b", changed(BRIDGE, 5, "ancient"))])
    assert story.independent_origins == 1
    assert not story.carries
    assert story.groups[0].probability == pytest.approx(0.5)


@given(hours=st.floats(-200, 200), place=st.integers(0, 40), other=st.integers(0, 40), cut=st.integers(25, 60))
@settings(max_examples=40, deadline=None)
def test_every_direction_has_evidence_and_is_more_probable_than_not(hours: float, place: int, other: int, cut: int) -> None:
    texts = [
        text("a", BRIDGE, time="0"),
        text("b", changed(BRIDGE, place, "perhaps"), time=str(hours * 3600)),
        text("c", " ".join(changed(BRIDGE, other, "maybe").split()[:cut])),
        text("d", changed(BRIDGE, place, "perhaps")),
    ]
    for carried in traced(texts).carries:
        assert carried.evidence
        assert 0.5 < carried.probability <= 1
        assert carried.a != carried.b


def test_what_lacks_most_of_a_text_is_cut_from_it() -> None:
    (carried,) = traced([text("a", " ".join(BRIDGE.split()[:22])), text("b", BRIDGE)]).carries
    assert (carried.a, carried.b, carried.evidence) == ("b", "a", (DirectionEvidence.LENGTH,))


def test_edits_that_one_text_has_alone_make_it_the_later_one() -> None:
    edited = changed(changed(BRIDGE, 6, "ancient"), 30, "lane")
    story = traced([text("a", edited), text("b", BRIDGE), text("c", BRIDGE), text("d", changed(BRIDGE, 45, "firms"))])
    told = {each.b: each for each in story.carries}
    assert {told["a"].a, told["d"].a} <= {"b", "c"}
    assert DirectionEvidence.EDITS in told["a"].evidence
    assert story.groups[0].first in {"b", "c"}


def test_a_text_is_made_from_the_one_whose_slips_it_has() -> None:
    slip = changed(BRIDGE, 6, "brigde")
    copied = changed(slip, 30, "lane")
    texts = [BRIDGE, changed(BRIDGE, 45, "firms"), changed(BRIDGE, 50, "whom"), slip, copied]
    told = {each.b: each.a for each in traced([text(f"t{place}", words) for place, words in enumerate(texts)]).carries}
    assert told["t4"] == "t3"


def test_texts_with_edits_that_the_other_has_not_are_no_copies_of_each_other() -> None:
    texts = [BRIDGE, BRIDGE, BRIDGE, changed(changed(BRIDGE, 6, "ancient"), 20, "gone"), changed(changed(BRIDGE, 40, "firms"), 50, "whom")]
    times = ["2031-05-05T08:00"] * 3 + ["2031-05-06T08:00", "2031-05-08T08:00"]
    told = traced([text(f"t{place}", words, time=time) for place, (words, time) in enumerate(zip(texts, times, strict=True))]).carried_by
    assert told["t4"].a in {"t0", "t1", "t2"}


def test_later_versions_of_one_source_are_ancestors() -> None:
    versions = [BRIDGE, f"{BRIDGE} Nobody was hurt.", f"{BRIDGE} Nobody was hurt. The school stays open."]
    story = traced([text(f"v{place}", words, source="Morning", time=f"2031-05-0{place + 1}T08:00") for place, words in enumerate(versions)])
    assert story.ancestors("v2")[-1:] == ("v1",) or story.ancestors("v2") == ("v0",)
    assert all(each.evolved for each in story.carries)


ODD = {
    "empty": "", "blank": " \n\n \t", "one word": "Lodren", "a mark": "«", "marks": "«»" * 30 + '"' * 31 + "“”‘’„“",
    "open marks": "«" * 500,
    "controls": "\x00\u202e\ufeff",
    "one quotation": f"«{SAID}»", "long": " ".join(f"word{number * number % 7919}" for number in range(12_000)),
    "one long word": "ب" * 100_000,
    "emoji": "🌊" * 50, "surrogate": "\ud800 Lodren",
}  # fmt: skip


@pytest.mark.parametrize("kind", [*ODD])
def test_odd_texts_are_texts(kind: str) -> None:
    story = traced([text("a", BRIDGE), text("b", BRIDGE), text("x", ODD[kind]), text("y", ODD[kind])])
    assert {each.id for each in story.texts} == set("abxy")
    assert all(0 <= each.own <= 1 and 0 <= each.quoted <= 1 for each in story.texts)
    assert story.by_id["a"].group == story.by_id["b"].group != story.by_id["x"].group
    json.dumps(story.to_dict())


def test_a_story_of_odd_texts_alone() -> None:
    assert {each.id for each in traced([text(kind, words) for kind, words in ODD.items()]).texts} == {*ODD}


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_edits_are_counted_alike_in_any_order(rows: list[list[str]]) -> None:
    words = hash_words([" ".join(row) for row in rows])
    found = edits(words)
    turned = edits(words.take(np.arange(len(rows))[::-1]))
    assert np.array_equal(found, turned[::-1, ::-1])
    assert not found.diagonal().any()
    assert (found >= 0).all()
    assert np.array_equal(found[:, 0], edits(words)[:, 0])


def test_two_texts_alone_do_not_tell_whose_word_is_the_edit() -> None:
    assert not edits(hash_words([BRIDGE, changed(BRIDGE, 6, "ancient")])).any()


def test_stories_of_the_benchmark_are_made_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "bench"))
    lineages = load_bench("lineages")
    path = tmp_path / "articles.jsonl"
    reports = [" ".join(each) for each in REPORTS.values()] + [f"{CLIMB} {HARBOUR}"]
    path.write_text("".join(json.dumps({"text": f"{each} {each}"}) + "\n" for each in reports), encoding="utf-8")
    articles = lineages.read(path)
    stories = [lineages.grow(articles, f"1 {number}", "false") for number in range(5)]
    assert stories == [lineages.grow(articles, f"1 {number}", "false") for number in range(5)]
    for story in stories:
        assert all(story.texts[model].seconds < each.seconds for each in story.texts for model in each.models)
        assert len({each.id for each in story.documents()}) == len(story.texts)


def test_a_story_with_too_many_texts_has_the_same_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text(f"{number:02}-{name}", words, time=str(number)) for number in range(8) for name, words in (("b", BRIDGE), ("c", CLIMB))]
    texts.append(text("99", SAID, time="99"))
    whole = traced(texts)
    monkeypatch.setattr("dedup.origins.trace.MOST", 6)
    cut = traced(texts)
    assert groups(cut) == groups(whole)
    assert {group.first for group in cut.groups} == {"00-b", "00-c", "99"}
    assert sorted(each.id for each in cut.texts) == sorted(each.id for each in texts)
    assert {each.b for each in cut.carries} <= {f"0{number}-{name}" for number in range(3) for name in "bc"}
