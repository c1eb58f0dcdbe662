"""What people have said of pairs, in a search: which of its rows are joined and parted, and what that makes of pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from ..arrays.ragged import Array
from ..config import Config
from ..errors import InputError
from ..model import Document, Relation, Segment
from ..text.ids import text_digest
from ..verification.relations import RELATIONS, counts_as_duplicate
from .verdicts import ANSWERS, Judged, JudgedGroups, Verdict, places_named, record_named

_TEMPLATE, _REVISION = RELATIONS.index(Relation.TEMPLATE), RELATIONS.index(Relation.REVISION)


class JudgedSearch:
    """The answers of people in one search. Those about texts that are not there say nothing. Raises `InputError` for what is no answer."""

    def __init__(self, verdicts: Iterable[Judged], config: Config):
        self._config = config
        self._answers: list[tuple[Judged, Verdict]] = []
        for judged in verdicts:
            if judged.verdict is not None and judged.verdict not in ANSWERS:
                raise InputError(f"{judged.verdict!r} is no answer", hint=f"answers are {', '.join(ANSWERS)}")
            self._answers += [(judged, judged.verdict)] if judged.verdict is not None else []
        self._digests: dict[str, str] = {}
        self.groups: JudgedGroups | None = None
        """What the answers make of rows; None where none is about the texts of this search."""

    @property
    def is_empty(self) -> bool:
        """True where nobody has said anything."""
        return not self._answers

    def noting(self, documents: Iterable[Document]) -> Iterable[Document]:
        """Return documents as they are, and note those that answers are about."""
        return self._noting(documents) if self._answers else documents

    def _noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        names = {name for judged, _ in self._answers for name in (judged.a, judged.b)}
        records = {record for name in names for record, _ in places_named(name)}
        for document in documents:
            if record_named(document.id) in records:
                self._digests[document.id] = text_digest(document.text).hex()
            yield document

    def bind(self, segments: Sequence[Segment], alike: Array | None) -> None:
        """Find the rows that the answers are about. ``alike`` has the first row with the words of each, which stands for it, -1 for none;
        None where each copy stands for itself."""
        rows: dict[tuple[str, int | None], list[int]] = {}
        for row, segment in enumerate(segments) if self._digests else ():
            if segment.document in self._digests:
                rows.setdefault((record_named(segment.document), segment.index), []).append(row)

        def row_of(name: str, digest: str | None) -> int | None:
            for row in sorted(row for place in places_named(name) for row in rows.get(place, ())):
                if segments[row].id == name if digest is None else self._digests[segments[row].document] == digest:
                    return row if alike is None or alike[row] < 0 else int(alike[row])
            return None

        groups = JudgedGroups()
        for number, (judged, verdict) in enumerate(self._answers if rows else ()):
            one, other = row_of(judged.a, judged.a_digest), row_of(judged.b, judged.b_digest)
            if one is not None and other is not None:
                groups.add(number, one, other, verdict)
        self.groups = groups if groups.texts() else None

    def without_parted(self, pairs: Array) -> Array:
        """Return related pairs without those that are parted; what was said to be a template is one."""
        if self.groups is None:
            return pairs
        kept = np.ones(len(pairs), bool)
        for place in np.flatnonzero(self._judged(pairs)).tolist():
            verdict = self.groups.parted(int(pairs["left"][place])).get(int(pairs["right"][place]))
            if verdict == "template" and not counts_as_duplicate(Relation.TEMPLATE, self._config):
                pairs["relation"][place] = _TEMPLATE
            else:
                kept[place] = verdict is None
        return pairs[kept]

    def with_joined(self, pairs: Array, measure: Callable[[Array, Array], Array]) -> Array:
        """Return related pairs with those that answers join: as they were measured, as revisions where that made them no duplicates, and
        with all shares 0 where they have nothing in common. ``measure`` returns those of some pairs of rows that are related."""
        if self.groups is None:
            return pairs
        wanted = {
            (row, other)
            for row in self.groups.texts()
            for other, verdict in self.groups.answers(row).values()
            if verdict == "same" and row < other and other in self.groups.group(row)
        }
        there = np.flatnonzero(self._judged(pairs))
        ends = zip(pairs["left"][there].tolist(), pairs["right"][there].tolist(), strict=True)
        places = {(min(pair), max(pair)): place for place, pair in zip(there.tolist(), ends, strict=True)}
        missing = np.array(sorted(wanted - places.keys()), np.int64).reshape(-1, 2)
        more = np.zeros(len(missing), pairs.dtype)
        more["left"], more["right"] = missing.T
        more["relation"] = _REVISION
        measured = measure(*missing.T)
        at = {tuple(pair): place for place, pair in enumerate(missing.tolist())}
        for place, pair in enumerate(measured[["left", "right"]].tolist()):
            more[at[pair]] = measured[place]
        found = np.concatenate((pairs, more))
        joined = [places[pair] for pair in sorted(wanted & places.keys())] + [*range(len(pairs), len(found))]
        for place in joined:
            if not counts_as_duplicate(RELATIONS[found["relation"][place]], self._config):
                found["relation"][place] = _REVISION
        return found

    def _judged(self, pairs: Array) -> Array:
        """Return the pairs of two rows that answers are about, as a mask."""
        rows = self.groups.texts() if self.groups is not None else []
        found: Array = np.isin(pairs["left"], rows) & np.isin(pairs["right"], rows)
        return found
