"""Render a unified diff of the lines, as GNU diff writes it: ``patch`` makes b from a."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher

from ..diff.blocks import matching_blocks
from ..language.invisible import spelled_out
from ..model import Comparison

_CONTEXT = 3  # lines
_SIGNS = {"equal": (" ", ""), "delete": ("-", ""), "insert": ("", "+"), "replace": ("-", "+")}


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a newline ends a line, as for ``patch``."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _range(start: int, stop: int) -> str:
    """Return a range of lines as the format has it: lines count from 1, an empty range has the number of the line before it."""
    length = stop - start
    return f"{start + 1}" if length == 1 else f"{start + (length > 0)},{length}"


class _Matcher(SequenceMatcher[str]):
    """difflib's grouping of changes into hunks, over matches that were found with bounded work."""

    def __init__(self, a: Sequence[str], b: Sequence[str]):
        super().__init__(None, autojunk=False)
        self.a, self.b = a, b
        self.opcodes = None

    def get_matching_blocks(self) -> list[Match]:
        return [*(Match(*block) for block in matching_blocks(self.a, self.b)[0]), Match(len(self.a), len(self.b), 0)]


def _hunks(a: Sequence[str], b: Sequence[str]) -> Iterator[str]:
    for group in _Matcher(a, b).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
        for tag, i, stop_i, j, stop_j in group:
            old, new = _SIGNS[tag]
            yield from (old + line for line in a[i:stop_i] if old)
            yield from (new + line for line in b[j:stop_j] if new)


def render_unified(comparison: Comparison) -> str:
    """Return the unified diff of the two texts, empty where they are equal."""
    a, b = comparison.a, comparison.b
    hunks = [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in _hunks(_lines(a.text), _lines(b.text))]
    return f"--- {spelled_out(a.id)}\n+++ {spelled_out(b.id)}\n{''.join(hunks)}" if hunks else ""
