"""The beginning of a file, looked at: what its first bytes say that it is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property

from ..text.late import late

SNIFFED = 1 << 16  # bytes at the start of a file that are looked at
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What may stand before the root of XML: white space, declarations, comments, and a document type with or without declarations inside.
_PROLOG = late(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = late(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)((?:\s[^<>]*)?)/?>")
_NAMESPACE = late(r"""\sxmlns(?::[\w.-]+)?\s*=\s*["']([^"']*)["']""")
_JSON = late(r"""(?P<string>"(?:[^"\\]|\\.)*")(?P<colon>\s*:)?|(?P<open>[\[{])|(?P<close>[\]}])""", re.DOTALL)
_OBJECT = late(r"""\{\s*(?:"(?:[^"\\]|\\.){0,999}"\s*:|\}|$)""", re.DOTALL)
_ARRAY = late(r"""\[\s*(?:\{\s*(?:"|\}|$)|\]\s*$|$)""")
_ENVELOPE = late(r"From \S+ .*\b\d{4}\b")
_HEADER = late(r"([A-Za-z][A-Za-z0-9-]*):(?:[ \t]|$)")
_ENTRY = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)


@dataclass(frozen=True)
class Head:
    """The first bytes of a file, at most `SNIFFED`, and what stands in them.

    >>> Head(b'<?xml version="1.0"?><!-- A feed --><feed xmlns="http://www.w3.org/2005/Atom">').root
    ('feed', frozenset({'http://www.w3.org/2005/Atom'}))
    >>> Head(b'{"id": 1}').has_lines_of_json, Head(b'{"id": 1,\\n"text": ""}').has_lines_of_json
    (True, False)
    >>> [sorted(each) for each in Head(b'[{"id": 1, "body": [{"value": "x').keys]
    [['body', 'id'], ['value']]
    >>> Head(b"From x@y Mon Jun  1 04:28:28 2009\\nSubject: Rain\\n it rains\\nDate: today\\n\\nTo: all").headers
    ('subject', 'date')
    """

    data: bytes

    @cached_property
    def text(self) -> str:
        """The characters, in the encoding that a byte order mark names, else UTF-8; wrong bytes are left out."""
        encoding = next((name for bom, name in _BOMS if self.data.startswith(bom)), "utf-8")
        return self.data.decode(encoding, "ignore").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")

    @cached_property
    def root(self) -> tuple[str, frozenset[str]]:
        """The name of the root element of XML or HTML, and the namespaces it declares; empty if the text does not begin with markup."""
        place = 0
        while match := _PROLOG.match(self.text, place):
            place = match.end()
        found = _ROOT.match(self.text, place)
        return (found[1], frozenset(_NAMESPACE.findall(found[2]))) if found else ("", frozenset())

    @cached_property
    def json(self) -> str:
        """``{`` or ``[`` where the text begins as an object of JSON, or as a list of objects; else empty."""
        text = self.text.lstrip()
        return text[0] if _OBJECT.match(text) or _ARRAY.match(text) else ""

    @cached_property
    def has_lines_of_json(self) -> bool:
        """True if the text begins with an object of JSON that does not go on in the next line."""
        first, end, _ = self.text.lstrip().partition("\n")
        return self.json == "{" and not (end and first.rstrip().endswith(("{", "[", ",")))

    @cached_property
    def keys(self) -> tuple[frozenset[str], frozenset[str]]:
        """The keys of the first object of JSON, and those of the objects in it, as far as they stand in these bytes."""
        found: tuple[set[str], set[str]] = (set(), set())
        open_brackets: list[str] = []
        for match in _JSON.finditer(self.text) if self.json else ():
            depth = open_brackets.count("{")
            if match["open"]:
                open_brackets.append(match["open"])
            elif match["close"]:
                if open_brackets:
                    open_brackets.pop()
                if "{" not in open_brackets:
                    break
            elif match["colon"] and 1 <= depth <= 2:
                found[depth - 1].add(match["string"][1:-1])
        return frozenset(found[0]), frozenset(found[1])

    @cached_property
    def entries(self) -> frozenset[str]:
        """The names of the files in a ZIP archive, as far as they stand in these bytes."""
        names = set()
        for match in _ENTRY.finditer(self.data):
            start = match.end()
            names.add(self.data[start : start + int.from_bytes(match[1], "little")].decode("utf-8", "replace"))
        return frozenset(names)

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The names of the header fields with which a mail begins, in lower case, after a line ``From `` of a mailbox; else empty."""
        lines = self.text.split("\n")
        first = 1 if _ENVELOPE.match(lines[0]) else 0
        found: list[str] = []
        for line in lines[first:]:
            match = _HEADER.match(line)
            if match:
                found.append(match[1].lower())
            elif not found or not line.startswith((" ", "\t")):
                return tuple(found) if not line.strip() else ()
        return tuple(found)

    def begins(self, *starts: bytes) -> bool:
        """Tell whether the bytes begin with one of these."""
        return self.data.startswith(starts)
