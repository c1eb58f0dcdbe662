"""Credits: what a text names as where it comes from, in its fields, its dateline, its signature, and inside of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Config, Document
from dedup.errors import ConfigError, InputError
from dedup.stories import find_origins
from dedup.text.credits import credits_of, source_name
from dedup.text.sources import agency_spellings, known_sources
from dedup.text.word_lists import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
CASES = [json.loads(line) for line in (ROOT / "seeds/cases/credits.jsonl").read_text("utf-8").splitlines()]
RAIN = "قال رئيس بلدية مرسى إن الجسر القديم أغلق أمس بعد أمطار غزيرة."


def named(text: str, **options: Any) -> list[tuple[str, str, str]]:
    return [(each.name, each.kind, each.place) for each in credits_of(text, **options)]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_text_has_the_credits_that_a_reader_sees(case: dict[str, Any]) -> None:
    found = named(case["text"], source=case.get("source"), byline=case.get("byline"))
    assert found == [tuple(each) for each in case["expect"]], case.get("comment")


def test_all_languages_have_cases_with_and_without_credits() -> None:
    assert {case["id"][:2] for case in CASES} == {*LANGUAGES}
    assert {case["id"][:2] for case in CASES if not case["expect"]} >= {"ar", "en", "fr", "tr", "fa", "ur"}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_credit_says_where_it_stands(case: dict[str, Any]) -> None:
    found = credits_of(case["text"], source=case.get("source"), byline=case.get("byline"))
    for credit in found:
        assert (credit.start is None) == (credit.end is None) == (credit.place == "field")
        if credit.start is not None and credit.end is not None:
            assert case["text"][credit.start : credit.end].strip()
    places = [credit.start if credit.start is not None else -1 for credit in found]
    assert places == sorted(places)


def test_only_what_is_cited_carries_nothing() -> None:
    dateline, cited = credits_of("MARSA (Reuters) - Rain fell, the mayor told AFP on Monday.")
    assert (dateline.carries, cited.carries) == (True, False)
    assert cited.to_dict() == {"name": "afp", "kind": "agency", "place": "cited", "start": 44, "end": 47}


def test_a_source_that_is_cited_often_is_one_credit() -> None:
    assert named("The mayor told AFP so. The owner told AFP so.") == [("afp", "agency", "cited")]


def test_texts_about_agencies_have_no_credit() -> None:
    for text in (
        "Reuters and AFP will close their offices in Marsa, the two agencies said.",
        "The AP photographer was hurt near the bridge, AFP's bureau chief said.",
        "L'AFP et Reuters ferment leurs bureaux.",
        "وكالة الأنباء السعودية توظف خمسين صحفيا في مرسى.",
        "رئيس تحرير صحيفة عكاظ يزور مرسى.",
    ):
        assert named(text) == []


NAMES = {
    "AFP": "afp",
    "Agence France-Presse": "afp",
    "أ.ف.ب": "afp",
    "وكالة الصحافة الفرنسية": "afp",
    "The Associated Press": "ap",
    "https://www.reuters.com/world/x": "reuters",
    "aawsat": "asharq-al-awsat",
    "الشرق الأوسط": "asharq-al-awsat",
    "صحيفة الرياض": "صحيفه الرياض",
    "Rain  News": "rain news",
    "وكالات": "agencies",
    "": "",
    "🌧": "🌧",
}


@pytest.mark.parametrize(("source", "name"), NAMES.items())
def test_the_spellings_of_a_source_have_one_name(source: str, name: str) -> None:
    assert source_name(source) == name


def test_the_list_that_is_shipped_is_in_order() -> None:
    data = json.loads((ROOT / "dedup/text/data/sources.json").read_text("utf-8"))
    for group in ("agencies", "outlets"):
        for name, spellings in data[group].items():
            assert name == name.lower()
            assert name.isascii()
            assert spellings
            assert len(spellings) == len(set(spellings)), name
    assert not data["agencies"].keys() & data["outlets"].keys()
    assert len(agency_spellings()) == len(data["agencies"]) - 1  # agencies without a name are none


def test_no_spelling_that_is_no_everyday_word_is_of_two_sources() -> None:
    data = json.loads((ROOT / "dedup/text/data/sources.json").read_text("utf-8"))
    seen: dict[str, str] = {}
    for group in ("agencies", "outlets"):
        for name, spellings in data[group].items():
            for spelling in spellings:
                if not spelling.startswith("~"):
                    assert seen.setdefault(spelling, name) == name


def write(path: Path, value: Any) -> str:
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), "utf-8")
    return str(path)


def test_a_list_of_a_user_adds_sources_and_spellings(tmp_path: Path) -> None:
    path = write(tmp_path / "own.json", {"agencies": {"marsa-press": ["مرسى برس", "MP"]}, "outlets": {"okaz": ["Gazette"]}})
    names = known_sources(path)
    assert named(f"جدة - مرسى برس: {RAIN}") == []
    assert named(f"جدة - مرسى برس: {RAIN}", names=names) == [("marsa-press", "agency", "dateline")]
    assert named("Rain, the mayor told MP on Monday.", names=names) == [("marsa-press", "agency", "cited")]
    assert named(RAIN, source="MP", names=names) == [("marsa-press", "agency", "field")]
    assert (source_name("gazette", names), source_name("AFP", names)) == ("okaz", "afp")


def test_a_spelling_of_a_user_goes_before_one_that_is_shipped(tmp_path: Path) -> None:
    names = known_sources(write(tmp_path / "own.json", {"outlets": {"marsa-times": ["رويترز"]}}))
    assert named(f"رويترز - جدة: {RAIN}", names=names) == [("marsa-times", "outlet", "dateline")]


WRONG = {
    "no JSON": ("{", "no JSON"),
    "a list": ("[]", "no list of agencies or outlets"),
    "another list": ('{"agencies": {}, "papers": {}}', "no list 'papers'; known are agencies and outlets"),
    "no names": ('{"agencies": ["AFP"]}', "agencies is no object with names"),
    "one spelling": ('{"agencies": {"afp": "AFP"}}', "the spellings of 'afp' are no list of words"),
    "a number": ('{"outlets": {"x": [7]}}', "the spellings of 'x' are no list of words"),
    "no word": ('{"outlets": {"x": ["--"]}}', "the spellings of 'x' are no list of words"),
    "no name": ('{"outlets": {" ": ["x"]}}', "a source without a name in outlets"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_list_is_an_error_of_one_line(tmp_path: Path, name: str) -> None:
    text, message = WRONG[name]
    path = write(tmp_path / "own.json", text)
    with pytest.raises(InputError) as raised:
        known_sources(path)
    assert str(raised.value).startswith(f"{path}: {message}")
    assert "\n" not in str(raised.value)
    assert '"agencies"' in str(raised.value)


def test_a_list_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match=r"nowhere\.json: No such file"):
        known_sources("nowhere.json")


def test_origins_know_the_sources_of_a_user(tmp_path: Path) -> None:
    path = write(tmp_path / "own.json", {"agencies": {"marsa-press": ["مرسى برس"]}})
    story = " ".join(f"{RAIN} وأضاف أن العمل يبدأ بعد {day} أيام في الجهة {day}." for day in range(9))
    texts = [Document("1", f"جدة - مرسى برس: {story}"), Document("2", f"{story} وأضاف أنه لا خسائر.", byline="AFP")]
    (plain,) = find_origins(texts, Config()).stories
    (own,) = find_origins(texts, Config(agencies=path)).stories
    assert [each.name for each in plain.by_id["1"].credits] == []
    assert [each.name for each in own.by_id["1"].credits] == ["marsa-press"]
    assert [(each.name, each.place) for each in own.by_id["2"].credits] == [("afp", "field")]


def test_the_setting_is_a_path() -> None:
    with pytest.raises(ConfigError, match="agencies is 7"):
        Config(agencies=7)  # type: ignore[arg-type]


PIECES = [*" \n-:()/«»\"'.,،لـA", "رويترز", "واس", "Reuters", "AFP", "سبق", "By ", "وفقا", "به گزارش", "\ud800", "\0"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_has_credits_inside_of_it(text: str) -> None:
    for credit in credits_of(text, source=text, byline=text):
        if credit.start is not None and credit.end is not None:
            assert 0 <= credit.start < credit.end <= len(text)
    assert credits_of(text) == credits_of(text)


def test_a_text_that_repeats_what_cites_is_read_fast() -> None:
    for piece in ("وفقا لوكالة ", "told the ", "«ل«", "(Reporting by ", "-" * 50, "المصدر: ", "By A B, "):
        credits_of(piece * (200_000 // len(piece)))
