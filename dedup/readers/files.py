"""Paths, folders, globs and standard input to files, and these to streams, inflated where they are packed."""

from __future__ import annotations

import glob
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from ..errors import InputError
from .compression import GZIP, ZSTANDARD, inflating, is_gzip, is_zstandard, pieces
from .formats import _SUFFIXES, kind_of
from .lines import Stream
from .options import Reading

STDIN = "-"
_BUFFER = 1 << 18  # bytes


def _in_folder(folder: str, reading: Reading) -> list[str]:
    found = []
    try:
        for parent, folders, names in os.walk(folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith(".")) if reading.recursive else []
            found += [os.path.join(parent, name) for name in sorted(names) if kind_of(name) and not name.startswith(".")]
    except OSError as error:
        raise InputError(f"the folder cannot be read ({error.strerror})", path=folder) from error
    if not found:
        deeper = "" if reading.recursive else ", and subfolders need --recursive"
        raise InputError(f"no texts in this folder; they end in {' '.join(_SUFFIXES)} or one of these and .gz or .zst{deeper}", path=folder)
    return found


def _raise(error: OSError) -> None:
    raise error


def find_files(paths: Iterable[str], reading: Reading | None = None) -> tuple[str, ...]:
    """Return the files that these paths, folders and globs name, each once, in order. ``-`` stays. Raises `InputError`."""
    reading = reading or Reading()
    found: dict[str, str] = {}
    for path in paths:
        if path == STDIN:
            names = [path]
        elif os.path.isdir(path):
            names = _in_folder(path, reading)
        elif os.path.exists(path):
            names = [path]
        else:
            names = [name for name in sorted(glob.glob(path, recursive=True)) if not os.path.isdir(name)]
            if not names:
                raise InputError("no such file or folder", path=path, hint="check the spelling")
        for name in names:  # one file may be named in several ways
            found.setdefault(STDIN if name == STDIN else os.path.realpath(name), name if name == STDIN else Path(name).as_posix())
    for name in found.values():
        _refuse_unprintable(name)
    return tuple(found.values())


def _refuse_unprintable(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise InputError("the name of this file is not UTF-8", path=ascii(name), hint="rename it") from error


def inflated(raw: IO[bytes], start: bytes, ahead: bool) -> Stream:
    """Return what a stream that begins so holds, inflated where it is packed."""
    if is_gzip(start) or is_zstandard(start):
        return cast(Stream, inflating(pieces(raw), zst=is_zstandard(start), ahead=ahead))
    return cast(Stream, raw)


@contextmanager
def open_source(path: str) -> Iterator[Stream]:
    try:
        if path == STDIN and sys.stdin is None:
            raise InputError("standard input is closed", path=path, hint="give a file, or something to read")
        if path == STDIN:
            # Not what Python has buffered for itself, which waits until its buffer is full.
            stdin = io.BufferedReader(cast(io.RawIOBase, getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)))
            try:
                yield inflated(cast(IO[bytes], stdin), stdin.peek(4), ahead=False)
            finally:
                stdin.detach()
        else:
            with open(path, "rb", _BUFFER) as raw:
                # The name says that a file is packed, and a thread must not wait for a pipe that nobody fills.
                start = {".gz": GZIP, ".zst": ZSTANDARD}.get(Path(path).suffix, b"")
                stream = inflated(raw, start, ahead=os.path.isfile(path))
                try:
                    yield stream
                finally:
                    stream.close()
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def unreadable(error: Exception, path: str) -> InputError:
    """Return the error of a file that cannot be read, or a packed one that was cut off or damaged."""
    return InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path=path)
