"""Read clusters that were written to a file, and find their texts."""

from __future__ import annotations

import heapq
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..errors import InputError
from ..model import Document
from ..text.segment import segments_of
from .files import find_files
from .formats import ending
from .options import Reading
from .parquet import parquet_file
from .sources import read_records

_ROWS = 1 << 16
_LINE = 1 << 28  # characters: a line has the ids of all members of a cluster
_HINT = "give what dedup find --format clusters wrote"


def largest_clusters(path: str, most: int | None = None) -> dict[str, str]:
    """Return the ids of members with their clusters, the largest clusters first, equally large ones by id; at most ``most`` clusters.

    ``path`` is Parquet with a row for each member, a file or a folder, as `dedup.spark.clusters` makes it, or JSONL with a line for each
    cluster, as ``dedup find`` prints it. It is read twice. The sizes of all clusters and the members of the returned ones are kept in
    memory. Raises `InputError`.
    """
    sizes: Counter[str] = Counter()
    for clusters, _ in _members(path):
        sizes.update(clusters)
    largest = heapq.nsmallest(len(sizes) if most is None else most, sizes, key=lambda name: (-sizes[name], name))
    found: dict[str, list[str]] = {name: [] for name in largest}
    for clusters, ids in _members(path):
        for cluster, member in zip(clusters, ids, strict=True):
            if cluster in found:
                found[cluster].append(member)
    return {member: cluster for cluster, members in found.items() for member in members}


def _members(path: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the clusters and the ids of members, a batch at a time."""
    for name in find_files([path]):
        if not os.path.isfile(name):
            raise InputError("clusters are read twice, so they must be in a file", path=name, hint="write them to a file first")
        yield from _in_parquet(name) if ending(name) == ".parquet" else _in_json(name)


def _in_parquet(path: str) -> Iterator[tuple[list[str], list[str]]]:
    with parquet_file(path, path) as file:
        if not {"cluster", "id"} <= {*file.schema_arrow.names}:
            raise InputError("the columns cluster and id are missing", path=path, hint=_HINT)
        for batch in file.iter_batches(batch_size=_ROWS, columns=["cluster", "id"]):
            clusters, ids = (batch.column(name).cast("string") for name in ("cluster", "id"))
            if clusters.null_count or ids.null_count:
                raise InputError("a row without an id or a cluster", path=path, hint=_HINT)
            yield clusters.to_pylist(), ids.to_pylist()


def _in_json(path: str) -> Iterator[tuple[list[str], list[str]]]:
    for record in read_records([path], Reading(input_format="jsonl", text_field="canonical", max_chars=_LINE)):
        if record.document is None:
            error = record.error or InputError("no cluster")
            raise InputError(error.what, path=path, line=error.line, hint=_HINT)
        members = record.fields.get("members")
        if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
            raise InputError("no list of members in field 'members'", path=path, line=record.document.line, hint=_HINT)
        yield [record.document.id] * len(members), members


def texts_in_clusters(documents: Iterable[Document], clusters: dict[str, str]) -> Iterator[Document]:
    """Yield the documents and segments that are members of clusters, each as a document with its own text and its cluster.

    ``clusters`` as made by `largest_clusters`.
    """
    segmented = {member.rpartition("#")[0] for member in clusters}
    for document in documents:
        found = [whole for whole in segments_of(document, "document") if whole.id in clusters]
        if document.id in segmented:
            found += [segment for segment in segments_of(document, "segment") if segment.id in clusters]
        for segment in found:
            text = document.text[segment.start : segment.end]
            yield replace(document, id=segment.id, text=text, line=segment.line, segmented=False, cluster=clusters[segment.id])
