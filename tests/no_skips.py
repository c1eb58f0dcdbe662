"""Where the environment says that nothing may be skipped, a test or a file of tests that is skipped has failed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pluggy import Result


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("BULLETIN_DEDUP_NO_SKIP") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped where nothing may be: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Fail a test that is skipped."""
    outcome: Result[pytest.TestReport] = yield  # type: ignore[misc, assignment]
    _refuse(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Fail a file that is skipped as a whole, of which no test would say anything."""
    outcome: Result[pytest.CollectReport] = yield  # type: ignore[misc, assignment]
    _refuse(outcome.get_result())
