"""Feeds: RSS 0.9 to 2.0, Atom, and WXR, the exports of WordPress."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin

from ..model import Document
from ..text.markup import plain_text
from .lines import Stream
from .options import Reading
from .records import Record
from .said import say, tally
from .wire_fields import LEFT_OUT, finished, first_time, news_status, without_source
from .wordpress import NO_TEXT_TYPES, without_shortcodes
from .xml import Wanted, items
from .xml_elements import Element, Item
from .xml_text import html_of, tidy_lines

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_WP = "http://wordpress.org/export/"
_MEDIA = "http://search.yahoo.com/mrss/"
# What the prefixes mean where a feed does not say it.
_PREFIXES = (
    ("content", _CONTENT), ("dc", _DC), ("dcterms", "http://purl.org/dc/terms/"), ("wp", f"{_WP}1.2/"), ("media", _MEDIA),
    ("excerpt", f"{_WP}1.2/excerpt/"), ("atom", "http://www.w3.org/2005/Atom"), ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"), ("feedburner", "http://rssnamespace.org/feedburner/ext/1.0"),
    ("xhtml", "http://www.w3.org/1999/xhtml"),
)  # fmt: skip
_FEEDS = {
    "",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atom/ns#",
}
_SHORT = {uri: prefix for prefix, uri in _PREFIXES} | {uri.rstrip("/").lower(): prefix for prefix, uri in _PREFIXES}
WANTED = Wanted("a feed", ("rss", "RDF", "feed", "entry"), ("item", "entry", "deleted-entry"), prefixes=_PREFIXES, mend=True)
_MAILED = re.compile(r"\S+@\S+(?:\s*\(([^()]*)\))?")  # RSS 2.0: lawyer@boyer.net (Lawyer Boyer)
_BLANK = 4096  # bytes
_CUT = re.compile(
    r"(?:\[\s*(?:\N{HORIZONTAL ELLIPSIS}|\.\.\.)\s*\]|\N{HORIZONTAL ELLIPSIS}|\.\.\.|read more|continue reading[^\n]{0,200}|lire la suite|"
    r"weiterlesen|leer más|devamını oku|devamı|اقرأ المزيد|المزيد|ادامه مطلب|مزید پڑھیں|читать далее)[\s\N{RIGHTWARDS ARROW}»>.)]{0,9}\Z",
    re.IGNORECASE,
)


def _key(element: Element, own: str) -> str:
    """Return the name of an element inside an item, with a prefix that does not depend on the file; none for names of the feed itself."""
    name, space = element.name.lower(), element.namespace
    if space == own or space in _FEEDS:
        return name
    space = space.rstrip("/").lower() if space not in _SHORT else space
    if space.startswith(_WP):
        return f"{'excerpt' if space.rstrip('/').endswith('excerpt') else 'wp'}:{name}"
    return f"{_SHORT.get(space, space)}:{name}".removeprefix("xhtml:")


def _parts(item: Element) -> dict[str, list[Element]]:
    """Return the elements of an item by their names."""
    found: dict[str, list[Element]] = {}
    for child in item.children:
        if not isinstance(child, str):
            found.setdefault(_key(child, item.namespace), []).append(child)
    return found


def _value(parts: dict[str, list[Element]], *names: str) -> str | None:
    """Return the first text that elements of these names have, in the order of the names."""
    return next((found for name in names for element in parts.get(name, ()) if (found := element.value())), None)


def _plain(element: Element, reading: Reading) -> str | None:
    """Return the text of an element of a feed; None if it holds none: a picture, or the address of a text elsewhere."""
    kind = (element.get("type") or "").lower()
    mode = (element.get("mode") or "").lower()  # Atom 0.3
    if element.get("src") or mode == "base64" or (kind and kind not in ("text", "html", "xhtml") and not _is_text(kind)):
        return None
    inside = any(not isinstance(child, str) for child in element.children)
    raw = html_of(element) if inside else element.content()
    if element.namespace == _CONTENT:
        raw = without_shortcodes(raw)
    if reading.text_format == "plain" and not inside:
        return tidy_lines(raw)
    return tidy_lines(plain_text(raw))


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("html", "xml", "+xml", "html+xml"))


def _text(item: Element, parts: dict[str, list[Element]], reading: Reading) -> tuple[str, bool]:
    """Return the text of an item, and whether it is a summary."""
    for name, summary in (
        ("content:encoded", False),
        ("content", False),
        ("body", False),
        ("div", False),
        ("description", True),
        ("summary", True),
    ):
        found = [text for element in parts.get(name, ()) if (text := _plain(element, reading))]
        if found:
            return (found[0] if summary else max(found, key=len)), summary
    for name in ("dc:description", "itunes:summary", "media:description", "excerpt:encoded"):
        for element in parts.get(name, ()):
            if text := _plain(element, reading):
                return text, True
    for element in item.below("description"):  # in a group of media
        if element.namespace == _MEDIA and (text := _plain(element, reading)):
            return text, True
    return "", False


def _title(parts: dict[str, list[Element]], reading: Reading) -> str | None:
    for name in ("title", "dc:title", "media:title", "itunes:title"):
        for element in parts.get(name, ()):
            if title := " ".join((_plain(element, reading) or "").split()):
                return title
    return None


def _link(item: Item, parts: dict[str, list[Element]]) -> str | None:
    """Return the address of an item: that of the page itself, not of the feed's own or of a file."""
    found = _value(parts, "feedburner:origlink")
    links = parts.get("link", []) + parts.get("atom:link", [])
    if not found:
        found = next((link.get("href") for link in links if link.get("href") and (link.get("rel") or "alternate") == "alternate"), None)
    found = found or next((text for link in links if (text := link.value())), None)
    if not found:
        guid = next((each for each in parts.get("guid", ()) if (each.get("isPermaLink") or "true").lower() == "true"), None)
        found = guid.value() if guid is not None else None
        return found if found and found.startswith(("http://", "https://")) else None
    for element in (*parts.get("link", ()), item.element, *reversed(item.around)):
        if base := element.get("xml:base"):
            try:
                found = urljoin(base, found)
            except ValueError:  # an address in brackets that is none
                break
    return found


