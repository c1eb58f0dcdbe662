"""``dedup report`` and what an editor can hand on: facts as CSV, Markdown, a folder of pages."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_cli import dedup

from dedup import Document, find_duplicates
from dedup.errors import OutputError
from dedup.writers.files import write_file
from reports import Report, compare, compare_versions, read_json, render
from reports.build_report import build_report, build_reports
from reports.history.versions import MOST_VERSIONS
from reports.renderers.folder import write_folder
from reports.renderers.formats import to_comparison
from reports.renderers.html import render_html
from reports.renderers.markdown import escape_markdown, render_markdown

VERSIONS = [
    "Police held 9 men in Marsa on Monday, the ministry said. Schools were closed for the day.",
    "Police held 12 men in Marsa on Monday, the ministry said. Schools were closed for the day.",
    "Police held 11 men in Marsa on Monday, the ministry said. Schools were open for the day.",
]
TIMES = ["2016-02-09T08:00", "2016-02-09T10:00:00+00:00", "2016-02-09T13:00+01:00"]


def records(tmp_path: Path, rows: list[dict[str, Any]]) -> str:
    path = tmp_path / "versions.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)


def shuffled(**more: str) -> list[dict[str, Any]]:
    rows = [{"id": f"v{n}", "text": text, "when": time} | more for n, (text, time) in enumerate(zip(VERSIONS, TIMES, strict=True), 1)]
    return [rows[1], rows[2], rows[0]]


def test_versions_are_put_in_order_by_their_time(tmp_path: Path) -> None:
    done = dedup("report", records(tmp_path, shuffled()), "--time-field", "when", "--format", "json")
    found = read_json(done.stdout.decode())
    assert [version.id for version in found.versions] == ["v1", "v2", "v3"]  # type: ignore[union-attr]
    assert [version.time for version in found.versions] == TIMES  # type: ignore[union-attr]
    numbers = [{"id": f"v{n}", "text": text, "when": 1000 - n} for n, text in enumerate(VERSIONS)]
    found = read_json(dedup("report", records(tmp_path, numbers), "--time-field", "when", "--format", "json").stdout.decode())
    assert [version.id for version in found.versions] == ["v2", "v1", "v0"]  # type: ignore[union-attr]


def test_files_are_versions_in_the_order_given_and_the_terminal_says_what_matters(tmp_path: Path) -> None:
    for n, text in enumerate(VERSIONS):
        (tmp_path / f"{n}.txt").write_text(text, "utf-8")
    done = dedup("report", "0.txt", "1.txt", "2.txt", "--lang", "en", cwd=tmp_path)
    out = done.stdout.decode()
    assert done.returncode == 0
    assert out.index("version 1: 0.txt") < out.index("version 3: 2.txt") < out.index("detained, Marsa: 9 → 12 → 11 (fell)")
    assert "version 3 · a number fell: detained, Marsa: 12 → 11" in out


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("day.html", b"<!doctype html>"),
        ("day.json", b'{"schema": "dedup/timeline/1"'),
        ("day.csv", b"\xef\xbb\xbfid,kind,role"),
        ("day.md", b"# "),
        ("day.diff", b"--- "),
        ("day.docx", b"PK"),
    ],
)
def test_the_name_of_the_output_says_the_format(tmp_path: Path, name: str, starts: bytes) -> None:
    if name.endswith(".docx"):
        pytest.importorskip("docx")
    done = dedup("report", records(tmp_path, shuffled()), "--time-field", "when", "-o", name, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / name).read_bytes().startswith(starts)
    for number, text in enumerate(VERSIONS[:2]):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    done = dedup("diff", "0.txt", "1.txt", "-o", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert (tmp_path / name).read_bytes().startswith(starts.replace(b"timeline", b"comparison"))


def test_a_folder_has_a_page_for_each_cluster_and_an_index(tmp_path: Path) -> None:
    rows = shuffled(story="one") + [row | {"id": row["id"] + "b"} for row in shuffled(story="two <b>")]
    done = dedup("report", records(tmp_path, rows), "--cluster-field", "story", "--time-field", "when", "-o", "pages", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == b"pages: 2 pages and their index\n"
    index = (tmp_path / "pages/index.html").read_text("utf-8")
    assert index.count("<tr") == 3
    assert "two &lt;b&gt;" in index
    assert {path.name for path in (tmp_path / "pages").iterdir()} == {"index.html", "page-000001.html", "page-000002.html"}
    again = dedup("report", records(tmp_path, rows[:3]), "--cluster-field", "story", "-o", "pages", cwd=tmp_path)
    assert again.returncode == 0
    assert {path.name for path in (tmp_path / "pages").iterdir()} == {"index.html", "page-000001.html"}


def test_many_clusters_go_into_one_page_or_lines_of_json_but_not_into_other_files(tmp_path: Path) -> None:
    rows = shuffled(story="one") + [row | {"id": row["id"] + "b"} for row in shuffled(story="two")]
    path = records(tmp_path, rows)
    assert dedup("report", path, "--cluster-field", "story", "-o", "all.html", cwd=tmp_path).returncode == 0
    assert (tmp_path / "all.html").read_text("utf-8").count("<article") == 6
    assert len(dedup("report", path, "--cluster-field", "story", "--format", "json").stdout.splitlines()) == 2
    done = dedup("report", path, "--cluster-field", "story", "-o", "all.csv", cwd=tmp_path)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"2 clusters do not go into one file of csv" in done.stderr
    assert not (tmp_path / "all.csv").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match=r"holds other files \(notes.txt\)"):
        write_folder(str(tmp_path), [], title="t")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_find_writes_a_folder_where_the_path_is_no_page(tmp_path: Path) -> None:
    storm = "A storm closed the road to Sirte and cut power to {} villages, the mayor said on Friday."
    rows = [{"id": f"p{n}", "text": text} for n, text in enumerate(VERSIONS[:2])]
    rows += [{"id": f"s{n}", "text": storm.format(n + 4)} for n in range(3)]
    done = dedup("find", records(tmp_path, rows), "--html", "pages", "--format", "clusters", cwd=tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(list((tmp_path / "pages").glob("page-*.html"))) == 2
    piped = dedup("find", "-", "--html", "piped", cwd=tmp_path, stdin=(tmp_path / "versions.jsonl").read_bytes())
    assert piped.returncode == 0
    assert (tmp_path / "piped/page-000001.html").read_bytes() == (tmp_path / "pages/page-000001.html").read_bytes()


def test_the_page_of_a_cluster_holds_its_newest_versions_and_says_what_it_leaves_out() -> None:
    text = "The port of Marsa reopened on Sunday after a two-week strike by dock workers over pay, with {} ships waiting."
    documents = [Document(f"d{n:03}", text.format(n + 2)) for n in range(MOST_VERSIONS + 7)]
    result = find_duplicates(documents)
    (timeline,) = build_report(result, documents, title="t").timelines
    assert (len(timeline.versions), timeline.left_out) == (MOST_VERSIONS, 7)
    assert timeline.versions[-1].id == documents[-1].id
    page = render(timeline, "html", lang="en")
    assert "7 older versions are left out." in page
    assert len(page) < 3_000_000
    assert [each.timelines for each in build_reports(result, documents)] == [(timeline,)]


def test_markdown_says_what_the_page_says() -> None:
    found = render_markdown(compare_versions(VERSIONS), lang="en")
    assert "| **detained, Marsa** Police held **11** men in Marsa on Monday | 9 | 12 | 11 (fell) |" in found
    assert "- **version 3 · a number fell: detained, Marsa** 12 → 11" in found
    assert "Schools were ~~closed~~ **open** for the day." in found


@pytest.mark.parametrize(
    "text", ["# a", "- a", "1. a", "<script>", "[x](javascript:y)", "![x](y)", "`x`", "a | b", "a\n\n# b", "~~~", "***", "> q", "&lt;"]
)
def test_hostile_text_means_nothing_in_markdown(text: str) -> None:
    escaped = escape_markdown(text)
    assert "\n" not in escaped
    bare = escaped.replace("\\\\", "")
    for mark in "`*[]<>|~&_#":
        assert bare.count(mark) == bare.count("\\" + mark)
    assert not bare.startswith(("- ", "+ ", "1. "))
    page = render_markdown(compare_versions([f"{text} <script>x</script>", f"{text} <script>y</script>"]))
    assert not re.search(r"(?<!\\)<", page)


def test_one_comparison_of_a_timeline_is_from_the_oldest_to_the_newest() -> None:
    found = to_comparison(compare_versions(VERSIONS))
    assert (found.a.text, found.b.text) == (VERSIONS[0], VERSIONS[-1])
    pair = compare("One.", "Two.")
    assert to_comparison(pair) is pair


def test_a_report_without_differences_says_so() -> None:
    found = compare_versions(["The same words.", "The same words."])
    assert "The two texts do not differ." in render(found, "html", lang="en")
    assert "The two texts do not differ." in render(found, "markdown", lang="en")
    assert render(found, "unified") == ""
    assert Report("t", (found,)).timelines[0].steps == ()


def test_a_file_that_is_named_twice_is_two_versions(tmp_path: Path) -> None:
    for n, text in enumerate(VERSIONS[:2]):
        (tmp_path / f"{n}.txt").write_text(text, "utf-8")
    found = read_json(dedup("report", "0.txt", "1.txt", "0.txt", "--format", "json", cwd=tmp_path).stdout.decode())
    assert [version.id for version in found.versions] == ["0.txt", "1.txt", "0.txt"]  # type: ignore[union-attr]


def test_a_link_stays_a_link_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old", "utf-8")
    (tmp_path / "link.json").symlink_to("real.json")
    write_file(str(tmp_path / "link.json"), ["new"])
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text("utf-8") == "new"
    os.mkfifo(tmp_path / "pipe.json")
    with subprocess.Popen(["cat", str(tmp_path / "pipe.json")], stdout=subprocess.PIPE) as reader:
        write_file(str(tmp_path / "pipe.json"), ["through", b" it"])
        assert reader.communicate()[0] == b"through it"
    assert not (tmp_path / "pipe.json").is_file()


def bulletin(*sections: tuple[str, str]) -> str:
    return "\n".join(f"{heading}::\n{text}" for heading, text in sections) + "\n"


def three_bulletins() -> tuple[Any, list[Document]]:
    toll = "سقط {} شهداء وعشرات الجرحى جراء قصف مدفعي على أحياء المدينة القديمة وسط انتشار أمني كثيف في الشوارع الرئيسية"
    clash = "دارت اشتباكات عنيفة على أطراف بلدة خان طومان تزامنت مع غارات جوية على الطريق الدولي وحركة نزوح للأهالي"
    rain = "هطلت أمطار غزيرة على القرى الجبلية وأدت إلى إغلاق الطرق الفرعية وانقطاع التيار الكهربائي عن عشرات المنازل"
    sections = [("حلب", toll), ("إدلب", clash), ("حماة", rain)]
    documents = []
    for number, count in ((1, 3), (2, 5), (3, 9)):
        kept = [(heading, text.format(count)) for heading, text in sections[:number]]
        kept += [("درعا", f"تعرضت بلدات الريف الشرقي لقصف بقذائف الهاون فجر اليوم وأصيب {count} مدنيين بينهم أطفال ونقلوا إلى المشفى")]
        documents.append(Document(f"{number}.txt", bulletin(*kept), f"{number}.txt", 1, segmented=True))
    order = [documents[0], documents[2], documents[1]]  # neither in the order of their size nor in that of their ids
    return find_duplicates(order), order


def test_sections_of_three_bulletins_are_one_story_in_one_order_everywhere() -> None:
    result, documents = three_bulletins()
    page = build_report(result, documents, title="t")
    stories = {timeline.versions[-1].heading: timeline for timeline in page.timelines}
    assert [version.id.split(".")[0] for version in stories["حلب"].versions] == ["1", "3", "2"]
    assert stories["حلب"].ledger[0].falls == (2,)
    assert {(pair.a.document[0], pair.b.document[0]) for pair in page.bulletins} == {("1", "3"), ("1", "2"), ("3", "2")}
    (folder,) = build_reports(result, documents)
    assert folder.timelines == page.timelines
    assert folder.bulletins == page.bulletins
    html = render_html(page, lang="en")
    assert "unclassified" not in html


def test_equal_texts_are_named_and_called_identical() -> None:
    documents = [Document(f"d{n}", VERSIONS[0]) for n in range(5)]
    report = build_report(find_duplicates(documents), documents, title="t")
    html = render_html(report, lang="en")
    assert all(f">d{n}</bdi>" in html for n in range(5))
    assert 'class="pill identical"' in html
    assert "unclassified" not in html


def test_a_page_shows_so_many_texts_and_says_how_many_more_there_are() -> None:
    stories = [
        "The council voted on Tuesday to rebuild the old bridge over the river before the winter, officials in Marsa said.",
        "Doctors at the central hospital began a strike over unpaid wages and called on the ministry to act within a week.",
        "A fishing boat with nine sailors on board was found adrift near the northern coast after three days at sea.",
    ]
    documents = [Document(f"s{n}{copy}", text + " More later." * copy) for n, text in enumerate(stories) for copy in range(2)]
    result = find_duplicates(documents)
    whole = build_report(result, documents, title="t")
    report = build_report(result, documents, title="t", limit=2)
    assert (len(whole.timelines), len(report.timelines), report.left_out) == (3, 2, 1)
    assert "1 more text repeats and is not shown here." in render_html(report, lang="en")
