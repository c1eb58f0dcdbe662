"""Groups: texts that share an origin, by the probabilities of their pairs."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array

LIMIT = 0.5
"""Smallest mean probability between two groups that are one."""


def group(probabilities: Array, sizes: Array) -> list[list[int]]:
    """Return the rows in groups: the two groups with the largest mean probability between their members become one, as long as that is at
    least `LIMIT` (average linkage: Sokal and Michener 1958, UPGMA).

    ``probabilities`` is symmetric, float64; row ``i`` stands for ``sizes[i]`` texts. Of equal means the first rows come first. A group is
    sorted, and so are the groups.

    >>> group(np.array([[1, 0.9, 0.2], [0.9, 1, 0.6], [0.2, 0.6, 1]]), np.ones(3))
    [[0, 1], [2]]
    """
    means = probabilities.astype(np.float64)
    np.fill_diagonal(means, -1.0)
    weights = sizes.astype(np.float64)
    members = {row: [row] for row in range(len(means))}
    nearest, best = means.argmax(axis=1), means.max(axis=1, initial=-1.0)
    while len(members) > 1:
        one = int(best.argmax())
        if best[one] < LIMIT:
            break
        one, other = sorted((one, int(nearest[one])))
        total = weights[one] + weights[other]
        joined = (weights[one] * means[one] + weights[other] * means[other]) / total
        joined[[one, other]] = -1.0
        dead = means[one] < 0
        joined[dead] = -1.0
        means[one], means[:, one] = joined, joined
        means[other], means[:, other] = -1.0, -1.0
        weights[one] = total
        members[one] = sorted(members[one] + members.pop(other))
        best[other] = -1.0
        stale = np.flatnonzero(np.isin(nearest, (one, other)) | (means[one] >= best))
        for row in {*stale.tolist(), one} - {other}:
            nearest[row], best[row] = means[row].argmax(), means[row].max()
    return sorted(members.values())
