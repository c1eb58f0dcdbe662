"""Watching: folders, files and feeds that the user names are looked at again and again, and what is new in them is decided about.

`watch_sources` makes sources of paths and addresses, and `Watcher` looks at sources, each in a thread of its own. What was taken from a
source is kept in the notes of the index, so that nothing is missed or taken twice when the server starts again. Nothing is fetched but
the addresses that were named, and those that they redirect to within the limits of `fetching.fetch`.
"""

from __future__ import annotations

from .content import FileContent, Read, content_job, content_of, read_content
from .feed import WatchedFeed
from .file import WatchedFile
from .folder import WatchedFolder
from .model import SourceState, Taken, Turn, Watched, WatchLimits
from .naming import watch_sources
from .watcher import Watcher

__all__ = [
    "FileContent", "Read", "SourceState", "Taken", "Turn", "WatchLimits", "Watched", "WatchedFeed", "WatchedFile", "WatchedFolder",
    "Watcher", "content_job", "content_of", "read_content", "watch_sources",
]  # fmt: skip
