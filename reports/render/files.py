"""Write a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from dedup.errors import OutputError


def write_file(path: str, parts: Iterable[str | bytes]) -> None:
    """Write text, as UTF-8, or bytes to a file; it takes its place only when complete. Raises `OutputError`."""
    target = Path(os.path.realpath(path))  # a link stays one
    name = ""
    try:
        if target.exists() and not target.is_file() and not target.is_dir():  # a device or a pipe
            _write(target, parts)
            return
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        _write(number, parts)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        if name and os.path.exists(name):
            os.unlink(name)


def _write(file: Path | int, parts: Iterable[str | bytes]) -> None:
    with open(file, "wb") as out:
        out.writelines(part.encode() if isinstance(part, str) else part for part in parts)
