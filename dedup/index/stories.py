"""The stories that new documents belong to when they are decided about: which text of each was likely first, and what each carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..clusters.constraints import restricts
from ..clusters.stars import cluster_name
from ..origins.trace import StoryText, trace
from .compare import Compared
from .decision import OriginsSoFar
from .prepare import Prepared
from .queries import stored_texts
from .rows import Link
from .storage.tables import DOCUMENTS, SEGMENTS
from .working_set import WorkingSet

MOST = 64
"""Texts of a story that are traced: of more, half are those most like the new one, and half the oldest."""
_READ = 16 * MOST  # texts that are kept in memory for the next documents


class Stories:
    """The stories of the documents of one transaction. ``prepared`` are these documents."""

    def __init__(self, known: WorkingSet, compared: Compared, prepared: Prepared):
        self._store, self._graph, self._config = known.store, known.graph, known.config
        self._compared, self._prepared, self._judged = compared, prepared, known.judged
        self._alone = restricts(known.config)
        self._copies: dict[int, list[int]] = {}  # of this transaction, by their originals
        for row, original in compared.same.items():
            self._copies.setdefault(original, []).append(row)
        self._apart: dict[int, list[Link]] = {}  # relations that are not stored, by both rows
        for link in (link for links in compared.apart.values() for link in links):
            for end in (link.row, link.other):
                self._apart.setdefault(end, []).append(link)
        self._texts: dict[int, StoryText] = {}
        self.names: dict[str, int] = {}
        """The rows that stories were called after."""

    def origins(self, rows: Sequence[int]) -> OriginsSoFar | None:
        """Return what is known of the story of a document that has arrived last, by its rows; None where it has no other text. Of several
        rows the longest that is in a story tells."""
        for row in sorted(rows, key=lambda row: (-self._graph.rows[row].length, row)):
            near = self._near(row)
            members = self._members(row, near)
            if len(members) > 1:
                return self._traced(row, members, near)
        return None

    def _node(self, row: int) -> int:
        """Return the row that stands for the words of a row."""
        same = self._graph.rows[row].same
        return row if same is None or self._alone else same

    def _near(self, row: int) -> Mapping[int, float]:
        """Return the rows that one is related to, with their similarity."""
        graph, node = self._graph, self._node(row)
        graph.load(graph.around((node,)))
        found: dict[int, float] = {}
        for end in dict.fromkeys((node, row)):  # a copy that came with its original is not compared by itself
            for link in (*graph.links.get(end, {}).values(), *self._apart.get(end, ())):
                other = link.other if link.row == end else link.row
                if other <= row and not (self._judged is not None and self._judged.verdict(row, other)):
                    found[other] = max(link.similarity, found.get(other, 0.0))
        return found

    def _members(self, row: int, near: Mapping[int, float]) -> list[int]:
        """Return the rows of a story up to one that has arrived last, in the order of their arrival: those of its cluster, and of the
        clusters of what it is related to."""
        graph = self._graph
        graph.load(near)
        nodes = {self._node(row), *map(self._node, near)}
        graph.load(nodes)
        found = {row, *nodes}
        for star in sorted({star for node in nodes if (star := graph.rows[node].star) is not None}):
            found |= graph.members(star)
        if not self._alone:
            originals = sorted(found)
            found.update(copy for original in originals for copy in self._copies.get(original, ()))
            found.update(copy for (copy,) in self._store.rows_among("select row from segments where same {among}", originals))
        return sorted(each for each in found if each <= row)

    def _traced(self, row: int, members: Sequence[int], near: Mapping[int, float]) -> OriginsSoFar:
        chosen = members
        if len(members) > MOST:
            likely = sorted((each for each in near if each <= row), key=lambda each: (-near[each], each))[: MOST // 2]
            chosen = [*dict.fromkeys([row, *likely, *members])][:MOST]
        self._read(chosen)
        name = self._graph.rows[row].name
        story = trace("", [self._texts[each] for each in chosen], self._config)
        carried = story.carried_by.get(name)
        group = next(group for group in story.groups if name in group.members)
        called = self._called(members[0])
        return OriginsSoFar(called, group.told_first, carried.a if carried else None, story.independent_origins, len(members))

    def _called(self, row: int) -> str:
        """Return the name of a story by its oldest row: that of the cluster which this is in, or would be."""
        graph = self._graph
        graph.load((row,))
        founder = graph.founder(self._node(row))
        graph.load((founder,))
        called = graph.rows[founder].called or cluster_name(graph.rows[founder].name)
        self.names[called] = founder
        return called

    def _read(self, rows: Sequence[int]) -> None:
        """Read the texts of rows that are not known yet."""
        if len(self._texts) > _READ:
            self._texts = {}
        missing = [row for row in rows if row not in self._texts]
        new, stored = ([row for row in missing if (row in self._compared.rows) is is_new] for is_new in (True, False))
        for row in new:
            place = row - self._compared.rows.start
            segment, owner = self._prepared.segments[place], self._prepared.owners[place]
            document = self._prepared.documents[owner]
            text = document.text[segment.start : segment.end]
            self._texts[row] = StoryText(self._graph.rows[row].name, text, replace(document, id=self._prepared.names[owner]))
        if not stored:
            return
        self._graph.load(stored)
        spans = {
            row: (number, start, end) for row, number, _, start, end, *_ in SEGMENTS.read_among(self._store, "where row {among}", stored)
        }
        wanted = sorted({number for number, *_ in spans.values()})
        found = stored_texts(self._store, DOCUMENTS.read_among(self._store, "where number {among}", wanted))
        documents = {each.number: each.document(each.name) for each in found}
        for row, (number, start, end) in spans.items():
            document = documents[number]
            self._texts[row] = StoryText(self._graph.rows[row].name, document.text[start:end], document)
