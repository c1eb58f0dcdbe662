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

_GOOD = re.compile(r"(?<![a-z])(?:article-?body|articlebody|story-?body|storybody|entry-?content|post-?(?:content|body)|article-?(?:content|text)|body-?text|"
                   r"main-?content|news-?(?:text|body|content|detail)|single-?content|content-?body|story-?content|detail-?(?:body|text|content)|rich-?text|wysiwyg)")  # fmt: skip
_HOLDERS = {"article": 1.4, "main": 1.2}
_BODY = 3.0  # what a class or property for the body of an article multiplies the score by
_LEVELS = 4  # elements around a block that get its score: all of it, and half, a third, a quarter
_FULL = 25  # letters of a block that counts
_MOST = 600  # letters of a block that count
_DENSE = 0.5  # share of links from which on a block is none of the report
LEAST = 140
"""Letters of the shortest main text; a page with less is no report."""
_NEAR = 2  # elements further out, in which those of the same class go on with the text
_SIBLING = 0.2  # share of the best score that an element beside the best one must have
_TEXTUAL = ("p", "blockquote", "pre", "div", "section", "article", "td", "body", "html", "main", "center", "dd", "li", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6")  # fmt: skip


def main_blocks(layout: Layout) -> tuple[list[Block], list[int | None]]:
    """Return the blocks of the report of a page, and why each block of the page is left out, None for those of the report.

    There are none if the page has no text of `LEAST` letters.
    """
    reasons = furniture_of(layout)
    blocks = layout.blocks
    scores = _scores(layout, reasons)
    if not scores:
        return [], [RELATED if reason is None else reason for reason in reasons]
    best = max(scores, key=lambda node: (scores[node], -node))
    inside = _below(layout, best)
    inside |= _siblings(layout, best, scores)
    kept = [place for place, block in enumerate(blocks) if reasons[place] is None and inside_of(block.node, inside)]
    kept = _trimmed(blocks, kept)
    chosen = set(kept)
    found = [
        reason if place not in chosen and reason is not None else None if place in chosen else RELATED
        for place, reason in enumerate(reasons)
    ]
    report = [blocks[place] for place in kept]
    if sum(block.size - block.linked for block in report) < LEAST:
        return [], found
    return report, found


def inside_of(node: int, nodes: set[int]) -> bool:
    """Tell whether an element is among some."""
    return node in nodes


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
        if layout.names[node] in ("p", "blockquote", "pre", "li", "h1", "h2", "h3", "h4", "h5", "h6") and node:
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
    while places and (blocks[places[-1]].kind in ("h2", "h3", "h4", "h5", "h6") or leads_elsewhere(blocks[places[-1]].text)):
        places.pop()
    return places
