"""What passes between sources that are watched and the watcher."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal, Protocol

from ...model import Document

LOG = logging.getLogger("dedup.serve.watch")
_LONGEST = 300  # characters of a line about a file: its name, and what is wrong, may quote it


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """The limits of what is taken from a source. Sizes are bytes, times seconds."""

    file: int = 1 << 26
    """Bytes of a file of a folder."""
    unpacked: int = 1 << 28
    """Bytes of a file when it is unpacked."""
    files: int = 250_000
    """Files of a folder."""
    feed: int = 10_000_000
    """Bytes of a feed, as it is sent and when it is unpacked."""
    items: int = 5_000
    """Items of a feed: the first ones are taken."""
    seconds: float = 30
    """Seconds of one request, with its redirects."""
    idle: float = 10
    """Seconds without a byte of an answer."""
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """Documents to be decided about, in their order, and the notes to be kept when all of them are durable."""

    documents: tuple[Document, ...]
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a source needs for one look: the time in seconds since 1970, and a number from 0 to 1 that others do not have; how many seconds
    there are between two looks at a feed; whether to break off; and the right to be the only one who asks a server."""

    now: Callable[[], float]
    chance: Callable[[], float]
    every: float
    stopped: Callable[[], bool]
    alone: Callable[[str], AbstractContextManager[None]]


class Watched(Protocol):
    """A source that is watched. It is used by one thread at a time."""

    @property
    def name(self) -> str:
        """What it is called on pages and in logs, without secrets."""
        ...

    @property
    def called(self) -> str:
        """What the ids of documents without one of their own begin with."""
        ...

    @property
    def kind(self) -> Literal["folder", "file", "feed"]: ...

    @property
    def key(self) -> str:
        """The start of the names of its notes."""
        ...

    @property
    def problem(self) -> str | None:
        """What was wrong when it was last looked at."""
        ...

    @property
    def waiting(self) -> int:
        """Files that are there, and not taken yet."""
        ...

    @property
    def ended(self) -> bool:
        """True where it is not to be looked at any more."""
        ...

    def restore(self, notes: Mapping[str, str]) -> None:
        """Go on from where the notes say that an earlier run ended."""
        ...

    def look(self, turn: Turn) -> Iterator[Taken]:
        """Look once and yield what is new. It counts as taken when the next is asked for."""
        ...

    def delay(self, turn: Turn) -> float:
        """Return the seconds until the next look."""
        ...


@dataclass(frozen=True, slots=True)
class SourceState:
    """How it stands with a source: when it was last looked at, and when a document last came from it, in seconds since 1970; the documents
    that came from it, by what was decided, and its problem in one line."""

    name: str
    kind: Literal["folder", "file", "feed"]
    looked: float | None
    came: float | None
    documents: int
    let_through: int
    held_back: int
    refused: int
    waiting: int
    problem: str | None
    ended: bool


def printable(text: str) -> str:
    """Return a text that others wrote as one line that does nothing to a terminal, cut to a limit.

    >>> printable("a\\x1b[31m\\nb"), printable("خبر.txt")
    ('a\\\\x1b[31m\\\\nb', 'خبر.txt')
    """
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut)


def what_is_wrong(error: Exception) -> str:
    """Return what an error says, without the path, which whoever tells it knows; of a fault of a program only its kind.

    >>> from dedup import InputError
    >>> what_is_wrong(InputError("no text", path="a.csv", line=3, hint="leave it out")), what_is_wrong(ValueError("secret"))
    ('line 3: no text; leave it out', 'it cannot be read (ValueError)')
    """
    what, line, hint = (getattr(error, name, None) for name in ("what", "line", "hint"))
    if not what:
        return f"it cannot be read ({type(error).__name__})"
    return f"{'' if line is None else f'line {line}: '}{what}{'' if hint is None else f'; {hint}'}"


def short_digest(*values: object) -> str:
    """Return 16 digits that other values do not have.

    >>> short_digest("a", 1) == short_digest("a", 2), len(short_digest())
    (False, 16)
    """
    return blake2b(ascii(values).encode(), digest_size=8).hexdigest()
