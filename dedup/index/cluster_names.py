"""Names of clusters that new rows may found: other ones than those that clusters had before."""

from __future__ import annotations

from collections.abc import Iterable

from ..clusters.stars import cluster_name
from .working_set import WorkingSet


def avoid_used_names(known: WorkingSet, rows: Iterable[int]) -> None:
    """Give the clusters that new rows may found other names than those that clusters had before whose members were removed."""
    natural = {cluster_name(known.graph.rows[row].name): row for row in rows}
    for (name,) in known.store.rows_among("select name from names where name {among}", sorted(natural)) if natural else ():
        row = natural[name]
        known.graph.rows[row].called = cluster_name(f"{known.graph.rows[row].name}\n{row}")
