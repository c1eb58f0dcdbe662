"""Files of labels: JSON, JSON Lines, and tables whose separator is told by a small sniffer."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..readers.files import open_source
from ..readers.jsonl import parse_json
from ..readers.lines import BOM
from .label_columns import is_known, side_pairs

MOST = 1 << 28  # bytes of a file of labels, some million pairs
_STEP = 1 << 20
_SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
_LOOKED_AT = 50  # rows from which the separator is told
_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or another archive"), (b"\xd0\xcf\x11\xe0", "an old Excel workbook"), (b"PAR1", "Parquet"),
    (b"SQLite format 3", "an SQLite database"), (b"%PDF", "PDF"), (b"ARROW1", "Arrow"), (b"\x80\x04\x95", "a pickle of Python"),
)  # fmt: skip
_THINGS = frozenset(("doc", "document", "article", "news", "story", "record", "item", "page", "file"))  # whose ids stand in a column
_MARKUP = re.compile(r"\s*<(?:[!?]|[A-Za-z][\w:.-]*[\s/>])")


@dataclass(frozen=True, slots=True)
class LabelFile:
    """What a file of labels holds: values with their lines (objects, or lists of ids), whether they stood in a table, and what to say."""

    values: list[tuple[int | None, Any]]
    table: bool = False
    headless: bool = False
    notes: tuple[str, ...] = ()


def load(path: str, fields: Sequence[str] = ()) -> LabelFile:
    """Read a file of labels, plain or packed, or standard input for ``-``. ``fields`` are columns that were named. Raises `InputError`."""
    data = _bytes(path)
    for start, kind in _KINDS:
        if data.startswith(start):
            raise InputError(f"{kind}, no labels as text", path=path, hint="save the labels as CSV or JSON Lines")
    text = _decoded(data, path)
    name = path.lower().removesuffix(".gz").removesuffix(".zst")
    if not text.strip() or text.lstrip().startswith(("{", "[")) or name.endswith((".json", ".jsonl", ".ndjson")):
        return LabelFile(_objects(text.encode(), path))
    if _MARKUP.match(text):
        raise InputError("markup (HTML or XML), no labels", path=path, hint="give the labels as CSV or JSON Lines")
    return _table(text, name, path, fields)


def _bytes(path: str) -> bytes:
    parts, size = [], 0
    with open_source(path) as stream:
        while size <= MOST and (part := stream.read(_STEP)):
            parts.append(part)
            size += len(part)
    if size > MOST:
        raise InputError(f"labels of more than {MOST:,} bytes", path=path, hint="take fewer")
    return b"".join(parts)


def _decoded(data: bytes, path: str) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16") if wide else data.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        line = None if wide else data.count(b"\n", 0, error.start) + 1
        raise InputError(f"not utf-8 at byte {error.start}", path=path, line=line, hint="convert the file to UTF-8") from error
    if "\0" in text:
        raise InputError("a NUL character: no text", path=path, hint="give the labels as CSV or JSON Lines")
    return text


def _objects(data: bytes, path: str) -> list[tuple[int | None, Any]]:
    """Return the values of a file with their lines: of JSONL each, of JSON the one that it holds, of an array its elements."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    try:
        found = [(None if len(lines) > 1 else 1, parse_json(data, path, None))] if lines else []
    except InputError:
        found = [(number, parse_json(line, path, number)) for number, line in lines]
    whole = len(found) == 1 and isinstance(found[0][1], list) and not _is_ids(found[0][1])
    return [(None, each) for each in found[0][1]] if whole else found


def _is_ids(value: list[Any]) -> bool:
    """Tell whether a list is one list of ids, no array of labels."""
    return len(value) > 1 and all(isinstance(each, str) for each in value)


