"""Main text: the report of a page, without the menus, lists of links and other articles around it.

Every block of a page is scored by its letters outside of links, and gives its score to the elements around it, half to each further one,
as Arc90's Readability does. The element with the best score holds the report. Sources: Kohlschütter et al., Boilerplate Detection using
Shallow Text Features, WSDM 2010 (link density, length); the Readability algorithm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text.furniture import leads_elsewhere
from ..text.html_blocks import Block, Layout
from ..text.html_regions import RELATED
from ..text.markup import furniture_of

_GOOD = re.compile(
    r"(?<![a-z])(?:article-?(?:body|content|text)|story-?(?:body|content)|entry-?content|post-?(?:content|body)|body-?text|main-?content|"
    r"news-?(?:text|body|content|detail)|single-?content|content-?body|detail-?(?:body|text|content)|rich-?text|wysiwyg)"
)
_HOLDERS = {"article": 1.4, "main": 1.2}
_BODY = 3.0  # what a class or property for the body of an article multiplies the score by
_LEVELS = 4  # elements around a block that get its score: all of it, and half, a third, a quarter
_FULL = 25  # letters of a block that counts
_MOST = 600  # letters of a block that count
_DENSE = 0.5  # share of links from which on a block is none of the report
LEAST = 140
"""Letters of the shortest main text; a page with less is no report."""
_HEADINGS = "h1", "h2", "h3", "h4", "h5", "h6"
_MORE, _FEW_LINKS = 1.7, 0.15  # times more text, and the largest share of links, of an element around the best one that is taken for it
_NEAR = 3  # elements further out, in which those of the same class go on with the text
_SIBLING = 0.2  # share of the best score that an element beside the best one must have
_PLAIN = "p", "blockquote", "pre", "div", "section", "article", "td", "body", "html", "main", "center", "dd", "li", "figure", "form"
_TEXTUAL = frozenset((*_PLAIN, *_HEADINGS))


def main_blocks(layout: Layout) -> tuple[list[Block], list[int | None]]:
    """Return the blocks of the report of a page, and why each block of the page is left out, None for those of the report.

    There are no blocks if the page has no text of `LEAST` letters; then the reasons are those of a short text.
    """
    reasons = furniture_of(layout)
    blocks = layout.blocks
    scores = _scores(layout, reasons)
    if not scores:
        return [], reasons
    best = max(scores, key=lambda node: (scores[node], -node))
    best = _widened(layout, reasons, best)
    inside = _below(layout, best) | _siblings(layout, best, scores)
    kept = [place for place, block in enumerate(blocks) if reasons[place] is None and block.node in inside]
    kept = _trimmed(blocks, kept)
    chosen = set(kept)
    found = [None if place in chosen else RELATED if reason is None else reason for place, reason in enumerate(reasons)]
    report = [blocks[place] for place in kept]
    if sum(block.size - block.linked for block in report) < LEAST:
        return [], reasons
    return report, found


def _worth(block: Block) -> float:
    """Return the score of a block: its letters outside of links; more where it has the commas and ends of sentences."""
    if block.size < _FULL or block.linked > _DENSE * block.size or block.kind not in _TEXTUAL:
        return 0.0
    plain = min(block.size - block.linked, _MOST)
    ends = block.text.rstrip()[-1] in '.!?؟۔。…»”")' or sum(map(block.text.count, ",،、.")) > 1
    return plain * (1.0 if ends else 0.35)


def _scores(layout: Layout, reasons: Sequence[int | None]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for block, reason in zip(layout.blocks, reasons, strict=True):
        worth = 0.0 if reason is not None else _worth(block)
        if not worth:
            continue
        node = block.node
        if layout.names[node] in ("p", "blockquote", "pre", "li", *_HEADINGS) and node:
            node = layout.parents[node]
        for level in range(1, _LEVELS + 1):
            scores[node] = scores.get(node, 0.0) + worth / level
            node = layout.parents[node]
            if node < 0:
                break
    for node in scores:
        scores[node] *= _HOLDERS.get(layout.names[node], 1.0)
        if _GOOD.search(layout.hints[node].replace("_", "-")):
            scores[node] *= _BODY
    return scores


def _below(layout: Layout, top: int) -> set[int]:
    """Return an element and all those inside it."""
    inside = {top}
    for node in range(top + 1, len(layout.parents)):  # those inside have larger numbers
        if layout.parents[node] in inside:
            inside.add(node)
    return inside


def _widened(layout: Layout, reasons: Sequence[int | None], best: int) -> int:
    """Return the element around the best one, or further out, that has much more text and few links: a report that is cut into parts."""
    worth, linked, sizes = ([0.0] * len(layout.parents) for _ in range(3))
    for block, reason in zip(layout.blocks, reasons, strict=True):
        if reason is None:
            worth[block.node] += _worth(block)
            linked[block.node] += block.linked
            sizes[block.node] += block.size
    for node in range(len(layout.parents) - 1, 0, -1):
        for each in (worth, linked, sizes):
            each[layout.parents[node]] += each[node]
    found, node = best, best
    for _ in range(_NEAR):
        node = layout.parents[node]
        if node < 0 or layout.names[node] in ("body", "html"):
            break
        if worth[node] >= _MORE * worth[found] and linked[node] <= _FEW_LINKS * sizes[node]:
            found = node
    return found


def _siblings(layout: Layout, best: int, scores: dict[int, float]) -> set[int]:
    """Return what goes on with the text of the best element: what stands beside it with a good score, and elements near it of its class."""
    parent, name = layout.parents[best], layout.names[best]
    if parent < 0:
        return set()
    around = {parent}
    for _ in range(_NEAR):
        around.add(max(layout.parents[min(around)], 0))
    alike = layout.hints[best] if name != "article" else ""
    least = _SIBLING * scores[best]
    found: set[int] = set()
    near = {min(around)}
    for node in range(min(around) + 1, len(layout.parents)):
        outer = layout.parents[node]
        if outer in near:
            near.add(node)
        beside = outer == parent and node != best
        good = beside and (layout.names[node] == "p" or (scores.get(node, 0.0) >= least and not (name == layout.names[node] == "article")))
        if outer in found or good or (alike and outer in near and layout.hints[node] == alike and scores.get(node, 0.0) > 0):
            found.add(node)
    return found


def _trimmed(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """Return the places of blocks without those at the end that only lead elsewhere, and short ones that are mostly links."""
    places = [
        place
        for place in kept
        if not (blocks[place].size < 100 and blocks[place].linked > _DENSE * blocks[place].size and blocks[place].kind != "p")
    ]
    while places and not _worth(blocks[places[0]]) and blocks[places[0]].kind not in _HEADINGS and _is_crumb(blocks[places[0]]):
        places.pop(0)
    while places and (blocks[places[-1]].kind in _HEADINGS or leads_elsewhere(blocks[places[-1]].text)):
        places.pop()
    return places


def _is_crumb(block: Block) -> bool:
    """Tell whether a block before the first paragraph is a word or two: a section, a date, a name."""
    return block.size < _FULL and block.text.rstrip()[-1] not in ".!?؟۔。"
