"""Headlines and other short texts: which say the same. Half spaces, numbers in words, and forms of words."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from importlib.resources import files
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Document, find_duplicates
from dedup.index.gate import Gate
from dedup.index.index import Index
from dedup.kernels.protocol import LINKED, SUBSTITUTED
from dedup.pipeline import relate_texts
from dedup.sketch.shingle import split_words
from dedup.text.contrasts import are_of_one_kind, are_opposites
from dedup.text.fold import fold
from dedup.text.near_words import are_near
from dedup.text.number_words import with_numbers
from dedup.text.spellings import with_one_spelling
from dedup.text.word_forms import word_forms
from dedup.text.word_lists import LANGUAGES, word_lists
from dedup.verification.headline import Headline
from dedup.verification.headline_table import HeadlineTable
from dedup.verification.headlines import compare_short
from dedup.verification.patterns import patterns_of
from dedup.verification.same_story import check_story, is_same_story, story_probabilities
from dedup.verification.story_checks import StoryChecks

PAIRS = [json.loads(line) for line in (ROOT / "seeds/cases/pairs_headlines.jsonl").read_text("utf-8").splitlines()]
WORDS = (
    "not",
    "four",
    "4",
    "wife",
    "of",
    "the",
    "port",
    "opens",
    "opened",
    "lodren",
    "norvik",
    "by",
    "to",
    "from",
    "و",
    "لا",
    "قتل",
    "5",
    "خمسة",
)
DUPLICATES = {"identical", "revision"}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["id"])
def test_two_headlines_are_one_story_or_two(pair: dict[str, Any]) -> None:
    found, turned = relate_texts(pair["a"], pair["b"]), relate_texts(pair["b"], pair["a"])
    assert (found is not None and found.duplicate) == (pair["relation"] in DUPLICATES)
    assert turned == (found and found.mirrored)


def test_the_index_decides_on_headlines_as_the_search_does() -> None:
    documents = [Document(f"{pair['id']}/{side}", pair[side]) for pair in PAIRS for side in "ab"]
    searched = {(match.a.id, match.b.id) for match in find_duplicates(documents).matches if match.relation.duplicate}
    with Index.open(":memory:", keep_texts=False) as index:
        gate = Gate(index)
        for document in documents:
            list(gate.decide_all([document]))
        held = {frozenset(cluster.members) for cluster in index.clusters()}
    assert held == {frozenset(cluster.members) for cluster in find_duplicates(documents).clusters}
    assert searched >= {(f"{pair['id']}/a", f"{pair['id']}/b") for pair in PAIRS if pair["relation"] in DUPLICATES}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "والقوات", "القوات"), ("ar", "يفوز", "تفوز"), ("ar", "اعتقال", "تعتقل"), ("ar", "إغلاق", "يغلق"), ("ar", "تعليق", "تعلق"),
        ("ar", "نفى", "تنفي"), ("ar", "دولار", "دولارا"), ("ar", "المدنيون", "مدنيين"), ("ar", "للجيش", "الجيش"), ("ar", "مغادرة", "تغادر"),
        ("ar", "إلغاء", "تلغي"), ("ar", "إقالة", "يقيل"), ("ar", "استقالته", "يستقيل"), ("ar", "إيقاف", "يوقف"), ("ar", "تراجع", "يتراجع"),
        ("ar", "روسية", "روسيا"), ("ar", "استخدامها", "تستخدم"),
        ("en", "organise", "organizes"), ("en", "harbours", "harbor"), ("en", "organisations", "organization"),
        ("en", "plan", "planning"), ("en", "cities", "city"), ("en", "strike", "striking"),
        ("fr", "tués", "tuées"), ("fr", "bloque", "bloqué"), ("fr", "navires", "navire"),
        ("fa", "کتاب‌ها", "کتاب‌های"), ("ur", "دھماکہ", "دھماکے"), ("tr", "limanı", "limanda"),
    ],
)  # fmt: skip
def test_forms_of_one_word(language: str, one: str, other: str) -> None:
    assert word_forms(*fold(one).split(), language) & word_forms(*fold(other).split(), language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "النيجر", "نيجيريا"), ("ar", "الحسن", "الحسين"), ("ar", "انخفاض", "ارتفاع"), ("ar", "ملايين", "مليارات"),
        ("ar", "سرمين", "جسرين"),
        ("ar", "شاب", "شابة"), ("ar", "الناشط", "الناشطة"), ("ar", "اللاعب", "اللاعبون"), ("ar", "أعمال", "عمالة"),
        ("ar", "طفل", "طفلين"), ("ar", "صحفي", "صحفيين"), ("ar", "إعلام", "تعليم"), ("ar", "الغربي", "الشرقي"),
        ("ar", "يستقيل", "سيستقيل"), ("en", "woman", "women"), ("en", "appointed", "disappointed"), ("en", "sunday", "monday"),
        ("en", "niger", "nigeria"), ("en", "teacher", "teachers"), ("en", "plan", "plane"), ("en", "tour", "tor"), ("en", "prise", "prize"),
        ("en", "increase", "decrease"),
        ("fr", "autriche", "australie"), ("fr", "soldat", "soldats"), ("fa", "می‌کند", "نمی‌کند"), ("tr", "edecek", "etmeyecek"),
        ("tr", "çocuk", "çocuklar"), ("ur", "لڑکا", "لڑکی"),
    ],
)  # fmt: skip
def test_words_with_like_letters_are_not_forms_of_one(language: str, one: str, other: str) -> None:
    assert not word_forms(*fold(one).split(), language) & word_forms(*fold(other).split(), language)


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("en", "one hundred and five", ["#105"]), ("en", "two thousand three hundred", ["#2300"]), ("en", "3 million", ["#3000000"]),
        ("en", "5 four", ["#5", "#4"]), ("en", "flight a320 at 007", ["flight", "a320", "at", "#007"]), ("en", "5%", ["#5", "%"]),
        ("ar", "ثلاثة وعشرين ألفا", ["#23000"]), ("ar", "خمسة عشر", ["#15"]), ("ar", "مئتان وخمسون", ["#250"]),
        ("ar", "أربعة و5", ["#4", "و", "#5"]),
        ("ar", "25عام", ["#25", "عام"]), ("ar", "ثلاثة ملايين", ["#3000000"]), ("ar", "الحادي عشر", ["الحادي", "#10"]),
        ("fr", "vingt et un", ["#21"]), ("fr", "vingt-deux", ["#22"]), ("fr", "quatre-vingt-dix-sept", ["#97"]),
        ("tr", "on iki", ["#12"]), ("ar", "مئة وخمسة", ["#105"]),
        ("fa", "بیست و سه", ["#23"]),
        ("tr", "yirmi üç", ["#23"]),
        ("ur", "دو لاکھ", ["#200000"]),
    ],
)  # fmt: skip
def test_numbers_in_words_have_values(language: str, text: str, tokens: list[str]) -> None:
    found = with_numbers(fold(text).split(), word_lists(language))
    assert found == [fold(token).strip() if token[0] not in "#%" else token for token in tokens]


def test_lists_of_words_hold_no_contradictions() -> None:
    for language in LANGUAGES:
        lists = word_lists(language)
        assert not lists.function & lists.turning.keys(), language
        assert not lists.light & lists.turning.keys(), language
        assert not lists.same.keys() & (lists.turning.keys() | lists.function | lists.light), language
        assert not (lists.numbers.keys() | lists.scales.keys()) & (lists.turning.keys() | lists.light), language


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "مصرع", "مقتل"), ("ar", "يوقف", "يحتجز"), ("ar", "القتل", "يقتل"), ("ar", "احتجاج", "يحتجون"), ("ar", "إنقاذني", "إنقاذ"),
        ("ar", "ليبرالي", "ليبرال"), ("ar", "مدينة", "مدنية"), ("ar", "شتراسبورغ", "شتراسبرغ"),
        ("en", "vows", "pledge"), ("en", "plunged", "tumbles"), ("en", "zelensky", "zelenskyy"), ("en", "police", "officers"),
        ("fr", "poursuivent", "continue"), ("fr", "incendies", "feu"), ("fa", "بازداشت", "دستگیری"), ("tr", "depremde", "sarsıntı"),
        ("ur", "زخمی", "مجروح"),
    ],
)  # fmt: skip
def test_near_words(language: str, one: str, other: str) -> None:
    words = [*fold(one).split(), *fold(other).split()]
    assert are_near(*words, language)
    assert are_near(*reversed(words), language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "وفاة", "مقتل"), ("ar", "رفض", "قبول"), ("ar", "كاتب", "مكتب"), ("ar", "سليماني", "سلماني"),
        ("ar", "الحسن", "الحسين"), ("ar", "صادرات", "واردات"), ("ar", "يناقش", "يقر"), ("ar", "بولندا", "تايلاند"),
        ("en", "slovakia", "slovenia"), ("en", "hansen", "jansen"), ("en", "kills", "wounds"), ("en", "approves", "delays"),
        ("en", "johansen", "johnson"), ("fr", "hausse", "baisse"), ("fa", "خرید", "فروش"), ("tr", "ihracat", "ithalat"),
        ("ur", "جیت", "ہار"),
    ],
)  # fmt: skip
def test_words_that_are_not_near(language: str, one: str, other: str) -> None:
    words = [*fold(one).split(), *fold(other).split()]
    assert not are_near(*words, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "الأحد", "الأربعاء"), ("ar", "المصرية", "الفرنسية"), ("ar", "دولار", "ليرة"), ("ar", "رجل", "امرأة"),
        ("ar", "الذهب", "النفط"),
        ("en", "monday", "friday"), ("en", "kenya", "ugandan"), ("en", "doctors", "nurses"), ("fr", "mardi", "jeudi"),
        ("fa", "عراق", "ترکیه"),
        ("tr", "pazartesi", "cuma"), ("ur", "پنجاب", "سندھ"),
    ],
)  # fmt: skip
def test_words_of_one_kind(language: str, one: str, other: str) -> None:
    assert are_of_one_kind(*fold(one).split(), *fold(other).split(), language)


def test_no_near_words_are_opposites() -> None:
    near = json.loads((files("dedup.text") / "data" / "near.json").read_text("utf-8"))
    for language in LANGUAGES:
        for group in near[language]:
            words = fold(group).split()
            assert not [(one, other) for one in words for other in words if are_opposites(one, other, language)], (language, group)


def test_checks_of_many_pairs_are_those_of_each() -> None:
    short = dict(enumerate(split_words([pair[side] for pair in PAIRS for side in "ab"])))
    left, right = np.arange(0, len(short), 2), np.arange(1, len(short), 2)
    shared, probability = compare_short(short, left, right)
    turned = compare_short(short, right, left)
    assert (turned[0] == shared).all()
    assert (turned[1] == probability).all()
    for one, other, shares, found in zip(left.tolist(), right.tolist(), shared.tolist(), probability.tolist(), strict=True):
        alone = check_story(Headline.of(short[one]), Headline.of(short[other])).probability
        assert found == (alone if shares else 0.0)


def test_contributions_say_which_checks_decided() -> None:
    texts = "Mayor praises plan to widen the harbour road", "Mayor slams plan to widen the harbour road"
    checks = check_story(*(Headline.of(fold(text).split()) for text in texts))
    lowest = min(checks.contributions, key=lambda name: checks.contributions[name])
    assert (checks.substituted, lowest) == (True, "substituted")
    assert checks.probability == pytest.approx(1 / (1 + math.exp(-sum(checks.contributions.values()))))


@pytest.mark.parametrize("check", ["turned", "exchanged", "opposed", "contrasted"])
def test_another_fact_outweighs_all_other_checks(check: str) -> None:
    checks = StoryChecks(False, False, False, False, False, False, 0.0, 0.0, 0, 3)
    assert replace(checks, **{check: True}).probability < 0.5 < checks.probability


def test_arabic_is_left_as_it_is() -> None:
    text = "ها هي مي زيادة تكتب، ها نحن نقرأ"
    assert with_one_spelling([text]) == [text]


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.data(),
)
def test_the_order_of_two_headlines_makes_no_difference(words: list[str], data: st.DataObject) -> None:
    one = [*words, "harbour"]
    other = data.draw(st.permutations(one))[: data.draw(st.integers(1, len(one)))]
    assert is_same_story(Headline.of(one), Headline.of(other)) == is_same_story(Headline.of(other), Headline.of(one))
    assert is_same_story(Headline.of(one), Headline.of(one))


FILLERS = {
    "en": "brindlow sprintek reopens stranded monday friday warsaw 4 5 city not with praises slams storm explosion",
    "ar": "تلكوف مرزاقي الكتلاف الاثنين الجمعه بولندا يتلكف بالتلال بمرزاق المدينه 4 5 لا في مدينه مصرع الاحتفال",
}


@pytest.mark.parametrize("language", FILLERS)
def test_headlines_of_one_pattern_are_told_as_one_by_one(language: str) -> None:
    rng, fillers, lists = random.Random(3), FILLERS[language].split(), word_lists(language)
    frame = {"en": ["harbour", "mayor", "talks"], "ar": ["ميناء", "اتفاق", "سفينه"]}[language]
    frame += [rng.choice(sorted(words)) for words in (lists.function, lists.locative, lists.agents)]
    said, patterns = 0.0, 0
    for _ in range(40):
        one = [*rng.sample(frame, rng.randint(2, 4)), "X", "Y"]
        rng.shuffle(one)
        other = [word for word in one if rng.random() < 0.9]
        rng.shuffle(other)
        other[rng.randrange(len(other))] = rng.choice("XYZ")
        texts = [[*one, "|", *other] if rng.random() < 0.7 else [*one, "|", *[{"X": "Z"}.get(word, word) for word in one]]] * 200
        some = rng.sample(fillers, 7)
        filled = [[rng.choice(some) for _ in "XYZ"] for _ in texts]
        sides = [[], []]
        for text, words in zip(texts, filled, strict=True):
            whole = [dict(zip("XYZ", words, strict=True)).get(word, word) for word in text]
            for side, part in zip(sides, (whole[: len(one)], whole[len(one) + 1 :]), strict=True):
                side.append(Headline.of(part))
        places, table = np.arange(len(texts)), HeadlineTable.of([*sides[0], *sides[1]])
        found = story_probabilities(table, places, places + len(texts))
        assert found.tolist() == [check_story(*pair).probability for pair in zip(*sides, strict=True)]
        said += float(found.sum())
        shares = table.compare(places, places + len(texts))[1]
        patterns += len(patterns_of(table, places, places + len(texts), shares).keys)
    assert 100 < said < 7000
    assert 100 < patterns < 5000  # of 8,000 pairs


def test_a_crowd_of_one_formula_has_few_patterns() -> None:
    rng = random.Random(2)
    names = ["".join(rng.choice("bdfgklmnprtv") + rng.choice("aou") for _ in range(4)) for _ in range(300)]
    crowd = [Headline.of(f"mayor of {rng.choice(names)} meets mayor of {rng.choice(names)} on harbour road".split()) for _ in range(300)]
    table = HeadlineTable.of(crowd)
    one, other = (np.array(side) for side in zip(*combinations(range(300), 2), strict=True))
    assert len(patterns_of(table, one, other, table.compare(one, other)[1]).keys) < len(one) / 500


def test_one_pair_has_a_pattern() -> None:
    table = HeadlineTable.of([Headline.of(["port", "of", "marsa", "reopens"]), Headline.of(["marsa", "port", "reopens"])])
    found = patterns_of(table, np.array([0]), np.array([1]), np.zeros((1, 2)))
    assert (len(found.keys), found.places.tolist(), found.examples.tolist()) == (1, [0], [0])


@pytest.mark.parametrize("tokens", [["a" * size for size in range(1, 1500)], ["harbour", "x" * 400_000, "x" * 399_999]])
def test_long_words_and_words_that_begin_with_each_other_take_little_time(tokens: list[str]) -> None:
    frame = ["mayor", "opens", "bridge", "road", "tunnel", "today", "with"]
    table = HeadlineTable.of([Headline.of([*frame, token]) for token in tokens])
    one, other = (np.array(side) for side in zip(*[(0, number) for number in range(1, len(tokens))], strict=True))
    shown = table.compare(one, other)[0]
    assert [*shown] == [LINKED if token.startswith(tokens[0]) or tokens[0].startswith(token) else SUBSTITUTED for token in tokens[1:]]
