"""A folder that is watched: files are taken when they did not change between two looks, and again when they change."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Literal

from ...errors import InputError
from ...model import Document
from ...readers.options import Reading
from .content import FileContent, Read
from .items import object_of
from .listing import FolderListing, Stamp, list_folder, read_unchanged
from .model import LOG, Taken, Turn, WatchLimits, printable, short_digest, what_is_wrong

_BETWEEN = 2.0  # seconds between two looks
_TIMES = 10  # how many times as long as a look at a large folder took the time until the next one is
_FILES, _DOCUMENTS = 32, 64  # taken together: then the notes of them are kept


class WatchedFolder:
    """A folder. Documents are read from ``FOLDER/NAME``: its last name and the name of a file in it, wherever the server runs.

    ``read`` gets the bytes of a file. What was taken is kept in notes, a part of all files in each, so that one file changes a small one.
    """

    kind: Literal["folder"] = "folder"
    ended = False

    def __init__(self, path: str, read: Read, reading: Reading | None = None, limits: WatchLimits | None = None):
        if not os.path.isdir(path):
            raise InputError("no such folder", path=path, hint="check the spelling")
        self._path, self._read, self._reading, self._limits = os.path.abspath(path), read, reading or Reading(), limits or WatchLimits()
        self.name, self.called = printable(path), os.path.basename(self._path)
        self.key = f"watch/folder/{short_digest(self._path)}/"
        self.problem: str | None = None
        self.waiting, self._between = 0, _BETWEEN
        self._parts: dict[str, dict[str, str]] = {}  # of the files that were taken, digests of names and stamps
        self._known: dict[str, Stamp] = {}  # files that were taken, or cannot be read as they are
        self._before: dict[str, Stamp] = {}  # files that are not known, as they were at the last look
        self._wrong: dict[str, str] = {}  # what is wrong with files
        self._told: set[str] = set()

    def restore(self, notes: Mapping[str, str]) -> None:
        """Go on from where the notes say that an earlier run ended."""
        for name, value in notes.items():
            if name.startswith(self.key):
                found = {key: stamp for key, stamp in object_of(value).items() if isinstance(stamp, str)}
                self._parts[name.removeprefix(self.key)] = found

    def delay(self, turn: Turn) -> float:
        """Return the seconds until the next look."""
        return self._between

    def look(self, turn: Turn) -> Iterator[Taken]:
        """Look once and yield the documents of the files that are new or changed, those that changed first before others."""
        start = turn.now()
        try:
            listing = list_folder(self._path, recursive=self._reading.recursive, most=self._limits.files, known=self._known)
        except OSError as error:
            self._complain(f"the folder cannot be read ({error.strerror})")
            return
        except InputError as error:
            self._complain(f"{error.what}; {error.hint}")
            return
        self._between = max(_BETWEEN, _TIMES * (turn.now() - start))
        self._tell_left_out(listing)
        for known in (self._known, self._wrong):
            for name in [name for name in known if name not in listing.files]:
                del known[name]
        changed = {name: stamp for name, stamp in listing.files.items() if not self._is_known(name, stamp)}
        ready = sorted((stamp.changed, name) for name, stamp in changed.items() if self._before.get(name) == stamp)
        self._before, self.waiting = changed, len(changed)
        if ready:
            yield from self._groups([name for _, name in ready], listing, turn)
        self._sum_up()

    def _is_known(self, name: str, stamp: Stamp) -> bool:
        if self._known.get(name) == stamp:
            return True
        key = short_digest(name)
        if self._parts.get(key[:2], {}).get(key) != _digest(stamp):
            return False
        self._known[name] = stamp
        return True

    def _groups(self, names: list[str], listing: FolderListing, turn: Turn) -> Iterator[Taken]:
        """Yield the documents of files, those of some files together."""
        there = {short_digest(name) for name in listing.files}
        group: list[str] = []
        documents: list[Document] = []
        for name in names:
            if turn.stopped():
                return
            content = self._content(name, listing.files[name], turn)
            if content is not None:
                group.append(name)
                documents += content.documents
            if len(group) >= _FILES or len(documents) >= _DOCUMENTS:
                yield from self._taken(group, documents, listing, there)
                group, documents = [], []
        if group:
            yield from self._taken(group, documents, listing, there)

    def _taken(self, group: list[str], documents: list[Document], listing: FolderListing, there: set[str]) -> Iterator[Taken]:
        digests = {short_digest(name): _digest(listing.files[name]) for name in group}
        parts: dict[str, dict[str, str]] = {}
        for key in digests:
            kept = {each: stamp for each, stamp in self._parts.get(key[:2], {}).items() if each in there}
            parts.setdefault(key[:2], kept)[key] = digests[key]
        yield Taken(tuple(documents), {self.key + part: json.dumps(values, sort_keys=True) for part, values in parts.items()})
        self._parts |= parts
        for name in group:
            self._known[name] = listing.files[name]
            self._before.pop(name, None)
        self.waiting = len(self._before)

    def _content(self, name: str, stamp: Stamp, turn: Turn) -> FileContent | None:
        """Return the content of a file; None where it changes still, or cannot be read, which is said once."""
        try:
            if stamp.size > self._limits.file:
                raise InputError(f"a file of more than {self._limits.file:,} bytes", hint="split it, or read it with dedup filter")
            data = read_unchanged(self._path, name, stamp)
            if data is None:
                return None
            found = self._read(data, f"{self.called}/{name}", self._reading, self._limits.unpacked)
        except FileNotFoundError:
            return None
        except OSError as error:  # which may pass without a change of the file
            self._say(name, f"it cannot be read ({error.strerror})")
            return None
        except Exception as error:  # of what is in the file: others are to be read all the same
            if turn.stopped():  # or of what reads it, which ends
                return None
            self._give_up(name, stamp, what_is_wrong(error))
            return None
        self._wrong.pop(name, None)
        if found.wrong:
            self._say(name, f"left out {found.wrong:,} of its records, which are wrong; the first: {found.first_wrong}")
        return found

    def _give_up(self, name: str, stamp: Stamp, what: str) -> None:
        """Leave a file alone until it changes."""
        self._known[name] = stamp
        self._before.pop(name, None)
        self.waiting = len(self._before)
        self._say(name, what)

    def _say(self, name: str, what: str) -> None:
        line = f"{printable(f'{self.called}/{name}')}: {printable(what)}"
        if self._wrong.get(name) != line:
            self._wrong[name] = line
            LOG.warning("%s", line)

    def _complain(self, what: str) -> None:
        if self.problem != what:
            self.problem = what
            LOG.warning("%s: %s", self.name, what)

    def _sum_up(self) -> None:
        """Say on pages what is wrong with files; logs have a line for each."""
        last = next(reversed(self._wrong.values()), None)
        more = f" (and {len(self._wrong) - 1:,} more)" if len(self._wrong) > 1 else ""
        self.problem = None if last is None else last + more

    def _tell_left_out(self, listing: FolderListing) -> None:
        for kind in sorted(listing.left_out - self._told):
            self._told.add(kind)
            if len(self._told) <= _FILES:
                LOG.warning("%s: left out: %s", self.name, printable(kind))


def _digest(stamp: Stamp) -> str:
    return short_digest(stamp.size, stamp.changed, stamp.inode)
