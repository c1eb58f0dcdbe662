"""NewsML 1.0 to 1.2: news items with components, whose contents are texts, NITF or XHTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Document
from ..text.markup import plain_text
from .lines import Stream
from .nitf import nitf_text, nitf_title
from .options import Reading
from .records import Record
from .said import say, tally
from .wire_fields import LEFT_OUT, finished, first_time, news_status
from .xml import Wanted, items
from .xml_elements import Element
from .xml_text import element_text, text_of_paragraphs, tidy_lines, xhtml_text

WANTED = Wanted("NewsML 1", ("NewsML",), ("NewsItem",))
# Roles of components that are no text of the story: captions of pictures, and lines that stand in the fields of an item.
_NO_TEXT = {
    "caption",
    "legend",
    "thumbnail",
    "preview",
    "quicklook",
    "highdef",
    "icon",
    "image",
    "picture",
    "photo",
    "video",
    "audio",
    "sound",
    "graphic",
    "logo",
    "title",
    "headline",
    "head",
    "subtitle",
    "keyword",
    "keywords",
    "credit",
    "byline",
    "dateline",
    "copyright",
    "contact",
    "stylesheet",
    "tweettext",
}
_MAIN = {"main", "body", "story", "text", "content"}
_WITH_MAIN = _MAIN | {"lead", "introduction", "intro", "continuation", "supporting", "sidebar"} | {""}  # roles of texts beside a main one
_LANGUAGES = 50  # of the translations in an item; for each one the whole item is looked through
_TITLES = frozenset(("title", "headline", "head"))
_MEDIA = {"photo", "picture", "image", "graphic", "video", "audio", "animation"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text of a component, with its role and its language, and the components around it from the outermost on."""

    text: str
    title: str | None
    role: str
    language: str | None
    around: tuple[Element, ...]


def _name(element: Element, *path: str) -> str | None:
    """Return the ``FormalName`` of the first element at a path that has one."""
    return next((found for each in element.all(*path) if (found := each.get("FormalName"))), None)


def _data_text(content: Element) -> tuple[str | None, str | None]:
    """Return the text and the title of a content item; None for one that holds no text."""
    data = content.first("DataContent")
    if data is None:
        data = next(content.below("DataContent"), None)
    kind = (_name(content, "MediaType") or "").lower()
    if (
        data is None
        or kind in _MEDIA
        or any(
            each.get(
                "Notation",
            )
            for each in content.below("Encoding")
        )
    ):
        return None, None
    for child in data.children:
        if isinstance(child, str):
            continue
        if child.name == "nitf":
            return nitf_text(child), nitf_title(child)
        if child.name in ("html", "xhtml"):
            body = child.first("body")
            return xhtml_text(child if body is None else body), child.value("head", "title")
        text = text_of_paragraphs(data)
        return (element_text(data) if text is None and _is_html(data) else text), None
    return tidy_lines(plain_text(data.content())), None


def _is_html(data: Element) -> bool:
    return all(
        isinstance(child, str) or child.name in ("p", "div", "br", "b", "i", "em", "strong", "span", "a", "pre") for child in data.children
    )


def _pieces(item: Element) -> Iterator[_Piece]:
    """Yield the texts of the components of an item in order; of components or contents that are equivalent the first with a text."""
    stack: list[tuple[Element, tuple[Element, ...], str, str | None]] = [
        (component, (), "", item.get("xml:lang")) for component in reversed([*item.all("NewsComponent")])
    ]
    taken: set[int] = set()  # lists of equivalents of which a text was taken
    while stack:
        component, around, role, language = stack.pop()
        if any((each.get("EquivalentsList") or "").lower() == "yes" and id(each) in taken for each in around):
            continue
        role = (_name(component, "Role") or role).lower()
        language = component.get("xml:lang") or _name(component, "DescriptiveMetadata", "Language") or language
        inside = (*around, component)
        equivalent = (component.get("EquivalentsList") or "").lower() == "yes"
        for content in component.all("ContentItem"):
            text, title = _data_text(content)
            if text is None:
                continue
            yield _Piece(text, title, role, content.get("xml:lang") or language, inside)
            if text and role not in _NO_TEXT:
                taken.update(id(each) for each in inside)
                if equivalent:
                    break
        inner = [child for child in component.children if not isinstance(child, str) and child.name == "NewsComponent"]
        stack.extend((child, inside, role, language) for child in reversed(inner))


def _lines(item: Element, pieces: list[_Piece], name: str) -> str | None:
    """Return a news line of the innermost component around the first text that has it, else of any component of the item."""
    seen: set[int] = set()
    for piece in pieces:
        for component in reversed(piece.around):
            if id(component) not in seen and (found := component.value("NewsLines", name)):
                return found
            seen.add(id(component))
    return next((found for lines in item.below("NewsLines") if (found := lines.value(name))), None)


