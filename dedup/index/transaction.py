"""One transaction of an index: what is decided about documents, and all that is written for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..clusters.stars import cluster_name
from ..config import Config
from ..errors import StoreError
from ..model import Document
from ..text.ids import version_name
from ..verification.relations import recurrence_is_known, texts_needed
from .compare import compare_rows, counters_of
from .decide import Decider
from .decision import Decision, Policy, again, restored, seen
from .deliveries import Run, RunState, state_of
from .insert import Insertion
from .prepare import Prepared, looked_up, prepare
from .record_versions import Versions
from .remove import remove_numbers
from .reverify import reverify
from .storage.interface import Store
from .storage.postings import MOST_ROWS, Postings
from .storage.tables import DOCUMENTS, META, SEGMENTS, TEXTS, WORDS
from .working_set import WorkingSet

_Key = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A document that is stored: its number and version, the run that let it through last, the document for which it was held back, None
    for none, and what was decided about it."""

    number: int
    version: int
    run: int
    holder: int | None
    decision: Decision


class Transaction:
    """Documents into an index, all or none of them. ``metadata`` is what the index says about itself, ``run`` who asks."""

    def __init__(
        self, store: Store, postings: Postings, config: Config, keep_texts: bool, metadata: Mapping[str, str], run: Run, policy: Policy
    ):
        self._store, self._postings, self._config, self._keep_texts = store, postings, config, keep_texts
        self._run, self._policy = run, policy
        self._number, self._counters = int(metadata["number"]), counters_of(metadata)  # of what is removed no number is used again
        self._removed = metadata["removed"] != "0"
        self._versions = Versions(store)
        self._known: dict[str, dict[bytes, _Stored]] = {}
        self._gone: set[int] = set()  # documents for which others were held back, and that were removed
        self._leaving: list[int] = []
        self._asked: dict[int, dict[str, int]] = {}
        self._states: dict[int, RunState] = {}
        postings.refresh()

    def decide(self, prepared: Prepared) -> list[Decision]:
        """Decide about documents in their order, and store them. Those that are stored are answered as before, or as seen."""
        documents = prepared.documents
        self._keys = [*zip((document.id for document in documents), prepared.digests, strict=True)]
        self._load({name for name, _ in self._keys})
        answers: dict[int, Decision] = {}
        end = 0
        while end < len(documents):
            start, (end, new) = end, self._answer_known(end, answers)
            self._remove_leaving()
            whole = prepared if len(new) == len(documents) else None
            decided = (decision for part in self._parts(whole, [documents[place] for place in new]) for decision in self._take(part))
            answers.update(zip(new, decided, strict=True))
            for place in range(start, end):  # what came again among the new ones
                if place not in answers:
                    answers[place] = self._as_before(self._keys[place])
        DOCUMENTS.change(self._store, self._asked)
        counters = {"posted": self._counters.texts, "number": self._number, "row": self._counters.row}
        META.change(self._store, {name: {"value": str(value)} for name, value in counters.items()})
        return [answers[place] for place in range(len(documents))]

    def _load(self, ids: set[str]) -> None:
        """See what is stored under some ids, and for which of it nothing stands any more for which it was held back."""
        holders = set()
        for number, name, version, digest, run, _, holder, answer, *_ in DOCUMENTS.read_among(self._store, "where id {among}", sorted(ids)):
            self._known.setdefault(name, {})[bytes(digest)] = _Stored(number, version, run, holder, restored(name, answer))
            self._versions.note(name, version)
            holders |= set() if holder is None else {holder}
        there = {number for (number,) in self._store.rows_among("select number from documents where number {among}", sorted(holders))}
        self._gone |= holders - there

    def _answer_known(self, start: int, answers: dict[int, Decision]) -> tuple[int, list[int]]:
        """Answer what is known of documents from a place on. Return the place where something has to be removed before the next one is
        decided about, or the end, and the places before it of what is new."""
        coming: dict[str, set[bytes]] = {}
        new: list[int] = []
        for place in range(start, len(self._keys)):
            name, digest = key = self._keys[place]
            stored = self._known.setdefault(name, {})
            if digest in coming.get(name, ()):
                continue
            if digest in stored and stored[digest].holder not in self._gone:
                answers[place] = self._as_before(key)
                continue
            texts = stored.keys() | coming.get(name, set())
            if digest in stored:  # which held nothing back, so that it may go before others are decided about
                self._leave(name, [digest])
            elif texts and self._policy.same_id == "refuse":
                answers[place] = Decision(name, "refuse", why=f"its id {name!r} has come before, with another text")
                continue
            elif texts and self._policy.same_id == "replace":
                if coming:
                    return place, new
                self._leave(name, [*texts])
            coming.setdefault(name, set()).add(digest)
            new.append(place)
        return len(self._keys), new

    def _leave(self, name: str, digests: Sequence[bytes]) -> None:
        """Note that texts under an id are to be removed."""
        stored = self._known[name]
        numbers = [stored.pop(digest).number for digest in digests]
        self._leaving += numbers
        self._gone.update(numbers)
        self._versions.forget(name, max((each.version for each in stored.values()), default=0))

    def _remove_leaving(self) -> None:
        if self._leaving:
            remove_numbers(self._store, self._config, self._leaving)
            self._leaving, self._removed = [], True
            self._counters = replace(self._counters, loose=True)

    def _as_before(self, key: _Key) -> Decision:
        """Return what is answered about a document that is stored, let through again only where that answer may never have arrived."""
        document = self._known[key[0]][key[1]]
        decision = document.decision
        if decision.action == "skip":
            return decision
        if document.run == self._run.number:
            return again(decision)
        if document.run not in self._states:
            self._states[document.run] = state_of(self._store, document.run)
        if self._states[document.run] is not RunState.BROKEN_OFF and not self._policy.redeliver:
            return seen(decision)
        self._known[key[0]][key[1]] = replace(document, run=self._run.number)
        self._asked[document.number] = {"run": self._run.number}
        return decision

    def _parts(self, prepared: Prepared | None, documents: Sequence[Document]) -> Iterator[Prepared]:
        """Yield the documents prepared; one with which it becomes known what recurs comes alone, so that parts make no difference."""
        while documents:
            prepared = prepared or prepare(documents, self._config, keep_texts=self._keep_texts)
            count = len(documents)
            if not recurrence_is_known(self._counters.texts, self._config):
                posted = np.bincount(prepared.owners, looked_up(prepared, self._config)[1], count).cumsum()
                room = texts_needed(self._config) - 1 - self._counters.texts
                count = max(1, int((posted <= room).sum()))
            yield prepared if count == len(documents) else prepare(documents[:count], self._config, keep_texts=self._keep_texts)
            documents, prepared = documents[count:], None

    def _take(self, prepared: Prepared) -> list[Decision]:
        if self._counters.row + len(prepared.segments) > MOST_ROWS:
            what = f"no room for more than {MOST_ROWS:,} texts"
            raise StoreError(what, path=self._store.name, hint="start a new index, or rebuild it with dedup index rebuild")
        parts: list[list[int]] = [[] for _ in prepared.documents]
        for segment, owner in zip(prepared.segments, prepared.owners, strict=True):
            parts[owner] += [] if segment.index is None else [segment.index]
        versions = self._versions.of([(document.id, segments) for document, segments in zip(prepared.documents, parts, strict=True)])
        names = [version_name(document.id, version) for document, version in zip(prepared.documents, versions, strict=True)]
        prepared = replace(prepared, names=names)
        numbers = range(self._number, self._number + len(prepared.documents))
        known = WorkingSet(self._store, self._postings, self._config)
        compared = compare_rows(known, prepared, numbers, self._counters)
        if compared.recurrence_known and not recurrence_is_known(self._counters.texts, self._config):
            reverify(known, compared)
        insertion = Insertion(known, compared)
        self._rename(known, compared.rows)
        decider = Decider(known, compared, self._policy)
        rows: list[list[int]] = [[] for _ in numbers]
        for row, owner in enumerate(prepared.owners, compared.rows.start):
            rows[owner].append(row)
        decisions = [decider.decide(*each, insertion) for each in zip(prepared.documents, names, numbers, rows, strict=True)]
        decisions = [
            replace(decision, version=version) if version > 1 else decision for decision, version in zip(decisions, versions, strict=True)
        ]
        self._write(prepared, versions, decisions, decider, numbers, known)
        for number, version, document, digest, decision in zip(
            numbers, versions, prepared.documents, prepared.digests, decisions, strict=True
        ):
            holder = decider.holders.get(number)
            self._known.setdefault(document.id, {})[digest] = _Stored(number, version, self._run.number, holder, decision)
        self._postings.add(compared.postings)
        self._number += len(numbers)
        self._counters = replace(self._counters, row=compared.rows.stop, texts=compared.texts)
        return decisions

    def _rename(self, known: WorkingSet, rows: Iterable[int]) -> None:
        """Give the clusters that new rows may found other names than those that clusters had before whose members were removed."""
        if not self._removed:
            return
        natural = {cluster_name(known.graph.rows[row].name): row for row in rows}
        for (name,) in self._store.rows_among("select name from names where name {among}", sorted(natural)):
            row = natural[name]
            known.graph.rows[row].called = cluster_name(f"{known.graph.rows[row].name}\n{row}")

    def _write(
        self,
        prepared: Prepared,
        versions: Sequence[int],
        decisions: Sequence[Decision],
        decider: Decider,
        numbers: Sequence[int],
        known: WorkingSet,
    ) -> None:
        rows: list[tuple[object, ...]] = []
        for number, document, version, digest, decision, timestamp in zip(
            numbers, prepared.documents, versions, prepared.digests, decisions, prepared.timestamps, strict=True
        ):
            told = self._run.number, decider.kept[number], decider.holders.get(number), decision.stored()
            rows.append((number, document.id, version, digest, *told, timestamp, document.source, int(document.segmented)))
        DOCUMENTS.insert(self._store, rows)
        TEXTS.insert(self._store, [(number, text) for number, text in zip(numbers, prepared.texts, strict=True) if text is not None])
        segments, words = [], []
        for place, segment in enumerate(prepared.segments):
            row = self._counters.row + place
            fact = known.graph.rows[row]
            span = segment.index, segment.start, segment.end, segment.line, segment.heading, segment.bulletin
            segments.append((row, fact.document, *span, fact.length, fact.prints, fact.same, None, None, fact.called))
            if fact.same is None:
                short = " ".join(prepared.short[place]) if place in prepared.short else None
                words.append((row, prepared.words.row(place).tobytes(), short))
        SEGMENTS.insert(self._store, segments)
        WORDS.insert(self._store, words)
        DOCUMENTS.change(self._store, {old: {"kept": new} for old, new in decider.replaced.items()})
        decider.write_names()
        known.graph.flush()
