"""Names: the sources that paths and addresses name."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ...errors import InputError
from ...readers.options import Reading
from .address import is_address
from .content import Read
from .feed import WatchedFeed
from .file import WatchedFile
from .folder import WatchedFolder
from .model import Watched, WatchLimits


def watch_sources(names: Iterable[str], read: Read, reading: Reading | None = None, limits: WatchLimits | None = None) -> list[Watched]:
    """Return the sources that these folders, files and addresses name.

    Raises `InputError` where there is none, or where two are the same or are called alike: texts of the one would be taken for versions of
    those of the other.
    """
    found: list[Watched] = []
    called: dict[str, str] = {}
    for name in names:
        kind = WatchedFeed if is_address(name) else WatchedFolder if os.path.isdir(name) else WatchedFile
        source = kind(name, read, reading, limits)
        before = called.setdefault(source.called, source.name)
        if any(each.key == source.key for each in found):
            raise InputError("it is to be watched twice", path=source.name, hint="name it once")
        if before != source.name:
            hint = "give one of them another name: what is in them is called after it"
            raise InputError(f"its last name is that of {before}, which is watched too", path=source.name, hint=hint)
        found.append(source)
    return found
