"""Everything that can go wrong, as one tree.

::

    DedupError              base of all errors raised by this project
    ├── InputError          a source cannot be read: what, where, what to do
    │   └── StoreError      an index cannot be opened, read or written
    │       └── StoreGone   its server cannot be reached, or went away
    ├── OutputError         a result cannot be written: where, why
    ├── EngineError         the engine is not there, or gave up: why, what to do
    ├── ConfigError         a setting is out of its range
    └── RebuildError        a comparison does not rebuild its texts: a defect of ours

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
    """A result cannot be written; nothing is left behind of what was begun."""


class EngineError(DedupError):
    """An engine is not there: the compiled loops, or Spark, which cannot be reached or gave up; what that finished is in the folder of its
    stages."""


class RebuildError(DedupError):
    """A comparison does not rebuild one of its texts exactly; it is not shown."""


class StoreError(InputError):
    """An index cannot be opened, read or written; what was answered before is in it."""


class StoreGone(StoreError):
    """The server of an index cannot be reached, or went away; it may come back."""
