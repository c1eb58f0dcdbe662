"""What runs is the installed package, in every process of the tests, and never the folders of the checkout."""

from __future__ import annotations

import operator
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import installed
import pytest
from command_support import run_command, run_python
from conftest import ROOT

CHECKOUT = [ROOT / name for name in installed.PACKAGES]
needs_copy = pytest.mark.skipif(
    installed.is_editable(), reason="the package is installed in editable mode: the checkout is what is installed"
)


def outside(*files: str | None) -> bool:
    """Say whether there are such files, and none is part of the packages in the checkout."""
    return all(file is not None and not any(Path(file).resolve().is_relative_to(folder) for folder in CHECKOUT) for file in files)


@needs_copy
def test_this_process_runs_the_installed_copy() -> None:
    import dedup.kernels
    import reports

    assert outside(dedup.__file__, dedup.kernels.__file__, reports.__file__)


@pytest.mark.skipif(os.environ.get("BULLETIN_DEDUP_NO_SKIP") != "1", reason="where nothing may be skipped, the loops are compiled")
def test_the_loops_are_compiled_here_and_in_a_command() -> None:
    from dedup.kernels import compiled

    assert compiled is not None
    assert outside(compiled.__file__)
    code = "from dedup.kernels import compiled; print(compiled.__file__)"
    assert run_python(code, cwd=ROOT).stdout.decode().strip() == compiled.__file__


@needs_copy
@pytest.mark.parametrize("workers", ["0", "1"])
def test_so_do_the_main_process_and_a_worker_of_pytest(workers: str) -> None:
    name = f"{Path(__file__).relative_to(ROOT)}::{test_this_process_runs_the_installed_copy.__name__}"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "PYTHON"))}
    environment["PYTHON" + "PATH"] = str(ROOT)  # even where somebody asks for the checkout
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", workers, name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout


@needs_copy
def test_so_does_a_child_in_the_checkout() -> None:
    code = "import dedup, reports; print(dedup.__file__); print(reports.__file__)"
    assert outside(*run_python(code, cwd=ROOT).stdout.decode().splitlines())


@needs_copy
def test_so_do_the_workers_of_spark(spark: Any) -> None:
    names = [*installed.PACKAGES, "dedup.kernels"]
    found = spark.sparkContext.parallelize(names, 1).map(find_spec).map(operator.attrgetter("origin")).collect()
    assert len(found) == len(names)
    assert outside(*found)


def test_the_script_that_is_installed_is_the_command() -> None:
    done = subprocess.run([installed.script(), "--version"], capture_output=True, check=True)
    assert done.stdout == run_command("--version").stdout


def test_what_is_wrong_with_an_installation_is_one_line(tmp_path: Path) -> None:
    checkout, other = tmp_path / "checkout", tmp_path / "site-packages"
    for folder in (checkout, other):
        for name in installed.PACKAGES:
            (folder / name).mkdir(parents=True)
            (folder / name / "__init__.py").write_text("")
    assert installed.problem(checkout, other, editable=False) is None
    assert installed.problem(checkout, checkout, editable=True) is None
    (checkout / "dedup/lsh.py").write_text("new = 1\n")
    for where, says in ((None, "not installed"), (checkout, "the checkout itself"), (other, "dedup/lsh.py is not what the checkout has")):
        found = installed.problem(checkout, where, editable=False)
        assert found is not None
        assert says in found
        assert "\n" not in found
        assert "pip install" in found


def test_a_skip_is_a_failure_where_nothing_may_be_skipped(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(f"import sys; sys.path.append({str(ROOT / 'tests')!r})\nfrom no_skips import *\n")
    (tmp_path / "test_a.py").write_text("import pytest\npytest.importorskip('nothing_of_this_name')\n")
    (tmp_path / "test_b.py").write_text("import pytest\n@pytest.mark.skip(reason='x')\ndef test_b(): pass\ndef test_c(): pytest.skip()\n")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--continue-on-collection-errors"]
    for strict, says in (("", "3 skipped"), ("1", "1 failed, 2 errors")):
        assert says in run_python(f"import pytest; pytest.main({options})", cwd=tmp_path, BULLETIN_DEDUP_NO_SKIP=strict).stdout.decode()


def test_no_process_is_pointed_at_the_checkout() -> None:
    pattern = re.compile("PYTHON" + "PATH")
    allowed = {"installed.py"}
    files = [path for folder in ("tests", "bench", ".ci") for path in (ROOT / folder).iterdir() if path.is_file()]
    named = [path.name for path in files if path.suffix in (".py", ".sh", "") and pattern.search(path.read_text("utf-8"))]
    assert set(named) <= allowed
