"""What is asked of the stories of an index, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...model import Document
from ..decision import Decision


@dataclass(frozen=True, slots=True)
class TextNews:
    """What a text brought against the older one of its story that it is most like: the kinds of change, the kinds of alarms, and one line
    about it in each language, by the language's name."""

    kinds: tuple[str, ...]
    alarms: tuple[str, ...]
    lines: Mapping[str, str]


Tell = Callable[[Document, Document], TextNews]
"""Returns what a text, the second, brought against an older one."""


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """Which stories are asked for: those with a text that has all of this.

    ``words`` are words that all stand in the text, its heading or its title, however they are spelled; Arabic ones also with other
    particles before them. ``kinds`` are kinds of change of which it brought one, ``sources`` and ``sections`` (headings) the ones it may be
    of. With ``alarms`` it raised an alarm. It appeared at ``since`` or later, and before ``until``, in seconds; a text without a time did
    not.
    """

    words: str = ""
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    alarms: bool = False
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story as it is listed, by its newest text, or the newest one that was asked for.

    ``name`` is that of its cluster, or of its one text; `dedup.Index.story` knows both. ``newest`` is the row of that text, ``id`` the id
    of its document, ``title`` its title, or its heading, or how it begins. ``sources`` are at most twelve, those of the newest texts first.
    ``texts`` counts its texts, up to 10,000, ``independent`` their origins, and ``news`` is what the text brought; each None as long as
    `dedup.Index.catch_up` has not looked at it.
    """

    name: str
    newest: int
    id: str
    title: str
    heading: str | None
    time: str | None
    moment: float | None
    sources: tuple[str, ...]
    texts: int
    independent: int | None
    news: TextNews | None


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Some stories, newest first. ``next`` is where the next page begins, None at the end; a page with few stories may have one, where many
    texts had to be passed over."""

    cards: tuple[StoryCard, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A text that is stored: its name, as the members of clusters have it, and its document, with the text of this segment alone; its row,
    the first line of a segment, its heading, and what was decided about its document."""

    name: str
    document: Document
    row: int
    line: int | None
    heading: str | None
    moment: float | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class StoryTexts:
    """The texts of a story, in the order of their arrival. ``texts`` counts all of them, up to 10,000: of many the oldest and the newest
    are here."""

    name: str
    versions: tuple[StoredVersion, ...]
    texts: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Which sources and sections the newest texts have, each with their number, most first."""

    sources: tuple[tuple[str, int], ...]
    sections: tuple[tuple[str, int], ...]
