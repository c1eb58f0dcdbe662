"""Why two texts match or do not: the explanation is the decision that was taken, and both texts are shown with their marks."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from browser_support import HOSTILE
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from test_cli import dedup

from dedup import Config, Document, InputError, Relation, find_duplicates
from dedup.config import EVIDENCE
from dedup.evaluation import explain, find_two, show
from dedup.evaluation.points import GROUPS
from dedup.sketch.shingle import split_words
from dedup.text.words import word_weight
from reports.messages.catalog import CATALOG_LANGUAGES, load_catalog
from reports.renderers.explanation import render_explanation
from reports.renderers.explanation_text import explanation_lines

PAIRS = [json.loads(line) for line in (ROOT / "seeds/cases/pairs.jsonl").read_text("utf-8").split("\n") if line]
OLD = "Two men were killed in Marsa on Monday when the old bridge fell into the river, the police said. The road is closed."
NEW = "Three men were killed in Marsa on Monday when the old bridge fell into the river, the police said. A woman was hurt."
ACTING = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]"


def odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def two(a: str, b: str) -> list[Document]:
    return [Document("a", a), Document("b", b)]


# The decision


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["id"])
def test_the_points_add_up_to_the_probability_of_the_match(pair: dict[str, str]) -> None:
    matches = find_duplicates(two(pair["a"], pair["b"])).matches
    found = explain(two(pair["a"], pair["b"]), "a", "b")
    assert found.relation == (matches[0].relation if matches else None)
    assert found.duplicate == bool(matches and matches[0].relation.duplicate)
    if matches:
        assert found.probability == matches[0].probability
        for name in ("jaccard", "containment_a", "containment_b", "similarity"):
            assert getattr(found.measures, name) == pytest.approx(getattr(matches[0], name), abs=1e-9)
    if found.evidence is None:
        assert found.decided_by in ("copies", "words", "short-texts")
    else:
        points = [group.points for group in found.evidence.groups]
        assert found.evidence.bias + sum(points) == pytest.approx(found.evidence.log_odds, abs=1e-9)
        assert found.probability is not None
        assert found.evidence.log_odds == pytest.approx(odds(found.probability), abs=1e-6)
        assert [abs(each) for each in points] == sorted(map(abs, points), reverse=True)
        assert sum(found.evidence.others.values()) == pytest.approx(1)


WORDS = st.lists(st.sampled_from([*OLD.split(), *NEW.split(), "rain", "7", "مقتل", "في", "漢字"]), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(0, 3)), min_size=2, max_size=5), st.sampled_from([Config(), Config(threshold=0.4)]))
def test_each_pair_among_texts_has_the_relation_that_the_search_finds(texts: list[tuple[list[str], int]], config: Config) -> None:
    # Of each text a few copies: the first one stands for them in the search.
    documents = [
        Document(f"{number}.{copy}", " ".join([*OLD.split()[: 6 * number], *words]) or "rain")
        for number, (words, copies) in enumerate(texts)
        for copy in range(copies + 1)
    ]
    matches = {(match.a.id, match.b.id): match for match in find_duplicates(documents, config).matches}
    for a, b in list(combinations(sorted(document.id for document in documents), 2))[:8]:
        found = explain(documents, b, a, config)
        match = matches.get((a, b))
        assert found.relation == (match and match.relation)
        assert match is None or found.probability == match.probability


def test_a_pair_of_an_overfull_bucket_has_the_relation_that_the_search_finds() -> None:
    told = f"{OLD} Station {{}} reported {{}} and {{}} millimetres."
    documents = [Document(f"{number:02}", told.format(number, number * 7 % 13, number * 11 % 17)) for number in range(40)]
    config = Config(bucket_limit=4, recurrence=4)
    matches = {(match.a.id, match.b.id): match.relation for match in find_duplicates(documents, config).matches}
    pairs = list(combinations([document.id for document in documents], 2))
    assert 0 < len(matches) < len(pairs)
    overfull = 0
    for a, b in pairs[::37]:
        found = explain(documents, a, b, config)
        assert found.relation == matches.get((a, b))
        overfull += found.candidate.overfull and not found.candidate.by
    assert overfull


def test_evidence_of_the_model_is_in_one_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(EVIDENCE)


def test_the_points_are_those_of_the_weights_in_the_settings() -> None:
    config = Config(weights=(0.25, *(0.1 * place for place in range(len(EVIDENCE)))))
    match = find_duplicates(two(OLD, NEW), config).matches[0]
    found = explain(two(OLD, NEW), "a", "b", config)
    assert found.evidence is not None
    assert odds(match.probability) == pytest.approx(found.evidence.bias + sum(group.points for group in found.evidence.groups), abs=1e-6)
    assert match.probability != find_duplicates(two(OLD, NEW)).matches[0].probability


def test_what_decides_without_the_model_is_told() -> None:
    long = OLD + " " + NEW
    for a, b, config, decided, duplicate in (
        (OLD, OLD.upper(), Config(), "copies", True),
        ("Rain.", "Rain falls.", Config(), "words", False),
        ("Oil prices fell sharply on Tuesday", "Oil prices rose sharply on Tuesday", Config(), "short-texts", False),
        (OLD, NEW, Config(threshold=0.95), "threshold", False),
        (long, long + " Rain.", Config(), "model", True),
    ):
        found = explain(two(a, b), "a", "b", config)
        assert (found.decided_by, found.duplicate) == (decided, duplicate)
        assert (found.evidence is not None) == (decided in ("model", "threshold"))
        assert (found.probability is None) == (decided == "words")
        assert (found.short is not None) == (decided == "short-texts")
    limits = explain(two(OLD, NEW), "a", "b", Config(threshold=0.6, min_probability=0.9)).limits
    assert (limits.threshold, limits.min_probability, limits.least_share) == (0.6, 0.9, pytest.approx(0.75))


def test_the_checks_of_short_texts_are_told() -> None:
    found = explain(two("Oil prices fell sharply on Tuesday", "Oil prices rose sharply on Tuesday"), "a", "b")
    assert found.short is not None
    assert found.short.shares_most
    assert found.short.checks["substituted"] is True
    assert found.short.checks["exchanged"] is False


HEADLINES = [json.loads(line) for line in (ROOT / "seeds/cases/pairs_headlines.jsonl").read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize("pair", HEADLINES, ids=lambda pair: pair["id"])
def test_the_points_of_short_texts_add_up_to_the_probability_of_the_match(pair: dict[str, str]) -> None:
    matches = find_duplicates(two(pair["a"], pair["b"])).matches
    found = explain(two(pair["a"], pair["b"]), "a", "b")
    assert found.relation == (matches[0].relation if matches else None)
    if matches:
        assert found.probability == matches[0].probability
    if found.decided_by == "short-texts":
        assert found.short is not None
        assert found.short.bias + sum(found.short.points.values()) == pytest.approx(found.short.log_odds)
        assert [abs(each) for each in found.short.points.values()] == sorted(map(abs, found.short.points.values()), reverse=True)
        assert found.probability is not None
        assert found.probability == pytest.approx(1 / (1 + math.exp(-found.short.log_odds)) if found.short.shares_most else 0)


def test_what_the_settings_forbid_is_told() -> None:
    texts = [Document("a", OLD, source="north"), Document("b", OLD + " Rain.", source="north")]
    found = explain(texts, "a", "b", Config(sources="cross"))
    assert (found.relation, found.candidate.allowed) == (None, False)
    assert found.relation_if_proposed == Relation.REVISION
    assert explain(texts, "a", "b", Config(sources="same")).relation == Relation.REVISION


def test_what_is_counted_can_be_counted_by_hand() -> None:
    one, other = "alpha beta gamma delta epsilon zeta eta theta", "alpha beta gamma delta kappa zeta eta theta iota"
    found = explain(two(one, other), "a", "b", Config(short_words=0))
    measures = found.measures
    # Shingles of three: 6 and 7, of which alpha-beta-gamma, beta-gamma-delta and zeta-eta-theta are in both.
    assert (measures.shared, measures.words) == (3, 8)
    assert measures.jaccard == pytest.approx(3 / 10)
    assert (found.words.longest_run.words, found.words.longest_run.text) == (4, "alpha beta gamma delta")
    # A word weighs its letters less one: epsilon 6 of 30, kappa 4 and iota 3 of 31, and of both epsilon and kappa are substituted.
    assert measures.novelty_a == pytest.approx(6 / 30)
    assert measures.novelty_b == pytest.approx(7 / 31)
    assert measures.swapped == pytest.approx(4 / 30)
    assert [(each.a, each.b, each.weight) for each in found.words.exchanged] == [("epsilon", "kappa", 4)]
    assert [(each.word, each.weight) for each in found.words.only_b] == [("kappa", 4), ("iota", 3)]
    # (1 - (1 - .3 ** 3) ** 42), as for every pair of this Jaccard.
    assert found.candidate.probability == pytest.approx(1 - (1 - 0.3**3) ** 42)
    assert found.to_dict()["measures"]["novelty_b"] == 0.2258


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_the_exchanged_words_weigh_what_is_measured_as_substituted(a: list[str], b: list[str]) -> None:
    texts = " ".join([*OLD.split(), *a]), " ".join([*OLD.split()[3:], *b])
    for one, other in (texts, texts[::-1]):
        found = explain(two(one, other), "a", "b")
        if len(found.words.exchanged) < 12:
            lighter = min(sum(map(word_weight, {*words})) for words in split_words([one, other]))
            assert sum(each.weight for each in found.words.exchanged) / lighter == pytest.approx(found.measures.swapped)


@settings(max_examples=200, deadline=None)
@given(*2 * [st.text(alphabet="ab é9٩اأةه قُ ـ\u200fو漢字ﷺﻻ½ßß -.,\n", max_size=80)])
def test_marks_are_in_order_and_own_words_are_not_in_the_other_text(a: str, b: str) -> None:
    one, other = show([Document("a", f"x {a}"), Document("b", f"x y {b}")], "a", "b")
    for side, against in ((one, other), (other, one)):
        at, there = 0, {*split_words([against.text])[0]}
        for mark in side.marks:
            assert at <= mark.start < mark.end <= len(side.text)
            at = mark.end
            if mark.kind in ("own", "exchanged") and not re.search("[漢字ﷺ]", side.text):  # where words are runs of letters
                assert {*split_words([side.text[mark.start : mark.end]])[0]}.isdisjoint(there)


def test_what_is_not_compared_is_marked_as_furniture() -> None:
    boxed = f"{OLD}\nShare on Facebook Tweet WhatsApp\n{NEW}"
    side = show([Document("a", boxed), Document("b", OLD)], "a", "b")[0]
    assert [side.text[mark.start : mark.end] for mark in side.marks if mark.kind == "furniture"] == ["Share on Facebook Tweet WhatsApp"]
    assert next(side.text[mark.start : mark.end] for mark in side.marks if mark.kind == "run") == OLD[:-1]


def test_words_of_formulas_are_told_with_their_subject() -> None:
    weather = "Heavy rain and strong winds are expected in the {} on {}, with showers and fog, the weather service forecasts."
    found = explain(two(weather.format("north", "Monday"), weather.format("south", "Friday")), "a", "b")
    assert found.formula.kind == "weather"
    assert {"rain", "winds", "showers", "fog"} <= {*found.formula.words}
    assert "north" not in found.formula.words


def test_ids_that_are_not_there_are_refused() -> None:
    texts = [Document("a", OLD), Document("b", NEW), Document("gone", OLD, status="canceled")]
    for names, said in ((("a", "c"), "no text has the id 'c'"), (("gone", "b"), "was withdrawn"), (("a", "a"), "name two")):
        for call in (explain, show, find_two):
            with pytest.raises(InputError, match=said):
                call(texts, *names)


def test_two_texts_are_returned_as_they_were_named() -> None:
    assert [found.document.id for found in find_two(two(OLD, NEW), "b", "a")] == ["b", "a"]
    one, other = show([Document("a", OLD, source="Courier", time="2026-01-02", title="Bridge"), Document("b", NEW)], "b", "a")
    assert (one.id, other.id, other.source, other.time, other.title) == ("b", "a", "Courier", "2026-01-02", "Bridge")
    sections = find_two([Document("d", "North::\nRain falls.\n\nSouth::\nSnow falls.", segmented=True)], "d#1", "d#0")
    assert [found.text.strip() for found in sections] == ["Snow falls.", "Rain falls."]


# The terminal


def lines_of(a: str, b: str, **options: Any) -> list[str]:
    return list(explanation_lines(explain(two(a, b), "a", "b").to_dict(), **options))


def test_the_decisive_evidence_comes_first() -> None:
    lines = lines_of(OLD, NEW)
    assert lines[:2] == ["a: a, 23 words", "b: b, 23 words"]
    points = [
        float(found[1].replace("\N{MINUS SIGN}", "-")) for line in lines if (found := re.match(r"  ([+\N{MINUS SIGN}]?\d\S+)  ", line))
    ]
    assert len(points) == len(GROUPS) + 2
    assert points[: len(GROUPS)] == sorted(points[: len(GROUPS)], key=abs, reverse=True)
    assert sum(points[:-1]) == pytest.approx(points[-1], abs=0.05)
    assert "In the place of others: Two → Three" in lines
    shown = "\n".join(lines)
    assert "[-Two-] men were killed" in shown
    assert "{+Three+} men were killed" in shown
    assert lines[-1].startswith("so: ")


def test_colour_is_added_to_the_same_lines() -> None:
    plain, coloured = lines_of(OLD, NEW), lines_of(OLD, NEW, colour=True)
    assert "\x1b" not in "\n".join(plain)
    without = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in coloured]
    assert [line for line in without if not line.startswith("[-in the")] == [line for line in plain if not line.startswith("[-in the")]
    assert "\x1b[33;7m[-Two-]\x1b[0m" in "\n".join(coloured)


def test_of_long_texts_the_sentences_with_exchanged_words_are_shown() -> None:
    others = " ".join(f"Sentence number {number} is the same in both of the texts." for number in range(60))
    lines = lines_of(f"{OLD} {others}", f"{NEW} {others}")
    shown = "\n".join(lines)
    assert "[-Two-] men" in shown
    assert "number 30" not in shown.split("Text a")[1]
    assert "  …" in lines


def test_every_kind_of_decision_has_words_in_every_language() -> None:
    long = OLD + " " + NEW
    found = [
        explain(two(a, b), "a", "b", config).to_dict()
        for a, b, config in (
            (OLD, OLD.upper(), Config()),
            ("Rain.", "Rain falls.", Config()),
            ("Oil prices fell sharply on Tuesday", "Oil prices rose sharply on Tuesday", Config()),
            (OLD, NEW, Config(threshold=0.95)),
            (long, long + " Rain.", Config()),
            (OLD, "Nothing of this is in the other text, which tells of another thing in a place far away.", Config()),
        )
    ]
    found += [{**found[4], "relation": None, "candidate": {**found[4]["candidate"], name: value}} for name, value in
              (("allowed", False), ("listed", False), ("overfull", True))]  # fmt: skip
    found += [{**found[4], "decided_by": "share"}, *({**found[4], "relation": relation.value} for relation in Relation)]
    for lang in CATALOG_LANGUAGES:
        for each in found:
            assert "{" not in render_explanation(each, lang=lang).split("</style>")[1]
            assert [*explanation_lines(each, lang=lang)]
    subjects = {lang: set(load_catalog(lang).messages["explanation"]["subject"]) for lang in CATALOG_LANGUAGES}
    assert len({frozenset(names) for names in subjects.values()}) == 1


# The page


def test_the_page_needs_no_script_and_shows_both_texts_with_their_marks() -> None:
    page = render_explanation(explain(two(OLD, NEW), "a", "b").to_dict())
    assert "<script" not in page
    assert "script-src" not in page
    assert not re.search(r' style="| on\w+=|https?://', page)
    assert re.search(r'<mark class="exchanged a"><span class="vh">[^<]*</span>Two</mark>', page)
    assert re.search(r'<mark class="exchanged b"><span class="vh">[^<]*</span>Three</mark>', page)
    assert page.count('<svg class="bar"') == len(GROUPS) + 2
    assert '<div class="text" dir="ltr"' in page


def test_the_page_of_arabic_texts_is_in_arabic_from_right_to_left() -> None:
    a, b = ((ROOT / f"tests/texts/{name}.txt").read_text("utf-8") for name in ("morning", "noon"))
    page = render_explanation(explain(two(a, b), "a", "b").to_dict())
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count('<div class="text" dir="rtl" lang="ar">') == 2
    assert '<html lang="en" dir="ltr">' in render_explanation(explain(two(a, b), "a", "b").to_dict(), lang="en")


def test_hostile_texts_do_nothing_on_a_page_or_in_a_terminal() -> None:
    texts = [Document(HOSTILE, f"{OLD} {HOSTILE}", title=HOSTILE, source=HOSTILE, time=HOSTILE), Document("b", f"{NEW} {HOSTILE[::-1]}")]
    found = explain(texts, HOSTILE, "b").to_dict()
    page = render_explanation(found)
    assert "<script>" not in page
    assert "<img" not in page
    assert not re.search(f"{ACTING}|[\ud800-\udfff]", page)
    for colour in (False, True):
        lines = "\n".join(explanation_lines(found, colour=colour))
        assert not re.search(f"{ACTING}|[\ud800-\udfff]", re.sub("\x1b\\[[0-9;]*m", "", lines))


@pytest.mark.browser
def test_the_page_fits_a_narrow_screen_in_both_schemes(tmp_path: Path, browser: Any) -> None:
    a, b = ((ROOT / f"tests/texts/{name}.txt").read_text("utf-8") for name in ("morning", "noon"))
    page = tmp_path / "why.html"
    page.write_text(render_explanation(explain(two(a + "x" * 300, b + HOSTILE.replace("\ud800", "")), "a", "b").to_dict()), "utf-8")
    for width, scheme in ((360, "dark"), (360, "light"), (1280, "light")):
        tab = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
        said: list[str] = []
        tab.on("console", lambda message, said=said: said.append(message.text))
        tab.goto(page.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        tops = tab.evaluate("[...document.querySelectorAll('.beside article')].map(each => each.getBoundingClientRect().top)")
        assert (tops[0] == tops[1]) == (width == 1280)
        assert said == []


# The commands


def write_docs(path: Path) -> None:
    rows = [{"id": "1", "text": OLD, "source": "Courier"}, {"id": "2", "text": NEW, "source": "Herald"}, {"id": "3", "text": "Rain."}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize("command", ["diff", "explain", "show"])
@pytest.mark.parametrize("option", [["--level", "auto"], ["--recursive"]])
def test_what_ids_are_of_is_said_of_ids_only(command: str, option: list[str], tmp_path: Path) -> None:
    for name, text in (("old.txt", OLD), ("new.txt", NEW)):
        (tmp_path / name).write_text(text)
    done = dedup(command, "old.txt", "new.txt", *option, cwd=tmp_path)
    told = f"dedup: {option[0]} goes with --in (try dedup {command} --help)\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", told)


def test_the_commands_take_files_or_ids_among_documents(tmp_path: Path) -> None:
    write_docs(tmp_path / "docs.jsonl")
    (tmp_path / "a.txt").write_text(OLD)
    (tmp_path / "b.txt").write_text(NEW)
    for a, b, more in (("1", "2", ["--in", "docs.jsonl"]), ("a.txt", "b.txt", [])):
        told = dedup("explain", a, b, *more, cwd=tmp_path, NO_COLOR="1").stdout.decode()
        assert told.startswith(f"a: {a}, 23 words\n")
        shown = dedup("show", b, a, *more, cwd=tmp_path).stdout.decode()
        assert shown.index("[-Three-] men") < shown.index("{+Two+} men")
        changed = dedup("diff", b, a, *more, cwd=tmp_path)
        assert (changed.returncode, b"[-Three-] {+Two+}" in changed.stdout) == (1, True)
    for command in ("explain", "show", "diff"):
        done = dedup(command, "1", "9", "--in", "docs.jsonl", cwd=tmp_path)
        assert (done.returncode, b"no text has the id '9'" in done.stderr) == (2, True)
        assert dedup(command, "1", "9", cwd=tmp_path).returncode == 2
    assert b"to name ids" in dedup("show", "1", "9", cwd=tmp_path).stderr


def test_explain_says_why_for_a_person_and_refuses_what_is_not_there(in_root: Path) -> None:
    told = dedup("explain", "tests/texts/morning.txt", "tests/texts/noon.txt").stdout.decode()
    assert told.endswith("so: revision\n")
    assert "Longest common run: 29 words" in told
    assert "\x1b" not in told
    assert "\x1b" in dedup("explain", "tests/texts/morning.txt", "tests/texts/noon.txt", "--color", "always").stdout.decode()
    again = dedup("explain", "tests/texts/morning.txt", "tests/texts/noon.txt", "--format", "json").stdout
    assert json.loads(again)["relation"] == "revision"
    sections = [f"seeds/000_879cb52311c03942.txt#{index}" for index in (46, 52)]
    assert dedup("explain", *sections, "--in", "seeds").stdout.decode().endswith("so: template\n")
    for arguments, said in ((["a", "b", "--in", "seeds"], b"no text has the id 'a'"), ([sections[0]] * 2 + ["--in", "seeds"], b"name two")):
        done = dedup("explain", *arguments)
        assert done.returncode == 2
        assert said in done.stderr


def test_the_page_is_written_beside_what_is_printed(tmp_path: Path) -> None:
    write_docs(tmp_path / "docs.jsonl")
    done = dedup("explain", "1", "2", "--in", "docs.jsonl", "--html", "why.html", "--lang", "fr", "--format", "json", cwd=tmp_path)
    assert done.stderr == b"why.html: 1 page\n"
    schemas = json.loads((ROOT / "docs/reference/objects.json").read_text("utf-8"))["$defs"]
    Draft202012Validator({"$ref": "#/$defs/explanation", "$defs": schemas}).validate(json.loads(done.stdout))
    page = (tmp_path / "why.html").read_text("utf-8")
    assert '<html lang="fr" dir="ltr">' in page
    refused = dedup("explain", "1", "2", "--in", "docs.jsonl", "--html", "docs.jsonl", cwd=tmp_path)
    assert refused.returncode == 2
