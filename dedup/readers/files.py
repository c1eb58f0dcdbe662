"""Files: the files that paths, folders and globs name, and their bytes as streams, inflated if they are packed."""

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
from .formats import SUFFIXES, kind_of
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
        endings = f"{' '.join(SUFFIXES)} or one of these with .gz or .zst"
        raise InputError(f"no texts in this folder; their names end in {endings}{deeper}", path=folder)
    return found


def _raise(error: OSError) -> None:
    raise error


def find_files(paths: Iterable[str], reading: Reading | None = None) -> tuple[str, ...]:
    """Return the files that these paths, folders and globs name, each once, in order. ``-``, standard input, stays. Raises `InputError`."""
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
                # The name tells whether a file is packed: looking at the first bytes of a pipe would wait until somebody writes to it.
                start = {".gz": GZIP, ".zst": ZSTANDARD}.get(Path(path).suffix, b"")
                stream = inflated(raw, start, ahead=os.path.isfile(path))
                try:
                    yield stream
                finally:
                    stream.close()
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(error, path) from error


def unreadable(error: Exception, path: str) -> InputError:
    """Return the error of a file that cannot be read, or of a packed file that is damaged or ends too early."""
    return InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path=path)
