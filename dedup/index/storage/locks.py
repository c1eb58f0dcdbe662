"""Files that are locked while the process that made them works: others see who is gone, however it ended."""

from __future__ import annotations

import os
from typing import IO
from weakref import WeakSet

from ...errors import StoreError

try:
    import fcntl

    def _lock(file: IO[bytes], *, alone: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)

except ImportError:  # Windows
    import msvcrt

    def _lock(file: IO[bytes], *, alone: bool) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]


_EVERY: WeakSet[Locks] = WeakSet()  # of this process; a child made by a fork gets their files as well, and must not hold them


def _leave_to_parent() -> None:
    for locks in _EVERY:
        locks.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)


class Locks:
    """Locks beside the file of an index, each a file of its own under a number that is never used again. ``path`` None is for an index in
    memory, which nobody else sees."""

    def __init__(self, path: str | None):
        self._path = path
        self._held: dict[int, IO[bytes] | None] = {}
        _EVERY.add(self)

    def _name(self, holder: int) -> str:
        return f"{self._path}-run-{holder:016x}"

    def hold(self, holder: int) -> None:
        """Make the file, and lock it. Raises `StoreError`."""
        if holder in self._held:
            return
        if self._path is None:
            self._held[holder] = None
            return
        try:
            file = open(self._name(holder), "xb")  # noqa: SIM115 - open as long as it is locked
            _lock(file, alone=True)
        except OSError as error:
            what = f"no lock file can be made beside it ({error.strerror})"
            raise StoreError(what, path=self._path, hint="give a path in a folder that can be written, on a local disk") from error
        self._held[holder] = file

    def is_held(self, holder: int) -> bool:
        """Tell whether the process that made a lock still has it; the file of one that is gone is removed."""
        if holder in self._held:
            return True
        if self._path is None:
            return False
        try:
            with open(self._name(holder), "rb") as file:
                _lock(file, alone=False)
        except FileNotFoundError:
            return False
        except OSError:  # locked
            return True
        self._remove(holder)
        return False

    def release(self, holder: int) -> None:
        """Remove the file and its lock."""
        if holder not in self._held:
            return
        file = self._held.pop(holder)
        if file is not None:
            self._remove(holder)  # before it is unlocked: a file without a lock is that of a process that was killed
            file.close()

    def _remove(self, holder: int) -> None:
        try:
            os.unlink(self._name(holder))
        except OSError:
            return  # gone, or not ours to remove: then it stays, unlocked

    def leave(self) -> None:
        """Hold nothing any more, and leave all files: they are those of the process that this one was made from."""
        held, self._held = self._held, {}
        for file in held.values():
            if file is not None:
                file.close()

    def close(self) -> None:
        """Release all that is held."""
        for holder in [*self._held]:
            self.release(holder)
