"""Addresses of the desk: of stories, whatever their names have in them, and the way back to a page of this server."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from ..problems import Problem

# What a part of a path cannot have, or what servers and browsers make something else of, is written as a tilde and hexadecimal digits.
_UNFIT = re.compile(r"[~%/\\\x00-\x1f\x7f]|^\.{1,2}$")
_WRITTEN = re.compile("~([0-9A-F]{2})")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_LONGEST = 4000  # characters of an address


def story_path(name: str, *more: str, **parameters: str) -> str:
    """Return the address of a story, or of what is below it.

    >>> story_path("c1f"), story_path("a/b", "compare", a="1", b="2")
    ('/stories/c1f', '/stories/a~2Fb/compare?a=1&b=2')
    """
    path = "/".join(("/stories", *(quote(_fit(part), safe="") for part in (name, *more))))
    return f"{path}?{urlencode(parameters)}" if parameters else path


def name_in_path(part: str) -> str:
    """Return the name of a story from the part of a path that `story_path` makes of it.

    >>> name_in_path("a~2Fb"), name_in_path("c1f")
    ('a/b', 'c1f')
    """
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), part)


def _fit(part: str) -> str:
    return _UNFIT.sub(lambda found: "".join(f"~{ord(char):02X}" for char in found[0]), part)


def way_back(address: str) -> str:
    """Return an address of a form, as it is where it leads to a page of this server. Raises `Problem`.

    >>> way_back("/doubts?after=1")
    '/doubts?after=1'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = None
    leads_away = parts is None or parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//")
    if leads_away or _FORBIDDEN.search(address) or len(address) > _LONGEST:
        raise Problem(422, "this leads to no page of this server", where="back", hint="give a path, such as /doubts")
    return address


def with_parameters(address: str, **parameters: str) -> str:
    """Return an address of this server with more parameters, before what is behind its ``#``.

    >>> with_parameters("/doubts?after=1#top", said="same")
    '/doubts?after=1&said=same#top'
    """
    page, mark, place = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{urlencode(parameters)}{mark}{place}"
