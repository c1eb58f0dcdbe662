"""What all texts of a story share, counted for all pairs of them at once."""

from __future__ import annotations

import numpy as np

from ..arrays.ragged import Array, Ragged, is_among, sorted_unique

_OFTEN = 1 << 8  # pairs of rows with one value beyond which a product of matrices is faster than counting them one by one
_BLOCK = 1 << 11  # values of one product


def common_counts(one: Ragged, other: Ragged) -> Array:
    """Return for each row of ``one`` and each of ``other`` the number of common values, int64 of shape ``(len(one), len(other))``.

    Rows are sets: no value is twice in one.

    >>> rows = Ragged(np.array([1, 2, 3, 2, 3, 4], np.uint64), np.array([0, 3, 6]))
    >>> common_counts(rows, rows).tolist()
    [[3, 2], [2, 3]]
    """
    values = sorted_unique(one.values)
    if other is not one:
        values = values[is_among(values, sorted_unique(other.values))]
    sides = [_by_value(each, values) for each in (one, other)]
    (owners, starts), (other_owners, other_starts) = sides
    sizes, other_sizes = np.diff(starts), np.diff(other_starts)
    often = sizes * other_sizes > _OFTEN
    rare = np.flatnonzero(~often)
    pairs = sizes[rare] * other_sizes[rare]
    place = np.arange(int(pairs.sum())) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    across = np.repeat(other_sizes[rare], pairs)
    left = owners[np.repeat(starts[:-1][rare], pairs) + place // np.maximum(1, across)]
    right = other_owners[np.repeat(other_starts[:-1][rare], pairs) + place % np.maximum(1, across)]
    found = np.bincount(left * len(other) + right, minlength=len(one) * len(other)).reshape(len(one), len(other))
    common = np.flatnonzero(often)
    for start in range(0, len(common), _BLOCK):
        chosen = common[start : start + _BLOCK]
        dense = [_dense(*side, chosen, len(rows)) for side, rows in zip(sides, (one, other), strict=True)]
        found += np.rint(dense[0] @ dense[1].T).astype(np.int64)
    return found


def _by_value(rows: Ragged, values: Array) -> tuple[Array, Array]:
    """Return the rows that have these sorted values, value by value, and where those of each value begin."""
    places = np.searchsorted(values, rows.values)
    known = np.flatnonzero(np.append(values, 0)[np.minimum(places, len(values))] == rows.values) if len(values) else np.zeros(0, np.int64)
    known = known[places[known] < len(values)]
    order = known[np.argsort(places[known], kind="stable")]
    return rows.owners()[order], np.searchsorted(places[order], np.arange(len(values) + 1))


def _dense(owners: Array, starts: Array, values: Array, rows: int) -> Array:
    """Return which rows have some values, as a matrix of ones and zeros: sums below 2**24 are exact."""
    found = np.zeros((rows, len(values)), np.float32)
    sizes = starts[values + 1] - starts[values]
    inside = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts[values], sizes)
    found[owners[inside], np.repeat(np.arange(len(values)), sizes)] = 1.0
    return found
