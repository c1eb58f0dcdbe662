"""The page of settings, from the source of `dedup.Config`."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise

import dedup.config
from dedup.config import _CHOICES, _RANGES, EVIDENCE, Config

from .commands import commands
from .markdown import NOTICE, code, prose, table


def attribute_docs(source: str, owner: str) -> dict[str, str]:
    """Return the text under each field of a class, as written."""
    body = next(node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == owner)
    found = {}
    for field, words in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, ast.Expr):
            found[field.target.id] = inspect.cleandoc(str(ast.literal_eval(words.value)))
    return found


def range_of(name: str) -> tuple[str, str]:
    """Return the type of a setting and what it may be, in words."""
    if name in _CHOICES:
        return "a choice", code(_CHOICES[name])
    if name in _RANGES:
        low, high = _RANGES[name]
        whole = isinstance(low, int) and isinstance(high, int)
        return ("a whole number", f"{low:,} to {high:,}") if whole else ("a number", f"{low} to {high}")
    others = {
        "background": ("a path", "a file that `dedup frequencies build` made; empty for none"),
        "agencies": ("a path", "a file of JSON with agencies and outlets; empty for none"),
        "prefer": ("names with commas", "names of sources"),
        "within": ("a duration", "`14d`, `36h`, `90m`, `30s`"),
        "ignore_lines": ("lines", "those of a file, one a line; with `--set` between bars"),
        "weights": ("numbers with commas", f"the bias, then a weight for each of {code(EVIDENCE)}"),
    }
    return others[name]


def own_option(name: str) -> str:
    """Return the option that gives a setting, ``--set`` where it has none of its own."""
    named = {each.opts[0] for _, command in commands() for each in command.params if each.name == name}
    return f"`{found[0]}`" if (found := sorted(option for option in named if option.startswith("--"))) else f"`--set {name}=VALUE`"


def settings_page() -> Iterator[str]:
    """Yield the lines of the page of settings."""
    words, standard = attribute_docs(inspect.getsource(dedup.config), "Config"), Config()
    yield from ("# Settings", "", NOTICE, "")
    yield "A setting is a field of `dedup.Config`, and on the command line an option. A value out of range is a `ConfigError`."
    said = "`prefer` is a tuple of names, `ignore_lines` one of lines, `weights` one of numbers, and `within` a number of seconds"
    yield from (f"In Python, {said}.", "")
    rows = []
    for name in Config.__dataclass_fields__:
        kind, values = range_of(name)
        default = getattr(standard, name)
        rows.append((f"[`{name}`](#{name})", kind, "" if default in (None, (), "") else f"`{default}`", values, own_option(name)))
    yield from table(("setting", "type", "default", "values", "option"), rows)
    for name in Config.__dataclass_fields__:
        yield from (f"## {name}", "", prose(words[name]), "")
