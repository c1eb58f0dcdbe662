"""Results as tables in files: CSV, Parquet, a database of SQLite; and the titles of texts wherever a result is written."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import About, Config, Document, EngineError, OutputError, Result, find_duplicates
from dedup.cli import cli
from dedup.frames import COLUMNS
from dedup.readers.sources import Documents
from dedup.writers.spreadsheet import csv_lines, guarded, unguarded
from dedup.writers.table import table
from dedup.writers.tables import write_tables

AID = "وصلت قافلة من المساعدات الإنسانية إلى مدينة مرسى صباح اليوم، وقال متحدث باسم البلدية إن {} شاحنة دخلت المدينة وإن التوزيع يبدأ غدا."
FLOOD = "Heavy rain flooded the old harbour of Marsa on Monday and closed the coast road for hours; {} people were killed, the city said."
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
FEED = [
    Document("a1", AID.format(12), title="قافلة مساعدات تصل إلى مرسى", source="وكالة الساحل", time="2026-03-01", url="https://a.example/1"),
    Document("a2", AID.format(15), title="عاجل: 15 شاحنة مساعدات في مرسى", source="أخبار مرسى"),
    Document("e1", FLOOD.format("Seven"), title="Flood closes the harbour", time="2026-03-02", url="https://e.example/1"),
    Document("=1+1", FLOOD.format("Four"), title='=HYPERLINK("http://evil.example")', source="@wire"),
    Document("-100123", FLOOD.format("Four"), title=f"Flood {OVERRIDE}\x1b[31m<b>now</b>"),
    Document("f1", "سیل بندر کهنه‌ی مرسا را بست و سه نفر جان باختند، شهرداری روز دوشنبه در بیانیه‌ای گفت که راه ساحلی هنوز بسته است."),
    Document("f2", "سیل بندر کهنه‌ی مرسا را بست و نه نفر جان باختند، شهرداری روز دوشنبه در بیانیه‌ای گفت که راه ساحلی هنوز بسته است."),
    Document("alone", "A quiet day at the lighthouse, says its keeper, who reads the paper from the first page on.", title="Quiet"),
]  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    return find_duplicates(FEED)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what runs ``dedup find`` on the feed, in an empty folder. The readers are others' business: the texts come as they are."""

    def read(self: Documents) -> Iterator[Document]:
        return iter(FEED)

    (tmp_path / "feed.jsonl").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Documents, "__iter__", read)
    monkeypatch.setattr(Documents, "are_in_blocks", False)

    def find(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["find", "feed.jsonl", *arguments], standalone_mode=False)
        if done.exception:
            raise done.exception
        assert done.return_value == code
        return done.output

    return find


# What is known of texts


def test_what_matched_has_its_title_source_time_and_address(result: Result) -> None:
    assert result.about["a1"] == About("قافلة مساعدات تصل إلى مرسى", "وكالة الساحل", "2026-03-01", "https://a.example/1")
    assert result.about["a2"] == About("عاجل: 15 شاحنة مساعدات في مرسى", "أخبار مرسى")
    assert {*result.about} == {"a1", "a2", "e1", "=1+1", "-100123"}, "of a text that is like no other nothing is held"
    assert result.only([]).about == result.about


def test_what_is_known_does_not_depend_on_the_order_or_the_number_of_texts(result: Result) -> None:
    many = [Document(f"x{n:05}", f"word{n} " * 20, title=f"title \ud800 {n}") for n in range(3000)]
    found = find_duplicates([*many[:1500], *FEED[::-1], *many[1500:]], Config(), jobs=2)
    assert found.about == result.about
    assert [*found.about] == sorted(found.about)


def test_segments_are_known_by_their_documents() -> None:
    documents = [Document(name, f"{FLOOD.format('Four')}\n\n{AID.format(4)}\n", title=name.upper()) for name in ("x", "y")]
    found = find_duplicates(documents, Config(level="segment"))
    assert {name: about.title for name, about in found.about.items()} == {"x#0": "X", "x#1": "X", "y#0": "Y", "y#1": "Y"}


# Lines of JSON and the table for people


def test_pairs_and_clusters_have_titles_where_they_are_asked_for(run: Callable[..., Any], result: Result) -> None:
    plain, titled = ([json.loads(line) for line in run("--format", "pairs", *more).splitlines()] for more in ([], ["--titles"]))
    assert plain == [match.to_dict() for match in result.matches]
    assert titled == [result.match_row(match) for match in result.matches]
    assert all(row | more == more for row, more in zip(plain, titled, strict=True))
    row = next(row for row in titled if row["a"] == "a1")
    assert [*row][8:] == [f"{side}_{name}" for name in ("title", "source", "time", "url") for side in "ab"]
    assert (row["a_title"], row["b_source"], row["b_url"]) == ("قافلة مساعدات تصل إلى مرسى", "أخبار مرسى", None)
    cluster = next(found for line in run("--format", "clusters", "--titles").splitlines() if "a1" in (found := json.loads(line))["members"])
    assert cluster["texts"][0] == {"id": "a1", **result.about["a1"].to_dict()}
    whole = json.loads(run("--format", "json", "--titles"))
    assert (whole["matches"], whole["schema"]) == (titled, "dedup/result/1")
    assert json.loads(run("--format", "json")) == result.to_dict()


