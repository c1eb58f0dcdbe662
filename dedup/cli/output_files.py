"""What a command reads and what it writes are different files: looked at before anything is opened for writing."""

from __future__ import annotations

import fnmatch
import glob
import io
import os
import select
import stat
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ..errors import InputError, OutputError

if TYPE_CHECKING:
    from ..readers.options import Reading


Place = tuple[int, int, tuple[str, ...]]
"""A file by device and inode; one that is not there by those of the nearest folder above it, and the names from there on."""
_STDERR = ("/dev/stderr", "/dev/fd/2", "/proc/self/fd/2")  # which takes lines of all kinds, also where it goes to a file
_WRITTEN = {"text", "jsonl", "csv", "parquet", "docx", "sqlite"}  # formats of outputs that would be read; pages and JSON are known as ours
_RESULTS = (".html", ".htm", ".json")
# What an index, SQLite and a rebuild write beside an index.
_BESIDE = ("", "-runs", "-wal", "-shm", "-journal", ".new", ".new-runs", ".old", ".old-runs")


@dataclass(slots=True)
class _Inputs:
    """What is read: each file and folder with the name that it was given by, the folders above them, and what lies in those."""

    reading: Reading
    files: dict[Place, str] = field(default_factory=dict)
    folders: dict[Place, str] = field(default_factory=dict)
    above: dict[Place, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    globs: list[str] = field(default_factory=list)

    def add(self, path: str) -> None:
        """Note a file or a folder, and the folders above it."""
        place = place_of(path)
        if place is None:
            return
        self.files.setdefault(place, path)
        for file in {os.path.abspath(_local(path)), os.path.realpath(_local(path))}:
            for folder in Path(file).parents:
                if str(folder) in self.seen:
                    break
                self.seen.add(str(folder))
                self.above.setdefault(_known(str(folder)), path)

    def add_documents(self, path: str) -> None:
        """Note what a path, a folder or a glob stands for."""
        from ..readers.detection import is_result
        from ..readers.files import STDIN, find_files

        if path == STDIN:
            place = _open_file(0)
            if place is not None:
                self.files.setdefault(place, "standard input")
            return
        if os.path.isdir(path):
            self.folders.setdefault(_known(path), path)
            self.add(path)
        elif not os.path.exists(path):
            self.globs.append(path)
        with suppress(InputError):  # which whoever reads it will raise
            for name in find_files([path], self.reading):
                if not (os.path.isdir(path) and name.endswith(_RESULTS) and is_result(name)):  # which is not read, and may be written anew
                    self.add(name)

    def holding(self, path: str) -> str | None:
        """Return the folder or the glob that would read a new file of this path, None where none would."""
        from ..readers.formats import formats_named

        target = Path(os.path.realpath(_local(path)))
        listed = bool(_WRITTEN & {each.name for each in formats_named(target.name)}) and not target.name.startswith(".")
        for parent in target.parents if self.reading.recursive else list(target.parents)[:1]:
            if listed and (found := self.folders.get(_known(str(parent)))) is not None:
                return found
            if parent.name.startswith("."):
                break
        return next((pattern for pattern in self.globs if _matches(pattern, target)), None)


class OutputFile(io.FileIO):
    """A file that says its name where it cannot be written, and waits where whoever reads a pipe has made it not wait."""

    def __init__(self, file: str | int, name: str):
        super().__init__(file, "wb", closefd=isinstance(file, str))
        self._said = name

    def write(self, data: Any, /) -> int:
        while True:
            try:
                count = super().write(data)
            except BrokenPipeError:
                raise
            except OSError as error:
                raise OutputError(f"{self._said} cannot be written ({error.strerror})") from error
            if count is not None:
                return count
            select.select([], [self], [])


def open_output(files: ExitStack, path: str | None) -> IO[bytes] | None:
    """Open a file to be written, until ``files`` is closed; None for none. Raises `OutputError`."""
    if path is None:
        return None
    from dedup.writers.files import descriptor_of

    descriptor = descriptor_of(path)
    try:
        return files.enter_context(io.BufferedWriter(OutputFile(path if descriptor is None else descriptor, f"{path}:")))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error


def refuse_overwriting(
    reading: Reading,
    documents: Iterable[str],
    *,
    inputs: Iterable[str | None] = (),
    outputs: Mapping[str, str | None],
    index: str | None = None,
    stdout: bool = True,
) -> None:
    """Raise `OutputError` where an output is one of the inputs, or another output, or would be read as an input by the next run.

    ``documents`` are paths, folders and globs as `find_files` takes them, ``inputs`` other files that are read,
    ``outputs`` paths by the options that name them, ``index`` one that is written, and ``stdout`` says whether results go there.
    Links are followed; devices, pipes and terminals may be anything.
    """
    read = _Inputs(reading)
    for document in documents:
        read.add_documents(document)
    for source in filter(None, inputs):
        (read.add_documents if source == "-" else read.add)(source)
    written: dict[Place, str] = {}
    for name, path, place in _written(outputs, index, stdout):
        if place is None:
            continue
        if (same := read.files.get(place)) is not None:
            raise OutputError(f"{name} is read as well{_named(same, path)}; write to another file")
        if path and (same := read.above.get(place)) is not None:
            raise OutputError(f"{name} is the folder of an input ({same}); give another folder")
        if path and (same := read.holding(path)) is not None:
            raise OutputError(f"{name} would be read as part of {same}; write to another folder")
        if path not in _STDERR and (same := written.setdefault(place, name)) != name:
            raise OutputError(f"{name} and {same} are one file; write to two")


def _named(same: str, path: str | None) -> str:
    return "" if same == path else f" ({same})"


def _written(outputs: Mapping[str, str | None], index: str | None, stdout: bool) -> Iterator[tuple[str, str | None, Place | None]]:
    """Yield what is written: what to call it, its path, its place."""
    if stdout:
        yield "standard output", None, _standard_output()
    for option, path in outputs.items():
        if path not in (None, "", "-"):
            yield f"{option} {path}", path, place_of(str(path))
    if index is not None and index != ":memory:":
        for ending in _BESIDE if "://" not in index else ("",):
            yield f"the index {index}{ending}", index + ending, place_of(index + ending)


def place_of(path: str) -> Place | None:
    """Return where a path leads, None for a device, a pipe, or what is not on this machine; URLs of files are paths."""
    path = _local(path)
    if "://" in path:
        return None
    try:
        return _known(path)
    except _NoFile:
        return None


class _NoFile(Exception):
    """A device, a pipe or a socket: any number of commands may read and write it."""


def _known(path: str) -> Place:
    rest: tuple[str, ...] = ()
    where = path if os.path.exists(path) else os.path.realpath(path)
    while True:
        try:
            found = os.stat(where)
        except (OSError, ValueError):
            parent, name = os.path.split(where)
            if parent == where:
                return (0, 0, (where, *rest))
            where, rest = parent, (name, *rest)
            continue
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise _NoFile
        return (found.st_dev, found.st_ino, _as_stored(where, rest))


def _as_stored(folder: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names so that those are equal which the folder takes for one: it may tell no capitals."""
    other = folder.swapcase()
    if names and other != folder and os.path.exists(other) and os.path.samefile(folder, other):
        return tuple(unicodedata.normalize("NFC", name).casefold() for name in names)
    return names


def _local(path: str) -> str:
    return unquote(urlsplit(path).path) if path.startswith("file:/") else path


def _open_file(number: int) -> Place | None:
    """Return the place of the file that a descriptor is open on."""
    try:
        found = os.fstat(number)
    except OSError:
        return None
    return (found.st_dev, found.st_ino, ()) if stat.S_ISREG(found.st_mode) else None


def _standard_output() -> Place | None:
    try:
        return _open_file(sys.stdout.fileno())
    except (AttributeError, ValueError, OSError):  # nothing that has a number
        return None


def _matches(pattern: str, target: Path) -> bool:
    folder, name = os.path.split(pattern)
    if target.name.startswith(".") > name.startswith(".") or not fnmatch.fnmatchcase(target.name, name):
        return False
    folders = glob.glob(folder, recursive=True) if folder else ["."]
    return any(os.path.isdir(each) and os.path.realpath(each) == str(target.parent) for each in folders)
