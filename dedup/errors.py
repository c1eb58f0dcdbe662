"""Everything that can go wrong, as one tree.

::

    DedupError              base of all errors raised by this project
    ├── InputError          a source cannot be read: what, where, what to do
    │   └── StoreError      an index cannot be opened, read or written
    │       └── StoreGone   its server cannot be reached, or went away
    ├── OutputError         a result cannot be written: where, why
    ├── EngineError         an engine is missing, or stopped early: why, what to do
    ├── ConfigError         a setting is out of its range
    └── RebuildError        a comparison does not rebuild its texts: a fault in this program

The command line prints the message of any of these as one line and exits with status 2.
"""

from __future__ import annotations


class DedupError(Exception):
    """Base of all errors raised by this project."""


class ConfigError(DedupError, ValueError):
    """A setting is out of its range; the message names the setting and the range."""


class InputError(DedupError):
    """A source cannot be read.

    ``what`` says what is wrong, ``path`` and ``line`` (from 1) where, ``hint`` what to do next.
    """

    def __init__(self, what: str, *, path: str | None = None, line: int | None = None, hint: str | None = None):
        self.what, self.path, self.line, self.hint = what, path, line, hint
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(f"{where}{what}{'; ' + hint if hint else ''}")


class OutputError(DedupError):
    """A result cannot be written. No half-written file is left behind."""


class EngineError(DedupError):
    """An engine is missing or stopped early: the compiled loops, or Spark. The stages that Spark finished are kept in their folder."""


class RebuildError(DedupError):
    """A comparison does not rebuild one of its texts exactly. It is not shown."""


class StoreError(InputError):
    """An index cannot be opened, read or written. It holds every document whose decision was given before."""


class StoreGone(StoreError):
    """The server of an index cannot be reached, or the connection broke. It may come back."""
