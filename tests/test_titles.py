"""Titles, sources, times and addresses of texts: on every page, in every format of a report, in the index of a folder of pages."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from browser_support import HOSTILE
from click.testing import CliRunner
from conftest import ROOT

from dedup import Document, find_duplicates
from dedup.cli import cli
from dedup.readers.sources import Documents
from reports import Report, Version, compare, compare_versions, render
from reports.build_report import build_report, build_reports
from reports.renderers.folder import write_folder
from reports.renderers.html import render_html
from reports.renderers.load_json import read_json
from reports.renderers.origin import web_address

AID = "وصلت قافلة من المساعدات الإنسانية إلى مدينة مرسى صباح اليوم، وقال متحدث باسم البلدية إن {} شاحنة دخلت المدينة وإن التوزيع يبدأ غدا."
FLOOD = "Heavy rain flooded the old harbour of Marsa on Monday and closed the coast road, the city said. {} people were killed."
TITLES = ("قافلة مساعدات تصل إلى مرسى", "عاجل: 15 شاحنة مساعدات في مرسى")
FEED = [
    Document("9", AID.format(12), title=TITLES[0], source="وكالة الساحل", time="2026-03-01T08:00", url="https://sahel.example/1"),
    Document("10", AID.format(15), title=TITLES[1], source="أخبار مرسى", time="2026-03-01T10:30", url="https://marsa.example/2"),
    Document("2", FLOOD.format("Seven"), title="Flood closes the harbour", source="Marsa Courier", time="2026-03-02T09:00"),
    Document("1", FLOOD.format("Four"), title="UPDATE 2-Flood closes the harbour", source="Coast Wire", time="2026-03-02T12:00"),
    Document("x", "A quiet day at the lighthouse, says its keeper, who reads the paper from the first page on.", title="Quiet"),
]
AID_VERSIONS = [
    Version(each.id, each.text, None, each.line, each.time, each.title, each.source, each.url) for each in FEED[:2]
]  # fmt: skip
BAD_ADDRESSES = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "https://",
    "https://bank.example@evil.example/",
    "https://a.example/\u202e",
    "https://a.example/ b",
    'https://a.example/"onclick=alert(1)',
    "https://[",
    "\x01https://a.example",
    "https://a.example/" + "x" * 5000,
    "file:///etc/passwd",
]


def page_of(*documents: Document, lang: str = "en") -> str:
    return render_html(build_report(find_duplicates(documents), documents, title="feed"), lang=lang)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)))


# Versions


def test_a_version_is_called_by_its_heading_then_its_title_then_its_id() -> None:
    assert [Version("1", "", *more).name for more in (("Aleppo", None, None, "T"), (None, None, None, "T"), ())] == ["Aleppo", "T", "1"]


def test_what_a_document_says_is_what_its_version_says() -> None:
    versions = build_report(find_duplicates(FEED), FEED, title="t").timelines[0].versions
    assert {(each.id, each.title, each.source, each.time, each.url) for each in versions} in (
        {(each.id, each.title, each.source, each.time, each.url) for each in FEED[:2]},
        {(each.id, each.title, each.source, each.time, each.url) for each in FEED[2:4]},
    )


# Pages


def test_the_title_is_the_heading_and_source_and_time_stand_below_it() -> None:
    html = page_of(*FEED[:2], lang="ar")
    assert re.search(rf"<h2><bdi dir=\"rtl\">{TITLES[1]}</bdi>", html)
    for document in FEED[:2]:
        assert f'<b><bdi dir="rtl">{document.title}</bdi></b>' in html
        assert f'<bdi class="source" dir="rtl">{document.source}</bdi>' in html
        assert f'<bdi class="time" dir="ltr">{document.time}</bdi>' in html
        assert f'href="{document.url}" rel="noopener noreferrer">' in html
        assert f'<span class="id"><bdi dir="ltr">{document.id}</bdi>' in html


def test_a_page_of_one_text_has_its_newest_title_at_the_head() -> None:
    (report,) = build_reports(find_duplicates(FEED[:2]), FEED[:2])
    assert (report.title, report.id) == (TITLES[1], "10")
    html = render_html(report)
    assert f"<title>{TITLES[1]}</title>" in html
    assert f'<h1 dir="rtl">{TITLES[1]}</h1>' in html


def test_a_text_without_a_title_is_called_by_its_id() -> None:
    html = page_of(Document("a", AID.format(3)), Document("b", AID.format(4)))
    assert '<h2><bdi dir="ltr">b</bdi>' in html
    for name in ("source", "time", "web"):
        assert f'class="{name}"' not in html


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_only_an_address_of_the_web_is_a_link(url: str) -> None:
    assert web_address(url) is None
    html = page_of(Document("a", AID.format(3), url=url), Document("b", AID.format(4), title="b"))
    assert not [link for link in re.findall(r'href="([^"]*)"', html) if not link.startswith("#")]


@pytest.mark.parametrize("url", ["https://مرسى.example/خبر", "http://a.example:8080/?a=b&c=d#e", "HTTPS://A.EXAMPLE/%E2%80%AE"])
def test_addresses_of_the_web_are_links_as_they_are_written(url: str) -> None:
    html = page_of(Document("a", AID.format(3), url=url), Document("b", AID.format(4)))
    assert url in map(unescape, re.findall(r'href="([^"]*)" rel="noopener noreferrer"', html))


@pytest.mark.parametrize("title", [HOSTILE, "ب" * 10_000, "<b>" * 3000, "\n \t", "\u202e\u2066", "a\u0301" * 4000])
def test_a_title_is_text_of_bounded_length(title: str, tmp_path: Path) -> None:
    told = {"title": title, "source": title, "time": title, "url": title}
    documents = [Document("a", AID.format(3), **told), Document("b", AID.format(4), **told)]
    plain = page_of(*(Document(each.id, each.text) for each in documents))
    html = page_of(*documents)
    assert len(html) - len(plain) < 80_000
    tags = {tag for tag in re.findall(r"<\w+", html) if tag not in re.findall(r"<\w+", plain)}
    assert not tags - {"<a"}
    assert "\u202e" not in html
    write_folder(str(tmp_path / "pages"), build_reports(find_duplicates(documents), documents), title="t")
    assert "<img" not in (tmp_path / "pages/index.html").read_text("utf-8")


# The index of a folder


@pytest.fixture
def index(tmp_path: Path) -> str:
    write_folder(str(tmp_path / "pages"), build_reports(find_duplicates(FEED), FEED), title="feed", lang="en")
    return (tmp_path / "pages/index.html").read_text("utf-8")


def rows_of(html: str) -> list[str]:
    return re.findall("<tr.*?</tr>", html[html.index("<tbody") :], re.DOTALL)


def test_the_index_tells_titles_sources_times_and_what_is_new(index: str) -> None:
    alarm, aid = rows_of(index)
    assert text_of(aid).strip().startswith(TITLES[1])
    for told in ("وكالة الساحل", "أخبار مرسى", "2026-03-01T08:00", "2026-03-01T10:30", "12", "15"):
        assert told in text_of(aid)
    assert "7 → 4 (-3)" in text_of(alarm)
    assert re.findall(r'<span class="column">([^<]*)</span> <bdi dir="ltr"(?: class="flag")?>(\d+)', alarm)[:2] == [
        ("Look twice", "1"),
        ("Facts changed", "1"),
    ]
    assert "Time" in text_of(index[index.index("<thead") : index.index("</thead>")])


def reports_of(*texts: tuple[str, str, str]) -> Iterator[Report]:
    return (Report(name, (compare_versions([old, new]),), id=name) for name, old, new in texts)


def test_the_index_begins_with_what_matters(tmp_path: Path) -> None:
    five = "Five men were held in Marsa on Monday, and Hasan Ali was one of them."
    reports = reports_of(
        ("s10", "It rained in the north.", "It rained in the north"),
        ("s2", "It rained in the north.", "It rained in the north"),
        ("wording", "It rained hard in the north.", "It rained a lot in the north."),
        ("fact", five, five.replace("Five", "Nine")),
        ("facts", five, five.replace("Five", "Nine").replace("Hasan Ali", "Omar Ali")),
        ("alarm", "Nine men were held.", "Five men were held."),
    )
    write_folder(str(tmp_path / "pages"), reports, title="t", lang="en")
    rows = rows_of((tmp_path / "pages/index.html").read_text("utf-8"))
    assert [text_of(row).split()[0] for row in rows] == ["alarm", "facts", "fact", "wording", "s2", "s10"]


def test_an_index_without_times_has_no_column_for_them(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "pages"), reports_of(("a", "Five men.", "Six men.")), title="t", lang="en")
    html = (tmp_path / "pages/index.html").read_text("utf-8")
    assert "Time" not in text_of(html[html.index("<thead") : html.index("</thead>")])


def test_times_that_cannot_be_read_are_shown_as_they_are(tmp_path: Path) -> None:
    versions = [Version("a", "Five men.", time="gestern"), Version("b", "Six men.", time="heute")]
    write_folder(str(tmp_path / "pages"), [Report("t", (compare_versions(versions),))], title="t")
    row = rows_of((tmp_path / "pages/index.html").read_text("utf-8"))[0]
    assert "gestern – heute" in " ".join(text_of(row).split())
    assert "data-at" not in row


@pytest.mark.parametrize("command", ["find", "report --clusters", "report --cluster-field"])
def test_each_command_that_writes_a_folder_tells_titles(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dedup.readers.sources

    monkeypatch.chdir(tmp_path)
    documents = [Document(each.id, each.text, "feed.jsonl", 1, title=each.title, source=each.source, cluster="one") for each in FEED[:2]]
    Path("feed.jsonl").write_text("")
    cluster = find_duplicates(documents).clusters[0]
    Path("clusters.jsonl").write_text(json.dumps(cluster.to_dict()) + "\n")
    words = {
        "find": ["find", "feed.jsonl", "--html", "pages"],
        "report --clusters": ["report", "feed.jsonl", "--clusters", "clusters.jsonl", "-o", "pages"],
        "report --cluster-field": ["report", "feed.jsonl", "--cluster-field", "story", "-o", "pages"],
    }[command]

    def read(*_: Any) -> Iterator[Document]:
        return iter(documents)

    monkeypatch.setattr(Documents, "__iter__", read)
    monkeypatch.setattr(Documents, "are_in_blocks", False)
    monkeypatch.setattr(dedup.readers.sources, "read", read)
    CliRunner().invoke(cli, words, standalone_mode=False, catch_exceptions=False)
    (row,) = rows_of(Path("pages/index.html").read_text("utf-8"))
    assert TITLES[1] in row
    assert "أخبار مرسى" in row
    assert ("one" if command == "report --cluster-field" else "10") in text_of(row).split()


# Other formats


def test_json_has_what_is_known_and_reads_back() -> None:
    for subject, name in ((compare(*AID_VERSIONS), "comparison"), (compare_versions(AID_VERSIONS), "timeline")):
        text = render(subject, "json")
        found = json.loads(text)
        jsonschema.Draft202012Validator(json.loads((ROOT / f"reports/schemas/{name}-1.json").read_text("utf-8"))).validate(found)
        newest = found["b"] if name == "comparison" else found["versions"][-1]
        assert [newest[key] for key in ("title", "source", "time", "url")] == [TITLES[1], "أخبار مرسى", "2026-03-01T10:30", FEED[1].url]
        assert read_json(text) == subject
    assert not {"title", "source", "url"} & json.loads(render(compare("Two died.", "Three died."), "json"))["a"].keys()


def test_a_terminal_and_markdown_tell_what_is_known() -> None:
    for subject in (compare(*AID_VERSIONS), compare_versions(AID_VERSIONS)):
        for name in ("terminal", "markdown"):
            shown = render(subject, name)
            for document in FEED[:2]:
                assert f"{document.title} · {document.source} · {document.time}" in shown
                assert str(document.url) in shown


def test_a_csv_has_rows_of_titles_before_the_facts() -> None:
    rows = list(csv.DictReader(io.StringIO(render(compare_versions(AID_VERSIONS), "csv").removeprefix("\ufeff"))))
    assert [(row["kind"], row["9"], row["10"]) for row in rows[:2]] == [
        ("version title", *TITLES),
        ("version source", "وكالة الساحل", "أخبار مرسى"),
    ]
    assert (rows[4]["id"], rows[4]["kind"]) == ("f1", "number")


def test_hostile_titles_do_not_reach_a_terminal_markdown_or_a_spreadsheet() -> None:
    versions = [Version(each.id, each.text, title=HOSTILE, source="=1+1", url="javascript:<b>") for each in AID_VERSIONS]
    timeline = compare_versions(versions)
    assert "\u202e" not in (terminal := render(timeline, "terminal"))
    assert "\x00" not in terminal
    assert "<b>" not in render(timeline, "markdown").replace("\\<", "")
    assert "<javascript" not in render(timeline, "markdown")
    cells = [cell for row in csv.reader(io.StringIO(render(timeline, "csv"))) for cell in row]
    assert "'=1+1" in cells


def test_a_word_file_tells_what_is_known() -> None:
    from reports.messages.catalog import load_catalog
    from reports.renderers.docx import body_xml

    body = re.sub("<[^>]*>|[\u200e\u200f]", "", body_xml(compare(*AID_VERSIONS), load_catalog("ar")))
    for told in (*TITLES, "وكالة الساحل", "2026-03-01T10:30", "https://marsa.example/2"):
        assert told in body


@pytest.mark.parametrize(
    ("times", "older"),
    [
        (("2026-03-02T12:00", "2026-03-02T09:00"), "b"),
        (("2026-03-02T09:00", "2026-03-02T12:00"), "a"),
        (("2026-03-02T12:00+03:00", "2026-03-02T10:00Z"), "a"),
        (("2026-03-02T12:00", None), "a"),
        (("2026-03-02T12:00", "17"), "a"),
        (("noon", "2026-03-02"), "a"),
    ],
)
def test_the_older_text_is_the_one_with_the_earlier_time_else_the_first(times: tuple[str, str | None], older: str, tmp_path: Path) -> None:
    documents = [Document(name, FLOOD.format(n), time=time) for name, n, time in zip("ab", ("Four", "Seven"), times, strict=True)]
    report = build_report(find_duplicates(documents), documents, title="x")
    assert report.timelines[0].versions[0].id == older
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"id": each.id, "text": each.text, "date": each.time}) for each in documents))
    told = CliRunner().invoke(cli, ["report", str(tmp_path / "a.jsonl"), "--format", "json"])
    assert json.loads(told.output)["versions"][0]["id"] == older