def test_titles_and_evidence_go_together(run: Callable[..., Any]) -> None:
    row = json.loads(run("--format", "pairs", "--titles", "--evidence").splitlines()[0])
    assert {"a_title", "evidence"} <= row.keys()


def test_a_person_sees_titles_cut_to_a_width_and_without_what_acts_on_a_terminal(result: Result) -> None:
    lines = [*table(result)]
    assert "    A: \u2068قافلة مساعدات تصل إلى مرسى\u2069 · \u2068وكالة الساحل\u2069 · 2026-03-01\n" in lines
    assert "    B: \u2068عاجل: 15 شاحنة مساعدات في مرسى\u2069 · \u2068أخبار مرسى\u2069\n" in lines
    assert any("Flood <U+202E><U+001B>[31m<b>now</b>" in line for line in lines)
    place = next(place for place, line in enumerate(lines) if "  f1  " in line)
    assert not lines[place + 1].startswith("    A"), "nothing is known of these"


@pytest.mark.parametrize("letter", ["a", "ب", "漢", "\N{COMBINING ACUTE ACCENT}", "\N{RIGHT-TO-LEFT OVERRIDE}", "a\n", "\t"])
def test_a_title_of_any_length_takes_one_line_of_bounded_width(letter: str) -> None:
    long = [Document(str(n), FLOOD.format("Four"), title="T" + letter * 10_000, source=letter * 9999, time="9" * 500) for n in range(2)]
    for line in table(find_duplicates(long)):
        assert line.endswith("\n")
        assert len(line.split("\n")) == 2
        assert len(line) < 1200
        assert sum(char.isprintable() for char in line if char not in "\N{COMBINING ACUTE ACCENT}") < 200


# Files


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")]


def test_a_csv_gives_back_what_was_written(run: Callable[..., Any], result: Result) -> None:
    run("-o", "result.csv")
    run("-o", "result.tsv", "--format", "pairs")
    run("-o", "clusters.CSV", "--format", "clusters")
    for name, of in (("result.csv", "matches"), ("result.tsv", "matches"), ("clusters.CSV", "clusters")):
        found = rows_of(Path(name))
        assert [*found[0]] == [*COLUMNS[of]]  # type: ignore[index]
        wanted = [{key: "" if row.get(key) is None else str(row[key]) for key in found[0]} for row in result.rows(of)]  # type: ignore[arg-type]
        assert [{key: unguarded(cell) for key, cell in row.items()} for row in found] == wanted


