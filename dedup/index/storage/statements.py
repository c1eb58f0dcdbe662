"""Statements that are run once for each of some rows."""

from __future__ import annotations

from collections.abc import Iterable


def insert_statement(table: str, columns: Iterable[str], *, anew: bool) -> str:
    """Return the statement that writes a row; where ``anew`` is False one whose key is there is left as it is.

    >>> insert_statement("names", ["name", "seal"], anew=False)
    'insert into names (name, seal) values (?, ?) on conflict do nothing'
    """
    names = [*columns]
    return f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))}){unless_there(anew=anew)}"


def unless_there(*, anew: bool) -> str:
    """Return the end of a statement that writes rows."""
    return "" if anew else " on conflict do nothing"


def update_statement(table: str, columns: Iterable[str]) -> str:
    """Return the statement that writes columns of a row anew, which the last one names.

    >>> update_statement("names", ["seal", "name"])
    'update names set seal = ? where name = ?'
    """
    *names, key = columns
    return f"update {table} set {', '.join(f'{name} = ?' for name in names)} where {key} = ?"


def delete_statement(table: str, columns: Iterable[str]) -> str:
    """Return the statement that deletes what has some values.

    >>> delete_statement("links", ["row", "other"])
    'delete from links where row = ? and other = ?'
    """
    return f"delete from {table} where {' and '.join(f'{name} = ?' for name in columns)}"
