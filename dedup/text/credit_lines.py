"""What words name as a whole: a source, a list of sources, own people, a person; and what a byline names."""

from __future__ import annotations

import re

from .credit_words import CreditKind, CreditWords, credit_words
from .sources import NewsSources, plain_words, source_of

_WRITER = 5  # words of a name in a byline, at most
_AND = re.compile(r"\s*(?:[/|,،;؛&+\n()\[\]–—]|\s-+\s|(?<![A-Za-zÀ-ɏ])-+|-+(?![A-Za-zÀ-ɏ])|\s(?:and|et|ve|و|اور|via|in|à|for|pour)\s)\s*")
_FIELD_BY = re.compile(r"\s*(?:by|par|von|yazan|haber|بقلم|كتب|كتبت|إعداد|اعداد|تقرير|نوشته|تحریر)\b[\s:]*", re.IGNORECASE)
_PERSON = range(2, 5)  # words of a name
_NUMBERS = re.compile(r"[\d@<>{}=]")
EDGES = " \t\r\n\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\ufeff*•«»\"“”'.-–—"


def named_as_whole(written: str, sources: NewsSources, words: CreditWords, *, field: bool = False) -> tuple[str, CreditKind] | None:
    """Return the source or the own people that some words are as a whole."""
    written = written.strip(EDGES)
    folded = plain_words(written)
    if not folded:
        return None
    found = source_of(written, sources) if field else sources.named(folded)
    if found is None and (cut := _without_call(folded, words)) != folded:
        found = sources.named(cut)
        field = True
    if found is not None:
        if not field and ((found.capitals and written != written.upper()) or (found.marked and found.kind == "outlet")):
            return None
        return found.name, found.kind
    return (written, "staff") if folded in words.desks or _of_source(folded, sources, words) else None


def _without_call(folded: str, words: CreditWords) -> str:
    """Return words without a first or last word for an agency or paper."""
    first, _, rest = folded.partition(" ")
    if first in words.called:
        return rest
    rest, _, last = folded.rpartition(" ")
    return rest if last in words.called or last in words.titles else folded


def _of_source(folded: str, sources: NewsSources, words: CreditWords) -> bool:
    """Tell whether words are the correspondent of a paper: مراسل سبق."""
    first, _, rest = folded.partition(" ")
    found = sources.named(rest) if first in words.titles else None
    return found is not None and found.kind == "outlet"


def all_named(written: str, sources: NewsSources, words: CreditWords, *, field: bool = False) -> list[tuple[str, CreditKind]]:
    """Return the sources of a list such as AFP and Reuters; none where one of them is not known."""
    if len(written) > 1 and (whole := named_as_whole(written, sources, words, field=field)):
        return [whole]
    found = [named_as_whole(part, sources, words, field=field) for part in _AND.split(written) if part.strip(EDGES)]
    return [each for each in found if each] if all(found) else []


def is_person(written: str, words: CreditWords, *, given: bool = False) -> bool:
    """Tell whether words may be the name of a person; ``given``: whether they begin with a given name."""
    folded = plain_words(written).split()
    if len(folded) not in _PERSON or _NUMBERS.search(written) or " ".join(folded) in words.places or words.called.intersection(folded):
        return False
    return not given or folded[0] in words.given


def byline_names(written: str, sources: NewsSources) -> list[tuple[str, CreditKind]]:
    """Return what a byline or credit line names: people of an agency are that agency.

    >>> from .sources import known_sources
    >>> byline_names("By Jane Doe, Reuters", known_sources()), byline_names("Jane Doe", known_sources())
    ([('reuters', 'agency')], [('Jane Doe', 'staff')])
    """
    words = credit_words()
    found: list[tuple[str, CreditKind]] = []
    people: list[tuple[str, CreditKind]] = []
    for each in _AND.split(_FIELD_BY.sub("", written, count=1)):
        part = " ".join(_FIELD_BY.sub("", each, count=1).strip(EDGES).split())
        if (named := named_as_whole(part, sources, words, field=True)) is not None:
            (people if named[1] == "staff" else found).append(named)
        elif part and (inside := _inside(part, sources)):
            found.append(inside)
        elif _is_writer(part, words):
            people.append((part, "staff"))
    if any(kind == "agency" and name != "agencies" for name, kind in found):
        people = []
    return [*dict.fromkeys((*found, *people))]


def _inside(part: str, sources: NewsSources) -> tuple[str, CreditKind] | None:
    """Return the agency that some words of a credit line name: Jane Doe Associated Press."""
    raw = part.split()
    for size in range(min(sources.longest, len(raw) - 1), 0, -1):
        for at in (len(raw) - size, 0):
            found = sources.named(plain_words(" ".join(raw[at : at + size])))
            if found is not None and found.kind == "agency" and not found.marked and (size > 1 or not found.capitals or raw[at].isupper()):
                return found.name, found.kind
    return None


def _is_writer(part: str, words: CreditWords) -> bool:
    return 0 < len(part.split()) <= _WRITER and not _NUMBERS.search(part) and plain_words(part) not in words.unknown | {""}
