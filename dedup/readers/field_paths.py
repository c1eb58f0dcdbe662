"""Paths of fields: where a value stands in a record, as options name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InputError

Path = tuple[str | int | None, ...]
"""The steps to a value: names of fields, places in lists, and None for all places of a list."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d*)\]|\.")


def parse_path(text: str) -> Path:
    """Return the steps of a path. Raises `InputError`.

    >>> parse_path("bodies[0].value"), parse_path("chats.list[].text")
    (('bodies', 0, 'value'), ('chats', 'list', None, 'text'))
    """
    steps: list[str | int | None] = []
    place = 0
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None:
            raise InputError(f"not the path of a field: {text[:80]!r}", hint="write it like headline, source.name or bodies[0].value")
        if match[1] is not None:
            steps.append(match[1])
        elif match[2] is not None:
            steps.append(int(match[2]) if match[2] else None)
        place = match.end()
    if not steps:
        raise InputError("an empty path of a field", hint="write it like headline, source.name or bodies[0].value")
    return tuple(steps)


def _at(record: Any, path: Path) -> tuple[list[Any], bool]:
    """Return the values at a path, and whether it asks for those of a list."""
    found, spread = [record], False
    for step in path:
        if step is None:
            found, spread = [each for value in found if isinstance(value, list) for each in value], True
        elif isinstance(step, int):
            found = [value[step] for value in found if isinstance(value, list) and step < len(value)]
        else:
            found = [value[step] for value in found if isinstance(value, Mapping) and step in value]
    return found, spread


def value_at(record: Any, path: Path) -> Any:
    """Return the value at a path, None if there is none; with None among the steps a list of all that are there.

    >>> value_at({"bodies": [{"value": "a"}, {"value": "b"}]}, ("bodies", None, "value"))
    ['a', 'b']
    """
    found, spread = _at(record, path)
    if spread:
        return found
    return found[0] if found else None


def is_at(record: Any, path: Path) -> bool:
    """Tell whether there is something at a path, be it None.

    >>> is_at({"lead": None}, ("lead",)), is_at({"lead": None}, ("laed",))
    (True, False)
    """
    return bool(_at(record, path)[0])


def shown(path: Path) -> str:
    """Return a path as a user writes it.

    >>> shown(("bodies", 0, "value"))
    'bodies[0].value'
    """
    return "".join(_written(path)).removeprefix(".")


def _written(path: Path) -> Iterator[str]:
    for step in path:
        yield f".{step}" if isinstance(step, str) else "[]" if step is None else f"[{step}]"
