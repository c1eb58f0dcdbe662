"""One transaction of an index: what is decided about documents, and all that is written for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ..config import Config
from ..errors import StoreError
from ..model import Document
from ..text.ids import version_name
from .cluster_names import avoid_used_names
from .coming import ComingTexts
from .compare import compare_rows, counters_of
from .decide import Decider, repeated_stories
from .decision import NO_TEXT, Decision, Policy, answered
from .deliveries import Run
from .doubts import write_doubts
from .insert import Insertion
from .known_records import KnownRecords
from .new_rows import document_rows, segment_rows
from .prepare import Prepared
from .prepared_part import part_of
from .record_versions import Versions
from .remove import remove_numbers, withdraw_numbers
from .storage.interface import Store
from .storage.postings import MOST_ROWS, Postings
from .storage.tables import DOCUMENTS, META, SEGMENTS, TEXTS, WORDS
from .stored_record import StoredRecord
from .stories import Stories
from .window import window_of
from .words import keep_words, word_row
from .working_set import WorkingSet


class Transaction:
    """Documents into an index, all or none of them. ``metadata`` is what the index says about itself, ``run`` who asks."""

    def __init__(
        self, store: Store, postings: Postings, config: Config, keep_texts: bool, metadata: Mapping[str, str], run: Run, policy: Policy
    ):
        self._store, self._postings, self._config, self._keep_texts = store, postings, config, keep_texts
        self._number, self._counters = int(metadata["number"]), counters_of(metadata)  # of what is removed no number is used again
        self._run, self._policy, self._removed = run, policy, metadata["removed"] != "0"
        self._versions, self._records, self._leaving = Versions(store), KnownRecords(store, run, policy), list[int]()
        self._window = window_of(store, postings, config, metadata, run)

    def decide(self, prepared: Prepared) -> list[Decision]:
        """Decide about documents in their order, and store them. Those that are stored are answered as before, or as seen."""
        documents, self._asking = prepared.documents, prepared
        self._load({document.id for document in documents})
        answers, end = dict[int, Decision](), 0
        self._window.arrive(prepared, self._records)
        while end < len(documents):
            start, (end, new) = end, self._answer_known(end, self._forget_before(end), answers)
            self._remove_leaving()
            if new:
                taken = prepared if len(new) == len(documents) else part_of(prepared, new)
                answers.update(zip(new, self._take(taken, new), strict=True))
            answers |= {place: self._answer_again(place) for place in range(start, end) if place not in answers}  # came again
        DOCUMENTS.change(self._store, self._records.asked)
        self._window.write()
        counters = {"posted": self._counters.texts, "number": self._number, "row": self._counters.row}
        META.replace(self._store, [(name, str(value)) for name, value in counters.items()])
        return [answered(answers[place], document, self._policy) for place, document in enumerate(documents)]

    def _load(self, ids: Collection[str]) -> None:
        for name, version in self._records.load(ids):
            self._versions.note(name, version)

    def _forget_before(self, place: int) -> tuple[int, int]:
        """Forget what has fallen out of the window before a document comes; return what `Window.reach` does."""
        if gone := self._window.sweep(place, self._number):
            self._versions.forget_all(self._records.fall_out(gone))
            self._note_removal()
        return self._window.reach(place)

    def _answer_known(self, start: int, reach: tuple[int, int], answers: dict[int, Decision]) -> tuple[int, list[int]]:
        """Answer what is known of documents from a place on. Return the place where something has to be removed or decided about before the
        next one is, or where ``reach`` ends, and the places before it of what is new."""
        asking, records = self._asking, self._records
        coming = ComingTexts(asking)
        for place in range(start, reach[0]):
            if len(coming.places) == reach[1]:
                return place, coming.places
            name, digest, age = asking.documents[place].id, asking.digests[place], asking.age(place)
            stored = records.texts[name]
            why = None if asking.as_they_are else asking.withdrawals[place]
            if why is None and name not in coming and not records.has_any(name):  # as most are
                coming.add(place)
                continue
            same_id = coming.under(name)
            if why is not None and not (why == "notice" and digest in same_id):
                if same_id or (coming.places and (stored or why == "notice")):
                    return place, coming.places
                if (decision := self._withdraw(place)) is not None:
                    answers[place] = decision
                    continue
            is_known = digest in stored or digest in same_id
            if is_known and same_id - {digest} and coming.has_only_older(name, age):
                return place, coming.places
            if digest in same_id:
                coming.add_again(place)
                continue
            goes_back = records.goes_back(name, digest, *age)
            if goes_back and coming.places:
                return place, coming.places
            texts = {each for each, record in stored.items() if not record.is_withdrawn} | same_id
            if records.is_stored(name, digest, *age) and not goes_back:
                if records.is_yet_to_go_back(name, digest, *age):
                    answers[place] = Decision(name, "skip", name, why="older")
                    continue
                replaced = texts - {digest} if self._policy.same_id == "replace" and stored[digest].is_withdrawn else set()
                if replaced and records.is_told_again(stored[digest].run):
                    if coming.places:
                        return place, coming.places
                    self._leave(name, replaced)
                answers[place] = self._answer_again(place)
                continue
            if digest not in stored and (told := records.as_told(name, digest)) is not None:
                answers[place] = told
                continue
            if not asking.as_they_are and (records.is_older(name, *age) or coming.has_newer(name, age)):
                answers[place] = Decision(name, "skip", name, why="older")
                continue
            if texts and digest not in stored and self._policy.same_id == "refuse":
                answers[place] = Decision(name, "refuse", why=f"its id {name!r} has come before, with another text")
                continue
            replaced = texts if self._policy.same_id == "replace" else set()
            if replaced - {digest} and coming.places:
                return place, coming.places
            # What is stored of it goes back, or held nothing back, so that it may go before others are decided about.
            self._leave(name, replaced | ({digest} & stored.keys()))
            coming.add(place)
        return reach[0], coming.places

    def _answer_again(self, place: int) -> Decision:
        """Answer a document that is stored."""
        name, digest = self._asking.documents[place].id, self._asking.digests[place]
        known = self._records.texts[name][digest]
        self._window.see_again(known, self._records, place)
        return self._records.as_before(name, digest, self._asking.editions[place])

    def _leave(self, name: str, digests: Iterable[bytes]) -> None:
        """Note that texts under an id are to be removed."""
        if gone := self._records.forget(name, sorted(digests)):
            self._window.untouch(gone)
            self._leaving += gone
            self._versions.forget(name, max((each.version for each in self._records.texts[name].values()), default=0))

    def _remove_leaving(self) -> None:
        if self._leaving:
            remove_numbers(self._store, self._config, self._leaving)
            self._note_removal()
            self._leaving = []

    def _note_removal(self) -> None:
        self._removed = True
        self._counters = replace(self._counters, loose=True)

    def _withdraw(self, place: int) -> Decision | None:
        """Decide about a document that withdraws what is known under its id, or the story that a notice is about; None for a notice about
        which nothing is known, which is a text like others."""
        document, why, records = self._asking.documents[place], self._asking.withdrawals[place], self._records
        (*known, (free, _)) = records.withdrawals_like(document)
        events = [(digest, event) for digest, event in known if event is not None]
        about: str | None = document.id
        if why == "notice":
            if self._asking.digests[place] in records.texts[document.id]:
                return None
            about = self._subject(document, events)
            if about is None:
                return None
        assert about is not None
        self._load({about})
        texts = records.texts[about].values()
        let_through = [text for text in texts if text.is_let_through]
        last: StoredRecord | None = None
        for digest, event in events:
            if last is not None and records.is_told_again(event.run) and records.are_yet_to_come(about, last.number, event.number):
                return records.withdrawal_again(last)
            later = (text for text in let_through if text.number > event.number and not text.precedes(event.edition, event.moment))
            is_over = any(not records.is_told_again(text.run) for text in later)
            if records.is_told_again(event.run) and not is_over:
                decision = records.withdrawal_as_before(event, digest)
                if decision.action == "withdraw":
                    self._take_back(about, event)
                self._window.touch((event.number, *records.taken_by(about, event)), place)
                return decision
            last = event
        # What was let through after the last time, in a run that was broken off, is yet to come again.
        if last is not None and all(text.number > last.number and records.is_told_again(text.run) for text in let_through):
            return records.withdrawal_again(last)
        age = self._asking.age(place)
        if records.is_older(document.id, *age):
            return Decision(document.id, "skip", document.id, why="older")
        last_version = max((text.version for text in let_through), default=1)
        of_version = last_version if last_version > 1 else None
        decision = Decision(document.id, "withdraw", about if let_through else None, why=why, of_version=of_version)
        if why == "empty" and not texts and all(each.decision.action == "refuse" for each in records.withdrawals[about].values()):
            decision = Decision(document.id, "refuse", why=NO_TEXT)
        event = StoredRecord(self._number, -1 - len(records.withdrawals[document.id]), self._run.number, None, decision, *age)
        self._number += 1
        told = event.number, document.id, event.version, free, event.run, event.number, None, decision.stored(age[0])
        DOCUMENTS.insert(self._store, [(*told, age[1], document.source, int(document.segmented))])
        records.note(document.id, free, event)
        if decision.action == "withdraw":
            self._take_back(about, event)
            self._window.touch(records.taken_by(about, event), place)
        return decision

    def _subject(self, document: Document, events: Sequence[tuple[bytes, StoredRecord]]) -> str | None:
        """Return the id of what a notice withdraws: its own where that is known, or of the one story that it repeats, None for none."""
        if events:
            return events[0][1].decision.of or document.id
        if self._records.texts[document.id]:
            return document.id
        known = WorkingSet(self._store, self._postings, self._config)
        found = repeated_stories(known, document, self._number, self._counters, self._policy)
        self._load(found)
        texts = {name: self._records.texts[name].values() for name in found}
        stories = [name for name in found if any(text.is_let_through and text.decision.why != "notice" for text in texts[name])]
        return stories[0] if len(stories) == 1 else None

    def _take_back(self, name: str, event: StoredRecord) -> None:
        """Withdraw the texts under an id that came before a withdrawal."""
        gone = {*self._records.taken_by(name, event)}
        if left := self._records.left_under(name, event):
            gone |= withdraw_numbers(self._store, self._config, left, event.number)
            self._note_removal()
        self._records.take_back(gone, event.number)

    def _take(self, prepared: Prepared, places: Sequence[int]) -> list[Decision]:
        if self._counters.row + len(prepared.segments) > MOST_ROWS:
            what = f"no room for more than {MOST_ROWS:,} texts"
            raise StoreError(what, path=self._store.name, hint="start a new index, or rebuild it with dedup index rebuild")
        parts: list[list[int]] = [[] for _ in prepared.documents]
        for segment, owner in zip(prepared.segments, prepared.owners, strict=True):
            parts[owner] += [] if segment.index is None else [segment.index]
        versions = self._versions.of([(document.id, segments) for document, segments in zip(prepared.documents, parts, strict=True)])
        names = (version_name(document.id, version) for document, version in zip(prepared.documents, versions, strict=True))
        prepared = replace(prepared, names=[*names])
        numbers = range(self._number, self._number + len(prepared.documents))
        known = WorkingSet(self._store, self._postings, self._config)
        compared = compare_rows(known, prepared, numbers, self._counters, stories=self._policy.origins)
        rows: list[list[int]] = [[] for _ in numbers]
        for row, owner in enumerate(prepared.owners, compared.rows.start):
            rows[owner].append(row)
        insertion = Insertion(known, compared, known.judged.expect(prepared, rows) if known.judged else {})
        avoid_used_names(known, compared.rows if self._removed else ())
        decider = Decider(known, compared, self._policy)
        stories = Stories(known, compared, prepared) if self._policy.origins else None
        decisions = []
        for document, name, number, own in zip(prepared.documents, prepared.names, numbers, rows, strict=True):
            decision = decider.decide(document, name, number, own, insertion)
            decisions.append(replace(decision, origins=stories.origins(own)) if stories is not None else decision)
        decider.names |= stories.names if stories is not None else {}
        counted = zip(decisions, versions, strict=True)
        decisions = [replace(decision, version=version) if version > 1 else decision for decision, version in counted]
        for place, (decision, why) in enumerate(zip(decisions, prepared.withdrawals, strict=True)):
            if why == "notice" and decision.action != "skip":
                decisions[place] = replace(decision, why=why)
        self._write(prepared, versions, decisions, decider, numbers, known)
        for place, (number, version, decision) in enumerate(zip(numbers, versions, decisions, strict=True)):
            told = decider.holders.get(number), decision, *prepared.age(place)
            record = StoredRecord(number, version, self._run.number, *told)
            self._records.note(prepared.documents[place].id, prepared.digests[place], record)
        self._postings.add(compared.postings)
        self._window.came(numbers, places, compared.texts - self._counters.texts, decider.repeated_by)
        self._number += len(numbers)
        self._counters = replace(self._counters, row=compared.rows.stop, texts=compared.texts)
        return decisions

    def _write(
        self,
        prepared: Prepared,
        versions: Sequence[int],
        decisions: Sequence[Decision],
        decider: Decider,
        numbers: Sequence[int],
        known: WorkingSet,
    ) -> None:
        DOCUMENTS.insert(self._store, [*document_rows(prepared, versions, decisions, decider, numbers, self._run.number)])
        TEXTS.insert(self._store, [(number, *text) for number, text in zip(numbers, prepared.texts, strict=True) if text is not None])
        SEGMENTS.insert(self._store, [*segment_rows(prepared, known.graph, self._counters.row)])
        words = []
        for place, row in enumerate(range(self._counters.row, self._counters.row + len(prepared.segments))):
            if known.graph.rows[row].same is None:
                keep_words(self._postings.recent, row, prepared.words.row(place), prepared.short.get(place))
                if not self._keep_texts:
                    words.append(word_row(row, prepared.words.row(place), prepared.short.get(place)))
        WORDS.insert(self._store, words)
        DOCUMENTS.change(self._store, {old: {"kept": new} for old, new in decider.replaced.items()})
        decider.write_names()
        known.graph.flush()
        write_doubts(self._store, self._config, known.doubts())
