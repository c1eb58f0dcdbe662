"""Results as objects for JSON, with the evidence for each match, and objects as lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..about import UNKNOWN
from ..model import Result
from ..verification.evidence import evidence

_OF_STORY = "story", "independent_origins"


def match_objects(result: Result, texts: Mapping[str, str] | None = None, *, titles: bool = False) -> Iterator[dict[str, Any]]:
    """Yield each match as `Match.to_dict` has it, the line of ``dedup find --format pairs``.

    With ``texts``, those of documents by id, each has the evidence: what its two texts share. With ``titles`` each has the title, the
    source, the time and the address of both, as `Result.match_row` has it.
    """
    for match in result.matches:
        row = result.match_row(match) if titles else match.to_dict()
        if texts is not None:
            a, b = (texts[segment.document][segment.start : segment.end] for segment in (match.a, match.b))
            row["evidence"] = evidence(a, b, match.a.start, match.b.start)
        yield row


def cluster_objects(result: Result, *, titles: bool = False) -> Iterator[dict[str, Any]]:
    """Yield each cluster as `Cluster.to_dict` has it, the line of ``dedup find --format clusters``; with ``titles`` also its ``texts``:
    the id, the title, the source, the time and the address of each member.

    Where the result has origins, a cluster has its ``story`` and the number of ``independent_origins`` of that, and its ``texts`` have
    their ``group``, whether each was likely ``first`` in it, what it ``carries``, and the share of its ``own`` words.
    """
    for cluster in result.clusters:
        row = cluster.to_dict()
        texts: list[dict[str, Any]] = [_text(result, member) if titles else {"id": member} for member in cluster.members]
        if result.origins is not None:
            told = [result.origins.of_text(member) for member in cluster.members]
            row |= {name: told[0].get(name) for name in _OF_STORY}
            for text, origin in zip(texts, told, strict=True):
                text |= {name: value for name, value in origin.items() if name not in _OF_STORY}
        yield row | ({"texts": texts} if titles or result.origins is not None else {})


def _text(result: Result, name: str) -> dict[str, Any]:
    return {"id": name, **result.about.get(name, UNKNOWN).to_dict()}


def text_objects(result: Result) -> Iterator[dict[str, Any]]:
    """Yield the id, the title, the source, the time and the address of each text that is in a match or a cluster, in the order of ids."""
    names = {segment.id for match in result.matches for segment in (match.a, match.b)}
    names.update(member for cluster in result.clusters for member in cluster.members)
    return (_text(result, name) for name in sorted(names))


def result_object(result: Result, texts: Mapping[str, str] | None = None, *, titles: bool = False) -> dict[str, Any]:
    """Return everything that a run found as `Result.to_dict` has it, its matches and clusters as the functions above have them."""
    matches = [*match_objects(result, texts, titles=titles)]
    return result.to_dict() | {"matches": matches, "clusters": [*cluster_objects(result, titles=titles)]}


def json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield each row as a line of JSON."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return (encode(row) + "\n" for row in rows)
