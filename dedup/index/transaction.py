"""One transaction of an index: what is decided about documents, and all that is written for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from .. import verify
from ..config import Config
from ..model import Document, Relation
from ..rules import restricts
from .decision import Decision, restored
from .drafts import Drafts, draft
from .graph import Link, Place
from .header import read_header
from .holdings import cluster_name, unpacked
from .intake import Intake
from .postings import Postings
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
        postings.refresh()
        self.run = int(header["run"]) + 1 if run is None else run
        if run is None:
            store.run("update meta set value = ? where name = 'run'", (str(self.run),))
        self._texts = int(header["posted"])
        (self._number,) = store.rows("select coalesce(max(number), -1) + 1 from documents")[0]
        (self._row,) = store.rows("select coalesce(max(row), -1) + 1 from segments")[0]

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
        self._store.run("update meta set value = ? where name = 'posted'", (str(self._texts),))
        found = []
        for place, key in enumerate(zip((document.id for document in documents), digests, strict=True)):
            decision = answers[key]
            again = decision.action != "skip" and first.setdefault(key, place) != place
            found.append(_again(decision) if again else decision)
        return found

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
                    decision = _again(decision)
                elif run != self.run:
                    seen.append((self.run, number))
                found[name, bytes(digest)] = decision
        self._store.run_many("update documents set run = ? where number = ?", seen)
        return found

    def _parts(self, drafts: Drafts | None, documents: Sequence[Document]) -> Iterator[Drafts]:
        """Yield drafts of the documents, one at a time until it is known what recurs: it must not hang on how many came together."""
        while documents and not verify.is_known(self._texts, self._config):
            yield draft(documents[:1], self._config, keep_texts=self._keep_texts)
            documents, drafts = documents[1:], None
        if documents:
            yield drafts or draft(documents, self._config, keep_texts=self._keep_texts)

    def _take(self, drafts: Drafts) -> list[Decision]:
        numbers = range(self._number, self._number + len(drafts.documents))
        intake = Intake(self._store, self._postings, self._config, self._row, self._texts)
        postings = intake.compare(drafts, numbers)
        if verify.is_known(intake.texts, self._config) and not verify.is_known(self._texts, self._config):
            resettle(self._store, intake)
        decisions: list[Decision] = []
        choice = _Choice(self._store, intake, self._config, self._news, self._first)
        places = range(len(drafts.segments))
        for owner, rows in groupby(places, drafts.owners.__getitem__):
            while len(decisions) < owner:  # without a segment
                decisions.append(Decision(drafts.documents[len(decisions)].id, "index"))
                choice.kept[numbers[len(decisions) - 1]] = numbers[len(decisions) - 1]
            decisions.append(choice.decide(drafts.documents[owner], numbers[owner], [self._row + place for place in rows]))
        while len(decisions) < len(numbers):
            decisions.append(Decision(drafts.documents[len(decisions)].id, "index"))
            choice.kept[numbers[len(decisions) - 1]] = numbers[len(decisions) - 1]
        self._write(drafts, decisions, choice, numbers, intake)
        self._postings.add(postings)
        self._number, self._row, self._texts = self._number + len(numbers), intake.base, intake.texts
        return decisions

    def _write(self, drafts: Drafts, decisions: Sequence[Decision], choice: _Choice, numbers: Sequence[int], intake: Intake) -> None:
        self._store.run_many(
            "insert into documents values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (number, document.id, digest, self.run, choice.kept[number], decision.stored(), moment, document.source, text)
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
            rows.append((row, fact.document, *span, fact.length, fact.prints, fact.same, None, None, short, words))
        self._store.run_many(f"insert into segments values ({', '.join('?' * 15)})", rows)
        self._store.run_many("update documents set kept = ? where number = ?", [(new, old) for old, new in sorted(choice.replaced.items())])
        self._store.run_many("insert into names values (?, ?) on conflict do nothing", sorted(choice.names.items()))
        intake.graph.flush()


def _again(decision: Decision) -> Decision:
    """Return the decision about a document that came before in the same run, and was let through."""
    same = Relation.IDENTICAL.value
    return Decision(decision.id, "skip", decision.id, None, None, same, 1.0, 1.0, 1.0, 1.0, decision.cluster)


class _Choice:
    """What is decided about each new document: one is held back only for another that was let through."""

    def __init__(self, store: Store, intake: Intake, config: Config, news: News | None, first: bool):
        self._store, self._intake, self._config, self._news, self._first = store, intake, config, news, first
        self.kept: dict[int, int] = {}
        self.replaced: dict[int, int] = {}
        self.names: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._rows: dict[int, Sequence[int]] = {}

    def decide(self, document: Document, number: int, rows: Sequence[int]) -> Decision:
        """Decide about the document with these rows, the next ones to arrive."""
        found = [self._match(row, number) for row in rows]
        filled = [place for place, row in enumerate(rows) if self._intake.graph.facts[row].length]
        self._ids[number], self._rows[number] = document.id, rows
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
        links = [link for link in self._intake.arrive(row) if is_duplicate(link)]
        original = self._intake.same.get(row)
        found = [(link.row, link) for link in links]
        if original is not None and not restricts(self._config):
            graph.load_links((original,))
            graph.load((original,))
            found.append((original, identical(original, row)))
            found += [(other, link if link.row == other else turned(link)) for other, link in graph.links[original].items()]
        self._load_kept({graph.facts[other].document for other, _ in found})
        let = [each for each in found if self.kept[graph.facts[each[0]].document] != _REFUSED and graph.facts[each[0]].document != number]
        return min(let, key=lambda each: (-each[1].similarity, each[1].relation, each[0]), default=None)

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
        segments = {"segment": graph.facts[row].name, "matched": graph.facts[other].name}
        return Decision(
            document.id,
            "skip" if self.kept[number] == _REFUSED else "update",
            of=self._ids[holder],
            relation=relation.value,
            jaccard=round(link.jaccard, 4),
            containment_a=round(link.containment_other, 4),
            containment_b=round(link.containment, 4),
            similarity=round(link.similarity, 4),
            cluster=self._cluster(row),
            digest=digest,
            **{name: value for name, value in segments.items() if value not in (document.id, self._ids[holder])},
        )

    def _place(self, holder: int) -> Place:
        """Return by what a document is preferred: its largest segment."""
        graph = self._intake.graph
        rows = self._rows.get(holder) or [row for (row,) in self._store.rows("select row from segments where document = ?", (holder,))]
        graph.load(rows)
        return min(graph.facts[row].own_place for row in rows)

    def _what_is_new(self, holder: int, document: Document, relation: Relation) -> tuple[str, ...] | None:
        if self._news is None or relation not in (Relation.REVISION, Relation.CONTAINS):
            return None
        (text,) = self._store.rows("select text from documents where number = ?", (holder,))[0]
        if text is None:
            return None
        digest = self._news(unpacked(text), document.text)
        return None if digest is None else tuple(digest)

    def _cluster(self, row: int) -> str | None:
        graph = self._intake.graph
        original = self._intake.same.get(row)
        node = row if original is None or restricts(self._config) else original
        star = graph.facts[node].star
        if star is None and original is None:
            return None
        founder = graph.founder(node)
        graph.load((founder,))
        name = cluster_name(graph.facts[founder].name)
        self.names[name] = founder
        return name
