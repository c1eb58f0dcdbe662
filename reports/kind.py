"""The kinds of changes, of units of an alignment, and of alarms."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kind of a change. Cosmetic kinds leave the meaning alone.

    >>> Kind.SPELLING.cosmetic, Kind.NUMBER.cosmetic
    (True, False)
    """

    NUMBER = "number"
    TIME = "time"
    NAME = "name"
    ATTRIBUTION = "attribution"
    NEGATION = "negation"
    WORDING = "wording"
    SPELLING = "spelling"
    DIACRITICS = "diacritics"
    TYPOGRAPHY = "typography"
    INVISIBLE = "invisible"
    FURNITURE = "furniture"
    """A byline, dateline, credit, link line or share bar: it is no part of the report."""

    @property
    def cosmetic(self) -> bool:
        """True for a change that leaves the meaning alone."""
        return self in (Kind.SPELLING, Kind.DIACRITICS, Kind.TYPOGRAPHY, Kind.INVISIBLE, Kind.FURNITURE)


FACT_KINDS = (Kind.NUMBER, Kind.NEGATION, Kind.NAME, Kind.ATTRIBUTION, Kind.TIME)
"""Kinds that change a fact, the most important first: what an editor must see first."""


class UnitRelation(StrEnum):
    """How the sentences of one unit relate."""

    SAME = "same"
    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"


class AlarmKind(StrEnum):
    """The kind of an alarm: what an editor must not overlook."""

    FELL = "fell"
    """A number is less than before."""
    RETURNED = "returned"
    """A sentence that had left is back."""
    NEGATION = "negation"
    """Something is now denied, or no longer: a negation, or a word that says the opposite."""
    CORRECTION = "correction"
    """The text itself announces a correction."""
    HARM = "harm"
    """What happened to people: killed, wounded, missing."""
    OUTCOME = "outcome"
    """What came of it: awarded or taken away, opened or closed, won or lost."""
    EXCHANGED = "exchanged"
    """Two parties or names changed places: who did what to whom."""
    MEASURE = "measure"
    """A unit or a currency: dollars to euros, percent to percentage points."""
    BOUND = "bound"
    """At least became at most, or the like."""
    SOURCE = "source"
    """Who says it was withdrawn, exchanged, or is no longer named."""
    DATE = "date"
    """A date, a year or a weekday."""
