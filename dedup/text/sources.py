"""Sources: agencies, papers and broadcasters with their usual names and their spellings: ``data/sources.json``, and lists of users."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from ..errors import InputError
from .fold import fold
from .package_data import package_json

SourceKind = Literal["agency", "outlet"]
"""A news agency; a paper, broadcaster or site."""
_KINDS: dict[str, SourceKind] = {"agencies": "agency", "outlets": "outlet"}
_MARK = "~"  # before a spelling that is the source only where one is named
_FORM = 'write it like {"agencies": {"afp": ["AFP", "فرانس برس"]}, "outlets": {"okaz": ["عكاظ"]}}'
_LATIN = re.compile(r"[a-z0-9 ]+")
_ACRONYM = 4  # letters, at most
_SITE = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)(?:/\S*)?", re.IGNORECASE)
_WITHOUT_HAMZA = str.maketrans("أإآ", "ااا")
_MOST_SPELLINGS = 100_000


@dataclass(frozen=True, slots=True)
class NewsSource:
    """A source by one of its spellings. ``marked``: these words are a source only where one is named; ``capitals``: an acronym."""

    name: str
    kind: SourceKind
    marked: bool
    capitals: bool


@dataclass(frozen=True, slots=True, eq=False)
class NewsSources:
    """All spellings, folded, each with its source."""

    by_words: Mapping[str, NewsSource]
    first: Mapping[str, int]
    """The first words of the spellings, each with the words of the longest spelling that it begins."""

    told: frozenset[str]
    """The first words of names as they are written where something is told to them: لرويترز, l'AFP."""

    @property
    def longest(self) -> int:
        """Words of the longest spelling."""
        return max(self.first.values())

    def named(self, words: str) -> NewsSource | None:
        """Return the source that folded words are in full, None for others; an article may stand before them.

        >>> known_sources().named("وكاله الانباء السعوديه").name, known_sources().named("the associated press").name
        ('spa', 'ap')
        """
        found = self.by_words.get(words)
        return self.by_words.get(words.removeprefix("the ").removeprefix("la ")) if found is None else found


def plain_words(text: str) -> str:
    """Return the folded words of a text with one space between them.

    >>> plain_words("(أ.ف.ب)"), plain_words("Agence France-Presse")
    ('ا ف ب', 'agence france presse')
    """
    return " ".join(fold(text).split())


def _entries(found: Mapping[str, Any]) -> Iterator[tuple[str, NewsSource]]:
    for group, kind in _KINDS.items():
        for name, spellings in found.get(group, {}).items():
            for spelling in spellings:
                words = plain_words(spelling.removeprefix(_MARK))
                acronym = len(words) <= _ACRONYM and _LATIN.fullmatch(words) is not None
                yield words, NewsSource(name, kind, spelling.startswith(_MARK), acronym)
            yield plain_words(name), NewsSource(name, kind, True, True)


def _told(*lists: Mapping[str, Any]) -> Iterator[str]:
    """Yield the first words of names that are no everyday words, in Arabic behind the particle for "to", with and without hamza."""
    for found in lists:
        for spelling in (each for group in _KINDS for spellings in found.get(group, {}).values() for each in spellings):
            first, *others = spelling.split()
            if not spelling.startswith(_MARK) and first[0].isascii() and not others:
                name = first.upper() if len(first) <= _ACRONYM else first.capitalize()
                yield from (
                    f"{before}{name}{after}" for before in ("", "l'", "l\N{RIGHT SINGLE QUOTATION MARK}") for after in ("", ",", ".")
                )
            if len(first) > _ACRONYM - 2 and "\u0621" <= first[0] <= "\u064a":
                word = f"لل{first[2:]}" if first.startswith("ال") else f"ل{first}"
                yield from (word, word.translate(_WITHOUT_HAMZA))


def _table(*lists: Mapping[str, Any]) -> NewsSources:
    by_words: dict[str, NewsSource] = {}
    for found in lists:
        own: dict[str, NewsSource] = {}
        for words, source in _entries(found):
            if words and ((before := own.get(words)) is None or (before.name == source.name and before.marked > source.marked)):
                own[words] = source
        by_words |= own
    first: dict[str, int] = {}
    for words in by_words:
        start, *rest = words.split()
        first[start] = max(first.get(start, 0), 1 + len(rest))
    return NewsSources(MappingProxyType(by_words), MappingProxyType(first), frozenset(_told(*lists)))


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Any]:
    found: dict[str, Any] = package_json(__spec__, "data", "sources.json")
    return found


def agency_spellings() -> tuple[tuple[str, ...], ...]:
    """Return the spellings of each agency that is shipped, as its list has them: with ``~`` those that are one only where one is named."""
    return tuple(tuple(spellings) for name, spellings in _shipped()["agencies"].items() if name != "agencies")


@lru_cache(maxsize=16)
def known_sources(path: str = "") -> NewsSources:
    """Return the sources that are shipped, with those of a file of a user, whose spellings take precedence. Raises `InputError`.

    >>> known_sources().named("فرانس برس").name
    'afp'
    """
    return _table(_shipped(), _read(path)) if path else _table(_shipped())


def _read(path: str) -> Mapping[str, Any]:
    """Return a list of a user. Raises `InputError` if it has not the form of the one that is shipped."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        what = (error.strerror or str(error)) if isinstance(error, OSError) else "no JSON"
        raise InputError(what, path=path, hint=_FORM) from error
    if not isinstance(found, dict) or not any(group in found for group in _KINDS):
        raise InputError("no list of agencies or outlets", path=path, hint=_FORM)
    if unknown := [name for name in found if name not in _KINDS and name != "source"]:
        raise InputError(f"no list {str(unknown[0])[:40]!r}; known are agencies and outlets", path=path, hint=_FORM)
    count = 0
    for group in _KINDS:
        listed = found.get(group, {})
        if not isinstance(listed, dict):
            raise InputError(f"{group} is no object with names", path=path, hint=_FORM)
        for name, spellings in listed.items():
            if not isinstance(spellings, list) or not all(isinstance(each, str) and plain_words(each) for each in spellings):
                raise InputError(f"the spellings of {name[:40]!r} are no list of words", path=path, hint=_FORM)
            if not name.strip():
                raise InputError(f"a source without a name in {group}", path=path, hint=_FORM)
            count += len(spellings)
    if count > _MOST_SPELLINGS:
        raise InputError(f"more than {_MOST_SPELLINGS:,} spellings", path=path, hint="leave out those that are not needed")
    return found


@lru_cache(maxsize=1024)
def source_of(written: str, sources: NewsSources) -> NewsSource | None:
    """Return the source that a field names as a whole: by a spelling, or by the address of its site; None for one that is not known.

    >>> source_of("https://www.reuters.com/world", known_sources()).name, source_of("Rain News", known_sources())
    ('reuters', None)
    """
    words = plain_words(written)
    if (found := sources.named(words)) is not None:
        return found
    if (site := _SITE.fullmatch(written.strip())) is not None:
        labels = site[1].casefold().split(".")[:-1]
        return next((found for each in reversed(labels) if len(each) > 2 and (found := sources.named(plain_words(each)))), None)
    return None
