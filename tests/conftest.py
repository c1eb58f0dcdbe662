"""Shared by all tests: where things are, golden files, and the switch that turns skips into failures."""

from __future__ import annotations

import difflib
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import installed
import pytest
from command_support import PATIENCE
from hypothesis import settings
from no_skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

# The same examples in every run, so that a change is judged by what it changes; explore with --hypothesis-profile=default.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

# Before anything imports the package.
WRONG_INSTALLATION = installed.hide_checkout()
ROOT = Path(__file__).parent.parent
SEED = "seeds/000_879cb52311c03942.txt"


def pytest_configure() -> None:
    if WRONG_INSTALLATION is not None:
        raise pytest.UsageError(WRONG_INSTALLATION)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts in the background ignore it


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Leave out the two workers that setup.cfg asks for where somebody wants some tests alone, perhaps under a debugger; ``-n`` brings them
    back."""
    option = config.option
    asked = any(argument.startswith(("-n", "--numprocesses")) for argument in config.invocation_params.args)
    some = option.keyword or option.usepdb or option.trace or any("::" in argument for argument in config.args)
    if some and not asked and hasattr(option, "numprocesses"):
        option.numprocesses, option.dist, option.tx = None, "no", []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; the tests that use them are skipped")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with Spark: so one process runs all its tests, which share a session, and the other one takes over what comes after them."""
    items.sort(key=lambda item: "test_spark" not in item.nodeid)


@pytest.fixture(scope="module", params=["c", "numpy"])
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run what asks for this with each engine of the loops, in this process and in those that it starts."""
    from dedup import kernels

    if request.param == "c" and kernels.compiled is None:
        pytest.skip(f"engine: {kernels.explanation()}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kernels.ENVIRONMENT, request.param)
        yield request.param


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


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """Yield what drives the browsers of all tests, or skip."""
    from browser_support import driver

    with driver() as running:
        yield running


@pytest.fixture(scope="session")
def browser(driver: Any) -> Iterator[Any]:
    """Yield one Chromium for all tests, or skip."""
    from browser_support import chromium

    with chromium(driver) as running:
        yield running


@pytest.fixture(scope="session")
def firefox(driver: Any) -> Iterator[Any]:
    """Yield one Firefox for all tests, in its dark colours, or skip."""
    from browser_support import firefox

    with firefox(driver) as running:
        yield running


@pytest.fixture(params=["chromium", "firefox"])
def visit(request: pytest.FixtureRequest, served: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens pages of the desk ``served`` in Chromium, then in Firefox, which shows all in their dark colours."""
    from desk_support import visits

    with visits(request.getfixturevalue("browser" if request.param == "chromium" else "firefox"), served) as opened:
        yield opened


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """Yield a PostgreSQL server for all tests, or skip."""
    from postgres_support import postgres

    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Yield one session of Spark for all tests, or skip."""
    from spark_support import local

    with local() as running:
        yield running


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where an index can be: a file, then a schema of a server."""
    if request.param == "file":
        return str(tmp_path / "index.db")
    name = "".join(char if char.isalnum() else "_" for char in tmp_path.name)
    return f"{request.getfixturevalue('server').url}&schema={name}"


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a report, or a file; afterwards fails on console errors and on requests for anything else."""
    from browser_support import REPORT

    from reports.renderers.html import render_html

    trouble: list[str] = []
    contexts = []

    def opened(report: Any = REPORT, *, width: int = 1280, lang: str = "en", at: str = "", **options: Any) -> Any:
        file = report if isinstance(report, Path) else tmp_path / "page.html"
        if not isinstance(report, Path):
            file.write_text(render_html(report, lang=lang), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 700}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: None if request.url.split("#")[0] == file.as_uri() else trouble.append(request.url))
        page.goto(file.as_uri() + at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []
