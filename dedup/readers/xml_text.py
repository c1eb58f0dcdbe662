"""The text of elements: paragraphs, lists and tables of XHTML and NITF, as lines and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape

from ..text.markup import has_markup, plain_text
from .lines import unify_newlines
from .xml_elements import Element

# XHTML, and NITF 2.5 to 3.6 (https://www.iptc.org/std/NITF/3.6/documentation/nitf-documentation.html).
_BLOCKS = {
    "address",
    "article",
    "aside",
    "bibliography",
    "block",
    "blockquote",
    "body",
    "body.content",
    "body.end",
    "body.head",
    "bq",
    "byline",
    "center",
    "credit",
    "dateline",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "fn",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hedline",
    "hl1",
    "hl2",
    "hr",
    "li",
    "main",
    "nav",
    "nitf-table",
    "note",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tagline",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
    "abstract",
    "caption",
    "body.text",
    "para",
}
_CELLS, _ITEMS, _TABLES, _LISTS = (
    frozenset(("td", "th")),
    frozenset(("li", "dt", "dd")),
    frozenset(("table",)),
    frozenset(("ul", "ol", "dl")),
)
_PROSE = frozenset(("p", "li", "td", "th", "dt", "dd", "hl1", "hl2", "h1", "h2", "h3", "h4", "h5", "h6"))
_KEPT = frozenset(("pre",))
_HIDDEN = {
    "script",
    "style",
    "head",
    "template",
    "object",
    "embed",
    "iframe",
    "svg",
    "audio",
    "video",
    "figure",
    "img",
    "map",
    "noscript",
    "media",
    "picture",
}
_FURNITURE = _HIDDEN | {"header", "footer", "nav", "aside", "form"}
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}  # of HTML: without an end
_PARAGRAPHS = ("p", "para", "paragraph")
_BREAK = "\N{NULL}"  # which XML cannot hold
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where text stands: in which table, row and list (a number each, 0 for none), and whether its line ends are its own."""

    table: int = 0
    row: int = 0
    list: int = 0
    kept: bool = False
    prose: bool = False


def _inside(place: _Place, element: Element, number: int) -> _Place:
    """Return the place inside an element."""
    name = element.name
    table = number if name in _TABLES and not place.table else place.table
    row = number if name == "tr" and place.table and not place.row else place.row
    listed = number if name in _LISTS and not place.list else place.list
    return _Place(table, row, listed, place.kept or name in _KEPT, place.prose or name in _PROSE)


class _Blocks:
    """The blocks of text that were found, with what separates them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.pieces: list[str] = []
        self.last: _Place | None = None

    def close(self, place: _Place) -> None:
        """End the block that is read, at a place."""
        if not self.pieces:
            return
        raw, self.pieces = "".join(self.pieces), []
        text = _kept(raw) if place.kept else _folded(raw, place.prose)
        if "<" in text and has_markup(text):  # tags that are written as text
            text = plain_text(text)
        if not text:
            return
        last = self.last
        if last is not None:
            if place.row and place.row == last.row:
                self.parts.append("\t")
            elif (place.table and place.table == last.table) or (place.list and place.list == last.list and not place.table):
                self.parts.append("\n")
            else:
                self.parts.append("\n\n")
        self.parts.append(text)
        self.last = place


def _kept(raw: str) -> str:
    lines = raw.replace(_BREAK, "\n").replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _folded(raw: str, prose: bool) -> str:
    """Return text with single spaces, and with its own breaks of lines; outside of paragraphs also with its blank lines."""
    marked = raw if prose else _BLANK_LINE.sub(_BREAK * 2, raw)
    lines = [" ".join(line.split()) for line in marked.split(_BREAK)]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def element_text(element: Element, hidden: Collection[str] = _HIDDEN) -> str:
    """Return the text of an element: a blank line between paragraphs, a line for each item or row, a tab between cells.

    Elements with the names in ``hidden`` are left out: by default scripts, pictures and their captions.

    >>> element_text(Element("div", "", {}, 1, [Element("p", "", {}, 1, ["One  ", Element("b", "", {}, 1, ["two"])]), "three"]))
    'One two\\n\\nthree'
    """
    blocks = _Blocks()
    place = _inside(_Place(), element, 1)
    stack: list[tuple[Iterator[Element | str], _Place, bool]] = [(iter(element.children), place, False)]
    number = 1
    while stack:
        children, place, is_block = stack[-1]
        for child in children:
            if isinstance(child, str):
                blocks.pieces.append(child)
                continue
            if child.name in hidden:
                continue
            if child.name == "br":
                blocks.pieces.append(_BREAK)
                continue
            number += 1
            cell = bool(place.row) and child.name not in _CELLS
            block = (child.name in _BLOCKS or child.name in _CELLS) and not cell
            if block:
                blocks.close(place)
            elif child.name in _BLOCKS:
                blocks.pieces.append(" ")  # a paragraph in a cell
            stack.append((iter(child.children), _inside(place, child, number), block))
            break
        else:
            if is_block or len(stack) == 1:
                blocks.close(place)
            elif place.row:
                blocks.pieces.append(" ")
            stack.pop()
    return "".join(blocks.parts)


def xhtml_text(body: Element) -> str:
    """Return the text of XHTML without pictures, headers, footers and asides; with them if there is nothing else."""
    return element_text(body, _FURNITURE) or element_text(body)


def text_of_paragraphs(element: Element) -> str | None:
    """Return the text of XML of an unknown kind: the paragraphs, and what stands between them. None if it has none.

    >>> text_of_paragraphs(Element("A", "", {}, 1, [Element("P", "", {}, 1, ["y"]), Element("CITE", "", {}, 1, ["z"])]))
    'y\\n\\nz'
    """
    parts: list[str] = []
    stack: list[tuple[Element, bool]] = [(element, False)]
    known = False
    while stack:
        current, beside = stack.pop()
        inner = [child for child in current.children if not isinstance(child, str)]
        has_paragraphs = any(child.name.lower() in _PARAGRAPHS for child in inner)
        known = known or has_paragraphs
        if beside and not has_paragraphs:
            parts.append(" ".join(current.content().split()))
        else:
            stack.extend((child, has_paragraphs) for child in reversed(inner) if child.name.lower() not in _HIDDEN)
    return "\n\n".join(filter(None, parts)) if known else None


def tidy_lines(text: str) -> str:
    """Return plain text without white space around its lines, and with one blank line where there are several.

    >>> tidy_lines("  one\\n\\n\\n    two  ")
    'one\\n\\ntwo'
    """
    lines = [line.strip() for line in unify_newlines(text).split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def html_of(element: Element) -> str:
    """Return what is inside an element as HTML.

    >>> html_of(Element("div", "", {}, 1, [Element("p", "", {"class": "a"}, 1, ["1 < 2"]), Element("br", "", {}, 1)]))
    '<p class="a">1 &lt; 2</p><br>'
    """
    parts: list[str] = []
    stack: list[tuple[Iterator[Element | str], str]] = [(iter(element.children), "")]
    while stack:
        children, end = stack[-1]
        for child in children:
            if isinstance(child, str):
                parts.append(escape(child, quote=False))
                continue
            values = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items())
            parts.append(f"<{child.name}{values}>")
            stack.append((iter(child.children), "" if child.name in _EMPTY else f"</{child.name}>"))
            break
        else:
            parts.append(end)
            stack.pop()
    return "".join(parts)
