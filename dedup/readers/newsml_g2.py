"""NewsML-G2: news items, one a file or several in a news message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..model import Document
from ..text.markup import plain_text
from .lines import Stream
from .nitf import nitf_text, nitf_title
from .options import Reading
from .records import Record
from .said import say, tally
from .wire_fields import LEFT_OUT, finished, first_time, news_status
from .xml import Wanted, items
from .xml_elements import Element, Item
from .xml_text import element_text, text_of_paragraphs, tidy_lines, xhtml_text

_OTHERS = ("packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
WANTED = Wanted("NewsML-G2", ("newsItem", "newsMessage", *_OTHERS), ("newsItem", *_OTHERS))
_HTML = ("html", "xhtml")
_XHTML = ("body", "div", "p", "section", "article", "main", "ul", "ol", "table", "h1", "h2", "h3", "blockquote", "pre", "span", "b", "a")


def _code(element: Element | None) -> str | None:
    """Return what an element with a concept names: its name, else its literal, code or address."""
    if element is None:
        return None
    code = element.get("qcode")
    return element.value("name") or element.get("literal") or (code and code.partition(":")[2]) or element.get("uri")


def _source(item: Element) -> str | None:
    meta = item.first("contentMeta")
    provider = item.first("itemMeta", "provider")
    creditline = meta.value("creditline") if meta is not None else None
    named = provider is not None and any((provider.value("name"), provider.get("literal"), provider.get("qcode")))
    return (_code(provider) if named else None) or creditline or _code(provider) or _code(item.first("contentMeta", "infoSource"))


def _byline(item: Element) -> str | None:
    """Return the byline and the credit line, else the name of who made the item."""
    lines = [item.value("contentMeta", "by"), item.value("contentMeta", "creditline")]
    made = [creator.value("name") or creator.get("literal") for creator in item.all("contentMeta", "creator")]
    return ", ".join(dict.fromkeys(filter(None, lines))) or ", ".join(filter(None, made)) or None


def _of_xml(inline: Element) -> tuple[str | None, str | None]:
    """Return the text and the title of XML inside an item; None for XML without paragraphs, such as results of sports."""
    for child in inline.children:
        if isinstance(child, str):
            continue
        if child.name == "nitf" or child.name.startswith("body."):
            return nitf_text(child) if child.name == "nitf" else element_text(child), nitf_title(child)
        if child.name in _HTML:
            body = child.first("body")
            return xhtml_text(child if body is None else body), child.value("head", "title")
        if child.name in _XHTML:
            return xhtml_text(inline), None
        return text_of_paragraphs(inline), None
    return element_text(inline), None


def _of_data(inline: Element) -> str | None:
    """Return the text of data inside an item; None for data that is no text."""
    kind = (inline.get("contenttype") or "text/plain").lower()
    if inline.get("encoding") or not ("text" in kind or "html" in kind or "xml" in kind):
        return None
    return tidy_lines(plain_text(inline.content()))


def _content(item: Element) -> tuple[str | None, str | None]:
    """Return the text and the title in the content of an item: of several renditions the first with a text. None: it holds no text."""
    text = title = None
    for content in item.all("contentSet"):
        for inline in content.children:
            if isinstance(inline, str) or inline.name not in ("inlineXML", "inlineData"):
                continue
            found, head = _of_xml(inline) if inline.name == "inlineXML" else (_of_data(inline), None)
            text, title = found if text is None else text, title or head
            if text:
                return text, title
            text = found if found else text
    return text, title


def _language(item: Element) -> str | None:
    tags = [language.get("tag") for language in item.all("contentMeta", "language")]
    inside = [inline.get("xml:lang") for inline in item.all("contentSet", "inlineXML")]
    return next(filter(None, (*tags, *inside, item.get("xml:lang"))), None)


def _title(item: Element) -> str | None:
    main = [headline for headline in item.all("contentMeta", "headline") if (headline.get("role") or "main").lower().endswith("main")]
    return next(filter(None, (headline.value() for headline in main)), None) or item.value("contentMeta", "headline")


def _kind(item: Element) -> str:
    """Return what an item is that has no text: the code of its class, such as ``picture``."""
    if item.name != "newsItem":
        return item.name
    kind = item.first("itemMeta", "itemClass")
    return ((kind.get("qcode") if kind is not None else None) or "newsItem").rpartition(":")[2]


def _document(item: Element, around: tuple[Element, ...], path: str) -> Document | None:
    """Return the document of an item, None for one without a text. One that is canceled or withheld may have no content."""
    text, title = _content(item) if item.name == "newsItem" else (None, None)
    status = item.first("itemMeta", "pubStatus")
    word = news_status((status.get("qcode") or status.get("uri")) if status is not None else None)
    if text is None and (word not in ("canceled", "withheld") or _kind(item) not in ("text", "newsItem", "composite")):
        return None
    meta = "itemMeta", "contentMeta"
    sender = next((found for element in around for found in [element.value("header", "sender")] if found), None)
    return Document(
        item.get("guid") or "",
        text or "",
        path,
        item.line,
        time=first_time(
            item.value(meta[0], "versionCreated"), item.value(meta[1], "contentModified"), item.value(meta[1], "contentCreated"),
            item.value(meta[0], "firstCreated"),
        ),
        source=_source(item) or sender,
        title=_title(item) or title or item.value(meta[0], "title"),
        language=_language(item),
        version=item.get("version"),
        status=word,
        embargo=first_time(item.value(meta[0], "embargoed")),
        byline=_byline(item),
    )  # fmt: skip


def _record(item: Item, path: str, reading: Reading, left: Counter[str]) -> Record | None:
    if item.error is not None:
        return Record(b"", {}, None, item.error)
    document = _document(item.element, item.around, path)
    if document is None:
        left[_kind(item.element)] += 1
        return None
    if not document.id:
        say(path, f"line {item.element.line}: an item without a guid; an id was made")
    return finished(document, reading)


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a NewsML-G2 file. Items without a text, such as pictures and packages, are left out, which is said.

    A wrong item has its error in it. Raises `InputError` if the rest cannot be read.
    """
    left: Counter[str] = Counter()
    for item in items(stream, path, reading, WANTED):
        record = _record(item, path, reading, left)
        if record is not None:
            yield record
    if left:
        say(path, f"{tally(left, 'item without a text', 'items without a text')} left out")
        yield LEFT_OUT
