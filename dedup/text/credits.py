"""Credits: the agencies, papers and own people that a text names as where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .citations import citations
from .credit_lines import byline_names
from .credit_places import dateline, signature
from .credit_words import CreditKind, Naming
from .sources import NewsSources, known_sources, plain_words, source_of

CreditPlace = Literal["field", "dateline", "signature", "cited"]
"""Where it is named: in a field of the record, at the start of the text, at its end, or inside of it, as the source of a statement."""
_SEVERAL = re.compile(r"\s*[/|,،;+&\n]\s*|\s(?:and|et|via|و)\s")
_REPORT = 80  # characters before what a text says that it is a report of: به گزارش ایسنا


@dataclass(frozen=True, slots=True)
class Credit:
    """A source that a text names. ``name`` is the usual name of an agency or paper, the same for all its spellings, such as ``afp``.

    That of agencies without a name is ``agencies``, and that of own people is as the text has it. ``start`` and ``end`` are where it
    stands in the text, None for a field.
    """

    name: str
    kind: CreditKind
    place: CreditPlace
    start: int | None = None
    end: int | None = None

    @property
    def carries(self) -> bool:
        """True where the text as a whole comes from there; not where the source is only cited for a statement."""
        return self.place != "cited"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {"name": self.name, "kind": self.kind, "place": self.place, "start": self.start, "end": self.end}


def credits_of(text: str, *, source: str | None = None, byline: str | None = None, names: NewsSources | None = None) -> tuple[Credit, ...]:
    """Return the credits of a text, in reading order, those of fields first: its ``source`` and its ``byline``, as they are written.

    ``names`` are the known sources. A paper that is the source itself is no credit; an agency is. Only words that stand where sources are
    named count: a text about an agency has no credit. What is not in the lists is not found.

    >>> [(each.name, each.kind, each.place) for each in credits_of("LONDON (Reuters) - Rain, officials told AFP.")]
    [('reuters', 'agency', 'dateline'), ('afp', 'agency', 'cited')]
    >>> credits_of("LONDON - Reuters will close an office.")
    ()
    """
    names = names or known_sources()
    found = [*_of_fields(source, byline, names)]
    head = [*dateline(text, names)]
    carriers = [each.name for each in found if each.kind == "agency"] + [each.name for each in head if each.kind == "agency"]
    carrier = next((name for name in carriers if name != "agencies"), None)
    foot = [*signature(text, names, carrier)]
    report, cited = _reports(text, [*citations(text, names)])
    inside = [*_placed("dateline", [*head, *report]), *_placed("signature", foot), *_placed("cited", _outside(cited, [*head, *foot]))]
    inside.sort(key=lambda each: (each.start or 0, each.end or 0))
    seen: dict[tuple[str, str, str], Credit] = {}
    for each in (*found, *inside):
        seen.setdefault((each.name, each.kind, each.place), each)
    return tuple(seen.values())


def source_name(source: str, names: NewsSources | None = None) -> str:
    """Return the usual name of a source, the same for all its spellings; that of one that is not known is its folded words.

    >>> source_name("وكالة الصحافة الفرنسية"), source_name("www.reuters.com"), source_name("Rain  News")
    ('afp', 'reuters', 'rain news')
    """
    found = source_of(source, names or known_sources())
    return found.name if found is not None else plain_words(source) or " ".join(source.casefold().split())


def _of_fields(source: str | None, byline: str | None, names: NewsSources) -> Iterator[Credit]:
    for part in (source, *_SEVERAL.split(source)) if source else ():
        known = source_of(part, names)
        if known is not None and known.kind == "agency":
            yield Credit(known.name, known.kind, "field")
    for name, kind in byline_names(byline, names) if byline else ():
        yield Credit(name, kind, "field")


def _reports(text: str, cited: list[Naming]) -> tuple[list[Naming], list[Naming]]:
    """Part the agency that a text says in its first words to be a report of, as in Persian, from those that it cites."""
    start = text[:_REPORT].find("به گزارش")
    if start < 0:
        return [], cited
    first = [each for each in cited if each.kind == "agency" and start < each.start < start + _REPORT]
    return first[:1], [each for each in cited if each not in first[:1]]


def _placed(place: CreditPlace, namings: list[Naming]) -> list[Credit]:
    return [Credit(each.name, each.kind, place, each.start, each.end) for each in namings]


def _outside(cited: list[Naming], others: list[Naming]) -> list[Naming]:
    return [each for each in cited if not any(other.start <= each.start < other.end for other in others)]
