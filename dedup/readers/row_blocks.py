"""Blocks of rows: columns of Parquet and Arrow as they stand in memory. Rows with anything unusual become documents one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..arrays.ragged import Array
from ..errors import InputError
from ..model import Document
from .blank_texts import blank_texts
from .fields import READ, USUAL, Extractor, extractor, scalar
from .options import Reading
from .record_blocks import ABOUT, COLUMNS, ReadBlock, Told, documents_of_places, plain_columns
from .rows import fields_of_row

_ODD = b"<&\r\0"  # signs of markup, and what is changed in a text or refused
_UNFIT = ValueError, OverflowError, LookupError  # of a value that Python cannot hold; errors of pyarrow are some of these


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file that stand together, a batch of pyarrow, and how many are before them."""

    path: str
    batch: Any
    before: int
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """A column with a field of documents, how its values are read, and whether a row without one is unusual."""

    values: Any
    rank: int
    read: Callable[[Any], str | None]
    is_needed: bool


def read_row_block(rows: Rows, reading: Reading) -> ReadBlock:
    """Read some rows; their texts are not copied."""
    count, made_by = rows.batch.num_rows, extractor(reading, USUAL)
    lines = np.arange(count, dtype=np.int64) + (rows.before + 1)
    try:
        columns = _columns_of(rows.batch, made_by)
        if columns is None:
            raise ValueError("rows that are no columns of texts")
        data, begins, ends, is_odd = _texts_of(columns["text"].values, reading)
        if columns["text"].is_needed and "text" not in made_by.named:
            is_odd |= blank_texts(data, begins, ends)
        said = {name: [*map(each.read, each.values.to_pylist())] for name, each in columns.items() if name != "text"}
    except _UNFIT:
        documents, told = _one_by_one(rows, range(count), reading)
        empty, nowhere = np.zeros(0, np.uint8), np.zeros(count, np.int64)
        return ReadBlock(rows.path, empty, nowhere, nowhere, [""] * count, lines, {}, np.zeros(count, np.uint8), documents, told)
    nothing: list[str | None] = [None] * count
    is_odd |= np.array([status in ("canceled", "withheld") for status in said.pop("status", nothing)], bool)
    for name, values in said.items():
        if columns[name].is_needed:
            is_odd |= np.array([value is None for value in values], bool)
    is_odd |= np.array(["\0" in (value or "") for value in said["id"]], bool)
    if "title" in said:
        said["title"] = [value if value is None else made_by.plain(value) for value in said["title"]]
    documents, told = _one_by_one(rows, np.flatnonzero(is_odd).tolist(), reading)
    about = zip(*(said.get(name, nothing) for name in ABOUT), strict=True)
    known = {row: values for row, values in enumerate(about) if values != (None,) * len(ABOUT)}
    ranks = np.full(count, columns["text"].rank, np.uint8)
    return ReadBlock(rows.path, data, begins, ends, [value or "" for value in said["id"]], lines, known, ranks, documents, told)


def _columns_of(batch: Any, made_by: Extractor) -> dict[str, _Column] | None:
    """Return the columns that have the fields of documents, by the names of these; None where rows have to be read one by one."""
    import pyarrow

    fields = plain_columns(made_by) or {}
    names = batch.schema.names
    found: dict[str, list[tuple[int, int]]] = {}
    for place, name in enumerate(names):
        if name in fields:
            column, rank = fields[name]
            if pyarrow.types.is_nested(batch.schema.types[place]):
                return None
            found.setdefault(COLUMNS[column] if column >= 0 else "status", []).append((rank, place))
    if (
        len({*names}) < len(names)
        or not found.keys() >= {"id", "text", *(made_by.named.keys() & {*COLUMNS})}
        or len(found.get("status", ())) > 1
    ):
        return None
    columns = {}
    for name, places in found.items():
        rank, place = min(places)
        needed = name == "id" or name in made_by.named or len(places) > 1
        columns[name] = _Column(batch.column(place), rank, scalar if name in made_by.named else READ[name], needed)
    return columns


def _texts_of(column: Any, reading: Reading) -> tuple[Array, Array, Array, Array]:
    """Return the bytes of a column of strings, where each begins and ends, and which are unusual. Raises `ValueError` for other columns."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type)):
        raise ValueError("no strings")
    column.validate(full=True)  # that they are UTF-8
    _, offsets, values = column.buffers()
    kind = np.int64 if pyarrow.types.is_large_string(column.type) else np.int32
    cuts = np.frombuffer(offsets, kind)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    data = np.zeros(0, np.uint8) if values is None else np.frombuffer(values, np.uint8)
    begins, ends = cuts[:-1], cuts[1:]
    is_odd = ~column.is_valid().to_numpy(zero_copy_only=False) | (ends - begins > reading.max_chars)
    used = data[cuts[0] : cuts[-1]]
    odd = np.flatnonzero(np.logical_or.reduce([used == sign for sign in _ODD])) + cuts[0]
    is_odd[np.searchsorted(ends, odd, side="right")] = True
    return data, begins, ends, is_odd


def _one_by_one(rows: Rows, places: Iterable[int], reading: Reading) -> tuple[dict[int, Document | InputError], Told]:
    """Return the documents of some rows, the first wrong one as an error, and what is to be told of them."""
    lined = ((place, rows.before + place + 1) for place in places)
    given = ((place, line, partial(fields_of_row, rows.batch, place, rows.path, line)) for place, line in lined)
    return documents_of_places(given, rows.path, reading)
