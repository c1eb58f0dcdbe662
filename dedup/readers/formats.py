"""Formats: the table of readers, each with its name, its module, and what its files are known by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from .sniffing import Head

if TYPE_CHECKING:
    from .lines import Stream
    from .options import Reading
    from .records import Record

_XML = (".xml",)
_G2 = "newsMessage", "newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"
_JSON = (".json", ".jsonl", ".ndjson")
_HTML = {
    "html",
    "head",
    "body",
    "article",
    "section",
    "main",
    "header",
    "div",
    "p",
    "table",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "span",
    "blockquote",
}
_NINJS_STORY = {"headline", "headlines", "descriptions", "description_text"}
_NINJS_ITEM = {"versioncreated", "firstcreated", "contentcreated", "pubstatus", "standard"}
_MAIL = {"received", "return-path", "message-id", "mime-version", "content-type", "delivered-to", "dkim-signature"}
_ANPA = re.compile(rb"[\s\x00\x16]{0,64}\x01[^\x00\x01\x02]{2,400}\x02")  # a header, after filling
_NEXIS = re.compile(
    r"^[ \t]*(?:\d+ (?:of|de|von|di|van) \d+ (?:DOCUMENT|DOKUMENT)\w*|(?:Document|Dokument|Documento) \d+ (?:of|de|von|di|van) \d+"
    r"|End of Document|Fin du document|Fin del documento|Ende des Dokuments)[ \t]*\r?$",
    re.MULTILINE,
)
_FACTIVA = re.compile(
    r"^[ \t]*(?:AN[ \t]+)?(?:Document|Documento|Dokument)[ \t]+[A-Z][A-Z0-9]{4,15}\d{8}[a-z0-9]{6,16}[ \t]*\r?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class InputFormat:
    """A format that can be read: its name, what it is called in messages, and the module here that reads it.

    ``suffixes`` are the ends of names of such files, ``looks`` tells by the first bytes, None for a format that the name alone tells. A
    module has ``read(stream, path, reading)``, which yields records, each with its document or its error.
    """

    name: str
    label: str
    module: str
    suffixes: tuple[str, ...]
    looks: Callable[[Head], bool] | None = None

    def read(self, stream: Stream, path: str, reading: Reading) -> Iterator[Record]:
        """Yield the records of a stream. Raises `InputError` if the rest of the stream cannot be read."""
        found: Iterator[Record] = import_module(f".{self.module}", __package__).read(stream, path, reading)
        return found


def _root(*names: str) -> Callable[[Head], bool]:
    return lambda head: head.root[0] in names


def holds(*starts: str) -> Callable[[Head], bool]:
    """Return what tells whether a head is that of a ZIP archive with a file whose name begins with one of these."""
    return lambda head: head.begins(b"PK\3\4") and any(name.startswith(starts) for name in head.entries)


def _is_anpa(head: Head) -> bool:
    return bool(_ANPA.match(head.data))


def _is_mhtml(head: Head) -> bool:
    return "content-type" in head.headers and "multipart/related" in head.text[:4000].lower()


def _is_mail(head: Head) -> bool:
    return len(head.headers) > 2 and bool({*head.headers} & _MAIL)


def _is_telegram(head: Head) -> bool:
    first, second = head.keys
    return ("messages" in first and {"name", "type", "id"} <= first) or ("chats" in first and "list" in second)


def _is_elasticsearch(head: Head) -> bool:
    first, second = head.keys
    is_action = len(first) == 1 and bool(first & {"index", "create", "update", "delete"}) and bool(second & {"_index", "_id"})
    return {"_index", "_source"} <= first or ("hits" in first and "hits" in second) or is_action


def _is_ninjs(head: Head) -> bool:
    keys = {key.lower() for key in head.keys[0]}
    has_body = any(key == "bodies" or key.startswith("body_") for key in keys)
    return "uri" in keys and (has_body or (bool(keys & _NINJS_STORY) and bool(keys & _NINJS_ITEM)))


FORMATS: tuple[InputFormat, ...] = (
    InputFormat("pdf", "PDF", "pdf", (".pdf",), lambda head: b"%PDF-" in head.data[:1024]),
    InputFormat("docx", "a Word file", "docx", (".docx",), holds("word/")),
    InputFormat("wacz", "WACZ", "wacz", (".wacz",), holds("archive/", "datapackage.json", "indexes/")),
    InputFormat("parquet", "Parquet", "parquet", (".parquet",), lambda head: head.begins(b"PAR1")),
    InputFormat("arrow", "Arrow", "arrow", (".arrow", ".feather"), lambda head: head.begins(b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")),
    InputFormat("sqlite", "an SQLite database", "sqlite", (".sqlite", ".sqlite3"), lambda head: head.begins(b"SQLite format 3\0")),
    InputFormat("rtf", "RTF", "rtf", (".rtf",), lambda head: head.begins(b"{\\rtf")),
    InputFormat("warc", "WARC", "warc", (".warc", ".wet"), lambda head: head.begins(b"WARC/")),
    InputFormat("anpa", "an ANPA or IPTC 7901 message", "anpa", (".anpa", ".iptc"), _is_anpa),
    InputFormat("newsml-g2", "NewsML-G2", "newsml_g2", _XML, _root(*_G2)),
    InputFormat("newsml", "NewsML 1", "newsml", _XML, _root("NewsML")),
    InputFormat("nitf", "NITF", "nitf", (*_XML, ".nitf"), _root("nitf")),
    InputFormat("rss", "an RSS or Atom feed", "rss", (*_XML, ".rss", ".atom", ".rdf"), _root("rss", "feed", "RDF", "entry")),
    InputFormat("mediawiki", "a MediaWiki dump", "mediawiki", _XML, _root("mediawiki")),
    InputFormat("nsml", "iNEWS NSML", "nsml", (".nsml",), _root("nsml")),
    InputFormat("html", "HTML", "html", (".html", ".htm", ".xhtml"), lambda head: head.root[0].lower() in _HTML),
    InputFormat("mhtml", "MHTML", "mhtml", (".mhtml", ".mht"), _is_mhtml),
    InputFormat("mail", "mail", "mail", (".eml", ".mbox"), _is_mail),
    InputFormat("telegram", "a Telegram export", "telegram", _JSON, _is_telegram),
    InputFormat("elasticsearch", "documents of Elasticsearch", "elasticsearch", _JSON, _is_elasticsearch),
    InputFormat("ninjs", "ninjs", "ninjs", _JSON, _is_ninjs),
    InputFormat("newsapi", "an answer of NewsAPI", "newsapi", _JSON, lambda head: head.keys[0] >= {"status", "articles"}),
    InputFormat("newsplease", "an article of news-please", "newsplease", _JSON, lambda head: head.keys[0] >= {"maintext", "title"}),
    InputFormat("jsonl", "JSON Lines", "jsonl", (".jsonl", ".ndjson"), lambda head: head.has_lines_of_json),
    InputFormat("json", "JSON", "json", _JSON, lambda head: bool(head.json)),
    InputFormat("csv", "CSV", "csv", (".csv", ".tsv")),
    InputFormat("nexis", "a Nexis export", "nexis", (".txt",), lambda head: bool(_NEXIS.search(head.text))),
    InputFormat("factiva", "a Factiva export", "factiva", (".txt",), lambda head: bool(_FACTIVA.search(head.text))),
    InputFormat("text", "text", "text", (".txt", ".text")),
)  # fmt: skip
"""All formats, in the order in which their looks are asked."""


def find_input_format(name: str) -> InputFormat:
    """Return the format of this name. Raises `InputError`.

    >>> find_input_format("csv").suffixes
    ('.csv', '.tsv')
    """
    for each in FORMATS:
        if each.name == name:
            return each
    raise InputError(f"no format {name!r}", hint=f"there are {', '.join(each.name for each in FORMATS)}")


def ending(name: str) -> str:
    """Return the end of a file's name, without ``.gz`` or ``.zst`` behind it.

    >>> ending("NEWS.Jsonl.gz"), ending("news")
    ('.jsonl', '')
    """
    return Path(name.removesuffix(".gz").removesuffix(".zst")).suffix.lower()


def formats_named(name: str) -> tuple[InputFormat, ...]:
    """Return the formats that files with such a name have; none if the name does not tell.

    >>> [each.name for each in formats_named("news.csv.gz")], formats_named("news")
    (['csv'], ())
    """
    suffix = ending(name)
    return tuple(each for each in FORMATS if suffix in each.suffixes)
