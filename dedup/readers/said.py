"""What readers tell: what they left out or took for granted, each once a file, through the logger of readers."""

from __future__ import annotations

import logging
from collections import Counter

_LOGGER = logging.getLogger("dedup.readers")


def say(path: str, what: str) -> None:
    """Tell something about a file."""
    _LOGGER.warning("%s: %s", path, what)


class Once:
    """Tells each thing once."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def say(self, what: str) -> None:
        """Tell something, if it was not told before."""
        if what not in self._said:
            self._said.add(what)
            _LOGGER.warning("%s", what)


def tally(found: Counter[str], one: str, more: str) -> str:
    """Return what was counted, in words.

    >>> tally(Counter(picture=2, video=1), "item without a text", "items without a text")
    '3 items without a text (2 picture, 1 video)'
    """
    total = found.total()
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(found.items()) if kind)
    return f"{total:,} {one if total == 1 else more}{f' ({kinds})' if kinds else ''}"
