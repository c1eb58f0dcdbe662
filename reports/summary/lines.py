"""One line of a summary, and how long it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..messages.catalog import Catalog
from ..model import AlarmKind

LONGEST = 90
"""Characters of a line, two lines on a phone. Marks of direction count nothing."""
_MARKS = "\N{RIGHT-TO-LEFT MARK}"


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One line of a summary: its subject, its words, and the ids of the changes it is about.

    ``subject`` is a kind of change, or "advisory", "lead", "added" or "removed". ``alarm`` is the reason why an editor must look twice,
    None for none. Invisible characters of the texts are spelled out. A right-to-left mark beside an arrow is ours: it keeps old and new
    in order.
    """

    subject: str
    text: str
    changes: tuple[str, ...]
    alarm: AlarmKind | None = None
    weight: int = field(default=0, compare=False)
    """Orders the lines of several texts, the heaviest (the smallest number) first."""


def shown_length(text: str) -> int:
    """Return the number of characters of a line without marks of direction."""
    return len(text) - text.count(_MARKS)


def fill_line(label: str, items: Sequence[str], total: int, joint: str, catalog: Catalog) -> str:
    """Return a label with as many items behind it as a line holds, at least one, and how many of ``total`` are left."""
    shown = f"{label}: {items[0]}"
    count = 1
    for item in items[1:]:
        left = total - count - 1
        rest = shown_length(joint + catalog.say("digest_more", left)) if left else 0
        if shown_length(shown + joint + item) + rest > LONGEST:
            break
        shown, count = shown + joint + item, count + 1
    return shown + (joint + catalog.say("digest_more", total - count) if total > count else "")
