"""Which of two texts is the older: their order, a time, a date in the text, or what was asked for; and that a page says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_support import run_command

from dedup import Document, InputError, Result, find_duplicates
from dedup.model import Order, OrderedBy
from dedup.text.datelines import date_at_start
from dedup.text.order import oldest_first
from reports.build_report import build_report, build_reports
from reports.model import Report

NORTH = "Shells fell on the northern edge of the old town during the night and the road to the port stayed closed until noon"
SOUTH = "A convoy of nine lorries with flour and medicine reached the southern quarter after a day of talks at the crossing"


def bulletin(toll: int, top: str = "") -> str:
    return f"{top}North::\n{NORTH}, with {toll} people killed.\nSouth::\n{SOUTH}, and {toll} more are awaited.\n"


def found(documents: list[Document], order: Order = "auto") -> tuple[Result, Report]:
    result = find_duplicates(documents, order=order)
    return result, build_report(result, documents, title="t")


def tolls(report: Report) -> list[list[float | None]]:
    return [
        [cell.amount.value for cell in fact.cells if cell and cell.amount]
        for timeline in report.timelines
        for fact in timeline.ledger
        if fact.changed
    ]


@pytest.mark.parametrize("first", [3, 9])
def test_two_bulletins_of_one_file_are_compared_in_the_order_in_which_they_stand(first: int) -> None:
    result, report = found([Document("day", bulletin(first) + "\n" + bulletin(12 - first), segmented=True)])
    (pair,) = result.bulletins
    assert (pair.a.number, pair.b.number, pair.ordered_by) == (0, 1, OrderedBy.INPUT)
    assert tolls(report) == [[first, 12 - first]] * 2
    assert {timeline.ordered_by for timeline in report.timelines} == {OrderedBy.INPUT}
    assert [match.to_dict()["ordered_by"] for match in report.bulletins] == ["input"]


def test_the_larger_bulletin_is_not_taken_for_the_later() -> None:
    long = bulletin(3) + f"East::\n{SOUTH.replace('southern', 'eastern')} of the east.\n"
    result, _ = found([Document("day", long + "\n" + bulletin(9), segmented=True)])
    (pair,) = result.bulletins
    assert len(pair.a.sections) > len(pair.b.sections)
    assert [section.heading for section in pair.only_a] == ["East"]


def test_files_are_compared_in_the_order_in_which_they_are_given() -> None:
    evening, morning = (Document(name, bulletin(toll), segmented=True) for name, toll in (("evening", 9), ("morning", 3)))
    for documents in ([morning, evening], [evening, morning]):
        result, report = found(documents)
        assert [pair.a.document for pair in result.bulletins] == [documents[0].id]
        assert [each.versions[0].id.split("#")[0] for each in report.timelines] == [documents[0].id] * 2
        (folder,) = build_reports(result, documents)
        assert (folder.bulletins, folder.timelines) == (report.bulletins, report.timelines)


def test_matches_keep_the_order_of_ids_whatever_the_order_of_the_input() -> None:
    documents = [Document(name, bulletin(toll), segmented=True) for name, toll in (("b", 3), ("a", 9))]
    assert [(match.a.document, match.b.document) for match in find_duplicates(documents).matches] == [("a", "b")] * 2
    assert find_duplicates(documents).matches == find_duplicates(documents[::-1]).matches


def test_newest_first_turns_everything_round() -> None:
    document = Document("day", bulletin(9) + "\n" + bulletin(3), segmented=True)
    result, report = found([document], "newest-first")
    assert [(pair.a.number, pair.ordered_by) for pair in result.bulletins] == [(1, OrderedBy.NEWEST_FIRST)]
    assert tolls(report) == [[3, 9]] * 2
    texts = [Document("x", f"{NORTH}, 9 killed."), Document("y", f"{NORTH}, 3 killed.")]
    assert tolls(found(texts, "newest-first")[1]) == [[3, 9]]


def test_times_decide_where_all_have_one_and_input_overrides_them() -> None:
    texts = [Document("x", f"{NORTH}, 9 killed.", time="2016-02-09T18:00"), Document("y", f"{NORTH}, 3 killed.", time="2016-02-09T08:00")]
    assert tolls(found(texts)[1]) == [[3, 9]]
    assert found(texts)[1].timelines[0].ordered_by is OrderedBy.TIME
    assert tolls(found(texts, "input")[1]) == [[9, 3]]
    bulletins = [Document(name, bulletin(toll), segmented=True, time=time) for name, toll, time in (("x", 9, "200"), ("y", 3, "100"))]
    result, report = found(bulletins)
    assert [(pair.a.document, pair.ordered_by) for pair in result.bulletins] == [("y", OrderedBy.TIME)]
    assert tolls(report) == [[3, 9]] * 2
    half = [texts[0], Document("y", texts[1].text)]
    assert found(half)[1].timelines[0].ordered_by is OrderedBy.INPUT
    with pytest.raises(InputError, match="'y' has no time"):
        found(half, "time")


DATED = [("MARSA, 10 February 2016 - ", "MARSA, 9 February 2016 - "), ("مرسى - 10 شباط/فبراير 2016: ", "مرسى - 9 شباط/فبراير 2016: ")]


@pytest.mark.parametrize("lines", DATED)
def test_dates_in_both_texts_decide_where_there_is_no_time(lines: tuple[str, str]) -> None:
    texts = [Document(name, f"{line}{NORTH}, {toll} killed.") for name, line, toll in (("x", lines[0], 9), ("y", lines[1], 3))]
    report = found(texts)[1]
    assert [version.id for version in report.timelines[0].versions] == ["y", "x"]
    assert report.timelines[0].ordered_by is OrderedBy.DATE
    undated = [texts[0], Document("y", f"{NORTH}, 3 killed.")]
    assert found(undated)[1].timelines[0].ordered_by is OrderedBy.INPUT


def test_a_date_above_a_bulletin_is_that_of_the_bulletin() -> None:
    documents = [Document(f"{day}.txt", bulletin(day, f"Bulletin, {day} March 2020\n\n"), segmented=True) for day in (8, 7)]
    (pair,) = find_duplicates(documents).bulletins
    assert (pair.a.document, pair.ordered_by) == ("7.txt", OrderedBy.DATE)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("MARSA (Sahel News), 9 February 2016 - Five people were killed.", "2016-02-09"),
        ("9 février 2016 – Cinq personnes ont été tuées.", "2016-02-09"),
        ("دمشق (الساحل) ٩ شباط ٢٠١٦ - قتل خمسة أشخاص.", "2016-02-09"),
        ("9 Şubat 2016, Salı\nBeş kişi öldü.", "2016-02-09"),
        ("2016-02-09 14:30\nFive people were killed.", "2016-02-09T14:30:00"),
        ("نشرة أخبار الثلاثاء 9 شباط 2016\nقتل خمسة أشخاص.", "2016-02-09"),
        ("Five people were killed on 9 February 2016 - the worst day yet.", None),
        ("On 9 February 2016, five people were killed: police.", None),
        ("Toll of the attack of 9 February 2016 rises to five\nFive people were killed.", None),
        ("The budget of 2016 - a look back.", None),
        ("01/02/2016 - Rain fell.", None),
        ("MARSA, February 2016 - Rain fell.", None),
        ("On 9 February 2016: five people were killed.", None),
        ("في 9 شباط 2016: قتل خمسة أشخاص.", None),
        ("Paris, le 9 février 2016, 14:30 - Il pleut.", "2016-02-09T14:30:00"),
        ("9 February 2016 / 10 February 2016 - Rain fell.", None),
        ("9 February 2016.", None),
        ("", None),
    ],
)
def test_a_date_is_read_in_a_dateline_alone(text: str, date: str | None) -> None:
    assert date_at_start(text) == date


def test_a_day_without_an_hour_is_not_put_before_one_with_an_hour() -> None:
    documents = [Document("1", ""), Document("2", "")]
    assert oldest_first(documents, ["2016-02-09T08:00:00", "2016-02-09"]) == ([0, 1], OrderedBy.INPUT)
    assert oldest_first(documents, ["2016-02-09T08:00:00+03:00", "2016-02-09T06:00:00+00:00"]) == ([0, 1], OrderedBy.DATE)


def test_the_commands_take_an_order(tmp_path: Path) -> None:
    (tmp_path / "day.txt").write_text(bulletin(9) + "\n" + bulletin(3), encoding="utf-8")
    for order, number in (("auto", 2), ("input", 2), ("newest-first", 7)):
        (pair,) = json.loads(run_command("find", "day.txt", "--format", "json", "--order", order, cwd=tmp_path).stdout)["bulletins"]
        assert pair["a"]["sections"][0]["line"] == number
    done = run_command("find", "day.txt", "--order", "time", cwd=tmp_path)
    assert (done.returncode, b"has no time" in done.stderr) == (2, True)
    for name, toll in (("one.txt", 9), ("two.txt", 3)):
        (tmp_path / name).write_text(f"{NORTH}, {toll} killed.", encoding="utf-8")
    for order, values, said in (("auto", [9, 3], "input"), ("newest-first", [3, 9], "newest-first")):
        timeline = json.loads(run_command("report", "one.txt", "two.txt", "--format", "json", "--order", order, cwd=tmp_path).stdout)
        assert [cell["value"] for cell in timeline["ledger"][0]["cells"]] == values
        assert timeline["ordered_by"] == said
