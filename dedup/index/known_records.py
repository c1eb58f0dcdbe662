"""What an index knows of the records of a transaction: their texts, what was withdrawn, and what is answered where one comes again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from ..model import Document
from .decision import Decision, Policy, again, restored_with_edition, seen, withdrawn
from .deliveries import Run, RunState, state_of
from .rows import REFUSED
from .storage.interface import Store
from .storage.tables import DOCUMENTS, TOLD
from .stored_record import StoredRecord
from .told import read_told

_HOLDERS = "select number, version, run, kept, holder, answer, moment from documents where number {among}"


class KnownRecords:
    """The records of a transaction, as far as they are stored."""

    def __init__(self, store: Store, run: Run, policy: Policy):
        self._store, self._run, self._policy = store, run, policy
        self.texts: dict[str, dict[bytes, StoredRecord]] = {}
        self.withdrawals: dict[str, dict[bytes, StoredRecord]] = {}
        self.gone: set[int] = set()
        """Documents for which others were held back, and that were removed or withdrawn."""
        self.asked: dict[int, dict[str, Any]] = {}
        """What is to be written of documents that were asked for again."""
        self._states: dict[int, RunState] = {}
        self._repeated: set[int] = set()  # texts that were told again in this call
        self._causes: dict[int, StoredRecord] = {}  # the withdrawals that took texts out, by their numbers
        self._keys: dict[int, tuple[str, bytes]] = {}
        self._told_ids: set[str] = set()
        self._told: dict[tuple[str, bytes], tuple[int, int, str]] = {}  # of texts that are forgotten: number, run and what was decided

    def load(self, ids: Collection[str]) -> Iterator[tuple[str, int]]:
        """See what is stored under some ids, and for which of it nothing stands any more for which it was held back. Yield the versions of
        texts."""
        missing = sorted({name for name in ids if name not in self.texts})
        for name in missing:
            self.texts[name], self.withdrawals[name] = {}, {}
        holders: set[int] = set()
        found = DOCUMENTS.read_among(self._store, "where id {among}", missing)
        for number, name, version, digest, run, _, holder, answer, moment, *_ in found:
            record = StoredRecord(number, version, run, holder, *restored_with_edition(name, answer), moment)
            self.note(name, bytes(digest), record)
            holders |= set() if holder is None else {holder}
            if version > 0:
                yield name, version
        self._look_at(holders)
        self._note_told(missing)

    def _look_at(self, holders: set[int]) -> None:
        causes, withdrawn_by = {*holders}, {}
        for number, version, _, kept, holder, *_ in self._store.rows_among(_HOLDERS, sorted(holders)):
            if version > 0:
                causes.discard(number)
                if kept == REFUSED and holder is not None:
                    withdrawn_by[number] = holder
        causes |= {*withdrawn_by.values()}
        for number, version, run, _, _, answer, moment in self._store.rows_among(_HOLDERS, self._unknown(causes)):
            self._causes[number] = StoredRecord(number, version, run, None, *restored_with_edition("", answer), moment)
        self.gone.update(self._unknown(causes))  # removed
        self.gone |= {number for number, cause in withdrawn_by.items() if cause not in self._causes or self._holds(self._causes[cause])}

    def _unknown(self, causes: Iterable[int]) -> list[int]:
        return sorted(number for number in causes if number not in self._causes)

    def note(self, name: str, digest: bytes, record: StoredRecord) -> None:
        """Note that a text or a withdrawal is stored."""
        if record.version > 0:
            self.texts.setdefault(name, {})[digest] = record
            self._keys[record.number] = name, digest
        else:
            self.withdrawals.setdefault(name, {})[digest] = record
            self._causes[record.number] = record

    def has_any(self, name: str) -> bool:
        """Tell whether anything is known under an id."""
        return bool(self.texts[name] or self.withdrawals[name]) or name in self._told_ids

    def forget(self, name: str, digests: Iterable[bytes]) -> list[int]:
        """Forget texts under an id, which are to be removed, and return their numbers."""
        numbers = [self.texts[name].pop(digest).number for digest in digests]
        self.gone.update(numbers)
        for number in numbers:
            del self._keys[number]
            self.asked.pop(number, None)
        return numbers

    def fall_out(self, numbers: Iterable[int]) -> dict[str, int]:
        """Forget documents that are not in the index any more, and return of their ids the last versions that are left."""
        names = set()
        for number in numbers:
            if number in self._keys:
                name, digest = self._keys.pop(number)
                names.add(name)
                del self.texts[name][digest]
            if number in self._causes:
                event = self._causes[number]
                known = self.withdrawals.get(event.decision.id, {})
                for digest in [each for each, record in known.items() if record.number == number]:
                    del known[digest]
            self.asked.pop(number, None)
        self._note_told(names)
        return {name: max((each.version for each in self.texts[name].values()), default=0) for name in names}

    def _note_told(self, ids: Collection[str]) -> None:
        self._told |= read_told(self._store, ids)
        self._told_ids |= {name for name, _ in self._told}

    def as_told(self, name: str, digest: bytes) -> Decision | None:
        """Return what is answered about a text that is forgotten, but was let through in this run, or in one that was broken off."""
        known = self._told.get((name, digest))
        if known is None:
            return None
        number, run, answer = known
        decision = restored_with_edition(name, answer)[0]
        if run == self._run.number:
            return decision if decision.action == "skip" else again(decision)
        if not self.is_told_again(run):
            return None
        self._told[name, digest] = number, self._run.number, answer
        TOLD.change(self._store, {number: {"run": self._run.number}})
        return decision

    def is_given_again(self, name: str, digest: bytes) -> bool:
        """Tell whether a text comes again because the run was broken off that it came in."""
        record, told = self.texts[name].get(digest), self._told.get((name, digest))
        runs = [record.run] if record is not None else [told[1]] if told is not None else []
        return any(map(self.is_broken_off, runs))

    def is_broken_off(self, run: int) -> bool:
        """Tell whether another run was broken off, so that its input is given again."""
        return run != self._run.number and self._state_of(run) is RunState.BROKEN_OFF

    def _state_of(self, run: int) -> RunState:
        if run not in self._states:
            self._states[run] = state_of(self._store, run)
        return self._states[run]

    def is_told_again(self, run: int) -> bool:
        """Tell whether what a run let through is let through again, because its answers may never have arrived."""
        return run != self._run.number and (self._state_of(run) is RunState.BROKEN_OFF or self._policy.redeliver)

    def _holds(self, record: StoredRecord) -> bool:
        return not self.is_told_again(record.run)

    def as_before(self, name: str, digest: bytes, edition: int | None = None) -> Decision:
        """Return what is answered about a text that is stored, let through again only where that answer may never have arrived."""
        text = self.texts[name][digest]
        decision = text.decision
        if edition is not None and edition > (text.edition or 0):
            text = self.texts[name][digest] = replace(text, edition=edition)
            self.asked.setdefault(text.number, {})["answer"] = decision.stored(edition)
        if decision.action == "skip":
            if self.is_broken_off(text.run):  # it was asked for in this run as well, should that be broken off
                self.texts[name][digest] = replace(text, run=self._run.number)
                self.asked.setdefault(text.number, {})["run"] = self._run.number
            return decision
        if text.is_withdrawn and self._holds(self._causes[text.holder or 0]):
            return withdrawn(decision)
        if text.run == self._run.number or text.number in self._repeated:
            return again(decision)
        if self._holds(text):
            if self._policy.repeat:
                self._repeated.add(text.number)
                return decision
            return seen(decision)
        # As it came then: a newer version with these words, after a withdrawal between the two, is yet to come again.
        edition = text.edition if edition is None else edition
        self.texts[name][digest] = replace(text, run=self._run.number, holder=None, edition=edition)
        self.asked.setdefault(text.number, {}).update(run=self._run.number, holder=None)
        return decision

    def is_stored(self, name: str, digest: bytes, edition: int | None, moment: float | None) -> bool:
        """Tell whether a text is stored and what was decided about it stands: it was not held back for one that is gone, and is no newer
        version with the words of one that was withdrawn."""
        text = self.texts[name].get(digest)
        if text is None or text.holder in self.gone:
            return False
        cause = self._causes.get(text.holder) if text.is_withdrawn and text.holder is not None else None
        if cause is None or not self._holds(cause):
            return True
        known = [each for each in (cause.edition, text.edition) if each is not None]
        return not (edition > max(known) if edition is not None and known else cause.precedes(edition, moment))

    def goes_back(self, name: str, digest: bytes, edition: int | None, moment: float | None) -> bool:
        """Tell whether a version that is newer than all texts of its record, and than what withdrew any, has the words of one that another
        one was let through after."""
        text, texts = self.texts[name].get(digest), self.texts[name].values()
        if text is None or text.is_withdrawn or self._policy.same_id == "refuse":
            return False
        is_followed = any(each.is_let_through and each.number > text.number for each in texts)
        is_newest = is_followed and all(each.precedes(edition, moment) for each in texts)
        return is_newest and not any(each.follows(edition, moment) for each in self.withdrawals[name].values())

    def is_yet_to_go_back(self, name: str, digest: bytes, edition: int | None, moment: float | None) -> bool:
        """Tell whether a text that is told again is a version from before another one, and will come again as one from after it."""
        text = self.texts[name][digest]
        others = (each for each in self.texts[name].values() if each is not text and (each.is_let_through or each.is_withdrawn))
        is_later = text.is_let_through and text.follows(edition, moment) and self.is_told_again(text.run)
        return is_later and any(each.follows(edition, moment) for each in others)

    def is_older(self, name: str, edition: int | None, moment: float | None) -> bool:
        """Tell whether a version of a record is older than one that is known."""
        known = (*self.texts[name].values(), *self.withdrawals[name].values())
        return any(each.follows(edition, moment) and self._holds(each) and each.decision.action != "refuse" for each in known)

    def withdrawals_like(self, document: Document) -> Iterator[tuple[bytes, StoredRecord | None]]:
        """Yield the digests of a withdrawal that has come, once or several times, each with what is stored of it; the last is free."""
        known = self.withdrawals[document.id]
        for count in range(len(known) + 1):
            values = ascii((document.text, document.status, document.version, document.time, count))
            digest = blake2b(values.encode(), digest_size=16, person=b"withdrawal").digest()
            yield digest, known.get(digest)
            if digest not in known:
                return

    def are_yet_to_come(self, name: str, after: int, before: int) -> bool:
        """Tell whether texts that were let through between two numbers, in runs that were broken off, have not come again."""
        texts = self.texts[name].values()
        return any(after < text.number < before and text.decision.action != "skip" and self.is_told_again(text.run) for text in texts)

    def withdrawal_as_before(self, event: StoredRecord, digest: bytes) -> Decision:
        """Return what was answered about a withdrawal whose answer may never have arrived."""
        event = replace(event, run=self._run.number)
        self.note(event.decision.id, digest, event)
        self.asked.setdefault(event.number, {})["run"] = event.run
        return event.decision

    def withdrawal_again(self, event: StoredRecord) -> Decision:
        """Return the decision about a withdrawal that comes again, with nothing to withdraw."""
        if event.decision.action != "withdraw" or (self._policy.repeat and event.run != self._run.number):
            return event.decision
        why = "withdrawn" if event.run == self._run.number else "seen"
        return Decision(event.decision.id, "skip", event.decision.of, why=why)

    def take_back(self, numbers: Iterable[int], event: int) -> None:
        """Note that texts were withdrawn."""
        for number in numbers:
            if number in self._keys:
                name, digest = self._keys[number]
                self.texts[name][digest] = replace(self.texts[name][digest], holder=event)
            if "holder" in self.asked.get(number, ()):
                self.asked[number]["holder"] = event
            self.gone.add(number)

    def taken_by(self, name: str, event: StoredRecord) -> list[int]:
        """Return the numbers of texts under an id that a withdrawal took out before."""
        return [text.number for text in self.texts[name].values() if text.holder == event.number]

    def left_under(self, name: str, event: StoredRecord) -> list[int]:
        """Return the numbers of texts under an id that came before a withdrawal, and that none took out."""
        texts = [text for text in self.texts[name].values() if text.holder is None or text.holder not in self._causes]
        return [text.number for text in texts if text.number < event.number or text.precedes(event.edition, event.moment)]
