"""Results as objects for JSON, with the evidence for each match, and objects as lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..model import Match, Result
from ..verification.evidence import evidence


def match_with_evidence(match: Match, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return a match as `Match.to_dict` has it, with what its texts share; ``texts`` are those of documents, by id."""
    a, b = (texts[segment.document][segment.start : segment.end] for segment in (match.a, match.b))
    return {**match.to_dict(), "evidence": evidence(a, b, match.a.start, match.b.start)}


def result_with_evidence(result: Result, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return everything that a run found as `Result.to_dict` has it, its matches as `match_with_evidence` has them."""
    return {**result.to_dict(), "matches": [match_with_evidence(match, texts) for match in result.matches]}


def json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield each row as a line of JSON."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return (encode(row) + "\n" for row in rows)
