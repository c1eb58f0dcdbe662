"""What is asked of the list of stories: read from the parameters of an address, and written back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from reports.kind import Kind, UnitRelation

from ...index.browse.model import StoryQuery
from ..problems import Problem

KINDS = (*(kind.value for kind in Kind if not kind.cosmetic), UnitRelation.ADDED.value, UnitRelation.REMOVED.value)
"""The kinds of change that may be asked for, in the order of the page."""
_LONGEST, _MOST = 200, 30  # characters of a value, and values
_NUMBER = re.compile(r"-1|\d{1,18}", re.ASCII)  # the first before all rows
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of the list. ``since`` and ``until`` are days as they stand in the form, both with what is of that day."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    alarms: bool = False
    since: str = ""
    until: str = ""

    def query(self) -> StoryQuery:
        """Return it as an index is asked."""
        since, until = _moment(self.since, "from"), _moment(self.until, "until")
        after = None if until is None else (until + _DAY).timestamp()
        return StoryQuery(
            self.words, self.kinds, self.sources, self.sections, self.alarms, None if since is None else since.timestamp(), after
        )

    def parameters(self) -> list[tuple[str, str]]:
        """Return it as parameters of an address."""
        found = [("words", self.words)] if self.words else []
        found += [("kind", kind) for kind in self.kinds]
        found += [("source", source) for source in self.sources]
        found += [("section", section) for section in self.sections]
        found += [("alarms", "1")] if self.alarms else []
        return found + [(name, day) for name, day in (("from", self.since), ("until", self.until)) if day]

    def address(self, path: str, **more: object) -> str:
        """Return an address with it, and more parameters."""
        pairs = [*self.parameters(), *((name, str(value)) for name, value in more.items())]
        return path + (f"?{urlencode(pairs)}" if pairs else "")

    def without(self) -> Iterator[tuple[str, str, Asked]]:
        """Yield each thing that is asked for: the name of its parameter, its value, and what is asked without it."""
        if self.words:
            yield "words", self.words, replace(self, words="")
        for name, field in (("kind", "kinds"), ("source", "sources"), ("section", "sections")):
            values: tuple[str, ...] = getattr(self, field)
            for value in values:
                yield name, value, _with(self, field, tuple(each for each in values if each != value))
        if self.alarms:
            yield "alarms", "", replace(self, alarms=False)
        if self.since:
            yield "from", self.since, replace(self, since="")
        if self.until:
            yield "until", self.until, replace(self, until="")


def _with(asked: Asked, field: str, values: tuple[str, ...]) -> Asked:
    if field == "kinds":
        return replace(asked, kinds=values)
    return replace(asked, sources=values) if field == "sources" else replace(asked, sections=values)


def read_asked(parameters: QueryParams) -> Asked:
    """Return what the parameters of an address ask for. Raises `Problem` for values that are none."""
    kinds = _values(parameters, "kind")
    if unknown := next((kind for kind in kinds if kind not in KINDS), None):
        raise Problem(422, f"no kind {unknown[:40]!r}", where="kind", hint=f"there are {', '.join(KINDS)}")
    alarms = parameters.get("alarms", "")
    if alarms not in ("", "0", "1"):
        raise Problem(422, "alarms is neither 0 nor 1", where="alarms")
    words = " ".join(_one(parameters, "words").split())
    sources, sections = _values(parameters, "source"), _values(parameters, "section")
    asked = Asked(words, kinds, sources, sections, alarms == "1", _one(parameters, "from"), _one(parameters, "until"))
    asked.query()  # raises
    return asked


def read_number(parameters: QueryParams, name: str) -> int | None:
    """Return a parameter that is a row of an index, None without one. Raises `Problem`."""
    value = parameters.get(name, "")
    if value and not _NUMBER.fullmatch(value):
        raise Problem(422, f"{name} is no number", where=name)
    return int(value) if value else None


def _one(parameters: QueryParams, name: str) -> str:
    value = parameters.get(name, "").strip()
    if len(value) > _LONGEST:
        raise Problem(422, f"more than {_LONGEST} characters", where=name, hint="ask for less")
    return value


def _values(parameters: QueryParams, name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value for value in parameters.getlist(name) if value))
    if len(found) > _MOST or any(len(value) > _LONGEST for value in found):
        raise Problem(422, f"more than {_MOST} values, or one of more than {_LONGEST} characters", where=name, hint="ask for less")
    return found


def _moment(day: str, name: str) -> datetime | None:
    """Return the beginning of a day in UTC, as times without a zone are read."""
    if not day:
        return None
    try:
        found = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
        found + _DAY
    except (ValueError, OverflowError) as error:
        raise Problem(422, "a day that is none", where=name, hint="write it as 2026-11-28") from error
    return found
