"""Candidates on Spark: the keys of sketches are gathered into buckets, and the rows of a bucket become pairs, as in `dedup.candidates`.

There are two shuffles, of blocks: of the keys of all rows, so that each bucket is in one place, and of the pairs of all buckets, so that
all that is found for a row is in one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..arrays.buckets import LOWER, Enough, bucket_sizes, halves, keep_strongest, neighbours, pair_codes
from ..arrays.ragged import Array, Ragged, equal_runs, sorted_unique
from ..candidates.fingerprints import FEW
from ..candidates.lsh import row_bits
from ..clusters.constraints import restricts
from ..config import Config
from ..sketch.winnowing import wide_fingerprints
from .arrow import Batches, batch_of, numbers, rows_of
from .blocks import BLOCK, blocks, in_partitions, labels_in, places_of, shelves, unpacked_columns
from .numbering import Numbering

_ROOM = 1 << 21  # pairs that are gathered before they are sent
_MOST_BITS = 24  # the most bits that are cut from the key of a band
_WIDE_FROM = 10**8  # compared rows from which fingerprints of 32 bits are often alike by chance
_UPPER = np.uint64(32)
NONE = -1
"""In the place of the other row: the row is overfull."""
RECURRING = -2
"""In the place of the other row: in the place of the row is how many fingerprints of rows recur."""

LSH, FINGERPRINT, SHORT, COPY = range(4)
CHANNELS = {"lsh": LSH, "fingerprint": FINGERPRINT, "short": SHORT}
_SIZES = -1  # a kind of block: the numbers of fingerprints of rows, before the channels
_OVERFULL = 4  # added to a channel: its overfull rows
_RECUR = 8  # how many fingerprints of rows recur
CANDIDATE = "left long, right long, channels int"
"""A pair of rows, the smaller one as ``left``, and the channels that propose it, as bits; or an overfull row and -1."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How candidates are searched: by these settings, numbers of rows, and labels of partitions."""

    config: Config
    numbering: Numbering
    labels: Array

    @property
    def wide(self) -> bool:
        """Whether fingerprints have 64 bits."""
        return self.numbering.compared > _WIDE_FROM

    def key_type(self, kind: int) -> str:
        """Return the type of the keys of a channel."""
        return "<u4" if kind == FINGERPRINT and not self.wide else "<u8"


def _keys(batches: Batches, plan: Plan) -> Batches:
    """Yield the keys of all channels, with the rows that have them."""
    labels, numbering = plan.labels, plan.numbering
    cut = {LSH: min(row_bits(numbering.compared), _MOST_BITS), SHORT: min(row_bits(numbering.short), _MOST_BITS)}
    for batch in batches:
        rows = numbering.dense(numbers(batch, "row"))
        compared = np.flatnonzero(numbers(batch, "compared", bool))
        for kind, name in ((LSH, "bands"), (SHORT, "word_bands")):
            keys = rows_of(batch, name, "<u8").take(compared)
            values = keys.values >> np.uint64(cut[kind])
            yield from blocks(kind, places_of(values, labels), [values, rows[compared[keys.owners()]]], labels)
        yield from _prints(_fingerprints(batch, plan).take(compared), rows[compared], numbers(batch, "counted", bool)[compared], labels)
        if restricts(plan.config):
            copied = np.asarray(batch.column("alike").is_valid())
            alike = numbering.dense(numbers(batch, "alike")[copied]).astype(np.uint64)
            yield from blocks(COPY, places_of(alike, labels), [alike, rows[copied]], labels)


def _fingerprints(batch: Any, plan: Plan) -> Ragged:
    if not plan.wide:
        return rows_of(batch, "prints", "<u4")
    return wide_fingerprints(rows_of(batch, "prints", "<u4"), plan.config.fingerprint_words, plan.config.fingerprint_window)


def _prints(prints: Ragged, rows: Array, counted: Array, labels: Array) -> Batches:
    """Yield fingerprints, and with those that go to one shelf the numbers of fingerprints of their rows, negative if they do not count."""
    owners, places = prints.owners(), places_of(prints.values, labels)
    yield from blocks(FINGERPRINT, places, [prints.values, rows[owners]], labels)
    shelf, owner = halves(sorted_unique(pair_codes(places, owners)))
    sizes = np.where(counted, prints.lengths, -prints.lengths).astype("<i4")
    yield from blocks(_SIZES, shelf, [rows[owner], sizes[owner]], labels)


