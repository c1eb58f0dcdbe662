"""Pieces of the pages of the reference, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs/reference"
NOTICE = "This page is made from the code: `python docs/generate.py` writes it. Change the code, not the page."
_CODE = re.compile(r"(`[^`]*`|\{[^{}]*\})")
_VALUES = "json|html|pairs|clusters|spark|skip"  # of options, in the words of help texts
_OPTION = re.compile(rf"(?<![\w-])(--[a-z][a-z-]*[a-z](?: (?:{_VALUES})\b)?|-o PATH)")


def prose(text: str) -> str:
    """Return a sentence of a docstring or a help text as Markdown: names of options and JSON as code, one line."""
    text = " ".join(text.replace("``", "`").split())
    parts = _CODE.split(text)
    return "".join(f"`{part}`" if part[:1] == "{" else part if part[:1] == "`" else _OPTION.sub(r"`\1`", part) for part in parts)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        cells = list(row)
        assert not any("|" in cell or "\n" in cell for cell in cells), cells
        yield "| " + " | ".join(cells) + " |"
    yield ""


def code(words: Iterable[Any]) -> str:
    """Return words as code, with commas between them."""
    return ", ".join(f"`{word}`" for word in words)
