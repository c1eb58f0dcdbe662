"""The directions of the house: who may import whom, and what the library never does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

BASE = {
    "model", "errors", "config", "fold", "ragged", "times", "inflate", "lines", "counting", "words", "hashing", "buckets", "kernels",
    "_kernels",
}  # fmt: skip
STAGES = {
    "sources", "records", "rows", "segment", "shingle", "minhash", "lsh", "fingerprint", "measure", "short", "evidence", "exact", "verify",
    "cluster", "bulletin", "rules",
}  # fmt: skip
# Array kernels that several stages share, and the stage that owns each.
SHARED = {
    ("sources", "records"),
    ("records", "rows"),
    ("lsh", "shingle"),
    ("fingerprint", "lsh"),
    ("fingerprint", "shingle"),
    ("measure", "shingle"),
    ("measure", "fingerprint"),
    ("short", "shingle"),
    ("verify", "measure"),
    ("verify", "short"),
    ("exact", "shingle"),
    ("evidence", "shingle"),
    ("minhash", "shingle"),
    ("bulletin", "segment"),
}
FROM_DEDUP = {"dedup.model", "dedup.errors", "dedup.fold"}
MODULES = sorted([*ROOT.glob("dedup/**/*.py"), *ROOT.glob("reports/**/*.py")])


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a file imports, at its top or inside a function, as absolute names."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module or "")))
            inside = (ROOT / module.replace(".", "/")).is_dir()
            yield from (f"{module}.{alias.name}" for alias in node.names) if inside and node.level else (module,)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in ("dedup", "reports")}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_follow_the_directions(path: Path) -> None:
    package, *rooms = path.relative_to(ROOT).parts
    name = "kernels" if rooms[0] == "kernels" else path.stem
    found = ours(path)
    if package == "reports":
        assert {each for each in found if each.startswith("dedup")} <= FROM_DEDUP
    elif name in ("model", "errors"):
        assert not found
    elif name in BASE | STAGES:
        others = {each.split(".")[1] for each in found if "." in each} - BASE
        assert {(name, other) for other in others} <= SHARED
    if "cli" not in path.parts and name != "__main__":
        assert "click" not in set(imports(path))
        assert not {each for each in found if each.startswith("dedup.cli")}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_library_does_not_print_exit_or_depend_on_the_moment(path: Path) -> None:
    if "cli" in path.parts:
        return
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"print", "exit", "hash", "input", "eval", "exec"}
    assert not set(imports(path)) & ({"time", "random"} if path.stem == "times" else {"time", "datetime", "random"})


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
