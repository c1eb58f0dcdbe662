"""Clusters from pairs: stars of duplicates around canonical rows, with the copies of all of them, and with what people have said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from ..arrays.ragged import Array, sorted_unique
from ..config import Config
from ..model import Cluster, Segment
from ..verification.relations import RELATIONS, is_duplicate
from .stars import in_round_up, make_cluster, stars
from .verdicts import JudgedGroups, judged_stars


def clusters_of(
    segments: Sequence[Segment],
    pairs: Array,
    copies: Mapping[int, Sequence[int]],
    places: Array,
    config: Config,
    judged: JudgedGroups | None = None,
) -> tuple[Cluster, ...]:
    """Return the clusters: rows around a canonical one, with the copies of all of them. A row is as good as its best copy.

    ``pairs`` are rows that are related, without those that people have parted; ``judged`` is what people have said of rows, None for
    nothing.
    """
    duplicates = pairs[is_duplicate(pairs, config)]
    measured = (duplicates[name].tolist() for name in ("relation", "containment_a", "containment_b"))
    apart = [in_round_up(RELATIONS[relation], *both) for relation, *both in zip(*measured, strict=True)]
    duplicates = duplicates[~np.array(apart, bool)]
    ends = np.concatenate((duplicates["left"], duplicates["right"]))
    order = np.argsort(ends, kind="stable")
    others = np.concatenate((duplicates["right"], duplicates["left"]))[order]
    shares = np.tile(np.maximum(duplicates["containment_a"], duplicates["containment_b"]), 2)[order]
    rows = sorted_unique(ends)
    offsets = np.append(np.searchsorted(ends[order], rows), len(ends))
    links = {row: slice(*bounds) for row, bounds in zip(rows.tolist(), pairwise(offsets.tolist()), strict=True)}

    def place(row: int) -> int:
        found: int = min(places[copy] for copy in copies[row]) if row in copies else places[row]
        return found

    if judged is None:
        groups = [*stars((row, others[links[row]].tolist()) for row in sorted(links, key=place))]
    else:
        groups = [*_judged_groups({row: others[part].tolist() for row, part in links.items()}, place, judged)]
    taken = {row for group in groups for row in group} if judged is not None else links
    groups += [[row] for row in copies if row not in taken]
    clusters = []
    for star in groups:
        first = sorted(copies.get(star[0], star[:1]), key=places.__getitem__)
        ids = [segments[copy].id for copy in [*first, *(copy for row in star[1:] for copy in copies.get(row, [row]))]]
        if len(ids) > 1:
            own = links.get(star[0], slice(0))
            linked = dict(zip(others[own].tolist(), shares[own].tolist(), strict=True))
            clusters.append(make_cluster(ids, min((linked[row] for row in star[1:] if row in linked), default=1.0)))
    return tuple(sorted(clusters, key=lambda cluster: cluster.members))


def _judged_groups(links: Mapping[int, Iterable[int]], place: Callable[[int], int], judged: JudgedGroups) -> Iterator[list[int]]:
    """Yield the rows of each star, the canonical one first, where rows that are joined are one vertex with the links of all."""
    joined = {row: min(judged.group(row), key=place) for row in judged.texts()}
    vertices = {joined.get(row, row) for row in links} | {vertex for row, vertex in joined.items() if len(judged.group(row)) > 1}
    parted = {vertex: {joined[other] for other in judged.parted(vertex)} for vertex in {*joined.values()}}

    def linked(vertex: int) -> set[int]:
        found = (other for row in judged.group(vertex) for other in links.get(row, ()))
        return {joined.get(other, other) for other in found} - {vertex}

    ranked = sorted(vertices, key=place)
    for star in judged_stars(((vertex, linked(vertex)) for vertex in ranked), parted):
        yield [*star[:1], *(row for vertex in star for row in judged.group(vertex) if row != star[0])]
