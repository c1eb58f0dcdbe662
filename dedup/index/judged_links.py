"""The stars of an index in which people have joined and parted texts.

Rows that are joined are one vertex: its place is that of the best of them, which is the canonical row, and its links are those of all. A
vertex never joins a star with a row that it is parted from: it takes the next best canonical one, or stands for itself. What a vertex
becomes depends on better ones alone, as without answers, so a change reaches only those that it concerns.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from ..clusters.constraints import restricts
from ..clusters.verdicts import Verdict
from ..config import Config
from .judged_rows import JudgedRows, answers_with, has_answers, is_in, is_of
from .links import VISITS, LinkGraph
from .prepare import Prepared
from .storage.interface import Store
from .storage.tables import DOCUMENTS, VERDICTS

Side = tuple[int, str]
"""The number of an answer, and the column of the row that one of its texts has."""


class JudgedGraph(LinkGraph):
    """Links and stars, with the answers of people about them."""

    def __init__(self, store: Store, config: Config):
        super().__init__(store, config)
        self.judged = JudgedRows(store)
        self._apart = restricts(config)

    def node(self, row: int) -> int:
        """Return the row that stands for the words of one that is known: itself, where each copy stands for itself."""
        same = self.rows[row].same
        return row if same is None or self._apart else same

    def verdict(self, row: int, other: int) -> Verdict | None:
        """Return what parts two rows, None for nothing."""
        self.load((row, other))
        return self.judged.parted(self.node(row)).get(self.node(other))

    def told(self, number: int) -> str:
        """Return which two texts an answer is about."""
        ((one, other),) = ((row[1], row[2]) for row in VERDICTS.read(self._store, "where number = ?", (number,)))
        return f"{one!r} and {other!r}"

    def vertex(self, row: int) -> int:
        """Return the best of the rows that one is joined with."""
        group = self.judged.group(row)
        self.load(group)
        return min(group, key=lambda each: self.rows[each].place)

    def bound(self, row: int) -> list[int]:
        """Return the vertices that the vertex of a row is linked to and not parted from."""
        group = self.judged.group(row)
        near = self.around(group)
        self.judged.load(near)
        parted = self.judged.parted(row)
        linked = {other for each in group for other, link in self.links[each].items() if link.binds()} - {*group} - parted.keys()
        return sorted({self.vertex(other) for other in linked})

    def concerned(self, rows: Iterable[int]) -> set[int]:
        """Return the rows that may change where what is joined with some rows, or parted from them, does."""
        members = {each for row in rows for each in self.judged.group(row)}
        self.load(members)
        found = self.around(members).union(*(self.judged.parted(each) for each in members))
        return found.union(*(self.members(each) for each in members if self.rows[each].star == each))

    def settle(
        self, rows: Iterable[int], new: int | None = None, *, holding: bool = False, yielding: Collection[int] = frozenset()
    ) -> None:
        """Make the stars what they are with the links and answers of today, as `LinkGraph.settle` does."""
        rows = {*rows} if new is None else {*rows, new}
        self.judged.load(rows)
        self.load(rows)
        rows |= self._following([row for row in sorted(rows) if self.judged.is_judged(row)])
        self.judged.load(self.around(rows))
        new = None if new is None else self.vertex(new)
        for other in () if new is None else self.bound(new):
            if self.rows[other].star is None:  # it is not alone any more
                self._move(other, other)
        waiting = [(self.rows[row].place, row) for row in {self.vertex(row) for row in rows}]
        heapq.heapify(waiting)
        visits: Counter[int] = Counter()
        done: set[int] = set()
        while waiting:
            _, row = heapq.heappop(waiting)
            if row in done:
                continue
            done.add(row)
            visits[row] += 1
            was, before = self.is_canonical(row) and row != new, self.rows[row].star
            bound = self.bound(row)
            # Where one waits for another again and again, places alone decide.
            waits = visits[row] < VISITS
            star = self._best(row, bound, holding and waits, yielding if waits else bound)
            group = self.judged.group(row)
            alone = star == row and not bound and len(group) == 1 and not self.rows[row].copied
            for each in group:
                self._move(each, None if alone else star)
            changed = self._changed_by(row, is_canonical=not was) if was != (star == row) else []
            for other in (*changed, *(self._parted_after(row) if before != self.rows[row].star else ())):
                done.discard(other)
                heapq.heappush(waiting, (self.rows[other].place, other))

    def _following(self, rows: Sequence[int]) -> set[int]:
        """Return what changes with rows that answers are about: whatever the place or the links of one say, they say of its vertex."""
        found: set[int] = set()
        for row in rows:
            group = self.judged.group(row)
            self.load(group)
            found |= self.judged.parted(row).keys()
            if len(group) > 1:
                found |= self.around(group)
                left = (each for each in group if self.rows[each].star == each and each != self.vertex(row))
                found.update(*(self.members(each) for each in left))
        return found

    def _parted_after(self, row: int) -> list[int]:
        """Return the vertices that are parted from one which is preferred to them."""
        found = {self.vertex(other) for other in self.judged.parted(row)}
        return sorted(other for other in found if self.rows[other].place > self.rows[row].place)

    def _best(self, row: int, bound: Sequence[int], holding: bool, yielding: Collection[int]) -> int:
        place = self.rows[row].place
        first = (self.vertex(other) for other in self.judged.parted(row))
        taken = {self.rows[other].star for other in first if self.rows[other].place < place}
        canonical = [(self.rows[other].place, other) for other in bound if self.is_canonical(other) and other not in taken]
        better = [each for each in canonical if each[0] < place or (each[1] not in yielding and (holding or self.is_overfull(each[1])))]
        return min(better, default=(place, row))[1]

    def _changed_by(self, row: int, is_canonical: bool) -> list[int]:
        if not is_canonical:
            return [other for other in self.bound(row) if self.rows[other].star == row]
        place = self.rows[row].place
        worse = [other for other in self.bound(row) if self.rows[other].place > place]
        self.load(star for other in worse if (star := self.rows[other].star) is not None)
        found = []
        for other in worse:
            star = self.rows[other].star
            if star is None or star == other or not self.is_canonical(star) or self.judged.is_judged(other):
                found.append(other)
            elif self.rows[star].place > place:
                self._move(other, row)
        return found

    def expect(self, prepared: Prepared, rows: Sequence[Sequence[int]]) -> dict[int, list[Side]]:
        """Return the sides of answers that are about the rows of new documents, by these rows."""
        documents, segments, first = prepared.documents, prepared.segments, min((each[0] for each in rows if each), default=0)
        places: dict[str, list[int]] = {}
        for place, words in enumerate(prepared.digests):
            places.setdefault(words.hex(), []).append(place)
        found: dict[int, list[Side]] = {}
        for answer in answers_with(self._store, places):
            for column, name, digest, known in answer.sides():
                for place in places.get(digest, ()) if known is None else ():
                    for row in rows[place]:
                        if is_of(name, documents[place].id, segments[row - first].index):
                            found.setdefault(row, []).append((answer.number, column))
        return found

    def arrived(self, row: int, sides: Sequence[Side]) -> None:
        """Let answers hold that are about a row which has arrived."""
        node = self.node(row)
        for number, column in sides:
            answer = self.judged.write(number, {column: node})
            others = {each for each in (answer.one_row, answer.other_row) if each is not None}
            self.judged.load(others)
            before = self.concerned(others) if len(others) == 2 else set()
            self.judged.note(answer)
            if before:
                self.settle(before | self.concerned(others))


def judged_graph(store: Store, config: Config) -> JudgedGraph | None:
    """Return the graph of an index in which people have said something; None where nobody has."""
    return JudgedGraph(store, config) if has_answers(store) else None


def link_graph(store: Store, config: Config) -> LinkGraph:
    """Return the graph of an index, with what people have said in it."""
    return judged_graph(store, config) or LinkGraph(store, config)


def move_answers(store: Store, config: Config, row: int, heir: int) -> set[int]:
    """Let the answers about a row that goes be about another one that takes its place, and return the rows that this concerns."""
    graph = judged_graph(store, config)
    if graph is None:
        return set()
    concerned = graph.concerned((row,)) if graph.judged.is_judged(row) else set()
    for column in ("one_row", "other_row"):
        for (number,) in store.rows(f"select number from verdicts where {column} = ?", (row,)):
            graph.judged.write(number, {column: heir})
    return concerned


def forget_texts(store: Store, config: Config, numbers: Sequence[int]) -> None:
    """Let no answer hold for the texts of documents that are to be removed; each stays, and holds again for whatever text it names."""
    graph = judged_graph(store, config)
    if graph is None:
        return
    documents = {(name, bytes(digest).hex()) for _, name, _, digest, *_ in DOCUMENTS.read_among(store, "where number {among}", numbers)}
    gone: dict[int, dict[str, None]] = {}
    rows: set[int] = set()
    for answer in answers_with(store, {digest for _, digest in documents}):
        for column, name, digest, row in answer.sides():
            if row is not None and any(each[1] == digest and is_in(name, each[0]) for each in documents):
                gone.setdefault(answer.number, {})[column] = None
                rows |= {each for each in (answer.one_row, answer.other_row) if each is not None}
    concerned = graph.concerned(rows)
    VERDICTS.change(store, gone)
    graph.judged.read_anew()
    graph.settle(concerned | graph.concerned(rows))
    graph.flush()
