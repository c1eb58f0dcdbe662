"""The relations of two texts."""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    """How two texts relate, seen from ``a``.

    >>> Relation.CONTAINS.duplicate, Relation.REUSE.duplicate
    (True, False)
    """

    IDENTICAL = "identical"
    REVISION = "revision"
    CONTAINS = "contains"
    CONTAINED_IN = "contained-in"
    REWRITE = "rewrite"
    REUSE = "reuse"
    TEMPLATE = "template"

    @property
    def duplicate(self) -> bool:
        """True for the relations that make two texts duplicates of each other."""
        return self not in (Relation.REWRITE, Relation.REUSE, Relation.TEMPLATE)

    @property
    def mirrored(self) -> Relation:
        """The same relation seen from ``b``.

        >>> Relation.CONTAINS.mirrored
        <Relation.CONTAINED_IN: 'contained-in'>
        """
        swap = {Relation.CONTAINS: Relation.CONTAINED_IN, Relation.CONTAINED_IN: Relation.CONTAINS}
        return swap.get(self, self)
