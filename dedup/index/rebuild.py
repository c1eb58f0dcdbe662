"""An index file rebuilt from the texts that it keeps."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, fields, replace
from itertools import count, groupby
from typing import Any

from ..config import Config
from ..errors import StoreError
from ..model import Document
from ..settings import parse_setting
from .metadata import SUPERSEDED
from .notes import sound_notes
from .restore import Restored, Restoring
from .rows import REFUSED
from .storage.interface import Row
from .storage.run_files import FOLDER, move_files
from .storage.tables import DELIVERIES, DOCUMENTS, META, NAMES, SCHEMA_VERSION, TEXTS, VERDICTS, Table
from .texts import kept_document

_PATIENCE = 60.0  # seconds to wait for another writer
_PART = 2048  # documents that are stored together
_FIRST = "select number, id, kept, answer, moment, source, segmented, text from documents where number = ?"  # of schema 1
_SUFFIXES = "", "-wal", "-shm"
_PLAIN_TEXTS = Table("texts", "number integer, text blob")  # of the schemas before ``about`` was kept with them
_ABOUT = 4  # the first schema with that
_ANSWERS = 5  # the first schema with what people say
_WINDOW = 6  # the first schema with windows
_BOUND = 3  # the schema from which on ``threshold`` is a limit of the shares of every match
_GONE = -2  # the number of no document
_AGAIN = "feed a new index with the same documents"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A document of the old file, its number, those of the one that stands for it and of the one for which it was held back, and what was
    decided."""

    number: int
    kept: int
    holder: int | None
    document: Document
    restored: Restored
    row: Row | None = None
    """The row of a withdrawal, or of what one took out, which has no text; None for others."""


class _OldFile:
    """The old file: what of it can be read."""

    def __init__(self, path: str, connection: sqlite3.Connection):
        self.name, self.connection = path, connection

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(statement, values).fetchall()


def rebuild(path: str, changes: Mapping[str, str]) -> tuple[int, int, str]:
    """Make the index at a path again, with some settings changed, and return how many documents it has, how many could not be read, and
    where the old file is.

    What was decided stays decided, clusters keep their names, and the old file stays, with ``.old`` after its name; nobody can write to it
    any more, also who has it open. Raises `StoreError` where there is nothing to make it from or another process writes, and `ConfigError`.
    """
    if not os.path.isfile(path):
        raise StoreError(
            "there is no index file", path=path, hint="only files can be rebuilt; feed the documents to a new index on the server"
        )
    made = f"{path}.new"
    try:
        _lengthen(path)
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as connection:
            old = _OldFile(path, connection)
            kept, lost = _remake(old, made, changes)
            return kept, lost, _exchange(connection, path, made)
    except sqlite3.Error as error:
        raise StoreError(f"cannot be rebuilt ({error})", path=path, hint=_AGAIN) from error
    except OSError as error:
        hint = "give a path in a folder that can be written"
        raise StoreError(f"cannot be rebuilt ({error.strerror})", path=path, hint=hint) from error
    finally:
        _delete(made)


def _remake(old: _OldFile, made: str, changes: Mapping[str, str]) -> tuple[int, int]:
    try:
        header: dict[str, str] = dict(old.rows("select name, value from meta"))
        schema = int(header["schema"])
        if schema != 1:  # what is not asked for may be damaged
            META.read(old, "where name = 'config' or name = 'texts'")
        values = json.loads(header["config"])
        if schema < _BOUND:
            values.pop("threshold", None)
        _changed(values, {})
    except (sqlite3.DatabaseError, StoreError, KeyError, ValueError, TypeError) as error:
        hint = "give a path in a folder that can be written" if "readonly" in str(error) else _AGAIN
        raise StoreError(f"its settings cannot be read ({_reason(error)})", path=old.name, hint=hint) from error
    if schema not in range(1, SCHEMA_VERSION + 1):
        raise StoreError(f"made by another version of this program, with schema {schema}", path=old.name, hint=_AGAIN)
    if header.get("texts") != "1":
        raise StoreError("it keeps no texts, so that it cannot be rebuilt", path=old.name, hint=_AGAIN)
    config = _changed(values, changes)
    _hold(old.connection, old.name)
    _delete(made)
    most = _count(old, header)
    lost = [0]
    numbers: dict[int, int] = {}
    kept: list[_Kept] = []
    index = Restoring.open(made, {name: getattr(config, name) for name in Config.__dataclass_fields__})
    with closing(index):
        index.adopt_answers(_answers(old, schema))
        part: list[_Kept] = []
        for found in _documents(old, schema, most, lost):
            part.append(found)
            if len(part) == _PART:
                kept += _add(index, part, numbers)
                part = []
        kept += _add(index, part, numbers)
        index.restore_kept(_standing(kept, numbers), sound_notes(old))
        index.adopt_names(_names(old, schema, numbers))
        if schema >= _WINDOW:
            index.adopt_window(old, numbers)
    return len(numbers), lost[0]


def _count(old: _OldFile, header: Mapping[str, str]) -> int:
    """Return beyond which number there are no documents."""
    try:
        return int(old.rows("select coalesce(max(number), -1) from documents")[0][0]) + 1
    except sqlite3.DatabaseError:  # damaged where the last ones are
        return int(header["number"]) if header.get("number", "").isdigit() else 0


