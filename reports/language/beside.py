"""Find what stands beside a number."""

from __future__ import annotations

from collections.abc import Sequence

from .tokens import Token

_OPENING = ('"', "'", "(", "[")
_CLOSING = ('"', "'", ")", "]")


def behind_number(tokens: Sequence[Token], place: int) -> int:
    """Return the place behind a number and the marks that close a bracket or quotation around it: (1300) cases."""
    at = place + 1
    opened = place > 0 and tokens[place - 1].key in _OPENING
    return at + 1 if opened and at < len(tokens) and tokens[at].key in _CLOSING else at
