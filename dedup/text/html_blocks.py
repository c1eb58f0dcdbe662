"""Blocks of HTML: its paragraphs, headings, items and cells in order, each with its place in the page and how much of it is links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .html_regions import HINTED, LONGEST_HINT, reason_of
from .html_tokens import Token, attributes_of, decode_references

_BLOCKS_NAMES = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav noscript ol option p plaintext pre section select
summary table tbody td template tfoot th thead title tr ul xmp button svg math canvas object audio video map textarea iframe
datalist optgroup head
"""
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
LINES = re.compile(f"</?(?:br|{'|'.join(sorted(_BLOCKS))})[\\s/>]", re.IGNORECASE)
"""A tag that begins a new line."""
_VOID_NAMES = """
area base basefont br col embed frame hr img input keygen link meta param source track wbr
"""
_VOID = frozenset(_VOID_NAMES.split())
_CLOSES = {  # an element, and those that it ends, each where it is the innermost block, from the inner to the outer ones
    "li": ("li",), "option": ("option",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "td": ("td", "th"), "th": ("td", "th"),
    "tr": ("td", "th", "tr"), "tbody": ("td", "th", "tr", "tbody", "thead"), "tfoot": ("td", "th", "tr", "tbody", "thead"),
}  # fmt: skip
_SEARCH = 50  # open elements that are searched for what an end tag within a line ends
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BLANK_LINE = re.compile(r"\n[ \t\r\f]*\n")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text. ``kind`` is the element that holds it, ``node`` its number among those of the page, ``region`` the innermost region
    around it, -1 where there is none. ``size`` and ``linked`` are `text_size` of the text, and of its links."""

    text: str
    kind: str
    node: int
    region: int
    size: int
    linked: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a page; for each element that holds blocks its name, its parent and its class, id and the like; for each region why it
    may be left out, the region around it, and whether its end was there."""

    blocks: tuple[Block, ...]
    names: tuple[str, ...]
    parents: tuple[int, ...]
    hints: tuple[str, ...]
    kinds: tuple[int, ...]
    outer: tuple[int, ...]
    closed: tuple[bool, ...]


def text_size(text: str) -> int:
    """Return the size of a text in letters; one of a script without spaces counts as three.

    >>> text_size("two words"), text_size("雨")
    (8, 3)
    """
    size = len(text) - text.count(" ")
    return size + 2 * len(_WIDE.findall(text)) if size and max(text) >= "\u2e80" else size


class _Builder:
    def __init__(self, loose: bool):
        self.loose = loose  # line ends in the texts count
        self.blocks: list[Block] = []
        self.names, self.parents, self.hints = ["html"], [-1], [""]
        self.kinds: list[int] = []
        self.outer: list[int] = []
        self.closed: list[bool] = []
        self.stack: list[tuple[str, int, int, bool]] = [("", 0, -1, False)]  # name, node, region, whether it is a link
        self.open: dict[str, int] = {}
        self.links = 0
        self.lines: list[list[str]] = [[]]
        self.linked = 0

    def text(self, text: str) -> None:
        text = decode_references(text)
        if self.links:
            self.linked += text_size(_SPACE.sub(" ", text))
        if not self.loose or "\n" not in text:
            self.lines[-1].append(text)
            return
        for number, paragraph in enumerate(_BLANK_LINE.split(text)):
            if number:
                self.flush()
            first, *others = paragraph.split("\n")
            self.lines[-1].append(first)
            self.lines += [[other] for other in others]

    def flush(self) -> None:
        _, node, region, _ = self.stack[-1]
        kind = self.names[node]
        if kind == "pre":
            text = "\n".join("".join(line) for line in self.lines).strip("\n")
        else:
            lines = ("".join(line) for line in self.lines)
            text = "\n".join(lines) if self.loose else "\n".join(_SPACE.sub(" ", line).strip(" ") for line in lines)
            text = text.strip(" \n\t\r\f")
        if text and not text.isspace():
            size = text_size(text)
            self.blocks.append(Block(text, kind, node, region, size, min(self.linked, size)))
        if self.linked or len(self.lines) > 1 or self.lines[0]:
            self.lines, self.linked = [[]], 0

    def br(self) -> None:
        if len(self.lines) > 1 and not any(part.strip() for part in self.lines[-1]):
            self.flush()
        else:
            self.lines.append([])

    def start(self, name: str, written: str) -> None:
        if name == "br":
            self.br()
            return
        block = name in _BLOCKS
        if block:
            self._end_of("p")
            self.flush()
            for other in _CLOSES.get(name, ()):
                self._end_of(other)
        elif name == "a" and self.links:
            self._end_inline("a")
        if name in _VOID:
            return
        self._push(name, written, block)

    def _push(self, name: str, written: str, block: bool) -> None:
        attributes = attributes_of(written) if written and HINTED.search(written) else {}
        _, node, region, _ = self.stack[-1]
        if block:
            hint = " ".join(attributes.get(key, "") for key in ("class", "id", "itemprop", "role"))[:LONGEST_HINT].lower()
            self.names.append(name)
            self.parents.append(node)
            self.hints.append(hint)
            node = len(self.names) - 1
        reason = reason_of(name, attributes)
        if reason is not None:
            self.kinds.append(reason)
            self.outer.append(region)
            self.closed.append(False)
            region = len(self.kinds) - 1
            if not block:  # a new block begins where a region begins or ends within a line
                self.flush()
        link = name == "a" and "href" in attributes
        self.links += link
        self.open[name] = self.open.get(name, 0) + 1
        self.stack.append((name, node, region, link))

    def end(self, name: str) -> None:
        if name in ("p", "br") and not self.open.get(name):
            self.br() if name == "br" else self.flush()
            return
        if not self.open.get(name):
            if name in _BLOCKS:
                self.flush()
            return
        if name in _BLOCKS:
            self.flush()
            while self._pop() != name:
                pass
        else:
            self._end_inline(name)

    def _pop(self) -> str:
        name, _, region, link = self.stack[-1]
        if region != self.stack[-2][2]:
            self.flush()
            self.closed[region] = True
        self.stack.pop()
        self.open[name] -= 1
        self.links -= link
        return name

    def _end_inline(self, name: str) -> None:
        """End an element within a line; one that begins outside of the innermost block goes on."""
        for depth in range(1, min(_SEARCH, len(self.stack))):
            found = self.stack[-depth][0]
            if found == name:
                for _ in range(depth):
                    self._pop()
                return
            if found in _BLOCKS:
                return

    def _end_of(self, name: str) -> None:
        """End a block that is the innermost one, and what is open within its lines."""
        if self.open.get(name):
            for depth in range(1, min(_SEARCH, len(self.stack))):
                found = self.stack[-depth][0]
                if found == name:
                    self.flush()
                    for _ in range(depth):
                        self._pop()
                    return
                if found in _BLOCKS:
                    return


def layout_of(found: Iterable[Token], loose: bool = False) -> Layout:
    """Return the blocks of the tokens of HTML. If ``loose``, line ends in the texts count: the text has no paragraphs of HTML.

    >>> from .html_tokens import tokens
    >>> [(block.text, block.kind, block.linked) for block in layout_of(tokens("<p>One<p>Two <a href=x>three</a><ul><li>4</ul>")).blocks]
    [('One', 'p', 0), ('Two three', 'p', 5), ('4', 'li', 0)]
    """
    builder = _Builder(loose)
    for name, value in found:
        if not name:
            builder.text(value)
        elif name[0] == "/":
            builder.end(name[1:])
        else:
            builder.start(name, value)
    builder.flush()
    elements = tuple(builder.names), tuple(builder.parents), tuple(builder.hints)
    return Layout(tuple(builder.blocks), *elements, tuple(builder.kinds), tuple(builder.outer), tuple(builder.closed))