def _feed_value(item: Item, name: str) -> str | None:
    """Return a text of the feed: of the channel, or of the root."""
    for element in reversed(item.around):
        for holder in (element, *element.all("channel")):
            if found := next(
                (each.value() for each in holder.all(name) if each.namespace in (holder.namespace, _DC, "") and each.value()), None
            ):
                return found
    return None


def _feed_title(item: Item) -> str | None:
    title = _feed_value(item, "title")
    return " ".join(plain_text(title).split()) if title else None


class _Feed:
    """The title and the language of the feed around an item, which are looked up once while nothing is added to it."""

    def __init__(self) -> None:
        self._key: tuple[tuple[int, int], ...] | None = None
        self.title: str | None = None
        self.language: str | None = None

    def look(self, item: Item) -> None:
        """Look them up for an item."""
        key = tuple((id(each), len(each.children)) for each in item.around)
        if key != self._key:
            self._key, self.title, self.language = key, _feed_title(item), _feed_language(item)


def _source(feed: _Feed, parts: dict[str, list[Element]]) -> str | None:
    """Return who published an item: the feed that it was taken from, if it says so, else the feed itself."""
    origin = next(iter(parts.get("source", ())), None)
    named = (
        (origin.value("title") if any(not isinstance(child, str) for child in origin.children) else origin.value())
        if origin is not None
        else None
    )
    return named or feed.title or _value(parts, "dc:publisher")


def _byline(item: Element, parts: dict[str, list[Element]]) -> str | None:
    """Return who wrote an item: in Atom the names of its authors, in RSS a name, which may stand behind an address of mail."""
    named = [each.value("name") for each in item.all("author")]
    creators = [each.value() for each in parts.get("dc:creator", ())]
    found = [each for each in (*named, *creators) if each]
    if not found and (written := _value(parts, "author", "itunes:author", "media:credit")):
        mailed = _MAILED.fullmatch(written)
        found = [mailed[1] or ""] if mailed else [written]
    return ", ".join(filter(None, dict.fromkeys(found))) or None


