"""What a file is: its name and its first bytes agree, or it is refused; nothing but a text is taken for a text."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from command_support import run_command
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.cli.groups import FORMAT_NAMES
from dedup.errors import InputError
from dedup.readers.detection import detect_format
from dedup.readers.formats import FORMATS
from dedup.readers.options import Reading
from dedup.readers.sources import read, read_bytes

CASES = json.loads((ROOT / "tests/detection_cases.json").read_text("utf-8"))


def detected(name: str, data: bytes, reading: Reading | None = None) -> str:
    stream = io.BufferedReader(io.BytesIO(data), 1 << 18)  # type: ignore[arg-type]
    return detect_format(stream, name, reading or Reading()).name


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']} {case.get('content', case.get('base64'))[:40]}")
def test_a_file_is_what_its_name_and_its_content_agree_on(case: dict[str, Any]) -> None:
    data = base64.b64decode(case["base64"]) if "base64" in case else case["content"].encode()
    if "format" in case:
        assert detected(case["name"], data) == case["format"]
        return
    with pytest.raises(InputError, match=case["says"].replace("(", r"\(")) as raised:
        detected(case["name"], data)
    assert raised.value.path == case["name"]
    assert raised.value.hint


def test_a_name_that_is_given_decides() -> None:
    assert detected("page.html", b"Two people were killed.", Reading(input_format="text")) == "text"


def test_the_command_knows_the_formats_of_the_table() -> None:
    assert FORMAT_NAMES.split() == [each.name for each in FORMATS]


def test_each_format_has_a_module_that_reads_it_and_a_page(tmp_path: Path) -> None:
    for each in FORMATS:
        assert (ROOT / f"dedup/readers/{each.module}.py").exists(), each.name
        pages = (ROOT / "docs/how-to").glob("read-*.md")
        assert any(f"--as {each.name}`" in page.read_text("utf-8") for page in pages), each.name


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"A text.\nA bell \x07 in it.", "a.txt:2: a control character, U\\+0007"),
        (b"Attached:\n" + base64.b64encode(bytes(range(256)) * 3), "a.txt:2: base64"),
        ("<p>قتل أربعة.</p>\n<p>في <b>مرسى</b>.</p>".encode(), "looks like HTML|tags: this is a text with markup"),
        (b"News of the day.\n" + b"<p>Four people were killed.</p>\n" * 9, "a.txt:2: 18 tags: this is a text with markup"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        list(read_bytes(data, "a.txt", Reading()))
    (document,) = read_bytes(data, "a.txt", Reading(input_format="text"))
    assert document.text == data.decode()


def test_files_of_a_folder_that_are_not_read_are_counted_and_said(tmp_path: Path) -> None:
    for name, content in (("a.txt", "A text."), ("b.md", "x"), ("c.md", "x"), ("photo.jpg", "x"), ("d.txt", "<html><body>"), ("none", "x")):
        (tmp_path / name).write_text(content)
    done = run_command("find", ".", cwd=tmp_path)
    said = done.stderr.decode()
    assert done.returncode == 0
    assert "d.txt is left out: its name is that of text, but it looks like HTML" in said
    assert "left out 5 files that are not read: 1 .jpg, 2 .md, 1 .txt of another kind, 1 without an ending" in said
    strict = run_command("find", ".", "--strict-input", cwd=tmp_path)
    assert (strict.returncode, strict.stdout) == (2, b"")
    assert b"b.md: a file of a kind that is not read" in strict.stderr
    with pytest.raises(InputError, match=r"d\.txt"):
        list(read([str(tmp_path / "a.txt"), str(tmp_path / "d.txt")]))


@given(st.binary(max_size=300), st.sampled_from(["a", "a.txt", "a.json", "a.xml", "a.html", "a.eml", "a.docx", "-"]))
@settings(max_examples=200)
def test_any_bytes_have_a_format_or_one_line_that_says_why_not(data: bytes, name: str) -> None:
    try:
        said = detected(name, data)
    except InputError as error:
        said = str(error)
    assert said in FORMAT_NAMES.split() or said.startswith(f"{name}: ")
    assert "\n" not in said


def test_character_references_of_a_text_file_are_read_unless_they_are_to_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Smith&nbsp;&amp; Sons\nclosed.", "utf-8")
    texts = {how: next(read([str(tmp_path / "a.txt")], Reading(text_format=how))).text for how in ("auto", "plain")}  # type: ignore[arg-type]
    assert texts == {"auto": "Smith & Sons\nclosed.", "plain": "Smith&nbsp;&amp; Sons\nclosed."}
    assert "a.txt: character references" in run_command("find", "a.txt", cwd=tmp_path).stderr.decode()


def test_a_page_of_ours_in_a_folder_is_no_news(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two people were killed when a bridge fell in the old town of Marsa.\n", "utf-8")
    for _ in range(2):
        done = run_command("find", ".", "--html", "report.html", cwd=tmp_path)
        assert (done.returncode, done.stdout.count(b"1 document, 1 segment read")) == (0, 1)
    assert b"report.html is left out: this was written by dedup, and is no news" in done.stderr