def _reason(error: Exception) -> str:
    return error.what if isinstance(error, StoreError) else str(error)


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
    try:
        os.link(path, kept)
    except OSError:  # this file system has no links
        shutil.copy2(path, kept)
    new = move_files(made, path)  # each index finds its own at any moment
    for suffix in _SUFFIXES[1:]:
        if os.path.exists(path + suffix):
            os.replace(path + suffix, kept + suffix)
    os.replace(made, path)
    move_files(path, kept, but=new)
    try:
        if old.in_transaction:
            old.execute("insert into meta values (?, '1', ?) on conflict do nothing", (SUPERSEDED, META.seal((SUPERSEDED, "1"))))
            old.execute("commit")
    except sqlite3.DatabaseError:
        pass  # damaged, or of an old version; what of it could be read was read
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
    kept: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in known}
    kept.update(parse_setting(f"{name}={text}") for name, text in changes.items())
    return Config(**kept)


def _delete(path: str) -> None:
    shutil.rmtree(path + FOLDER, ignore_errors=True)
    for suffix in _SUFFIXES:
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


def _documents(old: _OldFile, schema: int, most: int, lost: list[int]) -> Iterator[_Kept]:
    """Yield the documents that can be read, one by one, so that damage takes no others with it."""
    unfinished: set[int] | None = None  # it is not known what was delivered, so it is told again rather than lost
    if schema != 1:
        with suppress(sqlite3.DatabaseError, StoreError):
            unfinished = {run for run, *_ in DELIVERIES.read(old)}
    for number in range(most):
        try:
            found = _first_schema(old, number) if schema == 1 else _document(old, schema, number, unfinished)
            if found is not None:
                yield found
        except Exception:  # whatever damage makes of it
            lost[0] += 1


def _document(old: _OldFile, schema: int, number: int, unfinished: set[int] | None) -> _Kept | None:
    found = DOCUMENTS.read(old, "where number = ?", (number,))
    if not found:
        return None
    _, name, version, _, run, kept, holder, answer, moment, source, segmented = found[0]
    delivered = unfinished is not None and run not in unfinished
    if version < 0 or (kept == REFUSED and not old.rows("select 1 from segments where document = ? limit 1", (number,))):
        return _Kept(number, kept, holder, Document(name, ""), Restored(answer, version, delivered), found[0])
    ((_, text, *about),) = (TEXTS if schema >= _ABOUT else _PLAIN_TEXTS).read(old, "where number = ?", (number,))
    document = _document_of(name, moment, source, segmented, text, *about)
    return _Kept(number, kept, holder, document, Restored(answer, version, delivered))


def _first_schema(old: _OldFile, number: int) -> _Kept | None:
    found = old.rows(_FIRST, (number,))
    if not found:
        return None
    _, name, kept, answer, moment, source, segmented, text = found[0]
    # It is not known what was delivered, so nothing was, and how many versions came before.
    return _Kept(number, kept, None, _document_of(name, moment, source, segmented, text), Restored(answer, None, False))


def _document_of(name: str, moment: float | None, source: str | None, segmented: int, text: bytes, about: bytes | None = None) -> Document:
    document = kept_document(name, source, segmented, text, about)
    return document if document.time is not None or moment is None else replace(document, time=str(moment))


def _standing(kept: Iterable[_Kept], numbers: Mapping[int, int]) -> Iterator[tuple[int, int, int | None]]:
    """Yield which new documents stand for which, and for which they were held back, with the numbers that they have now."""
    for each in kept:
        number = numbers[each.number]
        holder = None if each.holder is None else numbers.get(each.holder, _GONE)
        yield number, numbers.get(each.kept, number) if each.kept >= 0 else each.kept, holder


def _add(index: Restoring, part: list[_Kept], numbers: dict[int, int]) -> list[_Kept]:
    for is_withdrawn, some in groupby(part, key=lambda each: each.row is not None):
        found = [*some]
        if is_withdrawn:
            rows = [each.row for each in found if each.row is not None]
            made = index.restore_withdrawn(rows, [each.restored.delivered for each in found])
        else:
            made = index.restore([each.document for each in found], [each.restored for each in found])
        numbers.update(zip((each.number for each in found), made, strict=True))
    return [replace(each, document=Document(each.document.id, "")) for each in part]  # their texts are not needed any more


def _answers(old: _OldFile, schema: int) -> list[Row]:
    """Return what people have said, as far as it can be read."""
    found: list[Row] = []
    try:
        numbers = old.rows("select number from verdicts order by number") if schema >= _ANSWERS else []
    except sqlite3.DatabaseError:
        return found
    for (number,) in numbers:
        with suppress(sqlite3.DatabaseError, StoreError):
            found += VERDICTS.read(old, "where number = ?", (number,))
    return found


def _names(old: _OldFile, schema: int, numbers: Mapping[int, int]) -> Iterator[tuple[str, int | None, int | None, bool]]:
    """Yield the names of clusters, the new numbers and places of the segments that have them, None for none, and whether these are called
    so."""
    try:
        named = "select n.name, s.document, s.place, 0 from names n left join segments s on s.row = n.row"
        damaged = set()
        if schema != 1:
            damaged = {name for name, row, seal in old.rows("select name, row, seal from names") if NAMES.seal((name, row)) != seal}
        for name, document, place, called in old.rows(
            f"{named} union select called, document, place, 1 from segments where called is not null"
        ):
            if name not in damaged and (document is None or document in numbers):
                yield name, None if document is None else numbers[document], place, bool(called)
    except sqlite3.DatabaseError:
        return
