"""A text under an id, or a withdrawal, as an index has it."""

from __future__ import annotations

from dataclasses import dataclass

from .decision import Decision

Age = tuple[int | None, float | None]
"""By what versions of a record are told apart as older and newer: the number that its source gives a version, and its time in seconds."""


def is_earlier(one: Age, other: Age) -> bool:
    """Tell whether a version is older than another of its record: by their numbers; by times where neither has one.

    >>> is_earlier((1, 9.0), (2, 5.0)), is_earlier((None, 5.0), (None, 9.0)), is_earlier((1, 5.0), (None, 9.0))
    (True, True, False)
    """
    (edition, moment), (other_edition, other_moment) = one, other
    if edition is not None and other_edition is not None:
        return edition < other_edition
    return edition is None is other_edition and moment is not None and other_moment is not None and moment < other_moment


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A text under an id, or a withdrawal, as it is stored: its number and version, the run that let it through last, and what was decided.

    ``holder`` is the document for which a text was held back, or the withdrawal that took it out, None for none. Withdrawals have versions
    below 0. ``edition`` is the number that its source gives its version, ``moment`` its time in seconds.
    """

    number: int
    version: int
    run: int
    holder: int | None
    decision: Decision
    edition: int | None
    moment: float | None

    @property
    def is_let_through(self) -> bool:
        """True for a text that was let through and not withdrawn since."""
        return self.holder is None and self.decision.action in ("index", "update")

    @property
    def is_withdrawn(self) -> bool:
        """True for a text that was let through and withdrawn since."""
        return self.holder is not None and self.decision.action in ("index", "update")

    def precedes(self, edition: int | None, moment: float | None) -> bool:
        """Tell whether it is an older version than another of its record, as `is_earlier` does."""
        return is_earlier((self.edition, self.moment), (edition, moment))

    def follows(self, edition: int | None, moment: float | None) -> bool:
        """Tell whether it is a newer version than another of its record."""
        return is_earlier((edition, moment), (self.edition, self.moment))
