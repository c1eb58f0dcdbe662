"""Names of documents and segments, of which no two are alike: an id that comes back with another text is a new version of that record."""

from __future__ import annotations


def version_name(document: str, version: int) -> str:
    """Return the name of a version of a document; the first has the id itself.

    >>> version_name("live-1", 1), version_name("live-1", 2)
    ('live-1', 'live-1@2')
    """
    return document if version == 1 else f"{document}@{version}"


def segment_name(document: str, index: int | None) -> str:
    """Return the name of a segment of a document, None for the whole of it.

    >>> segment_name("a.txt", 3), segment_name("a.txt", None)
    ('a.txt#3', 'a.txt')
    """
    return document if index is None else f"{document}#{index}"
