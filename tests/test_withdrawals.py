"""Stories that are withdrawn, versions that come late, and embargoes: what `filter`, `Gate` and `find` do about them."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from test_filter import MORNING, RAIN, dedup

from dedup import Config, Document, Gate, Index, find_duplicates
from dedup.cli.report import _in_clusters
from dedup.config import SameId
from dedup.index.rebuild import rebuild
from dedup.text import notices
from dedup.text.advisories import advisory_of
from dedup.text.notices import is_notice
from reports import Kind, compare, compare_versions, news
from reports.messages.catalog import load_catalog
from reports.summary.digest import make_digest

CASES = [json.loads(line) for line in (ROOT / "tests" / "cases" / "notices.jsonl").read_text(encoding="utf-8").split("\n") if line]
LIKE = f"{MORNING} More soon."
EDITED = MORNING.replace("Four", "Seven")


def told(decisions: Any) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.id, each.action, each.of, each.why) for each in decisions]


WORDS = sorted({word for lang in ("ar", "fa", "ur") for each in notices._NOTICES[lang] for word in re.findall(r"[\u0620-\u06d3]+", each)})
LABELS = [*WORDS, "أإلغاء", "سـَحب", "the story", "is killed", "ſtory", "عاجل", "تنبيه", "قال", "12", "\u0640" * 45]
MARKS = [" ", ": ", " - ", "| ", "\u200f", "(", "* ", ""]


@settings(max_examples=1500)
@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(LABELS)), min_size=1, max_size=7), st.sampled_from(MARKS))
def test_a_line_that_is_told_by_its_first_word_is_no_notice_as_a_whole_either(parts: list[tuple[str, str]], end: str) -> None:
    line = "".join(mark + label for mark, label in parts) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices, "_FIRST_WORDS", ("",))
        whole = is_notice(line)
    assert is_notice(line) == whole


def test_every_notice_in_arabic_letters_is_told_by_its_first_word() -> None:
    """The first words of all patterns, as they are written there, are among those that let a line be looked at."""
    for each in (*(pattern for lang in ("ar", "fa", "ur") for pattern in notices._NOTICES[lang]), notices._BEFORE, notices._STATED):
        group = re.match(r"[(?:]*(?:\(\?i:[^)]*\)\|)?([\u0620-\u06d3|]+)", each)
        assert group is not None, each
        for word in filter(None, group[1].split("|")):
            assert word.startswith(notices._FIRST_WORDS), (word, each)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['lang']}: {case['line'][:40]}" for case in CASES])
def test_a_notice_is_told_from_news_about_a_withdrawal(case: dict[str, Any]) -> None:
    assert is_notice(f"{case['line']}\n{MORNING}") == case["notice"]
    assert is_notice(MORNING, case["line"]) == case["notice"]
    assert not is_notice(f"{MORNING}\n{case['line']}")


WITHDRAWALS = {
    "canceled": Document("a", MORNING, status="canceled"),
    "withheld": Document("a", "", status="withheld"),
    "empty": Document("a", " \N{ZERO WIDTH SPACE}\n"),
    "notice": Document("a", f"KILL: Bridge\n{RAIN}"),
}


@pytest.mark.parametrize("same_id", ["version", "replace", "refuse"])
@pytest.mark.parametrize("why", WITHDRAWALS)
def test_a_withdrawal_takes_out_what_was_let_through_under_its_id(why: str, same_id: SameId, place: str) -> None:
    first, withdrawal = Document("a", MORNING), WITHDRAWALS[why]
    with Index.open(place, Config(seed=3)) as index:
        gate = Gate(index, same_id=same_id)
        feed = [first, Document("b", LIKE), withdrawal, first, withdrawal, Document("c", MORNING.upper()), Document("b", LIKE)]
        assert told(decision for _, decision in gate.stream(feed)) == [
            ("a", "index", None, None), ("b", "skip", "a", None), ("a", "withdraw", "a", why), ("a", "skip", "a", "withdrawn"),
            ("a", "skip", "a", "withdrawn"), ("c", "index", None, None), ("b", "skip", "c", None),
        ]  # fmt: skip
        assert index.verify() == []
        assert [document.id for document, _ in index.documents()] == ["c", "b"]
        assert index.stats()["withdrawn"] == 1
    with Index.open(place) as index:
        gate = Gate(index, same_id=same_id)
        assert told(gate.decide_all([first, withdrawal])) == [("a", "skip", "a", "withdrawn"), ("a", "skip", "a", "seen")]
        assert told([gate.decide(Document("a", RAIN))]) == [("a", "index", None, None)]  # usable again
        assert told([gate.decide(withdrawal)]) == [("a", "withdraw", "a", why)]
        assert index.verify() == []


def test_decisions_are_the_same_one_by_one_and_together(place: str) -> None:
    first, withdrawal = Document("a", MORNING), WITHDRAWALS["canceled"]
    feed = [first, withdrawal, Document("b", LIKE), Document("b", ""), Document("a", RAIN), withdrawal, Document("c", RAIN)]
    with Index.open(":memory:", Config(seed=3)) as one, Index.open(place, Config(seed=3)) as other:
        assert [Gate(one).decide(document) for document in feed] == Gate(other).decide_all(feed)
        assert [document.id for document in Gate(Index.open(":memory:")).through(feed)] == ["a", "b", "a", "c"]


def test_a_withdrawal_of_nothing_that_was_let_through_names_nothing(place: str) -> None:
    with Index.open(place, Config(seed=3)) as index:
        decisions = Gate(index).decide_all(
            [Document("x", "", status="canceled"), Document("z", MORNING), Document("a", LIKE), Document("a", ""), Document("z", "")]
        )
        assert told(decisions)[0] == ("x", "withdraw", None, "canceled")
        assert told(decisions)[3:] == [("a", "withdraw", None, "empty"), ("z", "withdraw", "z", "empty")]
        assert told(Gate(index).decide_all([Document("a", LIKE)])) == [("a", "skip", "z", None)]  # which was withdrawn itself


def test_an_empty_text_under_an_id_that_was_never_seen_is_no_text(place: str) -> None:
    feed = [Document("a", ""), Document("a", MORNING), Document("a", "")]
    wanted = [("a", "refuse", None, "no text"), ("a", "index", None, None), ("a", "withdraw", "a", "empty")]
    for _ in range(3):  # a run that was broken off gets the same answers again
        with closing(Index.open(place, Config(seed=3))) as index:
            assert told(Gate(index).decide_all(feed)) == wanted
            assert index.verify() == []


def test_every_version_of_a_record_is_withdrawn(place: str) -> None:
    with Index.open(place, Config(seed=3)) as index:
        gate = Gate(index, news=lambda old, new: ["new"])
        feed = [Document("z", MORNING), Document("a", EDITED), Document("a", RAIN), Document("a", "", status="canceled")]
        assert told(gate.decide_all(feed))[1:] == [
            ("a", "update", "z", None), ("a", "index", None, None), ("a", "withdraw", "a", "canceled"),
        ]  # fmt: skip
        # What an update had replaced goes with it: nobody has it any more.
        assert told(gate.decide_all([Document("c", MORNING.upper()), Document("d", RAIN.upper())])) == [
            ("c", "index", None, None), ("d", "index", None, None),
        ]  # fmt: skip
        assert index.verify() == []


def test_a_notice_with_an_id_of_its_own_withdraws_the_story_that_it_repeats(place: str) -> None:
    notice = Document("n", f"MANDATORY KILL\nEditors, do not use the story below.\n{MORNING}")
    with Index.open(place, Config(seed=3)) as index:
        gate = Gate(index)
        assert told(gate.decide_all([Document("a", MORNING), Document("r", RAIN), notice, notice, Document("a", MORNING)])) == [
            ("a", "index", None, None), ("r", "index", None, None), ("n", "withdraw", "a", "notice"), ("n", "skip", "a", "withdrawn"),
            ("a", "skip", "a", "withdrawn"),
        ]  # fmt: skip
        other = Document("m", "KILL: a story about a ferry\nIt is wrong. There is no other version of it so far, the desk says.")
        assert told(gate.decide_all([other, other])) == [("m", "index", None, "notice"), ("m", "skip", "m", None)]
        assert index.verify() == []


@pytest.mark.parametrize("same_id", ["version", "replace"])
def test_an_older_version_that_comes_late_is_held_back(same_id: SameId, place: str) -> None:
    texts = [MORNING, f"{RAIN} {LIKE}", RAIN]
    for name, values in (("version", "123"), ("version", ["9", "10", "11"]), ("time", ["2026-03-01", "2026-03-02", "2026-03-03"])):
        fields: list[dict[str, Any]] = [{name: value} for value in values]
        one, two, three = (Document("a", text, **field) for text, field in zip(texts, fields, strict=True))
        with Index.open(":memory:", Config(seed=3)) as index:
            gate = Gate(index, same_id=same_id)
            assert told(gate.decide_all([one, three, two])) == [
                ("a", "index", None, None), ("a", "index", None, None), ("a", "skip", "a", "older")
            ]  # fmt: skip
            assert told([gate.decide(replace(two, text="", status="canceled"))]) == [("a", "skip", "a", "older")]
            assert gate.decide(replace(two, id="b")).why is None  # of another record


def test_a_later_version_with_the_words_of_one_that_was_withdrawn_is_news_again(place: str) -> None:
    feed = [Document("a", MORNING, version="1"), Document("a", "", version="2", status="canceled"), Document("a", MORNING, version="3")]
    wanted = [("a", "index", None, None), ("a", "withdraw", "a", "canceled"), ("a", "index", None, None)]
    for _ in range(3):
        with closing(Index.open(place, Config(seed=3))) as index:
            assert told(Gate(index).decide_all(feed)) == wanted
            assert index.verify() == []


def test_an_embargo_is_told(place: str) -> None:
    with Index.open(place, Config(seed=3)) as index:
        document = Document("a", MORNING, embargo="2026-03-01T06:00:00Z")
        decisions = Gate(index).decide_all([document, document])
        assert [decision.to_dict()["embargo"] for decision in decisions] == ["2026-03-01T06:00:00Z"] * 2
        assert "embargo" not in Gate(index).decide(Document("b", RAIN)).to_dict()


RECORDS = st.sampled_from(
    [
        Document("a", MORNING), Document("a", RAIN), Document("a", ""), Document("a", "", status="canceled"), Document("b", LIKE),
        Document("b", "", status="canceled"), Document("b", EDITED), Document("n", f"KILL\n{MORNING}"), Document("c", MORNING.upper()),
    ]
)  # fmt: skip


def delivered(answers: Any) -> dict[str, str]:
    """Return what a search index keeps that does what it is told, by id."""
    kept: dict[str, str] = {}
    for document, decision in answers:
        if decision.action in ("index", "update"):
            kept[document.id] = document.text
            if decision.action == "update" and decision.of != document.id:
                kept.pop(decision.of, None)
        elif decision.action == "withdraw" and decision.of is not None:
            kept.pop(decision.of, None)
    return kept


@settings(max_examples=40)
@given(feed=st.lists(RECORDS, max_size=9), cuts=st.lists(st.integers(0, 9), max_size=2), same_id=st.sampled_from(["version", "replace"]))
def test_runs_that_are_broken_off_end_where_one_that_is_not_ends(
    tmp_path_factory: pytest.TempPathFactory, feed: list[Document], cuts: list[int], same_id: SameId
) -> None:
    place = str(tmp_path_factory.mktemp("index") / "index.db")
    with Index.open(":memory:", Config(seed=3)) as index:
        gate = Gate(index, same_id=same_id)
        wanted = [(document, gate.decide(document)) for document in feed]
    log = []
    for cut in (*cuts, len(feed)):
        with closing(Index.open(place, Config(seed=3))) as index:
            gate = Gate(index, same_id=same_id)
            log += [(document, gate.decide(document)) for document in feed[:cut]]
            assert index.verify() == []
    if same_id == "version":
        assert delivered(log) == delivered(wanted)
    else:  # what a replaced text was held back for may be gone when it is decided about anew: then it is let through, not lost
        assert delivered(log).keys() >= delivered(wanted).keys()


@pytest.mark.parametrize("same_id", ["version", "replace"])
def test_the_same_input_gets_the_same_answers_after_a_crash(same_id: SameId, place: str) -> None:
    cancel = Document("a", "", status="canceled")
    feed = [Document("a", MORNING), Document("b", LIKE), cancel, Document("a", MORNING), Document("a", RAIN), cancel, Document("c", LIKE)]
    answers = []
    for cut in (len(feed), 3, 6, len(feed)):
        with closing(Index.open(place, Config(seed=3))) as index:
            answers.append(told(Gate(index, same_id=same_id).decide(document) for document in feed[:cut]))
            assert index.verify() == []
    assert all(one[: len(other)] == other[: len(one)] for one, other in pairwise(answers))
    assert [action for _, action, *_ in answers[0]] == ["index", "skip", "withdraw", "skip", "index", "withdraw", "index"]


def test_an_index_that_is_made_again_knows_what_was_withdrawn(tmp_path: Path) -> None:
    path = str(tmp_path / "seen.db")
    feed = [Document("a", MORNING, version="1"), Document("b", RAIN), Document("a", "", status="canceled"), Document("c", "")]
    with Index.open(path, Config(seed=3)) as index:
        index.add(feed)
        before = [(document.id, decision) for document, decision in index.documents()]
    assert rebuild(path, {})[:2] == (4, 0)
    with Index.open(path) as index:
        assert index.verify() == []
        assert [(document.id, decision) for document, decision in index.documents()] == before
        assert told(index.add(feed)) == [
            ("a", "skip", "a", "withdrawn"), ("b", "skip", "b", "seen"), ("a", "skip", "a", "seen"), ("c", "refuse", None, "no text")
        ]  # fmt: skip
        assert told(index.add([Document("d", MORNING)])) == [("d", "index", None, None)]


def line(name: str, text: str) -> bytes:
    return json.dumps({"id": name, "text": text}).encode() + b"\n"


def test_the_command_passes_a_withdrawal_on_where_it_withdraws_something(tmp_path: Path) -> None:
    feed = [line("a", MORNING), line("b", MORNING.upper()), line("b", ""), line("a", ""), line("a", MORNING), line("c", MORNING)]
    out, said = dedup("filter", "--stats", "stats.json", given=b"".join(feed), cwd=tmp_path)
    assert out == feed[0] + feed[3] + feed[5]
    assert said == "6 records: 2 new, 2 withdrawals, 2 held back as duplicates\n"
    assert json.loads((tmp_path / "stats.json").read_text())["withdraw"] == 2
    rows = [json.loads(row) for row in dedup("filter", "--actions", given=b"".join(feed), cwd=tmp_path)[0].splitlines()]
    assert rows[2:4] == [
        {"id": "b", "decision": "withdraw", "why": "empty"}, {"id": "a", "decision": "withdraw", "of": "a", "why": "empty"}
    ]  # fmt: skip
    (told_of,) = [
        row["dedup"] for row in map(json.loads, dedup("filter", "--annotate", given=feed[0] + feed[3], cwd=tmp_path)[0].splitlines())
    ][1:]
    assert told_of == rows[3]
    assert (
        dedup("index", "add", "seen.db", "-", given=feed[0] + feed[3], cwd=tmp_path)[1]
        == "2 documents: 1 new, 0 duplicates, 1 withdrawal\n"
    )


def test_a_record_without_text_is_a_bad_one(tmp_path: Path) -> None:
    out, said = dedup("filter", given=line("a", MORNING) + line("b", ""), cwd=tmp_path, status=2)
    assert out == line("a", MORNING)
    assert said.startswith("dedup: -:2: no text")
    out, said = dedup("filter", "--on-error", "skip", given=line("b", "") + line("a", MORNING), cwd=tmp_path)
    assert (out, said) == (line("a", MORNING), "2 records: 1 new, 0 held back as duplicates, 1 rejected\n")


def test_an_event_that_came_twice_in_a_run_that_was_broken_off_does_not_reach_what_is_yet_to_come(place: str) -> None:
    feed = [Document("a", ""), Document("a", ""), Document("a", MORNING), Document("a", "")]
    wanted = [("a", "refuse", None, "no text")] * 2 + [("a", "index", None, None), ("a", "withdraw", "a", "empty")]
    for cut in (3, 2, 4, 4):
        with closing(Index.open(place, Config(seed=3))) as index:
            assert told(Gate(index).decide(document) for document in feed[:cut]) == wanted[:cut]
            assert index.verify() == []


TEXTS = {
    "en": "Four people were killed when a bridge fell in Marsa on Monday, the police said. The road to the port is closed.",
    "ar": "قتل أربعة أشخاص في انهيار جسر في المرسى يوم الاثنين، بحسب الشرطة. والطريق إلى الميناء مغلق.",
}
ADVISORIES = [json.loads(line) for line in (ROOT / "tests" / "cases" / "advisories.jsonl").read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("case", ADVISORIES, ids=[f"{case['lang']}: {case['mark'].strip()}" for case in ADVISORIES])
def test_an_advisory_is_told_once_and_is_no_news(case: dict[str, Any]) -> None:
    text = TEXTS["ar" if case["lang"] in ("ar", "fa", "ur") else "en"]
    marked = case["mark"] + text
    advisory = advisory_of(marked)
    assert (advisory and advisory.kind) == case["kind"]
    if case["kind"] is None:
        return
    assert advisory is not None
    assert advisory.end == len(case["mark"])
    lines = [line.text for line in make_digest(compare(text, marked), load_catalog("en"))]
    assert len(lines) == 1
    assert lines[0].startswith(f"marked as {'a correction' if case['kind'] == 'correction' else 'an update'}: “")
    assert news(text, marked) is None
    assert make_digest(compare(marked, text), load_catalog("en")) == ()


def test_an_advisory_is_told_beside_what_changed() -> None:
    text = TEXTS["en"]
    later = f"UPDATE 2-CORRECTED-{text.replace('Four', 'Seven')}"
    assert news(f"UPDATE 1-{text}", later, lang="en") == (
        "marked as a correction: “UPDATE 2-CORRECTED”", "killed, Marsa: 4 → 7 (+3)",
    )  # fmt: skip
    found = compare_versions([f"UPDATE 1-{text}", later])
    assert [cell and cell.text for fact in found.ledger for cell in fact.cells] == ["Four", "Seven"]
    assert [change.kind for change in found.steps[0].changes if not change.kind.cosmetic] == [Kind.NUMBER]


def test_versions_of_one_id_in_a_feed_are_a_timeline_each(tmp_path: Path) -> None:
    rows = [line("a", MORNING), line("b", RAIN), line("c", RAIN), line("a", EDITED), line("b", RAIN.replace("Tuesday", "Friday"))]
    (tmp_path / "feed.jsonl").write_bytes(b"".join(rows))
    found, said = dedup("report", "feed.jsonl", "--format", "json", cwd=tmp_path)
    timelines = [json.loads(row) for row in found.splitlines()]
    assert [[version["id"] for version in timeline["versions"]] for timeline in timelines] == [["a", "a"], ["b", "b"]]
    assert said == "1 record with an id that comes once is left out\n"
    (tmp_path / "one.jsonl").write_bytes(line("a", MORNING) + line("x", EDITED))
    found, said = dedup("report", "one.jsonl", "--format", "json", cwd=tmp_path)
    assert [version["id"] for version in json.loads(found)["versions"]] == ["a", "x"]
    assert said == ""


def test_versions_of_one_id_are_in_the_order_of_their_numbers_else_of_their_times() -> None:
    numbered = [Document("a", text, version=version) for text, version in ((RAIN, "10"), (MORNING, "2"), (EDITED, "9"))]
    assert [each.version for each in of_one_cluster(numbered)] == ["2", "9", "10"]
    timed = [Document("a", text, time=time) for text, time in ((RAIN, "2026-03-02"), (MORNING, "2026-03-01"))]
    assert [each.time for each in of_one_cluster(timed)] == ["2026-03-01", "2026-03-02"]
    others = [replace(document, id=str(place)) for place, document in enumerate(timed)]
    assert [each.id for each in of_one_cluster(others)] == ["1", "0"]
    untimed = [others[0], replace(others[1], time=None)]
    assert of_one_cluster(untimed) == untimed


def of_one_cluster(documents: list[Document]) -> list[Document]:
    (versions,) = _in_clusters(documents, "auto", timed=False)
    return list(versions.documents)


def test_find_leaves_out_what_was_withdrawn(tmp_path: Path) -> None:
    documents = [Document("a", MORNING), Document("b", MORNING, status="canceled"), Document("c", ""), Document("d", MORNING.upper())]
    result = find_duplicates(documents)
    assert [cluster.members for cluster in result.clusters] == [("a", "d")]
    assert result.stats["withdrawn"] == 2
    assert "withdrawn" not in find_duplicates(documents[:1]).stats
    (tmp_path / "feed.jsonl").write_bytes(line("a", MORNING) + line("a", "") + line("a", EDITED))
    found, said = dedup("find", "feed.jsonl", "--format", "clusters", cwd=tmp_path)
    assert json.loads(found)["members"] == ["a", "a@2"]
    assert said == "1 record withdrawn or without text: left out\n"


@pytest.mark.parametrize(
    "part", ["KILL KILL ", "urgent ", "attention editors, ", "the story ", "UPDATE 1-", "خبر ", "(", "\n", " ", "please ", "'a' "]
)
def test_lines_that_repeat_what_begins_a_mark_take_no_time(part: str) -> None:
    text = part * 20_000 + "x"
    assert is_notice(text, text) == part.startswith("KILL")
    advisory_of(text)
    for begun in ("Disregard our story headlined ", "The above story ", "الخبر السابق ", "Merci d'annuler la dépêche "):
        is_notice(f"{(begun + part * 100)[:200]}, they said")
