"""A feed in a file of this machine: its items are taken when the file has changed, and did not change between two looks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from ...errors import InputError
from ...readers.options import Reading
from .content import Read
from .items import item_texts, new_items, object_of
from .listing import Stamp, read_unchanged, stamp_of
from .model import LOG, Taken, Turn, WatchLimits, printable, short_digest, what_is_wrong

_BETWEEN = 2.0  # seconds between two looks


class WatchedFile:
    """A file that is written anew or grows: of what it holds only what is new or changed is taken."""

    kind: Literal["file"] = "file"
    ended = False

    def __init__(self, path: str, read: Read, reading: Reading | None = None, limits: WatchLimits | None = None):
        if not os.path.exists(path):
            raise InputError("no such folder or file", path=path, hint="check the spelling")
        self._path, self._read, self._limits = os.path.abspath(path), read, limits or WatchLimits()
        self._reading = replace(reading or Reading(), unnamed="digest")  # lines of a file that is written anew are other ones
        self.name, self.called = printable(path), os.path.basename(self._path)
        self.key = f"watch/file/{short_digest(self._path)}"
        self.problem: str | None = None
        self.waiting = 0
        self._before: Stamp | None = None
        self._done: str | None = None
        self._items: list[str] = []

    def restore(self, notes: Mapping[str, str]) -> None:
        """Go on from where the notes say that an earlier run ended."""
        found = object_of(notes.get(self.key))
        self._done, self._items = str(found.get("stamp")), item_texts(found.get("items"))

    def delay(self, turn: Turn) -> float:
        """Return the seconds until the next look."""
        return _BETWEEN

    def look(self, turn: Turn) -> Iterator[Taken]:
        """Look once and yield what is new in the file."""
        try:
            path = os.path.realpath(self._path)
            stamp = stamp_of(os.stat(path))
            done = short_digest(stamp.size, stamp.changed, stamp.inode)
            is_ready = stamp == self._before and done != self._done
            self._before, self.waiting = stamp, int(done != self._done)
            if not is_ready:
                return
            if stamp.size > self._limits.file:
                raise InputError(f"a file of more than {self._limits.file:,} bytes", hint="split it, or read it with dedup filter")
            data = read_unchanged(os.path.dirname(path), os.path.basename(path), stamp)
            if data is None:
                return
            content = self._read(data, self.called, self._reading, self._limits.unpacked)
        except OSError as error:
            self._complain(f"it cannot be read ({error.strerror})")
            return
        except Exception as error:  # of what is in the file, which may be written anew
            self._done, self.waiting = done, 0
            self._complain(what_is_wrong(error))
            return
        documents, items = new_items(content.documents, self._items, newest_first=False)
        yield Taken(documents, {self.key: json.dumps({"stamp": done, "items": items})})
        self._done, self._items, self.waiting = done, items, 0
        self.problem = None
        if content.wrong:
            self._complain(f"left out {content.wrong:,} of its records, which are wrong; the first: {content.first_wrong}")

    def _complain(self, what: str) -> None:
        what = printable(what)
        if self.problem != what:
            self.problem = what
            LOG.warning("%s: %s", self.name, what)
