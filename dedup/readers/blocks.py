"""Blocks: the paragraphs, rows of tables and items of lists of a document are joined to one text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Block = tuple[str, bool]
"""A text, and True if it is a row or an item, which stands on the line below the one before it."""
_LAYOUT = 200  # characters: a cell with several paragraphs and more characters than this holds a text, not a value


def row_of(cells: Sequence[Iterable[str]]) -> list[Block]:
    """Return the row of a table, whose cells have paragraphs: one line with tabs, or the paragraphs where a cell holds a text.

    >>> row_of([["Name"], ["", "Place"]]), row_of([[], [" "]])
    ([('Name\\tPlace', True)], [])
    """
    texts = [[text.strip() for text in cell if text.strip()] for cell in cells]
    if any(len(cell) > 1 and sum(map(len, cell)) > _LAYOUT for cell in texts):
        return [(text, False) for cell in texts for text in cell]
    line = "\t".join(" ".join(" ".join(cell).split()) for cell in texts).rstrip("\t")
    return [(line, True)] if line else []


def joined(blocks: Iterable[Block], between: str = "\n\n") -> str:
    """Return blocks as one text. ``between`` stands between two that are no rows.

    >>> joined([("A", False), ("a\\tb", True), ("c\\td", True), ("B", False)])
    'A\\n\\na\\tb\\nc\\td\\n\\nB'
    """
    out, was_row = [], False
    for text, row in blocks:
        out += ["\n" if was_row and row else between, text]
        was_row = row
    return "".join(out[1:])
