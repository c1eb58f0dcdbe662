"""What an index needs of a database: one writer at a time, all or nothing, durable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]


class Readable(Protocol):
    """What rows can be read from; statements as `Store` has them."""

    @property
    def name(self) -> str: ...

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return what a query finds."""
        ...


class Store(Protocol):
    """A database with the tables of an index. Statements have ``?`` for each value, and ``{among}`` where one is among those of a list.
    All is used by one thread at a time.

    Raises `StoreError` for whatever the database refuses, also where another writer holds it for too long, and `StoreGone` where its server
    cannot be reached any more.
    """

    name: str
    files_beside: str | None
    """The path beside which large runs of posting lists are files; None where all that an index has is in the database."""
    keeps_images: bool
    """Whether a run is one row, or one file; it is in chunks otherwise."""

    def is_made(self) -> bool:
        """Tell whether the tables are there."""
        ...

    def making(self) -> AbstractContextManager[None]:
        """Hold the database while its tables are made, so that they are all there with what is in them, or none is."""
        ...

    def make(self) -> None:
        """Make the tables. To be called inside of `making`."""
        ...

    def upgrade(self, schema: int) -> None:
        """Make the tables that an index of an older schema lacks, or has otherwise. To be called inside of `making`."""
        ...

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

    def insert(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]], *, anew: bool = True) -> None:
        """Write rows. ``columns`` are the kinds of what they have by their names, as `Table` has them; other columns are null. Where
        ``anew`` is False a row whose key is there is left as it is."""
        ...

    def update(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Write some columns of rows anew. The last one of ``columns`` is the key, which names the row; no key comes twice."""
        ...

    def delete(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Delete what has these values."""
        ...

    def now(self) -> float:
        """Return the time by the clock of the database, in seconds since 1970."""
        ...

    def hold(self, holder: int) -> None:
        """Let others see that this process works, under a number that nobody else has, until `release` or until it ends, however."""
        ...

    def is_held(self, holder: int) -> bool:
        """Tell whether the process with this number still works."""
        ...

    def release(self, holder: int) -> None:
        """Let others see that the work under this number has ended."""
        ...

    def faults(self) -> Iterator[str]:
        """Yield what the database itself finds wrong."""
        ...

    def tidy(self) -> None:
        """Give back the room of what was removed. Not to be called in a transaction."""
        ...

    def scrub(self, pieces: Sequence[bytes], *, anew: bool) -> None:
        """Leave nothing of what was deleted in the files of the database: ``pieces`` of it are looked for, and with ``anew`` they are made
        anew in any case. Not to be called in a transaction."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