def _source(item: Element, pieces: list[_Piece], provider: str | None) -> str | None:
    for path in (("Provider", "Party"), ("Source", "Party")):
        for metadata in item.below("AdministrativeMetadata"):
            if found := _name(metadata, *path):
                return found
    return _lines(item, pieces, "CreditLine") or provider


def _byline(item: Element, pieces: list[_Piece]) -> str | None:
    """Return the byline and the credit line, else those who made the item."""
    lines = [_lines(item, pieces, "ByLine") or _lines(item, pieces, "BylineTitle"), _lines(item, pieces, "CreditLine")]
    made = [_name(metadata, "Creator", "Party") for metadata in item.below("AdministrativeMetadata")]
    return ", ".join(dict.fromkeys(filter(None, lines))) or next(filter(None, made), None)


def _id(item: Element) -> tuple[str, str | None]:
    """Return the id of an item, which all its revisions have (NewsML 1.2, 5.5.2), and its provider."""
    identifier = item.first("Identification", "NewsIdentifier")
    if identifier is None:
        return "", None
    provider, name = identifier.value("ProviderId"), identifier.value("NewsItemId")
    if not name:
        public = identifier.value("PublicIdentifier") or ""
        return public if public.count(":") > 3 else "", provider  # urn:newsml:PROVIDER:DATE:ITEM
    return ":".join(filter(None, ("urn:newsml", provider, identifier.value("DateId"), name))), provider


def _embargo(item: Element) -> str | None:
    """Return when a text that is embargoed becomes usable."""
    for change in item.all("NewsManagement", "StatusWillChange"):
        if news_status(_name(change, "FutureStatus")) == "usable":
            return first_time(change.value("DateAndTime"))
    return None


def _by_language(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Return the texts of each language, in order: an item may hold translations."""
    found: dict[str, list[_Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.language or "").lower(), []).append(piece)
    groups = [group for group in found.values() if any(piece.text and piece.role not in _NO_TEXT for piece in group)]
    return groups if 0 < len(groups) <= _LANGUAGES else [pieces]


def _document(item: Element, group: list[_Piece], suffix: str, path: str) -> Document:
    texts = [piece for piece in group if piece.text and piece.role not in _NO_TEXT]
    if any(piece.role in _MAIN for piece in texts):
        texts = [piece for piece in texts if piece.role in _WITH_MAIN]
    name, provider = _id(item)
    titled = [piece.text for piece in group if piece.role in _TITLES and piece.text] + [piece.title for piece in texts if piece.title]
    management = "NewsManagement"
    status = news_status(_name(item, management, "Status"))
    revision = item.first("Identification", "NewsIdentifier", "RevisionId")
    return Document(
        f"{name}{suffix}" if name else "",
        "\n\n".join(piece.text for piece in texts),
        path,
        item.line,
        time=first_time(
            item.value(management, "ThisRevisionCreated"),
            item.value(management, "FirstCreated"),
            item.value("Identification", "NewsIdentifier", "DateId"),
        ),
        source=_source(item, texts, provider),
        title=_lines(item, texts or group, "HeadLine") or (" ".join(titled[0].split()) if titled else None),
        language=next((piece.language for piece in texts if piece.language), None)
        or _name(item, "NewsComponent", "DescriptiveMetadata", "Language")
        or item.get("xml:lang"),
        version=revision.value() if revision is not None else None,
        status=status,
        embargo=_embargo(item) if status == "withheld" else None,
        byline=_byline(item, texts),
    )


def _kind(item: Element) -> str:
    """Return what an item is that has no text: the type of its media, or what stands in place of components."""
    names = [found for content in item.below("ContentItem") if (found := _name(content, "MediaType"))]
    names.sort(key=lambda name: name.lower() == "text")  # of a picture with its caption the picture
    return names[0].lower() if names else next((each.name for each in item.below("NewsItemRef", "TopicSet", "Update", "Catalog")), "other")


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the records of a NewsML 1 file. Items without a text, such as pictures, are left out, which is said.

    A wrong item has its error in it. Raises `InputError` if the rest cannot be read.
    """
    left: Counter[str] = Counter()
    for item in items(stream, path, reading, WANTED):
        if item.error is not None:
            yield Record(b"", {}, None, item.error)
            continue
        pieces = [*_pieces(item.element)]
        status = news_status(_name(item.element, "NewsManagement", "Status"))
        if not any(piece.role not in _NO_TEXT for piece in pieces) and status not in ("canceled", "withheld"):
            left[_kind(item.element)] += 1
            continue
        groups = _by_language(pieces)
        for number, group in enumerate(groups):
            suffix = f":{group[0].language}" if number else ""
            yield finished(_document(item.element, group, suffix, path), reading)
    if left:
        say(path, f"{tally(left, 'item without a text', 'items without a text')} left out")
        yield LEFT_OUT
