"""Precision, recall and F1 of pairs, and how well clusters fit labelled ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and their harmonic mean F1, 0..1; None where there is nothing that could be right, or that could be wrong."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class ClusterFigures:
    """How well clusters fit labelled ones: the figures of all pairs of one cluster, the adjusted Rand index (-1..1), and B-cubed (0..1)."""

    precision: float | None
    recall: float | None
    f1: float | None
    adjusted_rand: float
    b_cubed_precision: float
    b_cubed_recall: float
    b_cubed_f1: float | None


def share_of(part: float, whole: float) -> float | None:
    """Return a part of a whole as a share, None where the whole is nothing."""
    return part / whole if whole else None


def figures_of(right: float, said: float, wanted: float) -> Figures:
    """Return precision, recall and F1 from what was rightly said, all that was said, and all that should have been."""
    return Figures(share_of(right, said), share_of(right, wanted), share_of(2 * right, said + wanted))


def cluster_numbers(clusters: Iterable[Iterable[str]], others: Iterable[str]) -> dict[str, int]:
    """Return the number of each id's cluster; ids without one have one of their own."""
    numbers = {each: number for number, cluster in enumerate(clusters) for each in cluster}
    for each in others:
        numbers.setdefault(each, -len(numbers) - 1)
    return numbers


def cluster_figures(pairs: Figures, ours: Mapping[str, int], theirs: Mapping[str, int], total: int) -> ClusterFigures:
    """Return the figures of pairs with the adjusted Rand index and B-cubed of two clusterings; ids in neither are alone in both."""
    names = theirs.keys()
    cells = Counter((ours.get(name, name), theirs[name]) for name in names)
    rows, columns = Counter(ours.get(name, name) for name in names), Counter(theirs[name] for name in names)
    alone = total - len(names)
    both, one, other = (sum(comb(size, 2) for size in sizes.values()) for sizes in (cells, rows, columns))
    expected, most = one * other / max(1, comb(total, 2)), (one + other) / 2
    precision = (alone + sum(size * size / rows[row] for (row, _), size in cells.items())) / max(1, total)
    recall = (alone + sum(size * size / columns[column] for (_, column), size in cells.items())) / max(1, total)
    rand = (both - expected) / (most - expected) if most != expected else 1.0
    return ClusterFigures(
        pairs.precision, pairs.recall, pairs.f1, rand, precision, recall, share_of(2 * precision * recall, precision + recall)
    )
