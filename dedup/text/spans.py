"""Spans of a text, half open, in code points."""

from __future__ import annotations

from collections.abc import Sequence


def without_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text without some spans of it.

    >>> without_spans("one two three", [(3, 7)])
    'one three'
    """
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    return "".join([*parts, text[at:]])
