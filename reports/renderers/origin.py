"""How a text is named and where it comes from, for every renderer: names of bounded length, addresses that are safe to follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from dedup.text.datelines import date_at_start

from ..language.invisible import INVISIBLE, spelled_out
from ..model import Version

LONGEST_NAME = 300  # characters of a title or a heading that are shown
_LONGEST_FIELD = 120  # of a source or a time
_LONGEST_LINK = 2000
_LONGEST_HEADLINE, _SHORTEST_HEADLINE = 120, 3  # characters, and words, of a first line that is a headline
_SENTENCE_ENDS = (".", ",", ":", ";", "\N{ARABIC COMMA}", "\N{ARABIC SEMICOLON}", "\N{ARABIC FULL STOP}", "\N{FULLWIDTH COLON}")
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)


def cut(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text, or the beginning of it where it has more than so many characters.

    >>> cut("Rain in the north", 8), cut("Rain", 8)
    ('Rain in…', 'Rain')
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def web_address(url: str) -> str | None:
    """Return an address that a page may link to: one of the web, with a host, without a user, white space, markup or hidden characters.

    >>> web_address("https://marsa.example/1?a=b"), web_address("javascript:alert(1)"), web_address("https://bank.example@evil.example/")
    ('https://marsa.example/1?a=b', None, None)
    """
    if len(url) > _LONGEST_LINK or not _WEB.fullmatch(url) or INVISIBLE.search(url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.hostname and "@" not in parts.netloc else None
    except ValueError:
        return None


def host_of(url: str) -> str:
    """Return the host of an address.

    >>> host_of("https://www.marsa.example:8080/1")
    'www.marsa.example'
    """
    return urlsplit(url).hostname or url


def headline(version: Version) -> str | None:
    """Return the headline of a text: its title, else its first line where that stands alone, is short and ends no sentence; else None.

    >>> headline(Version("1", "Bridge falls in Marsa\\nTwo people died.")), headline(Version("1", "Two people died.\\nRain fell."))
    ('Bridge falls in Marsa', None)
    """
    if version.title:
        return version.title
    first, _, rest = version.text.strip().partition("\n")
    first = first.strip()
    alone = bool(rest.strip()) and len(first) <= _LONGEST_HEADLINE and len(first.split()) >= _SHORTEST_HEADLINE
    return first if alone and not first.endswith(_SENTENCE_ENDS) and date_at_start(version.text) is None else None


def one_line(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text in one line of at most so many characters, with hidden characters spelled out.

    >>> one_line("a\\n b\\u202e")
    'a b<U+202E>'
    """
    return cut(spelled_out(" ".join(cut(text, most).split())), most)


def origin(version: Version, *, titled: bool = True) -> Iterator[str]:
    """Yield what is known of a text beside its id, each in one line: its title, its source, its time, its address.

    >>> list(origin(Version("1", "", title="Rain", source="Marsa Courier")))
    ['Rain', 'Marsa Courier']
    """
    if titled and version.title:
        yield one_line(version.title)
    for text in (version.source, version.time):
        if text:
            yield one_line(text, _LONGEST_FIELD)
    if version.url:
        yield one_line(version.url)
