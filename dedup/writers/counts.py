"""Counts: numbers of things in words, for people."""

from __future__ import annotations


def counted(count: int, what: str) -> str:
    """Return a number with its noun, in the singular or the plural.

    >>> counted(1, "document"), counted(1200, "match"), counted(0, "copy")
    ('1 document', '1,200 matches', '0 copies')
    """
    if count == 1:
        return f"1 {what}"
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}es" if what.endswith("ch") else f"{what}s"
    return f"{count:,} {plural}"
