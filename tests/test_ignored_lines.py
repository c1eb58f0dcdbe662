"""Lines that weigh nothing: those that are given, and those that are learned because they recur in texts about other things."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_support import run_command

from dedup import Config, Document, InputError, find_duplicates
from dedup.text.ignored_lines import IgnoredCount, ignored_spans, read_lines, without_ignored
from dedup.text.learned_lines import learn_lines

PLACES = ["Marsa", "Sidi", "Tarik", "Hadra", "Zafir", "Numa", "Qalat", "Biruh", "Sahil", "Wadi", "Jabal", "Rimal"]
THINGS = ["port", "zoo", "bank", "mill", "school", "bridge", "court", "dam", "market", "library", "stadium", "clinic"]
ENDS = ["a storm on Monday", "a fire at night", "talks with owners", "a vote of the council", "a strike of drivers", "repairs to its roof"]


def news(number: int) -> str:
    place, thing, end, other = PLACES[number % 12], THINGS[number * 5 % 12], ENDS[number % 6], PLACES[number * 7 % 12]
    forms = (
        f"The {thing} of {place} opened its doors again after {end}, and {number} guests from {other} came to see it",
        f"In {place} nobody could say yesterday why {end} had kept {number} people of the {thing} from going home to {other}",
        f"Plans for a second {thing} near {place} were dropped: {end} left only {number} of the {other} families in favour",
        f"A court found that {number} letters about {end} never reached {place}, whose {thing} now asks {other} for damages",
        f"Since {end} the price of a ticket to {place} has gone up by {number} percent, says the head of the {thing} in {other}",
        f"{other} lost by {number} points to {place} in a game that {end} had twice put off, before a full {thing}",
    )
    return forms[number * 11 % 6 if number < 12 else (number * 11 + 1) % 6]


def documents(*, tail: str = "", lines: str = "", source: str | None = None, count: int = 24) -> list[Document]:
    made = []
    for number in range(count):
        other = f"{THINGS[number % 12].title()} {PLACES[(number + 3) % 12]}"
        made.append(Document(f"{source}{number}", f"{news(number)}.{tail.format(other)}\n{lines.format(other)}".strip(), source=source))
    return made


@pytest.mark.parametrize(
    ("line", "text", "left"),
    [
        ("Follow us", "Rain fell.\nFollow us!\nIt stopped.", "Rain fell.\n\nIt stopped."),
        ("FOLLOW  US", "Rain fell. — Follow us", "Rain fell."),
        ("Reporting by …", "Rain fell.\n(Reporting by Jane Roe; editing by Jim Doe)", "Rain fell.\n"),
        ("رابط الخبر بصحيفة …", "هطل المطر. رابط الخبر بصحيفة الوطن: هطول المطر", "هطل المطر."),
        ("… تمام حقوق محفوظ است", "باران بارید.\n© ۱۴۰۵ تمام حقوق محفوظ است.", "باران بارید.\n"),
        ("… Tüm hakları saklıdır", "Yağmur yağdı. Gazete, tüm hakları saklıdır.", "Yağmur yağdı."),
        ("مزید پڑھیں …", "بارش ہوئی۔ مزید پڑھیں: سیلاب", "بارش ہوئی۔"),
        ("Lire aussi …", "Il a plu.\nLire aussi : la crue", "Il a plu.\n"),
    ],
)
def test_a_line_is_left_out_where_a_line_or_the_end_of_one_is_so(line: str, text: str, left: str) -> None:
    assert without_ignored([text], (line,)) == [left]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Follow us", "They follow us to the port."),
        ("Follow us", "Follow us to the port, he said."),
        ("Reporting by …", "He praised the reporting by the paper."),
        ("Follow us", "Follow us"),
        ("Follow us …", "Follow us.\nFollow us on the air!"),
        ("… saved", "The saved child laughed."),
    ],
)
def test_words_within_sentences_stay_and_so_does_a_text_of_nothing_else(line: str, text: str) -> None:
    assert ignored_spans(text, (line,)) == ()


def test_a_footer_is_learned_and_the_news_is_not() -> None:
    found = learn_lines(documents(lines="Write to the desk of the paper\nPhone 4400"))
    assert found == ("phone 4400", "write to the desk of the paper")


def test_the_beginning_of_link_lines_is_learned_also_behind_the_last_sentence() -> None:
    assert learn_lines(documents(tail=" Link to the paper: {}")) == ("link to the paper …",)
    assert learn_lines(documents(lines="(Reporting by {}; editing by the desk)")) == ("reporting by …", "… editing by the desk")


def test_lines_are_counted_for_each_source() -> None:
    rare = documents(lines="Write to the desk", source="north", count=6)
    crowd = documents(source="south", count=12) * 60
    assert learn_lines([*rare, *crowd]) == ("write to the desk",)


@pytest.mark.parametrize(
    "texts",
    [
        [news(1) + ".\nThe mayor of the town said so."] * 12,  # one report, printed again
        [news(1) + f".\nThe mayor of the town said so.\nPage {number}" for number in range(12)],
        ["The mayor of the town said so."] * 12,
        [news(number) + ".\nThe mayor of the town said so." for number in range(4)],
        [news(number) for number in range(24)],
        [f"{news(number)}.\nIt should be noted that {news(number + 7)}." for number in range(24)],  # how sentences begin
    ],
    ids=["copies", "versions", "nothing else", "few", "no footer", "sentences"],
)
def test_what_is_no_furniture_is_not_learned(texts: list[str]) -> None:
    assert learn_lines([Document(str(number), text) for number, text in enumerate(texts)]) == ()


def test_matching_leaves_the_lines_out_and_counts_them() -> None:
    footer = "All stories of the paper are made by its own desk and may be used with its name by schools, clubs and towns of the coast"
    texts = documents(lines=footer, count=12)
    plain, result = find_duplicates(documents(count=12)), find_duplicates(texts, Config(ignore_lines=(footer,)))
    assert [match.to_dict() for match in result.matches] == [match.to_dict() for match in plain.matches]
    assert len(find_duplicates(texts).matches) > len(plain.matches)
    assert result.stats["ignored"] == {"lines": 12, "texts": 12}
    assert "ignored" not in find_duplicates(texts).stats


def test_lines_are_counted_only_where_they_are_left_out() -> None:
    count = IgnoredCount(("Follow us",))
    for text in ("Rain.\nFollow us\nFollow us", "Rain.", "Follow us"):
        count.add(text)
    assert count.stats() == {"ignored": {"lines": 2, "texts": 1}}


def test_a_file_has_one_line_each(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("\ufeffFollow us\r\n\n  Reporting by … \nFollow us\n…\n", "utf-8")
    assert read_lines(str(path)) == ("Follow us", "Reporting by …")
    with pytest.raises(InputError, match="cannot read the lines to ignore"):
        read_lines(str(tmp_path / "none.txt"))


def told(*arguments: str, status: int = 0) -> tuple[str, str]:
    done = run_command(*arguments)
    assert done.returncode == status, done.stderr
    return done.stdout.decode(), done.stderr.decode()


def test_commands_take_a_file_and_find_learns(tmp_path: Path) -> None:
    feed, lines = tmp_path / "feed.jsonl", tmp_path / "lines.txt"
    rows = [{"id": each.id, "text": each.text} for each in documents(lines="Write to the desk of the paper")]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    lines.write_text("Write to the desk of the paper\n", "utf-8")
    for option in (str(lines), "auto"):
        assert "24 lines left out of matching, in 24 texts" in told("find", str(feed), "--format", "pairs", "--ignore-lines", option)[1]
    out, said = told("filter", str(feed), "--index", str(tmp_path / "seen.db"), "--ignore-lines", str(lines))
    assert "24 lines left out of matching, in 24 texts" in said
    assert [row for row in map(json.loads, out.splitlines()) if row not in rows] == []
    said = told("index", "add", str(tmp_path / "seen.db"), str(feed), "--ignore-lines", "none", status=2)[1]
    assert "was made with other lines to ignore" in said
    assert "for dedup find" in told("filter", str(feed), "--ignore-lines", "auto", status=2)[1]
    assert "cannot read the lines" in told("find", str(feed), "--ignore-lines", str(tmp_path / "none.txt"), status=2)[1]
