"""Metadata of a page: what its head says of title, source, time, address and language, in the dialects that publishers use.

Sources: Open Graph and its ``article:`` properties, schema.org as JSON-LD and as microdata, Dublin Core, ``<time>`` and ``rel=canonical``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..text.dates import iso_time
from ..text.html_tokens import Token, attributes_of, decode_references
from .bylines import names_in

_DATES = """
article:published_time article:published datepublished og:article:published_time article.published pubdate publishdate publish-date
publication_date parsely-pub-date sailthru.date dc.date.issued dcterms.issued dc.date dcterms.date date ptime cxenseparse:recs:publishtime
"""
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "headline", "dc.title", "parsely-title", "sailthru.title"),
    "source": ("og:site_name", "publisher", "dc.publisher", "application-name", "article:publisher_name"),
    "byline": ("author", "article:author", "article:author_name", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author"),
    "time": tuple(_DATES.split()),
    "url": ("og:url", "twitter:url"),
    "language": ("og:locale", "language", "dc.language", "content-language", "inlanguage"),
}
_RANK = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names)}
_JSON_LD = re.compile(r"""<script\s[^>]{0,200}?type\s*=\s*["']?application/ld\+json[^>]{0,200}>""", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_LONGEST_JSON, _MOST_JSON, _MOST_OBJECTS = 1 << 20, 20, 2000
_ARTICLE = re.compile(r"Article|Posting|Report", re.IGNORECASE)
_LONGEST = 2000  # characters of a value
_ABSOLUTE = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


class PageMetadata:
    """What a page says of itself. `noting` collects it from the tokens as they pass."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, str]] = {}
        self._canonical: str | None = None
        self._lang: str | None = None
        self._times: list[str] = []
        self._titles: dict[str, str] = {}
        self._json: dict[str, str] = {}

    def noting(self, found: Iterable[Token]) -> Iterator[Token]:
        """Yield the tokens of a page, and note what they say."""
        inside = ""
        for token in found:
            name, value = token
            if not name:
                if inside:
                    self._titles[inside] = f"{self._titles.get(inside, '')}{value}"[:_LONGEST]
            elif name in ("title", "h1"):
                inside = name if name not in self._titles else ""
            elif name in ("/title", "/h1"):
                inside = ""
            elif name in ("meta", "link", "html", "time") and value:
                self._note(name, attributes_of(value))
            yield token

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "html":
            self._lang = self._lang or attributes.get("lang") or attributes.get("xml:lang")
        elif tag == "link":
            if attributes.get("rel", "").lower() == "canonical":
                self._canonical = self._canonical or attributes.get("href")
        elif tag == "time":
            published = "pubdate" in attributes or attributes.get("itemprop", "").lower() == "datepublished"
            if when := iso_time(attributes.get("datetime", "")):
                self._times.insert(0 if published else len(self._times), when)
        elif content := attributes.get("content", "").strip()[:_LONGEST]:
            key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or attributes.get("http-equiv") or ""
            field, rank = _RANK.get(key.lower(), ("", 0))
            content = (iso_time(content) or "") if field == "time" else content
            if field and content and rank < self._found.get(field, (len(_RANK), ""))[0]:
                self._found[field] = rank, content

    def read_json(self, html: str) -> None:
        """Note what the JSON-LD of a page says of its article."""
        at = 0
        for _ in range(_MOST_JSON):
            start = _JSON_LD.search(html, at)
            end = _SCRIPT_END.search(html, start.end()) if start else None
            if start is None or end is None:
                return
            at = end.end()
            if end.start() - start.end() <= _LONGEST_JSON:
                self._read_object(html[start.end() : end.start()])

    def _read_object(self, written: str) -> None:
        try:
            waiting: list[Any] = [json.loads(written.strip().removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)]
        except (ValueError, RecursionError):
            return
        seen = 0
        while waiting and seen < _MOST_OBJECTS:
            value = waiting.pop()
            seen += 1
            if isinstance(value, list):
                waiting += reversed(value)
            elif isinstance(value, dict):
                if _ARTICLE.search(str(value.get("@type", ""))[:_LONGEST]):
                    self._note_article(value)
                waiting += [value[key] for key in ("mainEntity", "@graph") if key in value]

    def _note_article(self, article: dict[str, Any]) -> None:
        publisher = article.get("publisher")
        publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
        values = {
            "title": article.get("headline"),
            "source": publisher.get("name") if isinstance(publisher, dict) else publisher,
            "byline": names_in(article.get("author")),
            "time": iso_time(str(article.get("datePublished", ""))[:100]),
            "url": article.get("url"),
            "language": article.get("inLanguage"),
        }
        for field, value in values.items():
            if isinstance(value, str) and value.strip():
                self._json.setdefault(field, value.strip()[:_LONGEST])

    @property
    def heading(self) -> str | None:
        """The text of the first heading of the first order."""
        return _line(self._titles.get("h1"))

    def fields(self, url: str | None = None) -> dict[str, str | None]:
        """Return the title, the source, the byline, the time, the address and the language of the page, None for what it does not say.

        ``url`` is the address that it was fetched from, for a page that does not say its own.
        """
        own = {field: value for field, (_, value) in self._found.items()}
        first = {field: own.get(field) or self._json.get(field) for field in _NAMES}
        addresses = [_line(each) or "" for each in (self._canonical, first["url"], url)]
        language = (self._lang or first["language"] or "").strip().replace("_", "-").split(",")[0]
        return {
            "title": _line(first["title"]) or self.heading or _line(self._titles.get("title")),
            "source": _line(first["source"]),
            "byline": next((each for name in (own, self._json) if (each := _writer(name.get("byline")))), None),
            "time": first["time"] or next(iter(self._times), None),
            "url": next((each for each in addresses if _ABSOLUTE.fullmatch(each)), url),
            "language": language if 2 <= len(language) <= 35 else None,
        }


def _writer(text: str | None) -> str | None:
    """Return a byline on one line; None for the address of an author's page."""
    line = _line(text)
    return None if line and _ABSOLUTE.match(line) else line


def _line(text: str | None) -> str | None:
    """Return a text on one line, with its character references; None if it is empty."""
    return (" ".join(decode_references(text).split()) or None) if text else None
