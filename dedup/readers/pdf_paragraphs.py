"""The paragraphs of a PDF: lines are joined, words that were cut are joined, and what stands on every page is left out."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .pdf_lines import Line

_EDGE = 3  # lines at the top and at the bottom of a page that may be its header or footer
_PLACE = 3  # points within which a line stands on the same place
_GAP = 1.35  # times the usual distance of lines: a larger one is between paragraphs
_SIZE = 1.12  # the ratio of sizes from which on a line is of another kind, such as a headline
_INDENT = 0.8  # of the size: a first line that begins further in begins a paragraph
_SHORT = 0.75  # of the width of the column: a line that ends earlier is the last one of its paragraph
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?:;\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}\N{HORIZONTAL ELLIPSIS}][\"'»”’)\]]*$")
_CUT = re.compile(r"[^\W\d_](?:-|\N{SOFT HYPHEN}|\N{HYPHEN})$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def without_headers(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], int]:
    """Return the lines of the pages without headers and footers, and how many were left out.

    A header or footer is the same, except for its numbers, on the same place of at least half of the pages, and of two at the least.
    """
    seen: Counter[tuple[str, int]] = Counter()
    marks = [[(_DIGITS.sub("0", line.text), round(line.base / _PLACE)) for line in page] for page in pages]
    edges = []
    for page, keys in zip(pages, marks, strict=True):
        order = sorted(range(len(page)), key=lambda place: -page[place].base)
        most = min(_EDGE, len(page) // 4)  # of a page with few lines, most are its text
        edge = {*order[:most], *order[len(order) - most :]}
        edges.append(edge)
        seen.update({keys[place] for place in edge})
    least = max(2, len(pages) / 2)
    out, left_out = [], 0
    for page, keys, edge in zip(pages, marks, edges, strict=True):
        kept = [line for place, line in enumerate(page) if place not in edge or seen[keys[place]] < least]
        left_out += len(page) - len(kept)
        out.append(kept)
    return out, left_out


def _columns(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each column: a line above the one before begins another."""
    column: list[Line] = []
    for line in page:
        if column and (line.base > column[-1].base + 0.5 * line.size or line.left > column[-1].right or line.right < column[-1].left):
            yield column
            column = []
        column.append(line)
    if column:
        yield column


def _blocks(column: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph of a column."""
    gaps = [above.base - below.base for above, below in pairwise(column) if above.base > below.base]
    usual = statistics.median_low(sorted(gaps)[: max(1, (2 * len(gaps) + 2) // 3)]) if gaps else 0.0
    left, right = min(line.left for line in column), max(line.right for line in column)
    block: list[Line] = []
    for line in column:
        if block and _begins(line, block, usual, left, right):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _begins(line: Line, block: Sequence[Line], usual: float, left: float, right: float) -> bool:
    """Tell whether a line begins a paragraph."""
    above = block[-1]
    if above.base - line.base > _GAP * max(usual, 1.0 * line.size) or max(line.size, above.size) > _SIZE * min(line.size, above.size):
        return True
    if "\t" in line.text or "\t" in above.text or line.right_to_left != above.right_to_left:
        return True
    start, first, end = (right - line.right, right - above.right, above.left - left) if line.right_to_left else (
        line.left - left, above.left - left, right - above.right
    )  # fmt: skip
    if start > first + _INDENT * line.size and len(block) > 1:
        return True
    ends_early = end > (1 - _SHORT) * max(right - left, 1.0)
    return ends_early and (_ENDS.search(above.text) is not None or start < first - _INDENT * line.size)


def _joined(lines: Sequence[str], hyphenated: set[str]) -> str:
    """Return lines as one text; a word that was cut at the end of a line is joined, unless it stands with its hyphen elsewhere."""
    parts = [lines[0]]
    for line in lines[1:]:
        before = parts[-1]
        if _CUT.search(before[-3:]) and line[:1].islower():
            word = before.rsplit(None, 1)[-1] + re.split(r"[^\w-]", line, maxsplit=1)[0]
            parts[-1] = before if word.lower() in hyphenated else before[:-1]
            parts.append(line)
        else:
            parts += [" ", line]
    return "".join(parts)


def paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[str]:
    """Yield the paragraphs. One that goes on in another column or on another page is joined."""
    blocks = [block for page in pages for column in _columns(page) for block in [list(_blocks(column))]]
    hyphenated = {word.lower() for page in pages for line in page for word in _HYPHENATED.findall(line.text)}
    waiting: list[Line] = []
    for column in blocks:
        for place, block in enumerate(column):
            if waiting and not (place == 0 and _goes_on(waiting[-1], block[0])):
                yield _joined([line.text for line in waiting], hyphenated)
                waiting = []
            waiting += block
    if waiting:
        yield _joined([line.text for line in waiting], hyphenated)


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether the first line of a column goes on with the last one of the column before."""
    alike = max(line.size, above.size) <= _SIZE * min(line.size, above.size) and line.right_to_left == above.right_to_left
    full = above.right - above.left > 15 * above.size
    return (
        alike and full and not _ENDS.search(above.text) and (line.right_to_left or line.text[:1].islower() or bool(_CUT.search(above.text)))
    )
