"""Two processes run the suite, and none stands between a debugger and a test that somebody asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

FILE = str(Path(__file__).relative_to(ROOT))
NAME = "test_nothing_of_its_own"


def test_nothing_of_its_own() -> None:
    """What the tests below start."""


def workers(*arguments: str) -> bool:
    """Say whether pytest starts workers where it is called so."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--deselect", f"{FILE}::test_who_runs", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert " passed" in done.stdout or " deselected" in done.stdout, done.stdout + done.stderr
    return " worker" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-x", "-k", NAME, FILE], False),
        ([f"{FILE}::{NAME}"], False),
        (["--pdb", FILE], False),
        (["--trace", "-k", "no_test_of_this_name", FILE], False),
        ([FILE], True),
        (["-n", "1", "-k", NAME, FILE], True),
    ],
    ids=str,
)
def test_who_runs(arguments: list[str], expected: bool) -> None:
    assert workers(*arguments) == expected
