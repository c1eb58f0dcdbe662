"""What one transaction has read of an index, and works on: rows, links, words and copies."""

from __future__ import annotations

from collections.abc import Iterator

from ..clusters.constraints import allows, restricts
from ..config import Config
from .exact_copies import Copies
from .judged_links import judged_graph
from .links import LinkGraph
from .storage.interface import Store
from .storage.postings import Postings
from .verification import PairVerifier


class WorkingSet:
    """The rows, links, words and copies of one transaction, each read when it is asked for."""

    def __init__(self, store: Store, postings: Postings, config: Config):
        self.store, self.postings, self.config = store, postings, config
        self.judged = judged_graph(store, config)
        """The graph where people have said something of its texts, None where nobody has."""
        self.graph: LinkGraph = self.judged or LinkGraph(store, config)
        self.verifier = PairVerifier(store, postings, self.graph, config)
        self.copies = Copies(store, config)

    def may_match(self, one: int, other: int) -> bool:
        """Tell whether two rows may match, by time and source."""
        a, b = self.graph.rows[one], self.graph.rows[other]
        return allows((a.timestamp, b.timestamp), (a.source, b.source), self.config)

    def doubts(self) -> Iterator[tuple[int, int, int, float, float]]:
        """Yield the doubtful pairs that were related, as `PairVerifier.doubts` does, but for those of copies, for which others stand."""
        rows = self.graph.rows
        alone = restricts(self.config)
        return (pair for pair in self.verifier.doubts() if alone or rows[pair[0]].same is None is rows[pair[1]].same)

    def original(self, row: int) -> int:
        """Return the first row with the words of one that is known."""
        same = self.graph.rows[row].same
        return row if same is None else same
