"""What is decided about each new document of a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..clusters.constraints import restricts
from ..clusters.stars import cluster_name
from ..model import Document, Relation
from ..text.ids import version_of
from ..verification.relations import RELATIONS
from .compare import Compared, Counters, compare_rows
from .decision import Action, Decision, Policy
from .insert import Insertion
from .judged_pairs import JudgedPairs
from .prepare import prepare
from .queries import text_of
from .rows import REFUSED, Link, Place, StoredRow
from .storage.tables import DOCUMENTS, NAMES
from .verification import identical, is_duplicate_link, turned
from .working_set import WorkingSet

_BRINGING = Relation.REVISION, Relation.CONTAINS  # relations of a text that may have something new


def _gathers(link: Link) -> bool:
    """Tell whether the newer text of a link is a round-up that holds the older one: most of it is something else."""
    return RELATIONS[link.relation] is Relation.CONTAINED_IN and not link.binds()


class Decider:
    """What is decided about each new document: one is held back only for another that was let through."""

    def __init__(self, known: WorkingSet, compared: Compared, policy: Policy):
        self._store, self._graph, self._config = known.store, known.graph, known.config
        self._compared, self._policy = compared, policy
        self._judged = JudgedPairs(known, known.judged) if known.judged else None
        self.kept: dict[int, int] = {}
        self.replaced: dict[int, int] = {}
        self.holders: dict[int, int] = {}
        """For which document each one is held back."""
        self.repeated_by: dict[int, tuple[int, int]] = {}
        """Of documents that are duplicates: which document each repeats, and which one stands for that."""
        self.names: dict[str, int] = {}
        self._called: dict[int, str] = {}  # the names of clusters by their oldest rows
        self._ids: dict[int, str] = {}
        self._facts: dict[int, tuple[int, str | None]] = {}  # of each document its version and its source
        self._rows: dict[int, Sequence[int]] = {}
        self._texts: dict[int, str] = {}
        self._bests: dict[int, tuple[int, Link]] = {}  # of texts that are like too many others, were not let through and are copied
        self._load_kept_before()

    def _load_kept_before(self) -> None:
        """Read together what the rows will ask for one by one."""
        compared, rows = self._compared, self._graph.rows
        older = {link.row for links in compared.related.values() for link in links} | {*compared.same.values()}
        waiting = {rows[row].document for row in older if row < compared.rows.start and row in rows}
        while waiting:
            self._load_kept(waiting)
            holders = {self.kept.get(number, REFUSED) for number in waiting}
            waiting = {number for number in holders if number not in self.kept and number != REFUSED}

    def decide(self, document: Document, name: str, number: int, rows: Sequence[int], insertion: Insertion) -> Decision:
        """Insert the rows of a document, the next ones to arrive, and decide about it."""
        found = [self._match(row, number, insertion) for row in rows]
        filled = [place for place, row in enumerate(rows) if self._graph.rows[row].length]
        self._ids[number], self._rows[number], self._texts[number] = document.id, rows, document.text
        self._facts[number] = version_of(document.id, name), document.source
        if not filled or any(found[place] is None for place in filled):
            self.kept[number] = number
            self._stand_for_original(number, rows)
            return Decision(document.id, "index", cluster=self._cluster(rows[0]) if len(rows) == 1 else None)
        place = max(filled, key=lambda place: self._graph.rows[rows[place]].length)
        match = found[place]
        assert match is not None
        return self._held_back(document, name, number, rows[place], match)

    def _stand_for_original(self, number: int, rows: Sequence[int]) -> None:
        """Let a document that is let through stand for one with the same words that came before and was not: what it was held back for is
        gone, and what is like the one is like the other."""
        original = self._compared.same.get(rows[0]) if len(rows) == 1 and not restricts(self._config) else None
        if original is None:
            return
        before = self._graph.rows[original].document
        self._load_kept({before})
        alone = len(self._rows.get(before) or self._store.rows("select row from segments where document = ? limit 2", (before,))) == 1
        if alone and self.kept[before] == REFUSED:
            self.kept[before] = self.replaced[before] = number

    def _match(self, row: int, number: int, insertion: Insertion) -> tuple[int, Link] | None:
        """Insert a row; return the best of the duplicates that were let through, and the link to it, seen from the older one."""
        graph = self._graph
        links = insertion.insert(row)
        original = self._compared.same.get(row)
        if original is None or restricts(self._config):
            return self._best(row, number, [(link.row, link) for link in links])
        # Nothing is more like it than the text that it is a copy of: what that is linked to may be a crowd.
        best = self._best(row, number, [(original, identical(original, row))]) or self._bests.get(original)
        if best is None or graph.rows[best[0]].document == number:
            best = self._best(row, number, self._links(row, links))
            if best is not None and len(graph.links[original]) > self._config.bucket_limit and self._judged is None:
                self._bests[original] = best
        return best

    def _best(self, row: int, number: int, found: Sequence[tuple[int, Link]]) -> tuple[int, Link] | None:
        graph = self._graph
        if self._judged is not None:
            found = self._judged.duplicates(row, found)
        if not found:
            return None
        self._load_kept({graph.rows[other].document for other, _ in found})
        others = [each for each in found if graph.rows[each[0]].document != number]
        let = [each for each in others if self.kept[graph.rows[each[0]].document] != REFUSED and not _gathers(each[1])]
        return min(let, key=lambda each: (-each[1].similarity, each[1].relation, each[0]), default=None)

    def related(self, rows: Iterable[int]) -> list[Decision]:
        """Return what rows that do not arrive are related to, best first."""
        graph = self._graph
        found = []
        for row in rows:
            for other, link in self._links(row, self._compared.related.get(row, [])):
                self._load_kept({graph.rows[other].document})
                if graph.rows[other].document != graph.rows[row].document:
                    apart = not is_duplicate_link(link, self._config) or _gathers(link)
                    found.append((apart, self.kept[graph.rows[other].document] == REFUSED, row, other, link))
        found.sort(key=lambda each: (*each[:2], -each[4].similarity, *each[2:4]))
        return [self._evidence(row, other, link, "index" if apart else "skip") for apart, _, row, other, link in found]

    def repeated(self, rows: Iterable[int]) -> set[str]:
        """Return the ids of the documents that stand for what rows that do not arrive are duplicates of, of those that were let through. A
        round-up that holds them counts only where there is nothing else."""
        graph = self._graph
        found, holding = set[str](), set[str]()
        for row in rows:
            for other, link in self._links(row, self._compared.related.get(row, [])):
                document = graph.rows[other].document
                self._load_kept({document})
                if is_duplicate_link(link, self._config) and document != graph.rows[row].document and self.kept[document] != REFUSED:
                    (found if link.binds() else holding).add(self._ids[self._holder(document)])
        return found or holding

    def _links(self, row: int, links: Iterable[Link]) -> list[tuple[int, Link]]:
        """Return the links of a row, with those of the text that it is a copy of, each seen from the other side."""
        graph = self._graph
        found = [(link.row, link) for link in links]
        original = self._compared.same.get(row)
        if original is not None and not restricts(self._config):
            graph.load(graph.around((original,)))
            found.append((original, identical(original, row)))
            found += [(other, link if link.row == other else turned(link)) for other, link in graph.links[original].items()]
        return found if self._judged is None else self._judged.seen(row, found)

    def _evidence(self, row: int, other: int, link: Link, action: Action) -> Decision:
        graph = self._graph
        document = self._ids[graph.rows[other].document]
        return Decision(
            graph.rows[row].name, action, document, None, *self._measured(graph.rows[other].document, other, link), self._cluster(other)
        )

    def _measured(self, document: int, other: int, link: Link) -> tuple[str | None, str, float, float, float, float, float]:
        """Return what is matched where that is not the id of a document, how, and the measures of a link, seen from the newer text."""
        fact = self._graph.rows[other]
        matched = fact.name if fact.name != self._ids[document] else None
        shares = round(link.jaccard, 4), round(link.containment_other, 4), round(link.containment, 4)
        return matched, RELATIONS[link.relation].mirrored.value, *shares, round(link.similarity, 4), round(link.probability, 4)

    def _load_kept(self, documents: set[int]) -> None:
        missing = sorted(number for number in documents if number not in self.kept)
        if not missing:
            return
        for number, name, version, _, _, kept, *_, source, _ in DOCUMENTS.read_among(self._store, "where number {among}", missing):
            self.kept[number], self._ids[number], self._facts[number] = kept, name, (version, source)

    def _holder(self, document: int) -> int:
        """Return the document that stands for one that was let through: itself, or what has replaced it."""
        passed = []
        while self.kept[document] != document:
            passed.append(document)
            document = self.kept[document]
            self._load_kept({document})
        for each in passed[:-1]:  # no chain of replacements is followed twice (Tarjan, 1975: path compression)
            self.kept[each] = self.replaced[each] = document
        return document

    def _held_back(self, document: Document, name: str, number: int, row: int, match: tuple[int, Link]) -> Decision:
        other, link = match
        graph = self._graph
        holder = self._holder(graph.rows[other].document)
        self.repeated_by[number] = graph.rows[other].document, holder
        relation = RELATIONS[link.relation].mirrored
        is_back = relation is Relation.IDENTICAL and holder != graph.rows[other].document and self._corrects(holder, row, document.source)
        digest = self._what_is_new(holder, document) if is_back or relation in _BRINGING else None
        better = not self._policy.first and graph.rows[row].own_place < self._place(holder)
        self.kept[number], self.holders[number] = REFUSED, holder
        if digest is not None or better:
            self.kept[number] = number
            del self.holders[number]
            self.kept[holder] = self.replaced[holder] = number
        action: Action = "skip" if self.kept[number] == REFUSED else "update"
        version, source = self._facts[holder]
        inside = graph.rows[row].name
        self._cluster(other)  # which is told to nobody, but is what others are called after
        return Decision(
            document.id,
            action,
            self._ids[holder],
            None if inside == name else inside,
            *self._measured(holder, other, link),
            self._cluster(row),
            digest,
            of_version=version if version > 1 else None,
            same_source=None if source is None or document.source is None else source == document.source,
        )

    def _place(self, holder: int) -> Place:
        """Return by what a document is preferred: its largest segment."""
        return min(row.own_place for row in self._rows_of(holder))

    def _latest(self, holder: int) -> float | None:
        """Return the time of a document."""
        return max((row.timestamp for row in self._rows_of(holder) if row.timestamp is not None), default=None)

    def _rows_of(self, document: int) -> list[StoredRow]:
        rows = self._rows.get(document) or [row for (row,) in self._store.rows("select row from segments where document = ?", (document,))]
        self._graph.load(rows)
        return [self._graph.rows[row] for row in rows]

    def _corrects(self, holder: int, row: int, source: str | None) -> bool:
        """Tell whether the words of a text that was replaced come again to correct what has replaced it: from the same source or at a later
        time, and not from another source or earlier. Else it is taken for a late copy."""
        moment, before, own = self._graph.rows[row].timestamp, self._latest(holder), self._facts[holder][1]
        signs = []
        if source is not None and own is not None:
            signs.append(source == own)
        if moment is not None and before is not None:
            signs.append(moment > before)
        return bool(signs) and all(signs)

    def _what_is_new(self, holder: int, document: Document) -> tuple[str, ...] | None:
        if self._policy.news is None:
            return None
        text = self._texts.get(holder)
        if text is None:
            text = text_of(self._store, holder)
            if text is None:
                return None
        digest = self._policy.news(text, document.text)
        return None if digest is None else tuple(digest)

    def _cluster(self, row: int) -> str | None:
        graph = self._graph
        original = self._compared.same.get(row, graph.rows[row].same)
        node = row if original is None or restricts(self._config) else original
        star = graph.rows[node].star
        if star is None and original is None:
            return None
        founder = graph.founder(node)
        graph.load((founder,))
        name = self._called.get(founder)
        if name is None:
            name = self._called[founder] = graph.rows[founder].called or cluster_name(graph.rows[founder].name)
        self.names[name] = founder
        return name

    def write_names(self) -> None:
        """Write the names of clusters that were told, so that they lead to these for ever."""
        NAMES.insert(self._store, sorted(self.names.items()), anew=False)


def repeated_stories(known: WorkingSet, document: Document, number: int, counters: Counters, policy: Policy) -> set[str]:
    """Return the ids of the documents that stand for what a document is a duplicate of, as `Decider.repeated` does; it does not arrive."""
    prepared = prepare([document], known.config, keep_texts=False)
    compared = compare_rows(known, prepared, range(number, number + 1), counters, duplicates=False)
    return Decider(known, compared, policy).repeated(compared.rows) if len(compared.rows) == 1 else set()
