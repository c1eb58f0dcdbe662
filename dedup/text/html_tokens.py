"""Tokens of HTML: tags and the text between them, in linear time whatever comes. Nothing is refused: what is no tag is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5, name2codepoint

Token = tuple[str, str]
"""A text is ``("", text)``, a tag ``("p", attributes)`` or ``("/p", "")``. Names are in lower case; the attributes are as written."""

_SHORT = "a b i p q s u"
_NAMES = """
abbr acronym address applet area article aside audio base basefont bdi bdo big blink blockquote body br button canvas
caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption
figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe image img input ins kbd label
legend li link main map mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option
output param picture plaintext portal pre progress rb rp rt rtc ruby samp script search section select slot small source
span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt ul
var video wbr xmp
"""
NAMES = frozenset(f"{_SHORT} {_NAMES}".split())
"""The elements of HTML, old ones too."""
_RAW_NAMES = "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"
_RAW = {name: re.compile(f"</{name}(?=[\\s/>])[^>]*>?", re.IGNORECASE) for name in _RAW_NAMES}
_START = re.compile(r"<(?=[a-zA-Z/!?])|\]\]>")
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,40}+(?:[:-][a-zA-Z0-9:-]{1,40}+)?)(?=[\s/>])")
# Quotes count only behind an equals sign, as in browsers. A tag also ends before the next "<" outside of quotes, if it is broken.
_ATTRIBUTES = re.compile(r"""(?:[^"'<>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|[="'])*+""")
_LOOKS_LIKE_ATTRIBUTES = re.compile(r"""\s+[\w:@.-]{1,80}\s*=|\s*/?$""")
_CUT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)?$")
_LONGEST_NAME = 14  # characters of "</blockquote", and some
_SPARE = 1 << 16
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++))""")

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}(?![0-9])|#[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F])|[a-zA-Z][a-zA-Z0-9]{1,31}(?=;));?")
_TWICE = re.compile(f"&amp;(?=#[0-9]{{2,7}};|#[xX][0-9a-fA-F]{{2,6}};|(?:{'|'.join(sorted(name2codepoint))});)")
_MARKUP = re.compile(
    f"<(?=[a-zA-Z/!?])(?:/(?:{'|'.join(sorted(NAMES))})\\s*>|(?:{'|'.join(_SHORT.split())})(?:\\s*/?>|\\s+[\\w:-]{{1,40}}\\s*=[^<>]*>)"
    f"|(?:{'|'.join(sorted(_NAMES.split()))})(?:/?>|\\s[^<>]*>)|!--|!\\[CDATA\\[|!doctype\\s|\\?xml\\s)",
    re.IGNORECASE,
)


def has_markup(text: str) -> bool:
    """Tell whether a text has tags, comments or CDATA of HTML, or character references.

    >>> [has_markup(text) for text in ("<p>Rain.", "Rain&nbsp;today", "a < b", "AT&T", "x <y@z.org>", "I <3 R&D;")]
    [True, True, False, False, False, False]
    """
    if "<" in text and _MARKUP.search(text):
        return True
    return "&" in text and any(_is_reference(found[0]) for found in _REFERENCE.finditer(text))


def has_tags(text: str) -> bool:
    """Tell whether a text has tags, comments or CDATA of HTML."""
    return "<" in text and _MARKUP.search(text) is not None


def _is_reference(found: str) -> bool:
    return found.endswith(";") and (found[1] == "#" or found[1:] in html5)


def _character(found: re.Match[str]) -> str:
    reference = found[0]
    if reference[1] != "#" and reference[1:] not in html5:
        return reference
    character = unescape(reference)  # no more than seven digits: Python refuses to read thousands
    return " " if character == "\N{NO-BREAK SPACE}" else character


def decode_references(text: str) -> str:
    """Return a text with the characters that its references name. A no-break space becomes a space; what is encoded twice is decoded twice.

    >>> decode_references("Smith &amp; Sons&nbsp;&#1602;&#x642; AT&T &amp;quot;R&D;&amp;quot;")
    'Smith & Sons قق AT&T "R&D;"'
    """
    if "&" not in text:
        return text
    if "&amp;" in text:
        text = _TWICE.sub("&", text)
    return _REFERENCE.sub(_character, text)


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes of a tag that have values, with names in lower case. The first of two counts.

    >>> attributes_of(' class="a&amp;b" hidden ID=x')
    {'class': 'a&b', 'id': 'x'}
    """
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), decode_references(value))
    return found


