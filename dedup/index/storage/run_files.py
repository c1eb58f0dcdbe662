"""Files of runs in a folder beside an index: never changed, durable before a row names them, removed a while after none does any more.

A reader that began before a run was merged away still opens its file: that is why it stays a while. The names begin with what tells the
index from others, so that those of an older index at the same path are left alone.
"""

from __future__ import annotations

import mmap
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from ...errors import StoreError
from .tables import DAMAGED

_STAYS = 60.0  # seconds that a file stays when no row names it any more
_ENDING, _UNFINISHED = ".run", ".tmp"
FOLDER = "-runs"
"""What the name of the folder has after that of the index."""


class RunFiles:
    """The files of the runs of an index at a path."""

    def __init__(self, path: str):
        self._index, self.folder = path, path + FOLDER

    def _path(self, identity: bytes, number: int) -> str:
        return os.path.join(self.folder, f"{_prefix(identity)}{number:08x}{_ENDING}")

    def mapped(self, identity: bytes, number: int, size: int) -> mmap.mmap:
        """Return what a file has, without reading it. Raises `StoreError`."""
        path = self._path(identity, number)
        try:
            with open(path, "rb") as file:
                if os.fstat(file.fileno()).st_size != size:
                    raise StoreError(f"damaged: {path} has not the length that it had", path=self._index, hint=DAMAGED)
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError as error:
            what = f"{path} is missing, which is a part of it"
            raise StoreError(
                what, path=self._index, hint="put the folder back beside it, or make it anew with dedup index rebuild"
            ) from error
        except OSError as error:
            raise StoreError(f"{path} cannot be read ({error.strerror})", path=self._index, hint=DAMAGED) from error

    @contextmanager
    def making(self, identity: bytes) -> Iterator[tuple[str, IO[bytes]]]:
        """Make a file under a name that is not its last one; durable when the context ends. Raises `StoreError`."""
        path = os.path.join(self.folder, f"{_prefix(identity)}{secrets.token_hex(8)}{_UNFINISHED}")
        try:
            if not os.path.isdir(self.folder):
                os.makedirs(self.folder, exist_ok=True)
                _sync_folder(os.path.dirname(self.folder) or ".")
            with open(path, "x+b") as file:
                yield path, file
                sync(file)
        except BaseException as error:
            with suppress(OSError):
                os.unlink(path)
            if isinstance(error, OSError):
                what = f"{error.strerror}: {path}"
                hint = "make room on the disk and start again: everything answered so far is in the index"
                raise StoreError(what, path=self._index, hint=hint) from error
            raise

    def name_finally(self, temporary: str, identity: bytes, number: int) -> None:
        """Give a file its last name. Raises `StoreError`."""
        try:
            os.replace(temporary, self._path(identity, number))
            _sync_folder(self.folder)
        except OSError as error:
            raise StoreError(f"{temporary} cannot be renamed ({error.strerror})", path=self._index, hint="start again") from error

    def has(self, temporary: str) -> bool:
        """Tell whether a file that was made is still there: one that was left for long may have been removed."""
        return os.path.exists(temporary)

    def leave(self, identity: bytes, number: int) -> None:
        """Note when a file is not needed any more: now."""
        with suppress(OSError):
            os.utime(self._path(identity, number))

    def discard(self, temporary: str) -> None:
        """Remove a file that did not get its last name."""
        with suppress(OSError):
            os.unlink(temporary)

    def sweep(self, identity: bytes, named: Collection[int]) -> None:
        """Remove the files of an index that no row names, and that are not needed any more, or that were never finished. To be called by
        its writer."""
        try:
            found = os.listdir(self.folder)
        except OSError:
            return
        with suppress(OSError):
            os.utime(self.folder)
        now = os.stat(self.folder).st_mtime
        kept = {os.path.basename(self._path(identity, number)) for number in named}
        for name in found:
            if name.startswith(_prefix(identity)) and name not in kept and name.endswith((_ENDING, _UNFINISHED)):
                path = os.path.join(self.folder, name)
                with suppress(OSError):  # gone, or, on Windows, still mapped by a reader
                    if abs(now - os.stat(path).st_mtime) > _STAYS:
                        os.unlink(path)


def move_files(path: str, to: str, but: Collection[str] = ()) -> list[str]:
    """Move the files of an index to where those of another path are, all but some, and return their names. Raises `OSError`."""
    source, target = path + FOLDER, to + FOLDER
    names = [name for name in sorted(os.listdir(source)) if name not in but] if os.path.isdir(source) else []
    if names:
        os.makedirs(target, exist_ok=True)
    for name in names:
        os.replace(os.path.join(source, name), os.path.join(target, name))
    if names:
        _sync_folder(target)
    return names


def _prefix(identity: bytes) -> str:
    return f"{identity[:4].hex()}-"


def sync(file: IO[bytes]) -> None:
    """Make what was written to a file durable."""
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(path: str) -> None:
    """Make the names in a folder durable, where folders can be opened for that."""
    with suppress(OSError):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
