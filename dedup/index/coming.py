"""Texts that come together and are new, by the ids of their records, until they are decided about."""

from __future__ import annotations

from collections.abc import KeysView

from .prepare import Prepared
from .stored_record import Age, is_earlier


class ComingTexts:
    """New texts of ``asking``, their ``places`` there, and how new each version of a record is."""

    def __init__(self, asking: Prepared):
        self._asking = asking
        self._ages: dict[str, dict[bytes, Age]] = {}
        self.places: list[int] = []

    def __contains__(self, name: str) -> bool:
        return name in self._ages

    def add(self, place: int) -> None:
        """Add the text at a place."""
        self._ages.setdefault(self._asking.documents[place].id, {})[self._asking.digests[place]] = self._asking.age(place)
        self.places.append(place)

    def add_again(self, place: int) -> None:
        """Note that one of the texts comes again: it keeps the highest number that its source gives it, as one that is stored does."""
        ages, digest = self._ages[self._asking.documents[place].id], self._asking.digests[place]
        (known, moment), edition = ages[digest], self._asking.editions[place]
        if edition is not None and edition > (known or 0):
            ages[digest] = edition, moment

    def under(self, name: str) -> KeysView[bytes]:
        """Return the digests of the texts under an id."""
        return self._ages.get(name, {}).keys()

    def has_newer(self, name: str, age: Age) -> bool:
        """Tell whether a text under an id is newer than a version of this age."""
        return any(is_earlier(age, own) for own in self._ages.get(name, {}).values())

    def has_only_older(self, name: str, age: Age) -> bool:
        """Tell whether all texts under an id are older than a version of this age."""
        return all(is_earlier(own, age) for own in self._ages.get(name, {}).values())
