"""Stars: duplicate pairs are cut into clusters in which every member is a verified duplicate of the canonical one, without chains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..arrays.ragged import Array
from ..model import Cluster, Relation

ROUND_UP = 0.25
"""A text is a round-up for another one that it holds, and that is less than this share of it."""


def components(total: int, left: Array, right: Array) -> Array:
    """Return for each of ``total`` rows the smallest row that pairs connect it with, int64: the connected components.

    Union by minimum label until nothing changes (label propagation with pointer jumping).

    >>> components(5, np.array([0, 3]), np.array([4, 4])).tolist()
    [0, 1, 2, 0, 0]
    """
    labels = np.arange(total)
    while True:
        lowest = np.minimum(labels[left], labels[right])
        changed = labels.copy()
        for side in (left, right):
            np.minimum.at(changed, labels[side], lowest)
        while (changed != changed[changed]).any():
            changed = changed[changed]
        if (changed == labels).all():
            return labels
        labels = changed


def stars(ranked: Iterable[tuple[int, Iterable[int]]]) -> Iterator[list[int]]:
    """Cut linked rows into stars: the best row with the rows linked to it, then the same with the rest. A star may have one member.

    ``ranked`` has the rows in order of preference, each with the rows linked to it. The first row of a star is the canonical one. The
    canonical rows are the lexicographically first maximal independent set of the links. Every other row is in the star of the best
    canonical row that it is linked to.

    >>> [*stars([(2, [1]), (1, [0, 2]), (0, [1])])]
    [[2, 1], [0]]
    """
    taken: set[int] = set()
    for canonical, linked in ranked:
        if canonical not in taken:
            star = [canonical, *(row for row in linked if row not in taken)]
            taken.update(star)
            yield star


def in_round_up(relation: Relation, containment_a: float, containment_b: float) -> bool:
    """Tell whether one of two duplicates is a round-up that holds the other: that puts them into no cluster.

    A round-up holds its items, but that makes these no duplicates of each other.

    >>> in_round_up(Relation.CONTAINS, 0.1, 0.9), in_round_up(Relation.CONTAINS, 0.4, 0.9), in_round_up(Relation.REVISION, 0.1, 0.2)
    (True, False, False)
    """
    return relation in (Relation.CONTAINS, Relation.CONTAINED_IN) and min(containment_a, containment_b) < ROUND_UP


def cluster_name(member: str) -> str:
    """Return the id of the cluster that is named after this member."""
    return f"c{hashlib.sha256(member.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def make_cluster(ids: Sequence[str], weakest: float = 1.0) -> Cluster:
    """Return the cluster of these ids, of which the first is canonical, with its weakest link. Its id is made from the smallest id.

    >>> make_cluster(["b", "a"]).canonical, make_cluster(["b", "a"]).id == make_cluster(["c", "a"]).id
    ('b', True)
    """
    return Cluster(cluster_name(min(ids)), ids[0], tuple(sorted(ids)), weakest)
