"""Pairs of texts to be compared: JSON Lines with two texts in each line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import InputError
from .files import open_source
from .jsonl import numbered_lines, parse_json
from .lines import BOM, too_long, unify_newlines
from .options import Reading


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts to be compared; ``a`` is the older one."""

    id: str | int
    a: str
    b: str


def read_pairs(path: str, reading: Reading | None = None) -> Iterator[TextPair]:
    """Read JSONL of ``{"id", "a", "b"}``, where ``a`` and ``b`` are texts. Raises `InputError`."""
    reading = reading or Reading()
    with open_source(path) as stream:
        for line, data, error in numbered_lines(stream, path, reading):
            if error is not None:
                raise error
            record = parse_json(data.removeprefix(BOM), path, line)
            values = [record.get(name) if isinstance(record, dict) else None for name in ("id", "a", "b")]
            if not isinstance(values[0], str | int) or not all(isinstance(value, str) for value in values[1:]):
                raise InputError("not a pair of texts", path=path, line=line, hint='each line is {"id": ..., "a": "...", "b": "..."}')
            if max(map(len, values[1:])) > reading.max_chars:  # type: ignore[arg-type]
                raise too_long(path, line, reading.max_chars)
            yield TextPair(values[0], *map(unify_newlines, values[1:]))  # type: ignore[arg-type]
