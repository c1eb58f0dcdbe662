"""The loops of the engine ``numpy`` over pairs of headlines, see `Kernels`: token by token, for many pairs together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays.hashing import mix64
from ..arrays.ragged import Array, Ragged, is_among, sorted_unique
from .protocol import APART, LINKED, SUBSTITUTED, TokenFacts

_CELLS = 1 << 20  # pairs of tokens that are compared together
_PLACE_BITS = 32  # of the place of a token in a pair


def compare_tokens(rows: Ragged, facts: TokenFacts, left: Array, right: Array, /) -> tuple[Array, Array]:
    """Find what own tokens show."""
    shown, shares = np.empty(len(left), np.uint8), np.empty((len(left), 2))
    for part in _parts(rows, len(left)):
        shown[part], shares[part] = _compared(rows, facts, left[part], right[part])
    return shown, shares


def _parts(rows: Ragged, pairs: int) -> Iterator[slice]:
    step = max(1, _CELLS // max(1, int(rows.lengths.max(initial=0)) ** 2))
    return (slice(start, start + step) for start in range(0, pairs, step))


def _columns(rows: Ragged, chosen: Array) -> tuple[Array, Array]:
    """Return rows as columns, int64, and which of their places are filled."""
    lengths = rows.lengths[chosen]
    filled = np.arange(int(lengths.max(initial=0)))[:, None] < lengths
    columns = np.zeros(filled.shape, np.int64)
    columns.T[filled.T] = rows.take(chosen).values
    return columns, filled


def _compared(rows: Ragged, facts: TokenFacts, left: Array, right: Array) -> tuple[Array, Array]:
    sides = [_columns(rows, side) for side in (left, right)]
    (a, in_a), (b, in_b) = sides
    equal = (a[:, None, :] == b[None, :, :]) & in_a[:, None, :] & in_b[None, :, :]
    counts = equal.sum(1), equal.sum(0)
    own = [inside & (_repeats(row) >= count) for (row, inside), count in zip(sides, counts, strict=True)]
    totals = [np.maximum(1, (facts.weights[row] * inside).sum(0)) for row, inside in sides]
    shares = [(facts.own_weights[row] * each).sum(0) / total for (row, _), each, total in zip(sides, own, totals, strict=True)]
    here, there, pair = np.nonzero(own[0][:, None, :] & own[1][None, :, :])
    shown = np.full(len(left), APART, np.uint8)
    height = min(len(a), len(b))
    differ = (a[:height] != b[:height]) & in_a[:height] & in_b[:height]
    fixed = (counts[0][:height] == 0) & (counts[1][:height] == 0) & (facts.content[a[:height]] & facts.content[b[:height]]).astype(bool)
    replaced = [(facts.weights[row[:height]] * differ).sum(0) / total for (row, _), total in zip(sides, totals, strict=True)]
    alone = (rows.lengths[left] == rows.lengths[right]) & (~differ | fixed).all(0) & (np.minimum(*replaced) > 0)
    shown[alone] = SUBSTITUTED
    shown[pair[_are_linked(facts, a[here, pair], b[there, pair])]] = LINKED
    told = [np.where(shown == SUBSTITUTED, part, whole) * (shown != LINKED) for part, whole in zip(replaced, shares, strict=True)]
    return shown, np.stack((np.minimum(*told), np.maximum(*told)), 1)


def _repeats(columns: Array) -> Array:
    """Return how many equal tokens stand before each one."""
    repeats = np.zeros_like(columns)
    for place in range(1, len(columns)):
        repeats[place] = (columns[:place] == columns[place]).sum(0)
    return repeats


def _are_linked(facts: TokenFacts, one: Array, other: Array) -> Array:
    """Return which tokens are linked to others."""
    tokens = len(facts.weights)
    codes = sorted_unique(one * tokens + other)
    asked, found = np.divmod(codes, max(1, tokens))
    keys, keys_of = facts.keys.take(asked), int(max(facts.keys.values.max(initial=0), facts.found_by.values.max(initial=0))) + 1
    known = facts.found_by.owners() * keys_of + facts.found_by.values
    place = keys.owners()
    linked = _begin_with(facts, asked, found) | _begin_with(facts, found, asked)
    linked[place[is_among(found[place] * keys_of + keys.values, known)]] = True
    return is_among(one * tokens + other, codes[linked])


def _begin_with(facts: TokenFacts, whole: Array, part: Array) -> Array:
    mask: Array = (facts.ranks[part] <= facts.ranks[whole]) & (facts.ranks[whole] < facts.ends[part])
    return mask


def pattern_hashes(rows: Ragged, signatures: Array, left: Array, right: Array, flags: Array, /) -> Array:
    """Hash the patterns of pairs of rows of tokens."""
    parts = [_hashed(rows, signatures, left[part], right[part], flags[part]) for part in _parts(rows, len(left))]
    return np.concatenate([np.zeros((0, 2), np.uint64), *parts])


def _hashed(rows: Ragged, signatures: Array, left: Array, right: Array, flags: Array) -> Array:
    lengths = [rows.lengths[side] for side in (left, right)]
    both, filled = _columns(Ragged.joined((rows.take(left), rows.take(right)), np.uint32), np.arange(2 * len(left)))
    tokens, inside = (np.concatenate(np.split(each, 2, axis=1)) for each in (both, filled))
    height, first = len(both), np.zeros(tokens.shape, np.uint64)
    for place in range(len(tokens) - 1, -1, -1):
        # Places of the second row are counted from the end of the first row.
        at = place if place < height else place - height + lengths[0]
        first = np.where((tokens == tokens[place]) & inside & inside[place], np.broadcast_to(at, len(left)).astype(np.uint64), first)
    hashes = [each.astype(np.uint64) for each in lengths]
    hashes = _added(hashes, hashes[0] << np.uint64(32) | hashes[1])
    for place in range(len(tokens)):
        value = signatures[tokens[place]].astype(np.uint64) << np.uint64(_PLACE_BITS) | first[place]
        added = _added(hashes, value)
        hashes = [np.where(inside[place], new, old) for new, old in zip(added, hashes, strict=True)]
    return np.stack(_added(hashes, flags.astype(np.uint64)), 1)


def _added(hashes: list[Array], value: Array) -> list[Array]:
    return [mix64(hashes[0] ^ value), mix64(hashes[1] + value)]