def _status(parts: dict[str, list[Element]], time: str | None) -> tuple[str | None, str | None]:
    """Return the status of a post of WordPress, and when it will be published."""
    word = _value(parts, "wp:status")
    return news_status(word), time if word == "future" else None


def _document(item: Item, path: str, reading: Reading, told: Counter[str], feed: _Feed) -> Document | None:
    element, parts = item.element, _parts(item.element)
    if element.name == "deleted-entry":  # RFC 6721
        ref = element.get("ref") or ""
        return Document(ref, "", path, element.line, time=first_time(element.get("when")), status="canceled") if ref else None
    text, summary = _text(element, parts, reading)
    title = _title(parts, reading)
    exported = any(name.startswith("wp:") for name in parts)
    if not text and not title and not exported:
        return None
    source = _source(feed, parts)
    headline = without_source(title or "", source)
    if not text and title and not exported:
        text = headline
        told["title"] += 1
        told["source"] += headline != title
    elif headline != title and " ".join(text.split()) in (title, f"{headline} {source}"):
        text = headline
        told["source"] += 1
    told["cut"] += summary and _CUT.search(text[-260:]) is not None
    url = _link(item, parts)
    time = first_time(
        *(
            _value(parts, name)
            for name in ("updated", "pubdate", "atom:updated", "dc:date", "published", "dcterms:modified", "modified", "issued")
        ),
        *(_value(parts, name) for name in ("created", "dcterms:issued", "date", "wp:post_date_gmt", "wp:post_date")),
    )
    status, embargo = _status(parts, time)
    return Document(
        _value(parts, "guid", "id", "atom:id") or element.get("rdf:about") or url or "",
        text,
        path,
        element.line,
        time=time,
        source=source,
        title=title,
        url=url,
        language=element.get("xml:lang") or _value(parts, "dc:language", "language") or feed.language,
        status=status,
        embargo=embargo,
        byline=_byline(element, parts),
    )


def _feed_language(item: Item) -> str | None:
    return next((found for each in reversed(item.around) if (found := each.get("xml:lang"))), None) or _feed_value(item, "language")


def _tell(path: str, told: Counter[str], left: Counter[str], reading: Reading) -> None:
    """Tell what was taken for granted in a feed, and what was left out."""
    if told["cut"]:
        say(path, f"{tally(Counter({'': told['cut']}), 'text is', 'texts are')} cut off by the feed, which has summaries only")
    if told["title"]:
        say(path, f"{tally(Counter({'': told['title']}), 'item has', 'items have')} no text; the title was read as the text")
    if told["source"]:
        say(
            path,
            f"{tally(Counter({'': told['source']}), 'title names', 'titles name')} the source at its end, which is no part of the text",
        )
    if told["id"]:
        made = "a digest of its text" if reading.unnamed == "digest" else "its line"
        say(path, f"{tally(Counter({'': told['id']}), 'item has', 'items have')} no id and no link; the id is {made}")
    if left:
        say(path, f"{tally(left, 'item', 'items')} left out")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a feed. Attachments and menus of WordPress, and items without a text and a title, are left out, which is said.

    Small faults of the file are mended. A wrong item has its error in it. Raises `InputError` if the rest cannot be read.
    """
    told: Counter[str] = Counter()
    left: Counter[str] = Counter()
    feed = _Feed()
    empty = not stream.peek(_BLANK)[:_BLANK].strip()  # a blank file, not a feed without items
    for item in items(stream, path, reading, WANTED):
        told["items"] += 1
        feed.look(item)
        if item.error is not None:
            yield Record(b"", {}, None, item.error)
            continue
        kind = next((each.value() or "" for each in item.element.all("post_type") if each.namespace.startswith(_WP)), "")
        document = None if kind in NO_TEXT_TYPES else _document(item, path, reading, told, feed)
        if document is None:
            left[kind or "empty"] += 1
            continue
        told["id"] += not document.id
        yield finished(document, reading)
    _tell(path, told, left, reading)
    if not told["items"] and not empty:
        say(path, "the feed has no items")
    if left or not (told["items"] or empty):
        yield LEFT_OUT
