"""The page of rooms and modules, from the order in ``tests/test_layers.py`` and the first lines of the modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .markdown import NOTICE, ROOT, prose, table

_SUFFIXES = {".c", ".json", ".j2"}
OTHER = {
    "native": "The innermost loops in C, one file for each kind of work.",
    "formulas": "Words of formulas by kind of notice, one file for each language.",
    "schemas": "JSON Schemas of what is written.",
    "data": "Word lists, one file for each language of texts.",
    "prepared": "The word lists as a run reads them, made by `bench/prepared_lists.py`.",
    "templates": "The pages: templates, style and scripts.",
    "assets": "Styles and scripts of pages that a server shows.",
    "messages": "Our own words, one file for each language.",
}
"""Folders that hold no module, by their names."""


def rooms() -> dict[str, tuple[str, ...]]:
    """Return the rooms of each package, from the lowest to the highest."""
    body = ast.parse((ROOT / "tests/test_layers.py").read_text("utf-8")).body
    for node in body:
        targets: list[Any] = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if [getattr(target, "id", "") for target in targets] == ["ROOMS"]:
            found: dict[str, tuple[str, ...]] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            return found
    raise LookupError("tests/test_layers.py has no ROOMS")


def first_line(path: Path) -> str:
    """Return what a module says that it is for."""
    return prose((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0])


def modules(folder: Path) -> Iterator[Path]:
    """Yield the modules under a folder: rooms in their order, others by name; of each folder `__init__` first."""
    order = {name: place for place, name in enumerate(rooms().get(str(folder.relative_to(ROOT)), ()))}
    waiting = [path for path in folder.iterdir() if path.suffix in (".py", ".pyi") or [*path.glob("*.py")]]
    for path in sorted(waiting, key=lambda path: (path.stem != "__init__", order.get(path.stem, 0), path.name)):
        if path.is_dir():
            yield from modules(path)
        else:
            yield path


def modules_page() -> Iterator[str]:
    """Yield the lines of the page of rooms and modules."""
    yield from ("# Rooms and modules", "", NOTICE, "")
    yield "A folder is a room: a stage of the work. The rooms stand in their order, the lowest first: a room imports from those above it in"
    yield "this list, and never from those below; only `__init__` and `__main__` import from all. `tests/test_layers.py` holds that."
    for package in (ROOT / "dedup", ROOT / "reports"):
        yield from ("", f"## {package.name}", "")
        rows = ((f"`{path.relative_to(ROOT)}`", first_line(path)) for path in modules(package))
        yield from table(("file", "what it is for"), rows)
        yield from ("Beside the modules:", "")
        found = {path.parent for path in package.rglob("*.*") if path.suffix in _SUFFIXES}
        yield from (f"- `{folder.relative_to(ROOT)}`: {OTHER[folder.name]}" for folder in sorted(found) if not [*folder.glob("*.py")])
