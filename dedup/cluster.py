"""Duplicate pairs to clusters: every member is a verified duplicate of the canonical one, no chain of weak links."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

import numpy as np

from .model import Cluster
from .ragged import Array

_CHECKED = 64  # stars of a component before which the best row is compared with all others


def components(total: int, left: Array, right: Array) -> Array:
    """Return for each of ``total`` rows the smallest row that pairs connect it with, int64.

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


Pairs = set[tuple[int, int]]


def stars(components: Iterable[Sequence[int]], links: Mapping[int, Container[int]], check: Callable[[Pairs], None]) -> list[list[int]]:
    """Cut components, each in order of preference, into stars: the best row and its duplicates, then the same with those that are left.

    ``links`` holds the duplicates of each row that are known; ``check`` adds to it those among pairs of a best row and another one, the
    smaller first, so that stars do not hang on which pairs were proposed. After so many stars of one component, what is known is enough.
    In each star the canonical member comes first; one may have no other member.

    >>> links = {0: {1}, 1: {0, 2}, 2: {1}}
    >>> stars([[2, 1, 0]], links, lambda pairs: None)
    [[2, 1], [0]]
    """
    found: list[list[int]] = []
    left, turns = [*components], 0
    while left:
        pairs = {(min(rows[0], row), max(rows[0], row)) for rows in left for row in rows[1:] if row not in links.get(rows[0], ())}
        if pairs and turns < _CHECKED:
            check(pairs)
            turns += 1
        rests = []
        for rows in left:
            canonical, partners = rows[0], links.get(rows[0], ())
            found.append([canonical, *(row for row in rows[1:] if row in partners)])
            rests.append([row for row in rows[1:] if row not in partners])
        left = [rest for rest in rests if rest]
    return found


def make_cluster(ids: Sequence[str], weakest: float = 1.0) -> Cluster:
    """Return the cluster of these ids, the canonical one first, and its weakest link. Its id is made from the smallest member's.

    >>> make_cluster(["b", "a"]).canonical, make_cluster(["b", "a"]).id == make_cluster(["c", "a"]).id
    ('b', True)
    """
    name = hashlib.sha256(min(ids).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return Cluster(f"c{name}", ids[0], tuple(sorted(ids)), weakest)
