"""Files: the files that paths, folders and globs name, and their bytes as streams, inflated if they are packed."""

from __future__ import annotations

import glob
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from ..errors import InputError
from .compression import GZIP, ZSTANDARD, inflating, is_gzip, is_zstandard, pieces
from .formats import FORMATS, formats_named
from .huggingface import dataset_files
from .lines import Stream
from .options import Reading

STDIN = "-"
_BUFFER = 1 << 18  # bytes


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that paths name, in order; which of them stand in folders that were named; and other files of these, of unknown kinds."""

    files: tuple[str, ...]
    in_folders: frozenset[str]
    unknown: tuple[str, ...]


def _in_folder(folder: str, reading: Reading) -> list[str]:
    found = []
    try:
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith(".")) if reading.recursive else []
            found += [os.path.join(parent, name) for name in sorted(names) if not name.startswith(".")]
    except OSError as error:
        raise InputError(f"the folder cannot be read ({error.strerror})", path=folder) from error
    return found


def _raise(error: OSError) -> None:
    raise error


def _no_texts(folder: str, reading: Reading) -> InputError:
    deeper = "" if reading.recursive else ", and subfolders need --recursive"
    endings = " ".join(dict.fromkeys(suffix for each in reversed(FORMATS) for suffix in each.suffixes))
    return InputError(f"no texts in this folder; their names end in {endings}, with or without .gz or .zst{deeper}", path=folder)


def find_sources(paths: Iterable[str], reading: Reading | None = None) -> Sources:
    """Return the files that these paths, folders and globs name, each once. ``-``, standard input, stays. Raises `InputError`.

    Of a folder the files are taken whose names end as those of a format do; of a dataset that was saved those that belong to it.
    """
    reading = reading or Reading()
    found: dict[str, str] = {}
    in_folders: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for path in paths:
        folder = path != STDIN and os.path.isdir(path)
        if folder and (dataset := dataset_files(path)) is not None:
            names = [*dataset]
        elif folder:
            inside = _in_folder(path, reading)
            names = [name for name in inside if formats_named(name)]
            unknown.update((os.path.realpath(name), name) for name in inside if not formats_named(name))
            if not names:
                raise _no_texts(path, reading)
        elif path == STDIN or os.path.exists(path):
            names = [path]
        else:
            names = [name for name in sorted(glob.glob(path, recursive=True)) if not os.path.isdir(name)]
            if not names:
                raise InputError("no such file or folder", path=path, hint="check the spelling")
        for name in names:  # one file may be named in several ways
            real, plain = (STDIN, STDIN) if name == STDIN else (os.path.realpath(name), Path(name).as_posix())
            if found.setdefault(real, plain) == plain and folder:
                in_folders[real] = plain
            elif not folder:
                in_folders.pop(real, None)
    for name in found.values():
        _refuse_unprintable(name)
    left_out = tuple(name for real, name in unknown.items() if real not in found)
    return Sources(tuple(found.values()), frozenset(in_folders.values()), left_out)


def find_files(paths: Iterable[str], reading: Reading | None = None) -> tuple[str, ...]:
    """Return the files that `find_sources` finds. Raises `InputError`."""
    return find_sources(paths, reading).files


def _refuse_unprintable(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InputError("the name of this file is not UTF-8", path=ascii(name), hint="rename it") from error


def inflated(raw: IO[bytes], start: bytes, ahead: bool) -> Stream:
    """Return a stream of the inflated bytes of ``raw``, or ``raw`` itself if its first bytes, ``start``, are not those of a packed file."""
    if is_gzip(start) or is_zstandard(start):
        return cast(Stream, inflating(pieces(raw), zst=is_zstandard(start), ahead=ahead))
    return cast(Stream, raw)


@contextmanager
def open_source(path: str) -> Iterator[Stream]:
    """Open a file, or standard input for ``-``, as a stream of inflated bytes. Raises `InputError` if it cannot be read."""
    try:
        if path == STDIN and sys.stdin is None:
            raise InputError("standard input is closed", path=path, hint="give a file, or something to read")
        if path == STDIN:
            # The raw stream, because the buffer of Python waits until it is full.
            stdin = io.BufferedReader(cast(io.RawIOBase, getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)))
            try:
                yield inflated(cast(IO[bytes], stdin), stdin.peek(4), ahead=False)
            finally:
                stdin.detach()
        else:
            with open(path, "rb", _BUFFER) as raw:
                # Of a pipe the name tells whether it is packed: looking at its first bytes would wait until somebody writes to it.
                regular = os.path.isfile(path)
                start = {".gz": GZIP, ".zst": ZSTANDARD}.get(Path(path).suffix, cast(io.BufferedReader, raw).peek(4) if regular else b"")
                stream = inflated(raw, start, ahead=regular)
                try:
                    yield stream
                finally:
                    stream.close()
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def unreadable(error: Exception, path: str) -> InputError:
    """Return the error of a file that cannot be read, or of a packed file that is damaged or ends too early."""
    return InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path=path)
