"""The files of a folder as they are now, and their bytes. No link inside of the folder is followed, and nothing is opened but files."""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ...errors import InputError
from ...readers.formats import ending, formats_named

_DEEPEST = 32  # folders inside each other
_BY_FOLDER = os.open in os.supports_dir_fd and os.scandir in os.supports_fd  # not so on Windows
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# A fifo would hold up who opens it, were it not for O_NONBLOCK.
_FILE = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is the same as before: its size, when it changed, in nanoseconds, and its number in the file system."""

    size: int
    changed: int
    inode: int


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The files of a folder by their names, with ``/`` between folders, and what else is there, in words, each kind once."""

    files: dict[str, Stamp]
    left_out: frozenset[str]


def stamp_of(found: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def list_folder(top: str, *, recursive: bool, most: int, known: Container[str] = ()) -> FolderListing:
    """Return the files of a folder whose names end as those of a format do, as those do that are ``known``. Hidden ones are left out
    without a word.

    Raises `OSError` where it cannot be read, and `InputError` for more than ``most`` files.
    """
    files: dict[str, Stamp] = {}
    left_out: set[str] = set()
    folders: list[tuple[str, ...]] = [()]
    while folders:
        parts = folders.pop()
        try:
            found = [*_entries(top, parts)]
        except OSError:
            if parts:  # gone meanwhile, or not to be read
                left_out.add("a folder that cannot be read")
                continue
            raise
        for name, status in found:
            whole = "/".join((*parts, name))
            if stat.S_ISREG(status.st_mode) and whole in known:
                files[whole] = stamp_of(status)
            elif stat.S_ISDIR(status.st_mode):
                if recursive and len(parts) < _DEEPEST:
                    folders.append((*parts, name))
            elif (kind := _kind_left_out(name, status)) is not None:
                left_out.add(kind)
            else:
                files[whole] = stamp_of(status)
        if len(files) > most:
            raise InputError(f"a folder of more than {most:,} files", path=top, hint="move the old ones to another folder")
    return FolderListing(files, frozenset(left_out))


def _kind_left_out(name: str, status: os.stat_result) -> str | None:
    """Return what a file is that is not read, in words; None for one that is."""
    if stat.S_ISLNK(status.st_mode):
        return "links"
    if not stat.S_ISREG(status.st_mode):
        return "pipes and devices"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "files whose names are not UTF-8"
    if not formats_named(name):
        return f"files whose names end in {ending(name)[:20]}" if ending(name) else "files whose names have no ending"
    return None


def _entries(top: str, parts: Sequence[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the names in a folder, without hidden ones, each with what it is."""
    with _opened_folder(top, parts) as folder, os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                try:
                    yield entry.name, entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # gone meanwhile
                    continue


@contextmanager
def _opened_folder(top: str, parts: Sequence[str]) -> Iterator[int | str]:
    """Give a folder inside of another that no link leads to, also where somebody makes one meanwhile."""
    if not _BY_FOLDER:
        yield os.path.join(top, *parts)
        return
    folder = os.open(top, _FOLDER)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER | _NO_LINK, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder
    finally:
        os.close(folder)


def read_unchanged(top: str, name: str, stamp: Stamp) -> bytes | None:
    """Return the bytes of a file of a folder; None where it is not, or does not stay, as its stamp says. Raises `OSError`."""
    *parts, last = name.split("/")
    with _opened_folder(top, parts) as folder:
        place = {"dir_fd": folder} if isinstance(folder, int) else {}
        descriptor = os.open(last if place else os.path.join(str(folder), last), _FILE, **place)
    with os.fdopen(descriptor, "rb", 0) as file:
        if not _is_as_before(descriptor, stamp):
            return None
        data = bytearray()
        while part := file.read(stamp.size + 1 - len(data)):
            data += part
        return bytes(data) if len(data) == stamp.size and _is_as_before(descriptor, stamp) else None


def _is_as_before(descriptor: int, stamp: Stamp) -> bool:
    status = os.fstat(descriptor)
    return stat.S_ISREG(status.st_mode) and stamp_of(status) == stamp
