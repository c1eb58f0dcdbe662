"""The items of a feed: which are new or changed since it was last read, and in which order they appeared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...model import Document
from ...text.timestamps import known_seconds
from .model import short_digest

_MOST_KNOWN = 20_000  # items that are remembered; what comes again beyond them is known to the index


def item_digest(document: Document) -> str:
    """Return what tells that an item is the same as before."""
    return short_digest(document.id, document.text, document.title, document.status, document.embargo, document.version)


def new_items(documents: Sequence[Document], known: Sequence[str], *, newest_first: bool) -> tuple[tuple[Document, ...], list[str]]:
    """Return the items that are not known, the oldest first, and the digests of all, to be known from now on.

    Their times tell which is the older; where not all have one it is their order, where ``newest_first`` the other way round.

    >>> feed = [Document("2", "Snow.", time="2026-02-02"), Document("1", "Rain.", time="2026-02-01")]
    >>> found, known = new_items(feed, [], newest_first=True)
    >>> [each.id for each in found], new_items(feed, known, newest_first=True)[0]
    (['1', '2'], ())
    """
    standing = [*reversed(documents)] if newest_first else [*documents]
    seconds = known_seconds(standing)
    if seconds is not None:
        standing = [standing[place] for place in sorted(range(len(standing)), key=seconds.__getitem__)]
    digests = [item_digest(each) for each in standing]
    before = {*known}
    return tuple(each for each, digest in zip(standing, digests, strict=True) if digest not in before), digests[-_MOST_KNOWN:]


def object_of(note: str | None) -> dict[str, Any]:
    """Return the values that a note of a source holds; none where there is no note, or another one than these.

    >>> object_of('{"etag": "x"}'), object_of("[]"), object_of(None)
    ({'etag': 'x'}, {}, {})
    """
    try:
        found = json.loads(note or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def item_texts(values: object) -> list[str]:
    """Return a list of texts from a note, empty where it is none."""
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []
