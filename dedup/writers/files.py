"""Write a file, or many in a folder, whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import OutputError

_NAMES = {"stdin": 0, "stdout": 1, "stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/(stdin|stdout|stderr|fd/\d{1,6})")
_PERMISSIONS = 0o666  # of a new file; the system takes away what the umask forbids


def write_file(path: str, parts: Iterable[str | bytes]) -> None:
    """Write text, as UTF-8, or bytes to a file; it takes its place only when complete. Raises `OutputError`.

    A new file has the permissions that the umask leaves it; one that replaces a file has none that the old one had not. Whatever ends the
    writing early, an error of ``parts`` or a signal that raises, leaves the old file and no other.
    """
    descriptor = descriptor_of(path)
    if descriptor is not None:
        _write(path, descriptor, parts, "wb")
        return
    target = Path(os.path.realpath(path))  # a link stays one
    with named(path):
        special = target.exists() and not target.is_file() and not target.is_dir()
    if special:  # a device or a pipe
        _write(path, target, parts, "wb")
        return
    new = target.with_name(f".{target.name[:200]}.{os.urandom(8).hex()}")
    try:
        _write(path, new, parts, "xb")
        with named(path):
            if target.is_file():
                os.chmod(new, new.stat().st_mode & target.stat().st_mode & 0o777)
            os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)


def descriptor_of(path: str) -> int | None:
    """Return which open file of this process a path names, as ``/dev/stdout`` does: it is written to as it is, also where it goes to a file
    that has other lines.

    >>> descriptor_of("/dev/stderr"), descriptor_of("/dev/fd/7"), descriptor_of("/dev/null")
    (2, 7, None)
    """
    found = _DESCRIPTOR.fullmatch(os.path.normpath(path))
    return None if found is None else _NAMES[found[1]] if found[1] in _NAMES else int(found[1].rpartition("/")[2])


@contextmanager
def named(path: str) -> Iterator[None]:
    """Turn what the system refuses into an error that names the path."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error


def _write(path: str, file: Path | int, parts: Iterable[str | bytes], mode: str) -> None:
    with named(path):
        out = open(os.dup(file), mode) if isinstance(file, int) else _open(file, mode)  # noqa: SIM115 - closed below
    try:
        for part in parts:  # an error in making a part is none of writing it
            with named(path):
                out.write(part.encode() if isinstance(part, str) else part)
    finally:
        with named(path):
            out.close()


def _open(file: Path, mode: str) -> BinaryIO:
    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, _PERMISSIONS)

    return open(file, mode, opener=opener)  # type: ignore[return-value]


def exchange(folder: Path, drafts: Path, names: Sequence[str]) -> None:
    """Put files from one folder in the place of those of another, in order; what interrupts is raised when all are in place."""
    interrupted: BaseException | None = None
    left = list(names[::-1])
    while left:
        try:
            while left:
                os.replace(drafts / left[-1], folder / left[-1])
                left.pop()
        except FileNotFoundError:
            if (drafts / left[-1]).exists() or not interrupted:
                raise
            left.pop()  # it is in place: the signal came right behind that
        except OSError:
            raise
        except BaseException as signal:
            interrupted = signal
    if interrupted:
        raise interrupted
