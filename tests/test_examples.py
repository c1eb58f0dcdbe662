"""The programs of examples run with what is installed, and print what they say that they print."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_support import PATIENCE, PYTHON
from conftest import ROOT

FOLDER = ROOT / "examples"
PROGRAMS = sorted(path.name for path in FOLDER.glob("*.py"))
ON_SPARK = "search_on_spark.py"


def promised(name: str) -> str:
    """Return what the docstring of a program says that it prints."""
    words = ast.get_docstring(ast.parse((FOLDER / name).read_text("utf-8"))) or ""
    head, printed = words.split("\n\nIt prints:\n\n")
    assert re.fullmatch(r"[A-Z].*", head.split("\n")[0])
    return "".join(f"{line.removeprefix('    ')}\n" for line in printed.split("\n"))


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != ON_SPARK])
def test_a_program_prints_what_it_says(name: str, tmp_path: Path) -> None:
    done = subprocess.run([*PYTHON, str(FOLDER / name)], cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE)
    assert done.stderr.decode() == ""
    assert done.stdout.decode() == promised(name)
    said = re.findall(r"^(\S+) is written$", promised(name), re.MULTILINE)
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size] == said


def test_spark_example(spark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("example_on_spark", FOLDER / ON_SPARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.show(spark)  # in the session of the other tests: to start one takes longer than all other examples together
    assert capsys.readouterr().out == promised(ON_SPARK)


def test_the_list_names_every_program() -> None:
    listed = re.findall(r"^- \[([a-z_]+\.py)\]\(\1\): ", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == PROGRAMS
