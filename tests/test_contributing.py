"""CONTRIBUTING.md sends people to files, names and tests that are there, and says what the hooks run."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
PATHS = sorted(
    path
    for path in {*re.findall(r"`((?:dedup|reports|tests|seeds|bench|docs|[.]ci)/[\w./-]+)`", TEXT), *re.findall(r"\]\(([^)]+)\)", TEXT)}
    if not re.search(r"\b(?:NAME|CODE)\b", path)
)


def test_the_files_that_it_names_are_there() -> None:
    assert len(PATHS) > 30
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_the_names_that_it_tells_to_look_for_are_in_those_files() -> None:
    there = {word for path in PATHS if path.endswith((".py", "en.json")) for word in re.findall(r"\w+", (ROOT / path).read_text("utf-8"))}
    wanted = set(re.findall(r"`(_?[A-Z]{4,}(?:_[A-Z]+)*|_?[a-z]+(?:_[a-z]+)+)`", TEXT)) - {"CODE"}
    assert len(wanted) > 10
    assert sorted(wanted - there) == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\btest_\w+(?![\w.])(?!/)", TEXT))))
def test_a_test_that_it_names_is_one(name: str) -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py")]
    assert any(f"def {name}(" in source for source in sources) or (ROOT / f"tests/{name}.py").exists()


def test_the_hooks_run_what_it_says_must_be_clean() -> None:
    hooks = re.findall(r"^ +entry: (\w+(?: [a-z]+)?)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"), re.MULTILINE)
    assert hooks[:3] == ["ruff check", "ruff format", "mypy"]
    assert "ruff check . && ruff format . && mypy" in TEXT
