"""Reading files: encodings of all sorts, readers side by side."""

from __future__ import annotations

import csv
import encodings
import io
import json
import pkgutil
import subprocess
from encodings import aliases
from pathlib import Path

import pytest
from command_support import COMMAND, PATIENCE, run_command

from dedup.errors import InputError
from dedup.readers.formats import find_input_format
from dedup.readers.options import Reading
from dedup.readers.sources import read, read_bytes

ALL = sorted({*aliases.aliases.values(), *(module.name for module in pkgutil.iter_modules(encodings.__path__))})
DATA = [
    b'id,text\r\n1,one\n2,"two"\n',
    bytes(range(1, 256)),
    b"+2AA- \\ud800 \\N{NONE} xn--ud800-\n",
    "id,text\n1,\u0646\u0635\n".encode("utf-16"),
]


@pytest.mark.parametrize("name", [*ALL, "undefined", "", "a\0b", "no such", "../x", "x" * 5000, "\N{SNOWMAN}"])
@pytest.mark.parametrize("path", ["a.txt", "a.csv"])
def test_any_encoding_gives_texts_or_one_line_that_says_why_not(name: str, path: str) -> None:
    for data in DATA:
        said = ""
        try:
            documents = list(read_bytes(data, path, Reading(encoding=name)))
        except InputError as error:
            documents, said = [], str(error)
        assert "\n" not in said
        for document in documents:
            assert (document.id + document.text).encode()


