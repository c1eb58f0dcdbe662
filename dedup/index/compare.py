"""New rows compared with all that an index has, and with each other: what each is a copy of, and what it is related to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from ..arrays.buckets import NEAREST, halves
from ..arrays.ragged import Array, sorted_unique
from ..candidates.fingerprints import FEW
from ..clusters.constraints import restricts
from ..config import Config
from ..model import Relation
from ..text.ids import segment_name
from ..verification.relations import RELATIONS
from .candidates import NewlyRecurring, Shared, share_bands, share_prints, strongest_pairs
from .prepare import Prepared, looked_up
from .rows import Link, StoredRow, canonical_place
from .storage.in_order import distinct_in_order, in_order
from .storage.postings import ALIKE, BAND, PRINT, SHORT, Postings, key_of, pack_postings, value_of
from .verification import enough_shared, identical, is_duplicate_link
from .working_set import WorkingSet


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found; nothing is stored or linked yet.

    ``rows`` are the numbers of the new rows. ``texts`` counts what is posted with them: each text once and long enough to match.
    ``same`` has for each copy the older row with its words.
    ``related`` has the other relations of each new row, seen from the older row. ``overfull`` are the new rows in overfull buckets,
    ``newly_recurring`` the fingerprints that recur from now on. ``postings`` are to be added to the index. ``apart`` has, where it is asked
    for, the relations of each new row that make two texts no duplicates, but ones of one story.
    """

    rows: range
    texts: int
    same: Mapping[int, int]
    related: Mapping[int, Sequence[Link]]
    overfull: frozenset[int]
    newly_recurring: Sequence[NewlyRecurring]
    postings: Array
    apart: Mapping[int, Sequence[Link]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counters:
    """Where an index stands: the next row, how many texts are posted, and whether rows were removed whose postings are still there."""

    row: int
    texts: int
    loose: bool


def counters_of(metadata: Mapping[str, str]) -> Counters:
    """Return where an index stands, from what it says about itself."""
    return Counters(int(metadata["row"]), int(metadata["posted"]), metadata["loose"] != "0")


def compare_rows(
    known: WorkingSet, prepared: Prepared, numbers: Sequence[int], counters: Counters, *, duplicates: bool = True, stories: bool = False
) -> Compared:
    """Compare documents with all before, and make their rows known. ``numbers`` are those of the documents; ``duplicates`` tells that no
    other relation is asked for, ``stories`` that those between the texts of a story are asked for as well, apart from duplicates."""
    return _Comparison(known, prepared, counters, duplicates, stories).run(numbers)


class _Comparison:
    """One comparison, while it is made."""

    def __init__(self, known: WorkingSet, prepared: Prepared, counters: Counters, duplicates: bool, stories: bool):
        self._known, self._config, self._prepared, self._counters = known, known.config, prepared, counters
        self._duplicates, self._stories = duplicates, stories
        self._first = counters.row
        self._overfull: set[int] = set()
        self._sizes: dict[int, int] = {}

    def run(self, numbers: Sequence[int]) -> Compared:
        prepared, config = self._prepared, self._config
        rows = np.arange(len(prepared.segments)) + self._first
        asked, posted = looked_up(prepared, config)
        values = rows << 1 | (prepared.prints.lengths < FEW)
        alike, every = _postings(prepared, values)
        keys = _keys(alike, every, asked)
        stored = self._known.postings.lookup(keys, prepared.ahead)
        by_kind = [stored[(stored >> np.uint64(62)) == np.uint64(kind)] for kind in (PRINT, BAND, SHORT, ALIKE)]
        originals = self._find_same(alike, by_kind[ALIKE])
        same = self._make_known(numbers, originals)
        new = originals < 0
        posted &= new
        asked &= new | restricts(config) | self._stories  # what a copy is related to is not stored with its original
        asking = [in_order(each[asked[owners]]) for each, owners in every]
        posting = asking if (asked == posted).all() else [in_order(each[posted[owners]]) for each, owners in every]
        shared, kept, newly_recurring = share_prints(by_kind[PRINT], posting[PRINT], asking[PRINT], config.recurrence)
        limited = [share_bands(self._living(by_kind[kind]), posting[kind], asking[kind], config.bucket_limit) for kind in (BAND, SHORT)]
        texts = self._counters.texts + int(posted.sum())
        self._overfull.update(row for _, overfull in limited for row in overfull.tolist())
        links = self._links(*self._propose(shared, [bands for bands, _ in limited]))
        related: dict[int, list[Link]] = {}
        apart: dict[int, list[Link]] = {}
        for link in self._apart(links, same) if restricts(config) else links:
            if not self._stories or is_duplicate_link(link, config):
                if restricts(config) or link.other not in same:  # a copy is linked by its original
                    related.setdefault(link.other, []).append(link)
            elif RELATIONS[link.relation] is not Relation.TEMPLATE:
                apart.setdefault(link.other, []).append(link)
        added = in_order(kept, posting[BAND], posting[SHORT], alike[new[prepared.words.lengths > 0]])
        span = range(self._first, self._first + len(rows))
        return Compared(span, texts, same, related, frozenset(self._overfull), newly_recurring, added, apart)

    def _living(self, stored: Array) -> Array:
        """Return postings without those of rows that were removed, where so many have one key that they would hide others."""
        _, times = np.unique(key_of(stored), return_counts=True) if self._counters.loose else (stored, np.zeros(0))
        if not (times >= self._config.bucket_limit).any():
            return stored
        rows = value_of(stored) >> 1
        found = self._known.store.rows_among("select row from segments where row {among}", np.unique(rows).tolist())
        living: Array = stored[np.isin(rows, [row for (row,) in found])]
        return living

    def _find_same(self, alike: Array, stored: Array) -> Array:
        """Return for each new row the first one with the same words, -1 for none."""
        words, first, texts = self._prepared.words, self._prepared.first, self._known.verifier.texts
        same = np.full(len(first), -1, np.int64)
        holders: dict[int, list[int]] = {}
        for key, value in zip(key_of(stored).tolist(), value_of(stored).tolist(), strict=True):
            holders.setdefault(key, []).append(value >> 1)
        if holders:
            texts.load(row for rows in holders.values() for row in rows)
        filled = np.flatnonzero(words.lengths)
        for place, key in zip(filled.tolist(), key_of(alike).tolist(), strict=True):
            original = int(first[place])
            if original < place:
                same[place] = same[original] if same[original] >= 0 else self._first + original
                continue
            own = words.row(place)
            found = (row for row in holders.get(key, ()) if row in texts.words)
            same[place] = next((row for row in found if np.array_equal(texts.words[row], own)), -1)
        return same

    def _make_known(self, numbers: Sequence[int], originals: Array) -> dict[int, int]:
        """Make the new rows known, and return of which row each copy is one."""
        prepared, texts = self._prepared, self._known.verifier.texts
        same = {}
        arrive, called = self._known.graph.arrive, prepared.names
        sizes, originally = prepared.prints.lengths.tolist(), originals.tolist()
        words, ends = prepared.words.values, prepared.words.offsets.tolist()
        for place, (segment, owner) in enumerate(zip(prepared.segments, prepared.owners, strict=True)):
            row, source, timestamp = self._first + place, prepared.documents[owner].source, prepared.timestamps[owner]
            own = words[ends[place] : ends[place + 1]]
            length = ends[place + 1] - ends[place]
            rank = canonical_place(self._config, row, source, timestamp, length, called[owner], segment.index, prepared.ownerships[place])
            name = segment_name(called[owner], segment.index)
            original = originally[place] if originally[place] >= 0 else None
            arrive(StoredRow(row, numbers[owner], name, source, timestamp, length, sizes[place], original, rank, None, rank))
            self._sizes[row] = sizes[place]
            texts.words[row] = own
            if place in prepared.short:
                texts.short[row] = prepared.short[place]
            if original is not None:
                same[row] = original
        self._known.copies.add(same)
        return same

    def _propose(self, shared: Shared, bands: Sequence[Shared]) -> tuple[Array, Array, Array]:
        """Return the pairs of an older and a new row that any channel proposes, how many distinctive fingerprints each has in common, and
        which pairs bands propose."""
        limit = self._config.bucket_limit
        older, newer = halves(shared.codes)
        likely = np.flatnonzero((shared.counts > 1) | shared.few)
        older, newer, counts = older[likely], newer[likely], shared.counts[likely]
        sizes = self._prints(older), self._prints(newer)
        enough = enough_shared(counts, np.minimum(*sizes), self._config) & (sizes[0] >= 0)
        codes, counts = shared.codes[likely][enough], counts[enough]
        kept, overfull = strongest_pairs(codes, counts, limit)
        self._overfull.update(overfull.tolist())
        proposed = [codes[kept]]
        for each in bands:
            kept, overfull = strongest_pairs(each.codes, each.counts, limit)
            self._overfull.update(overfull.tolist())
            proposed.append(each.codes[kept & (self._prints(halves(each.codes)[0]) >= 0)])
        codes = sorted_unique(np.concatenate(proposed))
        places = np.minimum(np.searchsorted(shared.codes, codes), max(0, len(shared.codes) - 1))
        common = np.where(shared.codes[places] == codes, shared.counts[places], 0) if len(shared.codes) else np.zeros(len(codes), np.int64)
        return codes, common, np.isin(codes, np.concatenate(proposed[1:]))

    def _prints(self, rows: Array) -> Array:
        """Return how many fingerprints each row has, int64; -1 for one that is not in the index any more."""
        wanted = sorted_unique(rows)
        missing = [row for row in wanted.tolist() if row not in self._sizes]
        self._sizes.update(dict.fromkeys(missing, -1))
        self._sizes.update(self._known.store.rows_among("select row, prints from segments where row {among}", missing))
        sizes = np.array([self._sizes[row] for row in wanted.tolist()], np.int64)
        found: Array = sizes[np.searchsorted(wanted, rows)] if len(rows) else sizes
        return found

    def _links(self, codes: Array, common: Array, sure: Array) -> Iterator[Link]:
        return self._known.verifier.links(codes, common, sure, duplicates=self._duplicates and not self._stories)

    def _apart(self, links: Iterable[Link], same: Mapping[int, int]) -> Iterator[Link]:
        """Yield the links between copies that may match, of those between their originals and new rows, and between new rows and theirs:
        where settings restrict what may match each copy stands for itself."""
        known = self._known
        found = [*links]
        known.copies.load({link.row for link in found})
        found += [identical(original, row) for row, original in same.items()]
        originals = {link.row for link in found}
        known.graph.load(row for original in sorted(originals) for row in (original, *known.copies.known(original)))
        for link in found:
            for row in self._earlier(link.row, link.other):
                yield replace(link, row=row)

    def _earlier(self, original: int, row: int) -> list[int]:
        """Return of a text and its copies those that may match a row that has come after them: of too many the latest ones."""
        limit = NEAREST if row in self._overfull else self._config.bucket_limit
        found = [*islice(self._known.copies.earlier(original, row, self._known.may_match), limit + 1)]
        if len(found) > limit:
            self._overfull.add(row)
            del found[NEAREST:]
        return found[::-1]


_ByKind = list[tuple[Array, Array]]


def _postings(prepared: Prepared, values: Array) -> tuple[Array, _ByKind]:
    """Return the postings of whole texts, and those of each other kind with the places of their rows, in the order of kinds."""
    alike = pack_postings(ALIKE, prepared.alike >> np.uint64(32), values)[prepared.words.lengths > 0]
    owners = prepared.prints.owners()
    every = [(pack_postings(PRINT, prepared.prints.values, values[owners]), owners)]
    short = np.array(sorted(prepared.short), np.int64)
    for kind, keys, rows in ((BAND, prepared.bands, np.arange(len(values))), (SHORT, prepared.short_bands, short)):
        owners = np.repeat(rows, keys.shape[1])
        every.append((pack_postings(kind, keys.reshape(-1), values[owners]), owners))
    return alike, every


def _keys(alike: Array, every: _ByKind, asked: Array) -> Array:
    """Return the keys that are asked for, sorted, each once."""
    return distinct_in_order(*(key_of(part) for part in (alike, *(each[asked[owners]] for each, owners in every))))


def looked_ahead(prepared: Prepared, postings: Postings, config: Config) -> Prepared:
    """Return documents with what is found of their keys in the runs that are there now, so that less is to be done in the transaction."""
    asked, _ = looked_up(prepared, config)
    keys = _keys(*_postings(prepared, np.zeros(len(prepared.segments), np.int64)), asked)
    return replace(prepared, ahead=postings.look_ahead(keys))
