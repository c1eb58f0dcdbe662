"""New rows inserted, one after the other: linked with their duplicates, and what changes by their arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..clusters.constraints import restricts
from .compare import Compared
from .document_frequency import FrequencyChanges
from .judged_links import Side
from .overfull_buckets import OverfullBuckets
from .rows import Link
from .working_set import WorkingSet


class Insertion:
    """The rows of one comparison, inserted in their order. ``sides`` has the answers of people that are about them."""

    def __init__(self, known: WorkingSet, compared: Compared, sides: Mapping[int, Sequence[Side]]):
        self._graph, self._compared = known.graph, compared
        self._judged, self._sides = known.judged, sides
        self._stand_alone = restricts(known.config)
        links = [link for found in compared.related.values() for link in found]
        self._read_stars(links)
        self._frequency = FrequencyChanges(known, compared, links)
        self._overfull = OverfullBuckets(known, compared)

    def _read_stars(self, links: list[Link]) -> None:
        """Read together what the rows will ask for one by one."""
        graph = self._graph
        stars = {star for link in links if (star := graph.rows[link.row].star) is not None}
        graph.load(stars)
        graph.load_stars(stars)
        worse = {link.row for link in links if graph.is_canonical(link.row) and graph.rows[link.row].place > graph.rows[link.other].place}
        graph.load_links(row for row in worse if not graph.is_overfull(row))

    def insert(self, row: int) -> list[Link]:
        """Link a new row with its duplicates, and return these links. To be called for all rows in their order."""
        graph = self._graph
        touched = self._frequency.take(row)
        found = duplicates = [*self._compared.related.get(row, ())]
        is_overfull = row in self._compared.overfull and bool(duplicates)
        if is_overfull:
            found = duplicates + self._overfull.met(row, duplicates)
            duplicates = self._overfull.kept(found)
        for link in duplicates:
            graph.add(link)
        original = self._compared.same.get(row)
        if original is not None and not self._stand_alone:
            bettered = self._stand_for(original, row)
            graph.settle(touched, original if bettered else None)
        elif duplicates or touched:
            graph.settle(touched, row if duplicates else None, holding=is_overfull)
        if duplicates:
            self._overfull.succeed(row)
        if self._judged is not None and row in self._sides:
            self._judged.arrived(row, self._sides[row])
        return found

    def _stand_for(self, original: int, copy: int) -> bool:
        """Note a copy of a text, for which the first one stands, and tell whether that can change its star."""
        graph = self._graph
        graph.load((original,))
        fact = graph.rows[original]
        better = graph.rows[copy].place < fact.place
        if fact.copied and not better:
            return False
        graph.better(original, copy if better else original)
        return fact.star != original or not graph.is_overfull(original)  # what is in overfull buckets stays
