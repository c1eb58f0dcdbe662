"""Results to text: a table for people; pairs, clusters and one JSON object for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .counting import counted
from .evidence import evidence
from .model import BulletinMatch, Cluster, Match, Relation, Result, Segment

SCHEMA = "dedup/result/1"
_ROWS = 50  # of a table; more are for programs
_ISOLATE, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def match_object(match: Match, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a match as plain values, the line of ``--format pairs``; with evidence where the texts of documents are given, by id."""
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
    """Return a cluster as plain values, the line of ``--format clusters``."""
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
    """Return everything a run found as plain values, schema ``dedup/result/1``; with evidence as `match_object` has it."""
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


def _safe(text: str) -> str:
    """Return text for a cell of a terminal: one line, nothing that acts on the terminal, in a direction of its own."""
    shown = "".join(char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else " " for char in text)
    return f"{_ISOLATE}{shown}{_POP}" if any(unicodedata.bidirectional(char) in ("R", "AL") for char in shown) else shown


def _width(text: str) -> int:
    """Return the columns that a terminal gives a text."""
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip() + "\n"


def _place(segment: Segment, in_bulletin: bool) -> str:
    if segment.index is None:
        return _safe(segment.id)
    heading = f" {_safe(segment.heading)}" if segment.heading else ""
    return f"{'line ' if in_bulletin else _safe(segment.document) + ':'}{segment.line}{heading}"


def _match_rows(matches: Iterable[Match], names: tuple[str, str], *, in_bulletin: bool = False) -> list[tuple[str, ...]]:
    head = ("RELATION", "JACCARD", f"{names[0]} IN {names[1]}", f"{names[1]} IN {names[0]}", "SIMILARITY", names[0], names[1])
    return [head] + [
        (
            match.relation.value,
            *(f"{share:.2f}" for share in (match.jaccard, match.containment_a, match.containment_b, match.similarity)),
            _place(match.a, in_bulletin),
            _place(match.b, in_bulletin),
        )
        for match in matches
    ]


def _bulletin_lines(found: BulletinMatch) -> Iterator[str]:
    relations = [match.relation for match in found.sections]
    revised = sum(relation is not Relation.IDENTICAL for relation in relations)
    counts = [f"{revised} revised", f"{len(relations) - revised} identical"]
    for name, alone in (("later", found.only_b), ("earlier", found.only_a)):
        if alone:
            counts.append(f"{len(alone)} only in the {name} ({', '.join(_safe(segment.heading or '') for segment in alone)})")
    sides = [f"{_safe(side.document)}:{side.sections[0].line} ({counted(len(side.sections), 'section')})" for side in (found.a, found.b)]
    yield f"Two bulletins repeat each other: {sides[0]}, taken as the earlier, and {sides[1]}\n"
    yield f"{counted(len(relations), 'section')} matched: {', '.join(counts)}\n"
    yield from _columns(_match_rows(found.sections, ("EARLIER", "LATER"), in_bulletin=True))
    yield "\n"


def table(result: Result) -> Iterator[str]:
    """Yield the lines of a table that a person reads: matched bulletins first, then the other matches."""
    for found in result.bulletins:
        yield from _bulletin_lines(found)
    others = result.apart_from_bulletins(result.matches)
    if others:
        yield f"{'Other matches' if result.bulletins else 'Matches'}: {len(others):,}\n"
        yield from _columns(_match_rows(others[:_ROWS], ("A", "B")))
        if len(others) > _ROWS:
            yield f"  ... and {len(others) - _ROWS:,} more: --format pairs prints them all\n"
        yield "\n"
    read = f"{counted(result.stats['documents'], 'document')}, {counted(result.stats['segments'], 'segment')} read"
    yield f"{read}: {counted(len(result.duplicates), 'duplicate pair')} in {counted(len(result.clusters), 'cluster')}\n"
