"""Doubts: pairs that were measured near the limit of duplicates, which an answer of a person would help most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..config import Config
from ..errors import InputError
from ..model import Relation
from ..verification.relations import RELATIONS, counts_as_duplicate
from .judged_rows import JudgedRows
from .queries import row_names
from .storage.interface import Store
from .storage.tables import DOUBTS

_PAGE = 200  # read at a time
_DIGITS = 19  # fewer are a number that databases hold
_AFTER = "distance >= ? and (distance > ? or other < ? or (other = ? and row < ?))"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair whose probability is near the limit. ``a`` came first; both are named as the members of clusters. ``cursor`` says where the
    next pairs begin."""

    a: str
    b: str
    relation: Relation
    probability: float
    similarity: float
    duplicate: bool
    cursor: str

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain values for JSON; shares have four digits."""
        shares = {"probability": round(self.probability, 4), "similarity": round(self.similarity, 4)}
        return {"a": self.a, "b": self.b, "relation": self.relation.value, "duplicate": self.duplicate, **shares}


def write_doubts(store: Store, config: Config, found: Iterable[Sequence[Any]]) -> None:
    """Note doubtful pairs: both rows, the older one first, their relation as a place in `RELATIONS`, similarity and probability."""
    rows = [
        (row, other, RELATIONS[relation].value, abs(probability - config.min_probability), similarity, probability)
        for row, other, relation, similarity, probability in found
    ]
    DOUBTS.insert(store, rows, anew=False)


def drop_doubts(store: Store, rows: Iterable[int]) -> None:
    """Forget the doubts about rows that go."""
    gone = sorted(rows)
    for column in ("row", "other"):
        store.run_many(f"delete from doubts where {column} = ?", [(row,) for row in gone])


def read_doubts(store: Store, config: Config, most: int, after: str | None) -> list[Doubt]:
    """Return doubts that no answer has settled, as `dedup.Index.doubts` describes them."""
    judged = JudgedRows(store)
    place = _place(after)
    found: list[tuple[Any, ...]] = []
    while len(found) < most:
        where, values = ("", ()) if place is None else (f"where {_AFTER}", (place[0], place[0], place[1], place[1], place[2]))
        some = DOUBTS.read(store, f"{where} order by distance, other desc, row desc limit {_PAGE}", values)
        judged.load(row for each in some for row in each[:2])
        for each in some:
            if each[1] not in judged.groups.group(each[0]) and each[1] not in judged.groups.parted(each[0]):
                found.append(each)
        if len(some) < _PAGE:
            break
        place = some[-1][3], some[-1][1], some[-1][0]
    found = found[:most]
    names = row_names(store, sorted({row for each in found for row in each[:2]}))
    doubts = []
    for row, other, told, distance, similarity, probability in found:
        relation, cursor = Relation(told), f"{distance!r}:{other}:{row}"
        is_duplicate = counts_as_duplicate(relation, config)
        doubts.append(Doubt(names[row], names[other], relation, probability, similarity, is_duplicate, cursor))
    return doubts


def _place(after: str | None) -> tuple[float, int, int] | None:
    if after is None:
        return None
    try:
        distance, other, row = after.split(":")
        if not (0 <= float(distance) <= 1 and max(map(len, (other, row))) < _DIGITS):
            raise ValueError("out of range")
        return float(distance), int(other), int(row)
    except ValueError as error:
        raise InputError(f"{after[:80]!r} is no place among doubts", hint="give the cursor of a doubt, or begin anew") from error
