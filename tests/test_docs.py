"""What README, the picture and the changelog say is true."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import installed
import pytest
from command_support import load_bench
from conftest import ROOT

import dedup
from dedup.config import Config

README = (ROOT / "README.md").read_text("utf-8")
SHELL = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
CONSOLE = re.findall(r"^\$ (.*)$", README, re.MULTILINE)


def test_readme_sets_up_in_two_lines_that_the_gate_runs_as_written() -> None:
    assert len(SHELL) == 2
    assert all("\n" not in command for command in SHELL)
    assert "README.md" in (ROOT / ".ci/run").read_text()


@pytest.mark.parametrize("command", CONSOLE)
def test_a_command_of_the_readme_runs_as_written(command: str, tmp_path: Path) -> None:
    for name in ("seeds", "tests/texts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    environment = {**os.environ, "PATH": f"{installed.script().parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1)
    assert not done.stderr.startswith(b"dedup: ")
    written = re.findall(r"(?:>|--html|-o) (\S+)", command)
    assert all((tmp_path / name).stat().st_size for name in written)
    assert done.stdout or written


def test_the_picture_shows_the_page_of_today(in_root: Path) -> None:
    pytest.importorskip("playwright")
    picture = load_bench("picture")
    expected = (ROOT / "bench/report.sha256").read_text().strip()
    assert hashlib.sha256(picture.page().encode()).hexdigest() == expected, "run python bench/picture.py and look at the picture"


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
