"""What new texts are related to, with what people have said of it: what was parted is left out, what was joined is a duplicate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from ..arrays.buckets import pair_codes
from ..model import Relation
from ..verification.relations import RELATIONS
from .judged_links import JudgedGraph
from .rows import Link
from .verification import is_duplicate_link, turned
from .working_set import WorkingSet

_REVISION, _TEMPLATE = RELATIONS.index(Relation.REVISION), RELATIONS.index(Relation.TEMPLATE)
Related = tuple[int, Link]


class JudgedPairs:
    """What rows of one transaction are related to, as people see it."""

    def __init__(self, known: WorkingSet, graph: JudgedGraph):
        self._known, self._graph = known, graph

    def duplicates(self, row: int, found: Iterable[Related]) -> list[Related]:
        """Return the duplicates of a row, as `seen` has them."""
        return [each for each in self.seen(row, found) if is_duplicate_link(each[1], self._known.config)]

    def seen(self, row: int, found: Iterable[Related]) -> list[Related]:
        """Return what a row is related to, each with the link seen from it, with the answers: without what is parted from it, or as a
        template where it was said to be one, and with what it is joined with."""
        graph = self._graph
        node = graph.node(row)
        parted, group = graph.judged.parted(node), graph.judged.group(node)
        links: dict[int, Link] = {}
        for other, link in found:
            graph.load((other,))
            verdict = parted.get(graph.node(other))
            if verdict is None:
                links[other] = link
            elif verdict == "template":
                told = replace(link, relation=_TEMPLATE)
                if not is_duplicate_link(told, self._known.config):  # where templates count as duplicates
                    links[other] = told
        joined = [other for other in group if other not in (node, row)]
        graph.load(joined)
        for other, link in self._measured(row, [other for other in joined if other not in links]):
            links[other] = link
        for other in joined:
            if not is_duplicate_link(links[other], self._known.config):
                links[other] = replace(links[other], relation=_REVISION)
        return [*links.items()]

    def _measured(self, row: int, others: Sequence[int]) -> list[Related]:
        """Return links to rows that nothing proposed, seen from the others, with all shares 0 where they have nothing in common."""
        if not others:
            return []
        known = self._known
        known.verifier.texts.load([row, *others])
        pairs = sorted((min(row, other), max(row, other)) for other in others)
        codes = pair_codes(*np.array(pairs, np.int64).T)
        zeros, ones = np.zeros(len(codes), np.int64), np.ones(len(codes), bool)
        links = {(link.row, link.other): link for link in known.verifier.links(codes, zeros, ones, duplicates=False)}
        found = []
        for one, other in pairs:
            link = links.get((one, other)) or Link(one, other, _REVISION, 0, True, 0.0, 0.0, 0.0, 0.0, 0.0)
            found.append((one, link) if other == row else (other, turned(link)))
        return found
