"""A counter for long work, on a terminal."""

from __future__ import annotations

import sys
from typing import TextIO

_BAR = 30  # cells
_QUIET = 1000  # texts or pairs that take no time worth a bar
QUIET_PAGES = 20  # pages that take none


class Progress:
    """A bar on a terminal's stderr, or a count where the end is not known; silent elsewhere. Short work shows nothing."""

    def __init__(self, stream: TextIO | None = None, quiet: int = _QUIET):
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._shown = self._stream.isatty()
        self._begun = False

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if not self._shown or done < self._quiet:
            return
        filled = _BAR * done // total if total else 0
        bar = f" [{'#' * filled}{'.' * (_BAR - filled)}] of {total:,}" if total else ""
        self._begun = True
        self._stream.write(f"\r\x1b[K{stage} {done:,}{bar}")
        self._stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._begun:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
