"""A text under an id, or a withdrawal, as an index has it."""

from __future__ import annotations

from dataclasses import dataclass

from .decision import Decision


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
        """Tell whether it is an older version than another of its record: by their numbers; by times where neither has one."""
        if edition is not None and self.edition is not None:
            return self.edition < edition
        return edition is None is self.edition and moment is not None and self.moment is not None and self.moment < moment

    def follows(self, edition: int | None, moment: float | None) -> bool:
        """Tell whether it is a newer version than another of its record, as `precedes` does."""
        if edition is not None and self.edition is not None:
            return self.edition > edition
        return edition is None is self.edition and moment is not None and self.moment is not None and self.moment > moment
