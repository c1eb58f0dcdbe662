"""Patterns that are compiled when they are first used: most runs need few of those that a module has, and compiling takes a while."""

from __future__ import annotations

import re
from typing import Any, cast


class _LatePattern:
    """Looks like a compiled pattern."""

    __slots__ = ("_compiled", "_flags", "_pattern")

    def __init__(self, pattern: str, flags: int):
        self._pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            self._compiled = re.compile(self._pattern, self._flags)
        return getattr(self._compiled, name)


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""Return a pattern that is compiled when it is first used.

    >>> late(r"\d+").fullmatch("2016") is not None
    True
    """
    return cast("re.Pattern[str]", _LatePattern(pattern, flags))
