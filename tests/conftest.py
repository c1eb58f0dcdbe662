"""Shared by all tests: where things are, golden files, and the switch that turns skips into failures."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, so that a change is judged by what it changes; explore with --hypothesis-profile=default.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

ROOT = Path(__file__).parent.parent
SEED = "seeds/000_879cb52311c03942.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; the tests that use them are skipped")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """Fail where a test is skipped although the environment says that everything it needs is there."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("BULLETIN_DEDUP_NO_SKIP") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr}"


@pytest.fixture
def in_root(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the test in the root of the repository, so that ids are the paths that a user would type."""
    monkeypatch.chdir(ROOT)
    return ROOT


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a function that compares text with a golden file, byte for byte."""

    def check(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_bytes(text.encode())
            pytest.skip(f"wrote {name}")
        expected = path.read_bytes().decode()
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), "golden", "now", n=1, lineterm="")
            pytest.fail(f"{name} changed; if that is meant, run pytest --update-golden and read the diff\n" + "\n".join(list(lines)[:40]))

    return check
