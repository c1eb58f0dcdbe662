"""Pairs of stored and new rows related, as `dedup.find_duplicates` relates texts, to links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ..arrays.buckets import halves, pair_codes
from ..arrays.ragged import Array, Ragged, numbered
from ..candidates.fingerprints import FEW
from ..config import Config
from ..model import Relation
from ..verification import relations
from ..verification.short_table import ShortTable
from ..verification.verify import relate_pairs
from .links import LinkGraph
from .rows import Link
from .storage.interface import Store
from .storage.postings import Postings
from .storage.recent import Recent
from .words import RowWords, keep_words, read_words

IDENTICAL = relations.RELATIONS.index(Relation.IDENTICAL)
NEAR = 0.25
"""How far the probability of a doubtful pair is from ``config.min_probability``, at most."""
_TOGETHER = 1 << 13  # pairs that are related together
_DOUBT = [("left", "i8"), ("right", "i8"), ("relation", "i8"), ("similarity", "f8"), ("probability", "f8")]


class Texts:
    """The words of rows, and the folded words of short ones, read when they are asked for."""

    def __init__(self, store: Store, config: Config, recent: Recent[RowWords]):
        self._store, self._config, self._recent = store, config, recent
        self.words: dict[int, Array] = {}
        self.short: dict[int, list[str]] = {}

    def load(self, rows: Iterable[int]) -> None:
        """Read the words of rows that are not known yet."""
        missing = sorted({row for row in rows if row not in self.words})
        asked = self._store.rows_among("select row, coalesce(same, row) from segments where row {among}", missing)
        found = {row: kept for _, row in asked if (kept := self._recent.get(row)) is not None}
        read = read_words(self._store, self._config, {row for _, row in asked if row not in found})
        for row, each in read.items():
            found[row] = each
            keep_words(self._recent, row, each.words, each.short)
        for row, original in asked:
            if original in found:
                self.words[row], short = found[original].words, found[original].short
                if short is not None:
                    self.short[row] = short

    def gathered(self, rows: Sequence[int]) -> tuple[Ragged, dict[int, list[str]]]:
        """Return the words of rows, and the folded words of those that are short, by their place among these."""
        parts = [self.words[row] for row in rows]
        words = Ragged(np.concatenate([np.zeros(0, np.uint32), *parts]), np.cumsum([0, *map(len, parts)]))
        return words, {place: self.short[row] for place, row in enumerate(rows) if row in self.short}


class PairVerifier:
    """Relates rows of an index."""

    def __init__(self, store: Store, postings: Postings, graph: LinkGraph, config: Config):
        self._graph, self._config = graph, config
        self.texts = Texts(store, config, postings.recent)
        self._doubts: list[Array] = []

    def doubts(self) -> Iterator[tuple[int, int, int, float, float]]:
        """Yield the doubtful pairs of all that were related, one or several times: both rows, the relation, similarity and probability."""
        for found in self._doubts:
            yield from found.tolist()

    def links(self, codes: Array, fresh: Array, sure: Array, *, duplicates: bool = True) -> Iterator[Link]:
        """Return those of the pairs that are duplicates, or else have any relation.

        ``fresh`` counts the distinctive fingerprints that both have, for those that are not sure; ``sure`` tells which bands propose."""
        if not len(codes):
            return iter(())
        left, right = halves(codes)
        rows, places = numbered(np.concatenate((left, right)))
        self._graph.load(rows.tolist())
        self.texts.load(rows.tolist())
        words, short = self.texts.gathered(rows.tolist())
        pair = places[: len(left)], places[len(left) :]
        parts = []
        for start in range(0, max(1, len(left)), _TOGETHER):  # what is measured of pairs is large
            part = slice(start, start + _TOGETHER)
            among = pair[0][part], pair[1][part]
            related = relate_pairs(words, ShortTable.of(short, *among), among, np.zeros(len(among[0]), bool), self._config)
            self._note_doubts(related, rows)
            parts.append(related[relations.is_duplicate(related, self._config)] if duplicates else related)
        found = np.concatenate(parts)
        one, other = rows[found["left"]], rows[found["right"]]
        order = np.argsort(codes)
        asked = order[np.searchsorted(codes[order], pair_codes(one, other))]
        ends = one.tolist(), other.tolist(), found["relation"].tolist(), fresh[asked].tolist(), sure[asked].tolist()
        measured = (found[name].tolist() for name in ("jaccard", "containment_a", "containment_b", "similarity", "probability"))
        return map(Link, *ends, *measured)

    def _note_doubts(self, related: Array, rows: Array) -> None:
        near = related[np.abs(related["probability"] - self._config.min_probability) <= NEAR]
        if len(near):
            found = near[["left", "right", "relation", "similarity", "probability"]].astype(_DOUBT)
            found["left"], found["right"] = rows[near["left"]], rows[near["right"]]
            self._doubts.append(found)


def enough_shared(count: Any, least: Any, config: Config) -> Any:
    """Tell whether a pair shares enough fingerprints to be proposed, as `fingerprint_candidates` has it; of arrays, which pairs do."""
    return (count > 0) & ((least < FEW) | ((count >= 2) & (count >= config.fingerprint_share * least)))


def turned(link: Link) -> Link:
    """Return a link seen from its other side."""
    relation = relations.RELATIONS.index(relations.RELATIONS[link.relation].mirrored)
    shares = link.jaccard, link.containment_other, link.containment, link.similarity, link.probability
    return Link(link.other, link.row, relation, link.fresh, link.sure, *shares)


def identical(original: int, row: int) -> Link:
    """Return the link of a text to one with the same words."""
    return Link(original, row, IDENTICAL, 0, True, 1.0, 1.0, 1.0, 1.0, 1.0)


def is_duplicate_link(link: Link, config: Config) -> bool:
    """Tell whether a related pair is one of duplicates."""
    return relations.counts_as_duplicate(relations.RELATIONS[link.relation], config)
