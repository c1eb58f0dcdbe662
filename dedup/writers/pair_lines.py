"""Matches of whole documents as lines of JSON, straight from columns: the lines of `dedup.Match.to_dict`, without an object for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ..arrays.ragged import Array, sorted_unique
from ..matched_pairs import SHARES, MatchedPairs
from ..verification.relations import RELATIONS

_AT_A_TIME = 1 << 12  # lines
_DIGITS = 4  # of a share
_WHOLE = 10**_DIGITS


@lru_cache(maxsize=1)
def _written() -> list[str]:
    """Return the shares that there are, as JSON has them."""
    return [repr(number / _WHOLE) for number in range(_WHOLE + 1)]


def rounded(shares: Array) -> list[str]:
    """Return shares, 0..1, as JSON has them after ``round(share, 4)``.

    >>> rounded(np.array([0.0, 0.12345, 1 / 3, 1.0]))
    ['0.0', '0.1235', '0.3333', '1.0']
    """
    scaled = shares * _WHOLE
    numbers = np.rint(scaled).astype(np.int64)
    # A product is not exact: what is near the middle between two numbers is rounded as a decimal number is.
    for place in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6).tolist():
        numbers[place] = round(round(float(shares[place]), _DIGITS) * _WHOLE)
    written = _written()
    return [*map(written.__getitem__, numbers.tolist())]


def pair_lines(matched: MatchedPairs) -> Iterator[str]:
    """Yield the lines of matches, many together."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    rows = sorted_unique(np.concatenate((matched.a, matched.b))).tolist()
    if any(matched.segments[row].index is not None for row in rows):
        yield from (encode(match.to_dict()) + "\n" for match in matched.matches())
        return
    ids = {row: encode(matched.segments[row].id) for row in rows}
    names = [relation.value for relation in RELATIONS]
    for start in range(0, len(matched), _AT_A_TIME):
        part = slice(start, start + _AT_A_TIME)
        columns = zip(
            matched.a[part].tolist(),
            matched.b[part].tolist(),
            matched.relation[part].tolist(),
            *(rounded(matched.shares[name][part]) for name in SHARES),
            strict=True,
        )
        yield "".join(
            f'{{"a": {ids[a]}, "b": {ids[b]}, "relation": "{names[relation]}", "jaccard": {jaccard}, "containment_a": {in_a}, '
            f'"containment_b": {in_b}, "similarity": {similar}, "probability": {probability}}}\n'
            for a, b, relation, jaccard, in_a, in_b, similar, probability in columns
        )
