"""Sources on Spark: a table, and what makes documents of its rows where they are sketched, so that texts do not travel before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..errors import InputError
from ..model import Document
from .arrow import Batches, batch_of

TEXT = "id string, text string, time string, source string, byline string, segmented boolean, path string, line int, problem string"
"""A text as it was read, or its error as a line, as made by `problem`."""

Found = Iterator[tuple[Document, str | None]]
"""Documents as they are read, or in place of one its error as a line, as made by `problem`."""

_FIELDS = [part.split()[0] for part in TEXT.split(", ")]
_STRINGS = "id", "text", "time", "source", "byline"
_TOGETHER = 512  # texts of a batch


@dataclass(frozen=True, slots=True)
class Source:
    """Where texts come from: a table, and what makes documents of its record batches; and whether some may be cut into segments."""

    table: DataFrame
    documents: Callable[[Batches], Found]
    segmented: bool

    @staticmethod
    def of(texts: DataFrame) -> Source:
        """Return the source of a table with columns of `TEXT`; those that it does not have are null."""
        given = [part.split() for part in TEXT.split(", ")]
        columns = (F.col(name) if name in texts.columns else F.lit(None).cast(kind).alias(name) for name, kind in given)
        return Source(texts.select(*columns), _of_rows, "segmented" in texts.columns)

    def texts(self) -> DataFrame:
        """Return the texts as a table with the columns of `TEXT`."""
        documents = self.documents
        return self.table.mapInArrow(lambda batches: text_batches(documents(batches)), TEXT)


def _of_rows(batches: Batches) -> Found:
    for batch in batches:
        for record in batch.to_pylist():
            try:
                yield row_document(record), None
            except InputError as error:
                yield Document("", ""), problem(error)


def row_document(record: dict[str, Any]) -> Document:
    """Return the document of a row of `TEXT`. Raises `InputError`."""
    name, text, time, source, byline, segmented, path, line, wrong = (record[part] for part in _FIELDS)
    if wrong is not None:
        raise error_of(str(wrong))
    if not name or text is None:
        what = "a record without an id" if not name else f"{name!r} has no text"
        raise InputError(what, path=path, line=line, hint="correct the record, or leave it out")
    return Document(name, text, path, line, bool(segmented), time=time or None, source=source or None, byline=byline or None)


def text_batches(found: Found) -> Batches:
    """Yield record batches with the columns of `TEXT`."""
    for first in found:
        part = [first, *islice(found, _TOGETHER - 1)]
        documents = [document for document, _ in part]
        yield batch_of(
            **{name: pa.array([getattr(each, name) for each in documents], pa.string()) for name in _STRINGS},
            segmented=pa.array([document.segmented for document in documents], pa.bool_()),
            path=pa.array([document.path for document in documents], pa.string()),
            line=pa.array([document.line for document in documents], pa.int32()),
            problem=pa.array([wrong for _, wrong in part], pa.string()),
        )


def problem(error: InputError) -> str:
    """Return an error as a line that can be stored. The first error, by path and line, is the smallest line."""
    return json.dumps([error.path or "", f"{error.line or 0:012}", error.what, error.hint], ensure_ascii=False)


def error_of(line: str) -> InputError:
    """Return the error of a line that `problem` made."""
    path, number, what, hint = json.loads(line)
    return InputError(what, path=path or None, line=int(number) or None, hint=hint)
