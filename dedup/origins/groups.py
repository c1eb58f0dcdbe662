"""Groups: texts that share an origin, by the probabilities of their pairs."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array

LIMIT = 0.5
"""Smallest mean probability between two groups that are one."""
_GONE = -1.0  # in the place of a mean: of a row and itself, or of one that is part of another


def group(probabilities: Array, sizes: Array) -> list[list[int]]:
    """Return the rows in groups: the two groups with the largest mean probability between their members become one, as long as that is at
    least `LIMIT` (average linkage: Sokal and Michener 1958, UPGMA).

    ``probabilities`` is symmetric, float64; row ``i`` stands for ``sizes[i]`` texts. Of equal means the first rows come first. A group is
    sorted, and so are the groups.

    >>> group(np.array([[1, 0.9, 0.2], [0.9, 1, 0.6], [0.2, 0.6, 1]]), np.ones(3))
    [[0, 1], [2]]
    """
    means = probabilities.astype(np.float64)
    np.fill_diagonal(means, _GONE)
    weights = sizes.astype(np.float64)
    members = {row: [row] for row in range(len(means))}
    nearest, best = means.argmax(axis=1), means.max(axis=1, initial=_GONE)
    while len(members) > 1:
        one = int(best.argmax())
        if best[one] < LIMIT:
            break
        one, other = sorted((one, int(nearest[one])))
        joined = (weights[one] * means[one] + weights[other] * means[other]) / (weights[one] + weights[other])
        joined[(means[one] < 0) | (means[other] < 0)] = _GONE
        means[one], means[:, one] = joined, joined
        means[other], means[:, other] = _GONE, _GONE
        weights[one] += weights[other]
        members[one] = sorted(members[one] + members.pop(other))
        best[other] = _GONE
        # The others keep what is nearest to them, but where that was one of the two, or the two together are nearer now.
        lost = np.flatnonzero(np.isin(nearest, (one, other)) & (best > _GONE))
        nearer = np.flatnonzero((joined > best) | ((joined == best) & (one < nearest) & (best > _GONE)))
        nearest[nearer], best[nearer] = one, joined[nearer]
        for row in {one, *lost.tolist()}:
            nearest[row], best[row] = means[row].argmax(), means[row].max()
    return sorted(members.values())