def test_no_cell_of_a_csv_is_a_formula(run: Callable[..., Any]) -> None:
    run("-o", "result.csv")
    cells = {cell for row in rows_of(Path("result.csv")) for cell in row.values()}
    assert {"'=1+1", "'@wire", "-100123", '\'=HYPERLINK("http://evil.example")'} <= cells


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("=+-@'\"; \t\n\r1.aب\u200f＝,"), max_size=8))
def test_guarding_a_cell_loses_nothing(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    formula = re.compile('[\\s\u200f"]*[=+\\-@＝]')
    assert re.fullmatch(r"[-+]?[0-9.]+", text) or not any(map(formula.match, cell.split(";")))
    lines = "".join(csv_lines([{"x": text, "y": "z"}], ["x", "y"]))
    assert [*csv.reader(io.StringIO(lines, newline=""))] == [["x", "y"], [cell, "z"]]


def test_a_database_holds_matches_clusters_and_texts(run: Callable[..., Any], result: Result) -> None:
    for name in ("result.db", "result.sqlite", "result.sqlite3"):
        run("-o", name)
        with closing(sqlite3.connect(name)) as database:
            for table_name in ("matches", "clusters"):
                wanted = [tuple(row.get(key) for key in COLUMNS[table_name]) for row in result.rows(table_name)]  # type: ignore[arg-type,index]
                assert database.execute(f"SELECT * FROM {table_name}").fetchall() == wanted
            texts = dict(database.execute("SELECT id, title FROM texts").fetchall())
        assert texts == {name: result.about[name].title if name in result.about else None for name in (*result.about, "f1", "f2")}


def test_a_database_is_written_anew_and_is_the_same_again(run: Callable[..., Any]) -> None:
    run("-o", "result.db")
    before = Path("result.db").read_bytes()
    run("-o", "result.db")
    assert Path("result.db").read_bytes() == before
    run("-o", "result.db", "--relations", "template")
    with closing(sqlite3.connect("result.db")) as database:
        assert database.execute("SELECT count(*) FROM matches").fetchone() == (0,)
    assert sorted(path.name for path in Path().iterdir()) == ["feed.jsonl", "result.db"]


def other_database(path: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE texts (id TEXT)")


@pytest.mark.parametrize(
    "make", [other_database, lambda path: Path(path).write_text("notes\n"), lambda path: Path(path).write_bytes(b"SQL")]
)
def test_what_is_no_database_of_results_is_not_overwritten(make: Callable[[str], Any], run: Callable[..., Any]) -> None:
    make("seen.db")
    before = Path("seen.db").read_bytes()
    with pytest.raises(OutputError, match=r"seen\.db: there already, and no database of results that dedup wrote; give another path"):
        run("-o", "seen.db")
    assert Path("seen.db").read_bytes() == before


def test_an_index_is_not_overwritten(run: Callable[..., Any]) -> None:
    from dedup import Index

    with Index.open("seen.db") as index:
        index.add(FEED[:2])
    with pytest.raises(OutputError, match="no database of results"):
        run("-o", "seen.db")


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_database_that_is_in_use_is_not_overwritten(ending: str, run: Callable[..., Any]) -> None:
    run("-o", "result.db")
    Path(f"result.db{ending}").write_bytes(b"pages")
    with pytest.raises(OutputError, match=f"in use by another program, as result.db{ending} says"):
        run("-o", "result.db")


def test_an_empty_file_is_filled(run: Callable[..., Any]) -> None:
    Path("result.db").touch()
    run("-o", "result.db")
    assert Path("result.db").stat().st_size


def test_parquet_is_written_on_one_machine(run: Callable[..., Any], result: Result) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    run("-o", "result.parquet")
    run("-o", "clusters.parquet", "--format", "clusters")
    assert parquet.read_table("result.parquet").equals(result.to_arrow())
    assert parquet.read_table("clusters.parquet").equals(result.to_arrow("clusters"))


def test_parquet_of_nothing_has_its_columns(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_tables(str(tmp_path / "none.parquet"), find_duplicates([]))
    assert parquet.read_table(tmp_path / "none.parquet").column_names == [*COLUMNS["matches"]]


@pytest.mark.parametrize("name", ["result.csv", "result.db", "result.parquet"])
def test_half_a_surrogate_pair_is_no_reason_to_write_nothing(name: str, tmp_path: Path) -> None:
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    documents = [Document(f"{n}\ud800", FLOOD.format("Four"), title="half \udc00") for n in range(2)]
    write_tables(str(tmp_path / name), find_duplicates(documents))
    assert (tmp_path / name).stat().st_size


def test_parquet_without_its_library_is_an_error_before_anything_is_read(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(Documents, "__iter__", lambda self: pytest.fail("read"))
    monkeypatch.setattr(Documents, "are_in_blocks", False)
    with pytest.raises(EngineError, match=r"a Parquet file needs pyarrow: pip install 'bulletin-dedup\[parquet\]'"):
        run("-o", "result.parquet")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-o r.csv --format table", "r.csv: a table holds --format pairs or clusters"),
        ("-o r.parquet --format json", "r.parquet: a table holds --format pairs or clusters"),
        ("-o r.db --format pairs", "r.db: a database holds matches and clusters; leave out --format"),
        ("-o r.csv --evidence", "--evidence is for --format pairs and json, and for no tables"),
        ("-o r.xlsx", "r.xlsx: say what to write with --format; known by their names are"),
        ("--titles", "--titles is for --format pairs, clusters and json"),
        ("--engine spark --format pairs --titles", "--titles and --relations are not for --engine spark"),
    ],
)
def test_what_cannot_go_together_is_said(arguments: str, message: str, run: Callable[..., Any]) -> None:
    with pytest.raises(Exception, match=message):
        run(*arguments.split())
    assert [path.name for path in Path().iterdir()] == ["feed.jsonl"]


@pytest.mark.parametrize("name", ["result.csv", "result.db", "result.parquet"])
def test_what_fails_midway_leaves_the_file_as_it_was(name: str, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    run("-o", name)
    before = Path(name).read_bytes()

    def failing(self: Result, of: str = "matches") -> Iterable[dict[str, Any]]:
        yield {"a": "x"}
        raise KeyboardInterrupt

    monkeypatch.setattr(Result, "rows", failing)
    with pytest.raises((KeyboardInterrupt, click.Abort)):
        run("-o", name)
    assert Path(name).read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["feed.jsonl", name]