@pytest.mark.parametrize("name", ["rot13", "hex", "base64", "zlib", "idna", "punycode", "undefined", "unicode_escape", "utf-7"])
def test_what_is_no_encoding_of_texts_is_refused(name: str) -> None:
    for path in ("a.txt", "a.csv"):
        with pytest.raises(InputError, match="is not an encoding of texts"):
            list(read_bytes(b"id,text\n1,one\n", path, Reading(encoding=name)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be", "cp037", "windows-1256"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_read_in_any_encoding_with_any_line_end(encoding: str, end: str) -> None:
    row = '1,"one' + end + "more" + end + '"'
    text = end.join(["id,text", row, "", "2,two" * 300_000, "3,three"]) + end
    feed = io.BufferedReader(io.BytesIO(text.encode(encoding)))  # type: ignore[arg-type]
    found = list(find_input_format("csv").read(feed, "feed", Reading(encoding=encoding, max_chars=100_000)))
    assert [each.document and (each.document.id, each.document.line) for each in found] == [None, ("1", 2), None, ("3", 7)]
    assert (
        b"".join(each.raw for each in found if each.document).decode(
            encoding if encoding not in ("utf-16", "utf-32-be", "cp037") else "utf-8"
        )
        == row + end + "3,three" + end
    )


def test_two_readers_of_csv_in_turn_keep_their_own_limits(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    (tmp_path / "long.csv").write_text("id,text\n" + "".join(f"{n},{'word ' * 40_000}\n" for n in range(3)))
    (tmp_path / "short.csv").write_text("id,text\n" + "".join(f"{n},word\n" for n in range(3)))
    long = read([str(tmp_path / "long.csv")], Reading(max_chars=300_000))
    short = read([str(tmp_path / "short.csv")], Reading(max_chars=10))
    ids = []
    for one, other in zip(long, short, strict=True):
        ids += [one.id, other.id]
    assert ids == ["0", "0", "1", "1", "2", "2"]
    assert csv.field_size_limit() == before
    with pytest.raises(InputError, match="more than 10 characters"):
        list(read([str(tmp_path / "long.csv")], Reading(max_chars=10)))


@pytest.mark.parametrize("command", [["find", "-"], ["filter"], ["diff", "a.txt", "-"], ["index", "remove", "seen.db", "--from", "-"]])
def test_a_closed_standard_input_is_told(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain is expected in the north.")
    done = subprocess.run(
        ["bash", "-c", '"$@" <&-', "bash", *COMMAND, *command], cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE
    )
    assert (done.returncode, done.stderr) == (2, b"dedup: -: standard input is closed; give a file, or something to read\n")


STORY = "Four people were killed when a bridge fell in Marsa on Monday, the police said."


def test_files_with_other_columns_are_not_written_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'id,text\n1,"{STORY}"\n')
    (tmp_path / "b.csv").write_bytes(b'\xef\xbb\xbfid,text\n2,"Rain is expected in the north from Tuesday on, it was said."\n')
    (tmp_path / "c.csv").write_text(f'text,id\n"{STORY}",3\n')
    done = run_command("filter", "a.csv", "b.csv", cwd=tmp_path)
    assert [line[:2] for line in done.stdout.splitlines()] == [b"id", b"1,", b"2,"]
    done = run_command("filter", "a.csv", "c.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == b"dedup: a file with the columns 'text,id' after one with 'id,text'; filter files with other columns apart\n"


def test_empty_cells_behind_those_of_the_header_are_no_harm() -> None:
    rows = b'id,text\n1,one,\n2,"two, more", ,\n3,three\n4,"four",,five\n'
    found = list(find_input_format("csv").read(io.BufferedReader(io.BytesIO(rows)), "a.csv", Reading()))  # type: ignore[arg-type]
    assert [each.document and each.document.text for each in found] == [None, "one", "two, more", "three", None]
    assert (str(found[-1].error), found[-1].raw) == (
        "a.csv:5: row has 4 cells, the header 2; put a text with commas in quotes",
        b'4,"four",,five\n',
    )


FORMS = {
    "a.csv": f'id,text\n1,"{STORY}"\n',
    "b.jsonl": json.dumps({"id": "2", "text": "Rain is expected in the north from Tuesday on, it was said."}) + "\n",
    "c.ndjson": '{"index": {"_id": "3"}}\n{"text": "The old library of Lodren stays open for two more years, the mayor said."}\n',
    "d.json": '[\n {"id": "4",\n  "text": "A grain silo in Velin burned for nine hours before rain put it out."}\n]\n',
}


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ("a.csv b.jsonl", "b.jsonl:1: a file of JSON after one of CSV"),
        ("b.jsonl a.csv", "a file of CSV after one of JSON"),
        ("b.jsonl c.ndjson", "c.ndjson:2: a file of _bulk after one of JSON"),
        ("c.ndjson d.json", "d.json:2: a file of JSON after one of _bulk"),
        ("b.jsonl d.json", None),
    ],
)
def test_files_of_other_forms_are_not_written_as_one(names: str, says: str | None, tmp_path: Path) -> None:
    for name, content in FORMS.items():
        (tmp_path / name).write_text(content)
    done = run_command("filter", *names.split(), cwd=tmp_path)
    said = f"dedup: {says}; filter them apart, or write JSON of all with --annotate\n"
    assert done.stderr.decode() == (said if says else "2 records: 2 new, 0 held back as duplicates\n")
    assert done.returncode == (2 if says else 0)
    for style in ("--annotate", "--actions", "--bulk=news"):
        done = run_command("filter", *names.split(), style, cwd=tmp_path)
        assert done.returncode == 0
        assert all(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize("command", ["filter a.jsonl", "find a.jsonl", "find a.jsonl --format pairs", "filter a.jsonl --index seen.db"])
def test_a_closed_standard_output_is_told(command: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": name, "text": STORY}) + "\n" for name in "12"))
    words = [*COMMAND, *command.split()]
    done = subprocess.run(["bash", "-c", '"$@" >&-', "bash", *words], cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (2, b"dedup: standard output is closed; write to a file, or to /dev/null\n")
    words += ["--stats", "n.json"] if command.startswith("filter") else ["-o", "n.json"]
    done = subprocess.run(
        ["bash", "-c", '"$@" >/dev/null', "bash", *words], cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0


@pytest.mark.parametrize("options", [["--html", "page.html"], ["--format", "pairs", "--evidence"]])
def test_a_pipe_is_read_once(options: list[str], tmp_path: Path) -> None:
    feed = "".join(json.dumps({"id": number, "text": STORY}) + "\n" for number in "12").encode()
    done = run_command("find", "/dev/stdin", "--input-format", "jsonl", *options, cwd=tmp_path, stdin=feed)
    assert (done.returncode, b"1 duplicate pair" in done.stdout or b'"evidence"' in done.stdout) == (0, True)


def test_versions_of_a_record_are_named_alike_by_all_commands(tmp_path: Path) -> None:
    rain = "Rain is expected in the northern provinces from Tuesday on, the weather service of the capital said."
    texts = [("live", STORY), ("one", STORY + " It rained."), ("live", rain), ("two", rain + " It snowed.")]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts))
    for same_id, sizes in (("version", [2, 2]), ("replace", [2])):
        found = run_command("find", "a.jsonl", "--same-id", same_id, "--format", "clusters", "-o", "c.jsonl", cwd=tmp_path)
        assert found.returncode == 0
        done = run_command("report", "a.jsonl", "--clusters", "c.jsonl", "--same-id", same_id, "--format", "json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert [len(json.loads(line)["versions"]) for line in done.stdout.splitlines()] == sizes
        assert (STORY in done.stdout.decode()) == (same_id == "version")
    done = run_command("explain", "live@2", "two", "--in", "a.jsonl", cwd=tmp_path)
    assert (done.returncode, b"live@2" in done.stdout) == (0, True)
