"""Answers of people about pairs of texts, and what they make of clusters: what is joined is as one text, what is parted never meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..text.ids import record_and_version

Verdict = Literal["same", "different", "template"]
"""Two texts are the ``same`` report, ``different`` ones, or a formula with other facts (``template``), which are different reports too."""
ANSWERS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer of a person about two texts, by their names as the members of clusters have them; no ``verdict`` where it was taken back.

    ``moment`` is in seconds since 1970. The digests are those of the documents, in hexadecimal digits: the answer holds for texts with
    these names and these words. Without them it holds for whatever has the names.
    """

    a: str
    b: str
    verdict: Verdict | None
    moment: float | None = None
    who: str | None = None
    a_digest: str | None = None
    b_digest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values for JSON, without what it does not have.

        >>> Judged("1", "2", "same").to_dict()
        {'a': '1', 'b': '2', 'verdict': 'same'}
        """
        found: dict[str, Any] = {"a": self.a, "b": self.b, "verdict": self.verdict}
        found |= {name: value for name in ("moment", "who") if (value := getattr(self, name)) is not None}
        return found


def record_named(document: str) -> str:
    """Return the record that a document is a version of, by its id or its name.

    >>> record_named("live-1@2"), record_named("live-1")
    ('live-1', 'live-1')
    """
    return record_and_version(document)[0]


def places_named(name: str) -> tuple[tuple[str, int | None], ...]:
    """Return what a name may be of: the whole of a record, or a segment of one by its number; which, the digest tells.

    >>> places_named("live-1@2"), places_named("a.txt#3")
    ((('live-1', None),), (('a.txt#3', None), ('a.txt', 3)))
    """
    whole: tuple[tuple[str, int | None], ...] = ((record_named(name), None),)
    document, mark, place = name.rpartition("#")
    is_segment = bool(document and mark) and place.isascii() and place.isdigit()
    return (*whole, (record_named(document), int(place))) if is_segment else whole


class JudgedGroups:
    """Which texts, given by numbers, are joined and which are parted by answers, each with a number of its own.

    Joined ones are a group, also through others; groups are parted where one text of each is. Where answers contradict each other
    parted texts stay parted: of the answers that join, in their order, those are left out that would bring parted ones together.
    """

    def __init__(self, answers: Iterable[tuple[int, int, int, Verdict]] = ()):
        self._answers: dict[int, dict[int, tuple[int, Verdict]]] = {}  # of each text, by their numbers
        self._groups: dict[int, tuple[int, ...]] = {}
        for answer in answers:
            self.add(*answer)

    def add(self, number: int, one: int, other: int, verdict: Verdict) -> None:
        """Take an answer in. One about a single text says nothing."""
        if one != other:
            for text, partner in ((one, other), (other, one)):
                self._forget(text)
                self._answers.setdefault(text, {})[number] = partner, verdict

    def discard(self, number: int, one: int, other: int) -> None:
        """Take an answer back."""
        for text in (one, other):
            self._forget(text)
            self._answers.get(text, {}).pop(number, None)

    def answers(self, text: int) -> Mapping[int, tuple[int, Verdict]]:
        """Return the answers about a text by their numbers, each with the other text."""
        return self._answers.get(text, {})

    def texts(self) -> list[int]:
        """Return the texts that answers are about."""
        return sorted(text for text, answers in self._answers.items() if answers)

    def group(self, text: int) -> tuple[int, ...]:
        """Return the texts that one is joined with, itself among them."""
        if not self._answers.get(text):
            return (text,)
        if text not in self._groups:
            self._join(text)
        return self._groups[text]

    def parted(self, text: int) -> dict[int, Verdict]:
        """Return the texts that one is parted from, each with the last answer that parts the two groups."""
        last: dict[int, tuple[int, Verdict]] = {}
        for member in self.group(text):
            for number, (other, verdict) in self._answers.get(member, {}).items():
                if verdict != "same":
                    for each in self.group(other):
                        last[each] = max((number, verdict), last.get(each, (number, verdict)))
        return {each: verdict for each, (_, verdict) in sorted(last.items())}

    def _linked(self, text: int) -> list[int]:
        """Return the texts that answers would join with one."""
        found, waiting = {text}, [text]
        while waiting:
            for other, verdict in self._answers.get(waiting.pop(), {}).values():
                if verdict == "same" and other not in found:
                    found.add(other)
                    waiting.append(other)
        return sorted(found)

    def _forget(self, text: int) -> None:
        for each in self._linked(text) if text in self._groups else ():
            self._groups.pop(each, None)

    def _join(self, text: int) -> None:
        texts = self._linked(text)
        groups = {each: [each] for each in texts}
        apart: dict[int, set[int]] = {}
        joins: dict[int, tuple[int, int]] = {}
        for each in texts:
            for number, (other, verdict) in self._answers.get(each, {}).items():
                if verdict == "same":
                    joins[number] = each, other
                else:
                    apart.setdefault(each, set()).add(other)
        for _, (one, other) in sorted(joins.items()):
            a, b = groups[one], groups[other]
            if a is b or any(not apart[each].isdisjoint(b) for each in a if each in apart):
                continue
            a += b
            groups.update(dict.fromkeys(b, a))
        self._groups.update((each, tuple(sorted(group))) for each, group in groups.items())


def judged_stars(ranked: Iterable[tuple[int, Iterable[int]]], parted: Mapping[int, Iterable[int]]) -> Iterator[list[int]]:
    """Cut linked rows into stars as `stars` does, where ``parted`` has the rows that may not be in one star with each row.

    Such a row joins the best canonical row that it is linked to of those whose stars have none of these so far.

    >>> [*judged_stars([(0, [1, 2]), (1, [0, 2]), (2, [0, 1])], {1: [2], 2: [1]})]
    [[0, 1], [2]]
    """
    members: dict[int, list[int]] = {}
    star_of: dict[int, int] = {}
    places: dict[int, int] = {}
    for place, (row, linked) in enumerate(ranked):
        others = {*parted.get(row, ())}
        taken = {star_of[other] for other in others if other in star_of}
        canonical = [each for each in linked if star_of.get(each) == each and each not in taken and each not in others]
        star = min(canonical, key=places.__getitem__, default=row)
        places[row], star_of[row] = place, star
        members.setdefault(star, []).append(row)
    yield from members.values()
