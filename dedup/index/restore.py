"""What one index had, put into another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..errors import StoreError
from ..model import Document
from .index import Index
from .metadata import read_metadata
from .moved_window import move_window
from .notes import write_notes
from .storage.interface import Readable, Row
from .storage.tables import DOCUMENTS, META, NAMES, SEGMENTS, VERDICTS


@dataclass(frozen=True, slots=True)
class Restored:
    """What another index had of a document: what was decided, which version of its record it is, None for the next, and whether that was
    delivered."""

    answer: str
    version: int | None
    delivered: bool


class Restoring(Index):
    """An index into which what another one had is put."""

    def restore(self, documents: Sequence[Document], kept: Sequence[Restored]) -> list[int]:
        """Store documents of another index with what was decided there, and return their numbers."""
        self.decide(replace(self.prepare(documents), as_they_are=True))
        with self._writing():
            last = int(read_metadata(self._store)["number"])
            numbers = [*range(last - len(documents), last)]
            own = self._run.number if self._run else 0
            changes: dict[int, dict[str, Any]] = {}
            for number, each in zip(numbers, kept, strict=True):
                changes[number] = {"answer": each.answer, "run": 0 if each.delivered else own}
                if each.version is not None:
                    changes[number]["version"] = each.version
            DOCUMENTS.change(self._store, changes)
        return numbers

    def restore_withdrawn(self, rows: Sequence[Row], delivered: Sequence[bool]) -> list[int]:
        """Store what another index had of withdrawals and of what they took out, rows of its documents, and return their numbers."""
        with self._writing():
            first = int(read_metadata(self._store)["number"])
            own = self._run.number if self._run else 0
            numbers = [*range(first, first + len(rows))]
            DOCUMENTS.insert(
                self._store,
                [
                    (number, *row[1:4], 0 if done else own, number if row[5] >= 0 else row[5], None, *row[7:])
                    for number, row, done in zip(numbers, rows, delivered, strict=True)
                ],
            )
            META.change(self._store, {"number": {"value": str(first + len(rows))}})
        return numbers

    def restore_kept(self, kept: Iterable[tuple[int, int, int | None]], notes: Mapping[str, str]) -> None:
        """Note which document stands for each of some others, and for which one it was held back, by their numbers; and what was noted."""
        with self._writing():
            write_notes(self._store, notes)
            DOCUMENTS.change(self._store, {number: {"kept": stands, "holder": holder} for number, stands, holder in kept})

    def adopt_answers(self, rows: Iterable[Row]) -> None:
        """Keep what people have said in another index, rows of its answers: they hold for texts that are yet to come."""
        with self._writing():
            VERDICTS.insert(self._store, [(*row[:8], None, None) for row in rows])

    def adopt_names(self, names: Iterable[tuple[str, int | None, int | None, bool]]) -> None:
        """Note names of clusters that another index gave, with the documents and places of the segments that had them, None for none."""
        with self._writing():
            for name, document, place, called in names:
                META.change(self._store, {"removed": {"value": "1"}})  # so that none of them is given to another cluster
                query = "select row from segments where document = ? and coalesce(place, -1) = ?"
                found = self._store.rows(query, (document, -1 if place is None else place)) if document is not None else []
                row = found[0][0] if found else None
                if called and row is not None:
                    SEGMENTS.change(self._store, {row: {"called": name}})
                else:
                    NAMES.insert(self._store, [(name, row)], anew=False)

    def adopt_window(self, old: Readable, numbers: Mapping[int, int]) -> None:
        """Have the window of another index, as far as it can be read. ``numbers`` are those that its documents have here."""
        with suppress(StoreError), self._writing():
            move_window(old, self._store, numbers, self._run.number if self._run else 0)
