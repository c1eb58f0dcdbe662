"""Documents into an index, in order, inside of one transaction: what they match, and what changes by their arrival."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice

import numpy as np

from ..arrays.buckets import NEAREST, halves
from ..arrays.ragged import Array, sorted_unique
from ..candidates.fingerprints import FEW
from ..clusters.constraints import allows, restricts
from ..config import Config
from ..text.ids import segment_name
from ..verification import relations as verify
from .candidates import Shared, share_bands, share_prints, strongest
from .frequency import FrequencyChanges
from .links import LinkGraph
from .overfull import OverfullBuckets
from .prepare import ALIKE, BAND, PRINT, SHORT, Prepared, looked_up
from .rows import Link, StoredRow, place_of
from .storage.postings import Postings, key_of, pack, value_of
from .storage.store import Store
from .verification import PairVerifier, enough_shared, identical

_LOOKED_AT = 2  # times the limit: copies of a text that are looked at, the latest ones
_BEYOND = """
select o.row, (select t.row from segments t where t.same = o.row order by t.row desc limit 1 offset {most})
from segments o where o.row {{among}}
"""
_COPIES = "select row, same from segments where same {among} order by row"


class Insertion:
    """One transaction of arrivals. ``base`` is the next row, ``texts`` how many are posted: each once and long enough to match;
    ``duplicates`` tells that nothing else is asked for, ``loose`` that rows were removed whose postings are still there."""

    def __init__(
        self, store: Store, postings: Postings, config: Config, base: int, texts: int, *, duplicates: bool = True, loose: bool = False
    ):
        self.store, self.postings, self.config, self._loose = store, postings, config, loose
        self.base, self.texts, self._only_duplicates = base, texts, duplicates
        self.graph = LinkGraph(store, config)
        self.verifier = PairVerifier(store, postings, self.graph, config)
        self._frequency = FrequencyChanges(self.graph, self.verifier, config)
        self._buckets = OverfullBuckets(self.graph, self.verifier, self._frequency, self.may_match, self.text_of)
        self.words = self.verifier.texts
        self.same: dict[int, int] = {}
        self.related: dict[int, list[Link]] = {}
        """What each new row is related to, from the older row to the new one, set by `compare`."""
        self._overfull: set[int] = set()
        self._most_copies = _LOOKED_AT * config.bucket_limit
        self._copies: dict[int, list[int]] = {}
        self._sizes: dict[int, int] = {}
        self._first, self.new = base, 0

    def compare(self, prepared: Prepared, numbers: Sequence[int]) -> Array:
        """Compare new rows with all before, and return the postings to be added. ``numbers`` are those of the documents."""
        config, count = self.config, len(prepared.segments)
        self._first, self.new = self.base, count
        asked, posted = looked_up(prepared, config)
        rows = np.arange(count) + self.base
        values = rows << 1 | (prepared.prints.lengths < FEW)
        alike = pack(ALIKE, prepared.alike >> np.uint64(32), values)[prepared.words.lengths > 0]
        every = [*_postings(prepared, values)]
        keys = sorted_unique(np.concatenate([key_of(part) for part in (alike, *(each[asked[owners]] for each, owners in every))]))
        stored = self.postings.lookup(keys)
        by_kind = [stored[(stored >> np.uint64(62)) == np.uint64(kind)] for kind in (PRINT, BAND, SHORT, ALIKE)]
        same = self._find_same(prepared, alike, by_kind[ALIKE])
        self._remember(prepared, numbers, same)
        new = same < 0
        posted &= new
        asked &= new | restricts(config)
        asking = [np.sort(each[asked[owners]]) for each, owners in every]
        posting = [np.sort(each[posted[owners]]) for each, owners in every]
        shared, kept, crossings = share_prints(by_kind[PRINT], posting[PRINT], asking[PRINT], config.recurrence)
        limited = [share_bands(self._living(by_kind[kind]), posting[kind], asking[kind], config.bucket_limit) for kind in (BAND, SHORT)]
        self.texts += int(posted.sum())
        self.verifier.known = verify.recurrence_is_known(self.texts, config)
        self.base += count
        self._overfull.update(row for _, overfull in limited for row in overfull.tolist())
        self._propose(shared, [bands for bands, _ in limited])
        for crossing in crossings:
            holders = {row: holder for holder in crossing.holders for row in self.copies_of(holder)}
            self._frequency.expect(crossing.row, holders)
        added = np.concatenate((kept, posting[BAND], posting[SHORT], alike[new[prepared.words.lengths > 0]]))
        added.sort()
        return added

    def _living(self, stored: Array) -> Array:
        """Return postings without those of rows that were removed, where so many have one key that they would hide others."""
        _, times = np.unique(key_of(stored), return_counts=True) if self._loose else (stored, np.zeros(0))
        if not (times >= self.config.bucket_limit).any():
            return stored
        rows = value_of(stored) >> 1
        found = self.store.rows_among("select row from segments where row {among}", np.unique(rows).tolist())
        living: Array = stored[np.isin(rows, [row for (row,) in found])]
        return living

    def _find_same(self, prepared: Prepared, alike: Array, stored: Array) -> Array:
        """Return for each new row the first one with the same words, -1 for none."""
        words, first = prepared.words, prepared.first
        same = np.full(len(first), -1, np.int64)
        holders: dict[int, list[int]] = {}
        for key, value in zip(key_of(stored).tolist(), value_of(stored).tolist(), strict=True):
            holders.setdefault(key, []).append(value >> 1)
        if holders:
            self.words.load(row for rows in holders.values() for row in rows)
        filled = np.flatnonzero(words.lengths)
        for place, key in zip(filled.tolist(), key_of(alike).tolist(), strict=True):
            original = int(first[place])
            if original < place:
                same[place] = same[original] if same[original] >= 0 else self.base + original
                continue
            own = words.row(place)
            found = (row for row in holders.get(key, ()) if row in self.words.words)
            same[place] = next((row for row in found if np.array_equal(self.words.words[row], own)), -1)
        return same

    def _remember(self, prepared: Prepared, numbers: Sequence[int], same: Array) -> None:
        for place, (segment, owner) in enumerate(zip(prepared.segments, prepared.owners, strict=True)):
            row, document = self.base + place, prepared.documents[owner]
            source, timestamp = document.source, prepared.timestamps[owner]
            own = prepared.words.row(place)
            rank = place_of(self.config, row, source, timestamp, len(own), prepared.names[owner], segment.index)
            name = segment_name(prepared.names[owner], segment.index)
            original = int(same[place]) if same[place] >= 0 else None
            prints = int(prepared.prints.lengths[place])
            self.graph.arrive(StoredRow(row, numbers[owner], name, source, timestamp, len(own), prints, original, rank, None, rank))
            self._sizes[row] = prints
            self.words.words[row] = own
            if place in prepared.short:
                self.words.short[row] = prepared.short[place]
            if original is not None:
                self.same[row] = original
        if restricts(self.config):
            self._load_copies(self.same.values())
            for row, original in self.same.items():
                if row >= self.base:
                    self._copies[original].append(row)

    def _load_copies(self, rows: Iterable[int]) -> None:
        """Read which rows have the words of some others, of very many the latest."""
        missing = sorted({row for row in rows if row not in self._copies})
        many = {}
        for row, last in self.store.rows_among(_BEYOND.format(most=self._most_copies), missing):
            self._copies[row] = []
            if last is not None:
                many[row] = last
        few = [row for row in missing if row in self._copies and row not in many]
        for row, original in self.store.rows_among(_COPIES, few):
            self._copies[original].append(row)
        for original, last in many.items():
            found = self.store.rows("select row from segments where same = ? and row > ? order by row", (original, last))
            self._copies[original] = [row for (row,) in found]
        for row in missing:
            self._copies.setdefault(row, [])

    def _propose(self, shared: Shared, bands: Sequence[Shared]) -> None:
        limit = self.config.bucket_limit
        older, newer = halves(shared.codes)
        likely = np.flatnonzero((shared.counts > 1) | shared.few)
        older, newer, counts = older[likely], newer[likely], shared.counts[likely]
        sizes = self._prints(older), self._prints(newer)
        sharing = map(partial(enough_shared, config=self.config), counts.tolist(), np.minimum(*sizes).tolist())
        enough = np.array([*sharing], bool) & (sizes[0] >= 0)
        codes, counts = shared.codes[likely][enough], counts[enough]
        kept, overfull = strongest(codes, counts, limit)
        self._overfull.update(overfull.tolist())
        proposed = [codes[kept]]
        for each in bands:
            kept, overfull = strongest(each.codes, each.counts, limit)
            self._overfull.update(overfull.tolist())
            proposed.append(each.codes[kept & (self._prints(halves(each.codes)[0]) >= 0)])
        codes = sorted_unique(np.concatenate(proposed))
        places = np.minimum(np.searchsorted(shared.codes, codes), max(0, len(shared.codes) - 1))
        common = np.where(shared.codes[places] == codes, shared.counts[places], 0) if len(shared.codes) else np.zeros(len(codes), np.int64)
        self._relate(codes, common, np.isin(codes, np.concatenate(proposed[1:])))

    def _prints(self, rows: Array) -> Array:
        """Return how many fingerprints each row has, int64; -1 for one that is not in the index any more."""
        wanted = sorted_unique(rows)
        missing = [row for row in wanted.tolist() if row not in self._sizes]
        self._sizes.update(dict.fromkeys(missing, -1))
        self._sizes.update(self.store.rows_among("select row, prints from segments where row {among}", missing))
        sizes = np.array([self._sizes[row] for row in wanted.tolist()], np.int64)
        found: Array = sizes[np.searchsorted(wanted, rows)] if len(rows) else sizes
        return found

    def _relate(self, codes: Array, fresh: Array, sure: Array) -> None:
        """Relate pairs of an older and a new row; where each copy stands for itself, also those of the older one."""
        links = self.verifier.links(codes, fresh, sure, duplicates=self._only_duplicates)
        if restricts(self.config):
            links = self._apart(links)
        for link in links:
            self.related.setdefault(link.other, []).append(link)

    def _apart(self, links: Iterable[Link]) -> Iterator[Link]:
        """Yield the links between copies that may match, of those between their originals and new rows, and between new rows and theirs."""
        found = [*links]
        originals = {link.row for link in found}
        self._load_copies(originals)
        found += [identical(original, row) for row, original in self.same.items() if row >= self._first]
        originals |= {link.row for link in found}
        self.graph.load(row for original in sorted(originals) for row in (original, *self._copies[original]))
        for link in found:
            for row in self._earlier(link.row, link.other):
                yield replace(link, row=row)

    def _earlier(self, original: int, row: int) -> list[int]:
        """Return of a text and its copies those that may match a row that has come after them: of too many the latest ones."""
        limit = NEAREST if row in self._overfull else self.config.bucket_limit
        copies = self._copies[original]
        end = bisect_left(copies, row)
        before = (copies[place] for place in range(end - 1, max(0, end - self._most_copies) - 1, -1))
        found = [*islice((each for each in chain(before, [original]) if each < row and self.may_match(each, row)), limit + 1)]
        if len(found) > limit:
            self._overfull.add(row)
            del found[NEAREST:]
        return found[::-1]

    def may_match(self, one: int, other: int) -> bool:
        """Tell whether two rows may match, by time and source."""
        a, b = self.graph.rows[one], self.graph.rows[other]
        return allows((a.timestamp, b.timestamp), (a.source, b.source), self.config)

    def copies_of(self, row: int) -> list[int]:
        """Return a row and those that stand beside it with the same words, of very many the latest: none where it stands for them."""
        if not restricts(self.config):
            return [row]
        self._load_copies((row,))
        return [row, *self._copies[row][-self._most_copies :]]

    def text_of(self, row: int) -> int:
        """Return the first row with the words of one that is known."""
        same = self.graph.rows[row].same
        return row if same is None else same

    def foresee(self) -> None:
        """Prepare for the rows to arrive. To be called after `compare`, of duplicates alone."""
        graph = self.graph
        links = [link for found in self.related.values() for link in found]
        stars = {star for link in links if (star := graph.rows[link.row].star) is not None}
        graph.load(stars)
        graph.load_stars(stars)
        worse = {link.row for link in links if graph.is_canonical(link.row) and graph.rows[link.row].place > graph.rows[link.other].place}
        graph.load_links(row for row in worse if not graph.is_overfull(row))
        self._buckets.expect((row for row in self._overfull if row in self.related), self.related)
        self._frequency.foresee(links)

    def arrive(self, row: int) -> list[Link]:
        """Link a new row with its duplicates, and return these links. To be called for new rows in their order."""
        graph = self.graph
        touched = self._frequency.take(row)
        found = duplicates = self.related.get(row, [])
        is_overfull = row in self._overfull and bool(duplicates)
        if is_overfull:
            found = duplicates + self._buckets.met(row, duplicates)
            duplicates = self._buckets.kept(found)
        for link in duplicates:
            graph.add(link)
        original = self.same.get(row)
        if original is not None and not restricts(self.config):
            bettered = self._stand_for(original, row)
            graph.settle(touched, original if bettered else None)
        elif duplicates or touched:
            graph.settle(touched, row if duplicates else None, holding=is_overfull)
        if duplicates:
            self._buckets.succeed(row)
        return found

    def _stand_for(self, original: int, copy: int) -> bool:
        """Note a copy of a text, for which the first one stands, and tell whether that can change its star."""
        graph = self.graph
        graph.load((original,))
        fact = graph.rows[original]
        better = graph.rows[copy].place < fact.place
        if fact.copied and not better:
            return False
        graph.better(original, copy if better else original)
        return fact.star != original or not graph.is_overfull(original)  # what is overfull stays


def _postings(prepared: Prepared, values: Array) -> Iterator[tuple[Array, Array]]:
    """Yield the postings of each kind and the places of their rows, in the order of kinds."""
    owners = prepared.prints.owners()
    yield pack(PRINT, prepared.prints.values, values[owners]), owners
    short = np.array(sorted(prepared.short), np.int64)
    for kind, keys, rows in ((BAND, prepared.bands, np.arange(len(values))), (SHORT, prepared.short_bands, short)):
        owners = np.repeat(rows, keys.shape[1])
        yield pack(kind, keys.reshape(-1), values[owners]), owners
