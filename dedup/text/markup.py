"""Markup: texts of HTML become plain texts with paragraphs, without what belongs to the page around them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from .furniture import box_spans, is_share_label, leads_elsewhere, share_boxes
from .html_blocks import LINES, Block, Layout, layout_of
from .html_regions import HIDDEN, KINDS, LIMITS, RELATED, SHARE
from .html_tokens import decode_references, has_markup, has_tags, tokens
from .spans import without_spans

__all__ = ["UNREADABLE", "block_text", "furniture_of", "has_markup", "plain_text"]

UNREADABLE = frozenset({HIDDEN})
_ALL_LINK = 0.8  # share of a block that is links, from which on the block is a link
_HEADINGS = "h1", "h2", "h3", "h4", "h5", "h6"
_LEAD = 4  # words of a line that only leads to a list below it
_PROSE = 80  # letters outside of links that make a text more than a list of links
_CELLS, _ITEMS = ("td", "th"), ("li", "dt", "dd", "option")
_UNCLOSED = 0.2  # of a region without an end: it may only seem to go on to the end of the text
_MANY_LINES = re.compile(r"\n{3,}|[ \t]+(?=\n)")
# What WordPress writes below each article of a feed.
_APPEARED = re.compile(
    r"(?:The post .{1,400} appeared first on|L.article .{1,400} est apparu en premier sur|ظهرت المقالة .{1,400} أولاً على) "
)
_ESCAPED = re.compile("&lt;/?(?:p|br|div|a|b|i|strong|em|span|li|img)(?:[ /]|&gt;)")


def plain_text(html: str) -> str:
    """Return the text of HTML, with a blank line between paragraphs, and a line for each item and each row of a table.

    Scripts and styles are left out, and what belongs to the page around the text: menus, forms, share boxes, links to other articles,
    captions, bylines. They are known by their elements, classes and roles, and by their words: a share box without a class is told by its
    words, and a list of links by being one. A text that has nothing else keeps it. A text without tags only has its character references
    decoded. The rest of the text stays as it is, except for white space.

    >>> print(plain_text("<h2>Rain</h2><p>Two&nbsp;roads are <b>closed</b>.</p><ul class=share><li>Tweet</ul><ul><li>A 1<li>B 2</ul>"))
    Rain
    <BLANKLINE>
    Two roads are closed.
    <BLANKLINE>
    A 1
    B 2
    """
    if not has_tags(html):
        if not _ESCAPED.search(html):
            return decode_references(html)
        html = decode_references(html)  # a feed that encodes its HTML once more
        if not has_tags(html):
            return html
    layout = layout_of(tokens(html), loose=LINES.search(html) is None)
    reasons = furniture_of(layout)
    kept = [block for block, reason in zip(layout.blocks, reasons, strict=True) if reason is None]
    if not kept:  # nothing but links or buttons: they are the text, except for what no reader sees
        kept = [block for block, reason in zip(layout.blocks, reasons, strict=True) if reason not in UNREADABLE]
    text = block_text(kept, layout)
    boxes = box_spans(text)  # those that stand in the last line of a paragraph
    return _MANY_LINES.sub(lambda found: found[0][:2].strip(" \t"), without_spans(text, boxes)).strip() if boxes else text


def block_text(blocks: Sequence[Block], layout: Layout) -> str:
    """Return the text of some blocks of a page, with a blank line between paragraphs."""
    parts = [blocks[0].text] if blocks else []
    for before, block in pairwise(blocks):
        parts += [_between(before, block, layout), block.text]
    return "".join(parts)


def _between(one: Block, other: Block, layout: Layout) -> str:
    """Return what stands between two blocks: a tab between cells, a line end between items and between rows, else a blank line."""
    beside = layout.parents[one.node], layout.parents[other.node]
    if one.kind in _CELLS and other.kind in _CELLS and one.node != other.node:
        if beside[0] == beside[1]:
            return "\t"
        return "\n" if layout.parents[beside[0]] == layout.parents[beside[1]] else "\n\n"
    items = one.kind in _ITEMS and other.kind in _ITEMS and one.node != other.node
    return "\n" if items and beside[0] == beside[1] else "\n\n"


def furniture_of(layout: Layout) -> list[int | None]:
    """Return for each block why it is left out, as a number of `KINDS`, or None for a block of the text.

    A region is left out by its element, class or role, but not if it holds a large share of the whole text (`LIMITS`): then the name
    misleads. Of the rest, share boxes are left out by their words, and blocks that are links unless the text is nothing but links.
    """
    blocks = layout.blocks
    removed = _removed_regions(layout)
    found: list[int | None] = [
        HIDDEN if block.kind == "title" else removed[block.region] if block.region >= 0 else None for block in blocks
    ]
    left = [place for place, reason in enumerate(found) if reason is None]
    lines = [(place, line) for place in left for line in blocks[place].text.split("\n")]
    boxed: dict[int, bool] = {}
    for (place, _), is_box in zip(lines, share_boxes([line for _, line in lines]), strict=True):
        boxed[place] = boxed.get(place, True) and is_box
    for place, is_box in boxed.items():
        if is_box or (len(left) > 1 and is_share_label(blocks[place].text)):
            found[place] = SHARE
    left = [place for place in left if found[place] is None]
    links = _links([blocks[place] for place in left])
    if sum(blocks[place].size - blocks[place].linked for place in left) >= _PROSE:
        for place, is_link in zip(left, links, strict=True):
            if is_link:
                found[place] = RELATED
    return found


def _removed_regions(layout: Layout) -> list[int | None]:
    """Return for each region why it, or one around it, is left out."""
    sizes = [0] * len(layout.kinds)
    total = 0
    for block in layout.blocks:
        plain = block.size - block.linked
        if block.region >= 0:
            sizes[block.region] += plain
        total += plain
    alone: list[bool] = [False] * len(sizes)
    hidden = sum(size for size, kind in zip(sizes, layout.kinds, strict=True) if kind == HIDDEN)
    total -= hidden
    for region in reversed(range(len(sizes))):  # inner regions have larger numbers
        limit = LIMITS[layout.kinds[region]]
        limit = limit if layout.closed[region] else min(limit, _UNCLOSED)
        alone[region] = sizes[region] <= limit * total or (layout.kinds[region] == HIDDEN and layout.closed[region])
        if not alone[region] and layout.outer[region] >= 0:
            sizes[layout.outer[region]] += sizes[region]
    removed: list[int | None] = []
    for region, outer in enumerate(layout.outer):
        around = removed[outer] if outer >= 0 else None
        removed.append(around if around is not None else layout.kinds[region] if alone[region] else None)
    return removed


def _links(blocks: Sequence[Block]) -> list[bool]:
    """Tell of each block whether it is a link to something else: one of several such blocks, or one that says so.

    A heading that is a link, and stands alone, heads the text below it.
    """
    links = [block.linked >= _ALL_LINK * block.size for block in blocks]
    leads = [leads_elsewhere(block.text) for block in blocks]
    found = []
    for place, (block, link, lead) in enumerate(zip(blocks, links, leads, strict=True)):
        before, behind = place > 0 and links[place - 1], place + 1 < len(blocks) and links[place + 1]
        heads = block.kind in _HEADINGS and not behind and place + 1 < len(blocks)
        only_lead = lead and len(block.text.split()) <= _LEAD and block.text[-1] not in ".!?"
        found.append(
            (link and (lead or not heads))
            or (lead and 2 * block.linked >= block.size)
            or (only_lead and (before or behind))
            or (block.linked > 0 and bool(_APPEARED.match(block.text)))
        )
    return found


def kinds_left_out(reasons: Collection[int | None]) -> tuple[str, ...]:
    """Return what some blocks are that were left out, in words, without what no reader sees.

    >>> kinds_left_out([None, SHARE, SHARE, HIDDEN])
    ('share boxes',)
    """
    return tuple(KINDS[kind] for kind in sorted({reason for reason in reasons if reason is not None} - UNREADABLE))
