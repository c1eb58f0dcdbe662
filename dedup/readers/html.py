"""HTML: a saved page is one document, its main text; what stands around the report is left out, and that is said."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from ..errors import InputError
from ..model import Document
from ..text.html_blocks import Block, Layout, layout_of
from ..text.html_tokens import tokens
from ..text.markup import block_text, kinds_left_out
from .html_encoding import decode_page
from .lines import Stream
from .main_text import LEAST, main_blocks
from .options import Reading
from .page_metadata import PageMetadata
from .records import Record, record_of_document
from .said import say
from .whole import file_id, read_whole, tidy, within_limits

MOST_PAGE = 1 << 25
"""Bytes of the largest page."""
_LOGGER = logging.getLogger("dedup.readers")
_SHELL = re.compile(
    r"(?:enable|activate|requires?|turn on|without|activer|habilit\w+) (?:\w+ )?java\s?script|java\s?script (?:is|must|to be|appears)",
    re.IGNORECASE,
)
_LINKS = 0.4  # share of links from which on a page with a short text is a list of links
_SHORT = 10  # letters: the shortest text of a page that has nothing else


def main_text(html: str, metadata: PageMetadata) -> tuple[str, tuple[str, ...]]:
    """Return the main text of a page, '' if it has none, and what was left out in words. ``metadata`` notes what the page says of itself.

    >>> main_text("<title>T</title><p>Two people were killed when a bridge fell.<nav><a href=1>Home</a></nav>", PageMetadata())
    ('Two people were killed when a bridge fell.', ('menus',))
    """
    metadata.read_json(html)
    layout = layout_of(metadata.noting(tokens(html)))
    blocks, reasons = main_blocks(layout)
    if not blocks:
        blocks = _short_text(layout, reasons)
    heading = metadata.heading
    if len(blocks) > 1 and blocks[0].kind == "h1" and " ".join(blocks[0].text.split()) == heading:
        blocks = blocks[1:]
    return tidy(block_text(blocks, layout)), kinds_left_out(reasons)


def _short_text(layout: Layout, reasons: list[int | None]) -> list[Block]:
    """Return the blocks of a page that has only a short text: none if it is a list of links or the shell of a program."""
    kept = [block for block, reason in zip(layout.blocks, reasons, strict=True) if reason is None]
    size, linked = sum(block.size for block in kept), sum(block.linked for block in kept)
    text = "\n".join(block.text for block in kept)
    return [] if size - linked < _SHORT or linked > _LINKS * size or (size < 2 * LEAST and _SHELL.search(text)) else kept


def page_document(
    html: str, name: str, path: str, line: int, url: str | None = None, time: str | None = None
) -> tuple[Document | None, tuple[str, ...]]:
    """Return the document of a page, None if it has no main text, and what was left out.

    ``url`` and ``time`` are for a page that does not say its own.
    """
    metadata = PageMetadata()
    text, left_out = main_text(html, metadata)
    if not text:
        return None, left_out
    fields = metadata.fields(url)
    return Document(
        name, text, path, line, time=fields["time"] or time, source=fields["source"], title=fields["title"], url=fields["url"],
        language=fields["language"], byline=fields["byline"],
    ), left_out  # fmt: skip


def say_main_text() -> None:
    """Tell that pages are not read whole; the same words each time, so that they are shown once a run."""
    _LOGGER.warning("of HTML pages the main text is read; menus, links, share boxes, captions, bylines and comments are left out")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the record of a page; none if the file is empty. Raises `InputError`, also for a page without a main text."""
    data = read_whole(stream, path, "HTML", MOST_PAGE)
    if not data.strip():
        return
    html, said = decode_page(data, reading.encoding)
    if said:
        say(path, said)
    document, left_out = page_document(html, file_id(path), path, 1)
    if document is None:
        what = "a page without a main text: a list of links, or a page that a program fills"
        raise InputError(what, path=path, hint="save an article, as your browser shows it")
    if left_out:
        say_main_text()
    yield record_of_document(within_limits(document, reading))
