"""MediaWiki: dumps of wikis, as Wikipedia gives them; each revision is a document, and a version of its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..model import Document
from ..text.wikitext import plain_wikitext
from .lines import Stream
from .options import Reading
from .records import Record
from .said import say, tally
from .wire_fields import LEFT_OUT, finished, first_time
from .xml import Wanted, items
from .xml_elements import Element, Item

WANTED = Wanted("a dump of MediaWiki", ("mediawiki",), ("revision",), groups=("page", "logitem"))
_WIKITEXT = ("", "wikitext")


def _left_out(page: Element, revision: Element) -> str | None:
    """Return why a revision is left out; None if it is not."""
    if (page.value("ns") or "0") != "0":
        return "outside of the namespace of articles"
    if page.first("redirect") is not None:
        return "redirects"
    text = revision.first("text")
    if text is None or text.get("deleted") or (not text.children and (text.get("bytes") or "0") != "0"):
        return "without their text"  # hidden, or a dump of metadata alone
    if (revision.value("model") or "wikitext") not in _WIKITEXT:
        return "in another form than wikitext"
    return None


def _document(item: Item, path: str) -> Document | str:
    """Return the document of a revision, or why it is left out."""
    page, revision = item.around[-1], item.element
    if reason := _left_out(page, revision):
        return reason
    raw = "".join(element.content() for element in revision.all("text"))
    text = plain_wikitext(raw)
    if text is None:
        return "redirects"
    title = page.value("title")
    base = item.around[0].value("siteinfo", "base")
    return Document(
        title or page.value("id") or "",
        text,
        path,
        revision.line,
        time=first_time(revision.value("timestamp")),
        source=item.around[0].value("siteinfo", "dbname") or item.around[0].value("siteinfo", "sitename"),
        title=title,
        url=f"{base.rpartition('/')[0]}/{title.replace(' ', '_')}" if base and title else None,
        language=item.around[0].get("xml:lang"),
        version=revision.value("id"),
    )


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of the revisions in a dump, of articles only: other namespaces and redirects are left out, which is said.

    A wrong revision has its error in it. Raises `InputError` if the rest cannot be read.
    """
    left: Counter[str] = Counter()
    for item in items(stream, path, reading, WANTED):
        if item.error is not None:
            yield Record(b"", {}, None, item.error)
        elif isinstance(document := _document(item, path), str):
            left[document] += 1
        else:
            yield finished(document, reading)
    if left:
        say(path, f"{tally(left, 'revision', 'revisions')} left out")
        yield LEFT_OUT
