"""The examples in the docstrings of the installed package give what they say. Those of README and docs: test_docs.py."""

from __future__ import annotations

import doctest
import importlib
from importlib.util import find_spec
from pathlib import Path

import installed
import pytest
from conftest import ROOT


def modules() -> list[str]:
    """Return the names of the modules that have examples, without importing them."""
    found = []
    for package in installed.PACKAGES:
        spec = find_spec(package)
        assert spec
        assert spec.origin
        top = Path(spec.origin).parent
        for path in sorted(top.rglob("*.py")):
            if ">>> " in path.read_text("utf-8"):
                parts = path.relative_to(top.parent).with_suffix("").parts
                found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def check(example: doctest.DocTest) -> None:
    said: list[str] = []
    failed = doctest.DocTestRunner(verbose=False).run(example, out=said.append).failed
    assert failed == 0, "".join(said)


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_module_are_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for room, needed in (("dedup.spark", "pyspark"), ("dedup.serve", "starlette")):
        if name.startswith(room):
            pytest.importorskip(needed, reason=f"needs {needed}: pip install '.[test-all]'")
    module = importlib.import_module(name)
    examples = [example for example in doctest.DocTestFinder(exclude_empty=True).find(module, name) if example.examples]
    assert examples
    for example in examples:
        check(example)
