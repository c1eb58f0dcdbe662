"""Credits: the agencies, papers and own people that a text names as where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

CreditKind = Literal["agency", "outlet", "staff"]
"""A news agency; a paper, broadcaster or site; people of the source itself: its correspondent, its staff."""
CreditPlace = Literal["field", "dateline", "signature", "cited"]
"""Where it is named: in a field of the record, at the start of the text, at its end, or inside of it, as the source of a statement."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A source that a text names. ``name`` is the usual name of an agency or paper, the same for all its spellings, such as ``afp``.

    ``start`` and ``end`` are where it stands in the text, None for a field.
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


def credits_of(text: str, *, source: str | None = None, byline: str | None = None) -> tuple[Credit, ...]:
    """Return the credits of a text, in reading order, those of fields first: its ``source`` and its ``byline``, as they are written."""
    return ()


def source_name(source: str) -> str:
    """Return the usual name of a source, the same for all its spellings; that of one that is not known is its folded words."""
    return " ".join(source.casefold().split())
