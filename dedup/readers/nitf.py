"""NITF: News Industry Text Format, one story a file."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Document
from .lines import Stream
from .options import Reading
from .records import Record
from .said import say
from .wire_fields import finished, first_time, news_status
from .xml import Wanted, items
from .xml_elements import Element
from .xml_text import element_text

WANTED = Wanted("NITF", ("nitf",), ("nitf",))
# Pictures with their captions and credits. The head has the title, the byline and the dateline, and the end has what is said of the author.
_HIDDEN = {
    "media",
    "media-caption",
    "media-producer",
    "media-metadata",
    "media-reference",
    "media-object",
    "body.head",
    "body.end",
    "head",
    "script",
    "style",
}
_DATELINE = frozenset(("story.date",))


def nitf_text(nitf: Element) -> str:
    """Return the text of the body of NITF, without its head, its end and its media; of a story with a head alone the summary."""
    bodies = [*nitf.all("body", "body.content")] or [*nitf.all("body.content")] or [*nitf.all("body")]
    text = "\n\n".join(filter(None, (element_text(body, _HIDDEN) for body in bodies)))
    if not text:
        text = "\n\n".join(filter(None, (element_text(part) for part in nitf.all("body", "body.head", "abstract"))))
    return text


def nitf_title(nitf: Element) -> str | None:
    """Return the title: the first line of the headline, else the title of the file."""
    return nitf.value("body", "body.head", "hedline", "hl1") or nitf.value("body", "body.head", "hedline") or nitf.value("head", "title")


def _attribute(nitf: Element, path: tuple[str, ...], *names: str) -> str | None:
    """Return the first attribute of these names that an element at a path has."""
    return next((found for element in nitf.all(*path) for name in names if (found := element.get(name))), None)


def _source(nitf: Element) -> str | None:
    data = "head", "docdata"
    return (
        _attribute(nitf, (*data, "doc.copyright"), "holder")
        or nitf.value("body", "body.head", "rights", "rights.owner")
        or nitf.value("body", "body.head", "distributor")
        or _attribute(nitf, (*data, "doc-id"), "regsrc")
        or _attribute(nitf, ("head", "pubdata"), "name")
    )


def nitf_byline(nitf: Element) -> str | None:
    """Return the byline of NITF with who distributes it."""
    head = "body", "body.head"
    named = [nitf.value(*head, "byline") or nitf.value(*head, "bytag"), nitf.value(*head, "distributor")]
    return ", ".join(filter(None, named)) or None


def document_of_nitf(nitf: Element, path: str) -> Document:
    """Return the document of an element of NITF. Its id may be empty."""
    data = "head", "docdata"
    status = news_status(_attribute(nitf, data, "management-status"))
    return Document(
        _attribute(nitf, (*data, "doc-id"), "id-string") or _attribute(nitf, (*data, "du-key"), "key") or "",
        nitf_text(nitf),
        path,
        nitf.line,
        time=first_time(
            _attribute(nitf, (*data, "date.issue"), "norm"),
            _attribute(nitf, (*data, "date.release"), "norm"),
            _attribute(nitf, ("head", "pubdata"), "date.publication"),
            _attribute(nitf, ("body", "body.head", "dateline", "story.date"), "norm"),
        ),
        source=_source(nitf),
        title=nitf_title(nitf),
        language=nitf.get("xml:lang") or nitf.get("baselang") or _attribute(nitf, ("body",), "xml:lang"),
        version=_attribute(nitf, (*data, "du-key"), "version"),
        url=_attribute(nitf, ("head", "pubdata"), "ex-ref"),
        status=status,
        embargo=first_time(_attribute(nitf, (*data, "date.release"), "norm")) if status == "withheld" else None,
        byline=nitf_byline(nitf),
    )


def read(stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
    """Yield the record of an NITF file. Raises `InputError`."""
    for item in items(stream, path, reading, WANTED):
        if item.error is not None:
            yield Record(b"", {}, None, item.error)
            continue
        document = document_of_nitf(item.element, path)
        if not document.id:
            say(
                path,
                "no <doc-id>: the id was made from the file and the line"
                if reading.unnamed == "line"
                else "no <doc-id>: the id is a digest",
            )
        if not document.text:
            say(path, "the story has no text")
        yield finished(document, reading)