def _table(text: str, name: str, path: str, fields: Sequence[str]) -> LabelFile:
    separator = _separator(text, name, path)
    rows = _rows(text, separator, path)
    if not rows:
        return LabelFile([], True)
    first = [cell.strip() for cell in rows[0][1]]
    trimmed = [(line, _trimmed(row)) for line, row in rows]
    notes = [] if separator == "," or (separator == "\t" and name.endswith(".tsv")) else [f"separated by {_SEPARATORS[separator]}"]
    ragged = len({len(row) for _, row in trimmed}) > 1
    headed = (
        any(map(is_known, first))
        or any(each and not each.startswith("column ") for each in fields)
        or (not ragged and _is_header(first, [row for _, row in rows[1:]], path))
    )
    if not headed and ragged:
        return LabelFile([(line, row) for line, row in trimmed if row], True, True, (*notes, "each line is a list of ids that are alike"))
    if len(first) < 2:
        hint = "give two columns of ids, separated by commas, tabs, semicolons or vertical bars"
        raise InputError(f"one column ({first[0][:40]!r}), where labels need two or more", path=path, line=rows[0][0], hint=hint)
    if headed:
        _refuse_repeated(first, path, rows[0][0])
        names, rows = first, rows[1:]
    else:
        names = [f"column {number}" for number in range(1, len(first) + 1)]
        notes.append(f"no line of column names: the first line, {','.join(first)[:60]}, is taken for labels")
    for line, row in rows:
        if len(row) != len(names):
            raise InputError(
                f"{len(row)} cells in a row of {len(names)} columns", path=path, line=line, hint="check the quotes of that row"
            )
    return LabelFile([(line, dict(zip(names, row, strict=True))) for line, row in rows], True, not headed, tuple(notes))


def _rows(text: str, separator: str, path: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    found, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"broken CSV ({error})", path=path, line=line, hint="check the quotes of that row") from error
    return found


def _trimmed(row: list[str]) -> list[str]:
    """Return the cells without empty ones at the end, which a spreadsheet adds."""
    size = len(row)
    while size and not row[size - 1].strip():
        size -= 1
    return [cell.strip() for cell in row[:size]]


def _separator(text: str, name: str, path: str) -> str:
    """Return the separator of a table: that which cuts its first rows alike; else that which the name says."""
    sample = text[: 1 << 16]
    tried = {separator: _some_rows(sample, separator) for separator in _SEPARATORS}
    even = [each for each, rows in tried.items() if rows and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1]
    if not even:
        return max(tried, key=lambda each: sum(len(row) > 1 for row in tried[each]))
    known = {each: sum(map(is_known, tried[each][0])) + 2 * len(side_pairs(tried[each][0])) for each in even}
    best = [each for each in even if known[each] == max(known.values())]
    if len(best) == 1:
        return best[0]
    named = "\t" if name.endswith(".tsv") else "," if name.endswith(".csv") else ""
    if named in best:
        return named
    said = " or by ".join(_SEPARATORS[each] for each in best)
    raise InputError(f"may be separated by {said}", path=path, hint="put a line of column names first, like id1,id2,duplicate")


def _some_rows(sample: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if any(cell.strip() for cell in row):
                found.append(row)
            if len(found) > _LOOKED_AT:
                break
    except csv.Error:
        return []
    # The last row of a sample may be cut.
    return found[:-1] if len(found) > 1 and (len(found) > _LOOKED_AT or len(sample) == 1 << 16) else found


def shape_of(cell: str) -> str:
    """Return the form of an id: letters as ``x``, digits as ``9``, each run once."""
    return re.sub(r"9+", "9", re.sub(r"[^\W\d_]+", "x", re.sub(r"\d+", "9", cell.strip())))


def _is_header(first: Sequence[str], rows: Sequence[Sequence[str]], path: str) -> bool:
    """Tell whether a first row names the columns. Raises `InputError` where it may be a pair of ids as well."""
    if all(re.fullmatch(r"[\d.,+-]*", cell) for cell in first):
        return False
    if len(first) == 1:
        return True
    cells = {cell.strip() for row in rows for cell in row}
    if any(cell in cells for cell in first[:2]):
        return False
    if any(kind != "other" or not {*stem} - _THINGS for _, _, kind, stem in side_pairs(first)):
        return True
    shapes = [{shape_of(row[at]) for row in rows if len(row) > at} for at in (0, 1)]
    if rows and any(shape_of(cell) in shape for cell, shape in zip(first, shapes, strict=False)):
        said = f"the first line, {','.join(first)[:60]!r}, may be labels or the names of columns"
        raise InputError(said, path=path, line=1, hint="put a line of column names before it, like id1,id2 or id1,id2,duplicate")
    return True


def _refuse_repeated(names: Sequence[str], path: str, line: int) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError(f"two columns are called {name!r}", path=path, line=line, hint="rename one of them")
