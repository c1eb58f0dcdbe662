"""Statuses: the words of feeds and systems for what is published, held back, or taken back."""

from __future__ import annotations

from typing import Any

STATUSES = {
    "usable": ("usable", "published", "publish", "active", "live"),
    "withheld": ("withheld", "embargoed", "draft", "pending", "private", "future", "hold"),
    "canceled": ("canceled", "cancelled", "killed", "kill", "withdrawn", "retracted", "deleted", "trash"),
}
"""The words, in small letters, for each status of a document."""


def status_of(value: Any) -> str | None:
    """Return a status in the words of a document; None for one that is not known.

    >>> status_of("stat:Usable"), status_of("Killed"), status_of(200)
    ('usable', 'canceled', None)
    """
    word = value.rpartition(":")[2].strip().lower() if isinstance(value, str) else ""
    return next((status for status, words in STATUSES.items() if word in words), None)
