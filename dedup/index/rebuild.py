"""An index file made again from the texts that it keeps."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import fields
from itertools import count
from typing import Any

from ..config import Config, parse_setting
from ..errors import StoreError
from ..model import Document
from .header import SUPERSEDED
from .holdings import unpacked
from .index import Index

_PATIENCE = 60.0  # seconds to wait for another writer
_PART = 2048  # documents that are stored together
_OLD = "select number, id, kept, answer, moment, source, segmented, text from documents where number = ?"


def rebuild(path: str, changes: Mapping[str, str]) -> tuple[int, int, str]:
    """Make the index at a path again, with some settings changed, and return how many documents it has, how many could not be read, and
    where the old file is.

    What was decided stays decided, clusters keep their names, and the old file stays, with ``.old`` after its name; nobody can write to it
    any more, also who has it open. Raises `StoreError` where there is nothing to make it from or another process writes, and `ConfigError`.
    """
    if not os.path.isfile(path):
        raise StoreError("there is no index file", path=path, hint="only files can be made again; feed a server's index anew")
    _lengthen(path)
    with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as old:
        return _rebuild(old, path, changes)


def _rebuild(old: sqlite3.Connection, path: str, changes: Mapping[str, str]) -> tuple[int, int, str]:
    try:
        header = dict(old.execute("select name, value from meta"))
        values = json.loads(header["config"])
    except (sqlite3.DatabaseError, KeyError, ValueError) as error:
        hint = "give a path in a folder that can be written" if "readonly" in str(error) else "feed a new index with the same documents"
        raise StoreError(f"its settings cannot be read ({error})", path=path, hint=hint) from error
    config = _changed(values, changes)
    if header.get("texts") != "1":
        raise StoreError("it keeps no texts to be made again from", path=path, hint="feed a new index with the same documents")
    _hold(old, path)
    made = f"{path}.new"
    _delete(made)
    lost = [0]
    numbers: dict[int, int] = {}
    kept: dict[int, int] = {}
    with Index.open(made, config) as index:
        part: list[tuple[Any, ...]] = []
        for found in _documents(old, int(header["number"]), lost):
            part.append(found)
            if len(part) == _PART:
                _add(index, part, numbers, kept)
                part = []
        _add(index, part, numbers, kept)
        own = {number: numbers.get(holder, numbers[number]) if holder >= 0 else holder for number, holder in kept.items()}
        index.restore_kept((numbers[number], holder) for number, holder in own.items())
        index.adopt_names(_names(old, numbers))
    return len(numbers), lost[0], _exchange(old, path, made)


def _hold(old: sqlite3.Connection, path: str) -> None:
    """Keep others from writing to the old file, as far as it is sound."""
    try:
        old.execute("pragma wal_checkpoint(truncate)")
        old.execute("begin immediate")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError("it is locked", path=path, hint="another process writes to it: wait for it, or stop it") from error
    except sqlite3.DatabaseError:
        return  # damaged: there is nobody who could write to it


def _exchange(old: sqlite3.Connection, path: str, made: str) -> str:
    """Put the new file in the place of the old one, at once, and return where the old one is. Who has that one open is told there."""
    kept = next(name for number in count(1) if not os.path.exists(name := f"{path}.old{number if number > 1 else ''}"))
    os.link(path, kept)
    for suffix in ("-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.replace(path + suffix, kept + suffix)
    os.replace(made, path)
    try:
        if old.in_transaction:
            old.execute("insert into meta values (?, '1') on conflict do nothing", (SUPERSEDED,))
            old.execute("commit")
    except sqlite3.DatabaseError:
        pass  # damaged; what of it could be read was read
    return kept


def _lengthen(path: str) -> None:
    """Fill a file that was cut off up to the length that its header tells, or SQLite reads nothing of it (its file format, section 1.3)."""
    with open(path, "rb") as file:
        head = file.read(100)
    if head.startswith(b"SQLite format 3\0"):
        size = int.from_bytes(head[16:18], "big")
        whole = (65536 if size == 1 else size) * int.from_bytes(head[28:32], "big")
        if os.path.getsize(path) < whole:
            os.truncate(path, whole)


def _changed(values: dict[str, Any], changes: Mapping[str, str]) -> Config:
    known = {field.name for field in fields(Config)}
    kept: dict[str, Any] = {name: tuple(value) if name == "prefer" else value for name, value in values.items() if name in known}
    kept.update(parse_setting(f"{name}={text}") for name, text in changes.items())
    return Config(**kept)


def _delete(path: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


def _documents(old: sqlite3.Connection, most: int, lost: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the documents that can be read, one by one, so that a damaged page takes no others with it."""
    for number in range(most):
        try:
            row = old.execute(_OLD, (number,)).fetchone()
            if row is not None:
                yield (*row[:-1], unpacked(row[-1]))
        except Exception:  # whatever damage makes of it
            lost[0] += 1


def _add(index: Index, part: list[tuple[Any, ...]], numbers: dict[int, int], kept: dict[int, int]) -> None:
    documents = [
        Document(name, text, time=None if moment is None else str(moment), source=source, segmented=bool(segmented))
        for _, name, _, _, moment, source, segmented, text in part
    ]
    numbers.update(zip((row[0] for row in part), index.restore(documents, [row[3] for row in part]), strict=True))
    kept.update((row[0], row[2]) for row in part)


def _names(old: sqlite3.Connection, numbers: Mapping[int, int]) -> Iterator[tuple[str, int, int | None, bool]]:
    """Yield the names of clusters, the new numbers and places of the segments that have them, and whether these are called so."""
    try:
        named = "select n.name, s.document, s.place, 0 from names n join segments s on s.row = n.row"
        for name, document, place, called in old.execute(
            f"{named} union select called, document, place, 1 from segments where called is not null"
        ):
            if document in numbers:
                yield name, numbers[document], place, bool(called)
    except sqlite3.DatabaseError:
        return
