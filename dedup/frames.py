"""Rows of values as a table of pandas or pyarrow, which are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .about import ABOUT
from .errors import EngineError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Kind = Literal["string", "number", "count", "flag"]
"""What a column holds: text, a number with a fraction, a whole number, true or false. Each may be missing."""
TableOf = Literal["matches", "clusters"]
"""What a table of a `Result` has a row for: each match, or each member of a cluster."""
COLUMNS: Mapping[TableOf, Mapping[str, Kind]] = {
    "matches": {
        "a": "string",
        "b": "string",
        "relation": "string",
        "jaccard": "number",
        "containment_a": "number",
        "containment_b": "number",
        "similarity": "number",
        "probability": "number",
        "a_heading": "string",
        "b_heading": "string",
        "a_line": "count",
        "b_line": "count",
        **{f"{side}_{name}": "string" for name in ABOUT for side in "ab"},
    },
    "clusters": {"id": "string", "cluster": "string", "canonical": "string", "weakest": "number", **dict.fromkeys(ABOUT, "string")},
}
"""The columns of each table of a `Result`, in their order."""
TEXT_ORIGIN: Mapping[str, Kind] = {
    "story": "string",
    "group": "count",
    "first": "flag",
    "carries": "string",
    "own": "number",
    "independent_origins": "count",
}
"""What is told of the origin of one text, in the order of columns."""
ORIGIN_COLUMNS: Mapping[str, Kind] = {
    "id": "string",
    "story": "string",
    "group": "count",
    "first": "flag",
    "carries": "string",
    "probability": "number",
    "own": "number",
    "quoted": "number",
    "independent_origins": "count",
    "texts": "count",
    **dict.fromkeys(ABOUT, "string"),
}
"""The columns of the table of `Origins`, in their order."""
_PANDAS: Mapping[Kind, str] = {"string": "object", "number": "float64", "count": "Int64", "flag": "boolean"}
_ARROW: Mapping[Kind, str] = {"string": "string", "number": "float64", "count": "int64", "flag": "bool"}


class TextOrigins(Protocol):
    """What a result asks the origins of its texts, `dedup.Origins`, for."""

    def of_text(self, name: str) -> dict[str, Any]:
        """Return the values of `TEXT_ORIGIN` for a text, by their names; nothing for one that is in no story."""

    def to_dict(self) -> dict[str, Any]:
        """Return all stories as plain values for JSON."""


def result_columns(of: TableOf, *, origins: bool = False) -> Mapping[str, Kind]:
    """Return the columns of a table of a `Result`; that of clusters has those of `TEXT_ORIGIN` as well where it has ``origins``.

    >>> [*result_columns("clusters", origins=True)][4:]
    ['title', 'source', 'time', 'url', 'story', 'group', 'first', 'carries', 'own', 'independent_origins']
    """
    return {**COLUMNS[of], **(TEXT_ORIGIN if origins and of == "clusters" else {})}


def pandas_table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Kind]) -> pd.DataFrame:
    """Return rows as a table of pandas with these columns, also where there are no rows. Raises `EngineError` without pandas."""
    pandas = _library("pandas")
    values = _values(rows, columns)
    return pandas.DataFrame({name: pandas.Series(values[name], dtype=_PANDAS[kind]) for name, kind in columns.items()})


def arrow_table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Kind]) -> pa.Table:
    """Return rows as a table of pyarrow with these columns, also where there are no rows. Raises `EngineError` without pyarrow."""
    arrow = _library("pyarrow")
    values = _values(rows, columns)
    types = {name: arrow.type_for_alias(_ARROW[kind]) for name, kind in columns.items()}
    return arrow.table({name: arrow.array(values[name], kind) for name, kind in types.items()})


def _values(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, values in found.items():
            values.append(row.get(name))
    return found


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise EngineError(f"{name} is not installed, which this table is made with: pip install {name}") from error
