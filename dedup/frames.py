"""Rows of values as a table of pandas or pyarrow, which are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from .about import ABOUT
from .errors import EngineError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Kind = Literal["string", "number", "count"]
"""What a column holds: text, a number with a fraction, a whole number. Each may be missing."""
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
_PANDAS: Mapping[Kind, str] = {"string": "object", "number": "float64", "count": "Int64"}
_ARROW: Mapping[Kind, str] = {"string": "string", "number": "float64", "count": "int64"}


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