def in_buckets(keys: Array, rows: Array) -> Array:
    """Return the members of buckets of several members, sorted: the key, or the number of the bucket, in the upper half, the row below.

    >>> [side.tolist() for side in halves(in_buckets(np.array([7, 5, 7], np.uint32), np.array([1, 2, 0], np.uint32)))]
    [[7, 7], [0, 1]]
    """
    narrow = keys.dtype == np.uint32
    order = None if narrow else np.argsort(keys)
    ordered = np.sort(pair_codes(keys, rows)) if order is None else keys[order]
    same = (ordered[1:] >> _UPPER) == (ordered[:-1] >> _UPPER) if narrow else ordered[1:] == ordered[:-1]
    edge = np.zeros(min(1, len(ordered)), bool)
    several = np.concatenate((edge, same)) | np.concatenate((same, edge))
    if order is None:
        members: Array = ordered[several]
        return members
    numbers = np.cumsum(~np.concatenate((edge, same))[several])
    return np.sort(pair_codes(numbers, rows[order[several]]))


class _Sizes:
    """The numbers of fingerprints of rows, negative where they do not count as texts."""

    def __init__(self) -> None:
        self._codes, self._new = np.zeros(0, np.uint64), list[Array]()

    def add(self, rows: Array, sizes: Array) -> None:
        """Take more rows, which may be known."""
        self._new.append(pair_codes(rows, sizes.view(np.uint32)))

    def of(self, rows: Array) -> Array:
        """Return the numbers of these rows, int32; all must be known."""
        if self._new:
            self._codes, self._new = sorted_unique(np.concatenate([self._codes, *self._new])), []
        known, sizes = (self._codes >> _UPPER).astype(np.int64), self._codes.astype(np.uint32).view(np.int32)
        if not len(rows):
            return sizes[:0]
        if known[-1] < 8 * len(known) + (1 << 20):  # an array with a place for each row is faster than a search
            table = np.zeros(int(known[-1]) + 1, np.int32)
            table[known] = sizes
            return table[rows]
        return sizes[np.searchsorted(known, rows)]


def _pairs(batches: Batches, plan: Plan) -> Batches:
    """Yield the pairs of rows in one bucket, with in how many buckets they are, and the rows of overfull buckets."""
    sizes, waiting, count = _Sizes(), dict[int, list[Array]](), 0
    for shelf in shelves(batches):
        for kind, data in shelf:
            if kind == _SIZES:
                sizes.add(*unpacked_columns(data, "<u4", "<i4"))
                continue
            members = in_buckets(*unpacked_columns(data, plan.key_type(kind), "<u4"))
            if kind == FINGERPRINT:
                members, recurring = _distinctive(members, sizes, plan.config)
                yield from _sent(_RECUR, np.full(min(1, recurring), recurring, np.uint64), sizes, plan)
            for codes in _bucket_pairs(kind, members, plan.config.bucket_limit, waiting):
                waiting.setdefault(kind, []).append(codes)
                count += len(codes)
                if count >= _ROOM:
                    yield from _all_sent(waiting, sizes, plan)
                    waiting.clear()
                    count = 0
    yield from _all_sent(waiting, sizes, plan)


def _distinctive(members: Array, sizes: _Sizes, config: Config) -> tuple[Array, int]:
    """Return the members of buckets of distinctive fingerprints, and how many members the others have."""
    starts, lengths = equal_runs(members >> _UPPER)
    if restricts(config) and len(starts):
        counted = np.add.reduceat(sizes.of((members & LOWER).astype(np.int64)) > 0, starts, dtype=np.int64)
    else:
        counted = lengths
    recurs = np.repeat(counted > config.recurrence, lengths)
    return members[~recurs], int(np.count_nonzero(recurs))


def _bucket_pairs(kind: int, members: Array, limit: int, waiting: dict[int, list[Array]]) -> Iterator[Array]:
    keys, rows = members >> _UPPER, members & LOWER
    count = bucket_sizes(keys)
    waiting.setdefault(kind + _OVERFULL, []).append(sorted_unique(rows[count > limit]) << _UPPER)
    for one, other in neighbours(keys, count, limit):
        codes = (rows[one] << _UPPER) | rows[other]
        yield codes[rows[one] != rows[other]]  # two keys of one row may be equal


def _all_sent(waiting: dict[int, list[Array]], sizes: _Sizes, plan: Plan) -> Batches:
    for kind, gathered in waiting.items():
        yield from _sent(kind, np.concatenate(gathered), sizes, plan)


def _sent(kind: int, codes: Array, sizes: _Sizes, plan: Plan) -> Batches:
    codes.sort()
    starts, shared = equal_runs(codes)
    codes = codes[starts]
    left, right = halves(codes)
    least = np.minimum(abs(sizes.of(left)), abs(sizes.of(right))) if kind == FINGERPRINT else np.zeros(len(codes), np.int32)
    yield from blocks(kind, places_of(left, plan.labels), [codes, shared.astype("<i4"), least], plan.labels)


