"""The links between duplicates that an index keeps, and the stars that they make, changed in place as texts arrive.

The canonical rows are the lexicographically first maximal independent set of the links, as in `dedup.cluster.stars`: a change reaches only
those rows that it concerns (Censor-Hillel, Haramaty, Karnin, "Optimal dynamic distributed MIS", PODC 2016).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..config import Config
from ..naming import segment_name, version_name
from ..verify import RELATIONS
from .store import Store
from .tables import DOCUMENTS, LINKS, SEGMENTS

Place = tuple[Any, ...]
_PLACES = {relation.value: place for place, relation in enumerate(RELATIONS)}  # rows have the names: another order changes nothing


@dataclass(slots=True)
class Fact:
    """What is kept of a row. ``place`` orders rows by preference for being canonical, that of the best copy; ``star`` is its canonical row,
    None where it is alone; ``copied`` tells that copies of it have come, for which it stands; ``called``
    is what its cluster is called after an older member that was removed."""

    row: int
    document: int
    name: str
    source: str | None
    moment: float | None
    length: int
    prints: int
    same: int | None
    place: Place
    star: int | None
    own_place: Place = ()
    copied: bool = False
    called: str | None = None


@dataclass(slots=True)
class Link:
    """Two duplicates, the older one first. ``fresh`` counts common fingerprints that do not recur, ``sure`` tells that bands propose the
    pair, whatever recurs, and ``told`` is the fresh share on which the relation may hang, as `dedup.verify.told_from` has it."""

    row: int
    other: int
    relation: int
    fresh: int
    sure: bool
    jaccard: float
    containment: float
    containment_other: float
    similarity: float
    told: float

    def measures(self) -> tuple[float, float, float, float]:
        """Return its shares and similarity, in the order of the fields."""
        return self.jaccard, self.containment, self.containment_other, self.similarity


def place_of(config: Config, row: int, source: str | None, moment: float | None, length: int, document: str, index: int | None) -> Place:
    """Return what rows are sorted by for being canonical, as `dedup.rules.preference` does."""
    preferred = config.prefer.index(source) if source in config.prefer else len(config.prefer)
    decisive = {"longest": -length, "earliest": moment or 0.0, "latest": -(moment or 0.0)}[config.keep]
    return preferred, decisive, -length, document, -1 if index is None else index, row


class Graph:
    """Rows, links and stars as they are in one transaction: read when they are asked for, written by `flush`."""

    def __init__(self, store: Store, config: Config):
        self._store, self._config = store, config
        self.facts: dict[int, Fact] = {}
        self.links: dict[int, dict[int, Link]] = {}
        self._documents: dict[int, tuple[str, str | None, float | None]] = {}
        self._members: dict[int, set[int]] = {}
        self._new_links: set[tuple[int, int]] = set()
        self._changed: set[tuple[int, int]] = set()
        self._dropped: set[tuple[int, int]] = set()
        self._moved: set[int] = set()
        self._bettered: dict[int, int] = {}

    def load(self, rows: Iterable[int]) -> None:
        """Read facts of rows that are not known yet."""
        missing = [row for row in rows if row not in self.facts]
        if not missing:
            return
        missing = sorted({*missing})
        best: dict[int, int] = {}
        found = SEGMENTS.read_among(self._store, "where row {among}", missing)
        self._load_documents({document for _, document, *_ in found})
        for row, document, index, _, _, _, _, _, length, prints, same, copy, star, called in found:
            name, source, moment = self._documents[document]
            place = place_of(self._config, row, source, moment, length, name, index)
            known = row, document, segment_name(name, index), source, moment, length, prints, same
            self.facts[row] = Fact(*known, place, star, place, called=called)
            if copy is not None:
                best[row] = copy
        if best:
            self.load(best.values())
            for row, copy in best.items():
                self.facts[row].place, self.facts[row].copied = self.facts[copy].own_place, True

    def _load_documents(self, numbers: set[int]) -> None:
        missing = sorted(numbers - self._documents.keys())
        for number, name, version, _, _, _, _, moment, source, _ in DOCUMENTS.read_among(self._store, "where number {among}", missing):
            self._documents[number] = version_name(name, version), source, moment

    def load_links(self, rows: Iterable[int]) -> None:
        """Read the links of rows that are not known yet."""
        missing = [row for row in rows if row not in self.links]
        if not missing:
            return
        missing = sorted({*missing})
        for row in missing:
            self.links[row] = {}
        for column in ("row", "other"):
            for row, other, relation, fresh, sure, *shares in LINKS.read_among(self._store, f"where {column} {{among}}", missing):
                if (row, other) in self._dropped:
                    continue
                known = self.links.get(row, {}).get(other) or self.links.get(other, {}).get(row)
                link = known or Link(row, other, _PLACES[relation], fresh, bool(sure), *shares)
                for one, two in ((row, other), (other, row)):
                    if one in self.links:
                        self.links[one][two] = link

    def later(self, rows: Iterable[int]) -> dict[int, list[int]]:
        """Return for each of some rows the later ones that it is linked to, without making them known."""
        found: dict[int, list[int]] = {}
        missing = []
        for row in rows:
            if row in self.links:
                found[row] = [other for other in self.links[row] if other > row]
            else:
                missing.append(row)
        for row, other in self._store.rows_among("select row, other from links where row {among}", sorted(missing)):
            found.setdefault(row, []).append(other)
        return found

    def around(self, rows: Iterable[int]) -> set[int]:
        """Return rows and those that are linked to them."""
        rows = {*rows}
        self.load_links(rows)
        return rows.union(*(self.links[row] for row in rows))

    def add(self, link: Link) -> None:
        """Link two rows whose links are known."""
        self.load((link.row, link.other))
        self.links[link.row][link.other] = self.links[link.other][link.row] = link
        self._new_links.add((link.row, link.other))

    def note(self, link: Link) -> None:
        """Note that a link has changed."""
        self._changed.add((link.row, link.other))

    def drop(self, link: Link) -> None:
        """Take a link away."""
        self.load_links((link.row, link.other))
        self.links[link.row].pop(link.other, None)
        self.links[link.other].pop(link.row, None)
        key = link.row, link.other
        if key in self._new_links:
            self._new_links.remove(key)
        else:
            self._dropped.add(key)
        self._changed.discard(key)

    def better(self, row: int, copy: int) -> None:
        """Note that a row has copies, and which of them, or it, is preferred to the others."""
        self.facts[row].place, self.facts[row].copied = self.facts[copy].own_place, True
        self._bettered[row] = copy

    def is_canonical(self, row: int) -> bool:
        """Tell whether a row is the first of its star; one that is alone is."""
        return self.facts[row].star in (None, row)

    def settle(self, rows: Iterable[int]) -> None:
        """Make the stars what they are with the links of today, beginning at rows that have lost or got links, or whose neighbours' places
        have changed."""
        rows = {*rows}
        self.load(self.around(rows))
        waiting = [(self.facts[row].place, row) for row in rows]
        heapq.heapify(waiting)
        done: set[int] = set()
        while waiting:
            _, row = heapq.heappop(waiting)
            if row in done:
                continue
            done.add(row)
            self.load(self.around((row,)))
            fact = self.facts[row]
            was = self.is_canonical(row)
            better = [(self.facts[other].place, other) for other in self.links[row] if self.facts[other].place < fact.place]
            star = min((each for each in better if self.is_canonical(each[1])), default=(fact.place, row))[1]
            self._move(row, star if star != row or self.links[row] or fact.copied else None)
            if was != (star == row):
                for other in self.links[row]:
                    if self.facts[other].place > fact.place:
                        done.discard(other)
                        heapq.heappush(waiting, (self.facts[other].place, other))

    def _move(self, row: int, star: int | None) -> None:
        before = self.facts[row].star
        if before != star:
            if before is not None:
                self.members(before).discard(row)
            if star is not None:
                self.members(star).add(row)
            self.facts[row].star = star
            self._moved.add(row)

    def members(self, star: int) -> set[int]:
        """Return the rows of a star."""
        if star not in self._members:
            self._members[star] = {row for (row,) in self._store.rows("select row from segments where star = ?", (star,))}
        return self._members[star]

    def founder(self, row: int) -> int:
        """Return the oldest row of a row's star."""
        star = self.facts[row].star
        return row if star is None else min(self.members(star), default=row)

    def flush(self) -> None:
        """Write what has changed."""
        gone = "delete from links where row = ? and other = ?"
        self._store.run_many(gone, sorted(self._dropped | self._changed - self._new_links))
        links = [self.links[row][other] for row, other in sorted(self._new_links | self._changed)]
        LINKS.insert(
            self._store,
            [
                (link.row, link.other, RELATIONS[link.relation].value, link.fresh, int(link.sure), *link.measures(), link.told)
                for link in links
            ],
        )
        changes: dict[int, dict[str, int | None]] = {row: {"star": self.facts[row].star} for row in self._moved}
        for row, copy in self._bettered.items():
            changes.setdefault(row, {})["best"] = copy
        SEGMENTS.change(self._store, changes)
