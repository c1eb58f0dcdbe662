"""Objects for JSON: a match, a cluster, and everything that a run found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..model import BulletinMatch, Cluster, Match, Result, Segment
from ..verification.evidence import evidence

SCHEMA = "dedup/result/1"


def match_object(match: Match, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a match as plain values, a line of ``--format pairs``; with evidence if ``texts``, the texts of documents by id, are given."""
    row: dict[str, Any] = {
        "a": match.a.id,
        "b": match.b.id,
        "relation": match.relation.value,
        "jaccard": round(match.jaccard, 4),
        "containment_a": round(match.containment_a, 4),
        "containment_b": round(match.containment_b, 4),
        "similarity": round(match.similarity, 4),
    }
    if match.a.index is not None or match.b.index is not None:
        row |= {"a_heading": match.a.heading, "b_heading": match.b.heading, "a_line": match.a.line, "b_line": match.b.line}
    if texts is not None:
        a, b = (texts[segment.document][segment.start : segment.end] for segment in (match.a, match.b))
        row["evidence"] = evidence(a, b, match.a.start, match.b.start)
    return row


def cluster_object(cluster: Cluster) -> dict[str, Any]:
    """Return a cluster as plain values, a line of ``--format clusters``."""
    return {"id": cluster.id, "canonical": cluster.canonical, "members": list(cluster.members), "weakest": round(cluster.weakest, 4)}


def _section(segment: Segment) -> dict[str, Any]:
    return {"id": segment.id, "heading": segment.heading, "line": segment.line}


def _bulletins(found: BulletinMatch) -> dict[str, Any]:
    return {
        "a": {"document": found.a.document, "sections": [_section(segment) for segment in found.a.sections]},
        "b": {"document": found.b.document, "sections": [_section(segment) for segment in found.b.sections]},
        "matches": [match_object(match) for match in found.sections],
        "only_a": [segment.id for segment in found.only_a],
        "only_b": [segment.id for segment in found.only_b],
    }


def result_object(result: Result, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return everything that a run found as plain values, schema ``dedup/result/1``; with evidence as in `match_object`."""
    return {
        "schema": SCHEMA,
        "stats": result.stats,
        "matches": [match_object(match, texts) for match in result.matches],
        "clusters": [cluster_object(cluster) for cluster in result.clusters],
        "bulletins": [_bulletins(found) for found in result.bulletins],
    }


def json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield each row as a line of JSON."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return (encode(row) + "\n" for row in rows)
