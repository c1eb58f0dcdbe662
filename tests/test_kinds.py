"""Kinds of change: numbers by value, the labelled cases, and what may never be folded away as cosmetic."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
import pytest
from conftest import ROOT

from dedup.cli import cli
from reports import Comparison, Kind, compare, render
from reports.diff.edits import EditSide
from reports.kinds.context import SideContext
from reports.kinds.numerals import only_labels
from reports.language.detect import detect_language
from reports.language.lexicon import LANGUAGES as KNOWN
from reports.language.lexicon import load_lexicon
from reports.language.numbers import read_numbers
from reports.language.tokens import Token, tokenize
from reports.messages.catalog import CATALOG_LANGUAGES, load_catalog
from reports.model import Span
from reports.summary.digest import make_digest


def read_cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / f"seeds/cases/{name}.jsonl").read_text("utf-8").splitlines()]


CASES = read_cases("changes")
# What the rules reach on these cases today; they may rise, never fall.
FLOORS = json.loads((ROOT / "tests/floors.json").read_text("utf-8"))

NUMBERS = {
    "ar": [
        ("إحدى عشرة سفينة", ["#11"]),
        ("ستة وثمانون لاجئا", ["#86"]),
        ("مئة وأربعة لاجئين", ["#104"]),
        ("خمسمئة ألف", ["#500000"]),
        ("مليار ومئة مليون درهم", ["#1100000000"]),
        ("850 مليون", ["#850000000"]),
        ("مليوني دولار", ["#2000000"]),
        ("ثلاثة آلاف وخمسمئة وستة وعشرون", ["#3526"]),
        ("ألفا شخص", ["#2000"]),
        ("11 ألفا", ["#11000"]),
        ("مليون ونصف", ["#1500000"]),
        ("نصف مليون", ["#500000"]),
        ("ثلاثة ملايين ونصف مليون", ["#3500000"]),
        ("بين 40 و50", ["#40..50"]),
        ("بين ثلاثة وأربعة", ["#3..4"]),
        ("ثلاثة وأربعة", ["#3", "#4"]),
        ("بلغ -5 درجات", ["#-5"]),
        ("١٥ و 15", ["#15", "#15"]),
        ("62 بالمئة", ["#62%"]),
        ("٪5", ["#5%"]),
        ("عشرات الشهداء", []),
        ("و4 جرافات", ["#4"]),
        ("7,500,000", ["#7500000"]),
    ],
    "en": [
        ("twenty-five people", ["#25"]),
        ("one hundred and twenty-five thousand", ["#125000"]),
        ("two million three hundred thousand", ["#2300000"]),
        ("between two and three", ["#2..3"]),
        ("four and five", ["#4", "#5"]),
        ("1,200 tents", ["#1200"]),
        ("6 per cent", ["#6%"]),
        ("dozens", []),
    ],
    "fr": [
        ("quatre-vingt-dix-sept", ["#97"]),
        ("cent quatre-vingt-dix", ["#190"]),
        ("soixante et onze", ["#71"]),
        ("7\u00a0500", ["#7500"]),
    ],
    "fa": [("بیست و پنج", ["#25"])],
    "ur": [("اٹھارہ", ["#18"])],
    "tr": [("yirmi beş bin", ["#25000"])],
}


@pytest.mark.parametrize(("language", "text", "keys"), [(name, *case) for name, cases in NUMBERS.items() for case in cases])
def test_numbers_are_read_by_value(language: str, text: str, keys: list[str]) -> None:
    assert [token.key for token in read_numbers(text, tokenize(text), load_lexicon(language)) if token.number] == keys


def kinds(a: str, b: str) -> set[Kind]:
    return {change.kind for change in compare(a, b).changes}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The rate rose by 3.5 percent.", "The rate rose by 35 percent."),
        ("Scores of 10-15 were seen.", "Scores of 1015 were seen."),
        ("It began at 12:30 sharp.", "It began at 1230 sharp."),
        ("بلغ المعدل ٣٫٥ درجة", "بلغ المعدل ٣٥ درجة"),
        ("Add ½ of it now.", "Add 12 of it now."),
        ("It costs $5 today.", "It costs €5 today."),
        ("It fell to -5 degrees.", "It fell to 5 degrees."),
        ("About 50% of them left.", "About 50 of them left."),
        ("It changed by +3 points.", "It changed by -3 points."),
        ("Area of 10² metres.", "Area of 102 metres."),
        ("قَتل الضابط الحارس", "قُتل الضابط الحارس"),
        ("رد على صالح", "رد علي صالح"),
        ("He will resign today.", "He will re-sign today."),
        ("Les pêcheurs sont là.", "Les pécheurs sont là."),
    ],
)
def test_what_changes_the_meaning_is_never_cosmetic(a: str, b: str) -> None:
    found = kinds(a, b)
    assert found
    assert not any(kind.cosmetic for kind in found)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["expect"] and all(Kind(e["kind"]).cosmetic for e in c["expect"])], ids=lambda c: c["id"]
)
def test_cosmetic_cases_have_no_substantive_change(case: dict[str, Any]) -> None:
    assert all(kind.cosmetic for kind in kinds(case["a"], case["b"]))


def seen(text: str, span: Span | None) -> set[int]:
    return {place for place in range(span.start, span.end) if not text[place].isspace()} if span else set()


def score(cases: list[dict[str, Any]]) -> dict[str, float]:
    """Return F1 of substantive changes, the share of exact number values, and F1 of units, as the README of the cases defines them."""
    labels, found, said, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    units = Counter[str]()
    for case in cases:
        comparison = compare(case["a"], case["b"])
        texts = {"a": case["a"], "b": case["b"]}
        whole = {side: set[int]() for side in "ab"}
        for unit in comparison.units:
            if unit.relation in ("added", "removed") or (unit.relation == "moved" and not case["expect"]):
                for side, spans in (("a", comparison.sentences_a), ("b", comparison.sentences_b)):
                    whole[side] |= {place for index in getattr(unit, side) for place in seen(texts[side], spans[index])}
        wanted = [(e["kind"], {s: seen(texts[s], Span(*e[f"{s}_at"]) if e[f"{s}_at"] else None) for s in "ab"}, e) for e in case["expect"]]
        given = [(c.kind.value, {s: seen(texts[s], getattr(c, s)) for s in "ab"}, c) for c in comparison.changes]
        given = [
            (kind, span_of_sentences, c)
            for kind, span_of_sentences, c in given
            if any(span_of_sentences.values()) and not all(span_of_sentences[s] <= whole[s] for s in "ab")
        ]
        for kind, span_of_sentences, label in wanted:
            same = [(c, change) for k, c, change in given if k == kind]
            hit = bool(same) and all(
                2 * len(span_of_sentences[s] & set().union(*(c[s] for c, _ in same))) >= len(span_of_sentences[s]) for s in "ab"
            )
            labels[kind] += 1
            found[kind] += hit
            if hit and kind == "number":
                near = max(same, key=lambda each: sum(len(each[0][s] & span_of_sentences[s]) for s in "ab"))[1].quantity
                units["values"] += 1
                units["exact"] += near is not None and (near.a.value, near.b.value) == (label["a_value"], label["b_value"])
        for kind, span_of_sentences, _ in given:
            of_kind = {s: set().union(*(c[s] for k, c, _ in wanted if k == kind)) for s in "ab"}
            said[kind] += 1
            right[kind] += 2 * sum(len(span_of_sentences[s] & of_kind[s]) for s in "ab") >= sum(map(len, span_of_sentences.values()))
        truth = {(u["relation"], tuple(u["a"]), tuple(u["b"])) for u in case["units"]}
        got = {(u.relation.value, u.a, u.b) for u in comparison.units}
        units.update(both=len(truth & got), truth=len(truth), got=len(got))
    substantive = [kind.value for kind in Kind if not kind.cosmetic]

    def f1(names: list[str]) -> float:
        recall = sum(found[n] for n in names) / max(1, sum(labels[n] for n in names))
        precision = sum(right[n] for n in names) / max(1, sum(said[n] for n in names))
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0

    return {
        "substantive_micro_f1": f1(substantive),
        "substantive_macro_f1": sum(f1([name]) for name in substantive) / len(substantive),
        "number_values_exact": units["exact"] / max(1, units["values"]),
        "units_f1": 2 * units["both"] / max(1, units["truth"] + units["got"]),
    }


@pytest.mark.parametrize("name", [name for name in FLOORS if name.startswith(("changes", "field"))])
def test_quality_does_not_fall(name: str) -> None:
    reached = score(read_cases(name))
    assert {measure: value for measure, value in reached.items() if value < FLOORS[name][measure]} == {}, reached


def test_there_are_cases_of_every_kind() -> None:
    found = Counter(label["kind"] for case in (*CASES, *read_cases("field_kinds")) for label in case["expect"])
    assert set(found) == {kind.value for kind in Kind}
    assert len(CASES) >= 150


def test_a_number_carries_values_qualifiers_role_and_difference() -> None:
    (change,) = json.loads(render(compare("سقط نحو خمسة عشر قتيلا في البلدة", "سقط أكثر من 17 قتيلا في البلدة"), "json"))["changes"]
    fields = {name: change[name] for name in ("kind", "a_value", "b_value", "a_qualifier", "b_qualifier", "role", "delta")}
    expected = {
        "kind": "number",
        "a_value": 15,
        "b_value": 17,
        "a_qualifier": "about",
        "b_qualifier": "more_than",
        "role": "قتيلا",
        "delta": 2,
    }
    assert fields == expected


@pytest.mark.parametrize(
    ("a", "b", "values"), [("شهيدين", "3 شهداء", (2, 3)), ("جندي", "جنديين", (1, 2)), ("عشرات الجرحى", "40 جريحا", (None, 40))]
)
def test_duals_bare_nouns_and_vague_counts_have_values(a: str, b: str, values: tuple[float | None, float | None]) -> None:
    (change,) = compare(f"أدى القصف إلى مقتل {a} في المدينة", f"أدى القصف إلى مقتل {b} في المدينة").changes
    assert change.kind is Kind.NUMBER
    assert change.quantity
    assert (change.quantity.a.value, change.quantity.b.value) == values


# One rule a line: what changed, the kinds it has, in the order of the text.
RULES = [
    ("a name that no list has", "زار المبعوث الأممي هانس كيلر المخيم", "زار المبعوث الأممي يان نوفاك المخيم", "name"),
    ("a surname after a title", "كرم الحفل الممثل رفعت الشاذلي أمس", "كرم الحفل الممثل رفعت البلتاجي أمس", "name"),
    ("common words are no names", "ناقش المجلس ترميم السوق العتيق", "ناقش المجلس تأهيل السوق العتيق", "wording"),
    ("an adjective is no name", "وصف الوزير اللقاء بأنه بناء", "وصف الوزير اللقاء بأنه مثمر", "wording"),
    ("a name in Persian", "زلزله شهرستان ورزقان را لرزاند", "زلزله شهرستان اهر را لرزاند", "name"),
    ("a name in Urdu", "میرآباد میں چھت گر گئی", "نورکوٹ میں چھت گر گئی", "name"),
    ("a name at the start", "Halvorsen resigned early.", "Petrescu resigned early.", "name"),
    ("a common word at the start", "Beekeepers resigned early.", "Farmers resigned early.", "wording"),
    ("a title in quotation marks", 'نال فيلم "ملح الأرض" جائزة', 'نال فيلم "رماد الجسر" جائزة', "name"),
    ("two names that change places", "تقدم غسان على ليث في السباق", "تقدم ليث على غسان في السباق", "name name"),
    ("two parties side by side", "اتهمت الحكومة المعارضة بالعرقلة", "اتهمت المعارضة الحكومة بالعرقلة", "name name"),
    ("a town becomes several", "سيطروا على قرية دير الخضر ليلا", "سيطروا على قريتي دير الخضر وتل الحداد ليلا", "name"),
    ("opposed verbs, other forms", "يتوقع الخبراء هطول المطر", "يستبعد الخبراء هطول المطر", "negation"),
    ("obligation to advice", "Residents must boil water.", "Residents should boil water.", "negation"),
    ("a future to a conditional", "Le syndicat va reconduire la grève.", "Le syndicat pourrait reconduire la grève.", "negation"),
    ("no fewer than is no negation", "شرد الفيضان حوالي ألف شخص", "شرد الفيضان ما لا يقل عن 1500 شخص", "number"),
    ("a connective with غير is no negation", "هبط السعر لكن المحال أغلقت", "هبط السعر غير أن المحال أغلقت", "wording"),
    ("a number joined to its preposition", "رميت المدينة بأربعين صاروخا", "رميت المدينة بسبعين صاروخا", "number"),
    ("a month of two words", "أرجئ النظر إلى 25 تشرين الأول", "أرجئ النظر إلى 30 تشرين الأول", "time"),
    ("a part of a day", "تنظر المحكمة صباح غد في الطعن", "تنظر المحكمة عصر غد في الطعن", "time"),
    ("a phrase that says when", "يبدأ العمل بعد عطلة العيد", "يبدأ العمل مطلع الشهر المقبل", "time"),
    ("a month with its ending", "Tren seferleri martta başlayacak.", "Tren seferleri eylülde başlayacak.", "time"),
    ("an age is a number", "أوقف رجل يبلغ 52 عاما هنا", "أوقف رجل يبلغ 25 عاما هنا", "number"),
    ("a name, then a time", "سقط في شارع الكندي قرابة العاشرة ليلا", "سقط في شارع ابن رشد عند منتصف الليل", "name time"),
    ("a mark and a word", "هبط السعر، لكن البيع مستمر", "هبط السعر. غير أن البيع مستمر", "typography wording"),
    ("quotation marks around a title", 'تطبيق "جيراني" معطل', "تطبيق «جيراني» معطل", "typography"),
    ("hidden marks around a number", "سجلت \u200f64\u200f حالة", "سجلت 64 حالة", "invisible invisible"),
    ("digits that touch a word", "The curfew begins at 8pm.", "The curfew begins at 10pm.", "time"),
    ("a verb that agrees with a name", "تسلم بشير عواضة رئاسة المجلة", "تسلمت نوال شمس الدين رئاسة المجلة", "name"),
    ("the subject between its verb and that", "أوضح ناطق باسم النقابة أن", "أوضحت رئيسة النقابة هدى السالمي أن", "attribution"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "expected"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES])
def test_each_rule_gives_its_kinds(a: str, b: str, expected: str) -> None:
    assert " ".join(change.kind for change in compare(a, b).changes) == expected


def lines(a: str, b: str, language: str) -> list[str]:
    return [line.text.replace("\N{RIGHT-TO-LEFT MARK}", "") for line in make_digest(compare(a, b), load_catalog(language))]


def test_the_digest_says_what_is_new_heaviest_first() -> None:
    old = "قال مصدر أمني إن 12 شخصا قتلوا في حلب. وتوقفت المدارس."
    new = "قال متحدث عسكري إن 15 شخصا قتلوا في حمص. وتوقفت المدارس. ووصلت فرق الإنقاذ."
    found = lines(old, new, "ar")
    assert found[0] == "قتلى: حلب 12 ← حمص 15"
    assert [line.split(":")[0] for line in found] == ["قتلى", "الاسم", "المصدر", "جملة جديدة"]


def test_the_digest_says_the_same_change_once() -> None:
    old = "Rebels left Marsa. Rebels took Sirte. Rebels lost Tripoli on Monday."
    found = lines(old, old.replace("Rebels", "Soldiers"), "en")
    assert [line.partition(": ")[2] for line in found] == ["Rebels → Soldiers ×3 — “Soldiers left Marsa”"]


def test_the_digest_is_silent_about_what_is_cosmetic() -> None:
    assert lines("قُتل ١٥ شخصا", "قتل 15 شخصًا", "ar") == []


def test_the_digest_speaks_every_language_and_stays_short() -> None:
    old, new = (" ".join(f"Town {n} lost {n + shift} homes on Monday." for n in range(30)) for shift in (1, 2))
    for language in CATALOG_LANGUAGES:
        found = lines(old + " Gone.", "New lead here. " + new, language)
        assert 2 <= len(found) <= 7
        assert max(map(len, found)) <= 100


def test_every_catalogue_can_be_chosen() -> None:
    chosen = next(option for option in cli.get_command(click.Context(cli), "diff").params if option.name == "lang")
    assert tuple(chosen.type.choices) == ("auto", *CATALOG_LANGUAGES)


def test_catalogues_have_the_same_messages() -> None:
    def names(messages: dict[str, Any]) -> set[str]:
        return set(messages) | {f"{name}.{inner}" for name in ("kind", "tally", "relation") for inner in messages[name]}

    assert names(load_catalog("ar").messages) == names(load_catalog("en").messages) == names(load_catalog("fr").messages)


def test_lexicons_have_the_same_lists() -> None:
    data = {name: json.loads((ROOT / f"reports/language/data/{name}.json").read_text("utf-8")) for name in KNOWN}
    assert len({frozenset(lists) for lists in data.values()}) == 1
    assert all(lists["source"] for lists in data.values())


@pytest.mark.parametrize(
    "pair", [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").splitlines()][::4], ids=lambda p: p["id"]
)
def test_languages_are_told_apart(pair: dict[str, str]) -> None:
    if pair["lang"] in KNOWN:
        assert detect_language(pair["a"]) == pair["lang"]


def substantive(comparison: Comparison) -> int:
    return sum(not change.kind.cosmetic for change in comparison.changes)


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case["id"])
def test_exchanging_the_texts_keeps_what_is_substantive(case: dict[str, Any]) -> None:
    assert bool(substantive(compare(case["a"], case["b"]))) == bool(substantive(compare(case["b"], case["a"])))


class Looked(tuple[Token, ...]):
    """Tokens that count how many of them are looked at."""

    seen: list[int]

    def __iter__(self) -> Iterator[Token]:
        for token in super().__iter__():
            self.seen[0] += 1
            yield token

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        self.seen[0] += len(found) if isinstance(key, slice) else 1
        return found


@pytest.mark.parametrize("line", ["The town {} was shelled.\n", "قصفت البلدة {} اليوم.\n", "Engine {} came in May 2024.\n"])
def test_a_number_in_a_long_text_is_told_by_what_stands_around_it(line: str) -> None:
    text = "".join(line.format(number) for number in range(2_000))
    lexicon = load_lexicon(detect_language(text))
    tokens = Looked(read_numbers(text, tokenize(text), lexicon))
    tokens.seen = [0]
    place = next(place for place in range(len(tokens) // 2, len(tokens)) if tokens[place].number is not None)
    span = Span(tokens[place].start, tokens[place].end)
    tokens.seen[0] = 0
    side = SideContext.of(EditSide(span, tokens, place, place + 1), text, lexicon)
    only_labels(side)
    side.is_month(-1)
    side.is_month(1)
    assert tokens.seen[0] < 500
