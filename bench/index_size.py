"""The size of an index, for the programs beside this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def bytes_of(index: str) -> int:
    """Return what the files of an index take, without its log, and without runs that were merged: their files stay for a minute, for who
    reads them."""
    with closing(sqlite3.connect(index)) as connection:
        ((runs,),) = connection.execute("select coalesce(sum(size), 0) from runs where not length(data)").fetchall()
    return Path(index).stat().st_size + runs
