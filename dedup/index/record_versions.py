"""Versions of records: which number a new text under an id gets, so that no two documents, and no segments of them, have one name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ..text.ids import version_name
from .storage.interface import Store

_VERSION, _SEGMENT = re.compile(r"(.*)@(\d{1,18})", re.DOTALL), re.compile(r"(.*)#(\d{1,18})", re.DOTALL)


class Versions:
    """The versions that a store has of the records of a transaction, and those that it gets."""

    def __init__(self, store: Store):
        self._store = store
        self._last: dict[str, int] = {}

    def note(self, document: str, version: int) -> None:
        """Note that a version of a document is stored."""
        self._last[document] = max(self._last.get(document, 0), version)

    def forget(self, document: str, left: int) -> None:
        """Note that no version of a document is stored any more beyond ``left``, 0 for none."""
        self._last[document] = left

    def forget_all(self, left: Mapping[str, int]) -> None:
        """Note of some documents that no version is stored any more beyond one, 0 for none."""
        self._last |= left

    def of(self, documents: Sequence[tuple[str, Sequence[int]]]) -> list[int]:
        """Return the versions of new documents that are stored together: their ids, each with the numbers of its segments, in order."""
        versions = []
        names: set[str] = set()
        for document, segments in documents:
            version = self._last.get(document, 0) + 1
            if version == 1 and not segments and document not in names and not _like_another(document):
                names.add(document)
                self._last[document] = 1
                versions.append(1)
                continue
            while names & {*_names(document, version, segments)} or self._are_taken(document, version, segments):
                version += 1
            names.update(_names(document, version, segments))
            self._last[document] = version
            versions.append(version)
        return versions

    def _are_taken(self, document: str, version: int, segments: Sequence[int]) -> bool:
        """Tell whether something that is stored has a name that this version of a document, or a segment of it, would have."""
        name, *parts = _names(document, version, segments)
        if parts and self._store.rows_among("select 1 from documents where version = 1 and id {among} limit 1", parts):
            return True
        # Whatever else is stored under this id is another version, so only one that looks like another name can be taken.
        if self._document_named(name) is not None:
            return True
        found = _SEGMENT.fullmatch(name)
        number = self._document_named(found[1]) if found else None
        return bool(
            found
            and number is not None
            and self._store.rows("select 1 from segments where document = ? and place = ?", (number, int(found[2])))
        )

    def _document_named(self, name: str) -> int | None:
        found = _VERSION.fullmatch(name)
        rows = self._store.rows("select number from documents where id = ? and version = 1", (name,)) if found or "#" in name else []
        if not rows and found:
            rows = self._store.rows("select number from documents where id = ? and version = ?", (found[1], int(found[2])))
        return rows[0][0] if rows else None


def _like_another(name: str) -> bool:
    """Tell whether a name may be that of a version or a segment of something else."""
    return "@" in name or "#" in name


def _names(document: str, version: int, segments: Iterable[int]) -> list[str]:
    name = version_name(document, version)
    return [name, *(f"{name}#{segment}" for segment in segments)]
