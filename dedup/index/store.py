"""What an index needs of a database: one writer at a time, all or nothing, durable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]

SCHEMA_VERSION = 1
TABLES = """
create table meta (name text primary key, value text not null);
create table documents (
    number {integer} primary key, id text not null, digest {blob} not null, run {integer} not null, kept {integer} not null,
    answer text not null, moment {real}, source text, segmented {integer} not null, text {blob}
);
create index documents_by_id on documents (id);
create index documents_by_kept on documents (kept) where kept >= 0 and kept <> number;
create table segments (
    row {integer} primary key, document {integer} not null, place {integer}, span_start {integer} not null, span_end {integer} not null,
    line {integer}, heading text, bulletin {integer}, length {integer} not null, prints {integer} not null, same {integer},
    best {integer}, star {integer}, called text, short text, words {blob}
);
create index segments_by_document on segments (document);
create index segments_by_same on segments (same) where same is not null;
create index segments_by_star on segments (star) where star is not null;
create table links (
    row {integer} not null, other {integer} not null, relation {integer} not null, fresh {integer} not null, sure {integer} not null,
    jaccard {real} not null, containment {real} not null, containment_other {real} not null, similarity {real} not null,
    told {real} not null, primary key (row, other)
){without_rowid};
create index links_by_other on links (other);
create table names (name text primary key, row {integer} not null);
create table runs (run {integer} primary key, postings {integer} not null, fences {blob} not null);
create table chunks (chunk {integer} primary key, postings {blob} not null);
"""
"""One statement after the other, with the names that a database has for types."""


class Store(Protocol):
    """A database with the tables above. Statements have ``?`` for each value, and ``{among}`` where one is among those of a list.

    Raises `StoreError` for whatever the database refuses, and `Busy` where another writer holds it for too long.
    """

    name: str

    def writing(self) -> AbstractContextManager[None]:
        """Hold the database against other writers until the end: then all that was written is durable, or nothing of it is there."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """See the database as it is now until the end."""
        ...

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return what a query finds."""
        ...

    def rows_among(self, statement: str, among: Sequence[Any], values: Sequence[Any] = ()) -> list[Row]:
        """Return what a query finds, in which ``{among}`` stands for a list; ``values`` come before it."""
        ...

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run one statement."""
        ...

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of some values."""
        ...

    def faults(self) -> Iterator[str]:
        """Yield what the database itself finds wrong."""
        ...

    def tidy(self) -> None:
        """Give back the room of what was removed. Not to be called in a transaction."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
