"""Atomic files: a file, or many in a folder, is written completely or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import OutputError

_NAMES = {"stdin": 0, "stdout": 1, "stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/(stdin|stdout|stderr|fd/\d{1,6})")
_PERMISSIONS = 0o666  # of a new file, before the system applies the umask


def write_file(path: str, parts: Iterable[str | bytes]) -> None:
    """Write text, as UTF-8, or bytes to a file, which takes its name only when it is complete. Raises `OutputError`.

    A new file has the permissions that the umask allows. A file that replaces another one gets no permission that the old file did not
    have. If writing ends early, by an error of ``parts`` or a signal that raises, only the old file is left.
    """
    descriptor = descriptor_of(path)
    if descriptor is not None:
        _write(path, descriptor, parts, "wb")
        return
    target = Path(os.path.realpath(path))  # a symbolic link stays
    with output_errors(path):
        special = target.exists() and not target.is_file() and not target.is_dir()
    if special:  # a device or a pipe
        _write(path, target, parts, "wb")
        return
    with _taking_the_place_of(target, path) as new:
        _write(path, new, parts, "xb")


@contextmanager
def draft_of(path: str) -> Iterator[Path]:
    """Yield the path of a file that is to be made; when the block ends it takes the name ``path``, as `write_file` does.

    It is for what needs a file of its own. Raises `OutputError` for a device, a pipe or an open file.
    """
    target = Path(os.path.realpath(path))
    with output_errors(path):
        special = descriptor_of(path) is not None or (target.exists() and not target.is_file())
    if special:
        raise OutputError(f"{path}: no file of its own; give the path of a file")
    with _taking_the_place_of(target, path) as new:
        yield new


@contextmanager
def _taking_the_place_of(target: Path, path: str) -> Iterator[Path]:
    new = target.with_name(f".{target.name[:200]}.{os.urandom(8).hex()}")
    try:
        yield new
        with output_errors(path):
            if target.is_file():
                os.chmod(new, new.stat().st_mode & target.stat().st_mode & 0o777)
            os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)


def storable(value: Any) -> Any:
    """Return a value as UTF-8 can hold it: half of a surrogate pair becomes a question mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def descriptor_of(path: str) -> int | None:
    """Return the descriptor of an open file of this process that a path names, for example ``/dev/stdout``; else None.

    Such a file is not replaced but written to, even if it goes to a file that has other lines.

    >>> descriptor_of("/dev/stderr"), descriptor_of("/dev/fd/7"), descriptor_of("/dev/null")
    (2, 7, None)
    """
    found = _DESCRIPTOR.fullmatch(os.path.normpath(path))
    return None if found is None else _NAMES[found[1]] if found[1] in _NAMES else int(found[1].rpartition("/")[2])


@contextmanager
def output_errors(path: str) -> Iterator[None]:
    """Turn an error of the system into an `OutputError` that names the path."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error


def _write(path: str, file: Path | int, parts: Iterable[str | bytes], mode: str) -> None:
    with output_errors(path):
        out = open(os.dup(file), mode) if isinstance(file, int) else _open(file, mode)  # noqa: SIM115 - closed below
    try:
        for part in parts:  # an error of making a part is not an error of writing it
            with output_errors(path):
                out.write(part.encode() if isinstance(part, str) else part)
    finally:
        with output_errors(path):
            out.close()


def _open(file: Path, mode: str) -> BinaryIO:
    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, _PERMISSIONS)

    return open(file, mode, opener=opener)  # type: ignore[return-value]


def exchange(folder: Path, drafts: Path, names: Sequence[str]) -> None:
    """Replace files of a folder by those of another, in order. An interruption is raised when all are replaced."""
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
            left.pop()  # it is replaced already: the signal came just after that
        except OSError:
            raise
        except BaseException as signal:
            interrupted = signal
    if interrupted:
        raise interrupted
