"""Small faults of XML on the web are mended before it is parsed.

These are bare ampersands, a bare ``<``, characters that XML does not allow, and a declaration that is not at the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Outside of CDATA and comments: what begins one of them, or what is wrong.
_PLACE = re.compile(
    r"<!\[CDATA\[|<!--"
    r"|&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9._-]{0,40};)"
    r"|&#(?:0{0,4}(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0{0,4}(?:[0-8BbCcEeFf]|1[0-9A-Fa-f]));"
    r"|<(?![A-Za-z_:!/?])"
    r"|(?<=.)<\?xml\s[^<>]{0,200}\?>",
    re.DOTALL,
)
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 64  # characters that a reference, or the beginning of CDATA, may have
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}


def mended(pieces: Iterable[str]) -> Iterator[str]:
    """Yield text without such faults, in pieces. It is read once, from its beginning to its end.

    >>> "".join(mended(["<a>AT&T & 1 < 2 &amp; &eacute;<![CDA", "TA[B&B]]>\\x0b</a>"]))
    '<a>AT&amp;T &amp; 1 &lt; 2 &amp; &eacute;<![CDATA[B&B]]></a>'
    """
    rest, end = "", ""  # what is read with the next piece; what ends the CDATA or comment that is read
    last = False
    queue = iter(pieces)
    while not last:
        piece = next(queue, None)
        last = piece is None
        text, place, parts = rest + _FORBIDDEN.sub("", piece or ""), 0, []
        limit = len(text) if last else max(len(text) - _LONGEST, 0)
        while place < limit:
            if end:
                found = text.find(end, place)
                stop = found + len(end) if found >= 0 else max(limit, place)
                parts.append(text[place:stop])
                place, end = stop, "" if found >= 0 else end
                continue
            match = _PLACE.search(text, place)
            if match is None or match.start() >= limit:
                parts.append(text[place:limit])
                place = limit
                continue
            what = match.group()
            parts.append(text[place : match.start()])
            parts.append(what if what in _ENDS else "&amp;" if what == "&" else "&lt;" if what == "<" else "")
            place, end = match.end(), _ENDS.get(what, "")
        rest = text[place:]
        yield "".join(parts)
