"""What is told of documents, kept packed while they are read, until it is known which of them matched."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator

from ..about import ABOUT, About
from ..model import Cluster, Document, Match, Segment

_BLOCK = 1 << 15  # documents that are packed together
_FASTEST = 1  # level of zlib


class PackedAbout:
    """What documents say about themselves, in packed blocks: some 60 bytes a document where titles are in Arabic.

    >>> notes = PackedAbout()
    >>> read = list(notes.noting([Document("1", "Rain.", title="Weather"), Document("2", "Snow.", title="Winter")]))
    >>> notes.about_of([Segment("1", "1", None, 0, 5), Segment("2", "2", None, 0, 5)], [], [Cluster("2", "2", ("2",))])
    {'2': About(title='Winter', source=None, time=None, url=None)}
    """

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._rows: list[tuple[str | None, ...]] = []

    def noting(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield documents, and note what they say about themselves."""
        for document in documents:
            self.note(document.id, (document.title, document.source, document.time, document.url))
            yield document

    def note(self, name: str, values: tuple[str | None, ...]) -> None:
        """Note what the document of a name says about itself: its title, source, time and url."""
        if any(values):
            self._rows.append((name, *(value or None for value in values)))
            if len(self._rows) == _BLOCK:
                self._pack()

    def _pack(self) -> None:
        rows = json.dumps(self._rows, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._blocks.append(zlib.compress(rows, _FASTEST))
        self._rows = []

    def _all(self) -> Iterator[tuple[str, About]]:
        for block in self._blocks:
            for name, *values in json.loads(zlib.decompress(block).decode("utf-8", "surrogatepass")):
                yield name, About(**dict(zip(ABOUT, values, strict=True)))
        for row in self._rows:
            yield str(row[0]), About(*row[1:])

    def about_of(self, segments: Iterable[Segment], matches: Iterable[Match], clusters: Iterable[Cluster]) -> dict[str, About]:
        """Return what is known of the documents of those segments that are in matches or clusters, by id, in the order of the segments."""
        if not self._blocks and not self._rows:
            return {}
        ids = {segment.id for match in matches for segment in (match.a, match.b)}
        ids.update(member for cluster in clusters for member in cluster.members)
        wanted = {segment.id: segment.document for segment in segments if segment.id in ids}
        documents = set(wanted.values())
        known = {name: about for name, about in self._all() if name in documents}
        return {name: known[document] for name, document in wanted.items() if document in known}
