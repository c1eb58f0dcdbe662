"""The command as its users run it: results, exit statuses, one line for every error."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from command_support import COMMAND, run_command, run_python
from conftest import ROOT, SEED

from dedup import Document, find_duplicates
from dedup.cli import cli
from dedup.cli.progress import Progress

BAD = json.loads((ROOT / "tests/bad_input.json").read_text("utf-8"))
LEFT_OUT = b"left out 1 file that is not read: 1 .md\n"  # of the folder seeds
OLD = "Two people were killed when a bridge fell in the old town of Marsa on Monday, police said.\n"
NEW = "Three people were killed when a bridge fell in the old town of Marsa on Monday, police said.\n"


def dedup(*args: str, cwd: Path | None = None, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return run_command(*args, cwd=cwd, stdin=stdin, **environment)


def lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().splitlines()]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["label"])
def test_bad_input_gets_one_line_and_status_2(case: dict[str, Any], tmp_path: Path) -> None:
    for name, content in case["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content["base64"]) if isinstance(content, dict) else content.encode())
    done = dedup(*case["args"], cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.count("\n") == 1
    assert message.startswith("dedup: ")
    assert case["says"] in message
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == set(case["files"])


def test_a_line_of_50_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a" * 50_000_000)
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "1", "text": "' + b"a" * 50_000_000 + b'"}\n')
    for name in ("a.txt", "a.jsonl"):
        done = dedup("find", name, cwd=tmp_path)
        assert (done.returncode, done.stderr.decode()) == (
            2,
            f"dedup: {name}:1: a line of more than 10,000,000 characters; split it, or raise --max-chars\n",
        )


def test_an_unreadable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup import InputError, read

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match=r"cannot be read \(Permission denied\)"):
        list(read([str(tmp_path)]))


def test_a_deeply_nested_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("[" * 200_000)
    done = dedup("find", "a.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert b"a.jsonl:1: broken JSON (nested too deeply)" in done.stderr


@pytest.mark.parametrize("style", ["table", "pairs", "clusters", "json"])
def test_find_prints_what_it_printed_before(style: str, in_root: Path, golden: Callable[[str, str], None]) -> None:
    done = dedup("find", "seeds", "--format", style)
    assert (done.returncode, done.stderr) == (0, LEFT_OUT)
    golden(f"find.{style}", done.stdout.decode())


@pytest.mark.parametrize("style", ["terminal", "unified", "json", "html"])
def test_diff_prints_what_it_printed_before(style: str, in_root: Path, golden: Callable[[str, str], None]) -> None:
    done = dedup("diff", "tests/texts/morning.txt", "tests/texts/noon.txt", "--format", style)
    assert (done.returncode, done.stderr) == (1, b"")
    golden(f"diff.{style}", done.stdout.decode())


def test_clusters_alone_are_those_of_a_whole_search(tmp_path: Path) -> None:
    rng = random.Random(4)
    words = [f"{one}{other}" for one in ("har", "bri", "mar", "ton", "vel") for other in ("bour", "dge", "ket", "nel", "dor", "min")]
    stories = [[rng.choice(words) for _ in range(40)] for _ in range(6)]
    records = []
    for number in range(90):
        text = [rng.choice(words) if rng.random() < 0.06 else word for word in rng.choice(stories)]
        records.append({"id": f"r{number}", "text": " ".join(text), "time": f"2026-03-{1 + number % 28:02}T08:00:00Z"})
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    for options in ([], ["--check"], ["--keep", "earliest", "--within", "9d"], ["--level", "document", "--loose", "-v"]):
        clusters = dedup("find", "a.jsonl", "--format", "clusters", *options, cwd=tmp_path)
        whole = dedup("find", "a.jsonl", "--format", "json", *options, cwd=tmp_path)
        assert [json.loads(line) for line in clusters.stdout.splitlines()] == json.loads(whole.stdout)["clusters"]
        assert clusters.stdout
        assert (clusters.returncode, clusters.stderr) == (whole.returncode, whole.stderr)
    assert dedup("find", "a.jsonl", "--format", "clusters", "--check", cwd=tmp_path).returncode == 1


def test_find_writes_a_page_beside_its_table(tmp_path: Path, in_root: Path) -> None:
    page = tmp_path / "report.html"
    done = dedup("find", "seeds", "--html", str(page))
    assert done.stdout.decode() == (ROOT / "tests/golden/find.table").read_text("utf-8")
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_pairs_have_the_contracts_fields(in_root: Path) -> None:
    fields = [
        "a",
        "b",
        "relation",
        "jaccard",
        "containment_a",
        "containment_b",
        "similarity",
        "probability",
        "a_heading",
        "b_heading",
        "a_line",
        "b_line",
    ]
    for row in lines(dedup("find", "seeds", "--format", "pairs").stdout):
        assert list(row) == fields
        assert re.fullmatch(re.escape(SEED) + r"#\d+", row["a"])


@pytest.mark.parametrize("source", ["jsonl", "csv", "jsonl.gz", "stdin jsonl", "stdin gz name", "bom", "crlf"])
def test_records_are_documents_from_any_source(source: str, tmp_path: Path) -> None:
    rows = b"".join(json.dumps({"id": name, "text": text}).encode() + b"\n" for name, text in (("1", OLD), ("2", NEW)))
    table = f'id,text\n1,"{OLD}"\n2,"{NEW}"\n'.encode()
    path, content, stdin = {
        "jsonl": ("a.jsonl", rows, b""),
        "csv": ("a.csv", table, b""),
        "jsonl.gz": ("a.jsonl.gz", gzip.compress(rows), b""),
        "stdin jsonl": ("-", b"", rows),
        "stdin gz name": ("a.ndjson", rows, b""),
        "bom": ("a.jsonl", b"\xef\xbb\xbf" + rows, b""),
        "crlf": ("a.jsonl", rows.replace(b"\n", b"\r\n"), b""),
    }[source]
    if path != "-":
        (tmp_path / path).write_bytes(content)
    (row,) = lines(dedup("find", path, "--format", "pairs", cwd=tmp_path, stdin=stdin).stdout)
    assert (row["a"], row["b"], row["relation"]) == ("1", "2", "revision")
    assert "a_line" not in row


def test_texts_come_from_stdin_folders_and_globs(tmp_path: Path) -> None:
    for name, text in (("d/old.txt", OLD), ("d/new.txt", NEW), ("d/.hidden.txt", "x"), ("d/deep/more.txt", OLD)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def pairs(*args: str, stdin: bytes = b"") -> set[tuple[str, str]]:
        done = dedup("find", *args, "--format", "pairs", cwd=tmp_path, stdin=stdin)
        assert done.stderr == b""
        return {(row["a"], row["b"]) for row in lines(done.stdout)}

    assert pairs("d") == pairs("d/*.txt") == pairs("d/new.txt", "./d/old.txt", "d/old.txt") == {("d/new.txt#0", "d/old.txt#0")}
    assert len(pairs("d", "--recursive")) == 3
    assert pairs("-", "d/old.txt", stdin=NEW.encode()) == {("d/old.txt#0", "stdin#0")}


def test_other_encodings_are_read_when_named(tmp_path: Path) -> None:
    text = "أعلنت الوزارة أن الجسر القديم سيبقى مغلقا حتى نهاية الشهر لإتمام أعمال الصيانة"
    (tmp_path / "a.txt").write_bytes(f"{text}\n{text} كلها".encode("windows-1256"))
    done = dedup("find", "a.txt", "--encoding", "windows-1256", "--format", "pairs", cwd=tmp_path)
    assert len(lines(done.stdout)) == 1


def test_damaged_and_piped_gzip(tmp_path: Path) -> None:
    whole = gzip.compress((OLD + NEW).encode() * 50)
    (tmp_path / "a.txt.gz").write_bytes(whole[:60] + bytes(40) + whole[100:])
    done = dedup("find", "a.txt.gz", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"dedup: a.txt.gz: cannot be read (")
    assert len(lines(dedup("find", "-", "--format", "pairs", stdin=gzip.compress((OLD + NEW).encode())).stdout)) == 1
    for name, content, says in (
        ("cut", whole[:-9], b"the file ends before its end marker"),
        ("crc", whole[:-8] + bytes(4) + whole[-4:], b"incorrect data check"),
        ("more", whole + b"more", b"Not a gzipped file"),
    ):
        (tmp_path / f"{name}.txt.gz").write_bytes(content)
        assert says in dedup("find", f"{name}.txt.gz", cwd=tmp_path).stderr


def test_gzip_of_several_members_is_read_whole(tmp_path: Path) -> None:
    rows = [json.dumps({"id": str(number), "text": OLD + " \u0629" * 9}).encode() + b"\n" for number in range(3)]
    (tmp_path / "a.jsonl.gz").write_bytes(b"".join(map(gzip.compress, rows)) + bytes(1_500_000))
    assert len(lines(dedup("find", "a.jsonl.gz", "--format", "pairs", cwd=tmp_path).stdout)) == 3
    bomb = json.dumps({"id": "1", "text": OLD}).encode() + b"\n" + b" " * 50_000_000
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(bomb))
    done = dedup("find", "b.jsonl.gz", "--max-chars", "1000", cwd=tmp_path)
    assert done.stderr == b"dedup: b.jsonl.gz:2: a line of more than 1,000 characters; split it, or raise --max-chars\n"


def test_a_full_disk_is_an_error(in_root: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, "find", "seeds"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr


def test_a_row_of_several_lines_is_placed_at_its_first(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,"x\ny\nz"\n,no id\n')
    assert b"a.csv:5: no text in field 'id'" in dedup("find", "a.csv", cwd=tmp_path).stderr


def test_relations_choose_what_the_page_shows(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OLD + NEW)
    for relations, shown in (("revision", 1), ("template", 0)):
        dedup("find", "a.txt", "--relations", relations, "--html", "p.html", cwd=tmp_path)
        assert (tmp_path / "p.html").read_text().count("<article ") == shown


def test_check_and_relations(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OLD + NEW)
    assert dedup("find", "a.txt", cwd=tmp_path).returncode == 0
    assert dedup("find", "a.txt", "--check", cwd=tmp_path).returncode == 1
    only = dedup("find", "a.txt", "--check", "--relations", "identical,template", "--format", "pairs", cwd=tmp_path)
    assert (only.returncode, only.stdout) == (0, b"")


def test_verbose_says_what_was_left_out(in_root: Path) -> None:
    said = dedup("find", "seeds", "--verbose").stderr.decode()
    assert "candidate probability: 0.1 " in said
    assert "shared run always found: 8" in said


def test_diff_answers_with_its_exit_status(tmp_path: Path) -> None:
    for name, text in (("old.txt", OLD), ("new.txt", NEW), ("same.txt", OLD)):
        (tmp_path / name).write_text(text)
    assert dedup("diff", "old.txt", "same.txt", cwd=tmp_path).returncode == 0
    assert dedup("diff", "old.txt", "new.txt", cwd=tmp_path).returncode == 1
    page = dedup("diff", "old.txt", "new.txt", "--html", "out.html", cwd=tmp_path)
    assert (page.returncode, page.stdout) == (1, b"")
    assert dedup("diff", "old.txt", "new.txt", "--format", "html", cwd=tmp_path).stdout == (tmp_path / "out.html").read_bytes()
    assert b"\x1b[" in dedup("diff", "old.txt", "new.txt", "--color", "always", cwd=tmp_path).stdout
    assert b"\x1b[" not in dedup("diff", "old.txt", "new.txt", cwd=tmp_path).stdout


def test_diff_of_pairs_gives_an_object_a_line_with_the_id_first(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(
        "".join(json.dumps({"id": name, "a": OLD, "b": text}) + "\n" for name, text in (("x", NEW), (7, OLD)))
    )
    done = dedup("diff", "--pairs", "p.jsonl", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0
    first, second = lines(done.stdout)
    assert list(first)[:2] == ["id", "schema"]
    assert (first["id"], second["id"]) == ("x", 7)
    assert first["rebuilds"] is True
    assert [(change["a"]["text"], change["b"]["text"]) for change in first["changes"]] == [("Two", "Three")]
    assert second["changes"] == []


def test_control_and_bidi_characters_do_not_reach_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OLD + "\x1b[31m\u202e" + NEW)
    (tmp_path / "b.txt").write_text("x\x1b]0;y\x07::\n" + OLD + "y::\n" + NEW)
    for style in ("diff", "find"):
        args = ("diff", "a.txt", "b.txt") if style == "diff" else ("find", "a.txt", "b.txt")
        printed = dedup(*args, cwd=tmp_path).stdout.decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", printed)


def test_a_reader_that_has_seen_enough_is_no_error(in_root: Path) -> None:
    loose = "--min-probability 0 --set min_words=1 --set passage_words=2 --set reuse=0"
    command = f"{shlex.join(COMMAND)} find seeds --format pairs {loose} | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == LEFT_OUT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_long_work_shows_a_bar_on_a_terminal_and_nowhere_else() -> None:
    terminal, file = Terminal(), io.StringIO()
    documents = [Document(f"{n:05}", f"{OLD} {n % 40} " * 2) for n in range(2000)]
    for stream in (terminal, file):
        progress = Progress(stream)
        find_duplicates(documents, progress=progress)
        progress.close()
    assert file.getvalue() == ""
    assert re.search(r"reading texts 1,\d{3}", terminal.getvalue())
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_bar_fills_and_short_work_shows_none() -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    progress("comparing pairs", 10, 20)
    progress.close()
    assert terminal.getvalue() == ""
    progress("comparing pairs", 5000, 10_000)
    assert terminal.getvalue() == f"\r\x1b[Kcomparing pairs 5,000 [{'#' * 15}{'.' * 15}] of 10,000"


def test_help_has_an_example_for_every_command() -> None:
    assert dedup().stdout == dedup("--help").stdout
    commands = re.findall(r"^  (\w+)  ", dedup("--help").stdout.decode().split("Commands:")[1], re.MULTILINE)
    assert {"find", "diff", "completion"} <= set(commands)
    for command in commands:
        assert re.search(rf"Examples?:\n +(zcat .*\| )?dedup {command} ", dedup(command, "--help").stdout.decode()), command


def test_every_help_text_says_what_the_exit_statuses_mean() -> None:
    def walk(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
        yield name, " ".join(command.get_help(click.Context(command, info_name=name)).split())
        for each in getattr(command, "commands", {}).values():
            yield from walk(each, f"{name} {each.name}")

    helps = dict(walk(cli, "dedup"))
    assert {"dedup diff", "dedup index verify", "dedup completion"} <= helps.keys()
    for name, text in helps.items():
        assert re.search("Exit status: 0 .*, 2 an error, 130 or 143 stopped by a signal", text), name
        assert ("--check" in text) <= (", 1 " in text), name
    assert "1 they differ, whatever is written" in helps["dedup diff"]


def test_find_writes_its_result_and_its_page_where_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(OLD + NEW)
    for style, name in (("table", "out.txt"), ("json", "out.json"), ("pairs", "out.jsonl"), ("clusters", "out"), ("html", "out.html")):
        printed = dedup("find", "a.txt", "--format", style, cwd=tmp_path)
        assert (printed.returncode, printed.stderr) == (0, b"")
        written = dedup("find", "a.txt", "--format", style, "-o", name, cwd=tmp_path)
        assert (written.returncode, written.stdout) == (0, b"")
        assert (tmp_path / name).read_bytes() == printed.stdout
        assert written.stderr == (b"out.html: 1 page\n" if style == "html" else b"")
        if style in ("table", "json", "html"):
            assert dedup("find", "a.txt", "--output", f"named.{name.split('.')[1]}", cwd=tmp_path).stdout == b""
            assert (tmp_path / f"named.{name.split('.')[1]}").read_bytes() == printed.stdout
    assert dedup("find", "a.txt", "--html", "page.html", cwd=tmp_path).stderr == b"page.html: 1 page\n"
    assert dedup("find", "a.txt", "--format", "html", "-o", "pages", cwd=tmp_path).stderr == b"pages: 1 page and its index\n"
    for words in (["-o", "x.jsonl"], ["-o", "x.pdf"], ["-o", "x.html", "--html", "y.html"], ["--format", "json", "-o", ""]):
        assert dedup("find", "a.txt", *words, cwd=tmp_path).returncode == 2


def test_two_paths_are_two_texts_to_explain(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name, text in (("a.txt", OLD), ("d/b.data", NEW), ("d/\x1b[31m\u202e.txt", OLD + "\x1b[31m\u202e")):
        (tmp_path / name).write_text(text)
    first = dedup("explain", "a.txt", "d/b.data", cwd=tmp_path)
    assert first.returncode == 0
    for a, b in (("./a.txt", "d/../d/b.data"), (str(tmp_path / "a.txt"), "./d/b.data"), ("-", "d/b.data")):
        done = dedup("explain", a, b, cwd=tmp_path, stdin=OLD.encode())
        told = done.stdout.decode().split("\n")
        assert sorted(line[3:] for line in told[:2]) == sorted((f"{a}, 18 words", f"{b}, 18 words"))
        assert told[-2:] == first.stdout.decode().split("\n")[-2:] == ["so: revision", ""]
    hostile = dedup("explain", "a.txt", "d/\x1b[31m\u202e.txt", cwd=tmp_path)
    assert hostile.returncode == 0
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", hostile.stdout.decode())
    for a, b, says in (
        ("a.txt", "b", b"to name ids, say with --in"),
        ("a.txt", "a.txt", b"is one text"),
        ("-1+1", "a.txt", b"No such option"),
    ):
        assert says in dedup("explain", a, b, cwd=tmp_path).stderr


def test_version_and_completion() -> None:
    assert re.fullmatch(rb"dedup, version \d+\.\d+\.\d+ \(engine: (c|numpy)\)\n", dedup("--version").stdout)
    for shell in ("bash", "zsh", "fish"):
        assert b"_DEDUP_COMPLETE" in dedup("completion", shell).stdout


def test_help_loads_no_arrays() -> None:
    code = "import sys; from dedup.cli import cli; cli.main(['--help'], standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    loaded = run_python(code).stderr.decode().split()
    assert not {"numpy", "rapidfuzz", "datasketch", "jinja2"} & set(loaded)


def test_no_command_loads_what_it_does_not_need(tmp_path: Path) -> None:
    for name, text in (("a.txt", OLD), ("b.txt", NEW)):
        (tmp_path / name).write_text(text)
    texts = [
        (f"{kind}{number}", f"{number} {text}") for number in range(12) for kind, text in (("old", OLD), ("new", NEW), ("not", OLD[::-1]))
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts))
    truth = {
        label: [[f"old{number}", f"{kind}{number}"] for number in range(12)] for label, kind in (("pairs", "new"), ("neg_pairs", "not"))
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    commands = (
        "find a.txt b.txt --format json", "find a.jsonl --html p.html", "diff a.txt b.txt", "report a.txt b.txt -o r.json",
        "explain a.txt b.txt", "filter a.jsonl --index seen.db --actions", "index add seen.db a.jsonl",
        "index query seen.db a.jsonl", "index verify seen.db",
        "evaluate a.jsonl --truth truth.json", "tune a.jsonl --truth truth.json", "completion bash",
    )  # fmt: skip
    code = (
        "import json, shlex, sys; from click.testing import CliRunner; from dedup.cli import cli\n"
        "done = [CliRunner().invoke(cli, shlex.split(command)) for command in sys.argv[1:]]\n"
        "print(json.dumps([[repr(each.exception) for each in done if each.exception], [*sys.modules]]))"
    )
    failed, loaded = json.loads(run_python(code, *commands, cwd=tmp_path).stdout)
    assert failed == []
    assert {"numpy", "jinja2"} <= set(loaded)
    assert not {"datasketch", "scipy", "pandas", "polars", "pyarrow", "pyspark", "psycopg", "docx", "pytest"} & set(loaded)
