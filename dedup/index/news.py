"""What a desk keeps beside the texts: what each brought against an older one, and what it is found by; and how that is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2b
from json import loads

from .storage.interface import Row, Store
from .storage.tables import FACETS, NEWS

BLOCK = 4096
"""Rows of a block of the inverted index."""
MADE = -1
"""The term that a block has which is written."""
_STALE = -1
"""Texts of a story where what is kept of it is to be told anew."""


def facet(kind: str, value: str) -> int:
    """Return the number of what a text may have: of a kind, a value of it. It is above all hashes of words.

    >>> facet("source", "wire") == facet("section", "wire"), facet("source", "wire") >> 61
    (False, 1)
    """
    digest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8, person=kind.encode()).digest()
    return int.from_bytes(digest) >> 3 | 1 << 61


ALARM = facet("alarm", "")


def facets_of(kinds: Iterable[str], alarms: Collection[str]) -> list[int]:
    """Return the facets of what a text brought."""
    return [*dict.fromkeys(facet("kind", kind) for kind in kinds), *([ALARM] if alarms else [])]


def write_news(store: Store, news: Iterable[Row]) -> None:
    """Keep what texts brought, rows of `NEWS`; what was told of them before is dropped."""
    found = [*news]
    _drop(store, [row for row, *_ in found])
    NEWS.insert(store, found)
    facets = ((each, row) for row, _, kinds, alarms, *_ in found for each in facets_of(loads(kinds), loads(alarms)))
    FACETS.insert(store, facets, anew=False)


def forget_news(store: Store, gone: Collection[int], changed: Collection[int] = ()) -> None:
    """Drop what rows that go have brought. What is to be told anew: what rows brought that have changed, and rows that were compared with
    one of both, which may quote what is gone."""
    _drop(store, sorted(gone))
    rows = sorted({*gone, *changed})
    again = {row for (row,) in store.rows_among("select row from news where older {among}", rows)}
    again |= {row for (row,) in store.rows_among("select row from news where row {among}", sorted(changed))}
    _drop(store, sorted(again))
    NEWS.insert(store, [(row, None, "[]", "[]", "{}", _STALE, None, None) for row in sorted(again)])


def _drop(store: Store, rows: Collection[int]) -> None:
    found = NEWS.read_among(store, "where row {among}", [*rows])
    facets = [(each, row) for row, _, kinds, alarms, *_ in found for each in facets_of(loads(kinds), loads(alarms))]
    store.run_many("delete from facets where facet = ? and row = ?", facets)
    store.run_many("delete from news where row = ?", [(row,) for row, *_ in found])


def stale_rows(store: Store, most: int) -> list[int]:
    """Return rows of which is to be told anew what they brought, newest first."""
    return [row for (row,) in store.rows("select row from news where texts < 0 order by row desc limit ?", (most,))]


def forget_blocks(store: Store, rows: Iterable[int], *, erase: bool = False) -> None:
    """Let the blocks of rows be written anew, whose texts have other sources, times or titles now. With ``erase`` nothing of what they had
    stays."""
    blocks = sorted({row // BLOCK for row in rows})
    which = "" if erase else "and token < 0"
    store.run_many(f"delete from search where block = ? {which}", [(block,) for block in blocks])