def tokens(html: str) -> Iterator[Token]:
    """Yield the tags and the texts of HTML in order. Comments are left out, and scripts and the like without their content.

    The title is a text between two tags. Texts have their character references.

    >>> [*tokens("<P class=a>1 < 2<br/><script>x</script><!-- c --></p>")]
    [('p', ' class=a'), ('', '1 < 2'), ('br', '/'), ('script', ''), ('/script', ''), ('/p', '')]
    """
    at = shown = wasted = 0  # `shown`: what is before was yielded or left out
    ends = _Ends(html)
    while found := _START.search(html, at):
        place = found.start()
        end, token = _markup(html, place, ends, wasted > len(html) + _SPARE)
        if end < 0:  # a text that only looks like a tag; `-end` characters were looked at in vain
            wasted += -end
            at = place + 1
            if place > shown:
                yield "", html[shown:place]
                shown = place
            continue
        if place > shown:
            yield "", html[shown:place]
        at = shown = end
        if token is not None:
            yield token
            name = token[0]
            if name in _RAW:
                close = ends.of_raw(name, end)
                inside, at = (len(html), len(html)) if close is None else close.span()
                shown = at
                if name in ("title", "textarea") and inside > end:
                    yield "", html[end:inside]
                yield f"/{name}", ""
    if shown < len(html):
        yield "", _without_cut_tag(html[shown:])


def _without_cut_tag(text: str) -> str:
    """Return a text without the beginning of a tag at its end, where the HTML was cut off."""
    found = _CUT.search(text, max(len(text) - _LONGEST_NAME, 0))
    is_name = found is not None and (not found[2] or any(name.startswith(found[2].lower()) for name in NAMES))
    return text[: found.start()] if found is not None and is_name and (found[1] or found[2]) else text


class _Ends:
    """Where something ends; what was not found once is not looked for again, so that looking takes linear time."""

    def __init__(self, html: str):
        self._html, self._gone = html, set[str]()

    def of(self, mark: str, at: int) -> int:
        place = -1 if mark in self._gone else self._html.find(mark, at)
        if place < 0:
            self._gone.add(mark)
        return place

    def of_raw(self, name: str, at: int) -> re.Match[str] | None:
        found = None if name in self._gone else _RAW[name].search(self._html, at)
        if found is None:
            self._gone.add(name)
        return found


def _markup(html: str, at: int, ends: _Ends, simple: bool) -> tuple[int, Token | None]:
    """Return the end of the markup at a place and its token, if it has one; for text the negative number of characters looked at."""
    kind = html[at + 1]
    if kind == "]":
        return at + 3, None  # the end of CDATA
    if kind in "!?":
        if html.startswith("<!--", at):
            end = ends.of("-->", at + 2)
            return (end + 3, None) if end >= 0 else _until(ends.of(">", at))
        if html.startswith("<![CDATA[", at):
            return at + 9, None  # its content is read on
        return _until(ends.of(">", at))
    name = _NAME.match(html, at)
    if not name:
        return -1, None
    lower = name[2].lower()
    if lower not in NAMES and ":" not in lower and "-" not in lower:
        return -1, None
    if simple:
        end = ends.of(">", at)
        if end < 0 or end - at > _SPARE:
            return -1, None
    else:
        end = _ATTRIBUTES.match(html, name.end()).end()  # type: ignore[union-attr]  # it also matches nothing
    written = html[name.end() : end]
    closed = end < len(html) and html[end] == ">"
    single = len(lower) == 1 and not name[1]
    if (single or not closed) and not _LOOKS_LIKE_ATTRIBUTES.match(written):
        return -max(end - at, 1), None
    if not closed and "=" not in written:
        return -max(end - at, 1), None
    return end + closed, (f"/{lower}", "") if name[1] else (lower, written)


def _until(end: int) -> tuple[int, Token | None]:
    return (end + 1, None) if end >= 0 else (-1, None)
