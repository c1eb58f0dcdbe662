"""A unified diff by line, as GNU diff writes it: ``patch`` makes b of a."""

from __future__ import annotations

from difflib import unified_diff

from ..hidden import spelled_out
from ..model import Comparison


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a newline ends a line, as for ``patch``."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def render_unified(comparison: Comparison) -> str:
    """Return the unified diff of the two texts, empty where they are equal."""
    a, b = comparison.a, comparison.b
    lines = unified_diff(_lines(a.text), _lines(b.text), spelled_out(a.id), spelled_out(b.id))
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
