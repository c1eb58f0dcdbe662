"""The links between duplicates that an index keeps, and the stars that they make, changed in place as texts arrive.

The canonical rows are the lexicographically first maximal independent set of the links, as in `stars`: a change reaches only
those rows that it concerns (Censor-Hillel, Haramaty, Karnin, "Optimal dynamic distributed MIS", PODC 2016). A canonical row with more than
``bucket_limit`` members stays canonical where a better one is linked to it, so that no arrival moves them all; the overfull
buckets say when another takes its place.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Set

from ..config import Config
from ..text.ids import segment_name, version_name
from ..verification.relations import RELATIONS
from .rows import CODES, Link, StoredRow, canonical_place
from .storage.interface import Row, Store
from .storage.tables import DOCUMENTS, LINKS, SEGMENTS

_PLACES = {CODES[relation]: place for place, relation in enumerate(RELATIONS)}
_COUNTED = 4  # times the limit: members that are counted of a star
VISITS = 4  # times that a row is looked at before nothing is held for others
_AGES = "select sum(case when row <= ? then 1 else 0 end), sum(case when row > ? then 1 else 0 end) from segments where star = ?"
_STARS = """
select s.row, (select min(t.row) from segments t where t.star = s.row), (
    select count(*) from (select t.row from segments t where t.star = s.row limit {most}) as counted
)
from segments s where s.row {{among}}
"""


class LinkGraph:
    """Rows, links and stars as they are in one transaction: read when they are asked for, written by `flush`."""

    def __init__(self, store: Store, config: Config):
        self._store, self._config = store, config
        self.rows: dict[int, StoredRow] = {}
        self.links: dict[int, dict[int, Link]] = {}
        self._documents: dict[int, tuple[str, str | None, float | None]] = {}
        self._complete: set[int] = set()  # rows all of whose links are known
        self._stored: dict[int, tuple[int | None, int]] = {}  # of each star its oldest member, and how many it has, up to so many
        self._joined: dict[int, list[int]] = {}  # rows that have come to each star, a heap; some may have left again
        self._older: dict[int, list[int]] = {}  # of stars their members up to the canonical row, and newer ones
        self._origins: dict[int, int | None] = {}  # the star of each row that was moved before that
        self._grown: Counter[int] = Counter()  # members that stars have more than are stored
        self._new_links: set[tuple[int, int]] = set()
        self._changed: set[tuple[int, int]] = set()
        self._dropped: set[tuple[int, int]] = set()
        self._moved: set[int] = set()
        self._bettered: dict[int, int] = {}

    def load(self, rows: Iterable[int]) -> None:
        """Read facts of rows that are not known yet."""
        missing = sorted({row for row in rows if row not in self.rows})
        if not missing:
            return
        best: dict[int, int] = {}
        found = SEGMENTS.read_among(self._store, "where row {among}", missing)
        self._load_documents({document for _, document, *_ in found})
        for row, document, index, _, _, _, _, _, length, prints, same, copy, star, called, ownership in found:
            name, source, timestamp = self._documents[document]
            place = canonical_place(self._config, row, source, timestamp, length, name, index, ownership)
            known = row, document, segment_name(name, index), source, timestamp, length, prints, same
            self.rows[row] = StoredRow(*known, place, star, place, called=called)
            if copy is not None:
                best[row] = copy
        if best:
            self.load(best.values())
            for row, copy in best.items():
                self.rows[row].place, self.rows[row].copied = self.rows[copy].own_place, True

    def _load_documents(self, numbers: set[int]) -> None:
        missing = sorted(number for number in numbers if number not in self._documents)
        for number, name, version, *_, timestamp, source, _ in DOCUMENTS.read_among(self._store, "where number {among}", missing):
            self._documents[number] = version_name(name, version), source, timestamp

    def load_links(self, rows: Iterable[int]) -> None:
        """Read the links of rows that are not known yet."""
        missing = sorted({row for row in rows if row not in self._complete})
        if not missing:
            return
        self._complete.update(missing)
        for row in missing:
            self.links.setdefault(row, {})
        for column in ("row", "other"):
            for facts in LINKS.read_among(self._store, f"where {column} {{among}}", missing):
                self._know(facts)

    def _know(self, facts: Row) -> None:
        row, other, relation, fresh, sure, *shares = facts
        if (row, other) in self._dropped:
            return
        known = self.links.get(row, {}).get(other) or self.links.get(other, {}).get(row)
        link = known or Link(row, other, _PLACES[relation], fresh, bool(sure), *shares)
        for one, two in ((row, other), (other, row)):
            if one in self.links:
                self.links[one][two] = link

    def unsure_among(self, rows: Set[int]) -> list[Link]:
        """Return the links between some rows that are not sure; read those that are not known yet."""
        for facts in LINKS.read_among(self._store, "where row {among} and sure = 0", sorted(rows - self._complete)):
            if facts[1] in rows:
                self.links.setdefault(facts[0], {})
                self._know(facts)
        known = (link for row in sorted(rows) for other, link in sorted(self.links.get(row, {}).items()) if other > row and other in rows)
        return [link for link in known if not link.sure]

    def around(self, rows: Iterable[int]) -> set[int]:
        """Return rows and those that are linked to them."""
        rows = {*rows}
        self.load_links(rows)
        return rows.union(*(self.links[row] for row in rows))

    def bound(self, row: int) -> list[int]:
        """Return the rows whose links to a known one put both into one cluster."""
        return [other for other, link in self.links[row].items() if link.binds()]

    def arrive(self, fact: StoredRow) -> None:
        """Make a new row known, which has no links yet."""
        self.rows[fact.row] = fact
        self.links[fact.row] = {}
        self._complete.add(fact.row)

    def add(self, link: Link) -> None:
        """Link two rows."""
        self.load((link.row, link.other))
        for one, other in ((link.row, link.other), (link.other, link.row)):
            self.links.setdefault(one, {})[other] = link
        self._new_links.add((link.row, link.other))

    def note(self, link: Link) -> None:
        """Note that a link has changed."""
        self._changed.add((link.row, link.other))

    def drop(self, link: Link) -> None:
        """Take a link away."""
        for one, other in ((link.row, link.other), (link.other, link.row)):
            self.links.get(one, {}).pop(other, None)
        key = link.row, link.other
        if key in self._new_links:
            self._new_links.remove(key)
        else:
            self._dropped.add(key)
        self._changed.discard(key)

    def better(self, row: int, copy: int) -> None:
        """Note that a row has copies, and which of them, or it, is preferred to the others."""
        self.rows[row].place, self.rows[row].copied = self.rows[copy].own_place, True
        self._bettered[row] = copy

    def is_canonical(self, row: int) -> bool:
        """Tell whether a row is the first of its star; one that is alone is."""
        return self.rows[row].star in (None, row)

    def load_stars(self, stars: Iterable[int]) -> None:
        """Read the oldest members and the sizes of stars that are not known yet."""
        unknown = {star for star in stars if star not in self._stored}
        self._stored.update(dict.fromkeys(unknown, (None, 0)))
        # One that is known, and was not canonical before, has no members that are stored.
        missing = sorted(each for each in unknown if each not in self.rows or self._origins.get(each, self.rows[each].star) == each)
        if missing:
            query = _STARS.format(most=_COUNTED * self._config.bucket_limit)
            self._stored.update((star, (founder, size)) for star, founder, size in self._store.rows_among(query, missing))

    def is_overfull(self, star: int) -> bool:
        """Tell whether a canonical row has more than ``bucket_limit`` members, itself among them."""
        limit = self._config.bucket_limit
        self.load_stars((star,))
        size = self._stored[star][1]
        if size == _COUNTED * limit and size + self._grown[star] <= limit:  # there may be more
            size = len(self._stored_members(star))
        return size + self._grown[star] > limit

    def has_doubled(self, star: int) -> bool:
        """Tell whether at least half of the members of a canonical row are newer than it."""
        if star not in self._older:
            ((older, newer),) = self._store.rows(_AGES, (star, star, star))
            self._older[star] = [older or 0, newer or 0]
            for row, before in self._origins.items():  # what was moved since
                self._older[star][row > star] += (self.rows[row].star == star) - (before == star)
        older, newer = self._older[star]
        return newer >= older

    def settle(
        self, rows: Iterable[int], new: int | None = None, *, holding: bool = False, yielding: Collection[int] = frozenset()
    ) -> None:
        """Make the stars what they are with the links of today, beginning at rows that have lost or got links, or whose neighbours' places
        have changed. Of the links of a ``new`` row its neighbours need not be told. Where ``holding`` is true, and where they are overfull,
        canonical rows make no room for better ones, but for those of ``yielding``."""
        rows = {*rows} if new is None else {*rows, new}
        self.load(self.around(rows))
        for other in () if new is None else self.bound(new):
            if self.rows[other].star is None:  # it is not alone any more
                self._move(other, other)
        waiting = [(self.rows[row].place, row) for row in rows]
        heapq.heapify(waiting)
        visits: Counter[int] = Counter()
        done: set[int] = set()
        while waiting:
            _, row = heapq.heappop(waiting)
            if row in done:
                continue
            done.add(row)
            visits[row] += 1
            if row not in rows:
                self.load(self.around((row,)))
            was, bound = self.is_canonical(row) and row != new, self.bound(row)
            # Where one waits for another again and again, places alone decide.
            star = self._best(row, bound, holding and visits[row] < VISITS, yielding if visits[row] < VISITS else bound)
            self._move(row, star if star != row or bound or self.rows[row].copied else None)
            if was == (star == row):
                continue
            for other in self._changed_by(row, is_canonical=not was):
                done.discard(other)
                heapq.heappush(waiting, (self.rows[other].place, other))

    def _best(self, row: int, bound: Sequence[int], holding: bool, yielding: Collection[int]) -> int:
        """Return the best canonical row of those that `bound` returns of a row, itself where there is none that is better or stays."""
        place = self.rows[row].place
        canonical = [(self.rows[other].place, other) for other in bound if self.is_canonical(other)]
        better = [each for each in canonical if each[0] < place or (each[1] not in yielding and (holding or self.is_overfull(each[1])))]
        return min(better, default=(place, row))[1]

    def _changed_by(self, row: int, is_canonical: bool) -> list[int]:
        """Return the neighbours that are to be looked at since a row has become canonical or cease to be; move those which only join it."""
        if not is_canonical:
            return [other for other in self.bound(row) if self.rows[other].star == row]
        place = self.rows[row].place
        worse = [other for other in self.bound(row) if self.rows[other].place > place]
        self.load(star for other in worse if (star := self.rows[other].star) is not None)
        found = []
        for other in worse:
            star = self.rows[other].star
            if star is None or star == other or not self.is_canonical(star):
                found.append(other)
            elif self.rows[star].place > place:
                self._move(other, row)
        return found

    def _move(self, row: int, star: int | None) -> None:
        before = self.rows[row].star
        if before != star:
            self._origins.setdefault(row, before)
            for each, change in ((before, -1), (star, 1)):
                if each is not None:
                    self._grown[each] += change
                    if each in self._older:
                        self._older[each][row > each] += change
            if star is not None:
                heapq.heappush(self._joined.setdefault(star, []), row)
            self.rows[row].star = star
            self._moved.add(row)

    def _stored_members(self, star: int) -> list[int]:
        return [row for (row,) in self._store.rows("select row from segments where star = ? order by row", (star,))]

    def members(self, star: int) -> set[int]:
        """Return the rows of a star."""
        rows = {*self._stored_members(star), *self._joined.get(star, ())}
        return {row for row in rows if row not in self.rows or self.rows[row].star == star}

    def founder(self, row: int) -> int:
        """Return the oldest row of a row's star."""
        star = self.rows[row].star
        if star is None:
            return row
        self.load_stars((star,))
        stored, size = self._stored[star]
        if stored is not None and stored in self.rows and self.rows[stored].star != star:
            left = (each for each in self._stored_members(star) if each not in self.rows or self.rows[each].star == star)
            stored = next(left, None)
            self._stored[star] = stored, size
        joined = self._joined.get(star, [])
        while joined and self.rows[joined[0]].star != star:
            heapq.heappop(joined)
        return min([row, *joined[:1], *([] if stored is None else [stored])])

    def moved(self) -> set[int]:
        """Return the rows that have come to another star."""
        return {row for row, star in self._origins.items() if self.rows[row].star != star}

    def written(self, row: int) -> tuple[int | None, int | None]:
        """Return the best copy and the star of a new row, which are written with it."""
        self._moved.discard(row)
        return self._bettered.pop(row, None), self.rows[row].star

    def flush(self) -> None:
        """Write what has changed."""
        if gone := sorted(self._dropped | self._changed - self._new_links):
            LINKS.delete(self._store, ("row", "other"), gone)
        written = sorted(self._new_links | self._changed)
        links = [self.links.get(row, {}).get(other) or self.links[other][row] for row, other in written]  # one side may not be known
        facts = ((link, CODES[RELATIONS[link.relation]], link.fresh, int(link.sure)) for link in links)
        LINKS.insert(self._store, [(link.row, link.other, *told, *link.measures()) for link, *told in facts])
        changes: dict[int, dict[str, int | None]] = {row: {"star": self.rows[row].star} for row in self._moved}
        for row, copy in self._bettered.items():
            changes.setdefault(row, {})["best"] = copy
        SEGMENTS.change(self._store, changes)
