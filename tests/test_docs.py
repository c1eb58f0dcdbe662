"""What README, docs, the pictures and the changelog say is true."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_support import load_bench
from conftest import ROOT
from docs_support import LANGUAGES, PAGES, Block, blocks_of, commands_of, fences_of, furnish, run_block, write_files

import dedup
from dedup.config import Config

BLOCKS = [block for page in PAGES for block in blocks_of(page)]
SHELL = [block.code.rstrip("\n") for block in blocks_of("README.md") if block.language == "sh"]
SERVER = "postgresql://user@host/database?"
SERVICE = "127.0.0.1:8765"


def test_readme_sets_up_in_two_lines_that_the_gate_runs_as_written() -> None:
    assert len(SHELL) == 2
    assert all("\n" not in command for command in SHELL)
    assert "README.md" in (ROOT / ".ci/run").read_text()
    assert all(block.code.rstrip("\n") in SHELL for block in BLOCKS if block.language == "sh")


def test_readme_is_short() -> None:
    assert (ROOT / "README.md").read_text("utf-8").count("\n") <= 150


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_are_of_a_kind_that_tests_run(page: str) -> None:
    blocks = blocks_of(page)
    assert 2 * len(blocks) == fences_of(page)
    assert {block.language for block in blocks} <= LANGUAGES
    assert all(block.title for block in blocks if block.language in ("json", "csv", "js"))


@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS if not block.needs}))
def test_a_page_runs_from_its_first_block_to_its_last(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    furnish(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks_of(page):
        if not block.needs:
            run_block(block, tmp_path, names)


def test_pages_and_examples_import_what_is_public_and_nothing_else() -> None:
    listed = {line.removeprefix("::: ") for line in (ROOT / "docs/python.md").read_text("utf-8").splitlines() if line.startswith("::: ")}
    sources = [block.code for block in BLOCKS] + [path.read_text("utf-8") for path in (ROOT / "examples").glob("*.py")]
    found = {found.groups() for source in sources for found in re.finditer(r"from ((?:dedup|reports)[.\w]*) import (.+)", source)}
    named = {f"{module}.{name.strip()}" for module, names in found if module not in listed for name in names.split(",")}
    assert "dedup.text.fold.fold" in named
    assert named - listed == set()


def _needing(*needs: str) -> list[Any]:
    return [pytest.param(block, id=block.name) for block in BLOCKS if block.needs in needs]


PACKAGES = sorted({block.needs for block in BLOCKS if block.needs} - {"serve", "server", "spark"})


@pytest.mark.parametrize("block", _needing(*PACKAGES))
def test_a_block_that_needs_a_package_runs(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert block.needs
    pytest.importorskip(block.needs)
    monkeypatch.chdir(tmp_path)
    furnish(tmp_path)
    write_files(blocks_of(block.page), tmp_path)
    run_block(block, tmp_path, {"__name__": "__main__"})


@pytest.mark.parametrize("block", _needing("server"))
def test_a_block_that_needs_a_server_runs(block: Block, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    furnish(tmp_path)
    write_files(blocks_of(block.page), tmp_path)
    assert SERVER in block.code
    code = block.code.replace(SERVER, f"{server.url}&")
    run_block(Block(block.page, block.line, block.language, code, None, None), tmp_path, {"__name__": "__main__"})


@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS if block.needs == "serve"}))
def test_what_needs_the_service_runs_in_its_order(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("starlette")
    node = shutil.which("node") or str(Path(pytest.importorskip("playwright").__file__).parent / "driver/node")  # it brings one of its own
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    from serve_support import running_server

    from dedup.cli.serve import serve

    monkeypatch.chdir(tmp_path)
    furnish(tmp_path)
    write_files(blocks_of(page), tmp_path)
    (tmp_path / "log").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/node").symlink_to(node)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    index, tokens = str(tmp_path / "seen.db"), str(tmp_path / "tokens.txt")
    names: dict[str, Any] = {"__name__": "__main__"}
    with running_server(tmp_path / "log", "--index", index, "--token-file", tokens) as running:
        for file in tmp_path.glob("*.mjs"):
            file.write_text(file.read_text("utf-8").replace(SERVICE, f"127.0.0.1:{running.port}"), "utf-8")
        for block in blocks_of(page):
            if block.needs == "serve" and block.code.startswith("$ dedup serve "):
                ((command, prints),) = commands_of(block.code)
                serve.make_context("serve", shlex.split(command)[2:])  # raises for options that there are not
                assert prints == f"http://{SERVICE}/\n"
            elif block.needs == "serve":
                code = block.code.replace(SERVICE, f"127.0.0.1:{running.port}")
                run_block(Block(block.page, block.line, block.language, code, block.title, None), tmp_path, names)


# The name puts it beside the other tests of Spark, see conftest: they share a session.
@pytest.mark.parametrize("block", _needing("spark"))
def test_spark_runs_a_block_that_needs_it(block: Block, spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner
    from spark_support import feed

    from dedup.cli import cli

    monkeypatch.chdir(tmp_path)
    if block.language == "python":  # run on a table by test_spark.py
        name = block.code.split("\n")[0].removeprefix("# ")
        assert f'example("{name}")' in (ROOT / "tests/test_spark.py").read_text("utf-8")
        return
    (tmp_path / "archive").mkdir()
    lines = [f'{{"id": "{each.id}", "text": "{each.text}"}}\n' for each in feed(3, 30)]
    (tmp_path / "archive/feed.jsonl").write_text("".join(lines))
    for command, _ in commands_of(block.code.replace("hdfs:///", f"file://{tmp_path}/").replace(" --master spark://host:7077", "")):
        program, *arguments = shlex.split(command)
        if program == "spark-submit":
            assert "job.py" in command  # submitted by test_spark.py
        else:
            assert program == "dedup"
            done = CliRunner().invoke(cli, arguments, standalone_mode=False)
            assert done.exception is None, command


def test_the_pictures_show_the_pages_of_today(in_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright")
    picture = load_bench("picture")
    monkeypatch.setattr("dedup.serve.desk.stories.today", lambda: "2031-05-06")  # whatever day it is
    for line in (ROOT / "docs/pictures/pages.sha256").read_text().split("\n")[:-1]:
        expected, name = line.split()
        found = hashlib.sha256(picture.PAGES[name]().encode()).hexdigest()
        assert found == expected, f"{name}: run python bench/picture.py and look at the pictures"


def test_every_picture_of_the_docs_is_used_and_has_words_for_who_cannot_see_it() -> None:
    shown = [found for page in PAGES for found in re.findall(r"!\[([^\]]*)\]\((\S+?)\)", (ROOT / page).read_text("utf-8"))]
    assert all(len(words) > 20 for words, _ in shown)
    kept = {path.name for path in (ROOT / "docs/pictures").iterdir() if path.suffix in (".png", ".svg")}
    assert {Path(path).name for _, path in shown} == kept


def test_the_site_takes_nothing_from_elsewhere() -> None:
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "font: false" in settings
    assert "http" not in settings


def test_the_changelog_knows_the_version() -> None:
    assert f"## {dedup.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_setting_is_explained() -> None:
    source = (ROOT / "dedup/config.py").read_text("utf-8")
    for name in Config.__dataclass_fields__:
        assert re.search(rf'^    {name}: .*\n    """', source, re.MULTILINE), name


def test_nothing_in_the_repository_names_a_place_on_one_machine() -> None:
    if (ROOT / ".git").exists():
        files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    else:  # an sdist that was unpacked
        listed = (ROOT / "bulletin_dedup.egg-info/SOURCES.txt").read_text("utf-8").split("\n")
        files = [name for name in listed if (ROOT / name).is_file()]
    homes = ("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/")
    found = [name for name in files if any(home.encode() in (ROOT / name).read_bytes() for home in homes)]
    assert found == []
