"""Texts that come together and are new, by the ids of their records, until they are decided about."""

from __future__ import annotations

from collections.abc import KeysView
from dataclasses import replace

from .decision import Decision
from .prepare import Prepared
from .stored_record import StoredRecord


class ComingTexts:
    """New texts of ``asking``, their ``places`` there, and how new each version of a record is."""

    def __init__(self, asking: Prepared):
        self._asking = asking
        self._texts: dict[str, dict[bytes, StoredRecord]] = {}
        self.places: list[int] = []

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def add(self, place: int) -> None:
        """Add the text at a place."""
        name, digest = self._asking.documents[place].id, self._asking.digests[place]
        text = StoredRecord(-1, 0, 0, None, Decision(name, "index"), *self._asking.age(place))
        self._texts.setdefault(name, {})[digest] = text
        self.places.append(place)

    def add_again(self, place: int) -> None:
        """Note that one of the texts comes again: it keeps the highest number that its source gives it, as one that is stored does."""
        name, digest, edition = self._asking.documents[place].id, self._asking.digests[place], self._asking.editions[place]
        text = self._texts[name][digest]
        if edition is not None and edition > (text.edition or 0):
            self._texts[name][digest] = replace(text, edition=edition)

    def under(self, name: str) -> KeysView[bytes]:
        """Return the digests of the texts under an id."""
        return self._texts.get(name, {}).keys()

    def has_newer(self, name: str, age: tuple[int | None, float | None]) -> bool:
        """Tell whether a text under an id is newer than a version of this age."""
        return any(text.follows(*age) for text in self._texts.get(name, {}).values())

    def has_only_older(self, name: str, age: tuple[int | None, float | None]) -> bool:
        """Tell whether all texts under an id are older than a version of this age."""
        return all(text.precedes(*age) for text in self._texts.get(name, {}).values())
