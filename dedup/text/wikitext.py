"""Wikitext: the markup of MediaWiki becomes plain text, in a simple way that takes linear time.

Templates, tables, references, comments, files and categories are left out; headings and items of lists become lines. What templates would
show is not known: https://www.mediawiki.org/wiki/Help:Formatting has the markup.
"""

from __future__ import annotations

import re
from html import unescape

_REDIRECT = re.compile(
    r"\s*#(?:REDIRECT|REDIRECTION|WEITERLEITUNG|تحويل|تغییر[_ ]?مسیر|رجوع مکرر|YÖNLENDİRME|YÖNLENDIRME|ПЕРЕНАПРАВЛЕНИЕ)\s*:?\s*\[\[",
    re.I,
)
_REST = re.compile(
    r"<!--|-->|<(?:ref|math|gallery|timeline|score|syntaxhighlight|source|imagemap|templatedata|graph|mapframe|maplink)\b[^<>]{0,500}>"
    r"|</(?:ref|math|gallery|timeline|score|syntaxhighlight|source|imagemap|templatedata|graph|mapframe|maplink)\s{0,9}>",
    re.IGNORECASE,
)
_NESTED = re.compile(r"\{\{|\}\}|^[ \t:]{0,9}\{\||^[ \t]{0,9}\|\}|\[\[|\]\]", re.MULTILINE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
_EXTERNAL = re.compile(r"\[(?:https?:|ftp:|mailto:|news:)?//[^\s\[\]]{1,2000}(?:[ \t]([^\]\n]{0,2000}))?\]")
_QUOTES = re.compile("'{2,5}")
_MAGIC = re.compile(r"__[A-Z]{3,30}__")
_HEADING = re.compile(r"^={1,6}[ \t]{0,9}([^\n=][^\n]{0,500}?)[ \t]{0,9}={1,6}[ \t]{0,9}$", re.MULTILINE)
_ITEM = re.compile(r"^[*#:;]{1,20}[ \t]{0,9}", re.MULTILINE)
_RULE = re.compile(r"^-{4,100}", re.MULTILINE)
_EMPTY = re.compile(r" ?\([\s;,،؛:/]{0,9}\)")  # where a template was
_NAME = re.compile("[a-z]+")
_PARTNERS = {"}}": "{{", "|}": "{|", "]]": "[["}
# Links that show nothing in the text, in the languages of large wikis: files and categories.
_NO_LINK = re.compile(
    r"\s{0,9}(?:file|image|category|media|fichier|catégorie|datei|bild|kategorie|archivo|categoría|categoria|immagine|"
    r"ملف|صورة|تصنيف|پرونده|رده|تصویر|زمرہ|فائل|dosya|resim|kategori|файл|категория|изображение|[a-z]{2,3}|[a-z]{2,3}-[a-z]{2,8}|simple)\s{0,9}:",
    re.IGNORECASE,
)


def plain_wikitext(text: str) -> str | None:
    """Return the text of wikitext, with a blank line between paragraphs; None for a redirect.

    >>> print(plain_wikitext("'''Rain'''{{fact}} fell on [[Homs|the city]].<ref>A</ref>\\n== Then ==\\n* one\\n{|\\n|x\\n|}"))
    Rain fell on the city.
    <BLANKLINE>
    Then
    <BLANKLINE>
    one
    >>> plain_wikitext("#REDIRECT [[Homs]]") is None
    True
    """
    if _REDIRECT.match(text):
        return None
    text = _without_nested(_without_regions(text))
    text = _EXTERNAL.sub(lambda match: match[1] or "", text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _MAGIC.sub("", _QUOTES.sub("", text))
    text = _RULE.sub("", _HEADING.sub(r"\n\1\n", text))
    text = _EMPTY.sub("", text)
    text = unescape(_ITEM.sub("", text))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _without_regions(text: str) -> str:
    """Return the text without comments and without elements whose contents are no text. What has no end only loses its tag."""
    parts: list[str] = []
    place = 0
    missing: set[str] = set()  # ends that do not come any more
    while (match := _REST.search(text, place)) is not None:
        parts.append(text[place : match.start()])
        place = match.end()
        tag = match.group().lower()
        if tag.startswith("</") or tag == "-->" or tag.endswith("/>"):
            continue
        end = r"-->" if tag == "<!--" else rf"</{_NAME.match(tag, 1).group()}[^<>]{{0,9}}>"  # type: ignore[union-attr]
        stop = None if end in missing else re.compile(end, re.IGNORECASE).search(text, place)
        if stop is None:
            missing.add(end)
        else:
            place = stop.end()
    parts.append(text[place:])
    return "".join(parts)


def _pairs(marks: list[str]) -> set[int]:
    """Return the places of those brackets that have a partner, in a list of brackets. What is open inside a pair has none."""
    paired: set[int] = set()
    stack: list[int] = []
    opened = dict.fromkeys(_PARTNERS.values(), 0)
    for place, mark in enumerate(marks):
        if mark in opened:
            stack.append(place)
            opened[mark] += 1
        elif opened[_PARTNERS[mark]]:
            while True:
                last = stack.pop()
                opened[marks[last]] -= 1
                if marks[last] == _PARTNERS[mark]:
                    paired.update((last, place))
                    break
    return paired


def _without_nested(text: str) -> str:
    """Return the text without templates and tables, and with links as they are shown. Brackets without a partner are left out."""
    found = [*_NESTED.finditer(text)]
    marks = [match.group().strip(" \t:") for match in found]
    paired = _pairs(marks)
    parts: list[list[str]] = [[]]  # of the text, and of each link that is open
    hidden = place = 0  # templates and tables that are open
    for number, (match, mark) in enumerate(zip(found, marks, strict=True)):
        if not hidden:
            parts[-1].append(text[place : match.start()])
        place = match.end()
        if number not in paired:
            continue
        if mark in ("{{", "{|"):
            hidden += 1
        elif mark in ("}}", "|}"):
            hidden -= 1
        elif not hidden and mark == "[[":
            parts.append([])
        elif not hidden:
            inside = "".join(parts.pop())
            parts[-1].append(_link(inside))
    parts[-1].append(text[place:])
    return "".join(piece for part in parts for piece in part)


def _link(inside: str) -> str:
    """Return what a link shows: its words, or its target without the place on the page."""
    if _NO_LINK.match(inside):
        return ""
    target, bar, words = inside.partition("|")
    return words.rpartition("|")[2] if bar and words else target.lstrip(":").partition("#")[0] or target
