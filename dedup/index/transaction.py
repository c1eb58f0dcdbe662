"""One transaction of an index: what is decided about documents, and all that is written for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from .. import verify
from ..cluster import cluster_name
from ..config import Config
from ..errors import StoreError
from ..model import Document, Relation
from ..rules import restricts
from .decision import Action, Decision, again, restored
from .drafts import Drafts, draft, looked_up
from .graph import Link, Place
from .header import SUPERSEDED, read_header
from .holdings import unpacked
from .intake import Intake
from .postings import MOST_ROWS, Postings
from .recurrence import resettle
from .relating import identical, is_duplicate, turned
from .store import Store

News = Callable[[str, str], Sequence[str] | None]
"""Returns what a text has that is new against an older one, in a few lines; None where that is nothing."""

_REFUSED = -1  # for the document that stands for one that was not let through


class Transaction:
    """``run`` numbers the process that asks; it gets a number where it has none."""

    def __init__(self, store: Store, postings: Postings, config: Config, keep_texts: bool, run: int | None, news: News | None, first: bool):
        self._store, self._postings, self._config, self._keep_texts = store, postings, config, keep_texts
        self._news, self._first = news, first
        header = read_header(store)
        if SUPERSEDED in header and run != 0:
            raise StoreError("it was made again meanwhile", path=store.name, hint="open it again")
        postings.refresh()
        self.run = int(header["run"]) + 1 if run is None else run
        if run is None:
            store.run("update meta set value = ? where name = 'run'", (str(self.run),))
        self._texts = int(header["posted"])
        self._number, self._row = int(header["number"]), int(header["row"])  # of what is removed none is used again

    def decide(self, drafts: Drafts) -> list[Decision]:
        """Decide about documents in their order, and store them. Those that are stored are answered as before."""
        documents, digests = drafts.documents, drafts.digests
        answers = self._answered(drafts)
        first: dict[tuple[str, bytes], int] = {}
        for place, key in enumerate(zip((document.id for document in documents), digests, strict=True)):
            if key not in answers:
                first.setdefault(key, place)
        new = [*first.values()]
        for part in self._parts(drafts if len(new) == len(documents) else None, [documents[place] for place in new]):
            for key, decision in zip(zip((d.id for d in part.documents), part.digests, strict=True), self._take(part), strict=True):
                answers[key] = decision
        counters = {"posted": self._texts, "number": self._number, "row": self._row}
        self._store.run_many("update meta set value = ? where name = ?", [(str(value), name) for name, value in counters.items()])
        found = []
        for place, key in enumerate(zip((document.id for document in documents), digests, strict=True)):
            decision = answers[key]
            repeated = decision.action != "skip" and first.setdefault(key, place) != place
            found.append(again(decision) if repeated else decision)
        return found

    def related(self, drafts: Drafts) -> list[Decision]:
        """Return what is stored that drafts relate to, best first. Nothing is written."""
        intake = Intake(self._store, self._postings, self._config, self._row, self._texts)
        intake.compare(drafts, range(self._number, self._number + len(drafts.documents)))
        return _Choice(self._store, intake, self._config, None, True).related(range(self._row, intake.base))

    def _answered(self, drafts: Drafts) -> dict[tuple[str, bytes], Decision]:
        """Return what was decided about those documents that are stored."""
        wanted = {(document.id, digest) for document, digest in zip(drafts.documents, drafts.digests, strict=True)}
        found: dict[tuple[str, bytes], Decision] = {}
        seen = []
        ids = sorted({name for name, _ in wanted})
        for number, name, digest, run, answer in self._store.rows_among(
            "select number, id, digest, run, answer from documents where id {among}", ids
        ):
            if (name, bytes(digest)) in wanted:
                decision = restored(name, answer)
                if run == self.run and decision.action != "skip":
                    decision = again(decision)
                elif run != self.run:
                    seen.append((self.run, number))
                found[name, bytes(digest)] = decision
        self._store.run_many("update documents set run = ? where number = ?", seen)
        return found

    def _parts(self, drafts: Drafts | None, documents: Sequence[Document]) -> Iterator[Drafts]:
        """Yield drafts of the documents; one with which it becomes known what recurs comes alone, so that parts make no difference."""
        while documents:
            drafts = drafts or draft(documents, self._config, keep_texts=self._keep_texts)
            count = len(documents)
            if not verify.is_known(self._texts, self._config):
                posted = np.bincount(drafts.owners, looked_up(drafts, self._config)[1], count).cumsum()
                room = verify.texts_needed(self._config) - 1 - self._texts
                count = max(1, int((posted <= room).sum()))
            yield drafts if count == len(documents) else draft(documents[:count], self._config, keep_texts=self._keep_texts)
            documents, drafts = documents[count:], None

    def _take(self, drafts: Drafts) -> list[Decision]:
        if self._row + len(drafts.segments) > MOST_ROWS:
            what = f"no room for more than {MOST_ROWS:,} texts"
            raise StoreError(what, path=self._store.name, hint="begin another one, or make it again with dedup index rebuild")
        numbers = range(self._number, self._number + len(drafts.documents))
        intake = Intake(self._store, self._postings, self._config, self._row, self._texts)
        postings = intake.compare(drafts, numbers)
        if verify.is_known(intake.texts, self._config) and not verify.is_known(self._texts, self._config):
            resettle(self._store, intake)
        intake.foresee()
        choice = _Choice(self._store, intake, self._config, self._news, self._first)
        rows: list[list[int]] = [[] for _ in numbers]
        for row, owner in enumerate(drafts.owners, self._row):
            rows[owner].append(row)
        decisions = [choice.decide(*each) for each in zip(drafts.documents, numbers, rows, strict=True)]
        self._write(drafts, decisions, choice, numbers, intake)
        self._postings.add(postings)
        self._number, self._row, self._texts = self._number + len(numbers), intake.base, intake.texts
        return decisions

    def _write(self, drafts: Drafts, decisions: Sequence[Decision], choice: _Choice, numbers: Sequence[int], intake: Intake) -> None:
        self._store.run_many(
            "insert into documents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    document.id,
                    digest,
                    self.run,
                    choice.kept[number],
                    decision.stored(),
                    moment,
                    document.source,
                    int(document.segmented),
                    text,
                )
                for number, document, digest, decision, moment, text in zip(
                    numbers, drafts.documents, drafts.digests, decisions, drafts.moments, drafts.texts, strict=True
                )
            ],
        )
        rows = []
        for place, segment in enumerate(drafts.segments):
            row = self._row + place
            fact = intake.graph.facts[row]
            span = segment.index, segment.start, segment.end, segment.line, segment.heading, segment.bulletin
            short = " ".join(drafts.short[place]) if place in drafts.short and fact.same is None else None
            words = drafts.words.row(place).tobytes() if fact.same is None else None
            rows.append((row, fact.document, *span, fact.length, fact.prints, fact.same, None, None, None, short, words))
        self._store.run_many(f"insert into segments values ({', '.join('?' * 16)})", rows)
        self._store.run_many("update documents set kept = ? where number = ?", [(new, old) for old, new in sorted(choice.replaced.items())])
        self._store.run_many("insert into names values (?, ?) on conflict do nothing", sorted(choice.names.items()))
        intake.graph.flush()


class _Choice:
    """What is decided about each new document: one is held back only for another that was let through."""

    def __init__(self, store: Store, intake: Intake, config: Config, news: News | None, first: bool):
        self._store, self._intake, self._config, self._news, self._first = store, intake, config, news, first
        self.kept: dict[int, int] = {}
        self.replaced: dict[int, int] = {}
        self.names: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._rows: dict[int, Sequence[int]] = {}
        self._texts: dict[int, str] = {}

    def decide(self, document: Document, number: int, rows: Sequence[int]) -> Decision:
        """Decide about the document with these rows, the next ones to arrive."""
        found = [self._match(row, number) for row in rows]
        filled = [place for place, row in enumerate(rows) if self._intake.graph.facts[row].length]
        self._ids[number], self._rows[number], self._texts[number] = document.id, rows, document.text
        if not filled or any(found[place] is None for place in filled):
            self.kept[number] = number
            return Decision(document.id, "index", cluster=self._cluster(rows[0]) if len(rows) == 1 else None)
        place = max(filled, key=lambda place: self._intake.graph.facts[rows[place]].length)
        match = found[place]
        assert match is not None
        return self._held_back(document, number, rows[place], match)

    def _match(self, row: int, number: int) -> tuple[int, Link] | None:
        """Let a row arrive; return the best of the duplicates that were let through, and the link to it, seen from the older one."""
        graph = self._intake.graph
        found = self._links(row, [link for link in self._intake.arrive(row) if is_duplicate(link)])
        self._load_kept({graph.facts[other].document for other, _ in found})
        others = [each for each in found if graph.facts[each[0]].document != number]
        let = [each for each in others if self.kept[graph.facts[each[0]].document] != _REFUSED]
        return min(let, key=lambda each: (-each[1].similarity, each[1].relation, each[0]), default=None)

    def related(self, rows: Iterable[int]) -> list[Decision]:
        """Return what rows that do not arrive are related to, best first."""
        graph = self._intake.graph
        found = []
        for row in rows:
            for other, link in self._links(row, self._intake.related.get(row, [])):
                self._load_kept({graph.facts[other].document})
                if graph.facts[other].document != graph.facts[row].document:
                    found.append((not is_duplicate(link), self.kept[graph.facts[other].document] == _REFUSED, row, other, link))
        found.sort(key=lambda each: (*each[:2], -each[4].similarity, *each[2:4]))
        return [self._evidence(row, other, link, "index" if apart else "skip") for apart, _, row, other, link in found]

    def _links(self, row: int, links: Iterable[Link]) -> list[tuple[int, Link]]:
        """Return the links of a row, with those of the text that it is a copy of, each seen from the other side."""
        graph = self._intake.graph
        found = [(link.row, link) for link in links]
        original = self._intake.same.get(row)
        if original is not None and not restricts(self._config):
            graph.load(graph.around((original,)))
            found.append((original, identical(original, row)))
            found += [(other, link if link.row == other else turned(link)) for other, link in graph.links[original].items()]
        return found

    def _evidence(self, row: int, other: int, link: Link, action: Action) -> Decision:
        graph = self._intake.graph
        document = self._ids[graph.facts[other].document]
        return Decision(
            graph.facts[row].name,
            action,
            of=document,
            matched=graph.facts[other].name if graph.facts[other].name != document else None,
            relation=verify.RELATIONS[link.relation].mirrored.value,
            jaccard=round(link.jaccard, 4),
            containment_a=round(link.containment_other, 4),
            containment_b=round(link.containment, 4),
            similarity=round(link.similarity, 4),
            cluster=self._cluster(other),
        )

    def _load_kept(self, documents: set[int]) -> None:
        missing = sorted(number for number in documents if number not in self.kept)
        for number, kept, name in self._store.rows_among("select number, kept, id from documents where number {among}", missing):
            self.kept[number], self._ids[number] = kept, name

    def _holder(self, document: int) -> int:
        """Return the document that stands for one that was let through: itself, or what has replaced it."""
        while self.kept[document] != document:
            document = self.kept[document]
            self._load_kept({document})
        return document

    def _held_back(self, document: Document, number: int, row: int, match: tuple[int, Link]) -> Decision:
        other, link = match
        graph = self._intake.graph
        holder = self._holder(graph.facts[other].document)
        relation = verify.RELATIONS[link.relation].mirrored
        digest = self._what_is_new(holder, document, relation)
        better = not self._first and graph.facts[row].own_place < self._place(holder)
        self.kept[number] = _REFUSED
        if digest is not None or better:
            self.kept[number] = number
            self.kept[holder] = self.replaced[holder] = number
        action: Action = "skip" if self.kept[number] == _REFUSED else "update"
        found = replace(
            self._evidence(row, other, link, action), id=document.id, of=self._ids[holder], digest=digest, cluster=self._cluster(row)
        )
        inside = graph.facts[row].name
        return found if inside == document.id else replace(found, segment=inside)

    def _place(self, holder: int) -> Place:
        """Return by what a document is preferred: its largest segment."""
        graph = self._intake.graph
        rows = self._rows.get(holder) or [row for (row,) in self._store.rows("select row from segments where document = ?", (holder,))]
        graph.load(rows)
        return min(graph.facts[row].own_place for row in rows)

    def _what_is_new(self, holder: int, document: Document, relation: Relation) -> tuple[str, ...] | None:
        if self._news is None or relation not in (Relation.REVISION, Relation.CONTAINS):
            return None
        text = self._texts.get(holder)
        if text is None:
            (packed,) = self._store.rows("select text from documents where number = ?", (holder,))[0]
            if packed is None:
                return None
            text = unpacked(packed)
        digest = self._news(text, document.text)
        return None if digest is None else tuple(digest)

    def _cluster(self, row: int) -> str | None:
        graph = self._intake.graph
        original = self._intake.same.get(row, graph.facts[row].same)
        node = row if original is None or restricts(self._config) else original
        star = graph.facts[node].star
        if star is None and original is None:
            return None
        founder = graph.founder(node)
        graph.load((founder,))
        name = graph.facts[founder].called or cluster_name(graph.facts[founder].name)
        self.names[name] = founder
        return name
