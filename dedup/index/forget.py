"""Documents forgotten that have fallen out of a window, many at once.

What hangs together with nothing that stays is deleted as it is, which is cheap. The rest is taken out of its clusters first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clusters.stars import cluster_name
from ..config import Config
from ..text.ids import segment_name, version_name
from .doubts import drop_doubts
from .judged_rows import has_answers
from .news import BLOCK, forget_blocks, forget_news
from .remove import remove_numbers
from .storage.interface import Store
from .storage.tables import META

_SEGMENTS = "select row, document, place, same, best, star, called from segments where document {among}"
_TIED = {
    "select row, other from links where row {among}",
    "select other, row from links where other {among}",
    "select same, row from segments where same is not null and same {among}",
    "select star, row from segments where star is not null and star {among}",
}
_REPLACED = "select number, kept from documents where kept >= 0 and kept <> number and kept {among}"
_DOCUMENTS = "select number, id, version, digest from documents where number {among}"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten: the highest row, -1 for none, and how many texts that postings are of."""

    highest: int
    texts: int


def forget(store: Store, config: Config, numbers: Sequence[int]) -> Forgotten:
    """Forget documents, with their names of clusters that nothing else has. To be called inside of a transaction."""
    segments = {row: rest for row, *rest in store.rows_among(_SEGMENTS, numbers)}
    documents = {number: rest for number, *rest in store.rows_among(_DOCUMENTS, numbers)}
    tied = _tied(store, documents, segments)
    if tied:
        names = {
            called or cluster_name(segment_name(version_name(*documents[number][:2]), place))
            for number, place, _, _, _, called in segments.values()
            if number in tied
        }
        rows = [row for row, (number, *_) in segments.items() if number in tied]
        names |= {name for (name,) in store.rows_among("select name from names where row {among}", rows)}
        remove_numbers(store, config, sorted(tied))
        store.run_many("delete from names where name = ? and row is null", [(name,) for name in sorted(names)])
    alone = sorted(documents.keys() - tied)
    _delete(store, alone, sorted(row for row, (number, *_) in segments.items() if number not in tied))
    forget_blocks(store, segments, erase=True)
    ((first,),) = store.rows("select min(row) from segments")
    if first is not None:
        store.run("delete from search where block < ?", (first // BLOCK,))
    texts = sum(same is None for _, _, same, *_ in segments.values())
    return Forgotten(max(segments, default=-1), texts)


def _tied(store: Store, documents: Mapping[int, Sequence[Any]], segments: Mapping[int, Sequence[Any]]) -> set[int]:
    """Return the documents that hang together with some that stay, directly or through others of these."""
    owner: dict[int, int] = {row: number for row, (number, *_) in segments.items()}
    near: dict[int, set[int]] = {number: set() for number in documents}
    tied: set[int] = set()

    def tie(one: int | None, other: int | None) -> None:
        """Note that two rows hang together."""
        if one is None or other is None:
            return
        a, b = owner.get(one), owner.get(other)
        if a is not None and b is not None:
            near[a].add(b)
            near[b].add(a)
        else:
            tied.update(each for each in (a, b) if each is not None)

    for row, (_, _, same, best, star, _) in segments.items():
        for other in (same, best, star):
            tie(row, other)
    rows = sorted(segments)
    for query in _TIED:
        for one, other in store.rows_among(query, rows):
            tie(one, other)
    for number, kept in store.rows_among(_REPLACED, sorted(documents)):
        if number in near:
            near[number].add(kept)
            near[kept].add(number)
        else:
            tied.add(kept)
    if has_answers(store):  # which the texts that go have a part in
        digests: dict[str, set[int]] = {}
        for number, (_, _, digest) in documents.items():
            digests.setdefault(bytes(digest).hex(), set()).add(number)
        for side in ("one", "other"):
            found = store.rows_among(f"select {side}_digest from verdicts where {side}_digest {{among}}", sorted(digests))
            tied.update(*(digests[digest] for (digest,) in found))
    waiting = [*tied]
    while waiting:
        new = near[waiting.pop()] - tied
        tied |= new
        waiting += new
    return tied


def _delete(store: Store, numbers: Sequence[int], rows: Sequence[int]) -> None:
    """Delete documents with all that is kept of them, which nothing that stays hangs together with."""
    if rows:
        forget_news(store, rows)
        drop_doubts(store, rows)
    for table, column, keys in (
        ("links", "row", rows),
        ("names", "row", rows),
        ("words", "row", rows),
        ("segments", "row", rows),
        ("texts", "number", numbers),
        ("sightings", "number", numbers),
        ("documents", "number", numbers),
    ):
        _delete_among(store, table, column, keys)
    counters = META.read(store, "where name = 'removed' or name = 'loose'")
    META.change(store, {name: {"value": str(int(value) + len(numbers))} for name, value in counters})


def _delete_among(store: Store, table: str, column: str, keys: Iterable[int]) -> None:
    store.run_many(f"delete from {table} where {column} = ?", [(key,) for key in keys])
