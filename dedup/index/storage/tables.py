"""The tables of an index. Every row has a checksum, written with it and checked whenever it is read: damage is found, not believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ... import kernels
from ...errors import StoreError
from .interface import Readable, Row, Store

SCHEMA_VERSION = 7
UPGRADED = 4, 5, 6
"""The schemas of which an index is changed to this one where it is opened."""
_PAGE = 2000  # rows that are checked at a time
DAMAGED = "check it with dedup index verify; dedup index rebuild makes it anew from its texts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a last column ``seal``: CRC-32 of its name and of all values of a row. The first ``keys`` columns are its key.

    ``spec`` names the columns, each as ``name kind``, with ``?`` after the kind of one that may be null.
    """

    name: str
    spec: str
    keys: int = 1
    of: str = ""
    """The name that it had when its rows were written, where that was another one."""
    columns: tuple[str, ...] = field(init=False)
    kinds: Mapping[str, str] = field(init=False)
    """The kinds of all columns by their names, with the checksum."""
    _reals: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts = [column.split() for column in self.spec.split(",")]
        object.__setattr__(self, "columns", tuple(name for name, _ in parts))
        object.__setattr__(self, "kinds", {name: kind.rstrip("?") for name, kind in parts} | {"seal": "integer"})
        object.__setattr__(self, "_reals", tuple(place for place, (_, kind) in enumerate(parts) if kind.startswith("real")))

    def definition(self) -> str:
        """Return the statement that makes it, with the names that a database has for kinds in braces."""
        parts = [column.split() for column in f"{self.spec}, seal integer".split(",")]
        columns = [f"{name} {{{kind.rstrip('?')}}}{'' if kind.endswith('?') else ' not null'}" for name, kind in parts]
        key = ", ".join(self.columns[: self.keys])
        return f"create table {self.name} ({', '.join(columns)}, primary key ({key})){'{without_rowid}' if self.keys > 1 else ''}"

    def seal(self, row: Sequence[Any]) -> int:
        """Return the checksum of a row.

        >>> Table("t", "key integer, data blob?").seal((1, b"a")) == Table("t", "key integer, data blob?").seal((1, b"b"))
        False
        """
        return self._seals([row])[0]

    def _seals(self, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Return the checksums of rows, which may have more values behind those of the columns."""
        return kernels.engine().seals(self.of or self.name, rows, len(self.columns)) if rows else []

    def insert(self, store: Store, rows: Iterable[Sequence[Any]], *, anew: bool = True) -> None:
        """Write rows. Where ``anew`` is False one whose key is there is left as it is."""
        given = self._sealed([*rows])
        if not given:
            return
        # Nulls are dear to hand over, and many columns have nothing else.
        columns = {name: column for name, column in zip(self.kinds, zip(*given, strict=True), strict=True) if not _is_null(column)}
        store.insert(self.name, self._kinds_of(columns), zip(*columns.values(), strict=True), anew=anew)

    def _kinds_of(self, columns: Iterable[str]) -> dict[str, str]:
        return {name: self.kinds[name] for name in columns}

    def _sealed(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Return rows with their checksums, and with real numbers as the database will return them."""
        if any(type(row[place]) not in (float, type(None)) for place in self._reals for row in rows):
            rows = [[float(each) if place in self._reals and each is not None else each for place, each in enumerate(row)] for row in rows]
        return [(*row, seal) for row, seal in zip(rows, self._seals(rows), strict=True)]

    def read(self, store: Readable, rest: str = "", values: Sequence[Any] = ()) -> list[Row]:
        """Return whole rows, without checksums; ``rest`` is what follows the name of the table. Raises `StoreError` for a damaged one."""
        return self._checked(store, store.rows(self._query(rest), values))

    def undamaged(self, store: Readable, rest: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return rows as `read` does, without the damaged ones."""
        found = store.rows(self._query(rest), values)
        return [row[:-1] for row, seal in zip(found, self._seals(found), strict=True) if row[-1] == seal]

    def read_among(self, store: Store, rest: str, among: Sequence[Any], values: Sequence[Any] = ()) -> list[Row]:
        """Return whole rows as `read` does, with ``{among}`` in ``rest`` for a list."""
        return self._checked(store, store.rows_among(self._query(rest), among, values)) if among else []

    def _query(self, rest: str) -> str:
        return f"select {', '.join(self.columns)}, seal from {self.name} {rest}"

    def _checked(self, store: Readable, rows: Sequence[Row]) -> list[Row]:
        for row, seal in zip(rows, self._seals(rows), strict=True):
            if row[-1] != seal:
                raise StoreError(self.fault(row), path=store.name, hint=DAMAGED)
        return [row[:-1] for row in rows]

    def fault(self, row: Sequence[Any]) -> str:
        """Return that a row is damaged, and which."""
        return f"damaged: {ascii(row[: self.keys])[1:-1].rstrip(',')} of {self.name} is not as it was written"

    def replace(self, store: Store, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows that are there anew, of a table with one column as its key."""
        values = [(*row[1:], row[0]) for row in self._sealed(rows)]
        store.update(self.name, self._kinds_of((*self.columns[1:], "seal", self.columns[0])), values)

    def change(self, store: Store, changes: Mapping[Any, Mapping[str, Any]]) -> None:
        """Write some columns of rows anew, named by their keys; rows that are not there are left out. One column is the key."""
        if not changes:
            return
        by_columns: dict[tuple[str, ...], list[list[Any]]] = {}
        rows = self.read_among(store, f"where {self.columns[0]} {{among}}", sorted(changes))
        anew = [[changes[row[0]].get(name, value) for name, value in zip(self.columns, row, strict=True)] for row in rows]
        for row, sealed in zip(rows, self._sealed(anew), strict=True):
            changed = changes[row[0]]
            by_columns.setdefault(tuple(changed), []).append([*changed.values(), sealed[-1], row[0]])
        for columns, values in by_columns.items():
            store.update(self.name, self._kinds_of((*columns, "seal", self.columns[0])), values)

    def delete(self, store: Store, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Delete the rows that have these values in some columns."""
        store.delete(self.name, self._kinds_of(columns), rows)

    def faults(self, store: Store) -> Iterator[str]:
        """Yield the first row that is damaged, if one is; all rows are read."""
        keys = ", ".join(self.columns[: self.keys])
        marks = ", ".join("?" * self.keys)
        last: Sequence[Any] | None = None
        while True:
            beyond = f"where ({keys}) > ({marks})" if last is not None else ""
            found = store.rows(self._query(f"{beyond} order by {keys} limit {_PAGE}"), last or ())
            if not found:
                return
            for row, seal in zip(found, self._seals(found), strict=True):
                if row[-1] != seal:
                    yield self.fault(row)
                    return
            last = found[-1][: self.keys]


def _is_null(column: Sequence[Any]) -> bool:
    return column[0] is None and column.count(None) == len(column)


META = Table("meta", "name text, value text")
DELIVERIES = Table("deliveries", "run integer, holder integer, part integer")
DOCUMENTS = Table(
    "documents",
    "number integer, id text, version integer, digest blob, run integer, kept integer, holder integer?, answer text, moment real?,"
    "source text?, segmented integer",
)
TEXTS = Table("texts", "number integer, text blob, about blob?")
SEGMENTS = Table(
    "segments",
    "row integer, document integer, place integer?, span_start integer, span_end integer, line integer?, heading text?,"
    "bulletin integer?, length integer, prints integer, same integer?, best integer?, star integer?, called text?, ownership integer?",
)
WORDS = Table("words", "row integer, words blob, short text?")
LINKS = Table(
    "links",
    "row integer, other integer, relation text, fresh integer, sure integer, jaccard real, containment real, containment_other real,"
    "similarity real, probability real",
    keys=2,
)
NAMES = Table("names", "name text, row integer?")
RUNS = Table("runs", "run integer, postings integer, size integer, mark integer, data blob")
CHUNKS = Table("chunks", "chunk integer, postings blob")
VERDICTS = Table(
    "verdicts",
    "number integer, one text, other text, one_digest text, other_digest text, verdict text, moment real?, who text?,"
    "one_row integer?, other_row integer?",
)
DOUBTS = Table("doubts", "row integer, other integer, relation text, distance real, similarity real, probability real", keys=2)
NEWS = Table("news", "row integer, older integer?, kinds text, alarms text, lines text, texts integer, independent integer?, moment real?")
FACETS = Table("facets", "facet integer, row integer", keys=2)
SEARCH = Table("search", "block integer, token integer, rows blob", keys=2)
ARRIVALS = Table("arrivals", "number integer, moment real")
SIGHTINGS = Table("sightings", "number integer, moment real")
TOLD = Table("told", "number integer, id text, digest blob, run integer, answer text, moment real")
_SINCE_4 = VERDICTS, DOUBTS, NEWS, FACETS, SEARCH
_SINCE_5 = ARRIVALS, SIGHTINGS, TOLD
TABLES = META, DELIVERIES, DOCUMENTS, TEXTS, SEGMENTS, WORDS, LINKS, NAMES, RUNS, CHUNKS, *_SINCE_4, *_SINCE_5
_INDEXES = """
create index documents_by_id on documents (id);
create index documents_by_kept on documents (kept) where kept >= 0 and kept <> number;
create index segments_by_document on segments (document);
create index segments_by_same on segments (same, row) where same is not null;
create index segments_by_star on segments (star, row) where star is not null;
create index links_by_other on links (other);
create index names_by_row on names (row) where row is not null
"""
_INDEXES_SINCE_4 = """
create index verdicts_by_one on verdicts (one_digest);
create index verdicts_by_other on verdicts (other_digest);
create index verdicts_by_one_row on verdicts (one_row) where one_row is not null;
create index verdicts_by_other_row on verdicts (other_row) where other_row is not null;
create index doubts_by_other on doubts (other);
create index doubts_by_distance on doubts (distance, other);
create index news_by_older on news (older) where older is not null;
create index news_stale on news (row) where texts < 0;
create index search_blocks on search (block) where token < 0;
create index segments_copied on segments (star, row) where best is not null
"""
_INDEXES_SINCE_5 = """
create index sightings_by_moment on sightings (moment, number);
create index told_by_id on told (id);
create index told_by_run on told (run, number)
"""


OLD_RUNS = Table("old_runs", "run integer, postings integer, fences blob", of="runs")
OLD_CHUNKS = Table("old_chunks", "chunk integer, postings blob", of="chunks")
_WITH_ANSWERS = 5  # the first schema with what people say
WITH_RUNS = 6  # the first one with the posting lists of today


def definitions(kinds: Mapping[str, str]) -> list[str]:
    """Return the statements that make the tables, with the names that a database has for kinds of columns."""
    return _statements(TABLES, f"{_INDEXES};{_INDEXES_SINCE_4};{_INDEXES_SINCE_5}", kinds)


def upgrades(kinds: Mapping[str, str], schema: int) -> list[str]:
    """Return the statements that make the tables which one of the schemas `UPGRADED` lacks, or has otherwise. Of runs that are otherwise a
    table with another name is left, `OLD_RUNS`."""
    made = _statements(_SINCE_4, _INDEXES_SINCE_4, kinds) if schema < _WITH_ANSWERS else []
    if schema < WITH_RUNS:
        made += [f"alter table runs rename to {OLD_RUNS.name}", f"alter table chunks rename to {OLD_CHUNKS.name}"]
        made += _statements((RUNS, CHUNKS), "", kinds) + _statements(_SINCE_5, _INDEXES_SINCE_5, kinds)
    return made


def _statements(tables: Iterable[Table], indexes: str, kinds: Mapping[str, str]) -> list[str]:
    made = [line.strip() for line in indexes.split(";")]
    return [table.definition().format(**kinds) for table in tables] + [line for line in made if line]
