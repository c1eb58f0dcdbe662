"""``dedup origins`` and ``dedup find --origins``: what is told, in every format, also of hostile texts, and what is refused."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from command_support import run_command

from dedup import (
    About,
    Carried,
    ConfigError,
    Document,
    InputError,
    OriginGroup,
    Origins,
    OriginText,
    OutputError,
    Quoted,
    Story,
    find_duplicates,
    find_origins,
    origins_of,
)
from dedup.cli import cli
from dedup.frames import ORIGIN_COLUMNS
from dedup.origins.model import DirectionEvidence
from dedup.writers.graph import dot, graphml
from dedup.writers.objects import cluster_objects
from dedup.writers.origin_table import origin_table

QUOTE = (
    '"The bridge was closed to lorries in the autumn, nobody should have been on it with such a load, and we will find out who took the '
    'barrier away," the governor said.'
)
NEWS = (
    "Two people were killed when a bridge fell in the old town of Marsa on Monday. Boats searched the river until noon, and the market on "
    f"the other side stayed closed. {QUOTE} Engineers of the ministry came in the afternoon and measured the two piers that still stand. "
    "Buses to the harbour go by the northern road until a ferry is found, the city said, and school is out until Thursday."
)
OWN = (
    "A baker heard a crack like a plate that breaks, and ran down to the river. She pulled a boy out of the water with the pole of her "
    "awning; the two men in the lorry were beyond her reach. All morning people of the quarter stood on the bank with ropes and blankets, "
    f"and there was nothing to do with them. {QUOTE} Nobody answered him. At noon the baker went back to her oven, because the bread for "
    "the evening has to be made."
)
AID = (
    "دخلت قافلة من المساعدات الإنسانية مدينة المرسى صباح الاثنين وفيها اثنتا عشرة شاحنة تحمل الدقيق والأدوية والأغطية. وقالت البلدية إن "
    "التوزيع يبدأ غدا في ثلاث مدارس من أحياء المدينة القديمة."
)
FEED = [
    {"id": "w1", "source": "Coast Wire", "time": "2026-03-02T08:05Z", "title": "Two dead", "text": f"{NEWS} A flood took its foot."},
    {"id": "p1", "source": "Courier", "time": "2026-03-02T11:40Z", "title": "Bridge falls", "text": NEWS},
    {"id": "p2", "source": "Harbour News", "time": "2026-03-02T16:15Z", "text": f"{NEWS} The school of the old town closed."},
    {"id": "l1", "source": "The Lantern", "time": "2026-03-02T18:30Z", "text": OWN},
    {"id": "a1", "source": "وكالة الساحل", "time": "2026-03-02T07:30Z", "text": f"{AID} وإن الطريق سيبقى مفتوحا حتى نهاية الأسبوع."},
    {"id": "a2", "source": "أخبار المرسى", "time": "2026-03-02T13:20Z", "text": AID},
    {"id": "r1", "source": "Harbour News", "time": "2026-03-02T06:00Z", "text": "Rain is expected in the north from Tuesday on."},
]  # fmt: skip

DOCUMENTS = [Document(**row) for row in FEED]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what runs the command in a folder with the feed, and returns what it prints."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "feed.jsonl", FEED)

    def dedup(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, [*arguments], standalone_mode=False)
        if done.exception:
            raise done.exception
        assert (done.return_value or 0) == code
        return done.stdout

    return dedup


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def stories(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


# What is told


def test_a_person_sees_origins_and_who_carries_whom(run: Callable[..., str]) -> None:
    first, second, last = run("origins", "feed.jsonl").split("\n\n")
    head, counts, *lines = first.split("\n")
    assert (head, counts) == ("Two dead", "4 texts, 2 independent origins")
    assert [line.split(" · ")[0] for line in lines[1:4]] == ["    w1", "      p1", "      p2"], "who carries a text stands one step in"
    assert "likely first" in lines[1]
    assert "carries w1 (0." in lines[2]
    assert lines[4].startswith("  origin 2: 1 text")
    assert " · alone · " in lines[5]
    assert re.fullmatch(r"  l1 and \w\d quote the same \d\d words", lines[6])
    assert second.startswith("\u2068دخلت قافلة"), "without a title the first words stand in its place"
    assert last == "2 stories: 6 texts, 3 independent origins\n"


def test_a_headline_is_bold_where_colour_is_asked_for(run: Callable[..., str]) -> None:
    assert run("origins", "feed.jsonl", "--color", "always").startswith("\x1b[1mTwo dead\x1b[0m\n")
    assert "\x1b" not in run("origins", "feed.jsonl")


def test_the_command_writes_what_the_call_returns(run: Callable[..., str]) -> None:
    found = find_origins(DOCUMENTS)
    assert json.loads(run("origins", "feed.jsonl", "--format", "json")) == found.to_dict()
    assert stories(run("origins", "feed.jsonl", "--format", "jsonl")) == [story.to_dict() for story in found.stories]
    assert found.to_dict()["schema"] == "dedup/origins/1"


def test_small_stories_are_left_out_where_that_is_asked_for(run: Callable[..., str]) -> None:
    assert [len(story["texts"]) for story in stories(run("origins", "feed.jsonl", "--format", "jsonl", "--least", "3"))] == [4]
    assert run("origins", "feed.jsonl", "--least", "5") == "0 stories\n"


def test_the_status_tells_whether_something_would_be_counted_twice(run: Callable[..., str], tmp_path: Path) -> None:
    run("origins", "feed.jsonl", "--check", code=1)
    run("origins", "feed.jsonl", "--check", "--least", "5")
    write(tmp_path / "two.jsonl", [row for row in FEED if row["id"] in ("p1", "l1")])
    (story,) = stories(run("origins", "two.jsonl", "--check", "--format", "jsonl"))
    assert story["independent_origins"] == len(story["texts"]) == 2


def test_a_text_file_is_cut_into_segments(run: Callable[..., str], tmp_path: Path) -> None:
    for name, more in (("a.txt", ""), ("b.txt", " The school closed.")):
        (tmp_path / name).write_text(f"{NEWS}{more}\n\n{AID}\n", "utf-8")
    found = stories(run("origins", "a.txt", "b.txt", "--format", "jsonl"))
    assert sorted(sorted(text["id"] for text in story["texts"]) for story in found) == [["a.txt#0", "b.txt#0"], ["a.txt#1", "b.txt#1"]]
    assert "Two people were killed" in run("origins", "a.txt", "b.txt"), "the first words of a segment, not of its file"


def test_standard_input_is_read_once(tmp_path: Path) -> None:
    feed = "".join(json.dumps(row) + "\n" for row in FEED).encode()
    done = run_command("origins", "-", cwd=tmp_path, stdin=feed)
    assert done.stdout.decode().endswith("\n2 stories: 6 texts, 3 independent origins\n")


@pytest.mark.parametrize("style", ["table", "json", "jsonl", "graphml", "dot"])
def test_the_order_of_files_and_the_hash_seed_change_nothing(style: str, tmp_path: Path) -> None:
    for number, row in enumerate(FEED):
        write(tmp_path / f"{number}.jsonl", [row])
    names = [f"{number}.jsonl" for number in range(len(FEED))]
    found = {
        run_command("origins", *order, "--format", style, cwd=tmp_path, PYTHONHASHSEED=seed).stdout
        for order, seed in ((names, "1"), (names[::-1], "2"))
    }
    assert len(found) == 1
    assert b"w1" in found.pop()


# Files


def test_a_table_has_a_row_a_text(run: Callable[..., str], tmp_path: Path) -> None:
    found = find_origins(DOCUMENTS)
    assert run("origins", "feed.jsonl", "-o", "x.csv") == ""
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [*rows[0]] == [*ORIGIN_COLUMNS]
    assert [row["id"] for row in rows] == [row["id"] for row in found.rows()]
    told = {row["id"]: (row["group"], row["first"], row["carries"], row["independent_origins"], row["texts"]) for row in rows}
    assert told["w1"] == ("0", "true", "", "2", "4")
    assert told["p1"] == ("0", "false", "w1", "2", "4")
    run("origins", "feed.jsonl", "-o", "x.tsv")
    assert (tmp_path / "x.tsv").read_text("utf-8").startswith("id\tstory\t")


def test_a_database_has_the_same_rows(run: Callable[..., str], tmp_path: Path) -> None:
    run("origins", "feed.jsonl", "-o", "x.db")
    run("origins", "feed.jsonl", "-o", "x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        found = database.execute('SELECT id, "group", first, carries FROM origins WHERE texts = 4').fetchall()
    assert found == [("w1", 0, 1, None), ("p1", 0, 0, "w1"), ("p2", 0, 0, "w1"), ("l1", 1, 1, None)]


def test_a_file_of_parquet_and_the_tables_of_the_library_are_one(run: Callable[..., str], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pytest.importorskip("pandas")
    found = find_origins(DOCUMENTS)
    run("origins", "feed.jsonl", "-o", "x.parquet")
    assert parquet.read_table(tmp_path / "x.parquet").to_pylist() == found.to_arrow().to_pylist() == [*found.rows()]
    frame = found.to_pandas()
    assert [*frame.columns] == [*ORIGIN_COLUMNS]
    assert frame["first"].tolist() == [row["first"] for row in found.rows()]
    assert Origins().to_arrow().schema == found.to_arrow().schema
    assert Origins().to_pandas().dtypes.tolist() == frame.dtypes.tolist()


@pytest.mark.parametrize(
    ("name", "style"), [("x.json", "json"), ("x.jsonl", "jsonl"), ("x.graphml", "graphml"), ("x.gv", "dot"), ("x.txt", "table")]
)
def test_the_name_of_a_file_says_what_it_is(name: str, style: str, run: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert run("origins", "feed.jsonl", "-o", f"out/{name}") == ""
    assert (tmp_path / "out" / name).read_text("utf-8") == run("origins", "feed.jsonl", "--format", style)


def test_the_file_that_is_read_is_not_overwritten(run: Callable[..., str], tmp_path: Path) -> None:
    before = (tmp_path / "feed.jsonl").read_bytes()
    for paths in (["feed.jsonl"], ["."]):
        with pytest.raises(OutputError, match="write to another"):
            run("origins", *paths, "-o", "feed.jsonl")
    assert (tmp_path / "feed.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "x.pdf"], "x.pdf: say what to write with --format; known by their names are .txt .json"),
        (["-o", "x.csv", "--format", "dot"], "leave out --format, or give dot another ending"),
        (["--least", "1"], "1 is not in the range x>=2"),
        (["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str], says: str, run: Callable[..., str]) -> None:
    with pytest.raises(click.UsageError, match=re.escape(says)):
        run("origins", "feed.jsonl", *arguments)


def test_a_bad_line_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(json.dumps(FEED[0]) + '\n{"id": "2"\n', "utf-8")
    done = run_command("origins", "bad.jsonl", "-o", "x.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("dedup: bad.jsonl:2: broken JSON")
    assert done.stderr.count(b"\n") == 1
    assert not (tmp_path / "x.json").exists()


# Indexes


def test_an_index_is_read_in_the_place_of_files(run: Callable[..., str]) -> None:
    run("index", "add", "seen.db", "feed.jsonl")
    told = [{"groups": story.to_dict()["groups"], "id": story.id} for story in find_origins(DOCUMENTS).stories]
    found = stories(run("origins", "seen.db", "--format", "jsonl"))
    groups = [sorted(sorted(group["members"]) for group in story["groups"]) for story in found]
    assert groups == [sorted(sorted(group["members"]) for group in story["groups"]) for story in told]
    assert [story["id"] for story in found] == [story["id"] for story in told]
    before = Path("seen.db").read_bytes()
    with pytest.raises(OutputError, match=r"seen\.db is read as well"):
        run("origins", "seen.db", "-o", "seen.db")
    assert Path("seen.db").read_bytes() == before


def test_versions_of_an_index_are_versions(run: Callable[..., str], tmp_path: Path) -> None:
    write(tmp_path / "x.jsonl", versions("x", "x", "x"))
    run("index", "add", "seen.db", "x.jsonl")
    (story,) = stories(run("origins", "seen.db", "--format", "jsonl"))
    assert {text["id"]: text["ancestors"] for text in story["texts"]} == {"x": [], "x@2": ["x"], "x@3": ["x", "x@2"]}


def test_what_an_index_cannot_tell_is_refused(run: Callable[..., str]) -> None:
    run("index", "add", "bare.db", "feed.jsonl", "--no-text")
    with pytest.raises(InputError, match=r"bare\.db: it keeps no texts"):
        run("origins", "bare.db")
    run("index", "add", "seen.db", "feed.jsonl")
    with pytest.raises(click.UsageError, match=r"seen\.db is an index: give it alone"):
        run("origins", "feed.jsonl", "seen.db")
    with pytest.raises(click.UsageError, match="--text-field says how documents are read"):
        run("origins", "seen.db", "--text-field", "body")
    with pytest.raises(ConfigError, match=r"was made with threshold 0\.0"):
        run("origins", "seen.db", "--threshold", "0.5")


def test_another_database_is_read_as_records(run: Callable[..., str], tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cms.db")) as database:
        database.execute("create table meta (id text, text text)")
        database.executemany("insert into meta values (:id, :text)", FEED)
        database.commit()
    assert [story["independent_origins"] for story in stories(run("origins", "cms.db", "--format", "jsonl"))] == [2, 1]
    (tmp_path / "cut.db").write_bytes(b"SQLite format 3\0")
    with pytest.raises(InputError, match=r"cut\.db"):
        run("origins", "cut.db")


# Graphs


GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def parsed(lines: Iterator[str]) -> tuple[dict[str, dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    """Return the nodes of GraphML and the edges between their ids, each with its data by the names of the keys."""
    root = ET.fromstring("".join(lines).encode())
    keys = {key.attrib["id"]: key.attrib["attr.name"] for key in root.iter(f"{GRAPHML}key")}
    (graph,) = root.iter(f"{GRAPHML}graph")

    def data(element: ET.Element) -> dict[str, str]:
        return {keys[each.attrib["key"]]: each.text or "" for each in element.iter(f"{GRAPHML}data")}

    nodes = {node.attrib["id"]: data(node) for node in graph.iter(f"{GRAPHML}node")}
    edges = [(nodes[edge.attrib["source"]]["id"], nodes[edge.attrib["target"]]["id"], data(edge)) for edge in graph.iter(f"{GRAPHML}edge")]
    return nodes, edges


def test_graphml_has_a_node_a_text_and_an_edge_to_what_it_carries() -> None:
    nodes, edges = parsed(graphml(find_origins(DOCUMENTS)))
    assert [node["id"] for node in nodes.values()] == ["w1", "p1", "p2", "l1", "a1", "a2"]
    assert {name: nodes["n0"][name] for name in ("source", "group", "first", "title")} == {
        "source": "Coast Wire", "group": "0", "first": "true", "title": "Two dead"
    }  # fmt: skip
    kinds = [(source, target, data["kind"]) for source, target, data in edges]
    assert [kind for kind in kinds if kind[2] == "carries"] == [("p1", "w1", "carries"), ("p2", "w1", "carries"), ("a2", "a1", "carries")]
    assert [kind[2] for kind in kinds].count("quoted") == 1
    assert all(0.5 <= float(data["probability"]) <= 1 and data["evidence"] for *_, data in edges if data["kind"] == "carries")


def test_networkx_reads_it(tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx")
    (tmp_path / "x.graphml").write_text("".join(graphml(find_origins(DOCUMENTS))), "utf-8")
    graph = networkx.read_graphml(tmp_path / "x.graphml")
    assert (graph.is_directed(), graph.is_multigraph(), len(graph)) == (True, False, 6)
    assert graph.nodes["n0"]["id"] == "w1"
    assert graph.nodes["n0"]["first"] is True
    assert graph.edges["n1", "n0"]["kind"] == "carries"


_STRING = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)


def dot_labels(text: str) -> list[str]:
    """Return the labels of DOT; what is left of the text must be words of the language alone."""
    rest = _STRING.sub('""', text)
    assert '"' not in rest.replace('""', "")
    assert re.fullmatch(r'[\w\s{}\[\]=;,.>"-]*', rest, re.ASCII), rest
    assert rest.count("{") == rest.count("}")
    return [label[1:-1] for label in re.findall(rf"label=({_STRING.pattern})", text, re.DOTALL)]


def test_dot_has_a_box_for_each_origin_and_turns_where_the_text_does() -> None:
    text = "".join(dot(find_origins(DOCUMENTS)))
    assert text.startswith("digraph origins {\n  rankdir=LR;")
    assert text.count("subgraph cluster_") == 3
    assert "n0 -> n1 [dir=back" in text
    assert any(label == r"Two dead\nCoast Wire\n2026-03-02T08:05Z" for label in dot_labels(text))
    assert "rankdir=RL;" in "".join(dot(find_origins(DOCUMENTS[4:6])))
    assert "".join(dot(Origins())).count("\n") == 5


# Hostile texts

HOSTILE = [
    '"]; n0 -> n1 [label="',
    "back\\slash\\",
    "\\N\\G\\E&lt;b&gt;",
    "<script>alert(1)</script>]]><!--",
    "=HYPERLINK(\"http://evil.example\")",
    "line\nbreak\r\ttab\x00\x1b[31mred",
    "\N{RIGHT-TO-LEFT OVERRIDE}turned\N{LEFT-TO-RIGHT ISOLATE}",
    "half \ud800 pair \ufffe",
    "ا\N{RIGHT-TO-LEFT EMBEDDING}ب",
    "x" * 5000,
    "'; DROP TABLE origins; --",
]  # fmt: skip


@pytest.fixture
def hostile() -> Origins:
    """Return a story of texts with hostile ids, titles, sources and times."""
    texts = tuple(OriginText(name, 0, 0.5, 0.0, about=About(name, name, name, name)) for name in HOSTILE)
    carries = tuple(Carried(a, b, 0.9, 0.8, (DirectionEvidence.TIME,)) for a, b in pairwise(HOSTILE[:-1]))
    last = OriginText("last", 1, 1.0, 0.0)
    groups = OriginGroup(0, HOSTILE[0], 0.7, tuple(HOSTILE), (HOSTILE[0],)), OriginGroup(1, "last", 1.0, ("last",))
    return Origins((Story('s"1', (*texts, last), groups, carries, (Quoted(HOSTILE[2], "last", 20),)),))


def test_hostile_texts_stay_text_in_graphml(hostile: Origins) -> None:
    nodes, edges = parsed(graphml(hostile))
    found = [node["title"] for node in nodes.values() if "title" in node]
    bad = re.compile("[\x00\x1b\ud800\ufffe]")
    assert found == [bad.sub("\N{REPLACEMENT CHARACTER}", name) for name in HOSTILE]
    assert len(edges) == len(HOSTILE) - 2 + 1


def test_hostile_texts_stay_text_in_dot(hostile: Origins) -> None:
    text = "".join(dot(hostile))
    labels = dot_labels(text)
    assert text.count("[dir=") == len(HOSTILE) - 2 + 1
    assert any("back\\\\slash\\\\" in label for label in labels)
    assert not re.search(r"(?<!\\)(?:\\\\)*\\[NGELTHlr]", "".join(labels)), "an escape that Graphviz would act on"
    assert not re.search(r"&(?!amp;)", "".join(labels)), "an entity that Graphviz would replace"
    assert not {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"}


def test_hostile_texts_act_on_no_terminal(hostile: Origins) -> None:
    lines = [*origin_table(hostile, {})]
    for line in lines:
        assert line.endswith("\n")
        assert len(line.split("\n")) == 2
        assert len(line) < 1500
        assert not {char for char in line if unicodedata.category(char) in ("Cc", "Cf", "Cs")} - {"\n", "\u2068", "\u2069"}
        assert line.count("\u2068") == line.count("\u2069")
    assert len([line for line in lines if " own words" in line]) == len(HOSTILE) + 1, "every text has a line"


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.graphml", "x.dot", "x.txt", "x.csv", "x.tsv", "x.db"])
def test_hostile_ids_go_through_every_format(name: str, run: Callable[..., str], tmp_path: Path) -> None:
    ids = [each.encode("utf-8", "replace").decode().replace("\x00", "") for each in HOSTILE]
    write(
        tmp_path / "h.jsonl",
        [{"id": each, "text": f"{NEWS} Item {place}.", "title": each, "source": each} for place, each in enumerate(ids)],
    )
    run("origins", "h.jsonl", "-o", name)
    data = (tmp_path / name).read_bytes()
    assert data
    if name.endswith(".db"):
        with closing(sqlite3.connect(tmp_path / name)) as database:
            assert sorted(each for (each,) in database.execute("SELECT id FROM origins")) == sorted(ids)
        return
    text = data.decode()
    if name == "x.json":
        (story,) = json.loads(text)["stories"]
        assert sorted(each["id"] for each in story["texts"]) == sorted(ids)
    elif name == "x.graphml":
        assert len(parsed(iter([text]))[0]) == len(ids)
    elif name == "x.dot":
        assert dot_labels(text)
    elif name == "x.csv":
        assert "'=HYPERLINK" in text


def test_texts_that_carry_each_other_in_a_ring_are_all_shown() -> None:
    names = "a", "b", "c"
    ring = tuple(Carried(a, b, 1.0, 0.6, (DirectionEvidence.EDITS,), True) for a, b in pairwise((*names, "a")))
    story = Story("s", tuple(OriginText(name, 0, 0.0, 0.0) for name in names), (OriginGroup(0, "a", 0.4, names),), ring)
    lines = [line.split(" · ")[0].strip() for line in origin_table(Origins((story,))) if " own words" in line]
    assert lines == ["a", "b", "c"]
    assert story.ancestors("a") == ("b", "c")


def test_a_long_chain_is_shown_without_leaving_the_screen() -> None:
    names = tuple(f"v{number:04}" for number in range(3000))
    chain = tuple(Carried(a, b, 1.0, 0.9, (DirectionEvidence.TIME,)) for a, b in pairwise(names))
    story = Story("s", tuple(OriginText(name, 0, 0.0, 0.0) for name in names), (OriginGroup(0, "v0000", 0.9, names),), chain)
    lines = [*origin_table(Origins((story,) * 60))]
    assert max(len(line) - len(line.lstrip()) for line in lines) < 20
    assert "    ... and 2,970 more: --format jsonl prints them all\n" in lines
    assert "... and 10 more: --format jsonl prints them all\n" in lines


# Versions


def versions(*ids: str, **more: list[str]) -> list[dict[str, str]]:
    """Return three versions of a report, each longer than the one before it."""
    second = f"{NEWS} A flood took away a part of its foot a year ago, as engineers had said in the autumn."
    texts = NEWS, second, f"{second} A third boat came from the harbour in the night, with lamps and two divers on it."
    return [
        {"id": name, "text": text} | {key: each[place] for key, each in more.items()}
        for place, (name, text) in enumerate(zip(ids, texts, strict=True))
    ]


HOURS = ["2026-03-02T08:00Z", "2026-03-02T10:00Z", "2026-03-02T14:00Z"]


def test_versions_of_one_record_descend_from_each_other() -> None:
    (story,) = find_origins(versions("x", "x", "x")).to_dict()["stories"]
    told = {text["id"]: (text["carries"], text["evolvedfrom"], text["ancestors"]) for text in story["texts"]}
    assert told == {"x": (None, None, []), "x@2": ("x", "x", ["x"]), "x@3": ("x@2", "x@2", ["x", "x@2"])}


def test_versions_of_one_record_do_so_whoever_else_has_their_text() -> None:
    texts = [*versions("x", "x", "x"), *({**row, "id": f"y{place}", "source": "b"} for place, row in enumerate(versions("x", "x", "x")))]
    (story,) = find_origins(texts).to_dict()["stories"]
    told = {text["id"]: (text["evolvedfrom"], text["ancestors"]) for text in story["texts"]}
    assert (told["x"], told["x@2"], told["x@3"]) == ((None, []), ("x", ["x"]), ("x@2", ["x", "x@2"]))


def test_later_texts_of_one_source_are_its_versions() -> None:
    wire = versions("a", "b", "c", time=HOURS, source=["Wire"] * 3)
    paper = {**wire[1], "id": "p", "source": "Paper", "time": "2026-03-02T11:00Z"}
    for texts in ([*wire, paper], [paper, *wire[::-1]]):
        (story,) = find_origins(texts).to_dict()["stories"]
        told = {text["id"]: (text["evolvedfrom"], text["ancestors"]) for text in story["texts"]}
        assert told == {"a": (None, []), "b": ("a", ["a"]), "c": ("b", ["a", "b"]), "p": (None, [])}
        assert next(text["carries"] for text in story["texts"] if text["id"] == "p") == "b"


# Beside the clusters


def test_clusters_have_their_origins_where_they_are_asked_for(run: Callable[..., str]) -> None:
    plain, more = (stories(run("find", "feed.jsonl", "--format", "clusters", *option)) for option in ([], ["--origins"]))
    assert [{name: row[name] for name in old} for old, row in zip(plain, more, strict=True)] == plain
    row = next(row for row in more if "w1" in row["members"])
    assert row["independent_origins"] == 2
    assert row["story"] == find_origins(DOCUMENTS).stories[0].id
    told = {text["id"]: (text["group"], text["first"], text["carries"]) for text in row["texts"]}
    assert told == {"p1": (0, False, "w1"), "p2": (0, False, "w1"), "w1": (0, True, None)}
    titled = stories(run("find", "feed.jsonl", "--format", "clusters", "--origins", "--titles"))
    assert [*titled[0]["texts"][0]] == ["id", "title", "source", "time", "url", "group", "first", "carries", "own"]


def test_json_has_all_stories_where_they_are_asked_for(run: Callable[..., str]) -> None:
    plain, more = (json.loads(run("find", "feed.jsonl", "--format", "json", *option)) for option in ([], ["--origins"]))
    assert "origins" not in plain
    assert more["origins"] == find_origins(DOCUMENTS).to_dict()
    assert more["matches"] == plain["matches"]


def test_tables_of_clusters_have_columns_more(run: Callable[..., str], tmp_path: Path) -> None:
    added = ["story", "group", "first", "carries", "own", "independent_origins"]
    heads = []
    for name, option in (("a.csv", []), ("b.csv", ["--origins"])):
        run("find", "feed.jsonl", "--format", "clusters", "-o", name, *option)
        heads.append((tmp_path / name).read_text("utf-8").split("\n")[0].split(","))
    assert heads[1] == heads[0] + added
    run("find", "feed.jsonl", "-o", "x.db", "--origins")
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        assert database.execute("SELECT carries, independent_origins FROM clusters WHERE id = 'p1'").fetchall() == [("w1", 2)]
        assert [column[1] for column in database.execute("PRAGMA table_info(matches)")][-1] == "b_url", "matches stay as they are"


def test_a_result_with_origins_gives_them_in_its_tables() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    from dataclasses import replace

    plain = find_duplicates(DOCUMENTS)
    result = replace(plain, origins=origins_of(plain, DOCUMENTS))
    for table in (result.to_arrow("clusters").to_pylist(), result.to_pandas("clusters").to_dict("records")):
        assert {row["id"]: row["first"] for row in table} == {"w1": True, "p1": False, "p2": False, "a1": True, "a2": False}
    assert "story" not in plain.to_arrow("clusters").column_names
    assert "story" not in result.to_arrow().column_names
    assert "texts" not in next(cluster_objects(plain))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--origins is for --format clusters and json"),
        (["--format", "pairs"], "--origins is for --format clusters and json"),
        (["-o", "x.csv"], "--origins is for --format clusters and json"),
        (["--engine", "spark", "--format", "clusters"], "--origins is not for --engine spark"),
    ],
)
def test_origins_are_refused_where_no_clusters_are_written(arguments: list[str], says: str, run: Callable[..., str]) -> None:
    with pytest.raises(click.UsageError, match=re.escape(says)):
        run("find", "feed.jsonl", "--origins", *arguments)
    assert not os.path.exists("x.csv")
