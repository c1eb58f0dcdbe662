"""The directions of the house: who may import whom, and what the library never does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

# Every room of a package, from the lowest to the highest: a folder, or a module that stands beside the folders. A room imports from those
# before it, and from itself. What a package shows to others, `__init__`, and its command, `__main__`, come last.
ROOMS = {
    "dedup": (
        "version", "errors", "about", "frames", "relation", "model", "config", "settings", "arrays", "text", "_kernels", "kernels",
        "sketch", "candidates", "verification", "clusters", "origins", "readers", "matched_pairs", "related_pairs", "writers",
        "sketched_files", "pipeline", "stories", "frequencies", "evaluation", "index",
        "integrations", "spark", "serve", "cli",
        "__init__", "__main__",
    ),
    "dedup/index": (
        "storage", "rows", "decision", "deliveries", "told", "notes", "metadata", "feed_clock", "record_versions", "links", "judged_rows",
        "exact_copies", "texts", "words", "stored_record", "prepare", "coming", "known_records", "prepared_part", "judged_links",
        "candidates", "verification", "working_set", "cluster_names", "compare", "document_frequency", "overfull_buckets", "insert",
        "queries", "news", "judged_pairs", "doubts", "judge", "judging", "remove", "forget", "window", "window_setting", "decide",
        "stories", "new_rows", "transaction", "integrity", "upgrade", "opening", "erase", "questions", "browse", "index", "moved_window",
        "restore", "rebuild",
        "datasketch", "gate", "stream", "__init__",
    ),
    "dedup/serve": (
        "settings", "telemetry", "problems", "access", "bounded", "bodies", "idempotency", "jobs", "kept", "work", "warm", "news", "stores",
        "writer", "live", "streamed", "follower", "watch", "watching", "services", "api", "desk", "application", "running", "__init__",
    ),
    "reports": (
        "cache", "exact_values", "kind", "model", "language", "messages", "diff", "kinds", "refine", "comparison", "history", "summary",
        "build_report", "renderers", "__init__",
    ),
}  # fmt: skip
# What `reports` may know of `dedup`. The other way round only the command line knows `reports`.
FROM_DEDUP = {
    "dedup.errors",
    "dedup.model",
    "dedup.origins.model",
    "dedup.text.advisories",
    "dedup.text.datelines",
    "dedup.text.fold",
    "dedup.text.furniture",
    "dedup.text.order",
    "dedup.text.sources",
    "dedup.text.timestamps",
    "dedup.writers.files",
}
MODULES = sorted([*ROOT.glob("dedup/**/*.py"), *ROOT.glob("reports/**/*.py")])


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a file imports, at its top or inside a function, as absolute names."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module or "")))
            for alias in node.names:
                inside = ROOT / module.replace(".", "/") / alias.name
                is_module = inside.is_dir() or inside.with_suffix(".py").exists() or inside.with_suffix(".pyi").exists()
                yield f"{module}.{alias.name}" if is_module else module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def room_of(name: str, package: str) -> str | None:
    """Return the room of a package that a module stands in, None where it stands elsewhere."""
    path = name.replace(".", "/")
    if path == package:
        return "__init__"
    return path.removeprefix(f"{package}/").split("/")[0] if path.startswith(f"{package}/") else None


def arrows() -> Iterator[tuple[Path, str, str]]:
    """Yield each import between modules of ours: the file, its own name, and that of what it imports."""
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for other in imports(path):
            if other.split(".")[0] in ("dedup", "reports") and other != name:
                yield path, name, other


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_has_its_place(package: str) -> None:
    found = {path.stem for path in (ROOT / package).iterdir() if path.suffix in (".py", ".pyi") or [*path.glob("*.py")]}
    assert found == set(ROOMS[package])


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_from_those_below_them(package: str) -> None:
    places = {room: place for place, room in enumerate(ROOMS[package])}
    wrong = []
    for path, name, other in arrows():
        here, there = room_of(name, package), room_of(other, package)
        if here is not None and there is not None and here != there and places[there] > places[here]:
            wrong.append(f"{path.relative_to(ROOT)} imports {other}")
    assert not wrong


def test_no_modules_import_each_other_in_a_ring() -> None:
    left: dict[str, set[str]] = {}
    for _, name, other in arrows():
        left.setdefault(name, set()).add(other)
    while gone := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in gone}
    assert not left


def test_the_packages_know_of_each_other_what_they_may() -> None:
    for path, name, other in arrows():
        if name.startswith("reports") and other.startswith("dedup"):
            assert other in FROM_DEDUP, path
        if name.startswith("dedup") and other.startswith("reports"):
            assert name.startswith(("dedup.cli", "dedup.serve")), path


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_set_has_the_keys_of_what_grows_taken_from_it(path: Path) -> None:
    """CPython looks at every key, however small the set is: with each record of a part, all that the part knows."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Call):
            taken = ast.unparse(node.right.func)
            assert not re.fullmatch(r"self\.\w+\.keys", taken), f"{path}:{node.lineno}: say which are not among the keys"


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
    forbidden = (
        {"time", "random", "click"}
        if path.stem in ("dates", "datelines", "persian_calendar", "timestamps")
        else {"time", "datetime", "random", "click"}
    )
    if "serve" in path.parts:  # which tells when something was asked
        forbidden = {"random", "click"}
    assert not set(imports(path)) & (forbidden if path.stem != "__main__" else set())


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_stay_short_and_say_what_they_are_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert (ast.get_docstring(ast.parse(text)) or "").strip()


# Of each of these one stands in `dedup.spark`: it does there what the other one does on one machine.
ON_BOTH = {"components", "find_duplicates"}
# What each module of a format has for the table of formats, and those of tables for rows read together.
OF_FORMATS = {"batches", "read"}


def test_no_two_rooms_have_public_names_alike() -> None:
    homes: dict[str, set[Path]] = {}
    for path in MODULES:
        # Engines have the same functions; commands and endpoints have the names of what they call.
        if {"kernels", "cli"} & {*path.parts} or "dedup/serve/api" in path.as_posix() or "dedup/serve/desk" in path.as_posix():
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, set()).add(path)
    assert {name for name, paths in homes.items() if len(paths) > 1} <= ON_BOTH | OF_FORMATS
