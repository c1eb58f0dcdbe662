"""The answers of people that an index has, and the rows that they are about as far as these are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clusters.constraints import restricts
from ..clusters.verdicts import Judged, JudgedGroups, Verdict, places_named, record_named
from ..config import Config
from ..text.ids import record_and_version
from .storage.interface import Store
from .storage.tables import VERDICTS

_SIDES = ("one_row", "other_row")
_SEGMENT = "select row, same from segments where document = ? and coalesce(place, -1) = ?"
_DIGITS = 19  # fewer are a number that databases hold


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A text by its name: its row, that which stands for its words, and the digest of its document."""

    name: str
    row: int
    node: int
    digest: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A row of `VERDICTS`: the rows of its texts are None where they are not stored."""

    number: int
    one: str
    other: str
    one_digest: str
    other_digest: str
    verdict: Verdict
    moment: float | None
    who: str | None
    one_row: int | None
    other_row: int | None

    def judged(self) -> Judged:
        """Return it as it is told."""
        return Judged(self.one, self.other, self.verdict, self.moment, self.who, self.one_digest, self.other_digest)

    def sides(self) -> tuple[tuple[str, str, str, int | None], tuple[str, str, str, int | None]]:
        """Return of both sides the column of its row, its name, its digest and its row."""
        one = _SIDES[0], self.one, self.one_digest, self.one_row
        return one, (_SIDES[1], self.other, self.other_digest, self.other_row)


def has_answers(store: Store) -> bool:
    """Tell whether an index has any answers."""
    return bool(store.rows("select 1 from verdicts limit 1"))


def all_answers(store: Store) -> list[StoredAnswer]:
    """Return the answers in their order."""
    return [StoredAnswer(*row) for row in VERDICTS.read(store, "order by number")]


def answers_with(store: Store, digests: Iterable[str]) -> list[StoredAnswer]:
    """Return the answers about documents with these digests."""
    wanted = sorted({*digests})
    rows = [row for side in ("one", "other") for row in VERDICTS.read_among(store, f"where {side}_digest {{among}}", wanted)]
    return [StoredAnswer(*row) for row in sorted({*rows})]


def is_of(name: str, document: str, place: int | None) -> bool:
    """Tell whether a name in an answer is that of a segment of a document, by its id, None for the whole; their digests are the same."""
    return (record_named(document), place) in places_named(name)


def is_in(name: str, document: str) -> bool:
    """Tell whether a name in an answer is that of a document or of a segment of it, by its id; their digests are the same."""
    return any(record == record_named(document) for record, _ in places_named(name))


def is_storable(text: str) -> bool:
    """Tell whether every database takes a text: it has no NUL and no halves of surrogate pairs."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def text_named(store: Store, config: Config, name: str) -> JudgedText | None:
    """Return the text with a name as the members of clusters have it, None for none."""
    if not is_storable(name):
        return None
    for document, version, place in _read_names(name):
        for number, digest in store.rows("select number, digest from documents where id = ? and version = ?", (document, version)):
            found = store.rows(_SEGMENT, (number, -1 if place is None else place))
            for row, same in found:
                return JudgedText(name, row, row if same is None or restricts(config) else same, bytes(digest).hex())
    return None


def _read_names(name: str) -> Iterator[tuple[str, int, int | None]]:
    """Yield the ids, versions and segments that a name may stand for."""
    whole, mark, place = name.rpartition("#")
    is_segment = bool(whole and mark) and place.isascii() and place.isdigit() and len(place) < _DIGITS
    names: list[tuple[str, int | None]] = [(name, None), *([(whole, int(place))] if is_segment else [])]
    for document, index in names:
        for record, version in dict.fromkeys(((document, 1), record_and_version(document))):
            yield record, version, index


class JudgedRows:
    """The answers about rows, read when they are asked for with all that these are joined with and parted from."""

    def __init__(self, store: Store):
        self._store = store
        self._loaded: set[int] = set()
        self.groups = JudgedGroups()

    def read_anew(self) -> None:
        """Forget what was read: it has changed."""
        self._loaded = set()
        self.groups = JudgedGroups()

    def load(self, rows: Iterable[int]) -> None:
        """Read the answers about rows that are not known yet, and about those that they are about as well."""
        waiting = sorted({row for row in rows if row not in self._loaded})
        while waiting:
            self._loaded.update(waiting)
            partners: set[int] = set()
            for column in _SIDES:
                for row in VERDICTS.read_among(self._store, f"where {column} {{among}}", waiting):
                    partners |= self.note(StoredAnswer(*row))
            waiting = sorted(partners - self._loaded)

    def note(self, answer: StoredAnswer) -> set[int]:
        """Take an answer in, and return the rows that it is about, none where one of these is not stored."""
        one, other = answer.one_row, answer.other_row
        if one is None or other is None:
            return set()
        self.groups.add(answer.number, one, other, answer.verdict)
        return {one, other}

    def group(self, row: int) -> tuple[int, ...]:
        """Return the rows that one is joined with, itself among them."""
        self.load((row,))
        return self.groups.group(row)

    def parted(self, row: int) -> Mapping[int, Verdict]:
        """Return the rows that one is parted from."""
        self.load((row,))
        return self.groups.parted(row)

    def is_judged(self, row: int) -> bool:
        """Tell whether there are answers about a row."""
        self.load((row,))
        return bool(self.groups.answers(row))

    def write(self, number: int, values: Mapping[str, Any]) -> StoredAnswer:
        """Write some columns of an answer anew, and return it."""
        VERDICTS.change(self._store, {number: values})
        return StoredAnswer(*VERDICTS.read(self._store, "where number = ?", (number,))[0])


def labels(answers: Sequence[StoredAnswer]) -> Iterator[dict[str, Any]]:
    """Yield answers as labels, which `dedup.evaluate` and `dedup.tune` read."""
    for answer in answers:
        label = {"a": answer.one, "b": answer.other, "duplicate": answer.verdict == "same", "label": answer.verdict}
        yield label | {name: value for name in ("who", "moment") if (value := getattr(answer, name)) is not None}
