"""Bylines: the names that fields have of who wrote a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def names_in(value: Any) -> str | None:
    """Return the names that a value has: a text, an object with a name, or a list of these.

    >>> names_in(["Jane Doe", {"name": "John Roe"}]), names_in([])
    ('Jane Doe, John Roe', None)
    """
    values = [each.get("name") if isinstance(each, Mapping) else each for each in (value if isinstance(value, list) else [value])]
    return ", ".join(each.strip() for each in values if isinstance(each, str) and each.strip()) or None