def _kept(batches: Batches, plan: Plan) -> Batches:
    """Yield the pairs that share enough keys, each once, and the overfull rows, as `CANDIDATE`."""
    for shelf in shelves(batches):
        pairs, overfull, recurring = list[tuple[Array, int]](), list[tuple[Array, int]](), 0
        for kind, data in shelf:
            codes, shared, least = unpacked_columns(data, "<u8", "<i4", "<i4")
            if kind == _RECUR:
                recurring += int(codes.sum())
            elif kind >= _OVERFULL:
                overfull.append((sorted_unique(codes), 1 << (kind - _OVERFULL)))
            else:
                kept, too_many = _strongest(kind, codes, shared, least, plan.config)
                pairs.append((kept, 1 << kind))
                overfull.append((too_many.astype(np.uint64) << _UPPER, 1 << kind))
        (codes, channels), (over, by) = _by_channel(pairs), _by_channel(overfull)
        left, right = halves(codes)
        more = np.array([recurring] if recurring else [], np.int64)
        sparse = plan.numbering.sparse
        yield batch_of(
            left=np.concatenate((sparse(left), sparse(halves(over)[0]), more)),
            right=np.concatenate((sparse(right), np.full(len(over), NONE), np.full(len(more), RECURRING))),
            channels=np.concatenate((channels, by, more * 0)).astype(np.int32),
        )


def _strongest(kind: int, codes: Array, shared: Array, least: Array, config: Config) -> tuple[Array, Array]:
    """Return the pairs that a channel proposes, sorted, and the rows that it finds overfull."""
    order = np.argsort(codes, kind="stable")
    starts, _ = equal_runs(codes[order])
    shared = np.add.reduceat(shared[order], starts, dtype=np.int64) if len(starts) else shared
    codes, least = codes[order[starts]], least[order[starts]]
    few, share = (FEW, config.fingerprint_share) if kind == FINGERPRINT else (1, 0.0)
    kept, too_many = keep_strongest(*halves(codes), shared, least, Enough(np.zeros(0, np.int64), few, share, config.bucket_limit))
    return codes[kept], too_many


def _by_channel(found: Sequence[tuple[Array, int]]) -> tuple[Array, Array]:
    """Return the codes of all channels, sorted, each once, and for each the bits of its channels."""
    codes = np.concatenate([np.zeros(0, np.uint64), *(each for each, _ in found)])
    bits = np.concatenate([np.zeros(0, np.int64), *(np.full(len(each), bit) for each, bit in found)])
    order = np.argsort(codes, kind="stable")
    starts, _ = equal_runs(codes[order])
    return codes[order[starts]], np.bitwise_or.reduceat(bits[order], starts) if len(starts) else bits


def candidate_pairs(sketches: DataFrame, rows: DataFrame, numbering: Numbering, config: Config) -> DataFrame:
    """Return the candidates of all channels, as `CANDIDATE`, each once.

    If constraints forbid some matches, the pairs of exact copies are candidates too.
    """
    plan = Plan(config, numbering, labels_in(sketches.sparkSession))
    kept = rows.where("compared or alike is not null" if restricts(config) else "compared")
    prints = F.col("words" if plan.wide else "prints").alias("prints")
    keyed = sketches.select("seq", "bands", "word_bands", prints).join(kept.select("seq", "row", "alike", "compared", "counted"), "seq")
    paired = in_partitions(keyed.drop("seq").mapInArrow(lambda batches: _keys(batches, plan), BLOCK))
    gathered = in_partitions(paired.mapInArrow(lambda batches: _pairs(batches, plan), BLOCK))
    return gathered.mapInArrow(lambda batches: _kept(batches, plan), CANDIDATE)


def channel_counts(found: DataFrame) -> dict[str, int]:
    """Return the numbers of candidates of each channel and of all three, of recurring fingerprints, and of overfull rows."""
    pair, three = F.col("right") >= 0, F.col("channels").bitwiseAND(sum(1 << kind for kind in CHANNELS.values())) > 0
    counts = {name: F.count_if(pair & (F.col("channels").bitwiseAND(1 << kind) > 0)) for name, kind in CHANNELS.items()}
    counts["either"] = F.count_if(pair & three)
    counts["fingerprints_recurring"] = F.coalesce(F.sum(F.when(F.col("right") == RECURRING, F.col("left"))), F.lit(0))
    counts["texts_too_common"] = F.count_if((F.col("right") == NONE) & three)
    return dict(found.agg(*(count.alias(name) for name, count in counts.items())).collect()[0].asDict())
